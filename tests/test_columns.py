"""The columns an archive adds to 案件 are read as Excel stores them and as clerks type them; a slip is told."""

from __future__ import annotations

from datetime import date

import pytest

from formgen.household import Case
from formgen.keep import columns


@pytest.mark.parametrize("text", ["44156", "2020-11-21", "2020年11月21日", "2020/11/21", "20201121", " 2020.11.21 "])
def test_a_day_is_read_however_it_was_typed(text):
    days, found = columns.days(Case(case_no="AH-1", extra={"纸质更新日期": text}), is_1904=False)
    assert (days["paper_changed_on"], found) == (date(2020, 11, 21), ())


def test_an_empty_cell_is_no_day_and_nothing_to_tell():
    days, found = columns.days(Case(case_no="AH-1", extra={"纸质更新日期": " "}), is_1904=False)
    assert (set(days.values()), found) == ({None}, ())


def test_what_is_no_day_is_told_with_its_column():
    days, found = columns.days(Case(case_no="AH-1", extra={"资金录入日期": "上周"}), is_1904=False)
    assert days["funds_entered_on"] is None
    assert [(each.code, str(each.place), each.case_no) for each in found] == [("W727", "案件 › 资金录入日期", "AH-1")]


def test_the_pointer_to_the_accounts_has_number_day_and_amount():
    paid = Case(case_no="AH-1", extra={"会计凭证号": "记字12号"}, paid_on=date(2019, 5, 20), aid_amount=400000)
    assert columns.voucher(paid) == "记字12号；2019-05-20；4000元"
    assert columns.voucher(Case(case_no="AH-1", paid_on=date(2019, 5, 20), aid_amount=400000)) == ""
