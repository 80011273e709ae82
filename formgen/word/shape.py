"""The shape of one part of a traced template: fixed bytes, printed places, branches and loops, proved well formed.

A branch or loop may be taken or left or repeated without breaking the XML when it closes exactly the tags that it opens
again (usually none): that is checked here once, so every paper is well formed whatever its record holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from jinja2 import nodes

from formgen.word.source import Mark, NotCompilable

_MARK = re.compile("\ufdd0([0-9]+)\ufdd1")
_TAG = re.compile(r"<(/?)([^\s/>!?]+)[^>]*?(/?)>")
_ENDS = {"if": "endif", "for": "endfor"}


@dataclass(frozen=True, slots=True)
class Place:
    """A printed expression: its mark number and whether it stands in an attribute."""

    number: int
    node: nodes.Node
    in_tag: bool


@dataclass(frozen=True, slots=True)
class Number:
    """The running number of a drawing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Branches: the first test that holds wins, else ``otherwise``."""

    number: int
    tests: tuple[nodes.Node, ...]
    bodies: tuple[Block, ...]
    otherwise: Block


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop and what stands in its place when there is nothing to repeat."""

    number: int
    node: nodes.For
    body: Block
    otherwise: Block


Block: TypeAlias = "tuple[bytes | Place | Number | Choice | Loop, ...]"


def shape(member: bytes, marks: Sequence[Mark]) -> Block:
    """The shape of a part. Raises NotCompilable when marks were lost or a branch is not closed in itself."""
    pieces = _MARK.split(member.decode("utf-8"))
    reader = _Reader(pieces, marks)
    block, end = reader.block(())
    if end is not None:
        raise NotCompilable("W457")
    return block


def places(block: Block) -> Iterator[Place]:
    """Every printed place of a block, in its order."""
    for piece in block:
        if isinstance(piece, Place):
            yield piece
        elif isinstance(piece, Choice | Loop):
            bodies = piece.bodies if isinstance(piece, Choice) else (piece.body,)
            for body in (*bodies, piece.otherwise):
                yield from places(body)


class _Reader:
    """Reads fixed texts and marks in turn; knows whether it stands inside a tag."""

    def __init__(self, pieces: list[str], marks: Sequence[Mark]) -> None:
        self.texts, self.numbers = pieces[::2], [int(number) for number in pieces[1::2]]
        self.marks, self.at, self.tag = marks, 0, ""

    def block(self, ends: tuple[str, ...]) -> tuple[Block, tuple[int, Mark] | None]:
        """What stands up to one of the ``ends``, and that end; None at the end of the part."""
        found: list[bytes | Place | Number | Choice | Loop] = []
        while True:
            text = self.texts[self.at]
            self._walk(text)
            if text:
                found.append(text.encode("utf-8"))
            if self.at == len(self.numbers):
                return tuple(found), None
            number = self.numbers[self.at]
            mark = self.marks[number]
            self.at += 1
            if mark.kind in ends:
                return tuple(found), (number, mark)
            found.append(self._inner(number, mark))

    def _inner(self, number: int, mark: Mark) -> Place | Number | Choice | Loop:
        if mark.kind == "id":
            return Number()
        if mark.kind == "out" and mark.node is not None:
            if self.tag and self.tag.count('"') % 2 == 0:
                raise NotCompilable("W457")
            return Place(number, mark.node, bool(self.tag))
        if mark.kind == "if":
            return self._choice(number, mark)
        if mark.kind == "for":
            return self._loop(number, mark)
        raise NotCompilable("W457")

    def _choice(self, number: int, mark: Mark) -> Choice:
        tests, bodies, effects, otherwise = [mark.node], [], [], None
        while otherwise is None:
            body, effect, end = self._branch(("elif", "else", "endif"))
            bodies.append(body)
            effects.append(effect)
            if end.kind == "elif":
                tests.append(end.node)
            elif end.kind == "else":
                otherwise, effect, _ = self._branch(("endif",))
                effects.append(effect)
            else:
                otherwise = ()
                effects.append(((), ()))
        if any(effect != effects[0] for effect in effects):
            raise NotCompilable("W458")
        return Choice(number, tuple(node for node in tests if node is not None), tuple(bodies), otherwise)

    def _loop(self, number: int, mark: Mark) -> Loop:
        body, effect, end = self._branch(("forelse", "endfor"))
        other: tuple = ((), ())
        otherwise: Block = ()
        if end.kind == "forelse":
            otherwise, other, _ = self._branch(("endfor",))
        if effect != ((), ()) or other != ((), ()) or not isinstance(mark.node, nodes.For):
            raise NotCompilable("W458")
        return Loop(number, mark.node, body, otherwise)

    def _branch(self, ends: tuple[str, ...]) -> tuple[Block, tuple, Mark]:
        """A branch with the tags it closes and opens for good, and its end."""
        start, tag = self.at, self.tag
        body, end = self.block(ends)
        if end is None or self.tag.startswith(tag) is False or bool(self.tag) != bool(tag):
            raise NotCompilable("W458")
        linear = "".join(self.texts[start : self.at])
        if tag:  # inside an attribute nothing but words
            if set(linear) & set('<>"'):
                raise NotCompilable("W458")
            self.tag = tag
            return body, ((), ()), end[1]
        return body, effect(linear), end[1]

    def _walk(self, text: str) -> None:
        at = text.rfind("<")
        if at > text.rfind(">"):
            self.tag = text[at:]
        elif ">" in text:
            self.tag = ""
        elif self.tag:
            self.tag += text


def effect(xml: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The tags that a piece of XML closes and those it opens, once those are gone that it closes in turn.

    A piece that closes and opens the same tags in mirrored order has no effect: ((), ()).
    """
    closed: list[str] = []
    opened: list[str] = []
    for is_end, name, is_empty in _tags(xml):
        if is_empty:
            continue
        if not is_end:
            opened.append(name)
        elif opened:
            if opened.pop() != name:
                raise NotCompilable("W458")
        else:
            closed.append(name)
    return ((), ()) if closed == opened[::-1] else (tuple(closed), tuple(opened))


def _tags(xml: str) -> Iterator[tuple[bool, str, bool]]:
    for found in _TAG.finditer(xml):
        yield found[1] == "/", found[2], found[3] == "/"
