"""What a print job adds of its own: the map of sheets, separator sheets, and the mark at the top of every page."""

from __future__ import annotations

from collections.abc import Sequence

from formgen.pdf.page import A4, MM, Drawing, Pages
from formgen.printing.plan import MAP, PAPER, ROWS_A_MAP_PAGE, SEPARATOR, Entry, Leaf, entries, map_rows

__all__ = ["A4", "draw"]
LEFT, RIGHT = 20 * MM, A4[0] - 20 * MM
_STEP = 15.0  # points from row to row of a list


def draw(leaves: Sequence[Leaf], *, by: str, duplex: bool) -> bytes:
    """A file with as many pages as the job: maps and separators complete, elsewhere only the mark."""
    pages = Pages()
    printed = list(entries(leaves))
    for leaf in leaves:
        page = pages.page()
        if leaf.kind == MAP:
            _map(pages, page, leaf, printed, leaves[-1].sheet, by, duplex)
        elif leaf.kind == SEPARATOR:
            _separator(pages, page, leaf, printed, by)
        elif leaf.kind == PAPER and leaf.paper:
            words = f"{leaf.paper.group}　{leaf.paper.title}　{leaf.page}/{leaf.paper.pages}　第 {leaf.sheet} 张"
            pages.write(page, A4[0] - 10 * MM, A4[1] - 8 * MM, words, 7, role="黑", align=2)
    return pages.finish(title="")


def _map(pages: Pages, page: Drawing, leaf: Leaf, printed: list[Entry], sheets: int, by: str, duplex: bool) -> None:
    """The list of sheets: where each household, or each paper, lies in the stack."""
    y = A4[1] - 30 * MM
    pages.write(page, A4[0] / 2, y, "打印清单", 18, role="小标宋", align=1)
    kind = "双面" if duplex else "单面"
    pages.write(page, RIGHT, y - 22, f"{kind}　共 {sheets} 张　清单第 {leaf.page} 页", 9, align=2)
    y -= 40
    columns = (LEFT, LEFT + 32 * MM, LEFT + 90 * MM)
    widths = [right - left - 2 * MM for left, right in zip(columns, (*columns[1:], RIGHT), strict=True)]
    for x, words in zip(columns, ("张", "档案编号或工会", "文书"), strict=True):
        pages.write(page, x, y, words, 10, role="黑")
    page.line(LEFT, y - 4, RIGHT, y - 4)
    rows = map_rows(list(dict.fromkeys(entry.paper for entry in printed)), by)
    for row in rows[(leaf.page - 1) * ROWS_A_MAP_PAGE : leaf.page * ROWS_A_MAP_PAGE]:
        y -= _STEP
        found = [entry for entry in printed if entry.paper in row]
        what = row[0].title if by == "form" else f"{len(row)} 种 {len(found)} 份"
        told = (_range(found[0].first, found[-1].last), row[0].group, what)
        for x, width, words in zip(columns, widths, told, strict=True):
            pages.write(page, x, y, words, pages.fitting(words, 10, width))


def _separator(pages: Pages, page: Drawing, leaf: Leaf, printed: list[Entry], by: str) -> None:
    """The sheet between two households (or forms): whose papers follow, and where each lies."""
    y = A4[1] - 60 * MM
    size = pages.fitting(leaf.heading, 30, RIGHT - LEFT, role="黑")
    pages.write(page, A4[0] / 2, y, leaf.heading, size, role="黑", align=1)
    page.line(LEFT, y - 12, RIGHT, y - 12, thick=2)
    found = [entry for entry in printed if (entry.paper.group if by == "case" else entry.paper.title) == leaf.heading]
    words = f"第 {_range(found[0].first, found[-1].last)} 张，{len(found)} 份"
    pages.write(page, A4[0] / 2, y - 36, words, 14, align=1)
    y -= 70
    for entry in found[:28]:
        name = entry.paper.title if by == "case" else entry.paper.group
        copy = f"（第 {entry.copy} 份）" if entry.paper.copies > 1 else ""
        pages.write(page, LEFT, y, f"{name}{copy}", pages.fitting(f"{name}{copy}", 12, RIGHT - LEFT - 50 * MM))
        pages.write(page, RIGHT, y, f"第 {_range(entry.first, entry.last)} 张　{entry.paper.pages} 页", 12, align=2)
        y -= 20
    if len(found) > 28:
        pages.write(page, LEFT, y, f"……另有 {len(found) - 28} 份，见打印清单", 12)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"
