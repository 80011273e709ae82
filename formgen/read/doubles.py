"""Persons, cards and phones that stand in more than one household, found by fingerprints in a few bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from formgen.cells import texts
from formgen.read.sheets import SheetRow
from formgen.xlsx.sheetxml import TEXT, Cell, letters

_PARTS = 16
_NAMED = 3  # other places that a message names


class Spot(NamedTuple):
    """Where a number stands: household, sheet, cell, and whether the person only stands in an authorization."""

    household: int
    sheet: str
    cell: str
    is_apart: bool


class Doubles:
    """Every number's fingerprint while the workbook is surveyed; after ``settle`` only those of several households."""

    def __init__(self) -> None:
        self._prints = array("q")
        self._spots = array("I")  # household, row, column × 4 + sheet × 2 + apart
        self._found: dict[int, list[Spot]] = {}

    def add_case(self, household: int, row: SheetRow) -> None:
        """Note the worker's identity number, card and phone."""
        for key in ("id_number", "card_number", "phone"):
            self._add(household, row, key, 0)

    def add_member(self, household: int, row: SheetRow) -> None:
        """Note a member's identity number."""
        lives = row.cells.get("lives_together")
        self._add(household, row, "id_number", 2 + (lives is not None and lives.text.strip() == "否"))

    def _add(self, household: int, row: SheetRow, key: str, mark: int) -> None:
        text = plain_number(row.cells.get(key))
        if text:
            self._prints.append(_print(key, text))
            self._spots.extend((household, row.number, row.tab.columns[key] * 4 + mark))

    def settle(self) -> None:
        """Keep the numbers of several households, forget all others."""
        twice: set[int] = set()
        for part in range(_PARTS):  # one part at a time: a list of all would be the largest thing in memory
            found = {(one, self._spots[3 * at]) for at, one in enumerate(self._prints) if one % _PARTS == part}
            twice.update(one for (one, _), (other, _) in pairwise(sorted(found)) if one == other)
        for at, one in enumerate(self._prints if twice else ()):
            if one in twice:
                household, row, place = self._spots[3 * at : 3 * at + 3]
                sheet = "家庭成员" if place & 2 else "案件"
                spot = Spot(household, sheet, f"{letters(place >> 2)}{row}", bool(place & 1))
                self._found.setdefault(one, []).append(spot)
        self._prints, self._spots = array("q"), array("I")

    def elsewhere(self, household: int, key: str, cell: Cell | None) -> list[Spot]:
        """Where the number of that cell stands in other households."""
        text = plain_number(cell) if self._found else ""
        return [spot for spot in self._found.get(_print(key, text), ()) if spot.household != household] if text else []


def plain_number(cell: Cell | None) -> str:
    """A number as it is compared; "" when the cell holds none that could be right."""
    if cell is None or not cell.text or (cell.kind != TEXT and len(cell.text) > 15):
        return ""
    text = texts.identifier(cell.text)[0].replace("-", "").upper() if cell.kind == TEXT else cell.text
    return text if len(text) >= 7 else ""


def named(spots: list[Spot]) -> str:
    """The first few places in words: 案件!E7、家庭成员!D9 等 5 处."""
    return "、".join(_few(spots)) + (f" 等 {len(spots)} 处" if len(spots) > _NAMED else "")


def _few(spots: list[Spot]) -> Iterator[str]:
    return (f"{spot.sheet}!{spot.cell}" for spot in spots[:_NAMED])


def _print(key: str, text: str) -> int:
    return hash((key, text))
