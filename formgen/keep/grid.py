"""A table of a paper as WordprocessingML: many rows, each whole on its page, the heading on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from formgen.keep import still

TWIPS_A_POINT, TWIPS_A_MM = 20, 1440 / 25.4
ROW = 7.0  # millimetres, at least
HEAD, BODY = "黑体", "仿宋_GB2312"
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML cannot hold these; a file name can


def table(
    headings: Sequence[str], rows: Sequence[Sequence[still.Cell]], widths: Sequence[int], size: int, row: float = ROW
) -> Any:
    """The element of a table; ``widths`` in twips, ``size`` in points, each row at least ``row`` millimetres high."""
    parts = [_head(widths), _row(headings, widths, HEAD, size, row, is_heading=True)]
    parts += (_row(cells, widths, BODY, size, row) for cells in rows)
    return parse_xml("".join((*parts, "</w:tbl>")))


def _head(widths: Sequence[int]) -> str:
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:jc w:val="center"/><w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>'
    )


def _row(
    cells: Sequence[still.Cell],
    widths: Sequence[int],
    font: str,
    size: int,
    row: float,
    *,
    is_heading: bool = False,
) -> str:
    shape = f'<w:cantSplit/><w:trHeight w:val="{round(row * TWIPS_A_MM)}" w:hRule="atLeast"/>'
    shape += "<w:tblHeader/>" if is_heading else ""
    made = "".join(
        _cell(cell, width, font, size, is_centred=is_heading or isinstance(cell, int))
        for cell, width in zip(cells, widths, strict=True)
    )
    return f"<w:tr><w:trPr>{shape}</w:trPr>{made}</w:tr>"


def _cell(value: still.Cell, width: int, font: str, size: int, *, is_centred: bool) -> str:
    fonts = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}" w:eastAsia="{font}"/><w:sz w:val="{2 * size}"/>'
    placed = '<w:jc w:val="center"/>' if is_centred else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:before="{TWIPS_A_POINT}" w:after="{TWIPS_A_POINT}"/>{placed}</w:pPr>'
        f"<w:r><w:rPr>{fonts}</w:rPr>{''.join(_lines(value))}</w:r></w:p></w:tc>"
    )


def _lines(value: still.Cell) -> Iterator[str]:
    for place, line in enumerate(_UNFIT.sub("", "" if value is None else str(value)).split("\n")):
        yield f'{"<w:br/>" if place else ""}<w:t xml:space="preserve">{escape(line)}</w:t>'
