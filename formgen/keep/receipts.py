"""Papers about the archive that stay for ever: docx, PDF/A where possible, xlsx, JSON, and a digest for the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from itertools import count
from pathlib import Path

from formgen import write
from formgen.keep import chain, pages, permanent
from formgen.keep.paper import Paper
from formgen.keep.repository import Repository


def number(repo: Repository, kind: str, on: date) -> str:
    """The next free number of a kind of paper on a day: transfer-20261121-01. One whose papers are lost stays taken.

    Raises FormgenError when the log of the papers is broken.
    """
    stem = f"{kind}-{on:%Y%m%d}"
    there = (path.name for path in repo.receipts.glob(f"{stem}-*"))
    taken = {name[: len(stem) + 3] for name in there} | {
        str(line["单号"]) for line in chain.entries(repo.log(permanent.LOG))
    }
    return next(free for place in count(1) if (free := f"{stem}-{place:02d}") not in taken)


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
    *,
    at: str,
) -> tuple[Path, ...]:
    """Write facts, papers (name → drawing) and tables under one number and log them; the files. Raises FormgenError."""
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
    paths = tuple(repo.receipts / name for name in made)
    permanent.issue(repo, stem, paths, at)
    return paths


def read(repo: Repository, stem: str) -> dict:
    """The facts of a paper. Raises FileNotFoundError."""
    return json.loads((repo.receipts / f"{stem}.json").read_text(encoding="utf-8"))
