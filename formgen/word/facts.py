"""What every paper of a template must show, for the read-back proof: its fixed words and how many rows may be blank."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape

from formgen.word.fallback import label
from formgen.word.shape import Block
from formgen.word.source import MARK, Mark

PRINTED = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
_WORDS = re.compile(rb"<w:t(?: [^>]*)?>([^<]*)</w:t>|(\0)")
_ROW = re.compile(r"<w:tr[ >](?:(?!<w:tr[ >]).)*?</w:tr>", re.DOTALL)
_WRITTEN = re.compile(r"<w:(?:drawing|pict|object|sym|vMerge)[ />]")
_STEPS = {"if": 1, "for": 1, "endif": -1, "endfor": -1}


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
