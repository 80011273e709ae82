"""How long a dossier is kept, as register, bag and log say it: none of the three alone can be edited unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from formgen.bag.tagfiles import Info
from formgen.keep import chain, policy, register, retention
from formgen.keep.register import DESTROYED, Entry, Register
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

EXTENDED = "延长保管"
Days = tuple[str, str]
NONE: Days = ("", "")


def stated(info: Info) -> Days:
    """Day of withdrawal and last day as a bag says them, ISO dates; empty where it says nothing."""
    return info.get("Retention-Start") or "", info.get("Retention-Last-Day") or ""


def registered(entry: Entry) -> Days:
    """The same two days as the register says them."""
    return entry.withdrawn_on, entry.last_day


def known(repo: Repository) -> Register:
    """The register, with every extension that the log tells of: one taken out of the file shortens nothing.

    A repository that keeps longer than the law keeps its old dossiers longer too, whatever was sealed into them.
    Raises FormgenError when register, log or settings cannot be read.
    """
    read = register.load(repo.register / "numbers.csv")
    until = _extensions(repo)
    for entry in filter(None, map(read.get, until)):
        if _is_short(entry, until):
            read.put(replace(entry, extended_to=until[entry.number]))
    if repo.policy.years > policy.default().years:
        for entry in [entry for entry in read if entry.withdrawn_on and entry.state != DESTROYED]:
            last = retention.corresponding(date.fromisoformat(entry.withdrawn_on), repo.policy.years)
            read.put(replace(entry, ruled_until=str(last)))
    return read


def faults(repo: Repository) -> tuple[Finding, ...]:
    """The extensions of which the log tells and the register does not. Raises FormgenError as ``known`` does."""
    until = _extensions(repo)
    listed = register.entries(repo.register / "numbers.csv") if until else ()
    short = (entry for entry in listed if _is_short(entry, until))
    return tuple(Finding("E764", Place(entry.number), {"until": until[entry.number]}) for entry in short)


def extension(number: str, until: str, *, reason: str, by: str, at: str) -> Mapping[str, object]:
    """The line of the log that keeps a dossier longer."""
    return {"at": at, "event": EXTENDED, "档号": number, "延长至": until, "理由": reason, "经办": by}


def _extensions(repo: Repository) -> Mapping[str, str]:
    """Until when the log keeps dossiers, by number."""
    until: dict[str, str] = {}
    for line in chain.entries(repo.log("disposal")):
        if line.get("event") == EXTENDED:
            number = str(line["档号"])
            until[number] = max(str(line["延长至"]), until.get(number, ""))
    return until


def _is_short(entry: Entry, until: Mapping[str, str]) -> bool:
    return entry.state != DESTROYED and entry.kept_until < until.get(entry.number, "")
