"""Who looked at what and why (第十六条): three kinds of requester, each with its rule; nothing is lent out.

The log names offices and documents, never the worker, and refuses texts with identity or phone numbers.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from formgen import bag, masks, write
from formgen.keep import chain, register, sealing
from formgen.keep.register import SEALED
from formgen.keep.repository import Repository
from formgen.messages import FormgenError, MaterialError
from formgen.model import Finding, Place

KINDS = ("union", "worker", "outside")
GRANTED, REFUSED, RETURNED = "准予查阅", "拒绝", "查阅结束"
MARK = ".formgen-reading-"  # beside a reading copy: only what bears it is deleted when the reading ends
_PERSONAL = re.compile(r"\d{15,}[\dXx]?|1[3-9]\d{9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A wish to see a dossier: who (kind and office), what for, what was shown or approved, and who serves.

    ``is_opening`` asks for a copy to read, which must come back.
    """

    number: str
    kind: str
    unit: str = ""
    purpose: str = ""
    approval: str = ""
    is_identified: bool = False
    is_lending: bool = False
    is_opening: bool = False
    operator: str = ""


def ask(repo: Repository, request: Request, *, at: str) -> tuple[Finding, ...]:
    """Decide a request by the rule of its kind and log it, granted or not; why it is refused, nothing when granted."""
    refused = refusals(repo, request)
    private = [finding for finding in refused if finding.code == "E745"]
    entry = {
        "at": at,
        "event": REFUSED if refused else GRANTED,
        "档号": register.written(request.number),
        "查阅人类别": repo.policy.access[request.kind]["title"],
        "单位": "" if private else request.unit,
        "事由": "" if private else request.purpose,
        "批准文号": "" if private else request.approval,
        "证件已核验": request.is_identified,
        "取出副本": request.is_opening,
        "经办": "" if private else request.operator,
        "理由": "、".join(finding.code for finding in refused),
    }
    chain.append(repo.log("access"), entry)
    return refused


def refusals(repo: Repository, request: Request) -> tuple[Finding, ...]:
    """Why the rules do not allow a request; nothing when they do."""
    found = []
    entry = register.load(repo.register / "numbers.csv").get(request.number)
    place = Place(register.written(request.number))
    if entry is None or entry.state != SEALED:
        found.append(Finding("E744", place))
    if request.is_lending:
        found.append(Finding("E741", place))
    if request.kind == "worker" and not request.is_identified:
        found.append(Finding("E742", place))
    if request.kind == "outside" and not request.approval:
        found.append(Finding("E743", place))
    if request.kind != "worker" and not (request.unit and request.purpose):
        found.append(Finding("E746", place))
    if any(tells(text) for text in (request.unit, request.purpose, request.approval, request.operator)):
        found.append(Finding("E745", place))
    return tuple(found)


def tells(text: str) -> bool:
    """Whether a text for a log holds an identity, card or phone number."""
    return bool(_PERSONAL.search(text)) or masks.hide_numbers(text) != text


def open_copy(repo: Repository, number: str, target: Path, *, at: str, identity: Path | None = None) -> Path:
    """A copy to read, from the plain bag or, with a private key, from the encrypted one.

    Raises FormgenError; the reading that was granted is then ended in the log.
    """
    reading = _last_grant(repo, number)
    try:
        folder = _copied(repo, number, target, identity)
    except FormgenError:
        _end(repo, number, reading, "未取出", at)
        raise
    write.put(_mark(target, folder.name), chain.canonical({"档号": register.written(number), "查阅": reading}))
    return folder


def close_copy(repo: Repository, number: str, target: Path, *, at: str) -> None:
    """Delete a copy that was read and log the end.

    Raises FormgenError for a folder that is no reading copy, and for one that cannot be deleted: it is still out.
    """
    folder = target / register.folder_name(register.written(number))
    mark = _mark(target, folder.name)
    try:
        reading = int(json.loads(mark.read_bytes())["查阅"])
    except (OSError, ValueError, LookupError, TypeError):
        raise MaterialError(Finding("E785", Place(target.name))) from None
    write.remove_folder(folder)
    write.remove(mark)
    _end(repo, number, reading, "已交回", at)


def unfinished(repo: Repository) -> tuple[Mapping[str, object], ...]:
    """The readings whose copy is still out, oldest first. Raises FormgenError when the log is broken."""
    out: dict[int, Mapping[str, object]] = {}
    for entry in chain.entries(repo.log("access")):
        if entry["event"] == GRANTED and entry["取出副本"]:
            out[int(entry["seq"])] = entry
        elif entry["event"] == RETURNED:
            out.pop(int(entry["查阅"]), None)
    return tuple(out.values())


def _copied(repo: Repository, number: str, target: Path, identity: Path | None) -> Path:
    source = repo.bag(number)
    write.make_folder(target)
    if (target / source.name).exists():
        raise MaterialError(Finding("E783", Place(target.name)))
    if identity is not None:
        year = register.parsed(number).year
        return sealing.open_copy(repo, year, repo.sealed(year) / f"{source.name}.tar.age", identity, target)
    if not bag.validate(source).is_valid:
        raise MaterialError(Finding("E784" if source.is_dir() else "E730", Place(source.name)))
    shutil.copytree(source, target / source.name)
    return target / source.name


def _mark(target: Path, name: str) -> Path:
    return target / f"{MARK}{name}.json"


def _last_grant(repo: Repository, number: str) -> int:
    """The line of the log that allowed the last reading of a dossier, 0 without one."""
    granted = (e for e in chain.entries(repo.log("access")) if e["event"] == GRANTED)
    return max((int(e["seq"]) for e in granted if e["档号"] == register.written(number)), default=0)


def _end(repo: Repository, number: str, reading: int, result: str, at: str) -> None:
    line = {"at": at, "event": RETURNED, "档号": register.written(number), "查阅": reading, "结果": result}
    chain.append(repo.log("access"), line)
