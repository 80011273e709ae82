"""A form made ready for one mode and one set of fields: everything that never changes as bytes, the rest as slots.

``editable`` and ``readonly`` keep the fields and give each its appearance; ``flat`` draws all values of a page in one
layer and leaves no field. What runs, calls or carries away (scripts, actions, XFA, attachments) is left behind.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from formgen import pdf_appearance, pdf_file
from formgen.pdf_appearance import Typeset
from formgen.pdf_form import READONLY, Node, Widget, array, copy_of, dictionary, nodes_of
from formgen.pdf_values import Entry

LANGUAGE = "zh-CN"
_ACTIVE = ("/OpenAction", "/AA", "/Perms", "/Legal", "/Requirements", "/Collection", "/AF", "/PieceInfo", "/Metadata")
_NAMED = ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions")
_VALUE_KEYS = ("/V", "/RV", "/I", "/AP", "/AS", "/DV")


@dataclass(slots=True)
class Slot:
    """An object that a value completes: its number and its fixed entries, not yet closed."""

    number: int
    head: bytes


@dataclass(slots=True)
class Plan:
    """A form for one mode and one set of fields; ``write`` makes a document of it."""

    base: pdf_file.Base
    mode: str
    holders: dict[str, Slot] = field(default_factory=dict)
    widgets: dict[int, Slot] = field(default_factory=dict)  # by the widget's own number
    shapes: dict[int, int] = field(default_factory=dict)  # widget → number of its appearance
    off_shapes: dict[int, int] = field(default_factory=dict)
    layers: dict[int, tuple[int, bytes]] = field(default_factory=dict)  # page → number and box of its values
    around: dict[int, bytes] = field(default_factory=dict)  # fixed objects that are not the form's own
    fonts_at: int = 0
    info_at: int = 0

    def write(self, entries: Iterable[Entry], title: str) -> bytes:
        """The document. Equal entries give equal bytes."""
        parts, typeset = pdf_file.Parts(), Typeset()
        if self.mode == "flat":
            self._put_layers(parts, typeset, entries)
        else:
            for entry in entries:
                self._put_entry(parts, typeset, entry)
        number = self.base.size
        names = []
        for subset in typeset.subsets:
            names.append(b"/%b %d 0 R" % (subset.name.encode(), number))
            for content in subset.objects(number):
                parts.put(number, content)
                number += 1
        parts.put(self.fonts_at, b"<</Font<<%b>>>>" % b"".join(names))
        parts.put(self.info_at, b"<</Title %b/Producer(formgen)>>" % pdf_file.text(title))
        return pdf_file.assemble(self.base, parts, info=self.info_at)

    def _put_layers(self, parts: pdf_file.Parts, typeset: Typeset, entries: Iterable[Entry]) -> None:
        drawn: dict[int, list[str]] = {page: [] for page in self.layers}
        for entry in entries:
            for widget, content in _contents(entry, typeset):
                if not widget.is_hidden:
                    turn = pdf_appearance.matrix(widget)
                    place = f"1 0 0 1 {pdf_file.numbers(widget.rect[:2])} cm {turn + ' cm' if turn else ''}"
                    drawn[widget.page].append(f"q {place}\n{content}\nQ")
        for page, (number, box) in self.layers.items():
            entries_of = b"/Type/XObject/Subtype/Form/BBox%b/Resources %d 0 R" % (box, self.fonts_at)
            parts.put(number, pdf_file.stream("\n".join(drawn[page]).encode("ascii"), entries_of))

    def _put_entry(self, parts: pdf_file.Parts, typeset: Typeset, entry: Entry) -> None:
        is_tick = entry.node.about.kind in ("check", "radio")
        holder = self.holders[entry.node.about.name]
        value = _name(entry.state or "Off") if is_tick else pdf_file.text(entry.stored)
        if len(entry.rows) and entry.node.about.kind == "list":
            value += b"/I[%b]" % b" ".join(b"%d" % row for row in sorted(entry.rows))
        alone = True
        for widget, content in _contents(entry, typeset):
            state = _name(widget.on_state if _is_on(entry, widget) else "Off")
            shape = self.shapes[widget.number]
            if is_tick:
                off = self.off_shapes[widget.number]
                look = b"/AS%b/AP<</N<<%b %d 0 R/Off %d 0 R>>>>" % (state, _name(widget.on_state), shape, off)
                parts.put(off, self._shape(widget, pdf_appearance.tick(widget, is_radio=_is_radio(entry), is_on=False)))
                content = pdf_appearance.tick(widget, is_radio=_is_radio(entry), is_on=True)
            else:
                look = b"/AP<</N %d 0 R>>" % shape
            parts.put(shape, self._shape(widget, content))
            slot = self.widgets.get(widget.number)
            if slot is None:  # field and widget are one object
                parts.put(holder.number, holder.head + b"/V %b%b>>" % (value, look))
                alone = False
            else:
                parts.put(slot.number, slot.head + look + b">>")
        if alone:
            parts.put(holder.number, holder.head + b"/V %b>>" % value)

    def _shape(self, widget: Widget, content: str) -> bytes:
        turn = pdf_appearance.matrix(widget)
        box = pdf_file.numbers((0, 0, *pdf_appearance.inner_size(widget))).encode()
        about = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R" % (box, self.fonts_at)
        return pdf_file.stream(content.encode("ascii"), about + (b"/Matrix[%b]" % turn.encode() if turn else b""))


def _contents(entry: Entry, typeset: Typeset) -> Iterable[tuple[Widget, str]]:
    """Each widget of the entry with what is drawn in it."""
    about = entry.node.about
    if about.kind in ("check", "radio"):
        for widget in entry.node.widgets:
            yield widget, pdf_appearance.tick(widget, is_radio=_is_radio(entry), is_on=_is_on(entry, widget))
        return
    labels = tuple(shown for _, shown in about.choices)
    cells = about.max_length or 0 if about.is_comb else 0
    for widget, box, blocks in entry.layouts:
        if about.kind == "list":
            yield widget, pdf_appearance.rows(widget, labels, entry.rows, blocks, typeset)
        else:
            yield widget, pdf_appearance.text(widget, box, blocks[0], typeset, cells=cells)


def _is_on(entry: Entry, widget: Widget) -> bool:
    return bool(entry.state) and widget.on_state == entry.state


def _is_radio(entry: Entry) -> bool:
    return entry.node.about.kind == "radio"


def plan_of(reader: PdfReader, *, mode: str, given: frozenset[str], language: str = LANGUAGE) -> Plan:
    """The form prepared for documents that fill exactly the fields ``given``."""
    writer = copy_of(reader)
    nodes = nodes_of(writer)
    _disarm(writer)
    _entitle(writer, language)
    numbering = _Numbering(len(writer._objects) + 1)
    plan = Plan(pdf_file.Base(b"", [], 0), mode, fonts_at=numbering.take(), info_at=numbering.take())
    if mode == "flat":
        dropped = _flatten(writer, nodes, given, plan, numbering)
        slots: set[int] = set()
    else:
        dropped = set()
        slots = _open_slots(nodes, given, plan, numbering, lock=mode == "readonly")
        _tidy_form(writer)
    root = writer.root_object
    assert root.indirect_reference is not None
    objects = _serialised(root.indirect_reference, writer, dropped | slots) | plan.around
    plan.base = pdf_file.base_of(objects, size=numbering.next, root=root.indirect_reference.idnum)
    return plan


class _Numbering:
    """Hands out object numbers behind those of the form."""

    def __init__(self, first: int) -> None:
        self.next = first

    def take(self) -> int:
        self.next += 1
        return self.next - 1


def _disarm(writer: PdfWriter) -> None:
    """Take out of the file what acts by itself or would no longer be true."""
    root = writer.root_object
    for key in _ACTIVE:
        root.pop(key, None)
    names = dictionary(root.get("/Names"))
    for key in _NAMED:
        names.pop(key, None)
    for page in writer.pages:
        page.pop("/AA", None)
        page.pop("/Metadata", None)
        page.pop("/PieceInfo", None)
        for entry in array(page.get("/Annots")):
            annotation = dictionary(entry)
            annotation.pop("/AA", None)
            if dictionary(annotation.get("/A")).get("/S") != "/URI":
                annotation.pop("/A", None)


def _entitle(writer: PdfWriter, language: str) -> None:
    root = writer.root_object
    root.setdefault(NameObject("/Lang"), TextStringObject(language))
    preferences = root[NameObject("/ViewerPreferences")] = DictionaryObject(dictionary(root.get("/ViewerPreferences")))
    preferences[NameObject("/DisplayDocTitle")] = BooleanObject(True)


def _tidy_form(writer: PdfWriter) -> None:
    """The form without the keys that would make a viewer draw it anew or take it for another kind of form."""
    form = dictionary(writer.root_object.get("/AcroForm"))
    for key in ("/XFA", "/NeedAppearances", "/SigFlags", "/CO"):
        form.pop(key, None)


def _open_slots(nodes: list[Node], given: frozenset[str], plan: Plan, numbering: _Numbering, *, lock: bool) -> set[int]:
    """Keep a place for every given field; with ``lock`` no field can be changed in a viewer."""
    slots: set[int] = set()
    for node in nodes:
        if lock:
            node.holder[NameObject("/Ff")] = NumberObject(node.flags | READONLY)
        if node.about.name not in given:
            continue
        plan.holders[node.about.name] = Slot(node.number, _head(node.holder))
        slots.add(node.number)
        for widget in node.widgets:
            plan.shapes[widget.number] = numbering.take()
            plan.off_shapes[widget.number] = numbering.take()
            if widget.number != node.number:
                plan.widgets[widget.number] = Slot(widget.number, _head(widget.entries))
                slots.add(widget.number)
    return slots


def _head(entries: DictionaryObject) -> bytes:
    """The fixed entries of an object a value will complete."""
    kept = DictionaryObject({key: value for key, value in entries.items() if key not in _VALUE_KEYS})
    return _bytes(kept).rstrip()[:-2]


def _flatten(
    writer: PdfWriter, nodes: list[Node], given: frozenset[str], plan: Plan, numbering: _Numbering
) -> set[int]:
    """Take the fields off the pages: a layer for the given values, and the looks that other fields already have."""
    kept: dict[int, list[Widget]] = {}
    for node in nodes:
        for widget in node.widgets:
            page_widgets = kept.setdefault(widget.page, [])
            if node.about.name not in given and not widget.is_hidden:
                page_widgets.append(widget)
    for page_at, page in enumerate(writer.pages):
        annotations = [entry for entry in array(page.get("/Annots")) if dictionary(entry).get("/Subtype") != "/Widget"]
        page.pop("/Annots", None)
        if annotations:
            page[NameObject("/Annots")] = ArrayObject(annotations)
        if page_at in kept:
            number = numbering.take()
            plan.layers[page_at] = (number, b"[" + pdf_file.numbers(map(float, page.mediabox)).encode() + b"]")
            plan.around.update(_draw_over(writer, page, number, kept[page_at], numbering))
    writer.root_object.pop("/AcroForm", None)
    return {number for node in nodes for number in (node.number, *(widget.number for widget in node.widgets))}


def _draw_over(
    writer: PdfWriter, page: DictionaryObject, layer: int, kept: list[Widget], numbering: _Numbering
) -> dict[int, bytes]:
    """Let the page draw, after all it drew before, the looks that are kept and the layer of values.

    Returns the two content streams around the old ones.
    """
    resources = DictionaryObject(dictionary(_of_page(page, "/Resources")))
    xobjects = DictionaryObject(dictionary(resources.get("/XObject")))
    drawing = []
    for at, widget in enumerate(kept):
        look = _look(widget)
        if look is not None and look.indirect_reference is not None:
            xobjects[NameObject(f"/FormgenK{at}")] = look.indirect_reference
            drawing.append(f"q {_placing(look, widget)} cm /FormgenK{at} Do Q")
    xobjects[NameObject("/FormgenV")] = IndirectObject(layer, 0, writer)
    resources[NameObject("/XObject")] = xobjects
    page[NameObject("/Resources")] = resources
    contents = page.get("/Contents")
    found = contents.get_object() if contents is not None else None
    old = list(found) if isinstance(found, ArrayObject) else [contents] if contents is not None else []
    before, after = numbering.take(), numbering.take()
    page[NameObject("/Contents")] = ArrayObject(
        [IndirectObject(before, 0, writer), *old, IndirectObject(after, 0, writer)]
    )
    over = "\n".join(["\nQ", *drawing, "/FormgenV Do"])
    return {before: pdf_file.stream(b"q\n"), after: pdf_file.stream(over.encode("ascii"))}


def _look(widget: Widget) -> StreamObject | None:
    """The appearance the widget shows now, None when it shows none."""
    normal = dictionary(dictionary(widget.entries.get("/AP")).get("/N"))
    if isinstance(normal, StreamObject):
        return normal
    state = widget.entries.get("/AS", "/Off")
    chosen = dictionary(normal.get(str(state)))
    return chosen if isinstance(chosen, StreamObject) else None


def _placing(look: StreamObject, widget: Widget) -> str:
    """The matrix that lays the appearance's box, as its own matrix turns it, upon the widget's rectangle."""
    a, b, c, d, e, f = [float(value) for value in array(look.get("/Matrix"))] or (1, 0, 0, 1, 0, 0)
    x0, y0, x1, y1 = [float(value) for value in array(look.get("/BBox"))] or (0, 0, 1, 1)
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    bottom, top = min(y for _, y in corners), max(y for _, y in corners)
    wide = (widget.rect[2] - widget.rect[0]) / (right - left) if right > left else 1.0
    high = (widget.rect[3] - widget.rect[1]) / (top - bottom) if top > bottom else 1.0
    return pdf_file.numbers((wide, 0, 0, high, widget.rect[0] - left * wide, widget.rect[1] - bottom * high))


def _of_page(page: Mapping, key: str) -> PdfObject | None:
    """An entry of a page that it may have from the pages above."""
    level = page
    for _ in range(40):
        if key in level:
            return level[key]
        level = dictionary(level.get("/Parent"))
    return None


def _serialised(root: IndirectObject, writer: PdfWriter, without: set[int]) -> dict[int, bytes]:
    """Every object that can be reached from the root, as bytes by its number."""
    objects: dict[int, bytes] = {}
    waiting: list[PdfObject] = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            number = value.idnum
            if number in objects or number > len(writer._objects):
                continue
            objects[number] = b""
            found = value.get_object()
            if found is not None:
                if number not in without:
                    objects[number] = _bytes(found)
                waiting.append(found)
        elif isinstance(value, DictionaryObject):
            waiting.extend(value.values())
        elif isinstance(value, ArrayObject):
            waiting.extend(value)
    return {number: content for number, content in objects.items() if content}


def _bytes(value: PdfObject) -> bytes:
    buffer = io.BytesIO()
    value.write_to_stream(buffer)
    return buffer.getvalue()


def _name(word: str) -> bytes:
    return _bytes(NameObject(f"/{word}"))
