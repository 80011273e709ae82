"""What would change the result: yuan of receipts, papers, a body's word."""

from __future__ import annotations

from formgen.household import Fen
from formgen.model import Change
from formgen.rules.anhui import gates, numerals
from formgen.rules.anhui.branches import ONCE, Point, is_literal, is_stopped, large_cost, within
from formgen.rules.anhui.conclusion import Conclusion
from formgen.rules.anhui.facts import DISASTER, MISHAP, SUDDEN_ILLNESS, Facts
from formgen.rules.anhui.tiers import MUNICIPAL, NATIONAL, NONE, PROVINCIAL
from formgen.rules.anhui.verdict import AUTO, BAN, BLOCKED, HUMAN, Barriers
from formgen.rules.provision import sentences

_RANK = {NATIONAL: 0, PROVINCIAL: 1, MUNICIPAL: 2, NONE: 3}
#: bar → the sentence it is cited by, where it goes by another name
_CITED = {"75号二": "75号二授权"}


def changes(facts: Facts, point: Point | None, found: Conclusion, bars: Barriers | None) -> tuple[Change, ...]:
    """What would lead to another tier, nearest first; nothing when the best tier is reached."""
    if found.status == HUMAN:
        return tuple(Change("C810", found.tier, {"matter": matter}) for matter in found.matters)
    if found.branch == BAN and facts.case.dishonest_year is not None:
        return (Change("C831", found.tier, {"year": str(facts.case.dishonest_year + facts.local.banned_years)}),)
    if found.status == BLOCKED:
        return (Change("C811", MUNICIPAL),) if found.city_possible else ()
    if found.status != AUTO or point is None or found.tier not in _RANK:
        return ()
    if found.tier == NONE and found.branch not in (None, "5"):
        return ()  # a body's word, not the figures
    better = [change for change in _by_receipts(facts, point) if _RANK[change.tier] < _RANK[found.tier]]
    if found.tier == NONE and bars is not None:
        better = [_hindered(change, facts, bars) for change in better]
    if _RANK[found.tier] and _by_months(facts, point):
        better.append(Change("C803", NATIONAL, {"months": str(facts.local.months_below)}))
    return tuple(better)


def _by_receipts(facts: Facts, point: Point) -> list[Change]:
    """How much more in receipts leads to which tier."""
    left, found = point.income - point.spent, []
    if not within(left, facts.city, facts):
        found.append(_receipts("C801", MUNICIPAL, left, facts.city, facts))
    if not within(left, facts.local.provincial, facts) and not is_stopped(facts, point):
        found.append(_receipts("C801", PROVINCIAL, left, facts.local.provincial, facts))
    # a loss never makes 全总级 (AMB-20)
    point = point._replace(income=point.income + facts.incomes.losses - point.losses)
    left = point.income - point.spent
    struck = facts.event in (SUDDEN_ILLNESS, DISASTER) or (facts.event == MISHAP and facts.case.compensated is False)
    if within(point.income, facts.local.near, facts):
        found.append(_receipts("C801", NATIONAL, left, ONCE, facts))
    elif struck and within(point.income, facts.local.accident, facts):
        rest = point.income - point.accident if is_literal(facts) else left
        least = large_cost(facts) - point.accident if facts.event == SUDDEN_ILLNESS else 0
        found.append(_receipts("C802", NATIONAL, rest, ONCE, facts, least=least))
    return found


def _receipts(code: str, tier: str, left: Fen, multiple: tuple[int, int], facts: Facts, *, least: Fen = 0) -> Change:
    """At least one fen: where nothing is claimed yet, any receipt opens the branch."""
    short = left - multiple[0] * facts.line_year // multiple[1]
    return Change(code, tier, {"amount": numerals.yuan(max(short, least, 1)), "tier": tier})


def _hindered(change: Change, facts: Facts, bars: Barriers) -> Change:
    """The same, with what would still stand in the way of a household that the figures refuse today."""
    places = (sentences()[_CITED.get(name, name)].place for name in bars.barred())
    if articles := "、".join(places):
        return Change("C804", change.tier, {**change.values, "articles": articles})
    unauthorized = facts.local.has_supplement and facts.case.authorized is not True
    is_open = unauthorized or bars.unknown() or bars.matters or gates.pledge(facts) or gates.checks(facts)
    return Change("C805", change.tier, change.values) if is_open else change


def _by_months(facts: Facts, point: Point) -> bool:
    """Whether monthly incomes could still open 5(一)2前段: near the line, not relieved, hardship confirmed."""
    case = facts.case
    if case.government_relief is not False or not case.visit_confirms_hardship:
        return False
    return within(point.income, facts.local.near, facts) and (case.months_below_line or 0) < facts.local.months_below
