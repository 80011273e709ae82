"""How long a dossier is kept, and the working-day duties of keeping it: pure dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from formgen import workdays
from formgen.days import months_after


@dataclass(frozen=True, slots=True)
class Retention:
    """The period of one dossier. An open dossier (未撤档) has no start, no last day and no day of disposal."""

    start: date | None
    last_day: date | None
    eligible_from: date | None

    def has_ended(self, on: date) -> bool:
        """Whether on that day the dossier may be appraised for disposal; never while it is open."""
        return self.eligible_from is not None and on >= self.eligible_from


def retention(withdrawn_on: date | None, years: int) -> Retention:
    """The period of `years` from the day of withdrawal.

    民法典 第二百零一、二百零二条: the first day is not counted; the last day is the corresponding day, or the end
    of the month where there is none. 第二百零三条 (a last day off work) could only lengthen what is a minimum anyway.
    """
    if withdrawn_on is None:
        return Retention(None, None, None)
    last = corresponding(withdrawn_on, years)
    return Retention(withdrawn_on, last, last + timedelta(days=1))


def corresponding(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes the end of February."""
    return months_after(day, 12 * years)


def full_years(start: date, day: date) -> int:
    """How many whole years lie between two days, counted by corresponding days and not by 365."""
    years = day.year - start.year
    return years if corresponding(start, years) <= day else years - 1


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty counted in working days: from when to when, how many were used and allowed, and under which rule.

    ``used`` is None when one of the days is unknown, or lies beyond the table of holidays.
    """

    title: str
    start: date | None
    done: date | None
    used: int | None
    limit: int
    authority: str

    @property
    def is_met(self) -> bool | None:
        """Whether it was done in time; None when nobody knows."""
        return None if self.used is None else self.used <= self.limit


def duty(title: str, start: date | None, done: date | None, limit: int, authority: str) -> Duty:
    """A duty to be done within `limit` working days after `start`; the day of `start` is not counted."""
    try:
        used = None if start is None or done is None else workdays.between(start, done)
    except workdays.UnknownYear:  # nobody can say yet whether it was met
        used = None
    return Duty(title, start, done, used, limit, authority)


def notice_is_long_enough(first: date, last: date, least: int) -> bool:
    """Whether a publicity period lasted `least` working days; the day it was put up is not counted (第八条（二）)."""
    return workdays.between(first, last) >= least
