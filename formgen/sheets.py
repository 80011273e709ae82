"""The sheets of the case workbook as they stand in the file: found by title, headings known, rows streamed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from formgen import fields
from formgen.fields import Field, Sheet
from formgen.headings import SEARCHED_ROWS, Heading, find_heading
from formgen.model import Finding, Place
from formgen.sheetxml import Cell, Layout, Row, letters
from formgen.styles import PLAIN, Style
from formgen.xlsx import SheetPart, Workbook


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a known sheet: its cells by key, unknown columns by title; it knows the place of each cell."""

    tab: Tab
    number: int
    cells: Mapping[str, Cell]
    extra: Mapping[str, str] = field(default_factory=dict)

    def place(self, key: str) -> Place:
        """Where the cell of that key stands, or would stand."""
        tab = self.tab
        column = tab.heading.column_of(key)
        tag = tab.sheet.by_key(key).tag
        return Place(tab.file, tab.sheet.title, f"{letters(column)}{self.number}" if column else str(self.number), tag)


@dataclass(slots=True, eq=False)
class Tab:
    """A sheet of the catalogue with the part of the file that holds it."""

    file: str
    sheet: Sheet
    part: SheetPart
    heading: Heading
    workbook: Workbook
    layout: Layout = field(default_factory=Layout)

    @property
    def is_1904(self) -> bool:
        """Whether days are counted from 1904."""
        return self.workbook.is_1904

    def style(self, cell: Cell) -> Style:
        """What the cell's style says about its value."""
        styles = self.workbook.styles
        return styles[cell.style] if cell.style < len(styles) else PLAIN

    def raw_rows(self) -> Iterator[Row]:
        """The rows below the heading, empty ones, repeated headings and footers included. Raises Refused."""
        self.layout = Layout()
        for row in self.workbook.rows(self.part, self.layout):
            if row.number > self.heading.row:
                yield row

    def rows(self) -> Iterator[SheetRow]:
        """The rows that hold a record. Raises Refused."""
        columns, unknown = self.heading.columns, self.heading.unknown
        for row in self.raw_rows():
            if not is_blank(row) and not self.heading.repeats(row) and not is_footer(row, self):
                cells = {columns[cell.column].key: cell for cell in row.cells if cell.column in columns}
                extra = {unknown[cell.column]: cell.text for cell in row.cells if cell.column in unknown}
                yield SheetRow(self, row.number, cells, extra)


_FOOTERS = (
    "合计",
    "总计",
    "小计",
    "共计",
    "填表人",
    "制表人",
    "填报人",
    "审核人",
    "单位负责人",
    "填表日期",
    "填报日期",
    "备注:",
    "注:",
    "说明:",
)


def is_blank(row: Row) -> bool:
    """Whether nothing is written in the row."""
    return not any(cell.text.strip() or cell.has_formula for cell in row.cells)


def is_footer(row: Row, tab: Tab) -> bool:
    """Whether the row is a total or a signature line below the list: its first text says so and it has few cells."""
    first = next((cell for cell in row.cells if cell.text.strip()), None)
    if first is None or first.kind != "s" or len(row.cells) > 1 + len(tab.heading.columns) // 2:
        return False
    return fields.normal(first.text).startswith(_FOOTERS)


def open_tabs(workbook: Workbook, file: str) -> tuple[dict[str, Tab], list[Finding]]:
    """The known sheets that are there, by key, and what is wrong with sheets and headings."""
    tabs: dict[str, Tab] = {}
    findings: list[Finding] = []
    for sheet in fields.sheets():
        parts = [part for part in workbook.sheets if fields.normal(part.title) == fields.normal(sheet.title)]
        if len(parts) > 1:
            findings.append(Finding("E120", Place(file, sheet.title), {"sheet": sheet.title}))
        elif parts:
            tab, found = _open_tab(workbook, sheet, parts[0], file)
            findings += found
            if tab:
                tabs[sheet.key] = tab
        elif sheet.is_needed:
            findings.append(_absent(workbook, sheet, file))
    return tabs, findings


def _absent(workbook: Workbook, sheet: Sheet, file: str) -> Finding:
    titles = "、".join(part.title for part in workbook.sheets)
    return Finding("E115", Place(file), {"sheet": sheet.title, "titles": titles})


def _open_tab(workbook: Workbook, sheet: Sheet, part: SheetPart, file: str) -> tuple[Tab | None, list[Finding]]:
    place = Place(file, part.title)
    top = list(itertools.islice((row for row in workbook.rows(part) if not is_blank(row)), SEARCHED_ROWS))
    if not top and not sheet.is_needed:
        return None, []
    heading, found = find_heading(sheet, top, place)
    findings = list(found)
    if part.is_hidden:
        findings.append(Finding("W101", place))
    return (Tab(file, sheet, part, heading, workbook) if heading else None), findings


def field_of(row: SheetRow, key: str) -> Field:
    """The catalogue's field of that key in the row's sheet."""
    return row.tab.sheet.by_key(key)
