"""The amounts to try when money is unknown: 0, the upper bound, at and one fen beside every turn of a clause.

A point stands for a cell of the plane that the clauses cut: within a cell every test comes out alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from formgen.household import Fen
from formgen.rules.anhui.asking import Item
from formgen.rules.anhui.branches import ONCE, Point
from formgen.rules.anhui.facts import Facts
from formgen.rules.anhui.income import Open

#: The unknown amounts in the order of a coordinate.
AXES = ("income", "business", "other", "accident", "wealth")


class Trial(NamedTuple):
    """A point, the losses in its income, and its coordinate: one value an axis, 0 where nothing is unknown."""

    point: Point
    losses: Fen
    coordinate: tuple[Fen, ...]


def is_known(facts: Facts) -> bool:
    """Whether every amount is known, so that a single point says it all."""
    return not (
        facts.incomes.open
        or facts.incomes.open_business
        or facts.expenses.open_other
        or facts.expenses.open_accident
        or _open_wealth(facts)
    )


def only_point(facts: Facts) -> Trial:
    """The point of a household whose amounts are known."""
    spent, case = facts.expenses.other + facts.expenses.accident, facts.case
    wealth = (case.investments or 0) + (case.savings or 0)
    return Trial(Point(facts.incomes.total, spent, facts.expenses.accident, wealth), facts.incomes.losses, ())


def missing(facts: Facts) -> tuple[frozenset[Item], ...]:
    """What would have to be known of each axis."""
    return (
        _items(facts.incomes.open),
        _items(facts.incomes.open_business),
        _items(facts.expenses.open_other),
        _items(facts.expenses.open_accident),
        frozenset(_open_wealth(facts)),
    )


def trials(facts: Facts, *, is_fine: bool = True) -> Iterator[Trial]:
    """Every point to try; ``is_fine`` also tries one fen below each turn and turns moved by the expenses."""
    turns = _turns(facts)
    incomes, expenses = facts.incomes, facts.expenses
    top = _beyond(facts, turns)
    known = expenses.other + expenses.accident
    for income in _income_values(facts, turns, top, is_fine):
        for business in _business_values(facts, turns, top, incomes.total + income, is_fine):
            year = incomes.total + income + business
            losses = incomes.losses + max(0, -business)
            for other in _spending(expenses.open_other, year, year - known, turns, is_fine):
                for accident in _spending(expenses.open_accident, year, year - known - other, turns, is_fine):
                    spent_on_event = expenses.accident + accident
                    for wealth in _wealth_values(facts, turns, top, year - spent_on_event, is_fine):
                        point = Point(year, known + other + accident, spent_on_event, wealth)
                        yield Trial(point, losses, (income, business, other, accident, wealth))


def at(facts: Facts, coordinate: tuple[Fen, ...]) -> Trial | None:
    """The point of these unknown amounts, None where they cannot be: an expense has its bound."""
    if is_known(facts):
        return only_point(facts)
    income, business, other, accident, wealth = coordinate
    year = facts.incomes.total + income + business
    spending = (other, facts.expenses.open_other), (accident, facts.expenses.open_accident)
    if any(amount > (_limit(opens, max(0, year)) if opens else 0) for amount, opens in spending):
        return None
    on_event = facts.expenses.accident + accident
    point = Point(year, facts.expenses.other + other + on_event, on_event, wealth)
    return Trial(point, facts.incomes.losses + max(0, -business), coordinate)


def _turns(facts: Facts) -> tuple[Fen, ...]:
    """The year's amounts at which a clause turns."""
    local = facts.local
    multiples = {ONCE, local.near, local.accident, local.provincial, facts.city}
    return tuple(sorted({facts.line_year * top // bottom for top, bottom in multiples}))


def _beyond(facts: Facts, turns: tuple[Fen, ...]) -> Fen:
    """An amount above every turn whatever is deducted."""
    limits = sum(o.limit or 0 for o in (*facts.expenses.open_other, *facts.expenses.open_accident))
    return 4 * (turns[-1] + facts.expenses.other + facts.expenses.accident + limits + abs(facts.incomes.total)) + 1


def _near(values: Iterable[Fen], is_fine: bool) -> set[Fen]:
    """Each value and its neighbours of one fen."""
    steps = (-1, 0, 1) if is_fine else (0, 1)
    return {value + step for value in values for step in steps}


def _limit(opens: tuple[Open, ...], otherwise: Fen) -> Fen:
    """The most that unknown amounts can come to; one without a limit is held by ``otherwise``."""
    if any(o.limit is None for o in opens):
        return otherwise
    return sum(o.limit or 0 for o in opens)


def _income_values(facts: Facts, turns: tuple[Fen, ...], top: Fen, is_fine: bool) -> list[Fen]:
    opens, spent = facts.incomes.open, facts.expenses
    if not opens:
        return [0]
    limit, known = _limit(opens, top), spent.other + spent.accident
    shifts = {0, known, spent.accident}
    if is_fine:
        finite = [o.limit or 0 for o in (*spent.open_other, *spent.open_accident)]
        shifts |= {known + sum(finite)}
    values = _near((turn + shift - facts.incomes.total for turn in turns for shift in shifts), is_fine)
    return sorted({0, limit, *(value for value in values if 0 <= value <= limit)})


def _business_values(facts: Facts, turns: tuple[Fen, ...], top: Fen, others: Fen, is_fine: bool) -> list[Fen]:
    if not facts.incomes.open_business:
        return [0]
    known = facts.expenses.other + facts.expenses.accident
    values = _near((turn + shift - others for turn in turns for shift in (0, known)), is_fine)
    return sorted({0, -top, top, *values})


def _spending(opens: tuple[Open, ...], year: Fen, left: Fen, turns: tuple[Fen, ...], is_fine: bool) -> list[Fen]:
    """Values of an unknown expense: at most the household's income where it has no bound of its own."""
    if not opens:
        return [0]
    limit = _limit(opens, max(0, year))
    values = _near((left - turn for turn in turns), is_fine) | {0, 1, limit}
    return sorted(value for value in values if 0 <= value <= limit)


def _open_wealth(facts: Facts) -> tuple[Item, ...]:
    """Savings and investments nobody knows; asked only where 5(一)4 may count them."""
    case = facts.case
    if not case.extreme_disaster:
        return ()
    asked = (case.investments, Item("案件!投资性净资产")), (case.savings, Item("案件!储蓄"))
    return tuple(item for value, item in asked if value is None)


def _wealth_values(facts: Facts, turns: tuple[Fen, ...], top: Fen, left: Fen, is_fine: bool) -> list[Fen]:
    known = (facts.case.investments or 0) + (facts.case.savings or 0)
    if not _open_wealth(facts):
        return [known]
    turn = facts.line_year - left
    return sorted({known, top + known, *(v for v in _near((turn,), is_fine) if v >= known)})


def _items(opens: tuple[Open, ...]) -> frozenset[Item]:
    return frozenset(item for o in opens for item in o.items)
