"""The batch manifests of all years, held against the bags: lost or changed bags, bags no batch lists, signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from formgen.bag import tagfiles
from formgen.keep import proof, signature
from formgen.keep.plan import Stock
from formgen.keep.register import DESTROYED
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

NAMED = 5  # bags a warning names; the rest is counted
_DECLARED = tagfiles.Declaration((1, 0), "utf-8")


def faults(repo: Repository, stock: Stock, ca: Path | None) -> Iterator[Finding]:
    """What is wrong with the batches of all years, those set aside too; ``ca`` proves who signed them."""
    for year in repo.years():
        path = repo.batch(year) / signature.BATCH
        if path.exists():
            listed = _listed(path)
            yield from _changed(repo, year, listed, stock)
            yield from _left_out(year, path, listed, stock)
            yield from signature.findings(path, path.parent, ca)
        elif path.parent.is_dir() and any(path.parent.iterdir()):
            yield Finding("E946", _place(year, path))
        yield from _set_aside(year, path, ca)


def _listed(path: Path) -> Mapping[str, str]:
    """The digest of each bag by its folder name, as a manifest states it."""
    entries = tagfiles.manifest("tagmanifest-sha256.txt", path.read_bytes(), _DECLARED).entries
    return {Path(inner).parent.name: digest for inner, digest in entries.items()}


def _changed(repo: Repository, year: int, listed: Mapping[str, str], stock: Stock) -> Iterator[Finding]:
    for name, digest in listed.items():
        is_here = stock.states.get(name) != DESTROYED
        if is_here and proof.digest_if_any(repo.year(year) / name) != digest:
            yield Finding("E737", Place(f"{year}/{name}"))


def _left_out(year: int, path: Path, listed: Mapping[str, str], stock: Stock) -> Iterator[Finding]:
    """That bags were sealed after the batch was made: neither its signature nor its printed digest covers them."""
    if left := sorted(stock.sealed_in(year) - listed.keys()):
        told = {"count": str(len(left)), "names": "、".join(left[:NAMED]), "year": str(year)}
        yield Finding("W741", _place(year, path), told)


def _set_aside(year: int, path: Path, ca: Path | None) -> Iterator[Finding]:
    for each in signature.earlier(path):
        if not signature.is_earlier(each):
            yield Finding("E709", _place(year, each), {"algorithm": "sha256"})
        yield from signature.findings(each, each.parent, ca)


def _place(year: int, path: Path) -> Place:
    inside = f"{signature.EARLIER}/{path.name}" if path.parent.name == signature.EARLIER else path.name
    return Place(f"{year}/_batch/{inside}")
