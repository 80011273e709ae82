"""A record on its way into papers: every value cleaned, escaped and encoded once, however many papers print it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from formgen.word import filters
from formgen.word.values import BREAKS, SUSPECT, Picture, Rich, clean, escape

_BREAKS = frozenset(BREAKS)
#: signs that may not stand in XML as they are
_special = re.compile("[&<>\x00-\x1f\ufffe\uffff\ud800-\udfff]").search
_BETWEEN = "\u2e3b"  # a printed sign that hardly ever stands in a value; where it does, its row is made one by one
_TEXTLIKE = (str, int, float, list, tuple)


class NeedsDocxtpl(Exception):
    """The record holds what only docxtpl itself can print at that place."""


class Row(dict):
    """The printed bytes of one dictionary by tag, made when they are first asked for. ``raw`` is the dictionary."""

    __slots__ = ("raw", "record", "root")

    def __init__(self, raw: Mapping[str, object], record: Record, root: str) -> None:
        super().__init__()
        self.raw, self.record, self.root = raw, record, root

    def __missing__(self, tag: str) -> bytes:
        value = self.raw.get(tag, self)
        if isinstance(value, str) and _special(value) is None:
            made = value.encode()
        elif value is self:
            self.record.undefined[f"{self.root}.{tag}" if self.root else tag] = None
            made = b""
        else:
            made = self.record.printed(value, self.root or tag)
        self[tag] = made
        return made


def prepare(row: Row, tags: tuple[str, ...]) -> None:
    """Make the bytes of several plain texts at once; whatever is no plain text is left to ``Row``.

    One look at all of them together costs a fraction of a look at each.
    """
    raw = row.raw
    values = {tag: value for tag in tags if tag not in row and (value := raw.get(tag)).__class__ is str}
    whole = _BETWEEN.join(values.values())
    if whole.isprintable() or SUSPECT.search(whole) is None:
        texts = escape(whole).encode().split(_BETWEEN.encode())
        if len(texts) == len(values):
            row.update(zip(values, texts, strict=True))


class Record:
    """One record. ``undefined`` are tags asked for that are not there, ``dirty`` what had to be cleaned by tag.

    ``breaks`` are the tags whose values hold tabs or line breaks, which are XML that depends on the place.
    """

    __slots__ = ("breaks", "dirty", "raw", "row", "rows", "undefined")

    def __init__(self, raw: Mapping[str, object]) -> None:
        self.raw = raw
        self.breaks: set[str] = set()
        self.dirty: dict[str, tuple[tuple[str, ...], bool]] = {}
        self.undefined: dict[str, None] = {}
        self.row = Row(raw, self, "")
        self.rows: dict[str, list[tuple[object, object]]] = {}

    def cleaned(self, value: str, root: str) -> str:
        """The text that may be printed of a value; what had to be taken out is noted under its tag."""
        if SUSPECT.search(value) is None:
            return value
        made = clean(value)
        if made.removed or made.is_broken:
            self.dirty[root] = (made.removed, made.is_broken)
        if not _BREAKS.isdisjoint(made.text):
            self.breaks.add(root)
        return made.text

    def printed(self, value: object, root: str) -> bytes:
        """A value as it stands between two tags; empty for None. Raises NeedsDocxtpl for pictures."""
        if isinstance(value, str):
            return escape(self.cleaned(value, root)).encode()
        if value is None:
            return b""
        if isinstance(value, Rich | Picture):
            self.breaks.add(root)
            return b" "
        if not isinstance(value, _TEXTLIKE):
            return b""
        return self.printed(filters.text(value), root)

    def each(self, tag: str) -> list[tuple[object, object]]:
        """The items of the list under that tag, each with its printed form: a Row or bytes."""
        found = self.rows.get(tag)
        if found is None:
            if tag not in self.raw:
                self.undefined[tag] = None
            found = self.rows[tag] = self.pairs(self.raw.get(tag), tag)
        return found

    def pairs(self, value: object, root: str) -> list[tuple[object, object]]:
        """The items of any value that is a list or a text, each with its printed form; nothing of anything else."""
        if not isinstance(value, list | tuple | str):
            return []
        return [(each, Row(each, self, root) if isinstance(each, dict) else self.printed(each, root)) for each in value]

    def inner(self, tag: str, row: Row | None = None) -> Row:
        """The row of a dictionary under that tag, an empty one when there is none."""
        held = (row.raw if row is not None else self.raw).get(tag)
        key = f"\0{tag}"
        target = self.row if row is None else row
        if key not in target:
            dict.__setitem__(target, key, Row(held if isinstance(held, dict) else {}, self, tag))
        return target[key]
