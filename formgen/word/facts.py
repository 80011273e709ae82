"""What every paper of a template shows: its fixed words, how many rows may be blank, whether branches leave gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from lxml import etree

from formgen.word.fallback import label
from formgen.word.gaps import PRINTED
from formgen.word.shape import Block
from formgen.word.source import MARK, Mark

_WORDS = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>|(\0)")
_ROW = re.compile(r"<w:tr[ >](?:(?!<w:tr[ >]).)*?</w:tr>", re.DOTALL)
_WRITTEN = re.compile(r"<w:(?:drawing|pict|object|sym|vMerge)[ />]")
_STEPS = {"if": 1, "for": 1, "endif": -1, "endfor": -1}
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HOLDS = frozenset(_W + name for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent"))


def fixed_words(name: str, block: Block) -> Iterator[str]:
    """The words of a printed part that stand outside every branch and loop, without blanks, from tag to tag."""
    if PRINTED.fullmatch(name) is None:
        return
    linear = b"".join(piece if isinstance(piece, bytes) else b"\0" for piece in block)
    words = b"".join(found[1] or found[2] or b"" for found in _WORDS.finditer(linear))
    for each in words.split(b"\0"):
        if text := "".join(unescape(each.decode("utf-8")).split()):
            yield text


def blank_rows(member: bytes, marks: Sequence[Mark]) -> int | None:
    """How many table rows of a part are blank by design when every missing value is marked; None when that depends.

    A row that holds nothing but one end of a branch is none of them: it is left over where a row tag was forgotten.
    """
    xml = member.decode("utf-8")
    count = 0
    for row in _ROW.finditer(xml):
        inner = row.group()
        if _WRITTEN.search(inner) or MARK.sub("", re.sub(r"<[^>]*>", "", inner)).strip():
            continue
        held = [marks[int(number)] for number in MARK.findall(inner)]
        depth = sum(_STEPS.get(marks[int(number)].kind, 0) for number in MARK.findall(xml[: row.start()]))
        if not held:
            if depth:
                return None
            count += 1
        elif _may_be_blank(held):
            return None
    return count


def _may_be_blank(held: Sequence[Mark]) -> bool:
    steps = sum(_STEPS.get(mark.kind, 0) for mark in held)
    if any(mark.kind not in ("out", "id") for mark in held):
        return steps == 0
    return not any(mark.node is not None and label(mark.node) for mark in held)


def may_gape(member: bytes, marks: Sequence[Mark]) -> bool:
    """Whether a paper may lack a paragraph or row in this part of a traced template that Word needs there."""
    try:
        depths = _depths(etree.fromstring(member, etree.XMLParser(resolve_entities=False)), marks)
    except etree.XMLSyntaxError:
        return True
    return not all(_is_held(element, depths) for element in depths)


def _is_held(element: Any, depths: dict[Any, int]) -> bool:
    """Whether an element always has what it needs: a row, or a paragraph and at the end no table."""
    always = [child.tag for child in element if depths[child] == depths[element]]
    if element.tag == _W + "tbl":
        return _W + "tr" in always
    if element.tag not in _HOLDS:
        return True
    has_table = any(child.tag == _W + "tbl" for child in element)
    return always[-1:] == [_W + "p"] if has_table else _W + "p" in always


def _depths(tree: Any, marks: Sequence[Mark]) -> dict[Any, int]:
    """Every element with the number of branches and loops it stands in."""
    depth, depths = 0, {}
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            depths[element] = depth
        text = element.text if event == "start" else element.tail
        depth += sum(_STEPS.get(marks[int(number)].kind, 0) for number in MARK.findall(text or ""))
    return depths
