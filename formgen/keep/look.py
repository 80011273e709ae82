"""Looking at one bag: whether it is the bag that was sealed, unchanged; every change by its path."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from formgen import bag
from formgen.bag import Listing, Verdict
from formgen.keep import period, proof, signature
from formgen.keep.period import NONE, Days
from formgen.keep.state import Seen
from formgen.model import Finding, Place

OK, CHANGED = "ok", "changed"
_MISSING, _EXTRA, _UNREADABLE = ("E707", "E717", "E730"), ("E708", "E731"), ("E712",)
_CHANGED = ("E702", "E705", "E709", "E710", "E711", "E713", "E732", "E737")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bag to look at: its folder, the name it has in the report, its digest and its days in the register.

    ``before`` is how it was when it was last verified, where only what was touched since is to be read.
    """

    folder: str
    path: str
    digest: str = ""
    before: Seen | None = None
    days: Days = NONE


@dataclass(frozen=True, slots=True)
class Checked:
    """One bag after verification; ``path`` is its place below the repository, findings name files inside it."""

    path: str
    findings: tuple[Finding, ...]
    files: int = 0
    octets: int = 0
    traits: str = ""
    digest: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether nothing is changed, lost or added."""
        return not any(finding.is_error for finding in self.findings)

    @property
    def result(self) -> str:
        """The verdict in one word, as it is remembered."""
        return OK if self.is_ok else CHANGED


@dataclass(frozen=True, slots=True)
class How:
    """How bags are looked at: the level, the root certificate for signatures, threads a bag (0 = one a core)."""

    level: str
    ca: Path | None = None
    jobs: int = 1


def at(share: Sequence[Wanted], how: How) -> tuple[Checked, ...]:
    """The bags of a share after a verification."""
    return tuple(_one(wanted, how) for wanted in share)


def traits(held: Listing) -> str:
    """A digest of names, sizes and times of all files: what changes when somebody touches a bag."""
    lines = [f"{path}\0{size}\0{held.times[path]}" for path, size in sorted(held.files.items())]
    return hashlib.sha256("\n".join([*lines, *held.special]).encode("utf-8", "surrogateescape")).hexdigest()


def words(checked: Checked) -> dict[str, list[str]]:
    """The paths of a bag by what happened to them: changed, missing, extra, unreadable."""
    kinds = (("changed", _CHANGED), ("missing", _MISSING), ("extra", _EXTRA), ("unreadable", _UNREADABLE))
    named = {kind: sorted({f.place.file for f in checked.findings if f.code in codes}) for kind, codes in kinds}
    return {kind: paths for kind, paths in named.items() if paths}


def _one(wanted: Wanted, how: How) -> Checked:
    before = wanted.before
    if before and before.result == OK and before.traits == traits(bag.listing(Path(wanted.folder))):
        return Checked(wanted.path, (), traits=before.traits, digest=before.digest)
    return _read(wanted, how)


def _read(wanted: Wanted, how: How) -> Checked:
    """Digests of one bag: both on a full verification, sha256 alone when rolling; its signature where there is one."""
    folder = Path(wanted.folder)
    verdict = bag.validate(folder, algorithms=("sha256",) if how.level == "rolling" else None, jobs=how.jobs)
    sm3 = proof.sm3_faults(folder, verdict.held.files) if how.level == "full" and verdict.held else ()
    found = [*_own(folder, verdict, how.ca), *(Finding("E709", Place(path), {"algorithm": "sm3"}) for path in sm3)]
    touched, digest = traits(verdict.held) if verdict.held else "", proof.digest_if_any(folder)
    if not any(finding.is_error for finding in found):
        found += _registered(wanted, digest, period.stated(verdict.info))
    return Checked(wanted.path, tuple(found), verdict.files, verdict.octets, touched, digest)


def _registered(wanted: Wanted, digest: str, days: Days) -> list[Finding]:
    """What the register says otherwise of a bag that is whole in itself."""
    if wanted.digest not in ("", digest):
        return [Finding("E732", Place(proof.TOP))]
    return [] if wanted.days in (NONE, days) else [Finding("E753", Place("bag-info.txt"))]


def _own(folder: Path, verdict: Verdict, ca: Path | None) -> list[Finding]:
    """The findings of a bag. In one of ours a file outside every manifest is an error; signatures are checked."""
    if not (verdict.info.get("BagIt-Profile-Identifier") or "").startswith("urn:formgen:"):
        return list(verdict.findings)
    found = [_strict(f) for f in verdict.findings if not (f.code == "W708" and f.place.file.startswith("signatures/"))]
    return [*found, *signature.findings(folder / proof.TOP, folder / "signatures", ca)]


def _strict(finding: Finding) -> Finding:
    return Finding("E708", finding.place) if finding.code == "W708" else finding
