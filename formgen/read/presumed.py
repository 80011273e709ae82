"""What an empty cell means where the manual gives it a meaning; everywhere else empty stays unknown (None)."""

from __future__ import annotations

from typing import Any

from formgen.model import Finding
from formgen.read.sheets import SheetRow

#: Registers quoted: empty means none on record.
_NONE_ON_RECORD: dict[str, dict[str, Any]] = {
    "case": {"registered_poor": False, "extreme_disaster": False, "objection": False},
    "member": {"refusals": 0},
    "expense": {"outside_catalogue": 0},
}


def presume(row: SheetRow, values: dict[str, Any], applied_year: int | None, case_no: str) -> list[Finding]:
    """Fill `values` in place with what empty cells mean, and say so where the manual asks for a warning.

    A cell that holds something unreadable is not empty: it stays None.
    """
    findings: list[Finding] = []
    kind = row.tab.sheet.key
    for key, value in _NONE_ON_RECORD.get(kind, {}).items():
        if is_empty(row, key):
            values[key] = value
    if kind == "expense" and values.get("kind") not in ("意外", None) and is_empty(row, "compensation"):
        values["compensation"] = 0
    if kind == "member" and is_empty(row, "in_register"):
        values["in_register"] = True
        findings += _told(row, "in_register", "W209", {}, case_no)
    if kind in ("income", "expense") and is_empty(row, "year") and applied_year:
        values["year"] = applied_year - 1
        findings += _told(row, "year", "W210", {"year": str(applied_year - 1)}, case_no)
    return findings


def is_empty(row: SheetRow, key: str) -> bool:
    """Whether nothing is written in that cell; of a merged range, told as such, nobody can say."""
    cell = row.cells.get(key)
    return (cell is None or not (cell.text.strip() or cell.has_formula)) and not row.merged(key)


def _told(row: SheetRow, key: str, code: str, values: dict[str, str], case_no: str) -> list[Finding]:
    """The warning on one cell; a column that is not there at all is told once, with the sheet."""
    return [Finding(code, row.place(key), values, case_no)] if key in row.tab.columns else []
