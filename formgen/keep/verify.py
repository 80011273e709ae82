"""Proving an archive: every bag, the part whose turn it is, or names and sizes only; every change by its path."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from formgen.batch import Alone, Crew, Killed, in_order
from formgen.keep import chain, copies, history, look, manifests, period, permanent, plan
from formgen.keep.look import Checked, How, Wanted
from formgen.keep.plan import Stock
from formgen.keep.repository import Repository
from formgen.keep.state import Seen, State
from formgen.messages import FormgenError
from formgen.model import Finding, Place

LEVELS = ("quick", "rolling", "full")
BLOCK = 50  # bags between two writings of the state: an interruption loses no more
SHARE = 16  # bags a worker is handed at a time, so that handing over costs nothing beside them
AHEAD = 2  # shares a worker has before it: it never waits, and little is left to finish when the time is up


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

    @property
    def is_over(self) -> bool:
        """Whether the time is used up."""
        return self.budget is not None and self.seconds() >= self.budget


def any_bags(root: Path) -> tuple[Path, ...]:
    """The bags at or directly below a folder that is no repository, e.g. a carrier of bags."""
    if (root / "bagit.txt").exists() or not root.is_dir():
        return (root,)
    return tuple(sorted(p.parent for p in (*root.glob("*/bagit.txt"), *root.glob("*/*/bagit.txt")))) or (root,)


def folders(roots: Sequence[Path], base: Path, watch: Watch, *, ca: Path | None = None, jobs: int = 0) -> Result:
    """Verify bags wherever they lie, in full; nothing is remembered."""
    result = Result(level="full", total=len(roots), due=len(roots), is_remembered=False)
    wanted = (Wanted(str(root), str(root.relative_to(base)) if root != base else root.name) for root in roots)
    for checked in _over(wanted, result, watch, ca, jobs):
        result.bags.append(checked)
        watch.tell(len(result.bags), result.due)
    return result


def repository(
    repo: Repository, level: str, watch: Watch, *, ca: Path | None = None, jobs: int = 0, printed: Sequence[str] = ()
) -> Result:
    """Verify a repository at a level, remembering each bag as it is done; logs and register are always checked.

    ``printed`` are the marks of the logs (记录链) that stand on signed papers.
    """
    state_path = repo.register / "verify.sqlite"
    state = State(state_path if os.access(repo.register, os.W_OK) else None)
    try:
        stock = plan.stock(repo)
        verified = state.times()
        state.forget(verified.keys() - set(stock.present))
        months = int(repo.policy.verify["share"]) if level == "rolling" else 0
        turn = plan.turn(stock.present, verified, watch.at, months)
        result = Result(level=level, total=len(stock.present), due=len(turn), is_remembered=state.is_kept)
        result.unsealed = len(repo.unsealed())
        result.findings += [
            *stock.findings(),
            *(Finding("W736", Place(path)) for path in repo.strays()),
            *(chain.lost(repo.register) if stock.states else ()),
            *_logged(repo),
            *(finding for mark in printed for finding in chain.check_mark(repo.register, mark)),
        ]
        result.findings += (
            [*manifests.faults(repo, stock, ca), *copies.faults(repo), *permanent.faults(repo)]
            if level == "full"
            else []
        )
        looked = _over(_wanted(repo, turn, stock, state, level), result, watch, ca, jobs)
        for checked in _remembered(looked, state, result, watch):
            verified[checked.path] = watch.at
        result.stale = plan.stale(stock.present, verified, watch.at, int(repo.policy.verify["stale_days"]))
    finally:
        state.close()
    return result


def _wanted(repo: Repository, turn: Iterable[str], stock: Stock, state: State, level: str) -> Iterator[Wanted]:
    for key in turn:
        before = state.get(key) if level == "quick" else None
        name = plan.name_of(key)
        yield Wanted(
            f"{repo.root}{os.sep}{key}", key, stock.digests.get(name, ""), before, stock.periods.get(name, period.NONE)
        )


def _remembered(looked: Iterable[Checked], state: State, result: Result, watch: Watch) -> Iterator[Checked]:
    """The bags that were read, each written down in the state; those only found untouched are older news."""
    fresh: list[Checked] = []
    try:
        for checked in looked:
            result.bags.append(checked)
            if result.level != "quick" or not checked.is_ok or checked.files:
                fresh.append(checked)
                yield checked
            if len(fresh) >= BLOCK:
                _note(state, fresh, watch.at)
            watch.tell(len(result.bags), result.due)
    finally:
        _note(state, fresh, watch.at)


def _note(state: State, fresh: list[Checked], at: str) -> None:
    state.put(Seen(c.path, at, c.result, c.traits, c.digest) for c in fresh)
    fresh.clear()


def _over(wanted: Iterable[Wanted], result: Result, watch: Watch, ca: Path | None, jobs: int) -> Iterator[Checked]:
    """Look at bags over processes, or at one over threads, until the time is used up; what has begun is finished.

    Processes and not threads: in a bag of small files a third of the work holds the interpreter lock, and two threads
    were slower than one.
    """
    workers = min(jobs or os.cpu_count() or 1, result.due)
    size = max(1, min(SHARE, result.due // (workers * 8))) if workers > 1 else 1
    with Crew(workers, bool) if workers > 1 else Alone() as crew:
        how = How(result.level, ca, jobs=1 if workers > 1 else jobs)
        shares = ((share, how) for share in _shares(iter(wanted), size, watch))
        for done in in_order(crew, shares, look.at, ahead=workers * AHEAD):
            try:
                yield from done.result()
            except Killed as wrong:
                raise FormgenError(Finding("E769", values={"count": str(len(result.bags))})) from wrong


def _shares(wanted: Iterator[Wanted], size: int, watch: Watch) -> Iterator[tuple[Wanted, ...]]:
    while not watch.is_over and (share := tuple(islice(wanted, size))):
        yield share


def _logged(repo: Repository) -> tuple[Finding, ...]:
    """What is wrong with the logs; and, when none is broken, what they say otherwise than the register."""
    broken = tuple(finding for name in _logs(repo) for finding in chain.check(repo.log(name)))
    return broken or (*period.faults(repo), *history.faults(repo))


def _logs(repo: Repository) -> tuple[str, ...]:
    named = {path.removesuffix(".jsonl") for path in chain.heads(repo.register)}
    return tuple(sorted(named | {path.stem for path in repo.register.glob("*.jsonl")}))
