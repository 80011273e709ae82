from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from formgen.messages import FormgenError
from formgen.papers import forms
from tests import papers

GOOD = {"title": '"甲"', "per": '"case"', "when": '["*/auto"]', "file": '"20-甲.docx"'}


def folder(base: Path, name: str = "one", **changes: str | None) -> Path:
    lines = {**GOOD, **changes}
    (base / name).mkdir(parents=True)
    text = "".join(f"{key} = {value}\n" for key, value in lines.items() if value is not None)
    (base / name / "form.toml").write_text(text, encoding="utf-8")
    return base


@pytest.mark.parametrize(
    "changes, word",
    [
        ({"title": None}, "title"),
        ({"per": '"house"'}, "per"),
        ({"when": '["全总级"]'}, "全总级"),
        ({"when": '["甲级/auto"]'}, "甲级"),
        ({"when": '"*/auto"'}, "when"),
        ({"file": '"../甲.docx"'}, "file"),
        ({"file": '"甲.txt"'}, "file"),
        ({"needs": '["nothing"]'}, "nothing"),
        ({"colour": '"red"'}, "colour"),
        ({"copies": '"两份"'}, "copies"),
        ({"public": "true"}, "public"),
        ({"fields": '{"甲" = 1}'}, "甲"),
        ({"fields": '{"甲" = {tag = "性别", colour = "red"}}'}, "options"),
        ({"fields": '{"甲" = {tag = "性别", options = {"男" = 1}}}'}, "options"),
        ({"qr": "true", "file": '"20-甲.pdf"'}, "二维码"),
    ],
)
def test_a_faulty_form_toml_is_refused_by_file_and_word(tmp_path: Path, changes: dict[str, str], word: str) -> None:
    with pytest.raises(FormgenError, match=word) as refused:
        forms.load(folder(tmp_path, **changes))
    assert "form.toml" in str(refused.value)


def test_two_papers_may_not_bear_one_file_name(tmp_path: Path) -> None:
    folder(tmp_path, "one")
    with pytest.raises(FormgenError, match="覆盖"):
        forms.load(folder(tmp_path, "two"))


def test_a_folder_without_papers_is_told(tmp_path: Path) -> None:
    with pytest.raises(FormgenError, match="没有文书"):
        forms.load(tmp_path)


def test_a_folder_that_is_no_toml_is_told(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/form.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(FormgenError, match="TOML"):
        forms.load(tmp_path)


@pytest.mark.parametrize(
    "when, tier, status, is_due",
    [
        ("*/auto", "不符合", "auto", True),
        ("*/auto", "全总级", "human", False),
        ("全总级/*", "全总级", "human", True),
        ("待定/insufficient", "待定", "insufficient", True),
        ("待定/insufficient", "待定", "human", False),
    ],
)
def test_a_paper_is_due_for_the_results_it_lists(
    tmp_path: Path, when: str, tier: str, status: str, is_due: bool
) -> None:
    (form,) = forms.load(folder(tmp_path, when=f'["{when}"]'))
    assert form.is_due(dataclasses.replace(papers.LI_DECISION, tier=tier, status=status), papers.LI) == is_due


def test_papers_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    folder(tmp_path, "b", file='"02-乙.docx"')
    folder(tmp_path, "a", file='"11-甲.docx"')
    assert [form.id for form in forms.load(folder(tmp_path, "c", file='"丙.docx"'))] == ["b", "a", "c"]


def test_the_papers_of_the_working_folder_go_before_the_shipped_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert forms.in_use() == forms.home()
    folder(tmp_path / "templates", "own")
    assert [form.id for form in forms.load()] == ["own"]


@pytest.mark.parametrize("place", ["台账.xlsx", "input/台账.xlsx"])
def test_the_papers_of_the_workbooks_working_folder_go_before_the_shipped_ones(tmp_path: Path, place: str) -> None:
    folder(tmp_path / "templates", "own")
    assert forms.in_use(tmp_path / "input" / "more" / "台账.xlsx") == forms.home()
    assert [form.id for form in forms.load(near=tmp_path / place)] == ["own"]


def test_the_shipped_papers_are_those_of_the_manual() -> None:
    assert [(form.id, form.path("AH-0001")) for form in forms.load(forms.home()) if form.per == "case"] == [
        ("checklist", "案件/AH-0001/00-建档材料清单.docx"),
        ("application", "案件/AH-0001/01-个人申请书.docx"),
        ("authorization", "案件/AH-0001/02-核对承诺授权书.docx"),
        ("identity", "案件/AH-0001/03-身份证明.docx"),
        ("review", "案件/AH-0001/04-建档申请表.docx"),
        ("income", "案件/AH-0001/05-收入证明.docx"),
        ("expenses", "案件/AH-0001/06-刚性支出.docx"),
        ("means-check", "案件/AH-0001/08-信息比对.docx"),
        ("bank-card", "案件/AH-0001/09-银行卡信息表.pdf"),
        ("aid-request", "案件/AH-0001/10-在档救助申请.docx"),
        ("refusal", "案件/AH-0001/11-不予建档告知书.docx"),
        ("missing", "案件/AH-0001/12-补充材料清单.docx"),
    ]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    folder(tmp_path, "one", title=None, colour='"red"')
    folder(tmp_path, "two", when='["某级/auto", "*/nothing"]', file='"甲.txt"')
    listed = sorted(tmp_path.glob("*/form.toml"))
    told = [(each.code, each.place.file) for each in forms.faults(listed)]
    assert told == [
        ("E464", "one/form.toml"),
        ("E465", "one/form.toml"),
        ("E468", "two/form.toml"),
        ("E472", "two/form.toml"),
        ("E472", "two/form.toml"),
    ]


def test_twins_and_papers_without_a_template_are_told(tmp_path: Path) -> None:
    folder(tmp_path, "one")
    folder(tmp_path, "two")
    found = forms.faults(sorted(tmp_path.glob("*/form.toml")))
    assert [each.code for each in found] == ["E474", "E474", "E463"]


def test_a_field_of_a_pdf_form_may_call_the_words_of_its_tag_otherwise(tmp_path: Path) -> None:
    written = '{sex = {tag = "性别", options = {"男" = "A", "女" = "B"}}, bank = "开户银行"}'
    (form,) = forms.load(folder(tmp_path, fields=written))
    assert form.fields == (("sex", "性别"), ("bank", "开户银行"))
    assert form.options == (("sex", (("男", "A"), ("女", "B"))),)
