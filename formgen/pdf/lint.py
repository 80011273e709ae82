"""What a PDF template must not carry: scripts, programs, addresses to send to, attachments, another form inside."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject

from formgen.model import Finding, Place
from formgen.pdf import PdfForm, Unfillable, pdfa
from formgen.pdf.form import BROKEN
from formgen.pdf.objects import dictionary

#: what is looked for: action or key → the word of the finding
_ACTIONS = {
    "/JavaScript": "script",
    "/Launch": "program",
    "/SubmitForm": "sending",
    "/ImportData": "sending",
    "/GoToR": "other file",
    "/GoToE": "other file",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
}
_KEYS = {"/XFA": "XFA", "/EmbeddedFiles": "attachment", "/EmbeddedFile": "attachment", "/RichMedia": "media"}


def check(name: str, content: bytes, known: frozenset[str] | None = None) -> tuple[Finding, ...]:
    """Everything wrong with a PDF template; with ``known`` also the fields that are no tag of ours (W506)."""
    place = Place(file=name)
    try:
        form = PdfForm(content, name=name)
        reader = PdfReader(io.BytesIO(content), strict=False)
        carried = sorted(set(_carried(reader)))
    except Unfillable as refusal:
        return (refusal.finding,)
    except BROKEN as wrong:
        return (Finding("E501", place, {"reason": type(wrong).__name__}),)
    found = [Finding("E516", place, {"what": "、".join(carried)})] if carried else []
    found += _trial(form, place)
    for about in form.fields:
        if known is not None and about.name not in known and about.kind not in ("button", "signature"):
            found.append(Finding("W506", Place(file=name, heading=about.name), {"field": about.name}))
    return tuple(found)


def _trial(form: PdfForm, place: Place) -> list[Finding]:
    """A trial with rare characters, and whether the filled form can be kept as PDF/A."""
    texts = {about.name: "䶮"[: about.max_length or 1] for about in form.fields if about.kind == "text"}
    filled = form.fill(texts, mode="flat")
    found = [finding for finding in filled.findings if finding.is_error]
    if filled.content and pdfa.is_available():
        refusals = pdfa.archive(filled.content, name=place.file)[1]
        found += [Finding("W508", place, refusal.values) for refusal in refusals if refusal.code == "E514"]
    return found


def _carried(reader: PdfReader) -> Iterator[str]:
    """The kinds of what the file carries, found on a walk over everything it holds."""
    seen: set[int] = set()
    waiting: list[PdfObject] = [dictionary(reader.trailer["/Root"])]
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            if value.idnum in seen:
                continue
            seen.add(value.idnum)
            found = value.get_object()
            if found is not None:
                waiting.append(found)
        elif isinstance(value, DictionaryObject):
            kinds = (_ACTIONS.get(str(value.get("/S"))), _KEYS.get(str(value.get("/Type"))))
            yield from (kind for kind in (*kinds, *(_KEYS.get(key) for key in value)) if kind)
            waiting.extend(value.values())
        elif isinstance(value, ArrayObject):
            waiting.extend(value)
