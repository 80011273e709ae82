"""Computed tags of the letters to the worker: why not, what would change it, what is still to be handed in."""

from __future__ import annotations

from formgen.household import Case, Union
from formgen.model import Clause, Decision
from formgen.papers.remedies import BY_THE_FIGURES, OF_A_BODY, UNTRUE, remedies
from formgen.rules.anhui.verdict import BAN
from formgen.rules.provision import sentences

SIGNS = {"<=": "≤", ">=": "≥", "<": "＜", ">": "＞", "==": "＝", "=": "＝"}
#: preconditions that bar where they fail (75号一, 75号二, 第五条（一）5 before 75号)
PRECONDITIONS = ("75号一", "75号二", "5(一)5")
#: branch → the sentence that stands for it, where it goes by another name
_CITED = {"75号二": "75号二走访", BAN: "8(一)不实"}
KNOWN = {
    "不予建档理由": "每条理由一行（第十九条），用 {%tr for … %} 循环",
    "不予建档理由.序号": "1、2、3…",
    "不予建档理由.条款": "文件和条款",
    "不予建档理由.规定": "条文原文",
    "不予建档理由.情况": "您家的数字与标准的比较",
    "异议工会": "对结果有异议时找谁：上级工会，没有登记时为所属工会",
    "异议电话": "监督电话，没有时为所属工会的联系电话",
    "可能级别": "补齐材料后可能的结果",
    "改变条件": "什么会改变结果，一条一段，用 {%p for … %} 循环",
    "改变条件.序号": "1、2、3…",
    "改变条件.内容": "一句话",
}


def tags(case: Case, decision: Decision, union: Union | None) -> dict[str, object]:
    """The computed tags of reasons; empty lists where the decision refuses nothing."""
    reasons = grounds(decision, case)
    return {
        "异议工会": (union.higher if union else None) or case.union,
        "异议电话": (union.hotline or union.phone if union else None) or case.union_contact_phone,
        "可能级别": "、".join(decision.possible) or None,
        "不予建档理由": tuple(_reason(number, clause) for number, clause in enumerate(reasons, 1)),
        "改变条件": tuple(
            {"序号": str(number), "内容": sentence} for number, sentence in enumerate(remedies(decision, reasons), 1)
        ),
    }


def grounds(decision: Decision, case: Case | None = None) -> tuple[Clause, ...]:
    """The clauses a refusal rests on, in the order of the law; empty where nothing is refused.

    A bar rests on every precondition that fails, every exclusion found and the exception that does not help; a
    refusal by the figures on the first condition that fails in each branch of 第五条; any other on the sentence of
    its branch.
    """
    if decision.tier != "不符合":
        return ()
    if decision.branch == BAN:
        return _unwritten(decision, case)
    barred = tuple(clause for clause in decision.clauses if _bars(clause))
    if barred and decision.status == "blocked":
        return barred
    own = tuple(c for c in decision.clauses if _branch(c) == decision.branch and c.holds is False)
    if own or decision.branch in BY_THE_FIGURES:
        return own or _first_failures(decision) or barred
    return barred or _unwritten(decision, case)


def compared(clause: Clause) -> str:
    """What was compared, in words: the household's figure, the standard, and by how much they differ."""
    if not clause.right:
        return clause.left
    if not clause.left and clause.op == "<=":
        return f"您家每人每月的金额尚缺材料，但不论材料如何都高于标准 {clause.right} 元"
    if clause.margin_yuan:
        return f"您家每人每月 {clause.left} 元，标准 {clause.right} 元，{_margin(clause.margin_yuan)}"
    what = f"{clause.id.partition('.')[2] or '您家'}：{clause.left}"
    return what if clause.left == clause.right else f"{what}（要求 {SIGNS.get(clause.op, clause.op)} {clause.right}）"


def _margin(yuan: str) -> str:
    return f"超过 {yuan[1:]} 元" if yuan.startswith("-") else f"低 {yuan} 元"


def _branch(clause: Clause) -> str:
    return clause.id.partition(".")[0]


def _bars(clause: Clause) -> bool:
    """Whether an exclusion applies, an exception to one does not help, or a precondition fails."""
    if clause.id.startswith("7("):
        return clause.holds is True
    return clause.holds is False and (clause.id in PRECONDITIONS or clause.id.startswith("75号三"))


def _unwritten(decision: Decision, case: Case | None) -> tuple[Clause, ...]:
    """The sentence of the branch that refuses, where no clause was written for it: a ban, a failed gate, a body's word.

    Of a ban the register holds the year; without the ``case`` it is not told.
    """
    sentence = sentences().get(_CITED.get(decision.branch or "", decision.branch or ""))
    if sentence is None:
        return ()
    id, said = str(decision.branch), "不符合这一条"
    if decision.branch == BAN:
        id, said = UNTRUE, f"{case.dishonest_year} 年度有不实申报记录" if case else said
    elif decision.status != "blocked":
        id, said = f"{id}{OF_A_BODY}", "经集体研究，不同意建档"
    return (Clause(id, sentence.place, sentence.words, said, "", "", False),)


def _first_failures(decision: Decision) -> tuple[Clause, ...]:
    first: dict[str, Clause] = {}
    for clause in decision.clauses:
        if clause.id.startswith("5(") and clause.holds is False:
            first.setdefault(_branch(clause), clause)
    return tuple(first.values())


def _exclusion(clause: Clause) -> str:
    figures = (
        f"（实际 {clause.left}，标准 {SIGNS.get(clause.op, clause.op)} {clause.right}）" if clause.op != "=" else ""
    )
    return f"有此情形{figures}"


def _reason(number: int, clause: Clause) -> dict[str, object]:
    return {
        "序号": str(number),
        "条款": clause.article,
        "规定": clause.quote,
        "情况": _exclusion(clause) if clause.id.startswith("7(") else compared(clause),
    }
