"""Where everything of an archive repository lies; the only place that knows its folders."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from formgen import write
from formgen.bag import SYSTEM_FILES
from formgen.keep import policy
from formgen.keep.policy import Policy
from formgen.messages import MaterialError
from formgen.model import Finding, Place

BATCH, COPIES = "_batch", "_sealed"
TRASH = ".destroying-"  # before the name of a bag that is being destroyed
_YEAR = re.compile(r"\d{4}")


@dataclass(frozen=True)
class Repository:
    """A repository: years with sealed bags, working bags, the register with its logs, receipts."""

    root: Path

    @property
    def name(self) -> str:
        """The folder's own name, without where it lies."""
        return self.root.name

    @cached_property
    def policy(self) -> Policy:
        """The rules of this repository. Raises FormgenError for settings that cannot be read."""
        return policy.load(self.settings)

    @property
    def settings(self) -> Path:
        """The file with the repository's own rules; it need not exist."""
        return self.register / "settings.toml"

    @property
    def register(self) -> Path:
        """The folder of the number register, the logs and the state of verification."""
        return self.root / "_register"

    @property
    def receipts(self) -> Path:
        """The folder of papers about transfers, hand-overs and disposals."""
        return self.root / "_receipts"

    @property
    def reports(self) -> Path:
        """The folder of the accounts of verifications."""
        return self.register / "reports"

    @property
    def working(self) -> Path:
        """The folder of bags that are not sealed yet."""
        return self.root / "_working"

    def unsealed(self) -> tuple[str, ...]:
        """The folder names of the working bags, in order."""
        if not self.working.is_dir():
            return ()
        return tuple(sorted(folder.name for folder in self.working.iterdir() if folder.is_dir()))

    def log(self, name: str) -> Path:
        """The hash-chained log of that name: custody, access, holds, disposal, papers or verify."""
        return self.register / f"{name}.jsonl"

    def year(self, year: int) -> Path:
        """The folder of all bags withdrawn in a year."""
        return self.root / f"{year:04d}"

    def batch(self, year: int) -> Path:
        """The folder of a year's catalogues and batch manifest."""
        return self.year(year) / BATCH

    def sealed(self, year: int) -> Path:
        """The folder of a year's encrypted copies."""
        return self.year(year) / COPIES

    def years(self) -> tuple[int, ...]:
        """The years that have a folder, oldest first."""
        if not self.root.is_dir():
            return ()
        return tuple(sorted(int(p.name) for p in self.root.iterdir() if _YEAR.fullmatch(p.name) and p.is_dir()))

    def bags(self, year: int) -> Iterator[Path]:
        """The sealed bags of a year in the order of their numbers."""
        return (self.year(year) / name for name in self.bag_names(year))

    def bag_names(self, year: int) -> list[str]:
        """The folder names of the sealed bags of a year, in order: names alone, for a year may hold many thousands."""
        if not self.year(year).is_dir():
            return []
        with os.scandir(self.year(year)) as entries:
            return sorted(e.name for e in entries if e.name[0] not in "_." and e.is_dir(follow_symlinks=False))

    def strays(self) -> tuple[str, ...]:
        """What lies beside the bags of each year and is none: files, links, hidden folders; not what is ours there."""
        found = []
        for year in self.years():
            with os.scandir(self.year(year)) as entries:
                found += [f"{year}/{e.name}" for e in entries if _is_stray(e)]
        return tuple(sorted(found))

    def bag(self, number: str) -> Path:
        """Where the bag of a number lies or would lie. Raises FormgenError for something that is no number."""
        from formgen.keep import register

        return self.year(register.parsed(number).year) / register.folder_name(number)


def _is_stray(entry: os.DirEntry[str]) -> bool:
    if entry.is_dir(follow_symlinks=False):
        is_hidden = entry.name[0] in "_." and entry.name not in (BATCH, COPIES)
        return is_hidden and not entry.name.startswith((write.TEMP, TRASH))
    return entry.name.casefold() not in SYSTEM_FILES and not entry.name.startswith(write.TEMP)


def opened(root: Path) -> Repository:
    """The repository at `root`. Raises FormgenError when there is none."""
    if not (root / "_register").is_dir():
        raise MaterialError(Finding("E788", Place(root.resolve().name)))
    return Repository(root)
