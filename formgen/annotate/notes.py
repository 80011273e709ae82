"""All findings of one check, kept in a small database: any number of them in little memory, sorted as one likes."""

from __future__ import annotations

import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from formgen import fields, messages
from formgen.model import Finding
from formgen.xlsx.sheetxml import column_number

_TABLE = (
    "CREATE TABLE note (weight INTEGER, code TEXT, sheet TEXT, place INTEGER, row INTEGER, col INTEGER, cell TEXT, "
    "heading TEXT, case_no TEXT, what TEXT, remedy TEXT)"
)
_WEIGHTS = "EWRI"

#: What makes a finding the same one in a later check: code, sheet, heading, and the case or else the cell.
Mark = tuple[str, str, str, str]


class Note(NamedTuple):
    """A finding as it is told: ``weight`` is the first letter of its code, ``sheet`` the normalised title."""

    code: str
    sheet: str
    row: int
    column: int
    cell: str
    heading: str
    case_no: str
    what: str
    remedy: str

    @property
    def weight(self) -> str:
        """E, W, R or I."""
        return self.code[0]

    @property
    def mark(self) -> Mark:
        """What makes it the same one in a later check."""
        return self.code, self.sheet, self.heading, self.case_no or self.cell


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a check differs from the one before."""

    mended: int
    left: int
    new: int


class Notes:
    """A collection of findings; use it as a context manager.

    The database is a file of its own in ``scratch``, where another process may read it. Without a scratch folder of a
    batch, which is swept, the file gives up its name at once where the system allows that: even a kill leaves nothing.
    """

    def __init__(self, scratch: Path | None = None, *, lang: str = "zh") -> None:
        self._folder: tempfile.TemporaryDirectory | None = tempfile.TemporaryDirectory(
            prefix="formgen-", dir=scratch, ignore_cleanup_errors=True
        )
        self._path = Path(self._folder.name) / "notes.sqlite"
        self._base = sqlite3.connect(self._path)
        self._base.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; {_TABLE};")
        if scratch is None:
            self._folder.cleanup()
        self._places = {fields.normal(sheet.title): at for at, sheet in enumerate(fields.sheets())}
        self.lang = lang
        self.counts: Counter[str] = Counter()
        self.total = self.invalid = 0  # households

    def __enter__(self) -> Notes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getstate__(self) -> tuple[object, ...]:
        """What another process needs to read the same file; it may not add to it."""
        self._base.commit()
        return self._path, self.lang, self.counts, self.total, self.invalid

    def __setstate__(self, state: tuple) -> None:
        self._path, self.lang, self.counts, self.total, self.invalid = state
        self._folder, self._base = None, sqlite3.connect(self._path)

    def close(self) -> None:
        """Forget everything and remove the file."""
        self._base.close()
        if self._folder:
            self._folder.cleanup()

    def add(self, findings: Iterable[Finding]) -> None:
        """Take in findings."""
        self._base.executemany("INSERT INTO note VALUES (?,?,?,?,?,?,?,?,?,?,?)", map(self._line, findings))

    def of_sheet(self, title: str) -> Iterator[Note]:
        """The notes on one sheet, by row and column."""
        return self._select("WHERE sheet = ? ORDER BY row, col, weight", fields.normal(title))

    def all(self, limit: int) -> Iterator[Note]:
        """The gravest first, those of a kind together, each kind in the order of the workbook."""
        return self._select("ORDER BY weight, code, place, row, col LIMIT ?", limit)

    def kinds(self) -> list[tuple[Note, int]]:
        """The first note of each kind, and how many there are, the gravest first."""
        counted = self._base.execute("SELECT code, count(*) FROM note GROUP BY code ORDER BY weight, code").fetchall()
        first = {
            code: next(self._select("WHERE code = ? ORDER BY place, row, col LIMIT 1", code)) for code, _ in counted
        }
        return [(first[code], number) for code, number in counted]

    def compared(self, before: Counter[Mark]) -> Comparison:
        """How these notes differ from the marks of an earlier check."""
        now: Counter[Mark] = Counter(note.mark for note in self._select(""))
        return Comparison((before - now).total(), (before & now).total(), (now - before).total())

    def _select(self, how: str, *values: object) -> Iterator[Note]:
        chosen = f"SELECT code, sheet, row, col, cell, heading, case_no, what, remedy FROM note {how}"
        return (Note(*line) for line in self._base.execute(chosen, values))

    def _line(self, finding: Finding) -> tuple[object, ...]:
        place, sheet = finding.place, fields.normal(finding.place.sheet)
        letters = place.cell.rstrip("0123456789")
        self.counts[finding.code[0]] += 1
        return (
            _WEIGHTS.index(finding.code[0]),
            finding.code,
            sheet,
            self._places.get(sheet, -1),
            int(place.cell[len(letters) :] or 0),
            column_number(letters),
            place.cell,
            place.heading,
            finding.case_no,
            messages.words(finding.code, finding.values, lang=self.lang),
            messages.words(finding.code, finding.values, lang=self.lang, part="do"),
        )
