"""The paragraphs of a template in reading order, each with its place as a clerk would say it and its text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from formgen.lint.package import Template, part_name

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n"}
#: The words of a place; what follows one is its number, but for 第3段.
_ENGLISH = (
    ("正文", "body"),
    ("页眉", "header"),
    ("页脚", "footer"),
    ("脚注", "footnotes"),
    ("尾注", "endnotes"),
    ("文本框", "text box"),
    (r"第(\d+)段", r"paragraph \1"),
    ("表", "table "),
    ("行", "row "),
    ("格", "cell "),
)
#: a w:p, where it stands, its row and the number of its cell
Spot: TypeAlias = tuple[Any, str, tuple[int, ...], int]
AROUND = 15  # characters shown on each side of a problem


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: its part, its number among the part's paragraphs, where it stands, and its text.

    ``where`` is 第3段 or 表2行4格1 (body), with 文本框 before it in a text box. ``row`` names the row it stands
    in, () outside tables, ``cell`` the number of its cell there. ``texts`` are its w:t elements, each with where it
    begins in ``text``.
    """

    part: str
    number: int
    where: str
    row: tuple[int, ...]
    cell: int
    text: str
    texts: tuple[tuple[int, Any], ...]

    def around(self, start: int, end: int) -> str:
        """The words of a problem with 15 characters on each side."""
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        left = "…" if start > AROUND else ""
        right = "…" if end + AROUND < len(self.text) else ""
        return f"〔{left}{before}{self.text[start:end]}{after}{right}〕".replace("\n", "⏎").replace("\t", " ")


def in_english(where: str) -> str:
    """A part and place in English: 正文表2行4格1 is body, table 2, row 4, cell 1."""
    for chinese, english in _ENGLISH:
        where = re.sub(chinese, rf"\n{english}", where)
    return ", ".join(part for part in where.split("\n") if part)


def paragraphs(template: Template) -> Iterator[Paragraph]:
    """All paragraphs of all parts that hold text."""
    order = sorted(template.trees, key=lambda part: (part_name(part) != "正文", part))
    for part in order:
        yield from of_tree(part, template.trees[part])


def of_tree(part: str, tree: Any) -> Iterator[Paragraph]:
    """The paragraphs of one part."""
    root = next(tree.iter(W + "body"), tree)
    for number, (element, where, row, cell) in enumerate(_walk(root, "", (), 0, [0, 0])):
        texts, text = _texts(element)
        yield Paragraph(part, number, where, row, cell, text, texts)


def _walk(element: Any, prefix: str, row: tuple[int, ...], cell: int, counts: list[int]) -> Iterator[Spot]:
    """Every w:p below with its place; ``counts`` are the paragraphs and tables so far at this level."""
    for child in element:
        if child.tag == W + "p":
            counts[0] += 1
            where = prefix if prefix and counts[0] == 1 else f"{prefix}第{counts[0]}段"
            yield child, where, row, cell
            for box in child.iter(W + "txbxContent"):
                if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                    yield from _walk(box, f"{where}文本框", (*row, -1), 0, [0, 0])
        elif child.tag == W + "tbl":
            counts[1] += 1
            yield from _table(child, f"{prefix}表{counts[1]}", (*row, counts[1]))
        elif child.tag in (_FALLBACK, W + "txbxContent"):
            continue
        elif isinstance(child.tag, str):
            yield from _walk(child, prefix, row, cell, counts)


def _table(table: Any, prefix: str, row: tuple[int, ...]) -> Iterator[Spot]:
    for r, line in enumerate(_children(table, W + "tr"), start=1):
        for c, cell in enumerate(_children(line, W + "tc"), start=1):
            yield from _walk(cell, f"{prefix}行{r}格{c}", (*row, r), c, [0, 0])


def _children(element: Any, tag: str) -> Iterator[Any]:
    """The children of that tag, also inside content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in (W + "sdt", W + "sdtContent", W + "ins"):
            yield from _children(child, tag)


def _texts(paragraph: Any) -> tuple[tuple[tuple[int, Any], ...], str]:
    texts: list[tuple[int, Any]] = []
    text = ""
    for element in _own(paragraph):
        if element.tag == W + "t":
            texts.append((len(text), element))
            text += element.text or ""
        else:
            text += _SIGNS[element.tag]
    return tuple(texts), text


def _own(element: Any) -> Iterator[Any]:
    """Texts, tabs and breaks of a paragraph, without those of its text boxes."""
    for child in element:
        if child.tag == W + "t" or child.tag in _SIGNS:
            if child.getparent().tag == W + "r":
                yield child
        elif child.tag not in (W + "txbxContent", _FALLBACK, W + "p"):
            yield from _own(child)
