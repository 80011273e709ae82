"""A household's rows compared with each other and with the rest of the workbook; pure functions on typed rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from formgen import identity, masks
from formgen.household import Case, Member
from formgen.join import Household
from formgen.model import Finding
from formgen.presumed import is_empty
from formgen.read import Book
from formgen.sheets import SheetRow
from formgen.survey import case_key


def household_findings(household: Household, case: Case, book: Book) -> list[Finding]:
    """Everything that can be seen only with the whole household in hand."""
    main = household.main
    return [
        *_number(main, case, book),
        *_identity(main, case.id_number, case.sex),
        *_event(main, case),
        *_size(main, case),
        *_persons(household, case),
        *_means(household),
    ]


def _number(main: SheetRow, case: Case, book: Book) -> Iterator[Finding]:
    if is_empty(main, "case_no"):
        yield Finding("E303", main.place("case_no"))
    others = [row for row in book.survey.doubles.get(case_key(main), ()) if row != main.number]
    if others:
        values = {"case_no": case.case_no, "rows": "、".join(map(str, others[:5]))}
        yield Finding("E304", main.place("case_no"), values)


def _identity(main: SheetRow, number: str | None, sex: str | None) -> Iterator[Finding]:
    if number and sex and identity.sex(number) != sex:
        yield Finding("E306", main.place("sex"), {"sex": sex, "by_id": identity.sex(number)})


def _event(main: SheetRow, case: Case) -> Iterator[Finding]:
    if case.event == "无" and case.extreme_disaster:
        yield Finding("E308", main.place("event"))


def _size(main: SheetRow, case: Case) -> Iterator[Finding]:
    """注一: 家庭人口 equals the members who live together and count; no test while one of them is open."""
    counted = [counts(member) for member in case.members]
    if case.household_size is None or not counted or None in counted:
        return
    if sum(map(bool, counted)) != case.household_size:
        values = {"size": str(case.household_size), "counted": str(sum(map(bool, counted)))}
        yield Finding("E307", main.place("household_size"), values)


def counts(member: Member) -> bool | None:
    """Whether the member is one of the household; None while a fact is missing."""
    if member.lives_together is not True:
        return member.lives_together
    return member.visit_confirmed if member.in_register is False else True


def _persons(household: Household, case: Case) -> Iterator[Finding]:
    """Every 姓名 of 收入 and 支出 is one member, no two members are the same person."""
    names = Counter(member.name for member in case.members if member.name)
    for row, person in (
        *zip(household.rows.get("income", ()), case.incomes, strict=True),
        *zip(household.rows.get("expense", ()), case.expenses, strict=True),
    ):
        if person.name and names[person.name] != 1:
            code = "E310" if names[person.name] else "E309"
            yield Finding(code, row.place("name"), {"name": masks.name(person.name)})
    seen: dict[str, int] = {}
    for row, member in zip(household.rows.get("member", ()), case.members, strict=True):
        if member.id_number and member.id_number in seen:
            values = {"masked": masks.id_number(member.id_number), "row": str(seen[member.id_number])}
            yield Finding("E311", row.place("id_number"), values)
        elif member.id_number:
            seen[member.id_number] = row.number


def _means(household: Household) -> Iterator[Finding]:
    for row in household.rows.get("means", ())[1:]:
        yield Finding("E313", row.place("case_no"))
