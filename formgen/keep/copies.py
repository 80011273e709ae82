"""The encrypted copies of a repository: made for what has none, held against their keys, their list and the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from formgen.bag import digests
from formgen.keep import chain, register, sealing
from formgen.keep.register import SEALED
from formgen.keep.repository import Repository
from formgen.messages import FormgenError
from formgen.model import Finding, Place


def make(repo: Repository, to: Sequence[str], at: str) -> int:
    """Make the copies that are not there yet, or that no log tells of, and log them; their number.

    The keys of all years are looked at before the first copy is made. Raises FormgenError.
    """
    known = logged(repo)
    sealed = [entry.number for entry in register.load(repo.register / "numbers.csv") if entry.state == SEALED]
    wanted = [number for number in sealed if _path(repo, number).name not in known or not _path(repo, number).exists()]
    keys = {year: sealing.year_key(repo, year, to) for year in sorted(set(map(_year, wanted)))}
    made = [(number, sealing.seal(repo, _year(number), repo.bag(number), keys[_year(number)])) for number in wanted]
    if made:
        chain.append(repo.log("custody"), *(sealing.log_entry(copy, number, at) for number, copy in made))
    for year in sorted({year for year in map(_year, sealed) if year in keys or not _list(repo, year).exists()}):
        sealing.list_copies(repo, year)
    return len(made)


def logged(repo: Repository) -> Mapping[str, str]:
    """The sha256 of the last copy of each dossier, by the copy's file name. Raises FormgenError for a broken log."""
    lines = (line for line in chain.entries(repo.log("custody")) if line.get("event") == sealing.COPIED)
    return {_path(repo, str(line["档号"])).name: str(line["副本摘要"]) for line in lines}


def faults(repo: Repository) -> Iterator[Finding]:
    """Keys, lists and copies that are lost, changed or foreign.

    A copy is there to leave the building: that one is gone is told only when the list beside it still names it.
    """
    try:
        known: Mapping[str, str] | None = logged(repo)
    except FormgenError:  # told of with the logs; the list alone says what a copy should be
        known = None
    for year in repo.years():
        yield from sealing.key_faults(repo, year)
        yield from _of_year(repo, year, known)


def _of_year(repo: Repository, year: int, known: Mapping[str, str] | None) -> Iterator[Finding]:
    held = {path.name: _digest(path) for path in sealing.copies(repo, year)}
    stated = _stated(_list(repo, year))
    if stated is None and held:
        yield Finding("E946", _place(repo, year, sealing.LIST))
    right = known if known is not None else (stated or {})
    yield from (Finding("E707", _place(repo, year, name)) for name in sorted((stated or {}).keys() - held.keys()))
    yield from _changed(repo, year, held, right)
    if stated is not None and any(stated.get(name) != right[name] for name in held.keys() & right.keys()):
        yield Finding("E709", _place(repo, year, sealing.LIST), {"algorithm": "sha256"})


def _changed(repo: Repository, year: int, held: Mapping[str, str], right: Mapping[str, str]) -> Iterator[Finding]:
    """The copies that nobody registered, and those that are not what was registered."""
    for name, digest in sorted(held.items()):
        if name not in right:
            yield Finding("E945", _place(repo, year, name))
        elif digest != right[name]:
            yield Finding("E709", _place(repo, year, name), {"algorithm": "sha256"})


def _stated(path: Path) -> Mapping[str, str] | None:
    """What a list says, by file name, None when it is gone; a line somebody spoiled says nothing of any copy."""
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return {name: digest for digest, between, name in (line.partition("  ") for line in lines) if between}


def _digest(path: Path) -> str:
    try:
        return digests.of_file(path, ("sha256",))[0]
    except OSError:  # it cannot be read: no digest is like the one that was registered
        return ""


def _year(number: str) -> int:
    return register.parsed(number).year


def _path(repo: Repository, number: str) -> Path:
    return repo.sealed(_year(number)) / f"{register.folder_name(number)}{sealing.ENDING}"


def _list(repo: Repository, year: int) -> Path:
    return repo.sealed(year) / sealing.LIST


def _place(repo: Repository, year: int, name: str) -> Place:
    return Place(f"{year}/{repo.sealed(year).name}/{name}")
