"""Deciding with unknowns: every world tried, what can come out, and the smallest set of facts that decides.

Kleene's logic settles what it can; what it cannot is tried both ways, and amounts at every turn. More than ``LIMIT``
combinations are not tried: the case is then insufficient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from formgen.rules.anhui import flags, points
from formgen.rules.anhui.asking import Item, World
from formgen.rules.anhui.facts import NO_EVENT, Facts
from formgen.rules.anhui.points import Trial
from formgen.rules.anhui.tiers import NONE, Standing, tiers, unknown_branches, without_losses
from formgen.rules.anhui.verdict import Barriers, Outcome, barriers, outcomes, unknown_items

LIMIT = 2**12
Gather = Callable[[World], Facts]


class TooMany(Exception):
    """More combinations than may be tried."""


class Result(NamedTuple):
    """One point of one world: how it may end, what would settle it, its flags, and the standing behind it."""

    outcomes: tuple[Outcome, ...]
    items: frozenset[Item]
    flags: frozenset[str]
    standing: Standing
    trial: Trial

    @property
    def signature(self) -> tuple[frozenset[str], frozenset[Item]]:
        """What must be equal of two results for the difference between their worlds not to matter."""
        return frozenset(outcome.tier for outcome in self.outcomes), self.items


class Leaf(NamedTuple):
    """One world with all its points."""

    picks: Mapping[Item, object]
    facts: Facts
    barriers: Barriers
    results: tuple[Result, ...]


@dataclass(slots=True)
class Survey:
    """All worlds of a case.

    ``is_fine`` tries amounts on both sides of every turn, else only the least that tell; ``is_complete`` is False when
    there were too many to try.
    """

    leaves: list[Leaf] = field(default_factory=list)
    is_fine: bool = True
    tried: int = 0
    is_complete: bool = True
    asked: dict[Item, None] = field(default_factory=dict)


def survey(gather: Gather) -> Survey:
    """Every world of a case, each unknown given every value that could matter."""
    for is_fine in (True, False):
        found = Survey(is_fine=is_fine)
        try:
            _explore(gather, {}, found)
        except TooMany:
            continue
        return found
    found.is_complete = False
    return found


def _explore(gather: Gather, picks: dict[Item, object], found: Survey) -> None:
    world = World(picks)
    leaf = _leaf(gather, world, found)
    if world.asked:
        item, options = world.asked[0]
        found.asked[item] = None
        for option in options:
            _explore(gather, {**picks, item: option}, found)
    elif leaf is not None:
        found.leaves.append(leaf)


def _leaf(gather: Gather, world: World, found: Survey) -> Leaf | None:
    """One world, or None when it cannot be or something must still be asked."""
    facts = gather(world)
    if world.asked or not facts.size or (facts.event == NO_EVENT and facts.case.extreme_disaster):
        return None
    bars = barriers(facts)
    if world.asked:
        return None
    if points.is_known(facts):
        return Leaf(world.picks, facts, bars, (_one(facts, points.only_point(facts), bars, found),))
    return Leaf(world.picks, facts, bars, _many(facts, bars, found))


def _many(facts: Facts, bars: Barriers, found: Survey) -> tuple[Result, ...]:
    for axis in points.missing(facts):
        found.asked |= dict.fromkeys(axis)
    trials = []
    for trial in points.trials(facts, is_fine=found.is_fine):
        trials.append(trial)
        if len(trials) + found.tried > LIMIT:
            raise TooMany
    return tuple(_one(facts, trial, bars, found) for trial in trials)


def _one(facts: Facts, trial: Trial, bars: Barriers, found: Survey) -> Result:
    found.tried += 1
    if found.tried > LIMIT:
        raise TooMany
    stand, point = without_losses(facts, trial.point, trial.losses)
    possible = tiers(stand)
    ends = tuple(end for tier in possible for end in outcomes(facts, point, tier, bars))
    marks = frozenset(flags.of_household(facts) + flags.of_point(facts, point, stand))
    if len(ends) == 1:
        marks = marks.union(flags.of_outcome(facts, ends[0], bars))
    else:
        marks |= frozenset.intersection(*(frozenset(flags.of_outcome(facts, end, bars)) for end in ends))
    return Result(ends, _wanted(facts, stand, possible, ends, bars), marks, stand, trial._replace(point=point))


def _wanted(
    facts: Facts, stand: Standing, possible: tuple, ends: tuple[Outcome, ...], bars: Barriers
) -> frozenset[Item]:
    """What is missing at a point, where it can change the tier."""
    if len(ends) == 1:
        return frozenset()
    wanted: frozenset[Item] = frozenset()
    passing = {end.tier for end in ends if end.status != "blocked"}
    if len(possible) > 1 and len(passing) > 1:
        wanted |= unknown_branches(facts, stand)
    if passing - {NONE} and bars.unknown() and not bars.barred():
        wanted |= frozenset(unknown_items(bars))
    return wanted


def essential(found: Survey) -> frozenset[Item]:
    """The smallest set of facts that decides: those whose value can change the tier whatever the others are."""
    wanted = {item for leaf in found.leaves for result in leaf.results for item in result.items}
    for leaf in found.leaves:
        wanted |= _essential_amounts(leaf)
    asked = {item for leaf in found.leaves for item in leaf.picks}
    wanted |= {item for item in asked if _is_essential(item, found.leaves)}
    return frozenset(wanted)


def _essential_amounts(leaf: Leaf) -> set[Item]:
    """The unknown amounts along whose axis some result changes."""
    if len(leaf.results) == 1:
        return set()
    wanted: set[Item] = set()
    for axis, items in enumerate(points.missing(leaf.facts)):
        seen: dict[tuple, tuple] = {}
        for result in leaf.results:
            rest = result.trial.coordinate[:axis] + result.trial.coordinate[axis + 1 :]
            if seen.setdefault(rest, result.signature) != result.signature:
                wanted |= items
                break
    return wanted


def _is_essential(item: Item, leaves: list[Leaf]) -> bool:
    """Whether the value picked for an item changes what can come out, all else being equal."""
    by_value: dict[object, dict[frozenset, Leaf]] = {}
    for leaf in leaves:
        if item in leaf.picks:
            rest = frozenset((other, value) for other, value in leaf.picks.items() if other != item)
            by_value.setdefault(leaf.picks[item], {})[rest] = leaf
    first, *others = by_value.values()
    if any(worlds.keys() != first.keys() for worlds in others):
        tiers_seen = {tier for worlds in by_value.values() for leaf in worlds.values() for tier in _tiers(leaf)}
        return len(tiers_seen) > 1
    return any(_differ(leaf, worlds[rest]) for worlds in others for rest, leaf in first.items())


def _tiers(leaf: Leaf) -> set[str]:
    return {outcome.tier for result in leaf.results for outcome in result.outcomes}


def _differ(one: Leaf, other: Leaf) -> bool:
    """Whether two worlds end differently at some point; each is also asked at the points of the other."""
    for leaf, against in ((one, other), (other, one)):
        told = {result.trial.coordinate: result.signature for result in against.results}
        for result in leaf.results:
            found = told.get(result.trial.coordinate) or _signature_at(against, result.trial.coordinate)
            if found is not None and found != result.signature:
                return True
    return False


def _signature_at(leaf: Leaf, coordinate: tuple) -> tuple | None:
    """How a world ends at a point it was not tried at; None when the point cannot be."""
    if not coordinate:
        return None if len(leaf.results) > 1 else leaf.results[0].signature
    trial = points.at(leaf.facts, coordinate)
    return None if trial is None else _one(leaf.facts, trial, leaf.barriers, Survey()).signature
