"""What the logs say was sealed, taken in and destroyed: the register can be edited, the logs cannot unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from sys import intern

from formgen.keep import chain, register
from formgen.keep.register import DESTROYED, Entry
from formgen.keep.register import SEALED as KEPT
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

SEALED, RECEIVED, GONE = "封存", "接收", "已销毁"
#: what a line of the log states of a dossier → the attribute of its entry in the register
STATED: Mapping[str, str] = {
    "包摘要": "digest",
    "档案编号": "case_no",
    "撤档日期": "withdrawn_on",
    "到期日": "last_day",
    "承接档号": "continues",
    "件数": "items",
    "页数": "pages",
}


def sealing(entry: Entry, at: str) -> Mapping[str, object]:
    """The line of the log for a dossier that was just sealed: enough to write its row of the register again."""
    stated = {name: getattr(entry, attribute) for name, attribute in STATED.items()}
    return {"at": at, "event": SEALED, "档号": entry.number, **stated}


def sealings(repo: Repository) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What is stated of each number, by attribute of its entry; the last one counts. Raises FormgenError."""
    for line in chain.entries(repo.log("custody")):
        if line.get("event") == SEALED:
            stated = {key: intern(str(line[name])) for name, key in STATED.items() if name in line}
            yield str(line["档号"]), stated
        elif line.get("event") == RECEIVED:
            yield from ((str(n), {"digest": str(digest)}) for n, digest in line.get("各包摘要", {}).items())


def gone(repo: Repository) -> frozenset[str]:
    """The numbers that were destroyed. Raises FormgenError when the log is broken."""
    return frozenset(str(line["档号"]) for line in chain.entries(repo.log("disposal")) if line.get("event") == GONE)


def agrees(entry: Entry, stated: Mapping[str, str], *, is_gone: bool) -> bool:
    """Whether the register says of a number what the logs say."""
    state = DESTROYED if is_gone else KEPT
    return entry.state == state and all(getattr(entry, key) == value for key, value in stated.items())


def faults(repo: Repository) -> tuple[Finding, ...]:
    """The numbers of which the register says otherwise than the logs. Raises FormgenError as ``sealings`` does."""
    left, destroyed = dict(sealings(repo)), gone(repo)
    found = []
    for entry in register.entries(repo.register / "numbers.csv"):
        is_gone = entry.number in destroyed
        stated = left.pop(entry.number, None)
        is_false = entry.state == DESTROYED and not is_gone
        if is_false or (stated is not None and not agrees(entry, stated, is_gone=is_gone)):
            found.append(entry.number)
    return tuple(Finding("E930", Place(number)) for number in sorted((*found, *left)))
