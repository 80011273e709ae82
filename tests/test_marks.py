"""Marks of cells: what changed is named, values are not kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from formgen.batch import marks
from formgen.household import Case, Means, Member

CASE = Case(
    case_no="T-1",
    applied_on=date(2019, 3, 1),
    card_number="6222021234567890123",
    members=(Member(name="甲", relation="本人"), Member(name="乙", relation="配偶", employment="无业")),
    means=Means(homes=1),
)


def test_nothing_changed_means_nothing_is_named():
    assert marks.changed(marks.of(CASE), marks.of(replace(CASE, row=9))) == ()


def test_a_changed_cell_is_named_by_sheet_and_heading():
    assert marks.changed(marks.of(CASE), marks.of(replace(CASE, savings=100))) == ("案件!储蓄",)


def test_a_changed_cell_of_a_list_names_its_row():
    other = replace(CASE, members=(CASE.members[0], replace(CASE.members[1], employment="在职")))
    assert marks.changed(marks.of(CASE), marks.of(other)) == ("家庭成员!就业状况(第2行)",)


def test_one_member_more_is_told_as_a_count_of_rows():
    other = replace(CASE, members=(*CASE.members, Member(name="丙")))
    assert marks.changed(marks.of(CASE), marks.of(other)) == ("家庭成员（2→3行）",)


def test_a_false_fact_is_not_an_unknown_one():
    assert marks.changed(marks.of(CASE), marks.of(replace(CASE, union_member=False))) == ("案件!工会会员",)


def test_no_value_can_be_read_back():
    assert b"6222021234567890123" not in marks.of(CASE)
