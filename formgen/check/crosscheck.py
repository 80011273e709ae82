"""A household's rows compared with each other; what only the rest of the workbook can tell stands in ``neighbours``."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from formgen import days, masks
from formgen.cells import identity, texts
from formgen.household import Case, Expense, Income, Member
from formgen.model import Finding
from formgen.read.join import Household
from formgen.read.presumed import is_empty
from formgen.read.sheets import SheetRow

#: Of a row of 收入 and 支出 the amounts of which one must stand there, and everything else a clerk types.
_AMOUNTS = {"income": ("amount", "assessed"), "expense": ("amount",)}
_WRITTEN = {
    key: attrgetter(*(field.name for field in dataclasses.fields(noun) if field.name != "row"))
    for key, noun in (("income", Income), ("expense", Expense))
}
_SEXES = {
    "男": ("夫", "子", "父", "公公", "岳父", "祖父", "孙子"),
    "女": ("妻", "女", "母", "婆婆", "岳母", "祖母", "孙女"),
}


def household_findings(household: Household, case: Case) -> Iterator[Finding]:
    """Everything that can be seen only with the whole household in hand."""
    main = household.main
    members = tuple(zip(household.rows.get("member", ()), case.members, strict=True))
    yield from _dates_and_facts(main, case)
    if household.index >= 0 and not any(row.merged("case_no") for row, _ in members):  # else rows may be out of reach
        yield from _size(main, case)
        yield from _worker(members, case)
        yield from _persons(household, case)
    yield from _same_person(members)
    yield from _receipts(household, case)
    yield from _pasted(household, case)
    for row in household.rows.get("means", ())[1:]:
        yield Finding("E313", row.place("case_no"))


def _dates_and_facts(main: SheetRow, case: Case) -> Iterator[Finding]:
    if is_empty(main, "case_no"):
        yield Finding("E303", main.place("case_no"))
    if case.name and len(case.name) > 1 and case.name.replace("·", "") in case.case_no:
        yield Finding("W311", main.place("case_no"))
    if case.id_number and case.sex and identity.sex(case.id_number) != case.sex:
        yield Finding("E306", main.place("sex"), {"sex": case.sex, "by_id": identity.sex(case.id_number)})
    if case.event == "无" and case.extreme_disaster:
        yield Finding("E308", main.place("event"))
    if case.card_holder and case.name and case.card_holder != case.name:
        yield Finding("W306", main.place("card_holder"))
    born = identity.birth_date(case.id_number) if case.id_number else None
    if born and case.applied_on and born >= case.applied_on:
        yield Finding("E315", main.place("applied_on"))
    began = max(((case.applied_on, "申请日期"), (case.filed_on, "建档日期")), key=lambda day: day[0] or date.min)
    if case.withdrawn_on and began[0] and case.withdrawn_on < began[0]:
        yield Finding("W313", main.place("withdrawn_on"), {"heading": began[1], "day": days.printed(began[0])})


def _size(main: SheetRow, case: Case) -> Iterator[Finding]:
    """注一: 家庭人口 equals the members who live together and count; no test while one of them is open."""
    counted = [counts(member) for member in case.members]
    if case.household_size is None or None in counted:
        return
    if counted.count(True) != case.household_size:
        values = {"size": str(case.household_size), "counted": str(counted.count(True))}
        yield Finding("E307", main.place("household_size"), values)


def counts(member: Member) -> bool | None:
    """Whether the member is one of the household; None while a fact is missing."""
    if member.lives_together is not True:
        return member.lives_together
    return member.visit_confirmed if member.in_register is False else True


def _worker(members: tuple[tuple[SheetRow, Member], ...], case: Case) -> Iterator[Finding]:
    """The worker has one row of his own, and it is he."""
    own = [(row, member) for row, member in members if member.is_worker]
    if members and not own:
        yield from _no_worker(members, case)
    for row, _ in own[1:]:
        yield Finding("E314", row.place("relation"))
    for row, member in own[:1]:
        if member.name and case.name and member.name != case.name:
            yield Finding("E312", row.place("name"), {"heading": "姓名"})
        if member.id_number and case.id_number and member.id_number != case.id_number:
            yield Finding("E312", row.place("id_number"), {"heading": "身份证号码"})


def _no_worker(members: tuple[tuple[SheetRow, Member], ...], case: Case) -> Iterator[Finding]:
    """No row says 本人: the one of the worker's name or number has the wrong relation, or his row is not there."""
    his = [
        row
        for row, member in members
        if (member.name and member.name == case.name) or (member.id_number and member.id_number == case.id_number)
    ]
    if his:
        yield Finding("W312", his[0].place("relation"))
    elif all(member.relation for _, member in members):
        yield Finding("W304", members[0][0].place("relation"))


def _persons(household: Household, case: Case) -> Iterator[Finding]:
    """Every 姓名 of 收入 and 支出 is one member; while a member's name cannot be read nobody can say."""
    names = Counter(member.name for member in case.members)
    members = zip(household.rows.get("member", ()), case.members, strict=True)
    is_open = any(member.name is None and not is_empty(row, "name") for row, member in members)
    spent: tuple[tuple[SheetRow, Income | Expense], ...] = (
        *zip(household.rows.get("income", ()), case.incomes, strict=True),
        *zip(household.rows.get("expense", ()), case.expenses, strict=True),
    )
    for row, entry in spent:
        if entry.name and names[entry.name] != 1 and not is_open:
            code = "E310" if names[entry.name] else "E309"
            yield Finding(code, row.place("name"), {"name": masks.name(entry.name)})


def _same_person(members: tuple[tuple[SheetRow, Member], ...]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for row, member in members:
        number = member.id_number
        if not number:
            continue
        if number in seen:
            yield Finding("E311", row.place("id_number"), {"masked": masks.id_number(number), "row": str(seen[number])})
        seen.setdefault(number, row.number)
        by_relation = next((sex for sex, words in _SEXES.items() if member.relation in words), None)
        if by_relation and by_relation != identity.sex(number):
            values = {"relation": texts.shown(str(member.relation)), "by_id": identity.sex(number)}
            yield Finding("W310", row.place("relation"), values)


def _receipts(household: Household, case: Case) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for row, expense in zip(household.rows.get("expense", ()), case.expenses, strict=True):
        if expense.receipt and expense.receipt in seen:
            yield Finding("W307", row.place("receipt"), {"row": str(seen[expense.receipt])})
        elif expense.receipt:
            seen[expense.receipt] = row.number


def _pasted(household: Household, case: Case) -> Iterator[Finding]:
    """Rows of 收入 and 支出 that say the same in every cell: both count, and that may be a slip of pasting.

    A row with a receipt number is left to that number, one without an amount adds nothing.
    """
    for key, entries in (("income", case.incomes), ("expense", case.expenses)):
        seen: dict[tuple, int] = {}
        for row, entry in zip(household.rows.get(key, ()), entries, strict=True):
            heading = next((name for name in _AMOUNTS[key] if getattr(entry, name)), "")
            if not heading or getattr(entry, "receipt", None):
                continue
            first = seen.setdefault((_WRITTEN[key](entry), *sorted(row.extra.items())), row.number)
            if first != row.number:
                yield Finding("W320", row.place(heading), {"row": str(first)})
