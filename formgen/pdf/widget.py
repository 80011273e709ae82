"""A widget: one place where a field is drawn, with its look and its text style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from pypdf.generic import DictionaryObject, PdfObject, StreamObject

from formgen.pdf import fonts
from formgen.pdf.objects import array, decimal, dictionary, integer, string

#: the widget, its field and the fields above, each with its object number
Lineage: TypeAlias = list[tuple[DictionaryObject, int]]

_HIDDEN, _PRINT, _NO_VIEW = 1 << 1, 1 << 2, 1 << 5
_SIZE = re.compile(rb"/(\S+)\s+(-?[\d.]+)\s+Tf")
_COLOUR = re.compile(rb"((?:-?[\d.]+\s+){1,4})(g|rg|k)\b")


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


def inherited(lineage: Lineage, key: str) -> PdfObject | None:
    """An entry of the widget or, where it has none, of the nearest field above."""
    found = next((level[key] for level, _ in lineage if key in level), None)
    return found.get_object() if found is not None else None


def widget_of(entries: DictionaryObject, number: int, page: int, lineage: Lineage, form: DictionaryObject) -> Widget:
    """The widget with all it inherits."""
    look, edge = dictionary(entries.get("/MK")), dictionary(entries.get("/BS"))
    style = string(inherited(lineage, "/DA") or form.get("/DA")).encode("latin-1", "replace")
    font, size = _font_and_size(style)
    colour = _COLOUR.search(style)
    left, bottom, right, top = (decimal(value) for value in array(entries["/Rect"]))
    width = edge.get("/W", (array(entries.get("/Border")) or [0, 0, 1])[2:3] or 1)
    flags = integer(entries.get("/F"))
    return Widget(
        entries=entries,
        number=number,
        page=page,
        rect=(min(left, right), min(bottom, top), max(left, right), max(bottom, top)),
        rotation=integer(look.get("/R")) % 360,
        role=fonts.role_of(font, _base_font(font, lineage, form)),
        size=abs(size),
        colour=(colour.group(0).decode("ascii") if colour else "0 g"),
        align=integer(inherited(lineage, "/Q") or form.get("/Q")) % 3,
        background=_paint(look.get("/BG"), stroke=False),
        border=_paint(look.get("/BC"), stroke=True),
        border_width=decimal(width[0] if isinstance(width, list) else width),
        border_style=string(edge.get("/S")).strip("/") or "S",
        symbol=string(look.get("/CA"))[:1],
        on_state=_on_state(entries),
        is_hidden=bool(flags & _HIDDEN or (flags & _NO_VIEW and not flags & _PRINT)),
    )


def _font_and_size(style: bytes) -> tuple[str, float]:
    found = _SIZE.search(style)
    if not found:
        return "", 0.0
    return found.group(1).decode("latin-1"), decimal(found.group(2).decode())


def _base_font(name: str, lineage: Lineage, form: DictionaryObject) -> str:
    resources = dictionary(inherited(lineage, "/DR") or form.get("/DR"))
    entry = dictionary(dictionary(resources.get("/Font")).get(f"/{name}"))
    return string(entry.get("/BaseFont")) or name


def _on_state(entries: DictionaryObject) -> str:
    """The name the form itself uses for the ticked state."""
    normal = dictionary(dictionary(entries.get("/AP")).get("/N"))
    names = [] if isinstance(normal, StreamObject) else [str(name)[1:] for name in normal if name != "/Off"]
    state = string(entries.get("/AS")).lstrip("/")
    return names[0] if names else state if state not in ("", "Off") else "Yes"


def _paint(values: PdfObject | None, *, stroke: bool) -> str:
    parts = [decimal(value) for value in array(values)]
    operator = {1: "g", 3: "rg", 4: "k"}.get(len(parts), "")
    if not operator:
        return ""
    return " ".join(f"{part:g}" for part in parts) + " " + (operator.upper() if stroke else operator)
