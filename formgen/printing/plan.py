"""The order of a print job, sheet by sheet: which page lies on which side, and where every household begins.

Every paper begins on the front of a sheet of its own, since it is signed and filed by itself; so a duplex job has empty
backs. Sheets are counted as they leave the printer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

MAP, SEPARATOR, PAPER, BLANK = "map", "separator", "paper", "blank"
ROWS_A_MAP_PAGE = 44


@dataclass(frozen=True, slots=True)
class Printable:
    """A paper to be printed: whose it is, which form, its file below the output folder, pages and copies."""

    group: str  # the case number, the union, or 汇总
    form: str
    title: str
    file: str
    pages: int
    copies: int = 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of the job. ``sheet`` counts from 1, ``page`` within the paper, or within the map, from 1."""

    kind: str
    sheet: int
    paper: Printable | None = None
    copy: int = 1
    page: int = 1
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One copy of a paper in the page map, with its first and last sheet."""

    paper: Printable
    copy: int
    first: int
    last: int


def plan(papers: Sequence[Printable], *, by: str = "case", duplex: bool = False, separators: bool = True) -> list[Leaf]:
    """The pages of the job in order. ``by`` is case or form; a map of sheets comes first when there are separators."""
    sorted_papers = list(papers) if by == "case" else sorted(papers, key=lambda paper: paper.form)
    stacks = [list(stack) for _, stack in groupby(sorted_papers, key=lambda paper: heading(paper, by))]
    rows = len(map_rows(sorted_papers, by))
    leaves: list[Leaf] = []
    if separators:
        _add(leaves, (Leaf(MAP, 0, page=at + 1) for at in range(-(-rows // ROWS_A_MAP_PAGE))), duplex)
    for stack in stacks:
        if separators:
            _add(leaves, [Leaf(SEPARATOR, 0, heading=heading(stack[0], by))], duplex)
        for paper in stack:
            for copy in range(1, paper.copies + 1):
                _add(leaves, (Leaf(PAPER, 0, paper, copy, page) for page in range(1, paper.pages + 1)), duplex)
    return [replace(leaf, sheet=at // 2 + 1 if duplex else at + 1) for at, leaf in enumerate(leaves)]


def entries(leaves: Sequence[Leaf]) -> Iterator[Entry]:
    """The page map: every copy of every paper, in the order it is printed."""
    printed = (leaf for leaf in leaves if leaf.kind == PAPER and leaf.paper)
    for (paper, copy), found in groupby(printed, key=lambda leaf: (leaf.paper, leaf.copy)):
        sheets = [leaf.sheet for leaf in found]
        if paper is not None:
            yield Entry(paper, copy, sheets[0], sheets[-1])


def heading(paper: Printable, by: str) -> str:
    """What a separator sheet says: the case number, or the title of the form."""
    return paper.group if by == "case" else paper.title


def map_rows(papers: Sequence[Printable], by: str) -> list[tuple[Printable, ...]]:
    """The papers that share a row of the printed map: a case's, or each by itself when the job goes by form."""
    if by == "form":
        return [(paper,) for paper in papers]
    return [tuple(found) for _, found in groupby(papers, key=lambda paper: paper.group)]


def _add(leaves: list[Leaf], more: Iterator[Leaf] | Sequence[Leaf], duplex: bool) -> None:
    """Append pages that begin on a front side."""
    if duplex and len(leaves) % 2:
        leaves.append(Leaf(BLANK, 0))
    leaves.extend(more)
