"""A result workbook written as a stream: any number of rows, constant memory, text cells only, the same bytes twice.

No cell is ever a formula or a number: what people typed stays as they typed it (OWASP ASVS 1.2.10), long digits too.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import takewhile
from typing import IO
from xml.sax.saxutils import escape

from formgen.write import Stream
from formgen.xlsx.sheetxml import letters

_TIME = (1980, 1, 1, 0, 0, 0)
_LONGEST = 32_767  # characters of a cell, Excel's own limit
_LINE, _TALLEST = 17, 405  # points of a line, with one to spare for fonts taller than 宋体, and of the tallest row
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # Excel reads _x000D_ as a character; such an underscore must say it is one
_ODD = re.compile(f"{_ILLEGAL.pattern}|[&<>]|{_CODE.pattern}")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PARTS = {
    "[Content_Types].xml": "content-types.xml",
    "_rels/.rels": "package-rels.xml",
    "xl/_rels/workbook.xml.rels": "workbook-rels.xml",
    "xl/styles.xml": "styles.xml",
}

PLAIN, HEADING, WRAPPED = 0, 1, 2  # the cell formats of styles.xml, in its order


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result workbook: heading, width in characters, whether its text is wrapped and is printed.

    What is printed are the columns before the first that is not; they are made to fit the width of a page.
    """

    heading: str
    width: int = 12
    is_wrapped: bool = False
    is_printed: bool = True


def write(out: Stream, title: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    """Write a workbook of one sheet with a frozen, filtered heading row to `out`; the number of rows below it."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:  # type: ignore[call-overload]
        for name, source in _PARTS.items():
            package.writestr(_member(name), _stored(source))
        with package.open(_member("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as part:
            part.write(_before(columns).encode())
            count = _write_rows(part, columns, rows)
            part.write(_after(len(columns), count + 1).encode())
        package.writestr(_member("xl/workbook.xml"), _book(title, columns, count + 1))
    return count


def text_of(value: str) -> str:
    """`value` as the content of a cell: without what XML forbids, at most as long as Excel allows, escaped."""
    if len(value) > _LONGEST:
        value = value[: _LONGEST - 1] + "…"
    if not _ODD.search(value):
        return value
    return escape(_CODE.sub("_x005F_", _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", value)))


def _write_rows(part: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> int:
    styles = [WRAPPED if column.is_wrapped else PLAIN for column in columns]
    heads = [(letters(number), style) for number, style in enumerate(styles, start=1)]
    wrapped = [(number, column.width) for number, column in enumerate(columns) if column.is_wrapped]
    number = 1
    for number, row in enumerate(rows, start=2):
        pairs = zip(heads, row, strict=True)
        cells = [_cell(f"{letter}{number}", style, value) for (letter, style), value in pairs if value]
        lines = max((_lines(row[place], width) for place, width in wrapped), default=1)
        height = f' ht="{min(lines * _LINE, _TALLEST)}" customHeight="1"' if lines > 1 else ""
        part.write(f'<row r="{number}"{height}>{"".join(cells)}</row>'.encode())
    return number - 1


def _lines(text: str, width: int) -> int:
    """How many lines a wrapped text takes; a Chinese character is as wide as two others, as in its old encoding."""
    return sum(-(-len(line.encode("gb18030", "replace")) // (width - 1)) or 1 for line in text.split("\n"))


def _cell(place: str, style: int, value: str) -> str:
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text_of(value)}</t></is></c>'


def _before(columns: Sequence[Column]) -> str:
    widths = [f'min="{n}" max="{n}" width="{column.width}"' for n, column in enumerate(columns, start=1)]
    heads = [_cell(f"{letters(n)}1", HEADING, column.heading) for n, column in enumerate(columns, start=1)]
    tall = _LINE * max(_lines(column.heading, column.width) for column in columns)
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="1" '
        'topLeftCell="B2" activePane="bottomRight" state="frozen"/></sheetView></sheetViews><cols>'
        + "".join(f'<col {width} customWidth="1"/>' for width in widths)
        + f'</cols><sheetData><row r="1" ht="{tall}" customHeight="1">{"".join(heads)}</row>'
    )


def _after(width: int, height: int) -> str:
    area = f"A1:{letters(width)}{height}"
    return (
        f'</sheetData><autoFilter ref="{area}"/>'
        '<printOptions gridLines="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors></worksheet>'
    )


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    info.create_system = 3  # the same on every system
    return info


def _book(title: str, columns: Sequence[Column], height: int) -> str:
    """The workbook: its sheet, the area that is printed, the heading row on every page."""
    printed = len(list(takewhile(lambda column: column.is_printed, columns)))
    area = f"$A$1:${letters(printed)}${height}"
    return _stored("workbook.xml").replace("{title}", text_of(title)).replace("{area}", area)


def _stored(name: str) -> str:
    return (files("formgen") / "data" / "workbook" / name).read_text(encoding="utf-8")
