"""From all worlds to one answer: tier, status and branch, what is possible, what is missing, which flags hold."""

from __future__ import annotations

from typing import NamedTuple

from formgen import fields
from formgen.rules.anhui.asking import Item
from formgen.rules.anhui.tiers import PENDING, TIERS
from formgen.rules.anhui.unknowns import Survey, essential
from formgen.rules.anhui.verdict import AUTO, BLOCKED, HUMAN, INSUFFICIENT, Outcome

LINE = Item("当地标准!月低保标准")
PLEDGE = "案件!诚信承诺"
CHECKS = frozenset(("案件!授权核对", "信息比对!房产已查", "信息比对!车辆已查", "信息比对!工商已查"))


class Conclusion(NamedTuple):
    """What the law says of a case, before its reasons."""

    tier: str
    status: str
    branch: str | None
    branches: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    missing: tuple[Item, ...] = ()
    flags: tuple[str, ...] = ()
    city_possible: bool = False
    matters: tuple[str, ...] = ()


def conclude(found: Survey, *, unknown_line: Item | None) -> Conclusion:
    """The answer over all worlds.

    ``unknown_line`` is what is missing where the place has no line: the case is then insufficient in any event.
    """
    results = [result for leaf in found.leaves for result in leaf.results]
    if unknown_line is None and len(results) == 1 and len(results[0].outcomes) == 1 and found.is_complete:
        only = results[0].outcomes[0]
        if not only.wanting:
            return _certain(only, results[0].flags)
    ends = [end for result in results for end in result.outcomes]
    if not found.is_complete or not ends:
        return _undecided(found, ends, unknown_line)
    tiers = _in_order({end.tier for end in ends})
    flags = tuple(sorted(frozenset.intersection(*(result.flags for result in results))))
    wanting = {item for end in ends for item in end.wanting}
    if unknown_line is None and len(tiers) == 1 and not wanting:
        return _decided(ends, tiers, flags)
    missing = in_sheet_order(essential(found) - {LINE} | wanting | _line(unknown_line))
    return Conclusion(PENDING, INSUFFICIENT, _branch(missing, unknown_line), (), tiers, missing, flags)


def _certain(end: Outcome, flags: frozenset[str]) -> Conclusion:
    """Nothing unknown: one world, one end."""
    city = end.status == BLOCKED and end.city_possible
    marks = tuple(sorted(flags))
    return Conclusion(end.tier, end.status, end.branch, end.branches, (end.tier,), (), marks, city, end.matters)


def _decided(ends: list[Outcome], tiers: tuple[str, ...], flags: tuple[str, ...]) -> Conclusion:
    """The same tier in every world."""
    statuses = {end.status for end in ends}
    status = next((name for name in (HUMAN, BLOCKED) if name in statuses), AUTO)
    first = {end.branch for end in ends}
    common = [name for name in ends[0].branches if all(name in end.branches for end in ends)]
    matters = tuple(dict.fromkeys(matter for end in ends for matter in end.matters))
    city = status == BLOCKED and all(end.city_possible for end in ends if end.status == BLOCKED)
    branch = first.pop() if len(first) == 1 else None
    return Conclusion(tiers[0], status, branch, tuple(common), tiers, (), flags, city, matters)


def _undecided(found: Survey, ends: list[Outcome], unknown_line: Item | None) -> Conclusion:
    """Too many combinations, or no world at all: everything that was asked is missing."""
    asked = set(found.asked) | {item for leaf in found.leaves for result in leaf.results for item in result.items}
    wanting = {item for end in ends for item in end.wanting}
    missing = in_sheet_order((asked | wanting) - {LINE} | _line(unknown_line))
    return Conclusion(PENDING, INSUFFICIENT, _branch(missing, unknown_line), (), TIERS[:-1], missing)


def _line(unknown_line: Item | None) -> set[Item]:
    return {unknown_line} if unknown_line else set()


def _branch(missing: tuple[Item, ...], unknown_line: Item | None) -> str | None:
    """The branch an insufficient case carries, by what is missing."""
    names = {item.name for item in missing}
    about = {item.about for item in missing}
    if unknown_line is not None:
        return "注二"
    if "income" in about:
        return "6"
    if names and names <= CHECKS | {PLEDGE}:
        return "8(一)" if PLEDGE in names else "75号二"
    return "注一" if "members" in about else None


def _in_order(tiers: set[str]) -> tuple[str, ...]:
    return tuple(tier for tier in TIERS if tier in tiers)


def in_sheet_order(items: set[Item] | frozenset[Item]) -> tuple[Item, ...]:
    """Items by sheet, column and row, each name once."""
    order = {
        (sheet.title, field.tag): (i, k)
        for i, sheet in enumerate(fields.sheets())
        for k, field in enumerate(sheet.fields)
    }

    def place(item: Item) -> tuple:
        sheet, _, column = item.name.partition("!")
        return (*order.get((sheet, column.partition("(")[0]), (99, 99)), item.row, item.name)

    return tuple({item.name: item for item in sorted(items, key=place, reverse=True)}.values())[::-1]
