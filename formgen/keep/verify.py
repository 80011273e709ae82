"""Proving an archive: every bag, the part whose turn it is, or names and sizes only; every change by its path."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from formgen import bag
from formgen.bag import Listing, Verdict, digests, tagfiles
from formgen.keep import chain, proof, register, signature
from formgen.keep.register import DESTROYED, SEALED
from formgen.keep.repository import Repository
from formgen.keep.state import Seen, State
from formgen.model import Finding, Place

LEVELS = ("quick", "rolling", "full")
OK, CHANGED = "ok", "changed"
BLOCK = 50  # bags between two writings of the state: an interruption loses no more
_MISSING, _EXTRA, _UNREADABLE = ("E707", "E717", "E730"), ("E708", "E731"), ("E712",)
_CHANGED = ("E702", "E705", "E709", "E710", "E711", "E713", "E732", "E737")


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


@dataclass(slots=True, kw_only=True)
class Result:
    """What a verification found. ``due`` bags should have been looked at, ``left`` were not for lack of time.

    ``unsealed`` counts the working bags of open cases, which are made anew and not verified.
    """

    level: str
    bags: list[Checked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    total: int = 0
    due: int = 0
    stale: int = 0
    unsealed: int = 0
    is_remembered: bool = True

    @property
    def left(self) -> int:
        """Bags that were due and not reached."""
        return self.due - len(self.bags)

    @property
    def is_ok(self) -> bool:
        """Whether no change was found."""
        return all(checked.is_ok for checked in self.bags) and not any(f.is_error for f in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the command line lends: the time as written down, a running clock in seconds, a place to tell progress."""

    at: str
    seconds: Callable[[], float] = lambda: 0.0
    budget: float | None = None
    tell: Callable[[int, int], None] = lambda done, total: None


def any_bags(root: Path) -> tuple[Path, ...]:
    """The bags at or directly below a folder that is no repository, e.g. a carrier of bags."""
    if (root / "bagit.txt").exists() or not root.is_dir():
        return (root,)
    return tuple(sorted(p.parent for p in (*root.glob("*/bagit.txt"), *root.glob("*/*/bagit.txt")))) or (root,)


def folders(roots: Iterable[Path], base: Path, watch: Watch, *, ca: Path | None = None, jobs: int = 0) -> Result:
    """Verify bags wherever they lie, in full; nothing is remembered."""
    listed = list(roots)
    result = Result(level="full", total=len(listed), due=len(listed), is_remembered=False)
    for checked in _over(listed, lambda folder: _full(folder, base, ca), watch, jobs):
        result.bags.append(checked)
        watch.tell(len(result.bags), len(listed))
    return result


def repository(repo: Repository, level: str, watch: Watch, *, ca: Path | None = None, jobs: int = 0) -> Result:
    """Verify a repository at a level, remembering each bag as it is done; logs and register are always checked."""
    state_path = repo.register / "verify.sqlite"
    state = State(state_path if os.access(repo.register, os.W_OK) else None)
    try:
        book = _register(repo)
        present, findings = expected(repo, book)
        seen = state.all()
        state.forget(seen.keys() - set(map(_key, present)))
        turn = _turn(repo, level, present, seen, watch.at)
        result = Result(level=level, findings=findings, total=len(present), due=len(turn), is_remembered=state.is_kept)
        result.unsealed = len(repo.unsealed())
        result.findings += [finding for name in _logs(repo) for finding in chain.check(repo.log(name))]
        result.findings += [*_batches(repo, book, ca), *_copies(repo)] if level == "full" else []
        known = {register.folder_name(e.number): e.digest for e in book}
        _run(repo, level, turn, seen, known, state, result, watch, ca, jobs)
        result.stale = _stale(repo, state.all(), present, watch.at)
    finally:
        state.close()
    return result


def expected(repo: Repository, book: register.Register | None = None) -> tuple[list[Path], list[Finding]]:
    """The sealed bags that are there, and what the register says otherwise: lost ones, and ones nobody registered.

    ``book`` is the register where it was read already.
    """
    present = [folder for year in repo.years() for folder in repo.bags(year)]
    entries = {register.folder_name(entry.number): entry for entry in book or _register(repo)}
    held = {folder.name for folder in present}
    found = [
        Finding("E730", Place(f"{register.parsed(entry.number).year}/{name}"))
        for name, entry in sorted(entries.items())
        if entry.state == SEALED and name not in held
    ]
    for folder in present:
        entry = entries.get(folder.name)
        if entry is None or entry.state == DESTROYED:
            found.append(Finding("E731", Place(_key(folder))))
    return present, found


def traits(held: Listing) -> str:
    """A digest of names, sizes and times of all files: what changes when somebody touches a bag."""
    lines = [f"{path}\0{size}\0{held.times[path]}" for path, size in sorted(held.files.items())]
    return hashlib.sha256("\n".join([*lines, *held.special]).encode("utf-8", "surrogateescape")).hexdigest()


def words(checked: Checked) -> dict[str, list[str]]:
    """The paths of a bag by what happened to them: changed, missing, extra, unreadable."""
    kinds = (("changed", _CHANGED), ("missing", _MISSING), ("extra", _EXTRA), ("unreadable", _UNREADABLE))
    named = {kind: sorted({f.place.file for f in checked.findings if f.code in codes}) for kind, codes in kinds}
    return {kind: paths for kind, paths in named.items() if paths}


def _run(
    repo: Repository,
    level: str,
    turn: Sequence[Path],
    seen: dict[str, Seen],
    known: dict[str, str],
    state: State,
    result: Result,
    watch: Watch,
    ca: Path | None,
    jobs: int,
) -> None:
    def look(folder: Path) -> Checked:
        before = seen.get(_key(folder))
        if level == "quick" and before and before.result == OK and before.traits == traits(bag.listing(folder)):
            return Checked(before.path, (), traits=before.traits, digest=before.digest)
        return _registered(_full(folder, repo.root, ca, level), known.get(folder.name))

    fresh: list[Seen] = []
    try:
        for checked in _over(turn, look, watch, jobs):
            result.bags.append(checked)
            verdict = OK if checked.is_ok else CHANGED
            if level != "quick" or not checked.is_ok or checked.files:
                fresh.append(Seen(checked.path, watch.at, verdict, checked.traits, checked.digest))
            if len(fresh) >= BLOCK:
                state.put(fresh)
                fresh.clear()
            watch.tell(len(result.bags), len(turn))
    finally:
        state.put(fresh)


def _over(roots: Sequence[Path], look: Callable[[Path], Checked], watch: Watch, jobs: int) -> Iterator[Checked]:
    """Look at bags over threads until the budget is used up; what has begun is finished."""
    workers = jobs or os.cpu_count() or 1
    if len(roots) == 1 or workers == 1:
        for root in roots:
            if watch.budget is not None and watch.seconds() >= watch.budget:
                return
            yield look(root)
        return
    begun: deque[Future[Checked]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for root in roots:
            if watch.budget is not None and watch.seconds() >= watch.budget:
                break
            begun.append(pool.submit(look, root))
            if len(begun) >= workers * 8:  # never more results in memory, never a thread without work
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def _full(folder: Path, base: Path, ca: Path | None, level: str = "full") -> Checked:
    """Digests of one bag: both on a full verification, sha256 alone when rolling; its signature where there is one."""
    verdict = bag.validate(folder, algorithms=("sha256",) if level == "rolling" else None, jobs=1)
    sm3 = proof.sm3_faults(folder, verdict.held.files) if level == "full" and verdict.held else ()
    found = [*_own(folder, verdict, ca), *(Finding("E709", Place(path), {"algorithm": "sm3"}) for path in sm3)]
    touched = traits(verdict.held) if verdict.held else ""
    path = str(folder.relative_to(base)) if folder != base else folder.name
    return Checked(path, tuple(found), verdict.files, verdict.octets, touched, _digest(folder))


def _own(folder: Path, verdict: Verdict, ca: Path | None) -> list[Finding]:
    """The findings of a bag. In one of ours a file outside every manifest is an error; signatures are checked."""
    if not (verdict.info.get("BagIt-Profile-Identifier") or "").startswith("urn:formgen:"):
        return list(verdict.findings)
    found = [_strict(f) for f in verdict.findings if not (f.code == "W708" and f.place.file.startswith("signatures/"))]
    return [*found, *signature.findings(folder / proof.TOP, folder / "signatures", ca)]


def _strict(finding: Finding) -> Finding:
    return Finding("E708", finding.place) if finding.code == "W708" else finding


def _registered(checked: Checked, digest: str | None) -> Checked:
    """With a finding when the bag is whole in itself but is not the one that was sealed."""
    if not digest or digest == checked.digest or not checked.is_ok:
        return checked
    return Checked(
        checked.path,
        (*checked.findings, Finding("E732", Place(proof.TOP))),
        checked.files,
        checked.octets,
        checked.traits,
        checked.digest,
    )


def _turn(repo: Repository, level: str, present: list[Path], seen: dict[str, Seen], at: str) -> list[Path]:
    """The bags to look at: all, or when rolling the oldest-verified of this month's share that is not done yet."""
    oldest = sorted(present, key=lambda p: (_when(seen, p), p.name))
    if level != "rolling":
        return oldest
    share = -(-len(present) // int(repo.policy.verify["share"]))
    done = sum(1 for path in present if _when(seen, path)[:7] == at[:7])
    return oldest[: max(0, share - done)]


def _key(folder: Path) -> str:
    """A bag's place below the repository, year and name: what relative_to says, without its cost for each of many."""
    return f"{folder.parent.name}{os.sep}{folder.name}"


def _when(seen: dict[str, Seen], folder: Path) -> str:
    found = seen.get(_key(folder))
    return found.verified_at if found else ""


def _stale(repo: Repository, seen: dict[str, Seen], present: list[Path], at: str) -> int:
    limit = str(date.fromisoformat(at[:10]) - timedelta(days=int(repo.policy.verify["stale_days"])))
    return sum(1 for folder in present if _when(seen, folder)[:10] < limit)


def _logs(repo: Repository) -> tuple[str, ...]:
    named = {path.removesuffix(".jsonl") for path in chain.heads(repo.register)}
    return tuple(sorted(named | {path.stem for path in repo.register.glob("*.jsonl")}))


def _batches(repo: Repository, book: register.Register, ca: Path | None) -> list[Finding]:
    """The batch manifests of all years against the bags, and their signatures."""
    found: list[Finding] = []
    destroyed = {register.folder_name(e.number) for e in book if e.state == DESTROYED}
    for year in repo.years():
        path = repo.batch(year) / signature.BATCH
        if not path.exists():
            continue
        declared = tagfiles.Declaration((1, 0), "utf-8")
        for inner, digest in tagfiles.manifest("tagmanifest-sha256.txt", path.read_bytes(), declared).entries.items():
            folder = repo.year(year) / Path(inner).parent
            if folder.name not in destroyed and _digest(folder) != digest:
                found.append(Finding("E737", Place(f"{year}/{folder.name}")))
        found += signature.findings(path, path.parent, ca)
    return found


def _copies(repo: Repository) -> list[Finding]:
    """The encrypted copies of all years against the list of their digests."""
    found: list[Finding] = []
    for year in repo.years():
        listed = repo.sealed(year) / "sealed-sha256.txt"
        lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
        for digest, name in (line.split("  ", 1) for line in lines):
            place = Place(f"{year}/{listed.parent.name}/{name}")
            try:
                if digests.of_file(listed.parent / name, ("sha256",))[0] != digest:
                    found.append(Finding("E709", place, {"algorithm": "sha256"}))
            except OSError:
                found.append(Finding("E707", place))
    return found


def _register(repo: Repository) -> register.Register:
    return register.load(repo.register / "numbers.csv")


def _digest(folder: Path) -> str:
    try:
        return proof.digest(folder)
    except OSError:
        return ""
