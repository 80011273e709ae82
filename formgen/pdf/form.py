"""An AcroForm as it is found: its fields, and each place (widget) where a field is drawn. Reads any maker's form.

Field attributes are inherited, widgets may be fields themselves, and files in the wild break every rule; what cannot be
read at all is ``Unfillable`` with the finding that says why.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import (
    DictionaryObject,
    IndirectObject,
    NumberObject,
)

from formgen import names
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.pdf.objects import array, dictionary, integer, string
from formgen.pdf.widget import Lineage, Widget, inherited, widget_of

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters becomes a finding

BROKEN = (
    *(PyPdfError, DependencyError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError),
    *(RecursionError, NotImplementedError, OSError, struct.error, zlib.error, AssertionError),
)
READONLY, REQUIRED, NO_EXPORT = 1, 1 << 1, 1 << 2
MULTILINE, PASSWORD, COMB = 1 << 12, 1 << 13, 1 << 24
RADIO, PUSH, UNISON = 1 << 15, 1 << 16, 1 << 25
COMBO, EDIT, MULTISELECT = 1 << 17, 1 << 18, 1 << 21
_ICON_ONLY = 1
_LATE = ("pages", "rects", "choices", "is_hidden")
_DEEPEST = 40  # parents above a field before we call it a loop


class Unfillable(FormgenError):
    """The file is no form that can be filled; ``finding`` says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfField:
    """One field of a form. ``kind`` is text, check, radio, choice, list, picture, button or signature.

    ``choices`` are (stored value, shown words) of check boxes, radio buttons and lists; ``max_length`` is None when any
    length goes. ``pages`` are numbered from 1 and stand beside ``rects`` (points, left bottom right top).
    """

    name: str
    kind: str
    pages: tuple[int, ...]
    rects: tuple[tuple[float, float, float, float], ...]
    value: str = ""
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    max_length: int | None = None
    is_comb: bool = False
    is_multiline: bool = False
    is_open: bool = False  # a combo box that takes words of one's own
    is_readonly: bool = False
    is_required: bool = False
    is_hidden: bool = False  # has a value but is never printed


@dataclass(slots=True)
class Node:
    """A field with the object that holds its value and its widgets (which may be the same object)."""

    about: PdfField
    holder: DictionaryObject
    number: int
    flags: int
    widgets: list[Widget] = field(default_factory=list)


def open_form(source: Path | bytes, *, name: str = "") -> PdfReader:
    """The opened file. Raises Unfillable when it is broken, locked or no form."""
    place = Place(file=name or (names.shown(source) if isinstance(source, Path) else ""))
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source
        reader = PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted and not _unlock(reader):
            raise Unfillable(Finding("E507", place))
        form = dictionary(dictionary(reader.trailer["/Root"]).get("/AcroForm"))
        pages = len(reader.pages)
    except BROKEN as wrong:
        raise Unfillable(Finding("E501", place, {"reason": type(wrong).__name__})) from wrong
    if not pages:
        raise Unfillable(Finding("E501", place, {"reason": "0"}))
    if not form:
        raise Unfillable(Finding("E509", place))
    return reader


def _unlock(reader: PdfReader) -> bool:
    """Whether the file opens without a password and its owner lets others fill it in."""
    if not reader.decrypt(""):
        return False
    allowed = reader.user_access_permissions
    filling = UserAccessPermissions.FILL_FORM_FIELDS | UserAccessPermissions.MODIFY
    return allowed is None or bool(allowed & filling)


def is_xfa(reader: PdfReader) -> bool:
    """Whether the form is also, or only, described in XFA, which viewers have given up."""
    return "/XFA" in dictionary(dictionary(reader.trailer["/Root"]).get("/AcroForm"))


def copy_of(reader: PdfReader) -> PdfWriter:
    """A copy that may be changed; every copy numbers its objects alike."""
    return PdfWriter(clone_from=reader)


def nodes_of(writer: PdfWriter) -> list[Node]:
    """The fields that are drawn somewhere, in page order, with their widgets."""
    form = dictionary(writer.root_object.get("/AcroForm"))
    parents = _parents(form)
    nodes: dict[str, Node] = {}
    for page_at, page in enumerate(writer.pages):
        for number, entries in _widgets(writer, page):
            lineage = _lineage(entries, number, parents)
            name = ".".join(str(level["/T"]) for level, _ in reversed(lineage) if "/T" in level)
            holder, holder_number = next(((d, n) for d, n in lineage if "/T" in d), (entries, number))
            kind = _kind(lineage)
            if not kind or not holder_number:
                continue
            flags = integer(inherited(lineage, "/Ff"))
            known = nodes.get(name)
            if known is None:
                known = nodes[name] = Node(_about(name, kind, flags, lineage, holder), holder, holder_number, flags)
            known.widgets.append(widget_of(entries, number, page_at, lineage, form))
    for node in nodes.values():
        node.about = _completed(node)
    return list(nodes.values())


def _parents(form: DictionaryObject) -> dict[int, DictionaryObject]:
    """Object number of a kid → the field above it, for files whose kids do not say."""
    found: dict[int, DictionaryObject] = {}
    waiting = [dictionary(entry) for entry in array(form.get("/Fields"))]
    while waiting:
        above = waiting.pop()
        for kid in array(above.get("/Kids")):
            if isinstance(kid, IndirectObject) and kid.idnum not in found:
                found[kid.idnum] = above
                waiting.append(dictionary(kid))
    return found


def _widgets(writer: PdfWriter, page: DictionaryObject) -> Iterator[tuple[int, DictionaryObject]]:
    annotations = array(page.get("/Annots"))
    for at, entry in enumerate(annotations):
        entries = dictionary(entry)
        if entries.get("/Subtype") != "/Widget" or len(array(entries.get("/Rect"))) != 4:
            continue
        if not isinstance(entry, IndirectObject):
            entry = annotations[at] = writer._add_object(entries)
        yield entry.idnum, entries


def _lineage(entries: DictionaryObject, number: int, parents: dict[int, DictionaryObject]) -> Lineage:
    """The widget, its field, and the fields above, each with its object number."""
    lineage = [(entries, number)]
    while len(lineage) < _DEEPEST:
        level, its_number = lineage[-1]
        above = dictionary(level.get("/Parent")) or parents.get(its_number)
        if not above or any(above is known for known, _ in lineage):
            break
        reference = above.indirect_reference
        lineage.append((above, reference.idnum if reference else 0))
    return lineage


def _kind(lineage: Lineage) -> str:
    flags = integer(inherited(lineage, "/Ff"))
    match inherited(lineage, "/FT"):
        case "/Tx":
            return "text"
        case "/Btn":
            return _pushed(lineage) if flags & PUSH else "radio" if flags & RADIO else "check"
        case "/Ch":
            return "choice" if flags & COMBO else "list"
        case "/Sig":
            return "signature"
    return ""


def _pushed(lineage: Lineage) -> str:
    """A button that shows nothing but an icon is a frame for a picture."""
    look = dictionary(lineage[0][0].get("/MK"))
    return "picture" if integer(look.get("/TP")) == _ICON_ONLY else "button"


def _about(name: str, kind: str, flags: int, lineage: Lineage, holder: DictionaryObject) -> PdfField:
    length = inherited(lineage, "/MaxLen")
    limit = int(length) if isinstance(length, NumberObject) and length > 0 else None
    is_comb = kind == "text" and bool(flags & COMB) and not flags & (MULTILINE | PASSWORD) and limit is not None
    value = inherited(lineage, "/V")
    return PdfField(
        name=name,
        kind=kind,
        pages=(),
        rects=(),
        value=string(value),
        label=string(inherited(lineage, "/TU")),
        choices=_options(lineage) if kind in ("choice", "list") else (),
        max_length=limit if kind == "text" else None,
        is_comb=is_comb,
        is_multiline=kind == "text" and bool(flags & MULTILINE),
        is_open=kind == "choice" and bool(flags & EDIT),
        is_readonly=bool(flags & READONLY),
        is_required=bool(flags & REQUIRED),
    )


def _options(lineage: Lineage) -> tuple[tuple[str, str], ...]:
    found = []
    for option in array(inherited(lineage, "/Opt")):
        pair = array(option)
        words_of = [string(part) for part in pair] if pair else [string(option)]
        found.append((words_of[0], words_of[-1]))
    return tuple(found)


def _completed(node: Node) -> PdfField:
    """What is known of a field only when all its widgets are: places, and the states of its buttons."""
    choices = node.about.choices
    if node.about.kind in ("check", "radio"):
        labels = [string(option) for option in array(node.holder.get("/Opt"))]
        shown = labels if len(labels) == len(node.widgets) else []
        pairs = [(widget.on_state, shown[at] if shown else widget.on_state) for at, widget in enumerate(node.widgets)]
        choices = tuple(dict.fromkeys(pairs))
    return PdfField(
        **{name: getattr(node.about, name) for name in PdfField.__slots__ if name not in _LATE},
        pages=tuple(widget.page + 1 for widget in node.widgets),
        rects=tuple(widget.rect for widget in node.widgets),
        choices=choices,
        is_hidden=all(widget.is_hidden for widget in node.widgets),
    )
