"""Papers of the archive as Word documents: a title, tables, lines to sign, a digest in the footer; A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, Twips

from formgen.keep import grid, still
from formgen.papers import pictures

TITLE, TEXT, LABEL = ("宋体", 22), ("仿宋_GB2312", 14), ("黑体", 12)
CELL, SMALL = ("仿宋_GB2312", 12), ("仿宋_GB2312", 9)
CODE, EDGE = 13, 5  # millimetres: the QR code and how far it stays from the edge of the page


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
        """A paragraph of text, on the page of what follows."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.keep_with_next = True
        if right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        _run(paragraph, text, LABEL if label else TEXT)

    def pairs(
        self, rows: Sequence[tuple[str, str]], *, share: float = 0.3, height: float = 9, first: float = 0
    ) -> None:
        """A table of two columns: label and value, each row at least ``height`` mm high.

        With ``first`` the first row is that high and its value begins at the top, so that a hand can go on below it.
        """
        table = self._table(len(rows), (share, 1 - share), height)
        for row, (label, value) in zip(table.rows, rows, strict=True):
            _fill(row.cells[0], label, LABEL, centred=True)
            _fill(row.cells[1], value, CELL)
        if first:
            table.rows[0].height = Mm(first)
            table.rows[0].cells[1].vertical_alignment = WD_ALIGN_VERTICAL.TOP

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[still.Cell]], shares: Sequence[float], size: int = 10
    ) -> None:
        """A table with headings repeated on each page; ``shares`` are the widths of the columns, together 1."""
        widths = [int(self._width * share / Twips(1)) for share in shares]
        paragraph = self._document.add_paragraph()
        paragraph._p.addprevious(grid.table(headings, rows, widths, size))
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.keep_with_next = True

    def next_page(self) -> None:
        """What follows begins a new page."""
        self._document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)

    def signatures(self, *labels: str) -> None:
        """A line to sign and date for each, by hand."""
        for place, label in enumerate(labels):
            paragraph = self._document.add_paragraph()
            paragraph.paragraph_format.space_before = Pt(10 if place else 24)
            paragraph.paragraph_format.keep_with_next = label != labels[-1]
            paragraph.paragraph_format.tab_stops.add_tab_stop(int(self._width * 0.55))
            _run(paragraph, f"{label}：\t　　　　年　　月　　日", TEXT)

    def code(self, text: str) -> None:
        """A QR code in the lower right corner of every page: a machine reads the digest off a signed paper."""
        try:
            drawn = pictures.qr(text, scale=8, border=1)
        except ImportError:  # the digest stands in the footer as well
            return
        section = self._document.sections[0]
        paragraph = section.footer.paragraphs[0].insert_paragraph_before()  # a frame needs a paragraph behind it
        paragraph.add_run().add_picture(io.BytesIO(drawn), width=Mm(CODE))
        frame: Any = OxmlElement("w:framePr")
        places = {
            "x": (section.page_width, EDGE + 1.5),
            "y": (section.page_height, EDGE),
        }  # a frame stands off its text
        corner = {side: str(round((int(end or 0) - Mm(CODE + gap)) / Twips(1))) for side, (end, gap) in places.items()}
        for name, value in {"wrap": "around", "vAnchor": "page", "hAnchor": "page", **corner}.items():
            frame.set(qn(f"w:{name}"), value)
        paragraph._p.get_or_add_pPr().insert_element_before(frame, "w:widowControl", "w:spacing", "w:jc")

    def footer(self, text: str, below: str = "") -> None:
        """One line at the foot of every page, with its number and how many there are; another below it."""
        paragraph = self._document.sections[0].footer.paragraphs[-1]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, f"{text}　第", SMALL)
        _field(paragraph, "PAGE")
        _run(paragraph, "页　共", SMALL)
        _field(paragraph, "NUMPAGES")
        _run(paragraph, f"页\n{below}" if below else "页", SMALL)

    def content(self, on: date | None) -> bytes:
        """The docx, dated inside with the day `on`."""
        if not self._document.paragraphs[-1].text:  # behind a table that fills its page this would be another page
            self._document.paragraphs[-1].paragraph_format.line_spacing = Pt(1)
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
                cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
        self._document.add_paragraph().paragraph_format.space_after = Pt(0)
        return table


def _fill(cell: Any, text: str, font: tuple[str, int], *, centred: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, font)


def _run(paragraph: Any, text: str, font: tuple[str, int], *, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = font[0], Pt(font[1]), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])


def _field(paragraph: Any, name: str) -> None:
    """A number that Word counts itself: PAGE or NUMPAGES."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)
    _run(paragraph, "1", SMALL)
    field.append(paragraph.runs[-1]._r)


def _whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
