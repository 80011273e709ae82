"""Who looked at what and why (第十六条): three kinds of requester, each with its rule; nothing is lent out.

The log names offices and documents, never the worker, and refuses texts with identity or phone numbers.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from formgen import bag, masks, write
from formgen.keep import chain, register, sealing
from formgen.keep.register import SEALED
from formgen.keep.repository import Repository
from formgen.messages import MaterialError
from formgen.model import Finding, Place

KINDS = ("union", "worker", "outside")
GRANTED, REFUSED, RETURNED = "准予查阅", "拒绝", "查阅结束"
_PERSONAL = re.compile(r"\d{15,}[\dXx]?|1[3-9]\d{9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A wish to see a dossier: who (kind and office), what for, what was shown or approved, and who serves."""

    number: str
    kind: str
    unit: str = ""
    purpose: str = ""
    approval: str = ""
    is_identified: bool = False
    is_lending: bool = False
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


def open_copy(repo: Repository, number: str, target: Path, identity: Path | None = None) -> Path:
    """A copy to read, from the plain bag or, with a private key, from the encrypted one. Raises FormgenError."""
    source = repo.bag(number)
    year = register.parsed(number).year
    write.make_folder(target)
    if (target / source.name).exists():
        raise MaterialError(Finding("E783", Place(target.name)))
    if identity is not None:
        return sealing.open_copy(repo, year, repo.sealed(year) / f"{source.name}.tar.age", identity, target)
    if not bag.validate(source).is_valid:
        raise MaterialError(Finding("E784", Place(source.name)))
    shutil.copytree(source, target / source.name)
    return target / source.name


def close_copy(repo: Repository, number: str, target: Path, *, at: str) -> None:
    """Delete a copy that was read and log the end. Raises FormgenError when there is none."""
    folder = target / register.folder_name(register.written(number))
    if not (folder / "bagit.txt").exists() or folder.resolve().is_relative_to(repo.root.resolve()):
        raise MaterialError(Finding("E785", Place(target.name)))
    shutil.rmtree(folder)
    chain.append(repo.log("access"), {"at": at, "event": RETURNED, "档号": register.written(number)})


def unfinished(repo: Repository) -> tuple[Mapping[str, object], ...]:
    """The granted requests that nobody ended yet, oldest first."""
    granted: dict[str, Mapping[str, object]] = {}
    for entry in chain.entries(repo.log("access")):
        if entry["event"] == GRANTED:
            granted[str(entry["档号"])] = entry
        elif entry["event"] == RETURNED:
            granted.pop(str(entry["档号"]), None)
    return tuple(granted.values())
