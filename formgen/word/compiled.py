"""A template compiled: its package, and for each changed part the functions that make it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from formgen.word import filters
from formgen.word.code import compiled
from formgen.word.facts import blank_rows, fixed_words, may_gape
from formgen.word.fallback import label, rich_xml
from formgen.word.gaps import PRINTED, mended
from formgen.word.package import Package
from formgen.word.pictures import NO_PICTURE, Album, numbered
from formgen.word.properties import settled
from formgen.word.record import NeedsDocxtpl, Record
from formgen.word.shape import Block, Place, places, shape
from formgen.word.source import Breaks, trace
from formgen.word.uses import printed
from formgen.word.values import SUSPECT, Picture, Rich, clean, escape, escape_attribute, mark, mark_run

_TAB = re.compile(r"</w:t></w:r><w:r>(.*)<w:tab/></w:r><w:r>", re.DOTALL)


@dataclass(slots=True)
class Met:
    """What one filling met: labels printed without a value, filters that could not read theirs with its tag, pictures.

    ``lost`` are the tags whose picture cannot be read.
    """

    missing: dict[str, None] = field(default_factory=dict)
    unfit: dict[tuple[str, str], None] = field(default_factory=dict)
    lost: dict[str, None] = field(default_factory=dict)
    album: Album | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A printed place: the tag it is about, what stands for a missing value, and docxtpl's breaks there."""

    label: str
    mark: bytes
    breaks: Breaks
    in_tag: bool
    part: str


class Compiled:
    """A template as functions. ``roots`` are the tags of the record that it asks for, ``whole`` those it prints."""

    def __init__(self, content: bytes) -> None:
        """Compile. Raises NotCompilable, Refused and jinja2.TemplateSyntaxError."""
        source = trace(content)
        members = {name: settled(name, member) for name, member in source.members.items()}
        changed = tuple(name for name, member in sorted(members.items()) if b"\xef\xb7\x90" in member)
        self.shapes: Mapping[str, Block] = {name: shape(members[name], source.marks) for name in changed}
        self.package = Package({name: _still(name, member, changed) for name, member in members.items()}, changed)
        self._gaping = frozenset(name for name in changed if may_gape(members[name], source.marks))
        self._fast = tuple(compiled(self.shapes[name], careful=False) for name in changed)
        self._careful = tuple(compiled(self.shapes[name], careful=True) for name in changed)
        own = [(place, name) for name, block in self.shapes.items() for place in places(block)]
        self.spots = {place.number: _spot(place, source.breaks[place.number], name) for place, name in own}
        self._members = members
        self.roots = source.roots
        self.whole = frozenset(name for tree in source.trees for name in printed(tree)) & source.roots
        self.fixed_words = tuple(
            dict.fromkeys(text for name in changed for text in fixed_words(name, self.shapes[name]))
        )
        counts = [blank_rows(members[name], source.marks) for name in changed if PRINTED.fullmatch(name)]
        self.blank_rows = None if None in counts else sum(count for count in counts if count)

    def fill(self, record: Record, met: Met, *, policy: str) -> bytes:
        """The package of one record. Raises NeedsDocxtpl when only docxtpl can print one of its values."""
        parts = self.parts(record, met, policy=policy)
        if met.album is None:
            return self.package.spliced(parts)
        return self.package.spliced([numbered(part) for part in parts], met.album.members)

    def parts(self, record: Record, met: Met, *, policy: str, take: Callable[..., Any] | None = None) -> list[bytes]:
        """The changed parts of one record, in the order of the package; ``take`` forces branches in a trial."""
        miss = self._miss(met, policy)
        show = self._show(miss, met)
        unfit = _unfit(met)
        if take is None:
            parts = [b"".join(part(record, miss, show, None, unfit, _numbers())) for part in self._fast]
            if self.roots.isdisjoint(record.breaks):
                return self._whole(parts)
        return self._whole(
            [b"".join(part(record, miss, show, take or _taken, unfit, _numbers())) for part in self._careful]
        )

    def _whole(self, parts: list[bytes]) -> list[bytes]:
        """The parts with what their branches left out and Word needs."""
        if not self._gaping:
            return parts
        named = zip(self.package.changed, parts, strict=True)
        return [mended(part) if name in self._gaping else part for name, part in named]

    def asked(self, record: Record) -> dict[str, str]:
        """What the papers of this record must print: the fixed words, and every value at a place that is reached.

        Each comes with the tag it is about, fixed words with nothing.
        """
        values: dict[str, str] = {}

        def show(number: int, value: object, root: str, record: Record) -> bytes:
            if isinstance(value, str | int | list | tuple | Rich) and not self.spots[number].in_tag:
                text = value.text if isinstance(value, Rich) else filters.text(value)
                plain = clean(text).text.replace("\a", "") if SUSPECT.search(text) else text
                values[plain] = self.spots[number].label
            return b""

        for name, part in zip(self.package.changed, self._careful, strict=True):
            if PRINTED.fullmatch(name):
                part(record, _nobody, show, _taken, _unfit(Met()), _numbers())
        return dict.fromkeys(self.fixed_words, "") | values

    def _miss(self, met: Met, policy: str) -> Callable[[int], bytes]:
        """What is printed for a missing value; its label is noted."""
        spots, missing, is_marked = self.spots, met.missing, policy == "mark"

        def miss(number: int) -> bytes:
            spot = spots[number]
            missing[spot.label] = None
            return spot.mark if is_marked else b""

        return miss

    def _drawing(self, spot: Spot, picture: Picture, met: Met) -> bytes:
        """A picture at its place, which must be the text of a run."""
        if _TAB.match(spot.breaks.tab) is None:
            raise NeedsDocxtpl
        met.album = met.album or Album(self._members)
        try:
            return met.album.drawing(spot.part, picture)
        except NO_PICTURE:
            met.lost[spot.label] = None
            return spot.mark

    def _show(self, miss: Callable[[int], bytes], met: Met) -> Callable[..., bytes]:
        """What is printed at a place with all care: breaks, rich text, attributes."""
        spots = self.spots

        def show(number: int, value: object, root: str, record: Record) -> bytes:
            """The bytes of one value at the place of that number."""
            spot = spots[number]
            if isinstance(value, Rich):
                return rich_xml(value).encode()
            if isinstance(value, Picture):
                return self._drawing(spot, value, met)
            if filters.is_table(value) or filters.is_empty(value):
                return miss(number) if spot.label else b""
            text = record.cleaned(filters.text(value), root)
            if spot.in_tag:
                return escape_attribute(text).encode()
            return _broken(escape(text), spot.breaks).encode()

        return show


def _spot(place: Place, breaks: Breaks, part: str) -> Spot:
    """The place with its mark as a red run where it stands in a run, as bare words elsewhere, nothing in a tag."""
    name = label(place.node)
    run = _TAB.match(breaks.tab)
    words = mark_run(name, run[1]) if run else "" if place.in_tag else escape(mark(name))
    return Spot(name, words.encode(), breaks, place.in_tag, part)


def _still(name: str, member: bytes, changed: Collection[str]) -> bytes:
    """A member; one that is printed in every paper alike, without gaps."""
    return mended(member) if PRINTED.fullmatch(name) and name not in changed else member


def _nobody(number: int) -> bytes:
    return b""


def _taken(number: int, at: int, value: Any) -> Any:
    return value


def _numbers() -> Callable[[], bytes]:
    """The running numbers of drawings, from 1001 as docxtpl gives them."""
    counter = count(1001)
    return lambda: b"%d" % next(counter)


def _unfit(met: Met) -> Callable[..., Any]:
    def call(name: str, tag: str, value: Any, *args: Any, **more: Any) -> Any:
        try:
            return filters.FILTERS[name](value, *args, **more)
        except filters.Unfit:
            met.unfit[name, tag] = None
            return filters.text(value)

    return call


def _broken(text: str, breaks: Breaks) -> str:
    """The escaped text with docxtpl's tabs, paragraphs, lines and pages."""
    for sign, made in (("\t", breaks.tab), ("\a", breaks.paragraph), ("\n", breaks.line), ("\f", breaks.page)):
        text = text.replace(sign, made)
    return text
