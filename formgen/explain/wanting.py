"""What is missing in words: the cell to fill in, or of which place a figure is not there."""

from __future__ import annotations

from formgen.household import Case
from formgen.law import city_of
from formgen.messages import words
from formgen.model import Decision

_STANDARDS = "当地标准"
_LINE, _AREA = "月低保标准", "最低住房保障人均面积"
#: figures that no wider place answers for
_OWN = (_AREA, "农村居民人均可支配收入")


def item(name: str, *, lang: str = "zh") -> str:
    """A missing item as a clerk would say it: 支出!证明材料(医疗) → “支出”表“医疗”一行的“证明材料”."""
    sheet, _, rest = name.partition("!")
    column, _, row = rest.removesuffix(")").partition("(")
    if not row:
        return words("X878", {"sheet": sheet, "column": column}, lang=lang)
    return words("X880" if sheet == "当地设置" else "X879", {"sheet": sheet, "column": column, "row": row}, lang=lang)


def lacking(name: str, case: Case | None, decision: Decision, *, lang: str = "zh") -> str:
    """The same; of a figure of 当地标准 which place has none, where the case names its place."""
    return (place_of(name, case, decision, lang=lang) if case else "") or item(name, lang=lang)


def place_of(name: str, case: Case, decision: Decision, *, lang: str = "zh") -> str:
    """The place that has no figure, and whether that of its city would do; empty for anything but a figure."""
    sheet, _, figure = name.partition("!")
    area = _place(figure, case, decision) if sheet == _STANDARDS else None
    if not area:
        return ""
    code = "X998" if figure in _OWN and area != city_of(area) else "X997"
    return words(code, {"area": area, "column": figure}, lang=lang)


def _place(figure: str, case: Case, decision: Decision) -> str | None:
    """Whose figure it is: the line is the city's of the place of work, what is imputed goes by the family's place."""
    if figure == _LINE and decision.line is None:
        return case.area and city_of(case.area)
    return case.area if figure == _AREA else case.home_area or case.area
