"""An AcroForm as it is found: its fields, and each place (widget) where a field is drawn. Reads any maker's form.

Field attributes are inherited, widgets may be fields themselves, and files in the wild break every rule; what cannot be
read at all is ``Unfillable`` with the finding that says why.
"""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.constants import UserAccessPermissions
from pypdf.errors import DependencyError, PyPdfError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from formgen import fonts
from formgen.messages import words
from formgen.model import Finding, FormgenError, Place

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters becomes a finding

BROKEN = (
    *(PyPdfError, DependencyError, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError),
    *(RecursionError, NotImplementedError, OSError, struct.error, zlib.error, AssertionError),
)
READONLY, REQUIRED, NO_EXPORT = 1, 1 << 1, 1 << 2
MULTILINE, PASSWORD, COMB = 1 << 12, 1 << 13, 1 << 24
RADIO, PUSH, UNISON = 1 << 15, 1 << 16, 1 << 25
COMBO, EDIT, MULTISELECT = 1 << 17, 1 << 18, 1 << 21
_DEEPEST = 40  # parents above a field before we call it a loop
_SIZE = re.compile(rb"/(\S+)\s+(-?[\d.]+)\s+Tf")
_COLOUR = re.compile(rb"((?:-?[\d.]+\s+){1,4})(g|rg|k)\b")


class Unfillable(FormgenError):
    """The file is no form that can be filled; ``finding`` says why and what to do."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.place}：{words(finding.code, finding.values)}{words(finding.code, part='do')}")
        self.finding = finding


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfField:
    """One field of a form. ``kind`` is text, check, radio, choice, list, button or signature.

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


@dataclass(slots=True)
class Widget:
    """One place where a field is drawn."""

    entries: DictionaryObject
    number: int
    page: int
    rect: tuple[float, float, float, float]
    rotation: int
    role: str
    size: float
    colour: str
    align: int
    background: str
    border: str
    border_width: float
    border_style: str
    symbol: str
    on_state: str
    is_hidden: bool


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
    place = Place(file=name or (source.name if isinstance(source, Path) else ""))
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source
        reader = PdfReader(io.BytesIO(raw), strict=False)
        if reader.is_encrypted and not _unlock(reader):
            raise Unfillable(Finding("E507", place))
        form = reader.trailer["/Root"].get("/AcroForm", NullObject()).get_object()
        pages = len(reader.pages)
    except BROKEN as wrong:
        raise Unfillable(Finding("E501", place, {"reason": type(wrong).__name__})) from wrong
    if not pages:
        raise Unfillable(Finding("E501", place, {"reason": "0"}))
    if not isinstance(form, DictionaryObject):
        raise Unfillable(Finding("E509", place))
    return reader


def _unlock(reader: PdfReader) -> bool:
    """Whether the file opens without a password and its owner lets others fill it in."""
    if not reader.decrypt(""):
        return False
    allowed = reader.user_access_permissions
    filling = UserAccessPermissions.FILL_FORM_FIELDS | UserAccessPermissions.MODIFY
    return allowed is None or bool(allowed & filling)


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
            flags = _integer(_inherited(lineage, "/Ff"))
            known = nodes.get(name)
            if known is None:
                known = nodes[name] = Node(_about(name, kind, flags, lineage, holder), holder, holder_number, flags)
            known.widgets.append(_widget(entries, number, page_at, lineage, form))
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


def _lineage(entries: DictionaryObject, number: int, parents: dict[int, DictionaryObject]) -> list:
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


def _inherited(lineage: list, key: str) -> PdfObject | None:
    found = next((level[key] for level, _ in lineage if key in level), None)
    return found.get_object() if found is not None else None


def _kind(lineage: list) -> str:
    flags = _integer(_inherited(lineage, "/Ff"))
    match _inherited(lineage, "/FT"):
        case "/Tx":
            return "text"
        case "/Btn":
            return "button" if flags & PUSH else "radio" if flags & RADIO else "check"
        case "/Ch":
            return "choice" if flags & COMBO else "list"
        case "/Sig":
            return "signature"
    return ""


def _about(name: str, kind: str, flags: int, lineage: list, holder: DictionaryObject) -> PdfField:
    length = _inherited(lineage, "/MaxLen")
    limit = int(length) if isinstance(length, NumberObject) and length > 0 else None
    is_comb = kind == "text" and bool(flags & COMB) and not flags & (MULTILINE | PASSWORD) and limit is not None
    value = _inherited(lineage, "/V")
    return PdfField(
        name=name,
        kind=kind,
        pages=(),
        rects=(),
        value=string(value),
        label=string(_inherited(lineage, "/TU")),
        choices=_options(lineage) if kind in ("choice", "list") else (),
        max_length=limit if kind == "text" else None,
        is_comb=is_comb,
        is_multiline=kind == "text" and bool(flags & MULTILINE),
        is_open=kind == "choice" and bool(flags & EDIT),
        is_readonly=bool(flags & READONLY),
        is_required=bool(flags & REQUIRED),
    )


def _options(lineage: list) -> tuple[tuple[str, str], ...]:
    found = []
    for option in array(_inherited(lineage, "/Opt")):
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
        **{name: getattr(node.about, name) for name in PdfField.__slots__ if name not in ("pages", "rects", "choices")},
        pages=tuple(widget.page + 1 for widget in node.widgets),
        rects=tuple(widget.rect for widget in node.widgets),
        choices=choices,
    )


def _widget(entries: DictionaryObject, number: int, page: int, lineage: list, form: DictionaryObject) -> Widget:
    look, edge = dictionary(entries.get("/MK")), dictionary(entries.get("/BS"))
    style = string(_inherited(lineage, "/DA") or form.get("/DA")).encode("latin-1", "replace")
    font, size = _font_and_size(style)
    colour = _COLOUR.search(style)
    left, bottom, right, top = (_float(value) for value in array(entries["/Rect"]))
    width = edge.get("/W", (array(entries.get("/Border")) or [0, 0, 1])[2:3] or 1)
    flags = _integer(entries.get("/F"))
    return Widget(
        entries=entries,
        number=number,
        page=page,
        rect=(min(left, right), min(bottom, top), max(left, right), max(bottom, top)),
        rotation=_integer(look.get("/R")) % 360,
        role=fonts.role_of(font, _base_font(font, lineage, form)),
        size=abs(size),
        colour=(colour.group(0).decode("ascii") if colour else "0 g"),
        align=_integer(_inherited(lineage, "/Q") or form.get("/Q")) % 3,
        background=_paint(look.get("/BG"), stroke=False),
        border=_paint(look.get("/BC"), stroke=True),
        border_width=_float(width[0] if isinstance(width, list) else width),
        border_style=string(edge.get("/S")).strip("/") or "S",
        symbol=string(look.get("/CA"))[:1],
        on_state=_on_state(entries),
        is_hidden=bool(flags & 0x22) and not flags & 0x4,
    )


def _font_and_size(style: bytes) -> tuple[str, float]:
    found = _SIZE.search(style)
    if not found:
        return "", 0.0
    return found.group(1).decode("latin-1"), _float(found.group(2).decode())


def _base_font(name: str, lineage: list, form: DictionaryObject) -> str:
    resources = dictionary(_inherited(lineage, "/DR") or form.get("/DR"))
    entry = dictionary(dictionary(resources.get("/Font")).get(f"/{name}"))
    return string(entry.get("/BaseFont")) or name


def _on_state(entries: DictionaryObject) -> str:
    """The name the form itself uses for the ticked state."""
    normal = dictionary(dictionary(entries.get("/AP")).get("/N"))
    names = [] if isinstance(normal, StreamObject) else [str(name)[1:] for name in normal if name != "/Off"]
    state = string(entries.get("/AS")).lstrip("/")
    return names[0] if names else state if state not in ("", "Off") else "Yes"


def _paint(values: PdfObject | None, *, stroke: bool) -> str:
    parts = [_float(value) for value in array(values)]
    operator = {1: "g", 3: "rg", 4: "k"}.get(len(parts), "")
    if not operator:
        return ""
    return " ".join(f"{part:g}" for part in parts) + " " + (operator.upper() if stroke else operator)


def dictionary(value: object) -> DictionaryObject:
    """The dictionary a value is or refers to, an empty one when it is none."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def array(value: object) -> ArrayObject:
    """The array a value is or refers to, an empty one when it is none."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    return found if isinstance(found, ArrayObject) else ArrayObject()


def string(value: object) -> str:
    """The words of a string or name object; empty for anything else."""
    found = value.get_object() if isinstance(value, PdfObject) else value
    if isinstance(found, NameObject):
        return str(found)[1:]
    if isinstance(found, StreamObject):
        return found.get_data().decode("utf-8", "replace")
    if isinstance(found, bytes):
        return found.decode("latin-1")
    return str(found) if isinstance(found, str) else ""


def _integer(value: object) -> int:
    return int(_float(value))


def _float(value: object) -> float:
    found = value.get_object() if isinstance(value, PdfObject) else value
    try:
        return float(found)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return 0.0
