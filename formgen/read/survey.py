"""The first pass over a workbook: how many cases, whose row is whose, what stands twice, what is odd."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from formgen.cells import texts
from formgen.model import Finding, Place
from formgen.read.doubles import Doubles
from formgen.read.sheets import SheetRow, Tab, is_blank
from formgen.xlsx.sheetxml import Cell, Layout, Row, letters

#: The sheets whose rows belong to a household, in workbook order.
SATELLITES = ("member", "income", "expense", "means", "vehicle", "resolution", "request")
_MANY = 12  # ranges of rows that a message names


@dataclass(slots=True)
class Survey:
    """What the first pass found.

    ``index`` gives the household of a case key, ``repeated`` the Excel rows of numbers that stand twice, ``ordered``
    the sheets whose rows stand in the order of 案件, ``doubles`` the persons, cards and phones of several households.
    """

    total: int = 0
    index: dict[str, int] = field(default_factory=dict)
    repeated: dict[str, list[int]] = field(default_factory=dict)
    ordered: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    doubles: Doubles = field(default_factory=Doubles)
    rows: array = field(default_factory=lambda: array("I"))

    def household_of(self, row: SheetRow) -> int:
        """The household a row of 案件 opens; -1 for a row without number and for the second of a double."""
        found = self.index.get(case_key(row.cells.get("case_no")), -1)
        return found if found >= 0 and self.rows[found] == row.number else -1


def case_key(cell: Cell | None) -> str:
    """The ``number_key`` of a cell, "" for an empty one."""
    return number_key(cell.text) if cell else ""


def number_key(case_no: str) -> str:
    """A 档案编号 as it is compared: without what the checker repairs, case folded."""
    return texts.case_number(case_no)[0].casefold()


def survey(tabs: Mapping[str, Tab]) -> Survey:
    """One look at every row. Raises Refused when a sheet is damaged."""
    made = Survey()
    case = tabs["case"]
    for row in _looked_at(case, made):
        _take_case(made, case.row(row))
    if not made.total:
        made.findings.append(Finding("W110", Place(case.file, case.sheet.title)))
    for key in SATELLITES:
        if key in tabs:
            _survey_rows(made, key, tabs[key])
    made.doubles.settle()
    return made


def _take_case(made: Survey, row: SheetRow) -> None:
    made.total += 1
    key = case_key(row.cells.get("case_no"))
    if key in made.index:
        made.repeated.setdefault(key, [made.rows[made.index[key]]]).append(row.number)
    elif key:
        made.index[key] = len(made.rows)
        made.rows.append(row.number)
        made.doubles.add_case(made.index[key], row)


def _survey_rows(made: Survey, key: str, tab: Tab) -> None:
    """Whose row is whose on one sheet; a row that is nobody's is an error of the workbook."""
    last, in_order = -1, True
    named, nameless = array("I"), array("I")
    for raw in _looked_at(tab, made):
        row = tab.row(raw)
        cell = row.cells.get("case_no")
        index = made.index.get(name := case_key(cell), -1)
        (named if name else nameless).append(row.number)
        if index < 0:
            if name and cell:
                made.findings.append(Finding("E302", row.place("case_no"), {"case_no": texts.shown(cell.text)}))
            continue
        in_order = in_order and index >= last
        last = index
        if key == "member":
            made.doubles.add_member(index, row)
    made.findings += _nameless(tab, named, nameless)
    if in_order:
        made.ordered.add(key)


def _nameless(tab: Tab, named: array, nameless: array) -> Iterator[Finding]:
    """An error for each row without a number; those under one merged cell are told once, with the row that has it."""
    told = set[str]()
    for number in nameless:
        row = SheetRow(tab, number, {})
        merged = row.merged("case_no")
        if merged and merged not in told and not _holds(named, tab.merges.top(number, tab.columns["case_no"])):
            yield Finding("E237", row.place("case_no"), {"range": merged})
        elif not merged:
            yield Finding("E301", row.place("case_no"), {"case_no": ""})
        told.add(merged)


def _holds(rising: array, number: int) -> bool:
    at = bisect_left(rising, number)
    return at < len(rising) and rising[at] == number


def _looked_at(tab: Tab, made: Survey) -> Iterator[Row]:
    """The rows that hold a record; when they are through, what was odd about the sheet is told."""
    odd, tab.layout = _Odd(tab), Layout()
    for row in tab.raw_rows(tab.layout):
        if row.cells and row.cells[-1].column > tab.width:
            tab.width = row.cells[-1].column
        if is_blank(row):
            continue
        if tab.is_aside(row):
            odd.put_aside(row)
        else:
            odd.look_at(row)
            yield row
    tab.merges.add(tab.layout.merged, tab.heading.row)
    made.findings += odd.findings()


class _Odd:
    """What is odd about a sheet's rows, as their numbers."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._known = {*tab.heading.columns, *tab.heading.unknown}
        self._last = max(self._known, default=0)
        self._previous = 0
        self.hidden, self.gaps, self.aside, self.stray = (array("I") for _ in range(4))

    def put_aside(self, row: Row) -> None:
        """Note a row that is no record."""
        self.aside.append(row.number)
        self._previous = row.number if self._previous else 0

    def look_at(self, row: Row) -> None:
        """Note what is odd about a record."""
        if self._previous and row.number > self._previous + 1:
            self.gaps.extend(range(self._previous + 1, row.number))
        self._previous = row.number
        if row.is_hidden:
            self.hidden.append(row.number)
        is_wide = row.cells[-1].column > self._last or len(row.cells) > len(self._known)
        if is_wide and any(cell.column not in self._known and cell.text.strip() for cell in row.cells):
            self.stray.append(row.number)

    def findings(self) -> Iterator[Finding]:
        """One finding a kind."""
        first = letters(min(self._tab.heading.columns))
        for code, rows in (("W105", self.hidden), ("W108", self.aside), ("W109", self.gaps), ("W112", self.stray)):
            if rows:
                place = Place(self._tab.file, self._tab.sheet.title, f"{first}{rows[0]}")
                yield Finding(code, place, {"rows": ranges(rows)})


def ranges(rows: Iterable[int]) -> str:
    """Row numbers as ranges, 3–5、9; a long list is cut with 等."""
    spans: list[list[int]] = []
    for number in rows:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    named = "、".join(str(first) if first == last else f"{first}–{last}" for first, last in spans[:_MANY])
    return named if len(spans) <= _MANY else f"{named} 等"
