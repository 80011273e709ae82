"""Words that disappear with a row, cell or paragraph tag: docxtpl puts the tag in place of all that is around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from formgen.lint.places import Paragraph
from formgen.lint.tags import Fault, Tag

_NOTE = re.compile(r"\{#.*?#\}", re.DOTALL)
MOST = 40  # characters shown of what is lost


def lost(read: Sequence[tuple[Paragraph, Sequence[Tag]]]) -> Iterator[tuple[Paragraph, Fault]]:
    """A fault for each row, cell or paragraph tag that stands beside other words, with these words."""
    for paragraph, tags in read:
        if (tag := _last(tags, "p")) and (words := _without(paragraph, tag)):
            yield paragraph, _fault(tag, words)
    inside = sorted((each for each in read if each[0].row), key=_cell)  # a table inside a cell stands between its words
    for _, row in groupby(inside, key=lambda each: _cell(each)[:2]):
        yield from _around(list(row), "tr", inside)
    for _, cell in groupby(inside, key=_cell):
        yield from _around(list(cell), "tc", [])


def _cell(each: tuple[Paragraph, Sequence[Tag]]) -> tuple[str, tuple[int, ...], int]:
    return each[0].part, each[0].row, each[0].cell


def _around(
    held: Sequence[tuple[Paragraph, Sequence[Tag]]], scope: str, others: Sequence[tuple[Paragraph, Sequence[Tag]]]
) -> Iterator[tuple[Paragraph, Fault]]:
    """The fault of the last tag of that scope in a row or cell, if other words stand there or in a box inside."""
    found = [(paragraph, tag) for paragraph, tags in held if (tag := _last(tags, scope))]
    if not found:
        return
    paragraph, tag = found[-1]
    below = [each for each, _ in others if _is_below(each, paragraph)]
    pieces = [_without(each, tag if each is paragraph else None) for each in (*(each for each, _ in held), *below)]
    if words := " ".join(filter(None, pieces)):
        yield paragraph, _fault(tag, words)


def _is_below(each: Paragraph, paragraph: Paragraph) -> bool:
    """Whether a paragraph stands in a text box or table inside the row of the other."""
    size = len(paragraph.row)
    return each.part == paragraph.part and len(each.row) > size and each.row[:size] == paragraph.row


def _last(tags: Sequence[Tag], scope: str) -> Tag | None:
    return next((tag for tag in reversed(tags) if tag.scope == scope), None)


def _without(paragraph: Paragraph, tag: Tag | None) -> str:
    """The words of a paragraph without the tag and without notes."""
    text = paragraph.text[: tag.start] + paragraph.text[tag.end :] if tag else paragraph.text
    return _NOTE.sub("", text).strip()


def _fault(tag: Tag, words: str) -> Fault:
    shown = words if len(words) <= MOST else words[:MOST] + "…"
    return Fault("E633", tag.start, tag.end, {"tag": tag.text, "words": shown, "hint": _HINTS[tag.scope]})


_HINTS = {"tr": "X990", "tc": "X991", "p": "X992"}
