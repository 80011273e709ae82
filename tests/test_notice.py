from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from formgen.cli.notice import command
from formgen.household import Case, Union
from formgen.messages import FormgenError
from formgen.model import Decision
from formgen.papers import forms, leaks, notice, publicity
from tests import papers
from tests.drawing import footer, para, save
from tests.readable import words

FORM = next(form for form in forms.load() if form.id == "notice")
SAMPLE = Path(__file__).resolve().parents[1] / "input" / "样例.xlsx"
UNIONS = {papers.UNION.name: papers.UNION}


def entry(case: Case = papers.LI, decision: Decision = papers.LI_DECISION) -> publicity.Entry:
    made = publicity.entry(case, decision)
    assert made is not None
    return made


def posted(*cases: Case, unions: dict[str, Union] = UNIONS) -> str:
    notices, _ = notice.plan([entry(case) for case in cases], unions)
    made, _ = notice.write(FORM, notices, [secret for case in cases for secret in leaks.secrets(case)])
    assert len(made) == 1
    return words(made[0].content)


def test_the_notice_names_the_worker_and_what_note_five_asks_for() -> None:
    printed = posted(papers.LI)
    assert "1李明示例市机械厂患病、子女上学" in printed
    assert "1李明本人（在职）；配偶（在职）；女（在校学生）工资性收入意外致困户，因患病、子女上学致困" in printed


def test_the_notice_names_nobody_else_of_the_family_and_no_school_or_employer_of_theirs() -> None:
    printed = posted(papers.LI)
    assert [text for text in ("王芳", "李小雨", "示例市纺织厂", "示例大学", "36000", "62320") if text in printed] == []


def test_the_notice_runs_for_the_working_days_the_city_asks_for() -> None:
    longer = dataclasses.replace(papers.LI_DECISION, notice_days=7)
    (made,), found = notice.plan([entry(), entry(decision=longer)], UNIONS)
    assert (made.start, made.end, found) == (date(2019, 3, 1), date(2019, 3, 12), ())
    assert made.tags()["公示工作日"] == "7"


def test_a_last_day_short_of_what_the_city_asks_for_is_printed_later_and_told() -> None:
    case = dataclasses.replace(papers.LI, notice_to=date(2019, 3, 8))
    longer = dataclasses.replace(papers.LI_DECISION, notice_days=7)
    (made,), (told,) = notice.plan([entry(case, longer)], UNIONS)
    assert made.end == date(2019, 3, 12)
    assert (told.code, told.values["days"], told.values["given"]) == ("W665", "7", "2019年3月8日")


@pytest.mark.parametrize("tier", ["全总级", "省总级", "市总级"])
def test_every_granted_tier_is_posted(tier: str) -> None:
    assert publicity.entry(papers.LI, dataclasses.replace(papers.LI_DECISION, tier=tier)) is not None


@pytest.mark.parametrize("status", ["human", "insufficient", "blocked", "invalid"])
def test_nothing_is_posted_that_the_rules_alone_do_not_grant(status: str) -> None:
    assert publicity.entry(papers.LI, dataclasses.replace(papers.LI_DECISION, status=status)) is None


def test_a_refused_case_is_never_posted() -> None:
    assert publicity.entry(papers.LI, dataclasses.replace(papers.LI_DECISION, tier="不符合")) is None


def test_an_objection_holds_the_case_back() -> None:
    assert publicity.entry(dataclasses.replace(papers.LI, objection=True), papers.LI_DECISION) is None
    assert publicity.entry(dataclasses.replace(papers.LI, objection=False), papers.LI_DECISION) is not None


def test_homonyms_of_one_employer_are_told_apart_by_the_end_of_their_id() -> None:
    other = dataclasses.replace(papers.LI, case_no="AH-0002", id_number="341100198002020037")
    names = [each.name for each in publicity.told_apart([entry(), entry(other)])]
    assert names == ["李明（尾号15）", "李明（尾号37）"]


def test_homonyms_with_the_same_end_are_numbered() -> None:
    names = [each.name for each in publicity.told_apart([entry(), entry()])]
    assert names == ["李明（尾号15）（1）", "李明（尾号15）（2）"]


def test_the_same_name_at_another_employer_stays_as_it_is() -> None:
    other = dataclasses.replace(papers.LI, employer="示例市水泥厂")
    assert [each.name for each in publicity.told_apart([entry(), entry(other)])] == ["李明", "李明"]


def test_each_union_gets_its_own_notice_in_the_order_of_the_workbook() -> None:
    other = dataclasses.replace(papers.LI, union="甲厂工会")
    notices, _ = notice.plan([entry(), entry(other), entry()], UNIONS)
    assert [(each.union, len(each.entries)) for each in notices] == [("示例市机械厂工会", 2), ("甲厂工会", 1)]


def test_the_start_on_the_command_line_goes_before_the_workbooks() -> None:
    (made,), found = notice.plan([entry()], UNIONS, start=date(2019, 4, 30))
    assert [finding.code for finding in found] == ["I637"]
    assert (made.start, made.end, made.take_down) == (date(2019, 4, 30), date(2019, 5, 9), date(2019, 5, 10))


def test_without_a_start_the_period_is_left_open_and_told() -> None:
    (made,), findings = notice.plan([entry(dataclasses.replace(papers.LI, notice_from=None))], UNIONS)
    assert (made.start, made.end) == (None, None)
    assert [finding.code for finding in findings] == ["W663"]


def test_who_is_posted_later_gets_a_notice_of_their_own_and_the_earlier_one_stays_as_it_was() -> None:
    later = dataclasses.replace(papers.LI, case_no="AH-9", notice_from=date(2019, 3, 25))
    new = dataclasses.replace(papers.LI, case_no="AH-10", notice_from=None)
    made, findings = notice.plan([entry(), entry(later), entry(new), entry()], UNIONS)
    assert [(each.start, len(each.entries)) for each in made] == [
        (None, 1),
        (date(2019, 3, 25), 1),
        (date(2019, 3, 1), 2),
    ]
    assert [finding.code for finding in findings] == ["W663"]
    union = "公示/示例市机械厂工会-公示"
    assert notice.paths(FORM, made) == (f"{union}.docx", f"{union}-2019-03-25.docx", f"{union}-2019-03-01.docx")
    written, _ = notice.write(FORM, made, ())
    assert [paper.path for paper in written] == list(notice.paths(FORM, made))


def test_a_start_on_the_command_line_leaves_a_posting_that_is_over_as_it_was() -> None:
    new = entry(dataclasses.replace(papers.LI, case_no="AH-9", notice_from=None))
    made, _ = notice.plan([entry(), new], UNIONS, start=date(2019, 3, 8))
    assert [(each.start, len(each.entries)) for each in made] == [(date(2019, 3, 8), 2)]
    made, _ = notice.plan([entry(), new], UNIONS, start=date(2019, 3, 11))
    assert [(each.start, each.end, len(each.entries)) for each in made] == [
        (date(2019, 3, 11), date(2019, 3, 18), 1),
        (date(2019, 3, 1), date(2019, 3, 8), 1),
    ]


def test_a_posting_ends_on_its_fifth_working_day_or_on_the_longer_day_entered() -> None:
    assert notice.last_of(entry()) == date(2019, 3, 8)
    assert notice.last_of(entry(dataclasses.replace(papers.LI, notice_to=date(2019, 3, 20)))) == date(2019, 3, 20)
    assert notice.last_of(entry(dataclasses.replace(papers.LI, notice_from=None))) is None


def test_an_end_before_the_fifth_working_day_is_put_right() -> None:
    (made,), findings = notice.plan([entry(dataclasses.replace(papers.LI, notice_to=date(2019, 3, 6)))], UNIONS)
    assert made.end == date(2019, 3, 8)
    assert [finding.code for finding in findings] == ["W665"]


def test_a_longer_period_is_kept() -> None:
    (made,), findings = notice.plan([entry(dataclasses.replace(papers.LI, notice_to=date(2019, 3, 20)))], UNIONS)
    assert made.end == date(2019, 3, 20)
    assert findings == ()


def test_a_union_name_that_no_file_may_bear_is_made_safe() -> None:
    path = FORM.path("A/B:C<工会>")
    assert path.startswith("公示/")
    assert not set('\\:*?"<>|') & set(path)
    assert path.count("/") == 1


def test_the_projection_cannot_see_a_field_that_is_not_published() -> None:
    shown = publicity.project("case", papers.LI)
    assert set(shown) == {"name", "employer", "union", "causes"}
    assert set(publicity.project("member", papers.LI.members[0])) == {"relation", "employment"}
    assert set(publicity.project("income", papers.LI.incomes[0])) == {"kind"}


@pytest.mark.parametrize(
    "kind, text",
    [("id_number", "341100197501010015"), ("phone", "13800000001"), ("card_number", "6222021234567890128")],
)
@pytest.mark.parametrize("written", ["{}", "{} ", "1{}"])
def test_the_gate_finds_numbers_however_they_stand(kind: str, text: str, written: str) -> None:
    gate = leaks.Gate({"a": f"联系 {written.format(text)}"})
    assert [leak.path for leak in gate.find(leaks.secrets(papers.LI))] == ["a"]


def test_the_gate_finds_a_number_written_in_groups_or_in_full_width() -> None:
    gate = leaks.Gate({"a": "６２２２ ０２１２ ３４５６ ７８９０ １２８", "b": "138-0000-0001"})
    assert {leak.path: leak.kind for leak in gate.find(leaks.secrets(papers.LI))} == {"a": "银行卡号", "b": "电话"}


def test_the_gate_finds_a_diagnosis_but_not_the_category() -> None:
    case = dataclasses.replace(papers.LI, cause_note="患病、子女上学", hardship_text="尿毒症透析三年")
    gate = leaks.Gate({"a": "因患病、子女上学致困", "b": "尿毒症透析三年"})
    assert [(leak.path, leak.kind) for leak in gate.find(leaks.secrets(case))] == [("b", "病情")]


def made_up(number: int) -> Case:
    """A household whose every private field holds a canary of its own."""
    mark = f"{number:04d}"
    member = dataclasses.replace(
        papers.LI.members[1],
        name=f"家人{mark}",
        id_number=f"34110019800101{mark}",
        workplace=f"学校{mark}",
        special_proof=f"残疾证诊断{mark}",
    )
    return dataclasses.replace(
        papers.LI,
        case_no=f"CY-{mark}",
        name=f"职工{mark}",
        id_number=f"34110019750101{mark}",
        card_number=f"622202123456789{mark}",
        phone=f"1380000{mark}",
        address=f"示例市幸福里{mark}号楼",
        cause_note=f"确诊某种疾病{mark}",
        hardship_text=f"家中困难详情{mark}",
        bank=f"某银行网点{mark}",
        union=f"第{number % 7}工会",
        employer=f"单位{number % 5}",
        members=(papers.LI.members[0], member),
    )


def canaries(case: Case) -> list[str]:
    member = case.members[1]
    private = (
        case.id_number,
        case.card_number,
        case.phone,
        case.address,
        case.cause_note,
        case.hardship_text,
        case.bank,
    )
    return [text for text in (*private, member.name, member.id_number, member.workplace, member.special_proof) if text]


def test_no_private_value_of_a_thousand_households_is_in_any_notice() -> None:
    cases = [made_up(number) for number in range(1000)]
    notices, _ = notice.plan([entry(case) for case in cases], UNIONS)
    made, findings = notice.write(FORM, notices, (secret for case in cases for secret in leaks.secrets(case)))
    assert len(made) == 7
    assert [finding for finding in findings if finding.is_error] == []
    printed = "\n".join(leaks.printed(paper.content) + paper.path for paper in made)
    assert all(case.name in printed for case in cases)
    assert [text for case in cases for text in canaries(case) if text in printed] == []


def drawn(home: Path, body: str) -> forms.Form:
    """The form of the notice with a template of its own."""
    save(home / "notice/template.docx", body, title="公示", foot=footer("", "公示"))
    told = FORM.folder.joinpath("form.toml").read_text(encoding="utf-8")
    (home / "notice/form.toml").write_text(told, encoding="utf-8")
    (form,) = forms.load(home)
    return form


def test_a_template_of_an_older_folder_that_asks_for_a_page_of_the_list_still_prints(tmp_path: Path) -> None:
    asks = para("{%p if 名单另页 %}") + para("另页", page=True) + para("{%p endif %}")
    form = drawn(tmp_path, para("{{ 公示单位 }}") + asks)
    (paper,), found = notice.write(form, notice.plan([entry()] * 9, UNIONS)[0], [])
    assert ("另页" in words(paper.content), found) == (False, ())


def test_a_template_that_asks_for_a_private_field_is_refused_by_name(tmp_path: Path) -> None:
    form = drawn(tmp_path, para("{{ 公示单位 }} {{ 家庭住址 }}"))
    with pytest.raises(FormgenError, match="家庭住址"):
        notice.write(form, notice.plan([entry()], UNIONS)[0], [])


def test_a_new_notice_leaves_out_who_is_on_file_or_withdrawn(tmp_path: Path) -> None:
    made = CliRunner().invoke(command, [str(SAMPLE), "-o", str(tmp_path), "--start", "2019-03-01", "--json"])
    assert made.exit_code == 0, made.output
    assert "AH-0016" in made.stderr and "不再列入新的公示" in made.stderr
    texts = [words(path.read_bytes()) for path in tmp_path.rglob("*.docx")]
    assert texts and not any("邹海燕" in text for text in texts)
