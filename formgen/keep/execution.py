"""Destroying what was approved: all checks again, two witnesses, every copy; a crash in the middle is taken up again.

Deleting files is no promise about what flash memory or a backup still holds, and the report says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from formgen import write
from formgen.keep import access, chain, disposal, holds, period, permanent, receipts, register, sealing, texts, yearly
from formgen.keep.disposal import APPROVED, BEGUN, DONE, PROPOSED
from formgen.keep.history import GONE
from formgen.keep.register import DESTROYED, Entry, Register
from formgen.keep.repository import TRASH, Repository
from formgen.model import Finding, Place

RESUMED = "继续销毁"
CAVEAT = "已删除档案包文件；固态硬盘、备份和载体残留不在本程序控制之内，请按载体销毁规定处理。"


@dataclass(frozen=True, slots=True)
class Executed:
    """What an execution did: numbers destroyed now, copies elsewhere to be destroyed by hand, years without key."""

    destroyed: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    keys: tuple[int, ...] = ()
    findings: tuple[Finding, ...] = ()


def execute(
    repo: Repository, number: str, *, witnesses: Sequence[str], paper_confirmed: bool, on: date, at: str
) -> Executed:
    """Destroy the dossiers of an approved list, or nothing at all; the findings say why not. Raises FormgenError."""
    events = disposal.story(repo, number)
    known = period.known(repo)
    found = (*_people(number, witnesses), *_list(repo, number, events))
    if not paper_confirmed:
        found += (Finding("E761", Place(number)),)
    if found:
        return Executed(findings=found)
    listed = tuple(receipts.read(repo, number)["包摘要"])
    done = {str(entry["档号"]) for entry in events if entry["event"] == GONE}
    _register(known, done)
    left = [each for each in listed if each not in done]
    is_begun = any(entry["event"] == BEGUN for entry in events)
    whole = [each for each in left if not (is_begun and _is_under_way(repo, each))]
    held = holds.standing(repo, on)
    found = tuple(finding for each in whole for finding in disposal.refusals(repo, known.get(each), each, held, on))
    if found:
        return Executed(findings=found)
    if left:
        begun = {"at": at, "event": RESUMED if is_begun else BEGUN, "清册号": number, "监销人": list(witnesses)}
        chain.append(repo.log("disposal"), {**begun, "卷数": len(left)})
    for each in left:
        _destroy(repo, known, each, number, at)
    return _finish(repo, known, number, listed, left, at)


def tombstone(repo: Repository, number: str) -> Path:
    """Where the tombstone of a destroyed dossier stands."""
    return repo.register / "tombstones" / f"{register.folder_name(number)}.json"


def _people(number: str, witnesses: Sequence[str]) -> tuple[Finding, ...]:
    """Two different witnesses (监销人), named so that no log tells a number of theirs."""
    if len(witnesses) != 2 or texts.same_person(*witnesses) or any(map(texts.is_blank, witnesses)):
        return (Finding("E762", Place(number)),)
    if any(access.tells(witness) for witness in witnesses):
        return (Finding("E745", Place(number)),)
    return ()


def _list(repo: Repository, number: str, events: Sequence[dict]) -> tuple[Finding, ...]:
    """The list must be approved, by somebody who did not propose it, and be the one that was approved."""
    approved = next((entry for entry in events if entry["event"] == APPROVED), None)
    proposed = next((entry for entry in events if entry["event"] == PROPOSED), None)
    if proposed is None:
        return (Finding("E755", Place(number)),)
    if approved is None:
        return (Finding("E763", Place(number)),)
    if lost := chain.lost(repo.register):  # without the heads nobody can say that no hold was cut off a log
        return lost
    if disposal.list_digest(repo, number) != approved["清册摘要"]:
        return (Finding("E757", Place(number)),)
    return ()


def _destroy(repo: Repository, known: Register, each: str, number: str, at: str) -> None:
    """Tombstone, out of sight, gone, logged, registered: each step may be the last one, and the next run goes on."""
    folder, trash = repo.bag(each), _trash(repo, each)
    _entomb(repo, known.get(each), number, at)
    if folder.exists():
        folder.rename(trash)
        write.sync_folder(trash.parent)
    write.remove_folder(trash)
    for copy in _copies(repo, each):
        write.remove(copy)
    chain.append(repo.log("disposal"), {"at": at, "event": GONE, "清册号": number, "档号": each})


def _entomb(repo: Repository, entry: Entry | None, number: str, at: str) -> None:
    """Write the tombstone of a dossier, unless it stands already: its numbers and days, nothing of the person."""
    if entry is None or (stone := tombstone(repo, entry.number)).exists():
        return
    facts = {
        "档号": entry.number,
        "撤档日": entry.withdrawn_on,
        "保管至": entry.kept_until,
        "件数": entry.items,
        "页数": entry.pages,
        "包摘要": entry.digest,
        "清册号": number,
        "销毁时间": at,
        "说明": CAVEAT,
    }
    write.make_folder(stone.parent)
    write.put(stone, receipts.facts_text(facts))


def _finish(
    repo: Repository, known: Register, number: str, listed: Sequence[str], left: Sequence[str], at: str
) -> Executed:
    """Register, keys of years that are wholly gone, and the closing line of the log."""
    _register(known, listed)
    years = sorted({register.parsed(each).year for each in listed})
    keys = tuple(year for year in years if _is_empty(known, year) and sealing.destroy_key(repo, year))
    for year in years:
        if repo.sealed(year).is_dir():
            sealing.list_copies(repo, year)
        if repo.batch(year).is_dir():
            yearly.make(repo, year)
    if not any(entry["event"] == DONE for entry in disposal.story(repo, number)):
        for each in listed:  # one may have been lost while the execution stood still
            _entomb(repo, known.get(each), number, at)
        permanent.issue(repo, number, [tombstone(repo, each) for each in listed if known.get(each)], at)
        line = {"at": at, "event": DONE, "清册号": number, "卷数": len(listed), "销毁年度密钥": list(keys)}
        chain.append(repo.log("disposal"), {**line, "纸质同步销毁": True})
    return Executed(tuple(left), _elsewhere(repo, listed), keys)


def _register(known: Register, gone: Iterable[str]) -> None:
    """Enter what is gone as destroyed; what an interrupted execution left out is made up for."""
    changed = [entry for entry in map(known.get, gone) if entry is not None and entry.state != DESTROYED]
    for entry in changed:
        known.put(replace(entry, state=DESTROYED))
    if changed:
        known.save()


def _is_empty(known: Register, year: int) -> bool:
    return all(entry.state == DESTROYED for entry in known.of_year(year))


def _copies(repo: Repository, each: str) -> list[Path]:
    """The encrypted copy beside the year, where there is one."""
    path = repo.sealed(register.parsed(each).year) / f"{register.folder_name(each)}.tar.age"
    return [path] if path.exists() else []


def _elsewhere(repo: Repository, listed: Sequence[str]) -> tuple[str, ...]:
    """Copies that the custody log knows of and this program cannot reach."""
    wanted = set(listed)
    found = []
    for entry in chain.entries(repo.log("custody")):
        numbers = entry.get("档号")
        if entry["event"] == "移交" and isinstance(numbers, list) and wanted & set(numbers):
            found.append(f"{entry['单号']} 移交 {entry['接收单位']}")
    return tuple(found)


def _is_under_way(repo: Repository, each: str) -> bool:
    """Whether an interrupted execution had already moved this dossier away: all its checks were passed then."""
    return tombstone(repo, each).exists() and not repo.bag(each).exists()


def _trash(repo: Repository, each: str) -> Path:
    return repo.year(register.parsed(each).year) / f"{TRASH}{register.folder_name(each)}"
