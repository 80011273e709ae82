"""Households put together from the sheets: merged while reading where rows stand in order, else through SQLite."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from formgen.read.sheets import SheetRow, Tab
from formgen.read.survey import SATELLITES, Survey, case_key
from formgen.xlsx.sheetxml import Cell


@dataclass(frozen=True, slots=True)
class Household:
    """A row of 案件 with its rows of the other sheets, each in sheet order; ``index`` is -1 when nothing can be its."""

    index: int
    main: SheetRow
    rows: Mapping[str, tuple[SheetRow, ...]]


def households(tabs: Mapping[str, Tab], survey: Survey, scratch: Path | None) -> Iterator[Household]:
    """The households in the order of 案件. Rows that belong to nobody are left out: the survey has told of them."""
    with ExitStack() as stack:
        streams = {}
        for key in SATELLITES:
            if key in tabs:
                rows = _numbered(tabs[key], survey)
                streams[key] = _Stream(rows if key in survey.ordered else _sorted(rows, tabs[key], scratch, stack))
        for row in tabs["case"].rows():
            index = survey.household_of(row)
            yield Household(index, row, {key: stream.take(index) for key, stream in streams.items()})


class _Stream:
    """Rows in the order of their households, taken household by household."""

    def __init__(self, rows: Iterator[tuple[int, SheetRow]]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def take(self, index: int) -> tuple[SheetRow, ...]:
        """The rows of the household with that index; asked for in rising order, each once."""
        taken = []
        while self._next is not None and self._next[0] <= index:
            if self._next[0] == index:
                taken.append(self._next[1])
            self._next = next(self._rows, None)
        return tuple(taken)


def _numbered(tab: Tab, survey: Survey) -> Iterator[tuple[int, SheetRow]]:
    for row in tab.rows():
        index = survey.index.get(case_key(row.cells.get("case_no")))
        if index is not None:
            yield index, row


def _sorted(
    rows: Iterator[tuple[int, SheetRow]], tab: Tab, scratch: Path | None, stack: ExitStack
) -> Iterator[tuple[int, SheetRow]]:
    """The rows by household, sorted in a temporary database that is the user's alone and removed at the end."""
    folder = tempfile.TemporaryDirectory(prefix="formgen-", dir=scratch, ignore_cleanup_errors=True)
    stack.callback(folder.cleanup)
    base = sqlite3.connect(Path(folder.name) / "rows.sqlite")
    stack.callback(base.close)
    base.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4000;"
        "CREATE TABLE line (household INTEGER, number INTEGER, cells TEXT);"
    )
    folder.cleanup()  # where the system allows it an open file needs no name: then even a kill leaves nothing behind
    base.executemany("INSERT INTO line VALUES (?, ?, ?)", ((i, row.number, _packed(row)) for i, row in rows))
    base.execute("CREATE INDEX by_household ON line (household, number)")
    for index, number, cells in base.execute("SELECT * FROM line ORDER BY household, number"):
        yield index, _unpacked(tab, number, cells)


def _packed(row: SheetRow) -> str:
    return json.dumps([row.cells, row.extra], ensure_ascii=True)


def _unpacked(tab: Tab, number: int, packed: str) -> SheetRow:
    cells, extra = json.loads(packed)
    return SheetRow(tab, number, {key: Cell(*values) for key, values in cells.items()}, extra)
