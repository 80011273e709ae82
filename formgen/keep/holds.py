"""Holds: as long as one stands (a dispute, an audit, a case in court), a dossier cannot be destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from formgen.keep import bundle, chain, period, register, texts
from formgen.keep.register import DESTROYED
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

SET, RELEASED = "暂停销毁", "解除暂停"
REOPENED = "再次建档，原档案一并保管"


def add(repo: Repository, number: str, *, reason: str, by: str, at: str) -> tuple[Finding, ...]:
    """Put a hold on a dossier and log it; why not, when the number is unknown or destroyed or the text is unfit."""
    found = _refusals(repo, number, reason, by)
    if not found:
        entry = {"at": at, "event": SET, "档号": register.written(number), "理由": reason, "经办": by}
        chain.append(repo.log("holds"), entry)
    return found


def release(repo: Repository, number: str, *, reason: str, by: str, at: str) -> tuple[Finding, ...]:
    """Lift every hold of a dossier and log it; why not, when there is none."""
    found = _refusals(repo, number, reason, by)
    if register.written(number) not in current(repo):
        found += (Finding("E747", Place(register.written(number))),)
    if not found:
        entry = {"at": at, "event": RELEASED, "档号": register.written(number), "理由": reason, "经办": by}
        chain.append(repo.log("holds"), entry)
    return found


def take_over(repo: Repository, reasons: Mapping[str, str], *, at: str) -> None:
    """Set the holds under which dossiers came from another archive, by number; an empty reason is none."""
    known = current(repo)
    fresh = {number: why for number, why in reasons.items() if why and known.get(number) != why}
    lines = ({"at": at, "event": SET, "档号": number, "理由": why, "经办": "接收"} for number, why in fresh.items())
    if fresh:
        chain.append(repo.log("holds"), *lines)


def current(repo: Repository) -> Mapping[str, str]:
    """The dossiers under a hold now, with the reason of the last one."""
    held: dict[str, str] = {}
    for entry in chain.entries(repo.log("holds")):
        if entry["event"] == SET:
            held[entry["档号"]] = entry["理由"]
        else:
            held.pop(entry["档号"], None)
    return held


def standing(repo: Repository, on: date) -> Mapping[str, str]:
    """The dossiers that a hold or the repository's own rule keeps from being destroyed on a day, with the reason.

    The rule is ``on_reopen``: unless it says "new", an earlier dossier stays while its household is on file again, and
    until the later dossier has ended too.
    """
    held = dict(current(repo))
    if repo.policy.retention.get("on_reopen", "new") == "new":
        return held
    known = period.known(repo)
    later = {entry.continues: entry for entry in known if not register.is_supplement(entry.number)}
    open_again = set(repo.unsealed())
    for entry in known:
        next_one = later.get(entry.number)
        kept_on = next_one is not None and next_one.state != DESTROYED and next_one.kept_until >= str(on)
        if kept_on or bundle.working_name(entry.case_no) in open_again:
            held.setdefault(entry.number, REOPENED)
    return held


def _refusals(repo: Repository, number: str, reason: str, by: str) -> tuple[Finding, ...]:
    entry = period.known(repo).get(number)
    found = []
    if entry is None or entry.state == DESTROYED:
        found.append(Finding("E744", Place(register.written(number))))
    return (*found, *texts.refusals(Place(register.written(number)), {"reason": reason, "by": by}))
