"""A form made ready for one mode and one set of fields: everything that never changes as bytes, the rest as slots.

``editable`` and ``readonly`` keep the fields and give each its appearance; ``flat`` draws all values of a page in one
layer and leaves no field. What runs, calls or carries away (scripts, actions, XFA, attachments) is left behind.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    TextStringObject,
)

from formgen.pdf import appearance as pdf_appearance
from formgen.pdf import file as pdf_file
from formgen.pdf.appearance import Typeset
from formgen.pdf.flat import Flat, Numbering, flatten
from formgen.pdf.form import READONLY, Node, copy_of, nodes_of
from formgen.pdf.objects import array, dictionary, name, string, written
from formgen.pdf.scan import image_object
from formgen.pdf.values import Entry
from formgen.pdf.widget import Widget

LANGUAGE = "zh-CN"
_ACTIVE = ("/OpenAction", "/AA", "/Perms", "/Legal", "/Requirements", "/Collection", "/AF", "/PieceInfo", "/Metadata")
_NAMED = ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations", "/Renditions")
_VALUE_KEYS = ("/V", "/RV", "/I", "/AP", "/AS", "/DV")


@dataclass(slots=True)
class Slot:
    """An object that a value completes: its number and its fixed entries, not yet closed."""

    number: int
    head: bytes
    is_field: bool = False  # a widget that is a field itself, the twin of another of the same name


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
        shown = []
        for at, picture in enumerate(typeset.pictures):
            shown.append(b"/I%d %d 0 R" % (at, number))
            parts.put(number, image_object(picture))
            number += 1
        pictures = b"/XObject<<%b>>" % b"".join(shown) if shown else b""
        parts.put(self.fonts_at, b"<</Font<<%b>>%b>>" % (b"".join(names), pictures))
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
        value = _value(entry)
        alone = True
        for widget, content in _contents(entry, typeset):
            state = name(widget.on_state if _is_on(entry, widget) else "Off")
            shape = self.shapes[widget.number]
            if is_tick:
                off = self.off_shapes[widget.number]
                look = b"/AS%b/AP<</N<<%b %d 0 R/Off %d 0 R>>>>" % (state, name(widget.on_state), shape, off)
                parts.put(off, self._shape(widget, pdf_appearance.tick(widget, is_radio=_is_radio(entry), is_on=False)))
                content = pdf_appearance.tick(widget, is_radio=_is_radio(entry), is_on=True)
            else:
                look = b"/AP<</N %d 0 R>>" % shape
            parts.put(shape, self._shape(widget, content))
            slot = self.widgets.get(widget.number)
            if slot is None:  # field and widget are one object
                parts.put(holder.number, holder.head + value + look + b">>")
                alone = False
            else:
                parts.put(slot.number, slot.head + (value if slot.is_field else b"") + look + b">>")
        if alone:
            parts.put(holder.number, holder.head + value + b">>")

    def _shape(self, widget: Widget, content: str) -> bytes:
        turn = pdf_appearance.matrix(widget)
        box = pdf_file.numbers((0, 0, *pdf_appearance.inner_size(widget))).encode()
        about = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R" % (box, self.fonts_at)
        return pdf_file.stream(content.encode("ascii"), about + (b"/Matrix[%b]" % turn.encode() if turn else b""))


def _value(entry: Entry) -> bytes:
    """The entries of the field that store its value."""
    if entry.picture:
        return b""
    if entry.node.about.kind in ("check", "radio"):
        return b"/V" + name(entry.state or "Off")
    rows = b" ".join(b"%d" % row for row in sorted(entry.rows))
    stored = [entry.node.about.choices[row][0] for row in sorted(entry.rows)]
    if len(stored) > 1:
        return b"/V[%b]/I[%b]" % (b"".join(map(pdf_file.text, stored)), rows)
    return b"/V %b" % pdf_file.text(entry.stored) + (b"/I[%b]" % rows if entry.node.about.kind == "list" else b"")


def _contents(entry: Entry, typeset: Typeset) -> Iterable[tuple[Widget, str]]:
    """Each widget of the entry with what is drawn in it."""
    about = entry.node.about
    if about.kind in ("check", "radio"):
        for widget in entry.node.widgets:
            yield widget, pdf_appearance.tick(widget, is_radio=_is_radio(entry), is_on=_is_on(entry, widget))
        return
    if entry.picture:
        for widget in entry.node.widgets:
            yield widget, pdf_appearance.framed(widget, entry.picture, typeset)
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


def plan_of(reader: PdfReader, *, mode: str, given: frozenset[str]) -> Plan:
    """The form prepared for documents that fill exactly the fields ``given``."""
    writer = copy_of(reader)
    nodes = nodes_of(writer)
    disarm(writer)
    entitle(writer, string(writer.root_object.get("/Lang")) or LANGUAGE)
    numbering = Numbering(len(writer._objects) + 1)
    plan = Plan(pdf_file.Base(b"", [], 0), mode, fonts_at=numbering.take(), info_at=numbering.take())
    if mode == "flat":
        flat = flatten(writer, nodes, given, numbering)
        plan.layers, without = flat.layers, flat.dropped
    else:
        flat = Flat()
        without = _open_slots(nodes, given, plan, numbering, lock=mode == "readonly")
        _tidy_form(writer, lock=mode == "readonly")
    root = writer.root_object
    assert root.indirect_reference is not None
    objects = serialised(root.indirect_reference, writer, without) | flat.around
    plan.base = pdf_file.base_of(objects, size=numbering.next, root=root.indirect_reference.idnum)
    return plan


def disarm(writer: PdfWriter) -> None:
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


def entitle(writer: PdfWriter, language: str) -> None:
    """Name the language, and let viewers show the title instead of the file name."""
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject(language)
    preferences = root[NameObject("/ViewerPreferences")] = DictionaryObject(dictionary(root.get("/ViewerPreferences")))
    preferences[NameObject("/DisplayDocTitle")] = BooleanObject(True)


def _tidy_form(writer: PdfWriter, *, lock: bool) -> None:
    """The form without the keys that would make a viewer draw it anew or take it for another kind of form.

    Nobody edits a locked one, so it needs no fonts to edit with.
    """
    form = dictionary(writer.root_object.get("/AcroForm"))
    for key in ("/XFA", "/NeedAppearances", "/SigFlags", "/CO", *(["/DR"] if lock else [])):
        form.pop(key, None)


def _open_slots(nodes: list[Node], given: frozenset[str], plan: Plan, numbering: Numbering, *, lock: bool) -> set[int]:
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
                plan.widgets[widget.number] = Slot(widget.number, _head(widget.entries), "/T" in widget.entries)
                slots.add(widget.number)
    return slots


def _head(entries: DictionaryObject) -> bytes:
    """The fixed entries of an object a value will complete."""
    kept = DictionaryObject({key: value for key, value in entries.items() if key not in _VALUE_KEYS})
    return written(kept).rstrip()[:-2]


def serialised(root: IndirectObject, writer: PdfWriter, without: set[int]) -> dict[int, bytes]:
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
                    objects[number] = written(found)
                waiting.append(found)
        elif isinstance(value, DictionaryObject):
            waiting.extend(value.values())
        elif isinstance(value, ArrayObject):
            waiting.extend(value)
    return {number: content for number, content in objects.items() if content}
