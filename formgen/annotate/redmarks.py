"""Comments on cells as Excel keeps them: a list of texts, and a drawing of the little boxes that show them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from formgen.annotate.copystyles import MAIN
from formgen.xlsx.sheetxml import letters

MANY = 4000  # comments on a sheet; Excel grows slow beyond
BLOCK = 1024  # shape numbers a drawing may use at a time
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_KIND = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


class Mark(NamedTuple):
    """A comment: row and column counted from 1, and its text."""

    row: int
    column: int
    text: str


def comments(marks: Sequence[Mark]) -> str:
    """The part that holds the texts."""
    listed = "".join(
        f'<comment ref="{letters(mark.column)}{mark.row}" authorId="0"><text><r><rPr><sz val="9"/>'
        f'<rFont val="宋体"/></rPr><t xml:space="preserve">{escape(mark.text)}</t></r></text></comment>'
        for mark in marks
    )
    authors = "<authors><author>formgen</author></authors>"
    return f'{HEAD}<comments xmlns="{MAIN}">{authors}<commentList>{listed}</commentList></comments>'


def drawing(marks: Sequence[Mark], block: int) -> str:
    """The part that draws the boxes; `block` is the first block of shape numbers that is free."""
    blocks = ",".join(str(block + at) for at in range(blocks_of(marks)))
    shapes = "".join(_shape(mark, block * BLOCK + 1 + at) for at, mark in enumerate(marks))
    layout = f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout>'
    return f"<xml {_NAMES}>{layout}{_KIND}{shapes}</xml>"


def blocks_of(marks: Sequence[Mark]) -> int:
    """How many blocks of shape numbers the marks take."""
    return len(marks) // BLOCK + 1


def _shape(mark: Mark, number: int) -> str:
    lines = sum(1 + len(line) // 22 for line in mark.text.split("\n"))
    style = f"position:absolute;width:240pt;height:{min(16 * lines + 8, 300)}pt;z-index:1;visibility:hidden"
    return (
        f'<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="{style}" fillcolor="#ffffe1" o:insetmode="auto">'
        '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/></v:textbox>'
        '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
        f"<x:Row>{mark.row - 1}</x:Row><x:Column>{mark.column - 1}</x:Column></x:ClientData></v:shape>"
    )
