"""The tiers the figures give: every branch of 第五条 at one point, and the tier or tiers that follow."""

from __future__ import annotations

from typing import NamedTuple

from formgen.rules.anhui import branches, resolutions
from formgen.rules.anhui.asking import Item
from formgen.rules.anhui.branches import Point
from formgen.rules.anhui.facts import OTHER_EVENT, Facts

NATIONAL, PROVINCIAL, MUNICIPAL, NONE, PENDING = "全总级", "省总级", "市总级", "不符合", "待定"
TIERS = (NATIONAL, PROVINCIAL, MUNICIPAL, NONE, PENDING)


class Standing(NamedTuple):
    """The branches of 第五条 at a point: True, False or None; ``unsettled`` are those a body must still decide."""

    first: bool | None
    months: bool | None
    near: bool | None
    event: bool | None
    disaster: bool | None
    provincial: bool
    stopped: bool
    municipal: bool
    unsettled: frozenset[str]

    def national(self) -> tuple[tuple[str, bool | None], ...]:
        """The branches of 全总级 in article order."""
        return (
            ("5(一)1", self.first),
            ("5(一)2前段", self.months),
            ("5(一)2后段", self.near),
            ("5(一)3", self.event),
            ("5(一)4", self.disaster),
        )


class Tier(NamedTuple):
    """A tier the figures may give: its branch (None when unsure), all that hold, and the matter people decide."""

    name: str
    branch: str | None
    branches: tuple[str, ...]
    matter: str = ""


_NOTHING: frozenset[str] = frozenset()


def standing(facts: Facts, point: Point) -> Standing:
    """Every branch of 第五条 at a point."""
    event = branches.struck_by_event(facts, point)
    disaster = branches.extreme_disaster(facts, point)
    unsettled = _NOTHING
    if event is not False and facts.event == OTHER_EVENT and facts.resolutions.on(resolutions.SPECIAL) is None:
        unsettled = frozenset(("5(一)3",))
    if disaster is not False and facts.resolutions.on(resolutions.DISASTER) is None:
        unsettled |= {"5(一)4"}
    return Standing(
        branches.subsistence_household(facts, point),
        branches.months_below_line(facts, point),
        branches.near_line_with_expense(facts, point),
        event,
        disaster,
        branches.provincial(facts, point),
        branches.is_stopped(facts, point),
        branches.municipal(facts, point),
        unsettled,
    )


def tiers(stand: Standing) -> tuple[Tier, ...]:
    """The tiers that may follow from a standing: one when every branch is known, best first."""
    settled = [(name, holds) for name, holds in stand.national() if name not in stand.unsettled]
    lower = _lower(stand)
    if any(holds for _, holds in settled):
        held = tuple(name for name, holds in stand.national() if holds)
        return (Tier(NATIONAL, _first(settled), held + lower.branches),)
    found = []
    if any(holds is None for _, holds in settled):
        found.append(Tier(NATIONAL, _first(settled), lower.branches))
    open_ones = [(name, holds) for name, holds in stand.national() if name in stand.unsettled]
    if open_ones:
        sure = tuple(name for name, holds in open_ones if holds)
        found.append(Tier(NATIONAL, _first(open_ones), sure + lower.branches, _MATTERS[open_ones[0][0]]))
        if sure:
            return tuple(found)
    return (*found, lower.tier)


_MATTERS = {"5(一)3": resolutions.SPECIAL, "5(一)4": resolutions.DISASTER}


class _Lower(NamedTuple):
    tier: Tier
    branches: tuple[str, ...]


def _first(branches_: list[tuple[str, bool | None]]) -> str | None:
    """The first branch that holds; None when one before it is not known, or several are."""
    unsure: list[str] = []
    for name, holds in branches_:
        if holds:
            return None if unsure else name
        if holds is None:
            unsure.append(name)
    return unsure[0] if len(unsure) == 1 else None


def _lower(stand: Standing) -> _Lower:
    """The tier below 全总级, and the branches below that hold."""
    if stand.provincial and stand.stopped:
        return _STOPPED
    if stand.provincial:
        return _PROVINCIAL
    return _MUNICIPAL if stand.municipal else _NONE


_PROVINCIAL = _Lower(Tier(PROVINCIAL, "5(二)", ("5(二)",)), ("5(二)",))
_MUNICIPAL = _Lower(Tier(MUNICIPAL, "5(三)", ("5(三)",)), ("5(三)",))
_STOPPED = _Lower(Tier(PENDING, "75号六", ("75号六",), resolutions.SINGLE), ())
_NONE = _Lower(Tier(NONE, "5", ("5",)), ())


def without_losses(facts: Facts, point: Point, losses: int) -> tuple[Standing, Point]:
    """The standing that counts: a loss on paper alone never makes 全总级 (AMB-20)."""
    stand = standing(facts, point)
    if not losses or not any(tier.name == NATIONAL for tier in tiers(stand)):
        return stand, point
    raised = point._replace(income=point.income + losses, losses=losses)
    at_zero = standing(facts, raised)
    if any(tier.name == NATIONAL for tier in tiers(at_zero)):
        return stand, point
    return at_zero, raised


def unknown_branches(facts: Facts, stand: Standing) -> frozenset[Item]:
    """What is missing of the branches that could not be decided."""
    case = facts.case
    asked = {
        "5(一)1": (("低保户", case.subsistence_household), ("走访确认特别困难", case.visit_confirms_hardship)),
        "5(一)2前段": (
            ("政府救助", case.government_relief),
            ("连续低于低保月数", case.months_below_line),
            ("走访确认特别困难", case.visit_confirms_hardship),
        ),
        "5(一)3": (("赔付到位", case.compensated),),
        "5(一)4": (("走访确认特别困难", case.visit_confirms_hardship),),
    }
    unsure = [name for name, holds in stand.national() if holds is None]
    return frozenset(Item(f"案件!{heading}") for name in unsure for heading, value in asked[name] if value is None)
