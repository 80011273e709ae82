"""One sheet of the clerk's workbook written again as values, with coloured cells, comments and a column 问题说明."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO
from xml.sax.saxutils import escape

from formgen import messages
from formgen.annotate.copystyles import MAIN, CopyStyles
from formgen.annotate.notes import Note, Notes
from formgen.annotate.redmarks import HEAD, MANY, Mark
from formgen.cells.reading import LOST
from formgen.read.headings import REMARKS
from formgen.read.sheets import Tab
from formgen.xlsx import SheetPart, Workbook
from formgen.xlsx.sheetxml import BOOLEAN, ERROR, NUMBER, TEXT, Cell, Layout, Row, letters

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LONGEST = 32_767  # characters of a cell, Excel's own limit
#: How a sheet is printed: A4 across, as many pages down as it takes, its title and the page number at the foot.
PRINTED = (
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter>"
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_LIKE = ("=", "+", "-", "@")
_WIDTH = 60  # of the column 问题说明, in characters
_LINE = 16.5  # points a line of 11-point type needs, a point to spare for fonts taller than 宋体
_KEPT, _SHORT = 4_000, 12  # cells kept ready, and how long their texts may be


class CopySheet:
    """A sheet on its way into the copy; ``marks`` are its comments once it is written."""

    def __init__(self, workbook: Workbook, part: SheetPart, notes: Notes, styles: CopyStyles, tab: Tab | None) -> None:
        self._workbook, self._part, self._notes, self._styles, self._tab = workbook, part, notes, styles, tab
        self._heading = tab.heading.row if tab else 0
        self._remarks = 0  # column
        self._known: dict[tuple[str, str, int], str] = {}
        self.marks: list[Mark] = []

    def write(self, out: IO[bytes]) -> None:
        """Write the sheet's part. Raises Refused when the file has become unreadable."""
        layout = self._layout()
        root = f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        out.write(f"{HEAD}{root}{self._view()}{self._columns(layout)}<sheetData>".encode())
        noted = self._by_row()
        waiting = next(noted, None)
        for row in self._workbook.rows(self._part):
            while waiting and waiting[0] < row.number:
                out.write(self._row(Row(waiting[0], False, []), waiting[1]).encode())
                waiting = next(noted, None)
            mine = waiting[1] if waiting and waiting[0] == row.number else []
            waiting = next(noted, None) if mine else waiting
            if row.cells or mine:
                out.write(self._row(row, mine).encode())
        out.write(f"</sheetData>{_merged(layout)}{self._behind()}</worksheet>".encode())

    def _layout(self) -> Layout:
        """What stands around the rows; the column for remarks is the clerk's earlier one or the first free.

        The sheets of households were looked at before, the others are small.
        """
        if self._tab and self._tab.layout:
            layout, last = self._tab.layout, self._tab.width
        else:
            layout = Layout()
            cells = (cell for row in self._workbook.rows(self._part, layout) for cell in row.cells[-1:])
            last = max((cell.column for cell in cells), default=0)
        if self._tab:
            self._remarks = self._tab.heading.remarks or last + 1
        return layout

    def _by_row(self) -> Iterator[tuple[int, list[Note]]]:
        """The notes of each row."""
        row, noted = 0, list[Note]()
        for note in self._notes.of_sheet(self._part.title):
            if note.row != row and noted and row:
                yield row, noted
            if note.row != row:
                row, noted = note.row, []
            noted.append(note)
        if noted and row:
            yield row, noted

    def _row(self, row: Row, noted: list[Note]) -> str:
        by_column: dict[int, list[Note]] = {}
        for note in noted:
            by_column.setdefault(note.column, []).append(note)
        cells = {cell.column: cell for cell in row.cells if cell.column != self._remarks}
        if noted:
            made = [
                self._cell(row.number, cells.get(column) or Cell(column, TEXT, ""), by_column.get(column, []))
                for column in sorted({*cells, *by_column} - {0})
            ]
        else:
            made = [f'<c r="{letters(column)}{row.number}"{self._plain(cells[column])}' for column in sorted(cells)]
        if self._remarks and (noted or row.number == self._heading):
            made.append(self._remark(row.number, noted))
        height = f' ht="{row.height}" customHeight="1"' if row.height else ""
        if noted:
            tall = row_height([(self._told(noted), _WIDTH)], at_least=float(row.height or 0))
            height = f' ht="{tall}" customHeight="1"'
        hidden = ' hidden="1"' if row.is_hidden else ""
        return f'<row r="{row.number}"{hidden}{height}>{"".join(made)}</row>'

    def _plain(self, cell: Cell) -> str:
        """A cell without notes behind its place; words and days come again and again and are kept ready."""
        known = cell.kind, cell.text, cell.style
        made = self._known.get(known)
        if made is None:
            is_quoted = cell.kind == TEXT and cell.text.startswith(_FORMULA_LIKE)
            made = f' s="{self._styles.of(cell.style, is_quoted=is_quoted)}"{_content(cell)}'
            if len(self._known) >= _KEPT:
                self._known.clear()
            if len(cell.text) <= _SHORT:
                self._known[known] = made
        return made

    def _cell(self, row: int, cell: Cell, noted: list[Note]) -> str:
        place = f"{letters(cell.column)}{row}"
        colour = min((note.weight for note in noted), key="EWRI".index, default="")
        if noted and len(self.marks) < MANY:
            self.marks.append(Mark(row, cell.column, "\n".join(_told(note, self._notes.lang) for note in noted)))
        looks_like_formula = cell.kind == TEXT and cell.text.startswith(_FORMULA_LIKE)
        style = self._styles.of(cell.style, colour=colour if colour != "I" else "", is_quoted=looks_like_formula)
        kept = next((LOST[note.code] for note in noted if note.code in LOST), "")
        return f'<c r="{place}" s="{style}"{text_content(kept) if kept else _content(cell)}'

    def _remark(self, row: int, noted: list[Note]) -> str:
        place = f"{letters(self._remarks)}{row}"
        if row == self._heading and not noted:
            return f'<c r="{place}" s="{self._styles.of(0, colour="W")}"{text_content(REMARKS)}'
        title = f"{REMARKS}\n" if row == self._heading else ""
        return f'<c r="{place}" s="{self._styles.of(0, is_wrapped=True)}"{text_content(title + self._told(noted))}'

    def _told(self, noted: list[Note]) -> str:
        return "\n".join(f"{note.heading or note.cell}：{_told(note, self._notes.lang)}" for note in noted)

    def _view(self) -> str:
        if not self._heading:
            return '<sheetViews><sheetView workbookViewId="0"/></sheetViews>'
        top = self._heading
        return (
            f'<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="{top}" topLeftCell="B{top + 1}" '
            'activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        )

    def _columns(self, layout: Layout) -> str:
        widths = [one for one in layout.widths if one[0] <= one[1] and (not self._remarks or one[1] < self._remarks)]
        if self._remarks:
            widths.append((self._remarks, self._remarks, _WIDTH))
        listed = "".join(
            f'<col min="{first}" max="{last}" width="{wide:g}" customWidth="1"/>' for first, last, wide in widths
        )
        return f"<cols>{listed}</cols>" if listed else ""

    def _behind(self) -> str:
        return (PRINTED if self._heading else "") + ('<legacyDrawing r:id="r1"/>' if self.marks else "")


def _told(note: Note, lang: str) -> str:
    weight = messages.WEIGHTS[lang].get(note.weight, "")
    return f"{weight} {note.code} {note.what}" + (f" → {note.remedy}" if note.remedy else "")


def _merged(layout: Layout) -> str:
    if not layout.merged:
        return ""
    refs = "".join(
        f'<mergeCell ref="{letters(left)}{top}:{letters(right)}{bottom}"/>'
        for top, left, bottom, right in layout.merged
    )
    return f"<mergeCells>{refs}</mergeCells>"


def _content(cell: Cell) -> str:
    """What stands behind the opening of a cell's tag; a value always, never a formula."""
    if cell.kind == NUMBER and _NUMBER.fullmatch(cell.text):
        return f"><v>{cell.text}</v></c>"
    if cell.kind == BOOLEAN and cell.text in ("0", "1"):
        return f' t="b"><v>{cell.text}</v></c>'
    if cell.kind == ERROR and re.fullmatch(r"#[A-Z0-9/!?_]{2,20}", cell.text):
        return f' t="e"><v>{cell.text}</v></c>'
    return text_content(cell.text) if cell.text else "/>"


def row_height(texts: Iterable[tuple[str, int]], *, at_least: float = 0) -> float:
    """The height in points of a row of wrapped texts, each with the width of its column in characters."""
    lines = max((sum(1 + _columns_of(line) // width for line in text.split("\n")) for text, width in texts), default=1)
    return min(max(_LINE * lines, at_least), 400.0)


def _columns_of(line: str) -> int:
    """How many characters of a column a line takes; Chinese ones take two."""
    return sum(1 if char.isascii() else 2 for char in line)


def text_content(text: str) -> str:
    """A text as the content of a cell: without what XML forbids, at most as long as Excel allows, escaped."""
    safe = text
    if not text.isprintable() or "_x" in text:
        safe = _CODE.sub("_x005F_", _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text))
    safe = safe[:LONGEST]
    return f' t="inlineStr"><is><t xml:space="preserve">{escape(safe)}</t></is></c>'
