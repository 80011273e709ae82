"""Papers of the archive as Word documents: a title, tables, lines to sign, a digest in the footer; A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from formgen.keep import still
from formgen.papers import pictures

TITLE, TEXT, LABEL = ("宋体", 22), ("仿宋_GB2312", 14), ("黑体", 12)
CELL = ("仿宋_GB2312", 12)


class Paper:
    """One paper being drawn; ``content`` gives its bytes, the same for the same calls."""

    def __init__(self, title: str, *, is_wide: bool = False) -> None:
        self._document = Document()
        self._title = title
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        if is_wide:
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = (Mm(20), Mm(18)) if is_wide else (Mm(30), Mm(25))
        section.left_margin, section.right_margin = (Mm(18), Mm(18)) if is_wide else (Mm(28), Mm(26))
        self._width = section.page_width - section.left_margin - section.right_margin
        heading = self._document.paragraphs[0] if self._document.paragraphs else self._document.add_paragraph()
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        heading.paragraph_format.space_after = Pt(12)
        _run(heading, title, TITLE, bold=True)

    def line(self, text: str, *, right: bool = False, label: bool = False) -> None:
        """A paragraph of text."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(4)
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, text, LABEL if label else TEXT)

    def pairs(
        self, rows: Sequence[tuple[str, str]], *, share: float = 0.3, height: float = 9, first: float = 0
    ) -> None:
        """A table of two columns: label and value, each row at least ``height`` mm high, the first ``first`` mm."""
        table = self._table(len(rows), (share, 1 - share), height)
        table.rows[0].height = Mm(first or height)
        for row, (label, value) in zip(table.rows, rows, strict=True):
            _fill(row.cells[0], label, LABEL, centred=True)
            _fill(row.cells[1], value, CELL)

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[still.Cell]], shares: Sequence[float], size: int = 10
    ) -> None:
        """A table with headings repeated on each page; ``shares`` are the widths of the columns, together 1."""
        table = self._table(len(rows) + 1, shares, 8)
        _repeat(table.rows[0])
        for cell, heading in zip(table.rows[0].cells, headings, strict=True):
            _fill(cell, heading, ("黑体", size), centred=True)
        for row, values in zip(table.rows[1:], rows, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                _fill(cell, "" if value is None else str(value), ("仿宋_GB2312", size), centred=isinstance(value, int))

    def signatures(self, *labels: str) -> None:
        """A line to sign and date for each, by hand."""
        self._document.add_paragraph()
        for label in labels:
            paragraph = self._document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(10)
            paragraph.paragraph_format.tab_stops.add_tab_stop(int(self._width * 0.55))
            _run(paragraph, f"{label}：\t　　　　年　　月　　日", TEXT)

    def code(self, text: str) -> None:
        """A QR code of 18 mm at the right: a machine reads the digest off a signed paper. None without segno."""
        try:
            drawn = pictures.qr(text, scale=8, border=2)
        except ImportError:  # the digest stands in the footer as well
            return
        paragraph = self._document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(18))

    def footer(self, text: str) -> None:
        """One line at the foot of every page."""
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, text, ("仿宋_GB2312", 9))

    def content(self, on: date | None) -> bytes:
        """The docx, dated inside with the day `on`."""
        facts = self._document.core_properties
        facts.title, facts.author, facts.last_modified_by, facts.comments = self._title, "formgen", "formgen", ""
        target = io.BytesIO()
        self._document.save(target)
        return still.package(target.getvalue(), on)

    def _table(self, rows: int, shares: Sequence[float], height: float) -> Any:
        table = self._document.add_table(rows=rows, cols=len(shares))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for column, share in zip(table.columns, shares, strict=True):
            column.width = int(self._width * share)
        for row in table.rows:
            row.height = Mm(height)
            _whole(row)
            for cell, share in zip(row.cells, shares, strict=True):
                cell.width = int(self._width * share)
                cell.vertical_alignment = 1
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)
        return table


def _fill(cell: Any, text: str, font: tuple[str, int], *, centred: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font)


def _run(paragraph: Any, text: str, font: tuple[str, int], *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font[0], Pt(font[1]), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
