"""The proof of a compiled template before a batch: every branch rendered, parsed strictly, compared with docxtpl.

Branches are forced, not found: both engines ask ``take`` which branch of a choice is taken and how often a loop turns.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2 import nodes
from lxml import etree

from formgen.word import fallback as word_fallback
from formgen.word.compiled import Compiled, Met
from formgen.word.properties import settled
from formgen.word.record import NeedsDocxtpl, Record
from formgen.word.samples import sample
from formgen.word.shape import Block, Choice, Loop
from formgen.word.source import Source, trace

MOST_ROUNDS = 60
ITEMS = 2
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What the proof found: the rounds made, the parts that differ from docxtpl, and those that are no XML."""

    rounds: int
    differing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether every round was well formed and equal."""
        return not self.differing and not self.broken


@dataclass(frozen=True, slots=True)
class Round:
    """One rendering: the branch of each choice by its number (the number of tests for else) and the turns of loops."""

    branches: Mapping[int, int]
    turns: int = ITEMS

    def take(self, number: int, at: int, value: Any) -> Any:
        """Whether branch ``at`` of a choice is taken; of a loop (``at`` is -1) the items it goes through."""
        return value[: self.turns] if at < 0 else self.branches.get(number, 0) == at


def proved(content: bytes, compiled: Compiled) -> Trial:
    """Render every branch both ways and compare. Raises jinja2.TemplateError when docxtpl cannot render it."""
    differing: dict[str, None] = {}
    broken: dict[str, None] = {}
    rounds = list(_rounds(compiled.shapes))
    source = trace(content)
    contexts = sample(source.trees), sample(source.trees, with_breaks=True)
    oracle = _Forced(source)
    for at, each in enumerate(rounds):
        theirs = _theirs(content, contexts[at % 2], oracle.forced(each))
        for name, ours in _ours(compiled, contexts[at % 2], each):
            try:
                if canonical(ours) != canonical(settled(name, theirs[name])):
                    differing[name] = None
            except etree.XMLSyntaxError:
                broken[name] = None
    return Trial(len(rounds), tuple(differing), tuple(broken))


def canonical(xml: bytes) -> bytes:
    """The canonical form (W3C C14N 1.0) of a part, parsed strictly; a table without rows is without columns.

    Raises etree.XMLSyntaxError.
    """
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, huge_tree=False))
    for table in root.iter(f"{_W}tbl"):
        grid = table.find(f"{_W}tblGrid")
        if grid is not None and table.find(f"{_W}tr") is None:
            del grid[:]
    made = io.BytesIO()
    etree.ElementTree(root).write_c14n(made)
    return made.getvalue()


def _ours(compiled: Compiled, context: Mapping[str, object], each: Round) -> Iterator[tuple[str, bytes]]:
    try:
        parts = compiled.parts(Record(context), Met(), policy="mark", take=each.take)
    except NeedsDocxtpl:
        return
    yield from zip(compiled.package.changed, parts, strict=True)


def _theirs(content: bytes, context: Mapping[str, object], oracle: _Forced) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(word_fallback.rendered(content, context, oracle))) as package:
        return {name: package.read(name) for name in package.namelist()}


class _Forced(word_fallback.Environment):
    """The sandbox that takes the traced syntax trees, compiled once, with forced branches, in place of the sources."""

    def __init__(self, source: Source) -> None:
        super().__init__(word_fallback.Session())
        self._round = Round({})
        self.filters["_take"] = self._take
        self._made: dict[int, jinja2.Template] = {}
        self._at = 0
        numbers = {id(mark.node): number for number, mark in enumerate(source.marks) if mark.node is not None}
        self._trees = [word_fallback.shown(_forced(tree, numbers)) for tree in source.trees]

    @jinja2.pass_context  # without it Jinja would work the answer out once and for all
    def _take(self, context: Any, value: Any, number: int, at: int) -> Any:
        return self._round.take(number, at, value)

    def forced(self, each: Round) -> _Forced:
        """The same for one rendering with those branches."""
        self._round, self._at = each, 0
        return self

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> jinja2.Template:
        """The next traced template; docxtpl asks for those of a paper in the same order every time."""
        at = self._at
        self._at += 1
        if at not in self._made:
            self._made[at] = jinja2.Environment.from_string(self, self._trees[at])
        return self._made[at]


def _forced(tree: nodes.Template, numbers: Mapping[int, int]) -> nodes.Template:
    for choice in list(tree.find_all(nodes.If)):
        first = numbers.get(id(choice.test))
        if first is None:  # an elif: its choice has numbered it
            continue
        for at, branch in enumerate((choice, *choice.elif_)):
            branch.test = _take(nodes.Const(None), first, at)
    for loop in tree.find_all(nodes.For):
        loop.iter = _take(nodes.Filter(loop.iter, "_each", [], [], None, None), numbers[id(loop)], -1)
    return tree


def _take(node: nodes.Expr, number: int, at: int) -> nodes.Filter:
    return nodes.Filter(node, "_take", [nodes.Const(number), nodes.Const(at)], [], None, None)


def _rounds(shapes: Mapping[str, Block]) -> Iterator[Round]:
    """Few rounds that together take every branch, and one each with empty and single loops."""
    above = {branch: outer for block in shapes.values() for branch, outer in _branches(block, ())}
    left = dict.fromkeys(above)
    yield Round({}, turns=1)
    yield Round({}, turns=0)
    for _ in range(MOST_ROUNDS):
        if not left:
            return
        first = next(iter(left))
        chosen = dict((*above[first], first))
        for number, at in left:
            if all(chosen.get(outer, at_outer) == at_outer for outer, at_outer in above[number, at]):
                chosen.setdefault(number, at)
        left = {branch: None for branch in left if not _is_reached((*above[branch], branch), chosen)}
        yield Round(chosen)


def _is_reached(outer: tuple[tuple[int, int], ...], chosen: Mapping[int, int]) -> bool:
    return all(chosen.get(number, 0) == at for number, at in outer)


def _branches(block: Block, outer: tuple) -> Iterator[tuple[tuple[int, int], tuple]]:
    """Every branch with the branches around it."""
    for piece in block:
        if isinstance(piece, Choice):
            for at, body in enumerate((*piece.bodies, piece.otherwise)):
                yield (piece.number, at), outer
                yield from _branches(body, (*outer, (piece.number, at)))
        elif isinstance(piece, Loop):
            yield from _branches(piece.body, outer)
            yield from _branches(piece.otherwise, outer)
