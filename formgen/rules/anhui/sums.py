"""The sum behind a decision as it is printed, and the lines at which it would turn."""

from __future__ import annotations

from dataclasses import replace

from formgen.household import Fen
from formgen.model import Amount, Figures, IncomeLine
from formgen.rules.anhui import expenses
from formgen.rules.anhui.branches import ONCE, Point
from formgen.rules.anhui.facts import Facts
from formgen.rules.anhui.unknowns import Survey


def figures(facts: Facts, surveyed: Survey, year: int) -> Figures:
    """The figures that are the same in every world; totals that are not are None."""
    worlds = [leaf.facts for leaf in surveyed.leaves] or [facts]
    size = {world.size for world in worlds}
    totals, spent = {_income(world) for world in worlds}, {_spent(world) for world in worlds}
    if not surveyed.is_complete:
        totals, spent = {None}, {None}
    total, deducted = _only(totals), _only(spent)
    divisor = facts.divisor if len(size) == 1 else 0
    has_post = total is not None and deducted is not None and divisor
    return Figures(
        facts.size,
        year,
        _incomes(facts, surveyed),
        facts.expenses.lines,
        total,
        expenses.deducted(facts.expenses.by_kind) if deducted is not None else (),
        Amount(total, divisor) if total is not None and divisor else None,
        Amount(total - deducted, divisor) if has_post and total is not None and deducted is not None else None,
    )


def common_point(found: Figures, facts: Facts) -> Point | None:
    """The amounts all worlds share, None when they share none."""
    if found.pre is None or found.post is None:
        return None
    wealth = (facts.case.investments or 0) + (facts.case.savings or 0)
    return Point(found.pre.total, found.pre.total - found.post.total, facts.expenses.accident, wealth)


def worlds(surveyed: Survey) -> tuple[tuple[Facts, Point], ...]:
    """Every way the amounts may be, each with its world; none where there were too many to try.

    Losses set to zero in some of several ways are left in all, so that an income known to all reads as one.
    """
    if not surveyed.is_complete:
        return ()
    found = tuple((leaf.facts, result.trial.point) for leaf in surveyed.leaves for result in leaf.results)
    if len({point.losses for _, point in found}) < 2:
        return found
    return tuple((facts, point._replace(income=point.income - point.losses, losses=0)) for facts, point in found)


def telling_lines(facts: Facts) -> tuple[Fen, ...]:
    """The lines to try when none is known: at and one fen below each at which a clause turns."""
    income = facts.incomes.total
    amounts = {income, income - facts.expenses.accident, income - facts.expenses.accident - facts.expenses.other}
    local, divisor = facts.local, facts.divisor or 1
    multiples = {ONCE, local.near, local.accident, local.provincial, facts.city}
    turns = {-(-amount * bottom // (top * divisor)) for amount in amounts for top, bottom in multiples}
    near = {turn + step for turn in turns for step in (-1, 0) if turn + step > 0}
    return tuple(sorted({1, *near, 4 * max(1, abs(income)) + 1}))


def _income(facts: Facts) -> Fen | None:
    return None if facts.incomes.open or facts.incomes.open_business else facts.incomes.total


def _spent(facts: Facts) -> Fen | None:
    known = facts.expenses.other + facts.expenses.accident
    return None if facts.expenses.open_other or facts.expenses.open_accident else known


def _only(values: set[Fen | None]) -> Fen | None:
    return next(iter(values)) if len(values) == 1 else None


def _incomes(facts: Facts, surveyed: Survey) -> tuple[IncomeLine, ...]:
    """The rows of income; one that differs between the worlds reads as unknown."""
    unsure = {item.row for leaf in surveyed.leaves for item in leaf.picks if item.about == "income" and item.row}
    lines = facts.incomes.lines
    if not unsure:
        return lines
    return tuple(replace(line, counted=None) if line.row in unsure else line for line in lines)
