"""The outcome of one world: the order of the tests, from the tier of the figures to what people must decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from formgen.rules.anhui import exclusions, gates, resolutions
from formgen.rules.anhui.asking import Item
from formgen.rules.anhui.branches import Point, within
from formgen.rules.anhui.exclusions import Bar, Cause
from formgen.rules.anhui.facts import Facts
from formgen.rules.anhui.gates import Gate
from formgen.rules.anhui.tiers import MUNICIPAL, NATIONAL, NONE, PENDING, PROVINCIAL, Tier

AUTO, HUMAN, INSUFFICIENT, BLOCKED, INVALID = "auto", "human", "insufficient", "blocked", "invalid"
BAN, AUTHORIZATION, SINGLE_STUDY = "8(一)", "75号二", "75号六"


class Outcome(NamedTuple):
    """How one world ends; ``tier`` is also what ``possible`` lists. ``wanting`` are pledge and checks still missing."""

    tier: str
    status: str
    branch: str | None
    branches: tuple[str, ...]
    city_possible: bool = False
    wanting: tuple[Item, ...] = ()
    matters: tuple[str, ...] = ()


class Barriers(NamedTuple):
    """Preconditions and exclusions of a world, in the order they are tested, and what people must say of them."""

    gates: tuple[Gate, ...]
    bars: tuple[tuple[str, Bar], ...]
    matters: tuple[str, ...]
    is_unchecked_migrant: bool
    has_both_exceptions: bool

    def barred(self) -> tuple[str, ...]:
        """The branches that bar the household for certain, in order."""
        found = tuple(gate.branch for gate in self.gates if gate.passes is False)
        return found or tuple(branch for branch, bar in self.bars if bar.holds)

    def unknown(self) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """The branches that may bar it, with what is missing."""
        found = [(gate.branch, gate.items) for gate in self.gates if gate.passes is None]
        return tuple(found + [(branch, bar.items) for branch, bar in self.bars if bar.holds is None])


def barriers(facts: Facts) -> Barriers:
    """Every precondition and exclusion of a world."""
    why = exclusions.cause(facts)
    bars = {branch: test(facts, why) for branch, test in exclusions.EXCLUSIONS}
    house, cars = bars["7(一)"], bars["7(三)"]
    both = house.excepted and cars.excepted
    matters: list[str] = []
    passed = (gates.authorization(facts), gates.labour(facts))
    is_barred = any(gate.passes is False for gate in passed) or any(bar.holds for bar in bars.values())
    if (both or cars.is_special) and not is_barred and _people_refused(facts, matters):
        bars["7(三)"] = Bar(True, by_vehicle=True)
        bars["7(一)"] = Bar(True) if both else house
    _note_cause(facts, why, house.excepted or cars.excepted, matters)
    return Barriers(passed, tuple(bars.items()), tuple(matters), gates.is_unchecked_migrant(facts), both)


def _people_refused(facts: Facts, matters: list[str]) -> bool:
    """Whether the body refused the exception; an open question is noted."""
    agreed = facts.resolutions.on(resolutions.EXCEPTION)
    if agreed is None:
        matters.append(resolutions.EXCEPTION)
    return agreed is False


def _note_cause(facts: Facts, why: Cause, is_excepted: bool, matters: list[str]) -> None:
    if is_excepted and why.by_people:
        matters.append(resolutions.SPECIAL)
    if is_excepted and facts.event == "其他":
        facts.resolutions.used.add(resolutions.SPECIAL)


def outcomes(facts: Facts, point: Point, tier: Tier, found: Barriers) -> tuple[Outcome, ...]:
    """The one or two ways a world ends for a tier of the figures: barred, passed, or either."""
    if tier.name == NONE:
        return (Outcome(NONE, AUTO, "5", ("5",)),)
    barred, unknown = found.barred(), found.unknown()
    if barred:
        return (_blocked(facts, point, barred, unknown),)
    passed = _passed(facts, tier, found)
    if not unknown:
        return (passed,)
    branch = unknown[0][0] if len(unknown) == 1 else None
    city = all(name.startswith("7(") for name, _ in unknown) and within(point.income - point.spent, facts.city, facts)
    return (Outcome(NONE, BLOCKED, branch, (), city), passed)


def _blocked(facts: Facts, point: Point, barred: tuple[str, ...], unknown: tuple) -> Outcome:
    earlier = [name for name, _ in unknown if _before(name, barred[0])]
    branch = None if earlier else barred[0]
    is_excluded = barred[0].startswith("7(")
    city = is_excluded and within(point.income - point.spent, facts.city, facts)
    if city and facts.world.choice(facts.local, "第七条适用市总级") == "否":
        return Outcome(MUNICIPAL, HUMAN, "5(三)", ("5(三)",), True, (), (resolutions.SINGLE,))
    is_sure = all(name.startswith("7(") for name in earlier) or not is_excluded
    return Outcome(NONE, BLOCKED, branch, barred if is_sure else (), city)


_ORDER = ("75号二", "5(一)5", "75号一", *(branch for branch, _ in exclusions.EXCLUSIONS))


def _before(name: str, other: str) -> bool:
    return _ORDER.index(name) < _ORDER.index(other)


def _passed(facts: Facts, tier: Tier, found: Barriers) -> Outcome:
    """The end of a world that nothing bars: papers wanting, a body's turn, or the tier."""
    wanting = gates.pledge(facts) + gates.checks(facts)
    if wanting:
        return Outcome(tier.name, INSUFFICIENT, tier.branch, tier.branches, False, wanting)
    if found.is_unchecked_migrant and (ended := _migrant(facts)):
        return ended
    if tier.matter == resolutions.SINGLE:
        return _single_study(facts, found)
    matters = tuple(dict.fromkeys((*((tier.matter,) if tier.matter else ()), *found.matters)))
    return Outcome(tier.name, HUMAN if matters else AUTO, tier.branch, tier.branches, False, (), matters)


def _migrant(facts: Facts) -> Outcome | None:
    """What becomes of a migrant who gave no authorization; None when the figures decide."""
    agreed = facts.resolutions.on(resolutions.SPECIAL)
    if agreed is False:
        return Outcome(NONE, AUTO, AUTHORIZATION, (AUTHORIZATION,))
    if agreed and facts.case.means is not None and facts.case.means.visitor:
        return None
    return Outcome(PENDING, HUMAN, AUTHORIZATION, (AUTHORIZATION,), False, (), (resolutions.SPECIAL,))


def _single_study(facts: Facts, found: Barriers) -> Outcome:
    """The 3 × stop: what the body decided of it (75号六)."""
    agreed = facts.resolutions.on(resolutions.SINGLE)
    branches = (SINGLE_STUDY,)
    if agreed is None:
        matters = (resolutions.SINGLE, *found.matters)
        return Outcome(PENDING, HUMAN, SINGLE_STUDY, branches, False, (), matters)
    if not agreed:
        return Outcome(NONE, AUTO, SINGLE_STUDY, branches)
    row = facts.resolutions.row(resolutions.SINGLE)
    tier = row.tier or str(facts.world.ask(Item("集体研究!核定级别", row.row), (NATIONAL, PROVINCIAL, MUNICIPAL)))
    return Outcome(tier, HUMAN if found.matters else AUTO, SINGLE_STUDY, branches, False, (), found.matters)


def unknown_items(found: Barriers) -> Iterator[Item]:
    """What is missing of the barriers that could not be decided."""
    for _, items in found.unknown():
        yield from items
