"""Another year's days off and 调休 from a clerk's table: read, checked, kept in his own folder."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from formgen import tomlfile, workdays
from formgen.model import Finding, Place
from formgen.workdays import FIRST_DAY, SATURDAY, Arrangement, Break

LONGEST = 16  # days; the longest break yet had ten
OFF_WORDS = frozenset(("放假", "休", "休息", "公休", "调休放假"))
WORK_WORDS = frozenset(("上班", "班", "调休上班", "工作日"))


class _NoTable(Exception):
    """What is wrong with a line of a table; ``values`` are those of the finding."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.values = {"why": why, **values}


def load(path: Path, *, notice: str = "") -> tuple[tuple[Arrangement, ...], tuple[Finding, ...]]:
    """The arrangements of a table (TOML like the one we ship, or CSV with 日期, 类别, 名称) and what is wrong with it.

    `notice` names the notice where the table does not. Arrangements come back only when nothing is wrong.
    """
    place = Place(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        years = _from_csv(text, notice) if path.suffix.lower() == ".csv" else workdays.read(text, is_own=True)
    except (OSError, UnicodeDecodeError):
        return (), (Finding("E690", place),)
    except tomllib.TOMLDecodeError as wrong:
        return (), (Finding("E691", place, {"why": "X981", "line": tomlfile.line(wrong, text)}),)
    except _NoTable as wrong:
        return (), (Finding("E691", place, wrong.values),)
    except KeyError as wrong:
        return (), (Finding("E691", place, {"why": "X983", "key": str(wrong.args[0])}),)
    except (TypeError, ValueError, AttributeError):
        return (), (Finding("E691", place, {"why": "X986"}),)
    findings = tuple(finding for year in years for finding in _faults(year, place))
    if not years:
        findings = (Finding("E691", place, {"why": "X982"}),)
    return (() if findings else years), findings


def known(years: tuple[Arrangement, ...], place: Place) -> tuple[Finding, ...]:
    """A finding for each year that already has an arrangement."""
    have = workdays.arrangements()
    return tuple(Finding("E698", place, {"year": str(year.year)}) for year in years if year.year in have)


def keep(years: tuple[Arrangement, ...]) -> tuple[Path, ...]:
    """The files in the user's own folder that now hold these years, one a year. Raises OSError."""
    folder = workdays.own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for year in years:
        path = folder / f"{year.year}.toml"
        half = path.with_suffix(".part")
        half.write_text(as_toml(year), encoding="utf-8")
        half.replace(path)
        written.append(path)
    workdays.forget()
    return tuple(written)


def as_toml(year: Arrangement) -> str:
    """The arrangement as its table is written; reading it back gives the same one."""
    lines = [f"[{year.year}]", f"notice = {_quoted(year.notice)}"]
    lines += [f"{key} = {_quoted(value)}" for key, value in (("number", year.number), ("url", year.url)) if value]
    if year.amended_by:
        lines.append(f"amended_by = [{', '.join(map(_quoted, year.amended_by))}]")
    stretches = "".join(f"  {{ name = {_quoted(b.name)}, from = {b.first}, to = {b.last} }},\n" for b in year.off)
    return "\n".join([*lines, f"off = [\n{stretches}]", f"work = [{', '.join(map(str, year.work))}]"]) + "\n"


def as_json(year: Arrangement) -> Mapping[str, object]:
    """The arrangement for ``--json``."""
    return {
        "year": year.year,
        "notice": year.notice,
        "number": year.number,
        "amended_by": list(year.amended_by),
        "off": [{"name": b.name, "from": b.first.isoformat(), "to": b.last.isoformat()} for b in year.off],
        "work": [day.isoformat() for day in year.work],
        "own": year.is_own,
    }


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _from_csv(text: str, notice: str) -> tuple[Arrangement, ...]:
    rows = list(_rows(text))
    years = {_year_of(day) for day, _, _ in rows}
    return tuple(_arrange(year, [row for row in rows if _year_of(row[0]) == year], notice) for year in sorted(years))


def _rows(text: str) -> Iterator[tuple[date, str, str]]:
    """Day, kind and name of every line that is not empty. Raises _NoTable, KeyError for a column that is not there."""
    table = csv.DictReader(io.StringIO(text))
    for row in table:
        if not any(row.values()):
            continue
        day, kind, name = ((each or "").strip() for each in (row["日期"], row["类别"], row.get("名称")))
        if kind not in OFF_WORDS | WORK_WORDS:
            raise _NoTable("X985", line=str(table.line_num), text=kind)
        yield _day(day, str(table.line_num)), kind, name


def _day(text: str, line: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise _NoTable("X984", line=line, text=text) from wrong


def _year_of(day: date) -> int:
    return day.year + ((day.month, day.day) >= FIRST_DAY)


def _arrange(year: int, rows: list[tuple[date, str, str]], notice: str) -> Arrangement:
    off: list[Break] = []
    for day, name in sorted((day, name) for day, kind, name in rows if kind in OFF_WORDS):
        if off and off[-1].name == name and (day - off[-1].last).days == 1:
            off[-1] = Break(name=name, first=off[-1].first, last=day)
        else:
            off.append(Break(name=name, first=day, last=day))
    work = tuple(sorted(day for day, kind, _ in rows if kind in WORK_WORDS))
    return Arrangement(year=year, notice=notice, off=tuple(off), work=work, is_own=True)


def _faults(year: Arrangement, place: Place) -> Iterator[Finding]:
    """What cannot be an arrangement of the State Council, each fault once."""
    said = {"year": str(year.year)}
    if not year.notice.strip():
        yield Finding("E692", place, said)
    if wrong := [b for b in year.off if b.last < b.first or (b.last - b.first).days >= LONGEST]:
        yield Finding("E693", place, said | {"from": str(wrong[0].first), "to": str(wrong[0].last)})
        return
    off = year.days_off()
    for day in sorted(d for d in off | set(year.work) if _year_of(d) != year.year and d.year != year.year):
        yield Finding("E694", place, said | {"day": str(day)})
    for day in sorted(off & set(year.work)):
        yield Finding("E695", place, said | {"day": str(day)})
    for day in year.work:
        if day.weekday() < SATURDAY:
            yield Finding("E696", place, said | {"day": str(day)})
    for day in (date(year.year, 1, 1), date(year.year, 5, 1), date(year.year, 10, 1)):
        if day not in off:
            yield Finding("E697", place, said | {"day": str(day)})
