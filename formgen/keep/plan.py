"""Which bags a verification has to look at: what a repository holds and should hold, and whose turn it is.

Only names, times and digests are held, a few hundred bytes a dossier: a repository of many years fits into memory.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from formgen.keep import period, register
from formgen.keep.period import Days
from formgen.keep.register import DESTROYED, SEALED, TAKEN
from formgen.keep.repository import Repository
from formgen.model import Finding, Place


@dataclass(frozen=True, slots=True)
class Stock:
    """The sealed bags that are there, as year/folder, and what the register says by folder name."""

    present: tuple[str, ...]
    states: Mapping[str, str]
    digests: Mapping[str, str]
    periods: Mapping[str, Days]

    def sealed_in(self, year: int) -> set[str]:
        """The folder names of the sealed bags of a year that are there."""
        names = (name_of(key) for key in self.present if key.startswith(f"{year:04d}{os.sep}"))
        return {name for name in names if self.states.get(name) == SEALED}

    def findings(self) -> list[Finding]:
        """What the register says otherwise: bags that are lost, that nobody registered, that were never finished."""
        astray = {key for key in self.present if not _is_right(key)}
        held = {name_of(key) for key in self.present if key not in astray}
        lost = sorted(name for name, state in self.states.items() if state == SEALED and name not in held)
        found = [Finding("E730", Place(f"{register.parsed(name).year}/{name}")) for name in lost]
        for key in self.present:
            state = self.states.get(name_of(key), DESTROYED)
            if state == DESTROYED or key in astray:
                found.append(Finding("E731", Place(key)))
            elif state == TAKEN:
                found.append(Finding("W724", Place(key)))
        return found


def stock(repo: Repository) -> Stock:
    """What lies in a repository and what its register says. Raises FormgenError when the register cannot be read."""
    present = tuple(f"{year:04d}{os.sep}{name}" for year in repo.years() for name in repo.bag_names(year))
    states: dict[str, str] = {}
    digests: dict[str, str] = {}
    periods: dict[str, Days] = {}
    same: dict[Days, Days] = {}  # thousands of dossiers share one pair of days
    for entry in register.entries(repo.register / "numbers.csv"):
        register.parsed(entry.number)
        name = register.folder_name(entry.number)
        states[name], digests[name] = sys.intern(entry.state), entry.digest
        days = period.registered(entry)
        periods[name] = same.setdefault(days, days)
    return Stock(present, states, digests, periods)


def turn(present: Sequence[str], verified: Mapping[str, str], at: str, months: int = 0) -> list[str]:
    """The bags to look at, the oldest-verified first.

    When all are to be seen once in so many ``months``, only the part of this month that is not done yet.
    """
    oldest = sorted(present, key=lambda key: (verified.get(key, ""), key))
    if not months:
        return oldest
    done = sum(verified.get(key, "")[:7] == at[:7] for key in present)
    return oldest[: max(0, -(-len(present) // months) - done)]


def stale(present: Sequence[str], verified: Mapping[str, str], at: str, days: int) -> int:
    """How many bags nobody has verified for so many days."""
    limit = str(date.fromisoformat(at[:10]) - timedelta(days=days))
    return sum(verified.get(key, "")[:10] < limit for key in present)


def _is_right(key: str) -> bool:
    """Whether a bag lies below the year that its number says; a copy elsewhere is another bag."""
    year, _, name = key.partition(os.sep)
    return not register.is_number(name) or register.parsed(name).year == int(year)


def name_of(key: str) -> str:
    """The folder name of a bag at year/folder."""
    return key.rpartition(os.sep)[2]
