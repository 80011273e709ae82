"""PDF/A-2b, the form in which papers are kept: forms flattened, dates and chance taken out, scans wrapped as they are.

What does not conform is never written: pikepdf reads back what it wrote and admits only what it knows (ISO 19005-2).
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from importlib.util import find_spec

from formgen.model import Finding, Place
from formgen.pdf import PdfForm, Unfillable
from formgen.pdf import clean as pdf_clean
from formgen.pdf.scan import UnknownPicture, page_of_pictures

FLAVOUR = "2b"
_NO_FORM = ("E509", "E510")
_REASONS_TOLD = 3


def is_available() -> bool:
    """Whether this machine can make PDF/A (the extra ``archive``)."""
    return all(find_spec(name) for name in ("pikepdf", "jsonschema", "referencing"))


def archive(content: bytes, *, title: str = "", name: str = "") -> tuple[bytes | None, tuple[Finding, ...]]:
    """The PDF as PDF/A-2b; None with a finding when it cannot be had. Equal input gives equal bytes."""
    place = Place(file=name)
    if not is_available():
        return None, (Finding("W505", place, {"name": name}),)
    try:
        flat = PdfForm(content, name=name).fill({}, mode="flat", title=title).content
    except Unfillable as refusal:
        if refusal.finding.code not in _NO_FORM:
            return None, (refusal.finding,)
        flat = content
    try:
        clean = pdf_clean.clean(flat, title=title)
    except ValueError:
        return None, (Finding("E501", place, {"reason": "PDF"}),)
    return _conforming(clean, title, place)


def scans(pictures: Sequence[bytes], *, title: str = "", name: str = "") -> tuple[bytes | None, tuple[Finding, ...]]:
    """JPEG and PNG pictures, a page each, as PDF/A-2b around their untouched bytes; None with a finding when not."""
    place = Place(file=name)
    if not is_available():
        return None, (Finding("W505", place, {"name": name}),)
    try:
        wrapped = page_of_pictures(pictures, title=title)
    except UnknownPicture as wrong:
        return None, (Finding("E515", place, {"page": str(wrong.page)}),)
    return _conforming(wrapped, title, place)


def _conforming(content: bytes, title: str, place: Place) -> tuple[bytes | None, tuple[Finding, ...]]:
    import pikepdf
    from pikepdf import pdfa

    written = io.BytesIO()
    try:
        with warnings.catch_warnings(action="ignore"), pikepdf.open(io.BytesIO(content)) as document:
            _describe(document, title)
            pdfa.prepare(document, FLAVOUR)
            _forget_time(document)
            pdfa.save(document, written, FLAVOUR, repair=False, deterministic_id=True)
    except pdfa.PdfaError as refusal:
        reasons = dict.fromkeys(str(finding.message) for finding in refusal.report.findings)
        told = "；".join(list(reasons)[:_REASONS_TOLD])
        return None, (Finding("E514", place, {"name": place.file, "reasons": told}),)
    except (pikepdf.PdfError, ValueError) as wrong:
        return None, (Finding("E501", place, {"reason": type(wrong).__name__}),)
    return written.getvalue(), ()


def _describe(document, title: str) -> None:
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title or "formgen"
        metadata["dc:language"] = ["zh-CN"]
        metadata["pdf:Producer"] = "formgen"
    document.docinfo["/Title"] = title or "formgen"


def _forget_time(document) -> None:
    """The hour of conversion is no part of the paper."""
    with document.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for key in ("xmp:MetadataDate", "xmp:ModifyDate", "xmp:CreateDate"):
            if key in metadata:
                del metadata[key]
    for key in ("/ModDate", "/CreationDate"):
        if key in document.docinfo:
            del document.docinfo[key]
