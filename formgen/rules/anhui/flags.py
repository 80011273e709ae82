"""The flags a case carries into the meeting (AMB-nn): doubts of the text that touch this household."""

from __future__ import annotations

from formgen.household import Fen
from formgen.rules.anhui.branches import Point, is_literal
from formgen.rules.anhui.facts import Facts
from formgen.rules.anhui.tiers import Standing, Tier, standing, tiers
from formgen.rules.anhui.verdict import Barriers, Outcome

DISASTER_BRANCH = "5(一)4"


def of_household(facts: Facts) -> tuple[str, ...]:
    """The flags that depend on the rows alone."""
    found = []
    if facts.expenses.readings_differ:
        found.append("AMB-06")
    if facts.incomes.is_imputed:
        found.append("AMB-07")
    if facts.expenses.claims_school:
        found.append("AMB-08")
    if facts.incomes.has_loss:
        found.append("AMB-20")
    return tuple(found)


def of_point(facts: Facts, point: Point, stand: Standing) -> tuple[str, ...]:
    """The flags that depend on the amounts."""
    found = []
    if stand.months and point.income == facts.line_year:
        found.append("AMB-02")
    if stand.event is not False and not is_literal(facts) and _differs_literally(facts, point, stand):
        found.append("AMB-03")
    if stand.near and point.income <= facts.line_year:
        found.append("AMB-05")
    if facts.incomes.last_12_months is not None and _differs(facts, point, stand, facts.incomes.last_12_months):
        found.append("AMB-01")
    if facts.incomes.relief and _differs(facts, point, stand, point.income - facts.incomes.relief):
        found.append("AMB-21")
    return tuple(found)


def _differs_literally(facts: Facts, point: Point, stand: Standing) -> bool:
    """Whether the tier would be another if only the accident's own expense were deducted under 5(一)3."""
    if point.income - point.accident <= facts.line_year:
        return False
    return _names(tiers(stand)) != _names(tiers(stand._replace(event=False, unsettled=stand.unsettled - {"5(一)3"})))


def _differs(facts: Facts, point: Point, stand: Standing, income: Fen) -> bool:
    """Whether the tier would be another on another income."""
    other = standing(facts, point._replace(income=income))
    return _names(tiers(other)) != _names(tiers(stand))


def _names(found: tuple[Tier, ...]) -> tuple[str, ...]:
    return tuple(tier.name for tier in found)


def of_outcome(facts: Facts, outcome: Outcome, found: Barriers) -> tuple[str, ...]:
    """The flags that depend on how the case ends."""
    flags = []
    if outcome.branch != DISASTER_BRANCH and ((facts.case.savings or 0) > 0 or (facts.case.investments or 0) > 0):
        flags.append("AMB-09")
    if outcome.status == "blocked" and any(bar.holds and bar.by_vehicle for _, bar in found.bars):
        flags.append("AMB-12")
    if found.has_both_exceptions:
        flags.append("AMB-13")
    return tuple(flags)
