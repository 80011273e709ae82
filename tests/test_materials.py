from __future__ import annotations

import dataclasses

import pytest

from formgen import fields
from formgen.household import Case
from formgen.papers import materials, tags
from tests import papers

WAITING = dataclasses.replace(papers.LI_DECISION, tier="待定", status="insufficient")


def asked(*missing: str) -> list[dict[str, object]]:
    made = materials.tags(papers.LI, dataclasses.replace(WAITING, missing=missing))["补充材料"]
    assert isinstance(made, tuple)
    return list(made)


def state(number: int, **changes: object) -> tuple[str, str]:
    row = materials.nine(dataclasses.replace(papers.LI, **changes), papers.LI_DECISION)[number - 1]
    return row["状态"], row["说明"]


def test_what_is_missing_is_asked_for_with_its_article_and_for_whom() -> None:
    assert asked("家庭成员!走访核实(女1)") == [
        {
            "序号": "1",
            "材料": "不在同一户口本上但长期共同居住生活的走访核实记录",
            "说明": "李小雨（女）",
            "提供": "工会",
            "依据": "收入证明材料（3）",
        }
    ]


def test_only_what_can_change_the_result_is_asked_for() -> None:
    assert materials.tags(papers.LI, papers.LI_DECISION)["补充材料"] == ()


@pytest.mark.parametrize("item", ["当地设置!取值(医疗支出口径)", "当地设置!医疗支出口径"])
def test_a_setting_of_the_city_is_asked_for_by_its_name(item: str) -> None:
    assert asked(item)[0]["材料"] == "当地设置“医疗支出口径”"


def test_a_fact_that_is_in_no_list_is_asked_for_by_sheet_and_heading() -> None:
    assert asked("案件!致困说明")[0]["材料"] == "“案件”表的“致困说明”"


def test_every_entry_of_the_list_is_a_heading_of_the_workbook() -> None:
    headings = {f"{sheet.title}!{field.tag}" for sheet in fields.sheets() for field in sheet.fields}
    assert sorted({item.partition("(")[0] for item in materials._catalogue()} - headings) == []


def test_the_proof_of_an_expense_is_asked_for_by_its_kind() -> None:
    assert asked("支出!证明材料(大学教育)")[0]["材料"] == "大学学费收费标准或缴费凭证（有一即可）"
    assert asked("支出!证明材料(单亲)")[0]["材料"].startswith("医疗发票和出院小结")  # type: ignore[attr-defined]


def test_a_complete_household_has_all_nine_but_what_the_union_still_does() -> None:
    rows = materials.nine(papers.LI, papers.LI_DECISION)
    assert [row["状态"] for row in rows] == ["有", "有", "有", "待工会办理", "有", "有", "待工会办理", "有", "有"]


def test_each_material_that_is_not_there_says_what_is_missing() -> None:
    assert state(2, pledged=None) == ("缺", "诚信承诺")
    assert state(9, card_holder="王芳") == ("缺", "户名不是申请人本人")
    assert state(8, means=None) == ("缺", "房产、车辆、工商登记未查")


def test_a_proof_of_an_earlier_year_is_told() -> None:
    old = tuple(dataclasses.replace(row, year=2016) for row in papers.LI.incomes)
    assert state(5, incomes=old) == ("年度不符", "2 项不是 2018 年度的")


def test_the_lists_stand_among_the_tags() -> None:
    case: Case = papers.LI
    assert len(tags.context(case, papers.LI_DECISION)["材料清单"]) == 9  # type: ignore[arg-type]
