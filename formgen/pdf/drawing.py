"""A drawn page read for its places: {{ 字段 }} alone in a cell, □ before a choice. Only this module knows pdfium.

The placeholders are taken off the page; what cannot be taken off without tearing other words stays, and is named.
"""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

PLACEHOLDER = re.compile(r"\{\{\s*([^{}]+?)\s*\}\}")
SQUARES = "□☐▢"
_LABEL_ENDS = frozenset("\r\n\t {}（(，,；;、/") | frozenset(SQUARES)
_THIN = 1.0  # points: how far a line may lean
_NEAR = 1.5  # points: how far a line may fall short of a corner

Rect = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Mark:
    """A placeholder or square: its words, where it stands, the cell around it (None: no lines around it), its type.

    ``room`` is how far the line is empty to the right of it, None when nothing follows.
    """

    name: str
    page: int
    box: Rect
    cell: Rect | None
    font: str = ""
    size: float = 0.0
    is_square: bool = False
    room: float | None = None


@dataclass(slots=True)
class Drawing:
    """The page without its placeholders, the marks that stood on it, and those that could not be taken off."""

    content: bytes = field(repr=False)
    marks: list[Mark] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Char:
    char: str
    box: Rect
    object: Any
    font: str
    size: float


def is_available() -> bool:
    """Whether pypdfium2 is installed (the extra ``drawing``)."""
    return find_spec("pypdfium2") is not None


def read(content: bytes) -> Drawing:
    """The marks of a PDF and the PDF without them. Raises ValueError when it cannot be read."""
    import pypdfium2

    drawing, buffer = Drawing(b""), io.BytesIO()
    try:
        document = pypdfium2.PdfDocument(content)
        for number, page in enumerate(document):
            _read_page(page, number, drawing)
        document.save(buffer)
    except (pypdfium2.PdfiumError, OverflowError) as wrong:
        raise ValueError("not a PDF") from wrong
    drawing.content = buffer.getvalue()
    return drawing


def _read_page(page: Any, number: int, drawing: Drawing) -> None:
    chars = list(_characters(page))
    lines = list(_lines(page))
    found = [*_placeholders(chars, lines, number), *_squares(chars, lines, number)]
    for mark, own in found:
        drawing.marks.append(mark)
        if not mark.is_square:
            drawing.stuck += [] if _take_off(page, own, chars) else [mark.name]
    if found:
        page.gen_content()


def picture(content: bytes, page: int, boxes: list[tuple[Rect, str, str]], font: str) -> bytes:
    """A PNG of the page with coloured boxes (rect, colour, name) drawn over it."""
    import pypdfium2
    from PIL import ImageDraw, ImageFont

    document = pypdfium2.PdfDocument(content)
    scale = 2.0
    drawn = document[page].render(scale=scale).to_pil().convert("RGB")
    pen = ImageDraw.Draw(drawn)
    letters = ImageFont.truetype(font, 18)
    for (left, bottom, right, top), colour, name in boxes:
        corners = (left * scale, drawn.height - top * scale, right * scale, drawn.height - bottom * scale)
        pen.rectangle(corners, outline=colour, width=2)
        pen.text((corners[0] + 3, corners[1] + 1), name, fill=colour, font=letters)
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG")
    return buffer.getvalue()


def _characters(page: Any) -> Iterator[_Char]:
    """Every printed character with its place and the text object it belongs to."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int()
    for at in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, at)
        if code in (0, 0xFFFE) or raw.FPDFText_IsGenerated(text, at):
            yield _Char(chr(code) if code else " ", (0, 0, 0, 0), None, "", 0.0)
            continue
        raw.FPDFText_GetFontInfo(text, at, name, 256, ctypes.byref(flags))
        owner = raw.FPDFText_GetTextObject(text, at)
        font = name.value.decode("utf-8", "replace")
        yield _Char(chr(code), text.get_charbox(at, loose=True), _address(owner), font, _size(text, at))


def _size(text: Any, at: int) -> float:
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text, at, matrix)
    return raw.FPDFText_GetFontSize(text, at) * (abs(matrix.d) or 1.0)


def _address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def _lines(page: Any) -> Iterator[Rect]:
    """Every straight line of the page, upright or level, whether stroked or filled as a thin box."""
    import pypdfium2.raw as raw

    for shape in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=2):
        turn = shape.get_matrix()
        last = first = (0.0, 0.0)
        for at in range(raw.FPDFPath_CountSegments(shape)):
            segment = raw.FPDFPath_GetPathSegment(shape, at)
            x, y = ctypes.c_float(), ctypes.c_float()
            raw.FPDFPathSegment_GetPoint(segment, x, y)
            point = turn.on_point(x.value, y.value)
            if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
                first = point
            else:
                yield from _straight(last, point)
            if raw.FPDFPathSegment_GetClose(segment):
                yield from _straight(point, first)
            last = point


def _straight(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Rect]:
    if abs(a[0] - b[0]) < _THIN or abs(a[1] - b[1]) < _THIN:
        yield min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _placeholders(chars: list[_Char], lines: list[Rect], page: int) -> Iterator[tuple[Mark, list[_Char]]]:
    words = "".join(char.char for char in chars)
    for found in PLACEHOLDER.finditer(words):
        own = [char for char in chars[found.start() : found.end()] if char.object is not None]
        if own:
            inner = next((char for char in own if char.char not in "{ }"), own[0])
            name = "".join(found.group(1).split())
            box = _around(own)
            room = _room(box, [char for char in chars if char.char.strip() and char.object is not None])
            yield Mark(name, page, box, _cell(box, lines), inner.font, inner.size, room=room), own


def _room(box: Rect, chars: list[_Char]) -> float | None:
    """How far the line is empty from the box's left side on, its own characters not counted."""
    middle = (box[1] + box[3]) / 2
    right = (char.box[0] for char in chars if char.box[1] < middle < char.box[3] and char.box[0] >= box[2] - 0.5)
    nearest = min(right, default=None)
    return None if nearest is None else nearest - box[0]


def _squares(chars: list[_Char], lines: list[Rect], page: int) -> Iterator[tuple[Mark, list[_Char]]]:
    """Each square with the words after it as its name."""
    for at, char in enumerate(chars):
        if char.char not in SQUARES or char.object is None:
            continue
        label = ""
        for following in chars[at + 1 :]:
            if following.char in _LABEL_ENDS and label:
                break
            label += following.char.strip()
        if label:
            yield Mark(label, page, _square(char), _cell(char.box, lines), char.font, char.size, True), [char]


def _square(char: _Char) -> Rect:
    """The square a tick is drawn in, over the one that is printed."""
    left, bottom, right, _ = char.box
    side = min(right - left, char.size or right - left) * 0.86
    middle_x, middle_y = (left + right) / 2, bottom + (char.size or right - left) * 0.42
    return middle_x - side / 2, middle_y - side / 2, middle_x + side / 2, middle_y + side / 2


def _around(chars: list[_Char]) -> Rect:
    boxes = [char.box for char in chars]
    return (
        *(min(box[0] for box in boxes), min(box[1] for box in boxes)),
        *(max(box[2] for box in boxes), max(box[3] for box in boxes)),
    )


def _cell(box: Rect, lines: list[Rect]) -> Rect | None:
    """The cell whose lines stand around the box, None when a side is open."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    upright = [line[0] for line in lines if line[1] - _NEAR <= y <= line[3] + _NEAR and line[2] - line[0] < _THIN]
    level = [line[1] for line in lines if line[0] - _NEAR <= x <= line[2] + _NEAR and line[3] - line[1] < _THIN]
    left = max((at for at in upright if at <= x), default=None)
    right = min((at for at in upright if at > x), default=None)
    bottom = max((at for at in level if at <= y), default=None)
    top = min((at for at in level if at > y), default=None)
    if left is None or right is None or bottom is None or top is None:
        return None
    return left, bottom, right, top


def _take_off(page: Any, own: list[_Char], chars: list[_Char]) -> bool:
    """Remove the text objects of a placeholder; False when one of them also holds other words."""
    import pypdfium2.raw as raw

    objects = {char.object for char in own}
    mine = {id(char) for char in own}
    if any(char.object in objects and char.char.strip() and id(char) not in mine for char in chars):
        return False
    for shape in list(page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=1)):
        if _address(shape.raw) in objects:
            page.remove_obj(shape)
    return True
