"""Tables and packages whose bytes stand still: csv and xlsx made twice are the same file."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_THIN = Side(style="thin", color="FF000000")
_FRAME = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)

Cell = str | int | None


def package(content: bytes, on: date | None) -> bytes:
    """The same docx or xlsx with fixed times: those of the zip 1980-01-01, those of the document the day `on`."""
    stamp = f"{(on or date(1980, 1, 1)).isoformat()}T00:00:00Z".encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _STAMP.sub(lambda found: found[1] + stamp + found[3], part)
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            made.writestr(entry, part)
    return target.getvalue()


def number(text: str) -> Cell:
    """A count as a number, so that it stands in the middle and can be summed; other text as it is."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else text


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as CSV that Excel opens in Chinese; a cell that a spreadsheet would calculate is quoted by '."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def workbook(
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]], Sequence[int]]],
    *,
    title: str,
    on: date | None,
    notes: Sequence[str] = (),
) -> bytes:
    """A workbook for printing on A4 landscape; each sheet is (name, headings, rows, widths), text only.

    ``notes`` stand below the first table.
    """
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = "formgen", title
    for place, (name, headings, rows, widths) in enumerate(sheets):
        sheet = book.create_sheet(name)
        for column, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.print_title_rows = "1:2"
        sheet.freeze_panes = "A3"
        sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
        sheet.append([_cell(sheet, title if place == 0 else name, bold=True, size=16, framed=False)])
        sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
        for row in rows:
            sheet.append([_cell(sheet, cell) for cell in row])
        for note in notes if place == 0 else ():
            sheet.append([_cell(sheet, note, framed=False, wrapped=False)])
    target = io.BytesIO()
    book.save(target)
    return package(target.getvalue(), on)


def _cell(
    sheet: Any, value: Cell, *, bold: bool = False, size: int = 10, framed: bool = True, wrapped: bool = True
) -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font = Font(name="宋体", size=size, bold=bold)
    cell.alignment = Alignment(vertical="center", wrap_text=wrapped and framed)
    if framed:
        cell.border = _FRAME
    return cell


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
