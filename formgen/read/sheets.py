"""The sheets of the case workbook as they stand in the file: found by title, headings known, rows streamed."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from formgen import fields
from formgen.cells import texts
from formgen.fields import Field, Sheet
from formgen.model import Finding, Place
from formgen.read.headings import SEARCHED_ROWS, Heading, find_heading
from formgen.xlsx import SheetPart, Workbook
from formgen.xlsx.sheetxml import TEXT, Cell, Layout, Row, letters
from formgen.xlsx.styles import PLAIN, Style

_FOOTERS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "单位负责人",
    "填表日期",
    "填报日期",
)
_REMARKS = ("备注:", "注:", "说明:")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a known sheet: its cells by key, unknown columns by title; it knows the place of each cell."""

    tab: Tab
    number: int
    cells: Mapping[str, Cell]
    extra: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> Place:
        """Where the cell of that key stands; the row alone when the sheet has no such column."""
        column = self.tab.columns.get(key, 0)
        cell = f"{letters(column)}{self.number}" if column else str(self.number)
        return Place(self.tab.file, self.tab.sheet.title, cell, self.tab.fields[key].tag)

    def merged(self, key: str) -> str:
        """The merged range in which the cell of that key stands; "" when it stands in none."""
        merges = self.tab.merges
        if not (merges.by_row or merges.tall):
            return ""
        return merges.at(self.number, self.tab.columns.get(key, 0))


@dataclass(slots=True, eq=False)
class Tab:
    """A sheet of the catalogue with the part of the file that holds it."""

    file: str
    sheet: Sheet
    part: SheetPart
    heading: Heading
    workbook: Workbook
    fields: Mapping[str, Field]
    columns: Mapping[str, int]
    required: tuple[Field, ...]
    merges: Merges
    leads: frozenset[str]
    layout: Layout | None = None  # what stands around the rows, once they were surveyed
    width: int = 0  # the last column used, the remarks of an annotated copy apart

    @property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904."""
        return self.workbook.is_1904

    def style(self, cell: Cell) -> Style:
        """What the cell's style says about its value."""
        styles = self.workbook.styles
        return styles[cell.style] if cell.style < len(styles) else PLAIN

    def raw_rows(self, layout: Layout | None = None) -> Iterator[Row]:
        """All rows below the heading, without the remarks of an annotated copy; `layout` is filled with what stands
        around them. Raises Refused.
        """
        top, remarks = self.heading.row, self.heading.remarks
        for row in self.workbook.rows(self.part, layout):
            if row.number > top:
                yield _without(row, remarks) if remarks else row

    def rows(self) -> Iterator[SheetRow]:
        """The rows that hold a record. Raises Refused."""
        for row in self.raw_rows():
            if not (is_blank(row) or self.is_aside(row)):
                yield self.row(row)

    def row(self, row: Row) -> SheetRow:
        """A raw row with its cells by key."""
        columns, unknown = self.heading.columns, self.heading.unknown
        cells = {columns[cell.column].key: cell for cell in row.cells if cell.column in columns}
        extra = {unknown[cell.column]: cell.text for cell in row.cells if cell.column in unknown} if unknown else {}
        return SheetRow(self, row.number, cells, extra)

    def is_aside(self, row: Row) -> bool:
        """Whether a row that is not blank is no record: the heading once more, a total or a signature line."""
        lead = row.cells[0].text[:1]
        if lead.isascii() and lead.isalnum() and lead not in self.leads:
            return False  # a number of a case, mostly: no heading and no footer begins like that
        return self.heading.is_repeated_by(row) or self._is_footer(row)

    def _is_footer(self, row: Row) -> bool:
        first = row.cells[0]
        if first.kind != TEXT or len(row.cells) > 2 + len(self.columns) // 2:
            return False
        text = fields.normal(first.text)
        return text.startswith(_FOOTERS) or (text.startswith(_REMARKS) and len(row.cells) == 1)


@dataclass(slots=True)
class Merges:
    """Merged cells below the heading, found by row; ranges taller than a screenful of screens are kept apart."""

    by_row: dict[int, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    tall: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, ranges: list[tuple[int, int, int, int]], below: int) -> None:
        """Take in the ranges that reach below a row."""
        for one in ranges:
            top, _, bottom, _ = one
            if bottom <= below:
                continue
            if bottom - top > 1000:
                self.tall.append(one)
                continue
            for number in range(max(top, below + 1), bottom + 1):
                self.by_row.setdefault(number, []).append(one)

    def at(self, row: int, column: int) -> str:
        """The merged range that holds a cell, as Excel writes it; "" when there is none."""
        found = self._around(row, column)
        return f"{letters(found[1])}{found[0]}:{letters(found[3])}{found[2]}" if found else ""

    def top(self, row: int, column: int) -> int:
        """The first row of the merged range that holds a cell, which alone keeps the value; 0 when there is none."""
        found = self._around(row, column)
        return found[0] if found else 0

    def _around(self, row: int, column: int) -> tuple[int, int, int, int] | None:
        for one in (*self.by_row.get(row, ()), *self.tall):
            top, left, bottom, right = one
            if top <= row <= bottom and left <= column <= right:
                return one
        return None

    def __bool__(self) -> bool:
        return bool(self.by_row or self.tall)


def _without(row: Row, column: int) -> Row:
    """The row without its cell in that column."""
    return row._replace(cells=[cell for cell in row.cells if cell.column != column])


def is_blank(row: Row) -> bool:
    """Whether nothing is written in the row."""
    return not any(cell.text.strip() or cell.has_formula for cell in row.cells)


def open_tabs(workbook: Workbook, file: str) -> tuple[dict[str, Tab], list[Finding]]:
    """The known sheets that are there, by key, and what is wrong with sheets and headings."""
    tabs: dict[str, Tab] = {}
    findings: list[Finding] = []
    for sheet in fields.sheets():
        parts = [part for part in workbook.sheets if fields.normal(part.title) == fields.normal(sheet.title)]
        if len(parts) > 1 and len(shown := [part for part in parts if not part.is_hidden]) == 1:
            parts = shown
        if len(parts) > 1:
            findings.append(Finding("E120", Place(file, sheet.title), {"sheet": sheet.title}))
        elif parts:
            tab, found = _open_tab(workbook, sheet, parts[0], file)
            findings += found
            if tab:
                tabs[sheet.key] = tab
        elif sheet.is_needed:
            findings.append(_absent(workbook, sheet, file))
        else:
            findings += _renamed(workbook, sheet, file)
    return tabs, findings


def _absent(workbook: Workbook, sheet: Sheet, file: str) -> Finding:
    titles = "、".join(texts.shown(part.title) for part in workbook.sheets)
    return Finding("E115", Place(file), {"sheet": sheet.title, "titles": titles})


def _renamed(workbook: Workbook, sheet: Sheet, file: str) -> list[Finding]:
    """An error for a sheet that looks like an absent one: rows left out in silence would change the decision."""
    known = {fields.normal(one.title) for one in fields.sheets()}
    strange = [
        part for part in workbook.sheets if fields.normal(part.title) not in known and is_like(part.title, sheet)
    ]
    return [Finding("E125", Place(file, part.title), {"sheet": sheet.title}) for part in strange]


def is_like(title: str, sheet: Sheet) -> bool:
    """Whether a title is that of the sheet with something before or behind it, or nearly the same."""
    plain = fields.normal(title)
    return sheet.title in plain or difflib.SequenceMatcher(None, sheet.title, plain).ratio() >= 0.7


def _open_tab(workbook: Workbook, sheet: Sheet, part: SheetPart, file: str) -> tuple[Tab | None, list[Finding]]:
    place = Place(file, part.title)
    top = list(itertools.islice((row for row in workbook.rows(part) if not is_blank(row)), SEARCHED_ROWS))
    if not top and not sheet.is_needed:
        return None, []
    heading, found = find_heading(sheet, top, place)
    findings = list(found)
    if part.is_hidden:
        findings.append(Finding("W101", place))
    if heading is None:
        return None, findings
    columns = {one.key: column for column, one in heading.columns.items()}
    by_key = {one.key: one for one in sheet.fields}
    required = tuple(one for one in heading.columns.values() if one.is_required and not one.is_key)
    tab = Tab(file, sheet, part, heading, workbook, by_key, columns, required, Merges(), heading.leads())
    tab.width = max(cell.column for row in top for cell in row.cells if cell.column != heading.remarks)
    return tab, findings
