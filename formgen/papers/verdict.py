"""Computed tags of the result: the tier, the boxes to tick, the line, and until when the rules reach."""

from __future__ import annotations

from formgen.household import Case
from formgen.model import Decision
from formgen.money import yuan
from formgen.papers.printed import day

TICK, BOX = "☑", "□"
TIERS = ("全总级", "省总级", "市总级")
AIDS = ("助学救助", "生活救助", "大病救助")
STATUS = {
    "auto": "按规则判定",
    "human": "须集体研究",
    "insufficient": "材料待补",
    "blocked": "不予建档",
    "invalid": "数据有矛盾",
}
KNOWN = {
    "审核结果": "全总级、省总级、市总级、不符合或待定",
    "审核状态": "、".join(STATUS.values()),
    "建档级别": "由规则直接判定的级别；须集体研究、待补材料或不符合时为空",
    **{f"{tier}框": f"☑ 或 □：只有按规则判定为{tier}才打勾" for tier in TIERS},
    **{f"{aid}框": f"☑ 或 □：按核定救助类别打勾，未核定时按申请类别（{aid}）" for aid in AIDS},
    "适用条款": "判定依据的条款，如 第五条（一）3",
    "研究机构": "须集体研究时由谁决定",
    "救助类别建议": "可供会议选择的救助类别",
    "可用资金": "按第十八条可用的资金来源",
    "低保线": "当地月低保标准（元/人/月）",
    "低保线依据": "低保标准的依据文号",
    "低保线日期": "低保标准的生效日期",
    "待研究问题": "须由会议留意的口径问题（编号）",
    "规则截至": "所用规则最后一件文件的日期，如 2018-12-18；凡印有判定结果的文书都要印",
}


def tags(case: Case, decision: Decision) -> dict[str, object]:
    """The computed tags of the result of one case."""
    granted = decision.tier if decision.status == "auto" and decision.tier in TIERS else None
    aids = case.aid_granted or case.aid_applied
    line = decision.line
    found: dict[str, object] = {
        "审核结果": decision.tier,
        "审核状态": STATUS[decision.status],
        "建档级别": granted,
        "适用条款": article(decision),
        "研究机构": decision.body or None,
        "救助类别建议": "、".join(decision.aid_candidates) or None,
        "可用资金": "、".join(decision.funds) or None,
        "低保线": yuan(line.value) if line else None,
        "低保线依据": line.source if line else None,
        "低保线日期": day(line.since) if line else None,
        "待研究问题": "、".join(decision.flags) or None,
        "规则截至": decision.rules_until.isoformat() if decision.rules_until else None,
    }
    for tier in TIERS:
        found[f"{tier}框"] = TICK if tier == granted else BOX
    for aid in AIDS:
        found[f"{aid}框"] = TICK if aid in aids else BOX
    return found


def article(decision: Decision) -> str | None:
    """The article of the branch that decides, as its clause cites it; None when no branch does."""
    if decision.branch is None:
        return None
    return next(
        (clause.article for clause in decision.clauses if clause.id.startswith(decision.branch)), decision.branch
    )
