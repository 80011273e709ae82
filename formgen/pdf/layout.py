"""Where each character of a value goes: one line, several lines, or one character a cell.

Lines break as Chinese is set: no closing mark opens a line, no opening mark ends one, words and figures of Latin script
stay whole where they can. A value that does not fit shrinks to a floor; below it the value has overflowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from formgen.pdf.fonts import Glyph

FLOOR = 6.0  # points: smaller print cannot be read from paper
COMFORT = 9.0  # points: a single line shrinks this far before it becomes two
WORTH = 1.1  # a second line must win this much size
LARGEST = 12.0  # points: the size of a field that leaves its size open
LEADING = 1.25  # of the size, line to line
ASCENT, DESCENT = 0.88, 0.12  # the ideographic square above and below the baseline
NOT_FIRST = frozenset("，。、；：？！）》」』】〉〕〗”’…—·％‰℃,.;:?!)]}%°々ー～")
NOT_LAST = frozenset("（《「『【〈〔〖“‘￥$([{")
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_./@+&'#")

Lookup = Callable[[str], Glyph | None]


@dataclass(frozen=True, slots=True)
class Box:
    """The inside of a field in points; ``size`` 0 leaves the size open, ``align`` is 0 left, 1 centre, 2 right."""

    width: float
    height: float
    size: float
    align: int = 0
    is_multiline: bool = False
    cells: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Glyphs set from one point on, in the box's own co-ordinates."""

    x: float
    y: float
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A laid-out value; ``overflow`` says it does not fit even at the floor."""

    size: float
    lines: tuple[Line, ...]
    overflow: bool = False


def lay(text: str, box: Box, lookup: Lookup) -> Block:
    """The value laid out in the box. Characters without a glyph must have been dealt with before."""
    if box.cells:
        return _comb(text, box, lookup)
    paragraphs = [[glyph for char in line if (glyph := lookup(char))] for line in text.split("\n")]
    if box.is_multiline or len(paragraphs) > 1:
        return _several(paragraphs, box, box.size or LARGEST)
    return _single(paragraphs[0], box)


def _single(glyphs: list[Glyph], box: Box) -> Block:
    """One line as large as it may be; where it would be small, two lines if they can be larger."""
    wanted = box.size or max(FLOOR, min(LARGEST, box.height * 0.72))
    natural = width_of(glyphs)
    size = min(wanted, box.width * 1000 / natural) if natural else wanted
    one = Block(size, (_set(glyphs, size, box, (box.height - size) / 2 + DESCENT * size),), size < FLOOR)
    if size >= min(wanted, COMFORT):
        return one
    several = _several([glyphs], box, wanted)
    return one if several.overflow or several.size < size * WORTH else several


def _several(paragraphs: Sequence[list[Glyph]], box: Box, wanted: float) -> Block:
    """Lines broken to the width at the largest size whose lines fit the height."""
    size = max(wanted, FLOOR)
    while True:
        lines = [line for glyphs in paragraphs for line in break_lines(glyphs, box.width * 1000 / size)]
        height = size * (1 + LEADING * (len(lines) - 1))
        if height <= box.height + 0.01 or size <= FLOOR:
            break
        size = max(FLOOR, size - 0.5)
    top = box.height if box.is_multiline else (box.height + height) / 2
    placed = (_set(line, size, box, top - ASCENT * size - row * LEADING * size) for row, line in enumerate(lines))
    return Block(size, tuple(placed), height > box.height + 0.01)


def _comb(text: str, box: Box, lookup: Lookup) -> Block:
    """One character a cell, each in the middle of its own."""
    cell = box.width / box.cells
    size = min(box.size or box.height * 0.72, box.height * 0.95, cell * 0.98 if box.size == 0 else box.size)
    glyphs = [glyph for char in text if (glyph := lookup(char))]
    widest = max((glyph.width for glyph in glyphs), default=0)
    size = min(size, cell * 1000 / widest) if widest else size
    first = (box.cells - len(glyphs)) * box.align // 2
    y = (box.height - size) / 2 + DESCENT * size
    lines = tuple(
        Line((first + at + 0.5) * cell - glyph.width * size / 2000, y, (glyph,)) for at, glyph in enumerate(glyphs)
    )
    return Block(size, lines, len(glyphs) > box.cells or size < FLOOR)


def _set(glyphs: Sequence[Glyph], size: float, box: Box, y: float) -> Line:
    slack = box.width - width_of(glyphs) * size / 1000 if box.align else 0.0
    return Line(slack * box.align / 2, y, tuple(glyphs))


def width_of(glyphs: Sequence[Glyph]) -> float:
    """The width of a run in thousandths of an em."""
    return sum([glyph.width for glyph in glyphs])


def break_lines(glyphs: Sequence[Glyph], limit: float) -> list[Sequence[Glyph]]:
    """The run broken into lines no wider than ``limit`` (thousandths of an em)."""
    if width_of(glyphs) <= limit:
        return [glyphs]
    lines: list[Sequence[Glyph]] = []
    start = 0
    while start < len(glyphs):
        end = _reach(glyphs, start, limit)
        if end < len(glyphs):
            end = _good_break(glyphs, start, end)
        line = glyphs[start:end]
        while end < len(glyphs) and glyphs[end].char == " ":
            end += 1
        lines.append(line)
        start = end
    return lines


def _reach(glyphs: Sequence[Glyph], start: int, limit: float) -> int:
    """One past the last glyph that still fits a line from ``start``; at least one glyph."""
    end, used = start, 0.0
    while end < len(glyphs) and (used := used + glyphs[end].width) <= limit:
        end += 1
    return max(end, start + 1)


def _good_break(glyphs: Sequence[Glyph], start: int, end: int) -> int:
    """The last place at or before ``end`` where a line may break; ``end`` when there is none."""
    for at in range(end, start, -1):
        before, after = glyphs[at - 1].char, glyphs[at].char
        in_word = before in _WORD and after in _WORD
        if not in_word and after not in NOT_FIRST and before not in NOT_LAST:
            return at
    return end
