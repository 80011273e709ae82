"""The cells and rows of one sheet's XML as they are written, and what stands around them (merged cells, filter).

The declared dimension is ignored; each cell's own coordinate counts, as Excel shows it. Rows in the plain form that
Excel, WPS and LibreOffice write are read by ``plainrows``; this reader takes over, for good, at the first that is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from formgen.xlsx.strings import MAX_TEXT, Strings, unescape
from formgen.xlsx.xmlparts import Parser, local
from formgen.xlsx.zips import Refused

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
MAX_USED_COLUMNS = 512
_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")

#: The kinds of a cell: text, number, boolean, error, ISO date, damaged.
TEXT, NUMBER, BOOLEAN, ERROR, ISO_DATE, DAMAGED = "s", "n", "b", "e", "d", "!"
KINDS = {"s": TEXT, "str": TEXT, "inlineStr": TEXT, "n": NUMBER, "": NUMBER, "b": BOOLEAN, "e": ERROR, "d": ISO_DATE}


class Cell(NamedTuple):
    """A cell as it is written: column counted from 1, kind, raw text, style number, whether a formula stands in it."""

    column: int
    kind: str
    text: str
    style: int = 0
    has_formula: bool = False


class Row(NamedTuple):
    """A row with the number Excel shows; cells in the order of their columns, empty ones left out."""

    number: int
    is_hidden: bool
    cells: list[Cell]
    height: str = ""


@dataclass(slots=True)
class Layout:
    """What stands around the rows, known once all rows were read: merged ranges as (top, left, bottom, right)."""

    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    widths: list[tuple[int, int, float]] = field(default_factory=list)


def column_number(name: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number


@cache
def letters(column: int) -> str:
    """1 → A, 26 → Z, 27 → AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def bounds(ref: str) -> tuple[int, int, int, int]:
    """A range as (top, left, bottom, right). Raises ValueError when it is none."""
    first, _, last = ref.replace("$", "").partition(":")
    start, end = _REF.fullmatch(first), _REF.fullmatch(last or first)
    if not start or not end:
        raise ValueError(ref)
    return int(start[2]), column_number(start[1]), int(end[2]), column_number(end[1])


def made_cell(column: int, mark: str, text: str, style: int, has_formula: bool, strings: Strings) -> Cell:
    """A cell from its parts: shared strings looked up, escapes decoded, over-long text and unknown kinds damaged."""
    kind = KINDS.get(mark, DAMAGED)
    if mark == "s":
        found = strings[text]
        kind, text = (DAMAGED, "?") if found is None else (TEXT, found)
    elif kind == TEXT:
        text = unescape(text)
    if len(text) > MAX_TEXT:
        kind, text = DAMAGED, "?"
    return Cell(column, kind, text, style, has_formula)


def whole(text: str | None) -> int:
    """A count, 0 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class SheetParser:
    """Expat handlers that build rows; finished rows wait until they are taken."""

    def __init__(self, strings: Strings, part: str, layout: Layout) -> None:
        self._strings, self._part, self._layout = strings, part, layout
        self._ready: list[Row] = []
        self._row: Row | None = None
        self._last_column = 0
        self.last_row = 0
        self._cell: dict[str, str] | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._is_taking = self._has_formula = self._is_phonetic = False
        self.is_at_rows = False  # True right behind <sheetData>
        self.parser = Parser(part, start=self._start, end=self._end)
        self.parser.on_text(self._text)

    def rows(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """The rows in what is still to come. Raises Refused."""
        for chunk in chunks:
            self.parser.feed(chunk)
            yield from self.take()
        self.parser.feed(b"", last=True)
        yield from self.take()

    def take(self) -> list[Row]:
        """The rows finished since the last call."""
        taken, self._ready = self._ready, []
        return taken

    def _start(self, name: str, attrs: dict[str, str]) -> None:
        name = local(name)
        if name == "c":
            self._cell, self._pieces, self._length, self._has_formula = attrs, [], 0, False
        elif name in ("v", "t") and self._cell is not None:
            is_inline = self._cell.get("t") == "inlineStr"  # then the text stands in <is>, whatever <v> says
            self._is_taking = not self._is_phonetic and (name == "t") == is_inline
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._open_row(attrs)
        elif name == "rPh":
            self._is_phonetic = True
        elif name == "mergeCell":
            self._merge(attrs.get("ref", ""))
        elif name == "col":
            self._width(attrs)
        self.is_at_rows = name == "sheetData"

    def _text(self, text: str) -> None:
        if self._is_taking and self._length <= MAX_TEXT:
            self._pieces.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        name = local(name)
        if name in ("v", "t"):
            self._is_taking = False
        elif name == "c":
            self._close_cell()
        elif name == "rPh":
            self._is_phonetic = False
        elif name == "row" and self._row is not None:
            self._row.cells.sort()
            self._ready.append(self._row)
            self._row = None
        self.is_at_rows = False

    def _open_row(self, attrs: dict[str, str]) -> None:
        number = whole(attrs.get("r")) or self.last_row + 1
        if number > MAX_ROW or number == self.last_row:
            raise Refused("E114", part=self._part, place=f"{number}:{number}")
        self._row = Row(number, attrs.get("hidden", "") in ("1", "true"), [], attrs.get("ht", ""))
        self.last_row, self._last_column = number, 0

    def _close_cell(self) -> None:
        attrs, self._cell = self._cell, None
        if attrs is None or self._row is None:
            return
        column = self._column(attrs.get("r"), self._row)
        text = "".join(self._pieces)
        if text or self._has_formula:
            mark, style = attrs.get("t", ""), whole(attrs.get("s"))
            self._row.cells.append(made_cell(column, mark, text, style, self._has_formula, self._strings))
            if len(self._row.cells) > MAX_USED_COLUMNS:
                raise Refused("E114", part=self._part, place=f"{self._row.number}:{self._row.number}")

    def _column(self, ref: str | None, row: Row) -> int:
        """The cell's column by its own coordinate. Raises Refused when it is no cell of this row, or there twice."""
        column = self._last_column + 1
        if ref is not None:
            found = _REF.fullmatch(ref)
            column = column_number(found[1]) if found else 0
            if not found or int(found[2]) != row.number or column > MAX_COLUMN:
                raise Refused("E114", part=self._part, place=ref[:20])
        if column <= self._last_column and any(cell.column == column for cell in row.cells):
            raise Refused("E114", part=self._part, place=str(ref))
        self._last_column = max(self._last_column, column)
        return column

    def _merge(self, ref: str) -> None:
        try:
            self._layout.merged.append(bounds(ref))
        except ValueError as wrong:
            raise Refused("E113", part=self._part) from wrong

    def _width(self, attrs: dict[str, str]) -> None:
        try:
            self._layout.widths.append((int(attrs["min"]), int(attrs["max"]), float(attrs["width"])))
        except (KeyError, ValueError):
            return  # a width is ornament
