"""A household compared with the other households and with the small sheets of the workbook."""

from __future__ import annotations

from collections.abc import Iterator

from formgen import masks
from formgen.cells import texts
from formgen.household import Case
from formgen.model import Finding
from formgen.read import Book
from formgen.read.doubles import named
from formgen.read.join import Household
from formgen.read.survey import case_key


def neighbour_findings(household: Household, case: Case, book: Book) -> Iterator[Finding]:
    """What stands in another household as well, and what the small sheets do not know."""
    main = household.main
    others = [row for row in book.survey.repeated.get(case_key(main.cells.get("case_no")), ()) if row != main.number]
    if others:
        values = {"case_no": texts.shown(case.case_no), "rows": "、".join(map(str, others[:5]))}
        yield Finding("E304", main.place("case_no"), values)
    if household.index >= 0:
        yield from _numbers(household, case, book)
    if case.union and "union" in book.tabs and case.union not in book.unions:
        yield Finding("W305", main.place("union"), {"union": texts.shown(case.union)})
    if case.area and "standard" in book.tabs and not _is_known(case.area, book):
        yield Finding("W308", main.place("area"), {"area": texts.shown(case.area)})


def _numbers(household: Household, case: Case, book: Book) -> Iterator[Finding]:
    main, doubles, index = household.main, book.survey.doubles, household.index
    for key, number, code, mask in (
        ("card_number", case.card_number, "W301", masks.card),
        ("phone", case.phone, "W302", masks.phone),
    ):
        spots = doubles.elsewhere(index, key, main.cells.get(key)) if number else []
        if spots and number:
            yield Finding(code, main.place(key), {"masked": mask(number), "others": named(spots)})
    persons = [(main, case.id_number, False)]
    for row, member in zip(household.rows.get("member", ()), case.members, strict=True):
        if member.id_number != case.id_number:
            persons.append((row, member.id_number, member.lives_together is False))
    for row, number, is_apart in persons:
        spots = doubles.elsewhere(index, "id_number", row.cells.get("id_number")) if number else []
        if spots and number:
            code = "E305" if not is_apart and any(not spot.is_apart for spot in spots) else "W303"
            yield Finding(code, row.place("id_number"), {"masked": masks.id_number(number), "others": named(spots)})


def _is_known(area: str, book: Book) -> bool:
    """Whether 当地标准 has a row of the area or, for the line, of its part up to the first 市."""
    city = area[: area.index("市") + 1] if "市" in area else area
    return any(standard.area in (area, city) for standard in book.standards)
