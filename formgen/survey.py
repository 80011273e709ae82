"""The first pass over a workbook: how many cases, whose row is whose, what stands twice, what is odd."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field

from formgen.model import Finding
from formgen.sheets import SheetRow, Tab

_INVISIBLE = ("Cf", "Cc", "Zs", "Zl", "Zp")


@dataclass(slots=True)
class Survey:
    """What the first pass found.

    ``index`` gives the household of a case key, ``doubles`` the Excel rows of numbers that stand twice, ``ordered`` the
    sheets whose rows stand in the order of 案件.
    """

    total: int = 0
    index: dict[str, int] = field(default_factory=dict)
    doubles: dict[str, list[int]] = field(default_factory=dict)
    ordered: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    _rows: array = field(default_factory=lambda: array("I"))

    def index_of_row(self, row: SheetRow) -> int:
        """The household a row of 案件 opens; -1 for a row without number and for the second of a double."""
        found = self.index.get(case_key(row), -1)
        return found if found >= 0 and self._rows[found] == row.number else -1


def case_key(row: SheetRow) -> str:
    """The 档案编号 as it is compared: NFKC, without blanks and invisible characters, case folded; empty when absent."""
    cell = row.cells.get("case_no")
    return folded(cell.text) if cell else ""


def folded(text: str) -> str:
    """A case number as it is compared."""
    if text.isascii() and text.isalnum():
        return text.casefold()
    wide = unicodedata.normalize("NFKC", text)
    return "".join(char for char in wide if unicodedata.category(char) not in _INVISIBLE).casefold()


def survey(tabs: Mapping[str, Tab]) -> Survey:
    """One look at every row. Raises Refused when a sheet is damaged."""
    made = Survey()
    for row in tabs["case"].rows():
        key = case_key(row)
        made.total += 1
        if not key:
            continue
        if key in made.index:
            made.doubles.setdefault(key, [made._rows[made.index[key]]]).append(row.number)
        else:
            made.index[key] = len(made._rows)
            made._rows.append(row.number)
    for key, tab in tabs.items():
        if key not in ("case", "union", "standard", "setting"):
            _survey_rows(made, key, tab)
    return made


def _survey_rows(made: Survey, key: str, tab: Tab) -> None:
    last, in_order = -1, True
    for row in tab.rows():
        name = case_key(row)
        index = made.index.get(name)
        if not name:
            made.findings.append(Finding("E301", row.place("case_no")))
        elif index is None:
            made.findings.append(Finding("E302", row.place("case_no"), {"case_no": row.cells["case_no"].text[:60]}))
        else:
            in_order = in_order and index >= last
            last = index
    if in_order:
        made.ordered.add(key)
