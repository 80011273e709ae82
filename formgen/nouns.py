"""A row's cells made into the attributes of its noun, with every finding at its place."""

from __future__ import annotations

from typing import Any

from formgen.cells import Look, reading
from formgen.model import Finding
from formgen.sheets import SheetRow


def typed(row: SheetRow, *, case_no: str = "") -> tuple[dict[str, Any], list[Finding]]:
    """The values of a row by key, absent ones left out, and the findings on its cells; the key of the case is left out
    of every sheet but 案件.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    tab = row.tab
    for key, cell in row.cells.items():
        made = reading(cell, Look(tab.sheet.by_key(key), tab.style(cell), tab.is_1904))
        if made.value is not None:
            values[key] = made.value
        for code, notes in made.notes:
            findings.append(Finding(code, row.place(key), notes, case_no))
    if tab.sheet.key != "case":
        values.pop("case_no", None)
    return values, findings
