"""The paper for the meeting (集体研究材料): the cases a body must decide, with figures and open questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from formgen.explain import clauses, doubt, matters
from formgen.explain.grounds import branch
from formgen.household import Case
from formgen.messages import words
from formgen.model import Decision
from formgen.money import yuan
from formgen.papers.printed import month_yuan
from formgen.papers.sums import formula

COLUMNS = (
    "序号", "档案编号", "职工姓名", "工作单位", "拟定级别", "决定机构", "月人均收入", "低保线", "计算方式", "困难状况",
    "救助类别建议", "可用资金", "待研究问题",
)  # fmt: skip
KNOWN = {
    "件数": "提请研究的件数",
    "规则截至": "所用规则最后一件文件的日期",
    "二维码": "文书和内容摘要的二维码，form.toml 写 qr = true 时才有；用 {%p if 二维码 %}",
    "案件列表": "提请研究的案件一件一组，用 {%tr for … %} 循环",
    **{f"案件列表.{column}": column for column in COLUMNS},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One case on the agenda, as it is printed; small, because a batch keeps them all."""

    values: tuple[str, ...]
    rules_until: str


def point(case: Case, decision: Decision) -> Point | None:
    """The case on the agenda; None when no body has to decide it."""
    if decision.status != "human":
        return None
    figures, line = decision.figures, decision.line
    values = (
        case.case_no,
        case.name or "—",
        case.employer or "—",
        decision.tier,
        decision.body or "—",
        f"{month_yuan(figures.post)} 元" if figures and figures.post else "待核",
        f"{yuan(line.value)} 元（{line.source}）" if line else "待核",
        formula(case, decision) or "待核",
        case.hardship_text or case.cause_note or "—",
        "、".join(decision.aid_candidates) or "—",
        "、".join(decision.funds) or "—",
        "\n".join(questions(decision)) or "—",
    )
    return Point(values=values, rules_until=decision.rules_until.isoformat() if decision.rules_until else "")


def questions(decision: Decision) -> tuple[str, ...]:
    """What the meeting must settle, a sentence each: articles in question, who decides what, open readings."""
    asked = dict.fromkeys(_asked(decision))
    open_matters = (words(change.code, change.values) for change in decision.changes)
    readings = (f"{flag} {doubt(flag, matters(decision))}".rstrip() for flag in decision.flags)
    return (*asked, *open_matters, *readings)


def _asked(decision: Decision) -> Iterator[str]:
    """The articles in question, with the figures that do not settle themselves and those to compare."""
    line = decision.line.value if decision.line else None
    for clause in decision.clauses:
        if branch(clause) == decision.branch and (clause.holds is not True or clauses.is_reference(clause)):
            yield f"{clause.article}：{clauses.marked(clause, line)}"
        elif branch(clause) == decision.branch:
            yield clause.article
        elif branch(clause) == "75号三":
            yield f"{clause.article}：{clauses.said(clause, line)}"


def tags(points: Iterable[Point]) -> dict[str, object]:
    """The tags of the paper of all points."""
    agenda = tuple(points)
    rows = (dict(zip(COLUMNS, (str(number), *each.values), strict=True)) for number, each in enumerate(agenda, 1))
    return {
        "件数": str(len(agenda)),
        "规则截至": agenda[0].rules_until if agenda else None,
        "二维码": None,
        "案件列表": tuple(rows),
    }
