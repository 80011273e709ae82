"""How a field looks: its background and border, its text, its tick, as content of a PDF.

Ticks and dots are paths, because no Chinese font has ☑ and the symbol font of old forms is not in the file.
"""

from __future__ import annotations

from formgen.pdf.file import number, numbers
from formgen.pdf.fonts import Face, Glyph
from formgen.pdf.glyphs import Subset
from formgen.pdf.layout import Block, Box
from formgen.pdf.scan import Picture
from formgen.pdf.widget import Widget

PADDING = 2.0  # points between the border and the text
_BEND = 0.5523  # control points of a quarter circle
_STAR = (50, 98, 62, 64, 98, 64, 69, 42, 80, 8, 50, 29, 20, 8, 31, 42, 2, 64, 38, 64)


class Typeset:
    """The fonts of one document as they come into use."""

    __slots__ = ("_by_face", "pictures", "subsets")

    def __init__(self) -> None:
        self.subsets: list[Subset] = []
        self.pictures: list[Picture] = []
        self._by_face: dict[Face, Subset] = {}

    def subset(self, face: Face) -> Subset:
        """The document's subset of that face."""
        found = self._by_face.get(face)
        if found is None:
            found = self._by_face[face] = Subset(face, f"F{len(self.subsets)}")
            self.subsets.append(found)
        return found

    def picture(self, picture: Picture) -> str:
        """The resource name of that picture."""
        if picture not in self.pictures:
            self.pictures.append(picture)
        return f"I{self.pictures.index(picture)}"

    def show(self, glyphs: tuple[Glyph, ...], size: float) -> str:
        """Operators that show the glyphs from the current point, changing font where the face changes."""
        pieces: list[str] = []
        face, codes = None, ""
        for glyph in glyphs:
            if glyph.face is not face:
                if codes:
                    pieces.append(f"<{codes}>Tj")
                face, codes = glyph.face, ""
                subset = self.subset(face)
                pieces.append(f"/{subset.name} {number(size)} Tf")
            codes += subset.code(glyph)
        if codes:
            pieces.append(f"<{codes}>Tj")
        return "\n".join(pieces)


def inner_size(widget: Widget) -> tuple[float, float]:
    """Width and height of the widget as its reader sees it, turned or not."""
    left, bottom, right, top = widget.rect
    width, height = right - left, top - bottom
    return (height, width) if widget.rotation in (90, 270) else (width, height)


def matrix(widget: Widget) -> str:
    """The matrix that turns the widget's content upright within its rectangle; empty when it is upright."""
    width, height = widget.rect[2] - widget.rect[0], widget.rect[3] - widget.rect[1]
    turned = {90: (0, 1, -1, 0, width, 0), 180: (-1, 0, 0, -1, width, height), 270: (0, -1, 1, 0, 0, height)}
    return numbers(turned[widget.rotation]) if widget.rotation in turned else ""


def text_box(widget: Widget, *, is_multiline: bool, cells: int) -> Box:
    """The room for text inside the widget's border."""
    width, height = inner_size(widget)
    margin = 0.0 if cells else min(PADDING, width / 20) + _border(widget) * (2 if widget.border_style in "BI" else 1)
    vertical = min(margin, max(0.0, (height - 6) / 2)) if not is_multiline else margin
    return Box(
        width=max(1.0, width - 2 * margin),
        height=max(1.0, height - 2 * min(vertical, 2.0)),
        size=widget.size,
        align=widget.align,
        is_multiline=is_multiline,
        cells=cells,
    )


def text(widget: Widget, box: Box, block: Block, typeset: Typeset, *, cells: int = 0) -> str:
    """The content of a text field or combo box."""
    frame = _frame(widget, cells)
    lines = [line for line in block.lines if line.glyphs]
    if not lines:
        return f"{frame}/Tx BMC EMC"
    width, height = inner_size(widget)
    dx, dy = (width - box.width) / 2, (height - box.height) / 2
    shown = []
    at_x = at_y = 0.0
    for line in lines:
        x, y = line.x + dx, line.y + dy
        shown.append(f"{number(x - at_x)} {number(y - at_y)} Td\n{typeset.show(line.glyphs, block.size)}")
        at_x, at_y = at_x + round(x - at_x, 3), at_y + round(y - at_y, 3)
    clip = f"0 0 {numbers((width, height))} re W n"
    return f"{frame}/Tx BMC q {clip} BT {widget.colour}\n" + "\n".join(shown) + "\nET Q EMC"


def framed(widget: Widget, picture: Picture, typeset: Typeset) -> str:
    """A picture in its frame: upright, as large as goes in, never cropped, over whatever the frame says."""
    width, height = inner_size(widget)
    is_lying = picture.turn in (90, 270)
    across, up = (picture.height, picture.width) if is_lying else (picture.width, picture.height)
    scale = min((width - 2 * PADDING) / across, (height - 2 * PADDING) / up)
    w, h = across * scale, up * scale
    x, y = (width - w) / 2, (height - h) / 2
    turned = {
        0: (w, 0, 0, h, x, y),
        90: (0, -h, w, 0, x, y + h),
        180: (-w, 0, 0, -h, x + w, y + h),
        270: (0, h, -w, 0, x + w, y),
    }[picture.turn]
    ground = f"1 g {numbers((PADDING, PADDING, width - 2 * PADDING, height - 2 * PADDING))} re f"
    return f"q {ground} {numbers(turned)} cm /{typeset.picture(picture)} Do Q"


def rows(widget: Widget, labels: tuple[str, ...], chosen: set[int], blocks: list[Block], typeset: Typeset) -> str:
    """The content of a list box: as many rows as go in, the chosen ones marked."""
    width, height = inner_size(widget)
    step = row_height(widget)
    first = max(0, min(min(chosen, default=0), len(labels) - int(height // step)))
    shown = []
    for at in range(first, len(labels)):
        y = height - PADDING - (at - first + 1) * step
        if y < -step / 2:
            break
        if at in chosen:
            shown.append(f"0.6 0.75 0.85 rg {numbers((1, y, width - 2, step))} re f")
        for line in blocks[at].lines:
            place = numbers((PADDING + line.x, y + step * 0.25))
            shown.append(f"BT {widget.colour} {place} Td {typeset.show(line.glyphs, blocks[at].size)} ET")
    return f"{_frame(widget, 0)}/Tx BMC q 0 0 {numbers((width, height))} re W n\n" + "\n".join(shown) + "\nQ EMC"


def row_height(widget: Widget) -> float:
    """The height of a row in a list box."""
    return (widget.size or 12.0) * 1.25


def tick(widget: Widget, *, is_radio: bool, is_on: bool) -> str:
    """The content of a check box or radio button."""
    symbol = widget.symbol or ("l" if is_radio else "4")
    frame = _round_frame(widget) if is_radio and symbol == "l" else _frame(widget, 0)
    if not is_on:
        return frame
    width, height = inner_size(widget)
    side = max(1.0, min(width, height) - 2 * _border(widget))
    place = numbers((side, 0, 0, side, (width - side) / 2, (height - side) / 2))
    return f"{frame}q {place} cm {widget.colour} {_as_stroke(widget.colour)} {_symbol(symbol)} Q"


def _symbol(symbol: str) -> str:
    """The mark in a square of side one, by the letter old forms use for it."""
    if symbol == "8":
        return "0.13 w 1 J 0.2 0.2 m 0.8 0.8 l 0.2 0.8 m 0.8 0.2 l S"
    if symbol == "l":
        return f"{_circle(0.5, 0.5, 0.27)} f"
    if symbol == "n":
        return "0.22 0.22 0.56 0.56 re f"
    if symbol == "u":
        return "0.5 0.12 m 0.88 0.5 l 0.5 0.88 l 0.12 0.5 l f"
    if symbol == "H":
        points = [f"{_STAR[at] / 100:g} {_STAR[at + 1] / 100:g}" for at in range(0, len(_STAR), 2)]
        return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " f"
    return "0.12 w 1 J 1 j 0.18 0.5 m 0.4 0.22 l 0.84 0.8 l S"


def _frame(widget: Widget, cells: int) -> str:
    """Background, border and the lines between cells."""
    width, height = inner_size(widget)
    pieces = []
    if widget.background:
        pieces.append(f"{widget.background} 0 0 {numbers((width, height))} re f")
    thick = _border(widget)
    if thick:
        dash = "[3] 0 d " if widget.border_style == "D" else ""
        if widget.border_style == "U":
            path = f"0 {number(thick / 2)} m {numbers((width, thick / 2))} l"
        else:
            path = f"{numbers((thick / 2, thick / 2, width - thick, height - thick))} re"
        marks = [
            f"{number(width * at / cells)} 0 m {numbers((width * at / cells, height))} l" for at in range(1, cells)
        ]
        pieces.append(f"{number(thick)} w {dash}{widget.border} {' '.join([path, *marks])} S")
    return f"q {' '.join(pieces)} Q\n" if pieces else ""


def _round_frame(widget: Widget) -> str:
    width, height = inner_size(widget)
    thick = _border(widget)
    circle = _circle(width / 2, height / 2, (min(width, height) - thick) / 2)
    ground = f"{widget.background} {circle} f " if widget.background else ""
    edge = f"{number(thick)} w {widget.border} {circle} S" if thick else ""
    return f"q {ground}{edge} Q\n" if ground or edge else ""


def _border(widget: Widget) -> float:
    return widget.border_width if widget.border else 0.0


def _circle(x: float, y: float, radius: float) -> str:
    bend = radius * _BEND
    curves = (
        (x + radius, y + bend, x + bend, y + radius, x, y + radius),
        (x - bend, y + radius, x - radius, y + bend, x - radius, y),
        (x - radius, y - bend, x - bend, y - radius, x, y - radius),
        (x + bend, y - radius, x + radius, y - bend, x + radius, y),
    )
    return f"{numbers((x + radius, y))} m " + " ".join(f"{numbers(curve)} c" for curve in curves) + " h"


def _as_stroke(colour: str) -> str:
    values, _, operator = colour.rpartition(" ")
    return f"{values} {operator.upper()}"
