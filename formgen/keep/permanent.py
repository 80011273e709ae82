"""What stays for ever (永久保存): papers on transfers, hand-overs and disposals, tombstones; logged when written.

Accounts of verifications are logged likewise, and looked at with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from formgen.bag import digests
from formgen.keep import chain
from formgen.keep.repository import Repository
from formgen.messages import FormgenError
from formgen.model import Finding, Place

LOG, ISSUED = "papers", "出具"


def issue(repo: Repository, stem: str, paths: Sequence[Path], at: str) -> None:
    """Log papers that stay for ever, each by its place in the repository and its sha256. Raises FormgenError."""
    files = {path.relative_to(repo.root).as_posix(): digests.of_file(path, ("sha256",))[0] for path in paths}
    chain.append(repo.log(LOG), {"at": at, "event": ISSUED, "单号": stem, "文件": files})


def faults(repo: Repository) -> Iterator[Finding]:
    """The papers that are lost, or no longer what was written; none where the log of them is broken, told elsewhere."""
    try:
        stated_of = {name: stated for line in chain.entries(repo.log(LOG)) for name, stated in line["文件"].items()}
        accounts = [line for line in chain.entries(repo.log("verify")) if line.get("报告")]
    except FormgenError:
        return
    folder = repo.reports.relative_to(repo.root).as_posix()
    stated_of |= {f"{folder}/{line['报告']}": str(line["报告摘要"]) for line in accounts}
    for name, stated in sorted(stated_of.items()):
        try:
            if digests.of_file(repo.root / name, ("sha256",))[0] != stated:
                yield Finding("E948", Place(name))
        except OSError:
            yield Finding("E947", Place(name))
