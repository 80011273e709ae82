"""The account of a verification: JSON with what was found, chained to the account before, its digest beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from formgen import __version__, messages, write
from formgen.keep import chain, look
from formgen.keep.repository import Repository
from formgen.keep.verify import Result
from formgen.messages import FormgenError
from formgen.model import Finding


def text(result: Result, *, at: str, name: str, previous: str, lang: str = "zh") -> bytes:
    """The account as bytes; ``previous`` is the sha256 of the account before, empty for the first."""
    troubled = [checked for checked in result.bags if not checked.is_ok]
    said = {
        "program": f"formgen {__version__}",
        "repository": name,
        "at": at,
        "level": result.level,
        "previous": previous,
        "total": result.total,
        "due": result.due,
        "verified": len(result.bags),
        "not_reached": result.left,
        "not_verified_for_long": result.stale,
        "ok": len(result.bags) - len(troubled),
        "changed": len(troubled),
        "files": sum(checked.files for checked in result.bags),
        "octets": sum(checked.octets for checked in result.bags),
        "findings": [_told(finding, lang) for finding in result.findings],
        "bags": [{"bag": c.path, **look.words(c), "findings": [_told(f, lang) for f in c.findings]} for c in troubled],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def keep(repo: Repository, result: Result, *, at: str, lang: str = "zh") -> tuple[Path, str]:
    """Write the account of a repository beside its register and log it; its path and sha256. Raises FormgenError."""
    folder = repo.reports
    write.make_folder(folder)
    raw = text(result, at=at, name=repo.name, previous=last(repo), lang=lang)
    digest = hashlib.sha256(raw).hexdigest()
    path = folder / f"verify-{''.join(c for c in at if c.isdigit())[:14]}-{digest[:8]}.json"
    write.put(path, raw)
    write.put(path.with_suffix(".json.sha256"), f"{digest}  {path.name}\n".encode())
    entry = {
        "at": at,
        "event": "验证",
        "级别": result.level,
        "报告": path.name,
        "报告摘要": digest,
        "变动": _count(result),
    }
    chain.append(repo.log("verify"), entry)
    return path, digest


def last(repo: Repository) -> str:
    """The sha256 of the last account; empty when there is none, or when the log of them is broken."""
    try:
        found = [str(entry.get("报告摘要", "")) for entry in chain.entries(repo.log("verify"))]
    except FormgenError:
        return ""
    return found[-1] if found else ""


def last_entry(repo: Repository) -> Mapping[str, object] | None:
    """The log entry of the last verification, None when there was none."""
    found = list(chain.entries(repo.log("verify")))
    return found[-1] if found else None


def _count(result: Result) -> int:
    return sum(not checked.is_ok for checked in result.bags) + sum(f.is_error for f in result.findings)


def _told(finding: Finding, lang: str) -> dict[str, str]:
    return {
        "code": finding.code,
        "path": finding.place.file,
        "what": messages.words(finding.code, finding.values, lang=lang),
    }
