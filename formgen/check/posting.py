"""The days of notice, filing and payment against each other: 第八条（二）; 第九条, on file before aid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from formgen import days, workdays
from formgen.household import Case
from formgen.law import Law
from formgen.model import Finding
from formgen.read.sheets import SheetRow

CODES = frozenset(("W309", "W674", "W679"))


def last_day(start: date, least: int) -> date:
    """The last day for objections to a notice posted on ``start``, not counted, for ``least`` working days.

    Raises workdays.UnknownYear.
    """
    return workdays.add(start, least)


def is_short(start: date, end: date, least: int) -> bool:
    """Whether a notice was posted for fewer than ``least`` working days; not where a year's days off are unknown."""
    try:
        return end < last_day(start, least)
    except workdays.UnknownYear:
        return False


def notice_findings(main: SheetRow, case: Case, law: Law) -> Iterator[Finding]:
    """What is wrong with the days of a household on its way to aid; each code is one of CODES."""
    if case.notice_from and case.notice_to and case.notice_to < case.notice_from:
        yield Finding("W309", main.place("notice_to"))
    if case.paid_on and (not case.filed_on or case.paid_on < case.filed_on):
        yield Finding("W679", main.place("paid_on"), {"paid": days.printed(case.paid_on)})
    if case.notice_from and case.filed_on:
        local = law.local(case.area, case.home_area, case.applied_on or case.notice_from)
        if end := _too_early(case.notice_from, case.filed_on, local.notice_days):
            values = {"filed": days.printed(case.filed_on), "day": days.printed(end)}
            yield Finding("W674", main.place("filed_on"), values)


def _too_early(posted: date, filed: date, least: int) -> date | None:
    """The last day of the notice where the dossier was opened by then, else None; days by the calendar do not do.

    A year whose days off are unknown is told when the notice is made.
    """
    try:
        end = last_day(posted, least)
    except workdays.UnknownYear:
        return None
    return end if filed <= end else None
