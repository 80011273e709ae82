"""What a batch knows of itself from one run to the next: a record a case, beside the outputs, in 运行记录/.

A record is written only after the files it tells of; it is trusted only as far as the files still have its digests.
Nobody's ID, card or phone number stands in it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from formgen import write
from formgen.messages import FormgenError
from formgen.model import Finding

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE IF NOT EXISTS cases (
    case_no TEXT PRIMARY KEY, position INTEGER NOT NULL, key TEXT NOT NULL, record TEXT NOT NULL, marks BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS cases_by_position ON cases (position);
CREATE TABLE IF NOT EXISTS papers (path TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
GONE = -1  # the position of a case that is no longer in the workbook


@dataclass(frozen=True, slots=True)
class Entry:
    """A case as the journal knows it: the key of everything it was made from, its record, its field marks."""

    key: str
    record: str
    marks: bytes


class Journal:
    """The journal of one output folder; only one run has it open."""

    def __init__(self, base: sqlite3.Connection) -> None:
        """Take over an open database."""
        self._base = base

    def entry(self, case_no: str) -> Entry | None:
        """The record of a case as the last run that finished it left it, None when there is none."""
        row = self._base.execute("SELECT key, record, marks FROM cases WHERE case_no = ?", (case_no,)).fetchone()
        return Entry(*row) if row else None

    def note(self, case_no: str, position: int, entry: Entry) -> None:
        """Keep the record of a case; it reaches the disk with the next ``flush``."""
        self._base.execute(
            "INSERT OR REPLACE INTO cases VALUES (?, ?, ?, ?, ?)",
            (case_no, position, entry.key, entry.record, entry.marks),
        )

    def place(self, case_no: str, position: int) -> None:
        """Keep only the new position of a case whose record still stands."""
        self._base.execute(
            "UPDATE cases SET position = ? WHERE case_no = ? AND position <> ?", (position, case_no, position)
        )

    def forget(self, case_no: str) -> None:
        """Drop the record of a case."""
        self._base.execute("DELETE FROM cases WHERE case_no = ?", (case_no,))

    def unplace(self) -> None:
        """Say of every case that it was not met yet; meeting it gives it its position again."""
        self._base.execute("UPDATE cases SET position = ? WHERE position <> ?", (GONE, GONE))

    def gone(self) -> tuple[str, ...]:
        """The cases that this run did not meet."""
        rows = self._base.execute("SELECT case_no FROM cases WHERE position = ? ORDER BY case_no", (GONE,))
        return tuple(case_no for (case_no,) in rows)

    def records(self) -> Iterator[dict]:
        """The records of this run in the order of the workbook."""
        self.flush()
        rows = self._base.execute("SELECT record FROM cases WHERE position >= 0 ORDER BY position")
        return (json.loads(record) for (record,) in rows)

    def parts(self, name: str) -> Iterator[list | dict]:
        """One part of each record of this run, a list or a table, in the order of the workbook; left out where None."""
        self.flush()
        part = "SELECT position, json_extract(record, ?) AS part FROM cases WHERE position >= 0"
        rows = self._base.execute(f"SELECT part FROM ({part}) WHERE part IS NOT NULL ORDER BY position", (f"$.{name}",))
        return (json.loads(part) for (part,) in rows)

    def states(self) -> Mapping[str, int]:
        """How many records of this run are in each state."""
        self.flush()
        counted = "SELECT json_extract(record, '$.state') AS state, count(*) FROM cases WHERE position >= 0"
        return dict(self._base.execute(f"{counted} GROUP BY state"))

    def digest(self) -> str:
        """The digest of the keys of all cases of this run, in order: the same when nothing about any case changed."""
        total = hashlib.sha256()
        for case_no, key in self._base.execute("SELECT case_no, key FROM cases WHERE position >= 0 ORDER BY position"):
            total.update(f"{case_no}\0{key}\0".encode())
        return total.hexdigest()

    def case_numbers(self) -> Iterator[str]:
        """The numbers of all cases on record."""
        return (case_no for (case_no,) in self._base.execute("SELECT case_no FROM cases"))

    def count(self) -> int:
        """The number of cases on record."""
        return self._base.execute("SELECT count(*) FROM cases").fetchone()[0]

    def papers(self) -> Mapping[str, dict]:
        """The papers of no single case (notices, roster …) by path, each with its record."""
        rows = self._base.execute("SELECT path, record FROM papers ORDER BY path")
        return {path: json.loads(record) for path, record in rows}

    def note_papers(self, records: Mapping[str, dict], facts: Mapping[str, list]) -> None:
        """Keep the papers of no single case and facts about them, all at once; those not named are forgotten."""
        self.flush()
        self._base.execute("DELETE FROM papers")
        rows = [(path, json.dumps(record, ensure_ascii=False)) for path, record in records.items()]
        self._base.executemany("INSERT INTO papers VALUES (?, ?)", rows)
        told = [(name, json.dumps(value, ensure_ascii=False)) for name, value in facts.items()]
        self._base.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", told)
        self.flush()

    def recall(self, name: str) -> list:
        """The list kept under `name`, empty when there is none."""
        row = self._base.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else []

    def flush(self) -> None:
        """Bring everything to the disk."""
        self._base.commit()


@contextmanager
def open_journal(path: Path) -> Iterator[Journal]:
    """The journal at `path`, made when absent; one that is damaged is set aside and begun anew. Raises FormgenError."""
    base = _opened(path)
    try:
        journal = Journal(base)
        yield journal
        journal.flush()
    except sqlite3.Error as error:
        raise _trouble(error, path) from error
    finally:
        base.close()


def _opened(path: Path) -> sqlite3.Connection:
    try:
        path.touch(0o600)
        return _connect(path)
    except OSError as error:
        raise write.trouble(error, path) from error
    except sqlite3.OperationalError as error:
        raise _trouble(error, path) from error
    except sqlite3.DatabaseError:  # not a database any more: everything in it can be made again
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            write.remove(path.with_name(name))
        return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    try:
        base.execute("PRAGMA locking_mode = EXCLUSIVE")  # no shared memory: works on network drives too
        base.executescript(_SCHEMA)
        if base.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError(path.name)
    except BaseException:
        base.close()
        raise
    return base


def _trouble(error: sqlite3.Error, path: Path) -> FormgenError:
    values = {"file": path.name, "name": getattr(error, "sqlite_errorname", type(error).__name__)}
    return FormgenError(Finding("E626", values=values))
