"""Computed tags of the letters to the worker: why not, what would change it, what is still to be handed in."""

from __future__ import annotations

from formgen.explain import clauses
from formgen.explain.grounds import grounds
from formgen.explain.remedies import remedies
from formgen.household import Case, Fen, Union
from formgen.model import Clause, Decision

KNOWN = {
    "不予建档理由": "每条理由一行（第十九条），用 {%tr for … %} 循环",
    "不予建档理由.序号": "1、2、3…",
    "不予建档理由.条款": "文件和条款",
    "不予建档理由.规定": "条文原文",
    "不予建档理由.情况": "您家的情况：数字与标准的比较，或查到的事实",
    "异议工会": "对结果有异议时找谁：上级工会，没有登记时为所属工会",
    "异议电话": "上级工会的监督电话；它没有登记时为所属工会的监督电话或联系电话",
    "可能级别": "补齐材料后可能的结果",
    "改变条件": "什么会改变结果，一条一段，用 {%p for … %} 循环",
    "改变条件.序号": "1、2、3…",
    "改变条件.内容": "一句话",
}


def tags(case: Case, decision: Decision, union: Union | None) -> dict[str, object]:
    """The computed tags of reasons; empty lists where the decision refuses nothing."""
    reasons, line = grounds(decision, case), decision.line.value if decision.line else None
    return {
        "异议工会": (union.higher if union else None) or case.union,
        "异议电话": _phone(union) or case.union_contact_phone,
        "可能级别": "、".join(decision.possible) or None,
        "不予建档理由": tuple(_reason(number, clause, line) for number, clause in enumerate(reasons, 1)),
        "改变条件": tuple(
            {"序号": str(number), "内容": sentence} for number, sentence in enumerate(remedies(decision, reasons), 1)
        ),
    }


def _phone(union: Union | None) -> str | None:
    return (union.higher_phone or union.hotline or union.phone) if union else None


def _reason(number: int, clause: Clause, line: Fen | None) -> dict[str, object]:
    return {
        "序号": str(number),
        "条款": clause.article,
        "规定": clause.quote,
        "情况": clauses.marked(clause, line) if clauses.is_bar(clause) else clauses.in_brief(clause, line),
    }
