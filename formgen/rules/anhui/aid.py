"""What a household may receive and from which funds: 第十八条, 75号四, and the order of AMB-23."""

from __future__ import annotations

from collections.abc import Iterable

from formgen.household import Case
from formgen.law import Local
from formgen.rules.anhui import resolutions
from formgen.rules.anhui.expenses import CHRONIC, MEDICAL, SCHOOL, UNIVERSITY
from formgen.rules.anhui.facts import SUDDEN_ILLNESS, Facts
from formgen.rules.anhui.tiers import MUNICIPAL, NATIONAL, PROVINCIAL
from formgen.rules.provision import provision

ILLNESS_AID, STUDY_AID, LIVING_AID = "大病救助", "助学救助", "生活救助"
CENTRAL = "中央财政帮扶资金"
FUNDS: dict[str, tuple[str, ...]] = {
    NATIONAL: (CENTRAL, "其他来源帮扶资金"),
    PROVINCIAL: ("省级财政帮扶资金", "除中央财政专项帮扶资金外的帮扶资金", "其他符合用途规定的资金"),
    MUNICIPAL: ("本级及以下财政资金", "其他符合用途规定的资金"),
}
POOR_FUNDS = ("工会经费列支的扶贫专项资金",)


def in_every(worlds: Iterable[Facts], tier: str) -> tuple[str, ...]:
    """The kinds of aid that come into question whatever the unknowns are."""
    first, *rest = [candidates(world, tier) for world in worlds]
    return tuple(name for name in first if all(name in other for other in rest))


def candidates(facts: Facts, tier: str) -> tuple[str, ...]:
    """The kinds of aid that come into question, in the order of AMB-23; the meeting decides among them."""
    case, local, by_kind, made = facts.case, facts.local, facts.expenses.by_kind, facts.resolutions
    if tier not in FUNDS or made.on(resolutions.AID) is False:
        return ()
    studies = any(by_kind.get(kind) for kind in (UNIVERSITY, SCHOOL))
    if is_limited(case, local):
        return (STUDY_AID,) if studies else ()
    is_ill = facts.event == SUDDEN_ILLNESS or any(by_kind.get(kind) for kind in (MEDICAL, CHRONIC))
    wanted = ((ILLNESS_AID, is_ill), (STUDY_AID, studies), (LIVING_AID, True))
    return tuple(name for name, holds in wanted if holds)


@provision(cites="75号四助学", readings="AMB-22")
def is_limited(case: Case, local: Local) -> bool:
    """一般只对农村建档立卡困难农民工进行助学帮扶，其它生活救助、大病救助因已享受脱贫攻坚的优惠政策，原则上不再帮扶"""
    return local.has_supplement and bool(case.registered_poor)


@provision(cites=("18全总级", "18省总级", "18市总级", "75号四资金"), readings="AMB-22")
def funds(case: Case, local: Local, tier: str) -> tuple[str, ...]:
    """全总级困难职工使用中央财政帮扶资金和其他来源帮扶资金"""
    if tier not in FUNDS:
        return ()
    return POOR_FUNDS if is_limited(case, local) else FUNDS[tier]
