"""Figures and choices: dated, of a place, told when they cannot be used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from formgen import law
from formgen.household import Setting, Standard
from formgen.messages import FormgenError

DAY = date(2019, 3, 1)


def standard(area="示例市", since=date(2017, 1, 1), **figures):
    return Standard(area=area, since=since, source="示例1", **{"subsistence_line": 63900, **figures})


def setting(subject, choice, area="示例市", since=date(2017, 1, 1)):
    return Setting(area=area, subject=subject, choice=choice, since=since)


def test_a_figure_is_in_force_from_its_day_until_the_next():
    rules = law.load([standard(), standard(since=date(2019, 3, 1), subsistence_line=70000)])
    assert rules.local("示例市", None, date(2019, 2, 28)).line.value == 63900
    assert rules.local("示例市", None, date(2019, 3, 1)).line.value == 70000


def test_before_its_first_day_a_figure_is_unknown():
    assert law.load([standard(since=date(2019, 3, 2))]).local("示例市", None, DAY).line is None


def test_the_line_of_a_district_is_its_citys():
    line = law.load([standard()]).local("示例市某区", None, DAY).line
    assert (line.value, line.area) == (63900, "示例市")


def test_no_wider_place_lends_its_line():
    rules = law.load([standard(area="示例省")])
    assert rules.local("示例省某县", None, DAY).line is None


def test_the_minimum_wage_is_the_countys_else_that_of_the_city_or_province():
    rows = [standard(area="示例省甲市", minimum_wage=118000), standard(area="示例省", minimum_wage=110000)]
    rules = law.load([*rows, standard(area="示例省甲市某县", minimum_wage=100000)])
    assert rules.local("示例省甲市某县", None, DAY).wage.value == 100000
    assert rules.local("示例省甲市某区", None, DAY).wage.value == 118000
    assert rules.local("示例省乙市", None, DAY).wage.value == 110000


def test_rural_income_and_housing_are_the_places_own():
    rules = law.load([standard(rural_income=1399600, housing_area=Decimal(15))])
    assert rules.local("示例市某区", None, DAY).rural is None
    assert rules.local("示例市某区", None, DAY).housing is None


def test_a_figure_left_empty_in_a_later_row_stays_as_it_was():
    rules = law.load([standard(minimum_wage=128000), standard(since=date(2018, 1, 1))])
    assert rules.local("示例市", None, DAY).wage.value == 128000


def test_two_entries_of_one_day_are_told_and_used_only_when_equal():
    same = law.load([standard(), standard()])
    differing = law.load([standard(), standard(subsistence_line=70000)])
    assert [finding.code for finding in same.findings + differing.findings] == ["E803", "E803"]
    assert same.local("示例市", None, DAY).line.value == 63900
    assert differing.local("示例市", None, DAY).line is None


def test_an_unknown_subject_and_a_word_not_allowed_are_told():
    rules = law.load(
        [standard()], [setting("没有这一项", "是"), setting("慢性病口径", "也许"), setting("市总级倍数", "两倍")]
    )
    assert [finding.code for finding in rules.findings] == ["E801", "E802", "E802"]


@pytest.mark.parametrize("typed", ["4", "6.5", "五", "-7"])
def test_a_city_cannot_ask_for_fewer_than_the_five_working_days_of_the_law(typed):
    rules = law.load([standard()], [setting("公示工作日", typed)])
    assert [(found.code, found.values["allowed"]) for found in rules.findings] == [("E802", "不小于 5 的整数")]
    assert rules.local("示例市", None, DAY).notice_days == 5


@pytest.mark.parametrize("typed", ["7", "7.0", "７"])
def test_days_are_whole_however_the_number_is_written(typed):
    rules = law.load([standard()], [setting("公示工作日", typed)])
    assert (rules.local("示例市", None, DAY).notice_days, rules.findings) == (7, ())


def test_a_city_may_ask_for_more_working_days_from_the_day_it_says():
    rules = law.load([standard()], [setting("公示工作日", "7", since=date(2018, 1, 1))])
    assert rules.findings == ()
    assert rules.local("示例市城关区", None, DAY).notice_days == 7
    assert rules.local("示例市", None, date(2017, 12, 31)).notice_days == 5


def test_a_choice_nobody_can_read_is_unknown_not_the_default():
    rules = law.load([standard()], [setting("医疗支出口径", "随便")])
    assert rules.local("示例市", None, DAY).choices["医疗支出口径"] is None


def test_a_choice_holds_from_its_day():
    rules = law.load([standard()], [setting("市总级倍数", "2.2", since=date(2019, 3, 2))])
    assert rules.local("示例市", None, DAY).city == (2, 1)
    assert rules.local("示例市", None, date(2019, 3, 2)).city == (11, 5)


def test_two_equal_laws_have_one_digest_and_any_difference_shows():
    one, other = law.load([standard()]), law.load([standard()])
    assert one.digest == other.digest
    assert one.digest != law.load([standard()], [setting("市总级倍数", "2.2")]).digest
    assert one.digest != law.load([standard(subsistence_line=63901)]).digest


def test_figures_of_places_may_stand_in_files_and_the_workbook_overlays_them(tmp_path):
    (tmp_path / "990100.toml").write_text(
        'area = "示例市"\n[[subsistence_line]]\nsince = 2017-01-01\nvalue = 618\nunit = "元/人/月"\nsource = "示例1"\n',
        encoding="utf-8",
    )
    assert law.load(folder=tmp_path).local("示例市", None, DAY).line.value == 61800
    assert law.load([standard()], folder=tmp_path).local("示例市", None, DAY).line.value == 63900


@pytest.mark.parametrize(
    "text",
    [
        'area = "示例市"\n[[subsistence_line]]\nsince = 2017-01-01\nvalue = 618\n',
        'area = "示例市"\n[[没有]]\nsince = 2017-01-01\nvalue = 618\nsource = "示例"\n'.replace("没有", "wrong"),
        'area = "示例市"\n' + '[[subsistence_line]]\nsince = 2017-01-01\nvalue = 618\nsource = "示例"\n' * 2,
        '[[subsistence_line]]\nsince = 2017-01-01\nvalue = 618\nsource = "示例"\n',
    ],
    ids=["without source", "unknown key", "twice the same day", "without area"],
)
def test_a_wrong_file_of_figures_stops_everything(tmp_path, text):
    (tmp_path / "990100.toml").write_text(text, encoding="utf-8")
    with pytest.raises(FormgenError):
        law.load(folder=tmp_path)


def test_no_line_of_any_place_is_shipped():
    assert law.load().figures == {}
