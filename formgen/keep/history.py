"""What the custody log says was sealed or taken in: the register can be edited, the log cannot unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from formgen.keep import chain, register
from formgen.keep.register import TAKEN, Entry
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

SEALED, RECEIVED = "封存", "接收"


@dataclass(frozen=True, slots=True)
class Sealing:
    """How a dossier was when it was sealed: the digest of its bag, its items and pages as the register writes them."""

    digest: str
    items: str = ""
    pages: str = ""


def sealings(repo: Repository) -> Iterator[tuple[str, Sealing]]:
    """Each sealing by its number, oldest first; the last one of a number counts. Raises FormgenError."""
    for line in chain.entries(repo.log("custody")):
        if line.get("event") == SEALED:
            items, pages = (str(line.get(name, "")) for name in ("件数", "页数"))
            yield str(line["档号"]), Sealing(str(line["包摘要"]), items, pages)
        elif line.get("event") == RECEIVED:
            yield from ((str(number), Sealing(str(digest))) for number, digest in line.get("各包摘要", {}).items())


def agrees(entry: Entry, digest: str) -> bool:
    """Whether the register says of a number what the log says: sealed, or destroyed since, with that digest."""
    return entry.state != TAKEN and entry.digest == digest


def faults(repo: Repository) -> tuple[Finding, ...]:
    """The sealed numbers that the register does not know as such. Raises FormgenError as ``sealings`` does."""
    left = {number: sealing.digest for number, sealing in sealings(repo)}
    for entry in register.entries(repo.register / "numbers.csv"):
        if entry.number in left and agrees(entry, left[entry.number]):
            del left[entry.number]
    return tuple(Finding("E930", Place(number)) for number in sorted(left))
