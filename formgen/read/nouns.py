"""A row's cells made into the attributes of its noun, with every finding at its place."""

from __future__ import annotations

from typing import Any

from formgen.cells import reading, texts
from formgen.model import Finding
from formgen.read.sheets import SheetRow


def typed(row: SheetRow) -> tuple[dict[str, Any], list[Finding]]:
    """The values of a row by key, absent ones left out, and the findings on its cells.

    Of a sheet other than 案件 the number of the case is left out: it only says whose row it is.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    tab = row.tab
    is_case = tab.sheet.key == "case"
    for key, cell in row.cells.items():
        if key == "case_no" and not is_case and not texts.case_number(cell.text)[1]:
            continue
        made = reading(cell, tab.fields[key], tab.style(cell), is_1904=tab.is_1904)
        if made.value is not None:
            values[key] = made.value
        for code, notes in made.notes:
            if key != "case_no" or is_case or code.startswith("R"):  # a wrong number is told once, with its case
                findings.append(Finding(code, row.place(key), notes))
    if tab.merges:
        findings += _merged(row, values)
    if not is_case:
        values.pop("case_no", None)
    return values, findings


def _merged(row: SheetRow, values: dict[str, Any]) -> list[Finding]:
    """An error for every merged range that touches the row; nobody can say whose value it holds."""
    findings: dict[str, Finding] = {}
    for key in row.tab.columns:
        if found := row.merged(key):
            findings.setdefault(found, Finding("E237", row.place(key), {"range": found}))
            if key != "case_no":
                values.pop(key, None)
    return list(findings.values())
