"""A form without fields: what they show becomes part of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject, StreamObject

from formgen.pdf import file as pdf_file
from formgen.pdf.form import Node
from formgen.pdf.objects import array, dictionary
from formgen.pdf.widget import Widget


class Numbering:
    """Hands out object numbers behind those of the form."""

    def __init__(self, first: int) -> None:
        self.next = first

    def take(self) -> int:
        """The next number."""
        self.next += 1
        return self.next - 1


@dataclass(slots=True)
class Flat:
    """What flattening leaves to be written: page → number and box of its layer of values, and fixed streams around.

    ``dropped`` are the objects that are no longer part of the file.
    """

    layers: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    around: dict[int, bytes] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)


def flatten(writer: PdfWriter, nodes: list[Node], given: frozenset[str], numbering: Numbering) -> Flat:
    """Take the fields off the pages: a layer for the given values, and the looks that other fields already have."""
    flat = Flat()
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
            flat.layers[page_at] = (number, b"[" + pdf_file.numbers(map(float, page.mediabox)).encode() + b"]")
            flat.around.update(_draw_over(writer, page, number, kept[page_at], numbering))
    writer.root_object.pop("/AcroForm", None)
    flat.dropped = {number for node in nodes for number in (node.number, *(widget.number for widget in node.widgets))}
    return flat


def _draw_over(
    writer: PdfWriter, page: DictionaryObject, layer: int, kept: list[Widget], numbering: Numbering
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
