"""Rows become cases: cells typed, empty cells given what the manual says, rows of a household compared.

What is wrong makes the cell None and the case invalid, never the batch; what only matters to the decision is its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from formgen.cells.identifiers import typed_case_no
from formgen.check.crosscheck import household_findings
from formgen.check.neighbours import neighbour_findings
from formgen.check.posting import notice_findings
from formgen.household import AidRequest, Case, Expense, Income, Means, Member, Resolution, Vehicle
from formgen.law import Law, load
from formgen.model import Finding
from formgen.read import Book
from formgen.read.join import Household
from formgen.read.nouns import typed
from formgen.read.order import by_place
from formgen.read.presumed import is_empty, presume
from formgen.read.sheets import SheetRow

#: sheet → (its noun, the attribute of Case that holds its rows)
_NOUNS: Mapping[str, tuple[type, str]] = {
    "member": (Member, "members"),
    "income": (Income, "incomes"),
    "expense": (Expense, "expenses"),
    "means": (Means, "means"),
    "vehicle": (Vehicle, "vehicles"),
    "resolution": (Resolution, "resolutions"),
    "request": (AidRequest, "requests"),
}
#: Findings that leave no usable number: the row belongs to no case.
_NAMELESS = frozenset(("E303", "E304"))


@dataclass(frozen=True, slots=True)
class Checked:
    """A row of 案件 after checking, with all findings on its household.

    ``case`` is None when 档案编号 is unusable or stands twice; a cell that cannot be read is None in it. ``case_no`` is
    what was typed, even when unusable, with long numbers hidden, "" when nothing was. ``row`` is the Excel row,
    ``digest`` the SHA-256 of the household's own cells wherever they stand.
    """

    case_no: str
    row: int
    case: Case | None
    findings: tuple[Finding, ...]
    digest: str

    @property
    def is_valid(self) -> bool:
        """Whether the case can be decided."""
        return self.case is not None and not any(finding.is_error for finding in self.findings)


def households(book: Book) -> Iterator[Checked]:
    """Every row of 案件, checked, in the order of the sheet."""
    law = load(book.standards, book.settings)
    for household in book.households():
        yield _checked(household, book, law)


def _checked(household: Household, book: Book, law: Law) -> Checked:
    main = household.main
    values, findings = typed(main)
    number = values.get("case_no") or typed_case_no(main.cells.get("case_no"))
    applied = values["applied_on"].year if "applied_on" in values else None
    findings += [*presume(main, values, None, number), *_empty_cells(main, number)]
    rows: dict[str, list[Any]] = {}
    for key, lines in household.rows.items():
        rows[key] = [_noun(key, line, findings, applied, number) for line in lines]
    case = _case(main, values, rows, number)
    findings += household_findings(household, case)
    findings += neighbour_findings(household, case, book)
    findings += notice_findings(main, case, law)
    findings = _once(findings) if any(finding.code == "E237" for finding in findings) else findings
    usable = "case_no" in values and not any(finding.code in _NAMELESS for finding in findings)
    named = (Finding(found.code, found.place, found.values, number) for found in findings)
    return Checked(
        number, main.number, case if usable else None, tuple(sorted(named, key=by_place)), _digest(household)
    )


def _once(findings: list[Finding]) -> list[Finding]:
    """The findings with each merged range told once, at its first cell, whatever rows of the household it touches."""
    seen = set[tuple[str, str]]()
    kept = []
    for found in findings:
        mark = (found.place.sheet, found.values.get("range", ""))
        if found.code != "E237" or mark not in seen:
            kept.append(found)
        if found.code == "E237":
            seen.add(mark)
    return kept


def _noun(key: str, row: SheetRow, findings: list[Finding], applied: int | None, number: str) -> Any:
    """The row as the noun of its sheet; its findings are added to `findings`."""
    values, found = typed(row)
    findings += [*found, *presume(row, values, applied, number), *_empty_cells(row, number)]
    return _NOUNS[key][0](row=row.number, **values)


def _case(main: SheetRow, values: Mapping[str, Any], rows: Mapping[str, list[Any]], number: str) -> Case:
    """The case with its rows; of several rows of 信息比对 the first."""
    parts = {_NOUNS[key][1]: tuple(found) for key, found in rows.items() if key != "means"}
    means = next(iter(rows.get("means", ())), None)
    given: dict[str, Any] = {**values, **parts, "case_no": number}
    return Case(row=main.number, extra=dict(main.extra), means=means, **given)


def _empty_cells(row: SheetRow, number: str) -> list[Finding]:
    """A warning for each empty cell that the papers need; an absent column is told once, with the sheet."""
    return [
        Finding("W201", row.place(one.key), {"heading": one.tag}, number)
        for one in row.tab.required
        if is_empty(row, one.key)
    ]


def _digest(household: Household) -> str:
    """The digest of what is written in the household's cells, in the order of the sheets and rows."""
    rows = [household.main, *(row for rows in household.rows.values() for row in rows)]
    days = household.main.tab.workbook.day_styles
    written = [
        [
            row.tab.sheet.key,
            sorted((key, cell.kind, cell.text, cell.style in days) for key, cell in row.cells.items()),
            sorted(row.extra.items()),
        ]
        for row in rows
    ]
    return hashlib.sha256(json.dumps(written, ensure_ascii=True).encode()).hexdigest()
