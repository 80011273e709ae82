"""Which papers a household still owes: only what can change the result; ``checklist`` lists what there is."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from formgen import fields
from formgen.explain.wanting import place_of
from formgen.household import Case, Expense, Income
from formgen.model import Decision
from formgen.papers import checklist

CITY = "皖工发〔2017〕51号 第二十条"  # what a city settles itself
_ITEM = re.compile(r"(?P<sheet>[^!]+)!(?P<column>[^(]+)(?:\((?P<key>.*)\))?")
KNOWN = {
    "补充材料": "会影响结果的缺项一行一条（只在材料待补时有），用 {%tr for … %} 循环",
    "补充材料.序号": "1、2、3…",
    "补充材料.材料": "需补的材料",
    "补充材料.说明": "为谁或哪一项",
    "补充材料.提供": "由谁提供",
    "补充材料.依据": "要求这份材料的条款",
    **checklist.KNOWN,
}


def tags(case: Case, decision: Decision) -> dict[str, object]:
    """The two lists; what is asked for is empty unless something missing can change the result."""
    rows = [_asked(case, decision, item) for item in decision.missing] if decision.status == "insufficient" else []
    return {
        "补充材料": tuple({"序号": str(number)} | row for number, row in enumerate(rows, 1)),
        "材料清单": checklist.listed(case, decision),
    }


def _asked(case: Case, decision: Decision, item: str) -> dict[str, object]:
    parts = _ITEM.fullmatch(item)
    if parts is None:
        return {"材料": item, "说明": "—", "提供": "—", "依据": "—"}
    sheet, column, key = parts["sheet"], parts["column"], parts["key"] or ""
    known = _catalogue().get(item) or _catalogue().get(f"{sheet}!{column}", {})
    return {
        "材料": known.get("ask")
        or (f"当地设置“{key or column}”" if sheet == "当地设置" else f"“{sheet}”表的“{column}”"),
        "说明": _of_whom(case, decision, item, parts) or "—",
        "提供": known.get("who", "工会"),
        "依据": known.get("basis", CITY if sheet == "当地设置" else "—"),
    }


def _of_whom(case: Case, decision: Decision, item: str, parts: re.Match[str]) -> str:
    """The person, the rows, or of a figure the place that it is asked for; empty for what the city decides."""
    sheet, column, key = parts["sheet"], parts["column"], parts["key"] or ""
    if sheet == "当地设置":
        return ""
    return persons(case).get(key) or place_of(item, case, decision) or _whose(case, sheet, column, key)


def _whose(case: Case, sheet: str, column: str, kind: str) -> str:
    """The kind of income or expense that lacks something, behind the persons whose rows lack it."""
    key = {"收入": "income", "支出": "expense"}.get(sheet)
    if key is None:
        return kind
    rows: tuple[Income | Expense, ...] = case.incomes if key == "income" else case.expenses
    field = next(field.key for field in fields.catalogue()[key].fields if field.tag == column)
    names = dict.fromkeys(row.name for row in rows if row.kind == kind and getattr(row, field) in checklist.NONE)
    return "：".join(filter(None, ("、".join(filter(None, names)), kind)))


def persons(case: Case) -> dict[str, str]:
    """The relation with its number in row order (女1) → the person as a letter names him, 李小雨（女）."""
    seen: Counter[str] = Counter()
    found = {}
    for member in case.members:
        relation = member.relation or ""
        seen[relation] += 1
        found[f"{relation}{seen[relation]}"] = f"{member.name or ''}（{relation}）"
    return found


@cache
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("formgen") / "data" / "materials.toml").read_text(encoding="utf-8"))
