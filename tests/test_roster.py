from __future__ import annotations

import dataclasses
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from formgen.household import Resolution
from formgen.messages import words
from formgen.papers import forms, roster
from formgen.papers.roster import Payment
from tests import papers

LI = dataclasses.replace(papers.LI, filed_on=date(2019, 3, 15), paid_on=None)
FORM = next(form for form in forms.load() if form.id == "roster")


def payment(**changes: object) -> Payment:
    made, _ = roster.payment(dataclasses.replace(LI, **changes), papers.LI_DECISION)
    assert made is not None
    return made


def doubts(**changes: object) -> list[str]:
    return [finding.code for finding in roster.payment(dataclasses.replace(LI, **changes), papers.LI_DECISION)[1]]


def cells(*payments: Payment) -> list[list[object]]:
    document = roster.write(FORM, payments)
    assert document is not None
    assert document.path == "汇总/发放表.xlsx"
    return [list(row) for row in load_workbook(io.BytesIO(document.content)).active.iter_rows(values_only=True)]


def test_a_line_names_the_person_the_tier_the_fund_and_the_card() -> None:
    line = cells(payment())[2]
    assert line[:6] == ["1", "李明", "341100197501010015", "全总级", "大病救助", "5,000.00"]
    assert line[6:10] == [
        "中央财政帮扶资金、其他来源帮扶资金",
        "中国工商银行示例市城关支行",
        "6222021234567890128",
        "李明",
    ]


def test_the_total_stands_in_figures_and_in_capitals() -> None:
    total = cells(payment(), payment(aid_amount=123456))[4]
    assert total[:2] == ["合计", "2 人"]
    assert total[5] == "6,234.56"
    assert total[6] == "大写：人民币陆仟贰佰叁拾肆元伍角陆分"


def test_the_tiers_are_summed_apart() -> None:
    city = dataclasses.replace(payment(), tier="市总级", amount=100000)
    rows = cells(payment(), city)
    assert [(row[1], row[5]) for row in rows[5:8]] == [
        ("全总级 1 人", "5,000.00"),
        ("省总级 0 人", "0.00"),
        ("市总级 1 人", "1,000.00"),
    ]


def test_every_cell_is_text_so_that_nothing_is_a_formula_or_loses_digits() -> None:
    document = roster.write(FORM, [payment(bank='=HYPERLINK("x")', employer="+1")])
    assert document is not None
    sheet = load_workbook(io.BytesIO(document.content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}


def test_an_account_in_another_name_is_told() -> None:
    assert doubts(card_holder="王芳") == ["W670"]
    assert doubts(card_holder="李明") == []


def test_a_missing_card_is_told() -> None:
    assert doubts(card_number=None) == ["W671"]


def test_a_fund_the_tier_must_not_use_is_told() -> None:
    assert doubts(fund="省级财政帮扶资金") == ["W672"]
    assert doubts(fund="其他来源帮扶资金") == []


@pytest.mark.parametrize("status", ["human", "insufficient", "blocked"])
def test_nobody_is_paid_before_the_case_is_decided(status: str) -> None:
    assert roster.payment(papers.LI, dataclasses.replace(papers.LI_DECISION, status=status))[0] is None


def test_an_objection_keeps_a_case_off_the_roster_and_the_amount_is_told() -> None:
    made, found = roster.payment(dataclasses.replace(papers.LI, objection=True), papers.LI_DECISION)
    assert (made, [finding.code for finding in found]) == (None, ["W676"])


def test_central_funds_wait_until_the_reading_of_the_article_is_settled() -> None:
    settled = Resolution(matter="例1口径", body="示例县总工会", level="县级", agreed=False)
    assert doubts(fund="中央财政帮扶资金") == ["W675"]
    assert doubts(fund="其他来源帮扶资金") == []
    assert doubts(fund="中央财政帮扶资金", resolutions=(settled,)) == []


def test_the_roster_says_until_when_the_rules_of_its_tiers_reach() -> None:
    document = roster.write(FORM, [payment()])
    assert document is not None
    assert "规则截至 2018-12-18" in load_workbook(io.BytesIO(document.content)).active.oddFooter.center.text


def test_nobody_is_paid_without_an_amount() -> None:
    assert roster.payment(dataclasses.replace(papers.LI, aid_amount=None), papers.LI_DECISION)[0] is None
    assert roster.write(FORM, []) is None


def test_the_roster_has_the_same_bytes_every_time() -> None:
    first, second = (roster.write(FORM, [payment()]) for _ in range(2))
    assert first == second


def test_a_second_sheet_has_the_layout_banks_take() -> None:
    document = roster.write(FORM, [payment()])
    assert document is not None
    rows = list(load_workbook(io.BytesIO(document.content))["银行代发"].iter_rows(values_only=True))
    assert rows[1] == (
        "1",
        "6222021234567890128",
        "李明",
        "5000.00",
        "中国工商银行示例市城关支行",
        "大病救助",
        "AH-0001",
    )


def test_a_bank_is_sent_only_what_is_still_to_be_paid() -> None:
    paid, free = payment(paid_on=date(2019, 4, 10)), payment(case_no="AH-2", aid_granted=())
    document = roster.write(FORM, [paid, free, payment(case_no="AH-3", filed_on=None)])
    assert document is not None
    rows = list(load_workbook(io.BytesIO(document.content))["银行代发"].iter_rows(values_only=True))
    assert [(row[0], row[5], row[6]) for row in rows[1:]] == [("1", roster.PURPOSE, "AH-2")]
    parts = [(row[1], row[5], row[6]) for row in cells(paid, free)[8:10]]  # whoever is not on file yet stands here too
    assert parts == [("已发放 1 人", "5,000.00", None), ("待发放 1 人", "5,000.00", "大写：人民币伍仟元整")]


def test_a_batch_that_is_all_paid_has_no_sheet_for_the_bank() -> None:
    document = roster.write(FORM, [payment(paid_on=date(2019, 4, 10))])
    assert document is not None
    assert load_workbook(io.BytesIO(document.content)).sheetnames == ["发放表"]


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"objection": True}, "C843"),
        ({"withdrawn_on": date(2019, 12, 30)}, "C844"),
        ({"aid_amount": 0}, "C845"),
    ],
)
def test_an_amount_that_is_not_to_be_paid_is_told_with_its_reason(facts, why) -> None:
    made, found = roster.payment(dataclasses.replace(LI, **facts), papers.LI_DECISION)
    assert (made, [(each.code, each.values) for each in found]) == (None, [("W676", {"why": why})])
    assert words(why) in words("W676", {"why": why})


def test_who_was_paid_before_the_withdrawal_stays_on_the_roster() -> None:
    assert payment(withdrawn_on=date(2019, 12, 30), paid_on=date(2019, 4, 10)).paid_on == "2019-04-10"


def test_an_amount_before_the_filing_or_without_a_kind_is_told() -> None:
    assert doubts(filed_on=None) == ["W677"]
    assert doubts(filed_on=None, paid_on=date(2019, 4, 1)) == []  # told of the two days instead
    assert doubts(aid_granted=()) == ["W678"]


def heights(line: Payment) -> tuple[float, float]:
    document = roster.write(FORM, [line])
    assert document is not None
    book = load_workbook(io.BytesIO(document.content))
    return book["发放表"].row_dimensions[3].height, book["银行代发"].row_dimensions[2].height


def test_a_row_is_as_high_as_its_longest_cell_needs() -> None:
    assert heights(dataclasses.replace(payment(), bank="工商银行", fund="中央财政帮扶资金")) == (36, 20)
    long = dataclasses.replace(payment(), bank="中国农业银行股份有限公司示例市城关区新型墙体材料产业园支行营业部")
    assert heights(long) == (51, 34)


def test_the_sheets_are_printed_across_with_their_head_on_every_page() -> None:
    document = roster.write(FORM, [payment()])
    assert document is not None
    for sheet, head in zip(load_workbook(io.BytesIO(document.content)), ("$2:$2", "$1:$1"), strict=True):
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
            "landscape",
            1,
            0,
        )
        assert sheet.print_title_rows == head
