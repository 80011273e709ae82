from datetime import date, timedelta

import pytest

from formgen import workdays
from formgen.workdays import UnknownYear, add, between, is_working_day

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)


@pytest.fixture(autouse=True)
def no_own_tables(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMGEN_HOME", str(tmp_path))


def every_day():
    return (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))


def test_a_notice_of_five_working_days_from_1_march_2019_ends_on_8_march():
    assert add(date(2019, 3, 1), 5) == date(2019, 3, 8)


def test_a_file_opened_three_working_days_after_the_notice_began_is_too_early():
    assert between(date(2019, 3, 1), date(2019, 3, 6)) == 3


def test_25_march_2019_is_the_sixteenth_working_day_after_1_march():
    assert between(date(2019, 3, 1), date(2019, 3, 25)) == 16


def test_15_april_2019_is_the_thirtieth_working_day_after_1_march_because_of_qingming():
    assert add(date(2019, 3, 1), 30) == date(2019, 4, 15)
    assert between(date(2019, 3, 1), date(2019, 4, 15)) == 30


def test_a_saturday_that_is_worked_counts():
    assert is_working_day(date(2018, 12, 29))
    assert add(date(2018, 12, 28), 1) == date(2018, 12, 29)


def test_a_later_notice_changes_the_first_one():
    assert not is_working_day(date(2019, 5, 3))
    assert is_working_day(date(2019, 5, 5))
    assert not is_working_day(date(2020, 1, 31))
    assert not is_working_day(date(2020, 2, 1))


def test_nothing_lies_between_a_day_and_itself_or_an_earlier_one():
    assert between(date(2019, 3, 5), date(2019, 3, 5)) == 0
    assert between(date(2019, 3, 5), date(2019, 3, 1)) == 0


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2027, 1, 4)])
def test_a_year_without_arrangement_is_not_guessed(day):
    with pytest.raises(UnknownYear, match=str(day.year)):
        is_working_day(day)


def test_a_period_that_runs_into_an_unknown_year_has_no_end():
    with pytest.raises(UnknownYear) as unknown:
        add(date(2026, 12, 28), 5)
    assert unknown.value.year == 2027


def test_counting_forward_and_back_agree():
    for start in (date(2019, 1, 1), date(2020, 1, 20), date(2025, 12, 25)):
        for n in (1, 5, 15, 30, 60):
            assert between(start, add(start, n)) == n


def test_every_table_keeps_the_form_of_an_arrangement():
    for year, table in workdays.arrangements().items():
        off, work = table.days_off(), set(table.work)
        assert not off & work
        assert all(day.weekday() >= 5 for day in work), year
        assert {date(year, 1, 1), date(year, 10, 1)} <= off
        assert all(day.year == year or (day.month, day.day) >= workdays.FIRST_DAY for day in off | work)
        assert table.notice == f"国务院办公厅关于{year}年部分节假日安排的通知"
        assert bool(table.number) == (year >= 2006)


def test_agrees_with_chinesecalendar_on_every_day():
    theirs = pytest.importorskip("chinese_calendar", reason="chinesecalendar is missing: half of the check")
    differ = [day for day in every_day() if theirs.is_workday(day) != is_working_day(day)]
    # 国办发明电〔2005〕35号: "12月31日（星期六）上班"; chinesecalendar 1.11 lacks this Saturday.
    assert differ == [date(2005, 12, 31)]


def test_agrees_with_holidays_on_every_day():
    library = pytest.importorskip("holidays", reason="holidays is missing: half of the check")
    theirs = library.CN(years=range(2003, 2028))
    assert [day for day in every_day() if theirs.is_working_day(day) != is_working_day(day)] == []
