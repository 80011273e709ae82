"""Who belongs to the household: the register, and those who live with it and were visited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from formgen.household import Case, Member
from formgen.rules.anhui.asking import BOTH, Item, World
from formgen.rules.provision import provision

CHILDREN = frozenset(("子", "女"))
JOBLESS = frozenset(("失业", "无业"))


class Person(NamedTuple):
    """A member with the label he goes by in messages (女1) and whether he counts."""

    member: Member
    label: str
    counts: bool


def people(case: Case, world: World) -> tuple[Person, ...]:
    """Every row of 家庭成员 in sheet order, with labels numbered a relation."""
    numbers: dict[str, int] = {}
    found = []
    for member in case.members:
        relation = member.relation or "成员"
        number = numbers[relation] = numbers.get(relation, 0) + 1
        label = f"{relation}{number}"
        found.append(Person(member, label, counts(member, label, world)))
    return tuple(found)


@provision(cites=("人口材料3",), readings="AMB-17")
def counts(member: Member, label: str, world: World) -> bool:
    """以户口本上人数为准，如不在同一户口本上但长期共同居住生活在一起的，需上门走访核实"""
    together = member.lives_together
    if together is None:
        together = world.ask(Item(f"家庭成员!共同生活({label})", member.row, "members"), BOTH)  # type: ignore[assignment]
    if not together or member.in_register is not False:
        return bool(together)
    if member.visit_confirmed is None:
        return bool(world.ask(Item(f"家庭成员!走访核实({label})", member.row, "members"), BOTH))
    return member.visit_confirmed


def known_size(case: Case) -> int | None:
    """How many members count, None while it is not known of everybody whether he does."""
    size = 0
    for member in case.members:
        counted = member.lives_together
        if counted and member.in_register is False:
            counted = member.visit_confirmed
        if counted is None:
            return None
        size += counted
    return size


@provision(cites=("注一",), readings="AMB-17")
def size_agrees(case: Case) -> bool:
    """家庭人均月可支配收入=（家庭总收入-所得税-五险一金）÷12÷家庭共同生活人口数（与总收入人口保持一致）"""
    return case.household_size is None or known_size(case) in (None, case.household_size)


def strangers(case: Case) -> tuple[str, ...]:
    """The sheets (收入, 支出) that name somebody who is nobody, or two people, of the household."""
    names: list[str | None] = [member.name for member in case.members]
    once = {name for name in names if names.count(name) == 1} | {None}
    sheets = ("收入", case.incomes), ("支出", case.expenses)
    return tuple(sheet for sheet, rows in sheets if not all(row.name in once for row in rows))


def by_name(persons: Iterable[Person]) -> dict[str | None, Person]:
    """The persons by name; only for households without namesakes."""
    return {person.member.name: person for person in persons if person.member.name is not None}
