from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from formgen import fields, law
from formgen.decide import decide
from formgen.household import Case
from formgen.papers import checklist, materials, tags
from tests import oracle_households, papers

WAITING = dataclasses.replace(papers.LI_DECISION, tier="待定", status="insufficient")


def asked(*missing: str) -> list[dict[str, object]]:
    made = materials.tags(papers.LI, dataclasses.replace(WAITING, missing=missing))["补充材料"]
    assert isinstance(made, tuple)
    return list(made)


def state(number: int, **changes: object) -> tuple[str, str]:
    row = checklist.listed(dataclasses.replace(papers.LI, **changes), papers.LI_DECISION)[number - 1]
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


def test_what_a_city_leaves_open_is_asked_for_with_the_article_that_leaves_it_to_the_city() -> None:
    (retirees,) = asked("当地设置!取值(未社会化退休人员纳入)")
    assert (retirees["提供"], retirees["依据"]) == ("工会", "皖工发〔2017〕51号 第七条（六）")
    assert asked("当地设置!取值(医疗支出口径)")[0]["依据"] == "皖工发〔2017〕51号 第二十条"


def test_every_fact_the_rules_ask_for_has_its_paper_and_article() -> None:
    for seed in range(300):
        drawn = oracle_households.draw(seed)
        decision = decide(drawn.case, law.load(drawn.standards, drawn.settings), on=drawn.on)
        made = materials.tags(drawn.case, decision)["补充材料"]
        assert [row for row in made if row["依据"] == "—" or "”表的“" in str(row["材料"])] == []  # type: ignore[union-attr]


def test_a_fact_that_is_in_no_list_is_asked_for_by_sheet_and_heading() -> None:
    assert asked("案件!致困说明")[0]["材料"] == "“案件”表的“致困说明”"


def test_every_entry_of_the_list_is_a_heading_of_the_workbook() -> None:
    headings = {f"{sheet.title}!{field.tag}" for sheet in fields.sheets() for field in sheet.fields}
    assert sorted({item.partition("(")[0] for item in materials._catalogue()} - headings) == []


def test_the_proof_of_an_expense_is_asked_for_by_its_kind() -> None:
    assert asked("支出!证明材料(大学教育)")[0]["材料"] == "大学学费收费标准或缴费凭证（有一即可）"
    assert asked("支出!证明材料(单亲)")[0]["材料"].startswith("医疗发票和出院小结")  # type: ignore[attr-defined]


def test_the_proof_of_an_expense_names_whose_rows_lack_it() -> None:
    bare, proved = (
        dataclasses.replace(papers.LI.expenses[0], name=name, kind="医疗", proof=proof)
        for name, proof in (("罗某", None), ("李某", "发票"))
    )
    case = dataclasses.replace(papers.LI, expenses=(bare, proved))
    decision = dataclasses.replace(papers.LI_DECISION, status="insufficient", missing=("支出!证明材料(医疗)",))
    (row,) = materials.tags(case, decision)["补充材料"]
    assert row["说明"] == "罗某：医疗"


def test_a_complete_household_has_all_nine_but_what_the_union_still_does() -> None:
    rows = checklist.listed(papers.LI, papers.LI_DECISION)
    assert [row["状态"] for row in rows[:9]] == ["有", "有", "有", "待工会办理", "有", "有", "待工会办理", "有", "有"]
    assert [row["序号"] for row in rows[:9]] == [str(number) for number in range(1, 10)]


def test_each_material_that_is_not_there_says_what_is_missing() -> None:
    assert state(2, pledged=None) == ("缺", "诚信承诺")
    assert state(9, card_holder="王芳") == ("缺", "户名不是申请人本人")
    assert state(8, means=None) == ("缺", "房产、车辆、工商登记未查")


def test_a_proof_of_an_earlier_year_is_told() -> None:
    old = tuple(dataclasses.replace(row, year=2016) for row in papers.LI.incomes)
    assert state(5, incomes=old) == ("年度不符", "2 项不是 2018 年度的")


def test_an_expense_of_the_event_may_be_of_the_year_of_the_application() -> None:
    this_year = tuple(dataclasses.replace(row, year=2019) for row in papers.LI.expenses)
    assert state(6, expenses=this_year) == ("年度不符", "1 项不是 2018 年度的")  # the tuition; not the event's bill


def test_a_material_nobody_needs_is_not_called_missing() -> None:
    assert state(6, expenses=()) == ("不需", "没有申报刚性支出")


def test_an_earner_without_any_income_row_is_told() -> None:
    assert state(5, incomes=papers.LI.incomes[:1]) == ("缺", "1 人没有收入记录")


def test_a_migrant_owes_the_proof_of_employment_and_may_be_visited_instead_of_checked() -> None:
    assert state(5, worker_kind="农民工") == ("缺", "没有劳动关系证明")
    unchecked = dataclasses.replace(papers.LI.means, homes_checked=None)
    assert state(8, worker_kind="农民工", means=unchecked) == ("有", "专人实地走访")
    assert state(8, means=unchecked) == ("缺", "房产未查")


@pytest.mark.parametrize(
    "tier, status, changes, expected",
    [
        ("全总级", "auto", {}, ("待工会办理", "公示不少于5个工作日")),
        ("全总级", "auto", {"notice_to": date(2019, 3, 8)}, ("有", "2019年3月1日至2019年3月8日")),
        ("全总级", "auto", {"objection": True}, ("待工会办理", "有异议，核实后办理")),
        ("全总级", "human", {}, ("待工会办理", "确定级别后公示")),
        ("不符合", "auto", {}, ("不需", "不符合建档条件，不公示")),
    ],
)
def test_the_notice_is_owed_by_the_union_once_a_tier_stands(
    tier: str, status: str, changes: dict[str, object], expected: tuple[str, str]
) -> None:
    decision = dataclasses.replace(papers.LI_DECISION, tier=tier, status=status)
    row = checklist.listed(dataclasses.replace(papers.LI, **changes), decision)[6]
    assert (row["状态"], row["说明"]) == expected


def test_a_household_on_file_that_asks_again_owes_the_form_of_note_six() -> None:
    rows = checklist.listed(papers.LI, papers.LI_DECISION)
    assert (rows[9]["材料"], rows[9]["状态"]) == ("在档困难职工申请救助表", "有")
    assert len(checklist.listed(dataclasses.replace(papers.LI, requests=()), papers.LI_DECISION)) == 9


def test_the_lists_stand_among_the_tags() -> None:
    case: Case = papers.LI
    assert len(tags.context(case, papers.LI_DECISION)["材料清单"]) == 10  # type: ignore[arg-type]


def test_a_medical_receipt_of_a_sudden_illness_counts_up_to_the_application_without_being_marked() -> None:
    row = dataclasses.replace(papers.LI.expenses[0], kind="医疗", for_event=None, year=2019)
    assert state(6, expenses=(row,), event="突发重大疾病")[0] != "年度不符"
    assert state(6, expenses=(row,), event=None)[0] == "年度不符"


def test_a_notice_of_too_few_working_days_is_not_there_yet() -> None:
    days = {"notice_from": date(2019, 3, 4), "notice_to": date(2019, 3, 8)}
    assert state(7, **days) == ("待工会办理", "公示不少于5个工作日")
    assert state(7, **(days | {"notice_to": date(2019, 3, 11)}))[0] == "有"


def test_a_notice_short_of_what_the_city_asks_for_is_not_there_yet() -> None:
    case = dataclasses.replace(papers.LI, notice_from=date(2019, 3, 4), notice_to=date(2019, 3, 11))
    row = checklist.listed(case, dataclasses.replace(papers.LI_DECISION, notice_days=7))[6]
    assert (row["状态"], row["说明"]) == ("待工会办理", "公示不少于7个工作日")
