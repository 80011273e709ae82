"""The coverage page tells what the code does today."""

from tests import law_coverage


def test_the_page_names_every_sentence_the_code_cites():
    page = law_coverage.page()
    assert [name for name in law_coverage.sentences() if f"| {name} |" not in page] == []


def test_every_branch_and_exclusion_is_told_by_a_story():
    lines = [
        line for line in law_coverage.page().splitlines() if "anhui.branches" in line or "anhui.exclusions" in line
    ]
    assert lines and [line for line in lines if line.endswith("| — |")] == []


def test_every_choice_that_touches_eligibility_has_a_story():
    lines = [line for line in law_coverage.page().splitlines() if line.startswith("| ") and "不影响级别" not in line]
    choices = {subject for subject, entry in law_coverage.law.subjects().items() if "effect" not in entry}
    untold = [line for line in lines if line.split(" | ")[0].removeprefix("| ") in choices and line.endswith("| — |")]
    assert untold == []
