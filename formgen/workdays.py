"""Working days by the published arrangements of the State Council; no guess beyond the years of the table.

The table that comes with the program is ``data/holidays.toml``; ``formgen holidays import`` adds years in the user's
own folder. Counting follows 民法典 第二百零一条: the first day is not counted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from formgen import home
from formgen.messages import FormgenError
from formgen.model import Finding, Place

SATURDAY = 5
DAY = timedelta(days=1)
#: An arrangement may begin this early in the December before it (2012: 31 December, 2008: 29 December).
FIRST_DAY = (12, 25)


class UnknownYear(FormgenError):
    """No arrangement for a year is known; ``year`` says which."""

    def __init__(self, year: int) -> None:
        super().__init__(Finding("E699", values={"year": str(year)}))
        self.year = year


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One stretch of days off, both ends included."""

    name: str
    first: date
    last: date

    def days(self) -> tuple[date, ...]:
        """Every day of the stretch."""
        return tuple(self.first + DAY * n for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """The arrangement of one year: its notice, days off and weekend days worked instead.

    ``number`` is empty when only the days are known; ``is_own`` when the user imported the table.
    """

    year: int
    notice: str
    number: str = ""
    url: str = ""
    amended_by: tuple[str, ...] = ()
    off: tuple[Break, ...] = ()
    work: tuple[date, ...] = ()
    is_own: bool = False

    def days_off(self) -> frozenset[date]:
        """All days off, weekends inside a break included."""
        return frozenset(day for stretch in self.off for day in stretch.days())


def is_working_day(day: date) -> bool:
    """Whether people work on `day`, by the arrangement of its year. Raises UnknownYear."""
    calendar = _calendar()
    if day.year not in calendar.years:
        raise UnknownYear(day.year)
    return day in calendar.work or (day.weekday() < SATURDAY and day not in calendar.off)


def add(start: date, n: int) -> date:
    """The n-th working day after `start`, which is not counted itself. Raises UnknownYear, ValueError for n < 1."""
    if n < 1:
        raise ValueError("n counts working days and begins at 1")
    day = start
    while n:
        day += DAY
        n -= is_working_day(day)
    return day


def between(a: date, b: date) -> int:
    """How many working days lie after `a` up to and including `b`; 0 when `b` is not after `a`. Raises UnknownYear."""
    return sum(is_working_day(a + DAY * n) for n in range(1, (b - a).days + 1))


def arrangements() -> Mapping[int, Arrangement]:
    """The arrangements by year, oldest first; a table of the user's own stands before ours."""
    return _calendar().years


def own_folder() -> Path:
    """Where the user's own tables lie, one file a year; it need not exist yet."""
    return home.folder() / "holidays"


def read(text: str, *, is_own: bool = False) -> tuple[Arrangement, ...]:
    """The arrangements of a table. Raises TOMLDecodeError, KeyError, TypeError or ValueError where it is not one."""
    return tuple(_arrangement(int(year), entry, is_own) for year, entry in tomllib.loads(text).items())


def forget() -> None:
    """Read the tables again at the next question."""
    _read_all.cache_clear()


@dataclass(frozen=True, slots=True)
class _Calendar:
    years: Mapping[int, Arrangement]
    off: frozenset[date]
    work: frozenset[date]


def _calendar() -> _Calendar:
    return _read_all(own_folder())


@cache
def _read_all(own: Path) -> _Calendar:
    shipped = read((files("formgen") / "data" / "holidays.toml").read_text(encoding="utf-8"))
    added = tuple(year for path in sorted(own.glob("*.toml")) for year in _read_own(path))
    years = {year.year: year for year in sorted((*shipped, *added), key=lambda each: (each.year, each.is_own))}
    return _Calendar(
        years,
        frozenset(day for year in years.values() for day in year.days_off()),
        frozenset(day for year in years.values() for day in year.work),
    )


def _read_own(path: Path) -> tuple[Arrangement, ...]:
    try:
        return read(path.read_text(encoding="utf-8"), is_own=True)
    except (KeyError, TypeError, ValueError) as wrong:
        raise FormgenError(Finding("E689", Place(path.name))) from wrong


def _arrangement(year: int, entry: Mapping, is_own: bool) -> Arrangement:
    return Arrangement(
        year=year,
        notice=entry["notice"],
        number=entry.get("number", ""),
        url=entry.get("url", ""),
        amended_by=tuple(entry.get("amended_by", ())),
        off=tuple(
            Break(name=each.get("name", ""), first=_day(each["from"]), last=_day(each["to"])) for each in entry["off"]
        ),
        work=tuple(_day(each) for each in entry["work"]),
        is_own=is_own,
    )


def _day(value: object) -> date:
    if type(value) is not date:
        raise TypeError(f"not a day: {value}")
    return value
