"""Retention is counted from the day of withdrawal as 民法典 counts; duties are counted in working days."""

from datetime import date

import pytest

from formgen.keep.retention import duty, notice_is_long_enough, retention


@pytest.mark.parametrize(
    ("withdrawn", "last", "eligible"),
    [
        (date(2026, 11, 20), date(2036, 11, 20), date(2036, 11, 21)),
        (date(2024, 2, 29), date(2034, 2, 28), date(2034, 3, 1)),
        (date(2018, 2, 28), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2036, 12, 31), date(2037, 1, 1)),
        (date(2027, 1, 1), date(2037, 1, 1), date(2037, 1, 2)),
    ],
)
def test_ten_years_end_on_the_corresponding_day(withdrawn, last, eligible):
    kept = retention(withdrawn, 10)
    assert (kept.start, kept.last_day, kept.eligible_from) == (withdrawn, last, eligible)
    assert not kept.has_ended(last)
    assert kept.has_ended(eligible)


def test_an_open_dossier_has_no_end_and_never_falls_due():
    kept = retention(None, 10)
    assert (kept.start, kept.last_day, kept.eligible_from) == (None, None, None)
    assert not kept.has_ended(date(9999, 12, 31))


def test_the_sixteenth_working_day_is_late():
    late = duty("同步", date(2019, 3, 1), date(2019, 3, 25), 15, "第十三条（二）")
    assert (late.used, late.is_met) == (16, False)
    assert duty("同步", date(2019, 3, 1), date(2019, 3, 22), 15, "第十三条（二）").is_met


def test_the_thirtieth_working_day_is_in_time_across_a_holiday():
    assert duty("录入", date(2019, 3, 1), date(2019, 4, 15), 30, "第十三条（二）").is_met
    assert duty("录入", date(2019, 3, 1), date(2019, 4, 16), 30, "第十三条（二）").is_met is False


def test_a_duty_with_an_unknown_day_is_neither_met_nor_broken():
    assert duty("同步", None, date(2019, 3, 1), 15, "").is_met is None
    assert duty("同步", date(2019, 3, 1), None, 15, "").is_met is None


def test_a_duty_in_years_without_known_holidays_is_neither_met_nor_broken():
    late = duty("同步", date(2090, 3, 1), date(2090, 3, 25), 15, "")
    assert (late.used, late.is_met) == (None, None)


def test_publicity_lasts_five_working_days_after_the_first():
    assert notice_is_long_enough(date(2019, 3, 1), date(2019, 3, 8), 5)
    assert not notice_is_long_enough(date(2019, 3, 1), date(2019, 3, 7), 5)
    assert not notice_is_long_enough(date(2019, 3, 1), date(2019, 3, 6), 5)
