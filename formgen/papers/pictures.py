"""Pictures of papers: pages as PNG to post in a chat, and the small QR code that files a signed page.

Both need a package that the core does not: pypdfium2 for pages, segno for codes.
"""

from __future__ import annotations

import hashlib
import io

from formgen.messages import FormgenError
from formgen.model import Finding
from formgen.word import Picture

WIDE = 1240  # pixels of an A4 page at 150 dpi
CODE = 12.0  # millimetres: narrower than the right margin of every shipped paper
DIGITS = 16


def pages(content: bytes) -> tuple[bytes, ...]:
    """Every page of a PDF as a PNG file. Raises FormgenError without pypdfium2."""
    try:
        import pypdfium2  # only here: nothing else draws pages
    except ImportError as absent:
        raise FormgenError(Finding("E524")) from absent
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    return tuple(_png(page, WIDE / page.get_width()) for page in document)


def code(case_no: str, form: str, content: bytes) -> Picture:
    """The QR code of a paper: case number, paper and the digest of its content; no personal data.

    Raises FormgenError without segno.
    """
    try:
        drawn = qr(words(case_no, form, content), scale=4, border=1)
    except ImportError as absent:
        raise FormgenError(Finding("E525")) from absent
    return Picture(drawn, CODE, CODE)


def qr(text: str, *, scale: int, border: int) -> bytes:
    """A QR code as PNG, ``scale`` pixels a module, ``border`` modules of white around it. Raises ImportError."""
    import segno  # only here: few papers carry a code

    made = io.BytesIO()
    segno.make(text, error="m", micro=False).save(made, kind="png", scale=scale, border=border)
    return made.getvalue()


def words(case_no: str, form: str, content: bytes) -> str:
    """What the code says: case number, paper id and sixteen hex digits of the content's SHA-256."""
    return f"{case_no} {form} {hashlib.sha256(content).hexdigest()[:DIGITS]}"


def _png(page: object, scale: float) -> bytes:
    made = io.BytesIO()
    page.render(scale=scale).to_pil().convert("L").save(made, "PNG", optimize=True)  # type: ignore[attr-defined]
    return made.getvalue()
