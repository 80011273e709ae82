"""The days of the public notice against each other and against the day the dossier was opened (第八条（二）)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files

from formgen import days, workdays
from formgen.household import Case
from formgen.model import Finding
from formgen.read.sheets import SheetRow

CODES = frozenset(("W309", "W674"))


def last_day(start: date) -> date:
    """The last day for objections to a notice posted on ``start``, not counted. Raises workdays.UnknownYear."""
    return workdays.add(start, shortest())


@cache
def shortest() -> int:
    """How many working days a notice is posted at least (第八条（二）)."""
    told = tomllib.loads((files("formgen") / "data" / "publicity.toml").read_text(encoding="utf-8"))
    return told["notice"]["working_days"]


def is_short(start: date, end: date) -> bool:
    """Whether a notice was posted for fewer working days than the law asks; not where a year's days off are unknown."""
    try:
        return end < last_day(start)
    except workdays.UnknownYear:
        return False


def notice_findings(main: SheetRow, case: Case) -> Iterator[Finding]:
    """What is wrong with the days of the notice; each code is one of CODES."""
    if case.notice_from and case.notice_to and case.notice_to < case.notice_from:
        yield Finding("W309", main.place("notice_to"))
    if case.notice_from and case.filed_on and (end := _too_early(case.notice_from, case.filed_on)):
        values = {"filed": days.printed(case.filed_on), "day": days.printed(end)}
        yield Finding("W674", main.place("filed_on"), values)


def _too_early(posted: date, filed: date) -> date | None:
    """The last day of the notice where the dossier was opened by then, else None; five days by the calendar do not do.

    A year whose days off are unknown is told when the notice is made.
    """
    try:
        end = last_day(posted)
    except workdays.UnknownYear:
        return None
    return end if filed <= end else None
