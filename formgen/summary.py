"""What the cases of a batch have in common: notices, result workbook, report, and run.json, which comes last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from formgen import __version__, report, results, runfile, shared, shelf, stamp, write
from formgen.casework import Plan
from formgen.journal import Journal
from formgen.model import Finding
from formgen.read import Book
from formgen.roster import Payment
from formgen.spool import Spool

RESULTS, REPORT = "汇总/审核结果.xlsx", "汇总/报告.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """A batch as its common papers need it; ``findings`` takes what they find. ``forms`` holds digests by id."""

    out: Path
    book: Book
    plan: Plan
    forms: Mapping[str, str]
    law: str
    findings: list[Finding]


def put(common: Common, journal: Journal, secrets: Spool[tuple], payments: Spool[Payment]) -> None:
    """Write everything that is made once a batch; take away what is no longer due. Raises FormgenError."""
    before = journal.papers()
    pool = shared.Pool(journal=journal, secrets=secrets, payments=payments, unions=common.book.unions)
    made = shared.put(common.plan, pool)
    common.findings.extend(made.findings)
    write.make_folder(common.out / "汇总")
    results.put(common.out / RESULTS, journal.records())
    report.put(common.out / REPORT, _report_head(common), journal.records)
    papers = made.papers | {path: _listed(common.out / path) for path in (RESULTS, REPORT)}
    for path in sorted(before.keys() - papers.keys()):
        folder, _, name = path.rpartition("/")
        shelf.clear(common.out, folder, {name}, {path: before[path]["sha256"]})
    journal.note_papers(papers, made.facts)
    runfile.put(common.out / runfile.NAME, _head(common), journal.records(), _tail(common, journal, papers))


def _report_head(common: Common) -> report.Head:
    titles = {form.id: form.title for form in common.plan.forms if form.per == "case"}
    return report.Head(
        title=common.book.name, digest=common.book.digest, papers=titles, findings=tuple(_lasting(common.findings))
    )


def _lasting(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that the same inputs give again; what only this run met stands in the log."""
    return (finding for finding in findings if finding.code != "W601")


def _head(common: Common) -> dict[str, object]:
    plan = common.plan
    return {
        "formgen": __version__,
        "program": stamp.program(),
        "libraries": stamp.libraries(),
        "law": common.law,
        "workbook": {"name": common.book.name, "sha256": common.book.digest},
        "forms": {name: common.forms[name] for name in sorted(plan.chosen)},
        "missing": plan.missing,
    }


def _tail(common: Common, journal: Journal, papers: Mapping[str, dict]) -> dict[str, object]:
    states: dict[str, int] = {}
    for record in journal.records():
        states[record["state"]] = states.get(record["state"], 0) + 1
    made, skipped = states.get("made", 0), states.get("skipped", 0)
    total = sum(states.values())
    return {
        "counts": {"total": total, "made": made, "failed": total - made - skipped, "skipped": skipped},
        "papers": [{"path": path, **told} for path, told in sorted(papers.items())],
        "findings": [shared.told_of(finding) for finding in _lasting(common.findings)],
    }


def _listed(path: Path) -> dict:
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": path.stat().st_size}
