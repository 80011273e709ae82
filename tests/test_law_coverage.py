"""The coverage page tells what the code does today."""

from tests import law_coverage


def test_the_page_is_up_to_date():
    assert law_coverage.PAGE.read_text(encoding="utf-8") == law_coverage.page()


def test_every_choice_that_touches_eligibility_has_a_story():
    lines = [line for line in law_coverage.page().splitlines() if line.startswith("| ") and "不影响级别" not in line]
    choices = {subject for subject, entry in law_coverage.law.subjects().items() if entry.get("effect") != "none"}
    untold = [line for line in lines if line.split(" | ")[0].removeprefix("| ") in choices and line.endswith("| — |")]
    assert untold == []
