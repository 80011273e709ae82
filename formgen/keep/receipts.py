"""Papers about the archive that stay for ever: docx, PDF/A where possible, xlsx, JSON, and a digest for the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from formgen import write
from formgen.keep import chain, pages
from formgen.keep.paper import Paper
from formgen.keep.repository import Repository


def number(repo: Repository, kind: str, on: date) -> str:
    """The next free number of a kind of paper on a day: transfer-20261121-01."""
    stem = f"{kind}-{on:%Y%m%d}"
    taken = {path.name.split(".")[0] for path in repo.receipts.glob(f"{stem}-*")} if repo.receipts.is_dir() else set()
    return next(f"{stem}-{place:02d}" for place in range(1, 100) if f"{stem}-{place:02d}" not in taken)


def facts_text(facts: Mapping[str, object]) -> bytes:
    """The facts of a paper as JSON; their sha256 is printed on the paper and stands in the log."""
    return json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8") + b"\n"


def digest(facts: Mapping[str, object]) -> str:
    """The sha256 of the facts of a paper."""
    return hashlib.sha256(facts_text(facts)).hexdigest()


def put(
    repo: Repository,
    stem: str,
    facts: Mapping[str, object],
    papers: Mapping[str, Paper],
    on: date,
    tables: Mapping[str, bytes] | None = None,
) -> tuple[Path, ...]:
    """Write facts, papers (name → drawing) and tables under one number; the files written. Raises FormgenError."""
    write.make_folder(repo.receipts)
    mark = chain.mark(repo.register)
    made: dict[str, bytes] = {f"{stem}.json": facts_text(facts)}
    for name, paper in papers.items():
        paper.code(digest(facts))
        paper.footer(f"{stem}　摘要 {digest(facts)[:16]}", f"记录链 {mark}" if mark else "")
        made[f"{stem}{name}.docx"] = paper.content(on)
    drawn = {n.removesuffix(".docx"): (n.removesuffix(".docx"), c) for n, c in made.items() if n.endswith(".docx")}
    made |= {f"{name}.pdf": content for name, content in pages.of_slips(drawn).items()}
    made |= {f"{stem}{name}": content for name, content in (tables or {}).items()}
    for name, content in made.items():
        write.put(repo.receipts / name, content)
    return tuple(repo.receipts / name for name in made)


def read(repo: Repository, stem: str) -> dict:
    """The facts of a paper. Raises FileNotFoundError."""
    return json.loads((repo.receipts / f"{stem}.json").read_text(encoding="utf-8"))
