"""What was verified when: a small SQLite file beside the register; losing it costs only one full verification."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from formgen.messages import FormgenError
from formgen.model import Finding, Place

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bag (
  path TEXT PRIMARY KEY, verified_at TEXT NOT NULL, result TEXT NOT NULL, traits TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """How a bag was when it was last verified; ``traits`` is a digest of names, sizes and times of its files."""

    path: str
    verified_at: str
    result: str
    traits: str
    digest: str


class State:
    """The state of verification of one repository."""

    def __init__(self, path: Path | None) -> None:
        """Open the file at `path`; with None, or where it cannot be written, keep the state in memory only."""
        self.is_kept = path is not None
        try:
            self._open(path)
        except sqlite3.OperationalError:
            self.is_kept = False
            self._open(None)
        except sqlite3.DatabaseError as wrong:
            raise FormgenError(Finding("E789", Place(path.name if path else ""))) from wrong

    def _open(self, path: Path | None) -> None:
        self._base = sqlite3.connect(str(path) if path else ":memory:", isolation_level=None)
        self._base.execute("PRAGMA busy_timeout = 5000")
        self._base.execute(_SCHEMA)

    def times(self) -> dict[str, str]:
        """When each bag ever verified here was last verified, by its path below the repository."""
        rows = self._base.execute("SELECT path, verified_at FROM bag")
        return {path: sys.intern(at) for path, at in rows}  # the bags of one run share one time

    def get(self, path: str) -> Seen | None:
        """How a bag was when it was last verified, None when it never was."""
        query = "SELECT path, verified_at, result, traits, digest FROM bag WHERE path = ?"
        row = self._base.execute(query, (path,)).fetchone()
        return Seen(*row) if row else None

    def put(self, seen: Iterable[Seen]) -> None:
        """Write down what was just verified, all or nothing."""
        rows = [(s.path, s.verified_at, s.result, s.traits, s.digest) for s in seen]
        with closing(self._base.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany("INSERT OR REPLACE INTO bag VALUES (?, ?, ?, ?, ?)", rows)
            cursor.execute("COMMIT")

    def forget(self, paths: Iterable[str]) -> None:
        """Drop bags that are no longer there by right."""
        self._base.executemany("DELETE FROM bag WHERE path = ?", [(path,) for path in paths])

    def close(self) -> None:
        """Close the file."""
        self._base.close()
