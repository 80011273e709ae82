"""Computed tags of the attached page (附页): what is too long for its cell moves there and the cell says so."""

from __future__ import annotations

from formgen.household import Case

#: tag of the cell → (field, characters the cell of the shipped form holds)
CELLS = {
    "家庭困难状况栏": ("家庭困难状况", "hardship_text", 190),
    "基层工会意见栏": ("基层（单位）工会意见", "union_opinion", 60),
    "上级工会意见栏": ("上级工会意见", "higher_opinion", 60),
    "服务中心意见栏": ("省职工服务中心意见", "centre_opinion", 130),
}
SEE = "见附页"
LINE = 30
KNOWN = {
    **{tag: f"{title}；超过 {limit} 个字时印“{SEE}”，全文在附页" for tag, (title, _, limit) in CELLS.items()},
    "附页": "放不进表格的长文字，一段一项，用 {%p for … %} 循环；没有时不印附页",
    "附页.标题": "原来所在的栏目",
    "附页.内容": "全文",
}


def tags(case: Case) -> dict[str, object]:
    """The cells that may overflow and the pages they overflow to."""
    found: dict[str, object] = {}
    pages = []
    for tag, (title, attribute, limit) in CELLS.items():
        text = getattr(case, attribute)
        if text and _room(text) > limit:
            pages.append({"标题": title, "内容": text})
            text = SEE
        found[tag] = text
    found["附页"] = tuple(pages)
    return found


def _room(text: str) -> int:
    """How many characters of room a text takes: a line break fills its line."""
    if "\n" not in text:
        return len(text)
    return sum(-(-max(len(line), 1) // LINE) * LINE for line in text.splitlines())
