"""Attached pages (附页): what is too long for its field stands there in full, behind the form."""

from __future__ import annotations

import io
from collections.abc import Iterable

from pypdf import PdfReader, PdfWriter

from formgen.pdf import clean as pdf_clean
from formgen.pdf import fonts
from formgen.pdf.layout import break_lines
from formgen.pdf.page import A4, MM, Drawing, Pages
from formgen.pdf.plan import LANGUAGE, entitle

LEFT, WIDTH, BOTTOM = 28 * MM, A4[0] - 54 * MM, 30 * MM
SIZE, STEP = 12.0, 21.0


def attach(content: bytes, texts: Iterable[tuple[str, str]], *, title: str, subject: str = "") -> bytes:
    """The form with a page behind it for each (heading, text); its fields stay. Equal input gives equal bytes."""
    pages = _Sheets(title, subject)
    for heading, text in texts:
        pages.put(heading, role="黑")
        for paragraph in text.split("\n"):
            pages.put(paragraph)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for page in PdfReader(io.BytesIO(pages.finish())).pages:
        writer.add_page(page)
    entitle(writer, LANGUAGE)
    return pdf_clean.rewritten(writer, title)


class _Sheets:
    """Lines set one below the other, on as many pages as they need."""

    def __init__(self, title: str, subject: str) -> None:
        self._pages, self._title, self._subject = Pages(), title, subject
        self._page, self._y = self._begin()

    def put(self, paragraph: str, *, role: str = "宋") -> None:
        """Set a paragraph below what stands there, on a new page where this one is full."""
        glyphs = [glyph for char in paragraph if (glyph := fonts.stack(role).glyph(char))]
        for line in break_lines(glyphs, WIDTH * 1000 / SIZE):
            if self._y < BOTTOM:
                self._page, self._y = self._begin()
            self._pages.write(self._page, LEFT, self._y, "".join(glyph.char for glyph in line), SIZE, role=role)
            self._y -= STEP

    def finish(self) -> bytes:
        """The pages as a PDF, each with its number at the foot."""
        drawn = self._pages.drawings
        for number, page in enumerate(drawn, 1):
            words = "　".join(filter(None, (self._subject, f"附页 {number}/{len(drawn)}")))
            self._pages.write(page, A4[0] / 2, 15 * MM, words, 9, align=1)
        return self._pages.finish(title="")

    def _begin(self) -> tuple[Drawing, float]:
        page = self._pages.page()
        self._pages.write(page, A4[0] / 2, A4[1] - 37 * MM, "附页", 18, role="小标宋", align=1)
        self._pages.write(page, A4[0] / 2, A4[1] - 37 * MM - 24, self._title, 10.5, align=1)
        return page, A4[1] - 37 * MM - 60
