"""The order in which findings are told: by sheet of the workbook, row and column."""

from __future__ import annotations

import re
from functools import cache

from formgen import fields
from formgen.model import Finding
from formgen.xlsx.sheetxml import column_number

_CELL = re.compile(r"([A-Z]*)([0-9]+)")


def by_place(finding: Finding) -> tuple[int, int, int, str]:
    """A key to sort findings by; what has no cell comes first."""
    found = _CELL.fullmatch(finding.place.cell)
    row, column = (int(found[2]), column_number(found[1])) if found else (0, 0)
    return _sheets().get(finding.place.sheet, -1), row, column, finding.code


@cache
def _sheets() -> dict[str, int]:
    return {sheet.title: number for number, sheet in enumerate(fields.sheets())}
