"""The tags of the Word templates: a case, its decision and its union as a dict of Chinese names and printed words.

Every field of the workbook is a tag under its heading; the sheets below 案件 are lists of rows under the sheet's title.
What has to be worked out first (formulas, ticks, reasons) is a computed tag, explained in ``known``. Values are str,
None and tuples of dicts of those: a template can reach nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import TypeAlias

from formgen import agenda, comparison, fields, materials, money, overflow, people, publicity, reasons, sums, verdict
from formgen.household import Case, Union
from formgen.model import Decision
from formgen.printed import day, plain

Row: TypeAlias = dict[str, object]
#: tag of the list → attribute of the case that holds its rows → sheet
LISTS = {"家庭成员": "members", "收入": "incomes", "支出": "expenses", "车辆": "vehicles"} | {
    "集体研究": "resolutions",
    "在档救助申请": "requests",
}
_SHEETS = {"members": "member", "incomes": "income", "expenses": "expense", "vehicles": "vehicle"} | {
    "resolutions": "resolution",
    "requests": "request",
}


def context(case: Case, decision: Decision, *, union: Union | None = None) -> Row:
    """All tags of one case. A fact nobody knows is None; extra columns of 案件 stand under their own heading."""
    tags: Row = dict(case.extra)
    tags.update(_printed("case")(case))
    for tag, attribute in LISTS.items():
        printed = _printed(_SHEETS[attribute])
        tags[tag] = tuple(printed(row) for row in getattr(case, attribute))
    tags["信息比对"] = _printed("means")(case.means) if case.means else dict.fromkeys(_names("means"))
    tags["工会"] = union_tags(union, name=case.union)
    tags.update(verdict.tags(case, decision))
    tags.update(sums.tags(case, decision))
    tags.update(people.tags(case))
    tags.update(overflow.tags(case))
    tags.update(reasons.tags(case, decision, union))
    tags.update(materials.tags(case, decision))
    tags.update(comparison.tags(case, decision))
    tags["本次申请"] = tags["在档救助申请"][-1] if case.requests else dict.fromkeys(_names("request"))
    return tags


def union_tags(union: Union | None, *, name: str | None = None) -> Row:
    """The row of 工会 as tags; of a union that is not in the sheet only the ``name`` is known."""
    if union is None:
        return dict.fromkeys(_names("union")) | {"工会名称": name}
    return _printed("union")(union)


@cache
def known(per: str = "case") -> Mapping[str, str]:
    """Every tag a template may use, with an explanation; 表.列 is a column of a list. ``per`` as in form.toml."""
    if per != "case":
        return publicity.KNOWN if per == "union" else agenda.KNOWN
    found = {field.tag: _explain(field) for field in fields.catalogue()["case"].fields}
    for tag, key in [*((tag, _SHEETS[name]) for tag, name in LISTS.items()), ("信息比对", "means"), ("工会", "union")]:
        found[tag] = f"工作表“{tag}”" + ("，一行一条，用 {%tr for … %} 循环" if tag in LISTS else "")
        found |= {
            f"{tag}.{field.tag}": _explain(field) for field in fields.catalogue()[key].fields if field.key != "case_no"
        }
    found |= {f"本次申请.{name}": f"工作表“在档救助申请”的“{name}”" for name in _names("request")}
    for module in (verdict, sums, people, overflow, reasons, materials, comparison):
        found |= module.KNOWN
    return found


def _explain(field: fields.Field) -> str:
    unit = f"（{field.unit}）" if field.unit else ""
    return (
        f"工作表“{fields.catalogue()[field.sheet].title}”的“{field.tag}”{unit}{'：' + field.note if field.note else ''}"
    )


def _names(sheet: str) -> tuple[str, ...]:
    return tuple(field.tag for field in fields.catalogue()[sheet].fields if sheet == "case" or field.key != "case_no")


@cache
def _printed(sheet: str) -> Callable[[object], Row]:
    """A function that prints one row of ``sheet``; made once, because it runs for every row of every case."""
    chosen = [field for field in fields.catalogue()[sheet].fields if sheet == "case" or field.key != "case_no"]
    read = attrgetter(*(field.key for field in chosen))
    plan = tuple((field.tag, _printer(field)) for field in chosen)

    def printed(row: object) -> Row:
        return {
            tag: value if write is None or value is None else write(value)
            for (tag, write), value in zip(plan, read(row), strict=True)
        }

    return printed


def _printer(field: fields.Field) -> Callable[[object], str] | None:
    """How a value of this field is printed; None when it already is the printed word."""
    if field.type == "flag":
        yes, no = field.choices[:2]
        return lambda value: yes if value else no
    return {
        "date": day,
        "money": money.yuan,
        "choices": "、".join,
        "year": str,
        "integer": str,
        "decimal": plain,
    }.get(field.type)  # type: ignore[return-value]
