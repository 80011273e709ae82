"""What the cases of a batch have in common: notices, result workbook, report, and run.json, which comes last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path

from formgen import __version__
from formgen.annotate.notes import Notes
from formgen.batch import problems, report, results, runfile, shared, shelf, stamp
from formgen.batch.casework import Plan
from formgen.batch.journal import Journal
from formgen.batch.records import INVALID
from formgen.batch.spool import Spool
from formgen.model import Finding
from formgen.papers.roster import Payment
from formgen.read import Book

RESULTS, PROBLEMS, REPORT = "汇总/审核结果.xlsx", "汇总/问题清单.xlsx", "汇总/报告.html"
SUMS = (RESULTS, PROBLEMS, REPORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """A batch as its common papers need it; ``findings`` takes what they find. ``forms`` holds digests by id.

    ``crew`` are the processes that made the cases, None where there is only this one. ``scratch`` is the folder for
    what must not outlive the run.
    """

    out: Path
    scratch: Path
    book: Book
    plan: Plan
    forms: Mapping[str, str]
    fonts: Mapping[str, Mapping[str, str]]
    law: str
    basis: list
    findings: list[Finding]
    crew: Executor | None = None


def put(common: Common, journal: Journal, secrets: Spool[tuple], payments: Spool[Payment]) -> None:
    """Write everything that is made once a batch; take away what is no longer due. Raises FormgenError."""
    before = journal.papers()
    pool = shared.Pool(journal=journal, secrets=secrets, payments=payments, unions=common.book.unions)
    made = shared.put(common.plan, pool)
    common.findings.extend(made.findings)
    told = [shared.told_of(finding) for finding in _lasting(common.findings)]
    key = [common.plan.stamp, common.book.digest, journal.digest(), told]
    sums = {path: before[path] for path in SUMS if path in before}
    is_intact = len(sums) == len(SUMS) and shelf.is_intact(common.out, ((p, sums[p]["sha256"]) for p in SUMS))
    if not is_intact or journal.recall("sums key") != key:
        _put_sums(common, journal)
        sums = {path: _listed(common.out / path) for path in SUMS}
    papers = made.papers | sums
    for path in sorted(before.keys() - papers.keys()):
        folder, _, name = path.rpartition("/")
        shelf.clear(common.out, folder, {name}, {path: before[path]["sha256"]})
    journal.note_papers(papers, made.facts | {"sums key": key, "basis": common.basis})
    runfile.put(common.out / runfile.NAME, _head(common), journal.records(), _tail(journal, papers, told))


def _put_sums(common: Common, journal: Journal) -> None:
    counts = report.Counts()
    with Notes(common.scratch) as notes:
        notes.add(finding for finding in common.findings if finding.place.sheet)
        for record in journal.records():
            counts.add(record)
            notes.add(_of_cells(record))
        notes.total, notes.invalid = counts.states.total(), counts.states[INVALID]
        with problems.written(common.out / PROBLEMS, common.book, notes, common.crew):
            results.put(common.out / RESULTS, journal.records())
            report.put(common.out / REPORT, _report_head(common), counts, journal.records())


def _of_cells(record: dict) -> Iterator[Finding]:
    """What is to be said of the household's cells; what its papers met has no place in the workbook."""
    found = (replace(results.finding(told), case_no=record["case"]) for told in record["findings"])
    return (finding for finding in found if finding.place.sheet)


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
        "fonts": common.fonts,
        "workbook": {"name": common.book.name, "sha256": common.book.digest},
        "forms": {name: common.forms[name] for name in sorted(plan.chosen)},
        "missing": plan.missing,
    }


def _tail(journal: Journal, papers: Mapping[str, dict], told: list[dict]) -> dict[str, object]:
    states = journal.states()
    made, skipped = states.get("made", 0), states.get("skipped", 0)
    total = sum(states.values())
    return {
        "counts": {"total": total, "made": made, "failed": total - made - skipped, "skipped": skipped},
        "papers": [{"path": path, **told} for path, told in sorted(papers.items())],
        "findings": [runfile.without_cell(each) for each in told],
    }


def _listed(path: Path) -> dict:
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": path.stat().st_size}
