"""What the cases of a batch have in common: notices, result workbook, report, and run.json, which comes last."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from formgen import __version__, masks, notice, report, results, runfile, shelf, stamp, write
from formgen.casework import Plan
from formgen.forms import Form
from formgen.journal import Journal
from formgen.model import Document, Finding, Place
from formgen.publicity import Entry
from formgen.read import Book
from formgen.spool import Spool

TOGETHER = 5000  # people whose notices are held in memory at a time
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
    is_changed: bool


def put(common: Common, journal: Journal, secrets: Spool[tuple]) -> None:
    """Write everything that is made once a batch; take away what is no longer due. Raises FormgenError."""
    before = journal.papers()
    papers = dict(_notices(common, journal, secrets, before))
    write.make_folder(common.out / "汇总")
    results.put(common.out / RESULTS, journal.records())
    report.put(common.out / REPORT, _report_head(common), journal.records)
    papers |= {path: _listed(common.out / path) for path in (RESULTS, REPORT)}
    for path in sorted(before.keys() - papers.keys()):
        folder, _, name = path.rpartition("/")
        shelf.clear(common.out, folder, {name}, {path: before[path]["sha256"]})
    journal.note_papers(papers)
    runfile.put(common.out / runfile.NAME, _head(common), journal.records(), _tail(common, journal, papers))


def _notices(
    common: Common, journal: Journal, secrets: Spool[tuple], before: Mapping[str, dict]
) -> Iterator[tuple[str, dict]]:
    """The notices, each with its record; those of an unchanged batch stay as they are."""
    old = {path: told for path, told in before.items() if told.get("form")}
    if not common.is_changed and shelf.is_intact(common.out, ((path, told["sha256"]) for path, told in old.items())):
        common.findings.extend(finding_of(told) for told in journal.recall("notices"))
        yield from old.items()
        return
    told_before = len(common.findings)
    for form in common.plan.forms:
        if form.per == "union" and form.id in common.plan.chosen:
            for group in _groups(journal):
                for document in _posted(common, form, group, secrets):
                    told = {path: entry["sha256"] for path, entry in old.items()}
                    shelf.store(common.out, [document], told)
                    yield document.path, _told(document)
    journal.remember("notices", [told_of(finding) for finding in common.findings[told_before:]])


def _posted(common: Common, form: Form, group: list[Entry], secrets: Spool[tuple]) -> tuple[Document, ...]:
    planned, found = notice.plan(group, common.book.unions)
    documents, more = notice.write(
        form, planned, (secret for held in secrets for secret in held), missing=common.plan.missing
    )
    common.findings.extend((*found, *more))
    return documents


def _groups(journal: Journal) -> Iterator[list[Entry]]:
    """The posted households of several whole unions at a time, unions in the order they first appear."""
    sizes: dict[str, int] = {}
    for record in journal.records():
        if record["posted"]:
            sizes[record["posted"]["union"]] = sizes.get(record["posted"]["union"], 0) + 1
    group: set[str] = set()
    room = TOGETHER
    for union, size in sizes.items():
        if group and size > room:
            yield _entries(journal, group)
            group, room = set(), TOGETHER
        group.add(union)
        room -= size
    if group:
        yield _entries(journal, group)


def _entries(journal: Journal, unions: Iterable[str]) -> list[Entry]:
    wanted = frozenset(unions)
    return [
        _entry(record["posted"])
        for record in journal.records()
        if record["posted"] and record["posted"]["union"] in wanted
    ]


def _entry(posted: dict) -> Entry:
    days = {name: date.fromisoformat(posted[name]) for name in ("starts", "ends") if posted.get(name)}
    return Entry(**(posted | days))


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
        "findings": [told_of(finding) for finding in _lasting(common.findings)],
    }


def told_of(finding: Finding) -> dict:
    """A finding as run.json holds it."""
    place = finding.place
    where = {"file": place.file, "sheet": place.sheet, "cell": place.cell, "heading": place.heading}
    shown = {name: masks.hide_numbers(value) for name, value in finding.values.items()}
    return {
        "code": finding.code,
        "case": finding.case_no,
        "place": {k: v for k, v in where.items() if v},
        "values": shown,
    }


def finding_of(told: dict) -> Finding:
    """The finding that ``told_of`` wrote down."""
    return Finding(told["code"], Place(**told["place"]), told["values"], told["case"])


def _listed(path: Path) -> dict:
    with path.open("rb") as stream:
        return {"sha256": hashlib.file_digest(stream, "sha256").hexdigest(), "bytes": path.stat().st_size}


def _told(document: Document) -> dict:
    return {"form": document.form, "sha256": shelf.digest(document.content), "bytes": len(document.content)}
