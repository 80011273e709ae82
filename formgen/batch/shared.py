"""Papers that several cases share: a notice a union, the payment roster, the agenda of the meeting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from formgen import masks, names, write
from formgen.batch import copies, gaps, shelf
from formgen.batch.casework import Plan
from formgen.batch.journal import Journal
from formgen.batch.spool import Spool
from formgen.household import Union
from formgen.model import Document, Finding, Place
from formgen.papers import agenda, compose, notice, roster
from formgen.papers.forms import Form
from formgen.papers.publicity import Entry
from formgen.papers.roster import Payment
from formgen.pdf import convert

TOGETHER = 5000  # people whose notices are held in memory at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """What all cases together leave for the shared papers: records in the journal, secrets and payments in spools."""

    journal: Journal
    secrets: Spool[tuple]
    payments: Spool[Payment]
    unions: Mapping[str, Union]


@dataclass(frozen=True, slots=True)
class Made:
    """The shared papers: the record of each by its path, what was met, and facts for the journal."""

    papers: dict[str, dict]
    findings: list[Finding]
    facts: dict[str, list]


def put(plan: Plan, pool: Pool) -> Made:
    """Write the shared papers; what to tell of them and what to keep for the next run.

    Those of an unchanged batch stay as they are, and so do those nobody asked for; after an error all are tried again.
    Raises FormgenError.
    """
    old = {path: told for path, told in pool.journal.papers().items() if told.get("form")}
    key = [plan.stamp, pool.journal.digest()]
    is_intact = shelf.is_intact(plan.out, ((path, told["sha256"]) for path, told in old.items()))
    if is_intact and pool.journal.recall("shared key") == key:
        told = pool.journal.recall("shared")
        return Made(old, [finding_of(each) for each in told], {"shared key": key, "shared": told})
    found: list[Finding] = []
    digests = {path: told["sha256"] for path, told in old.items()}
    papers = {path: told for path, told in old.items() if told["form"] not in plan.chosen}
    for document in _with_copies(plan, _documents(plan, pool, found), found):
        stored = shelf.store(plan.out, [document], digests)
        write.settle(stored.staged)
        found += [Finding("W601", values={"path": path}) for path in stored.aside]
        papers[document.path] = {
            "form": document.form,
            "sha256": shelf.digest(document.content),
            "bytes": len(document.content),
        }
    lasting = [told_of(finding) for finding in found if finding.code != "W601"]
    is_whole = not any(finding.is_error for finding in found)
    return Made(papers, found, {"shared key": key if is_whole else [], "shared": lasting})


def told_of(finding: Finding) -> dict:
    """A finding as JSON holds it, without the digits of anybody's number."""
    place = finding.place
    where = {"file": place.file, "sheet": place.sheet, "cell": place.cell, "heading": place.heading}
    shown = {name: masks.hide_numbers(value) for name, value in finding.values.items()}
    kept = {name: value for name, value in where.items() if value}
    return {"code": finding.code, "case": finding.case_no, "place": kept, "values": shown}


def finding_of(told: dict) -> Finding:
    """The finding that ``told_of`` wrote down."""
    return Finding(told["code"], Place(**told["place"]), told["values"], told["case"])


def _documents(plan: Plan, pool: Pool, found: list[Finding]) -> Iterator[Document]:
    for form in plan.forms:
        if form.id not in plan.chosen or form.per == "case":
            continue
        made = _notices(form, plan, pool, found) if form.per == "union" else _together(form, plan, pool, found)
        for document in made:
            yield replace(document, path="/".join(map(names.safe, Path(document.path).parts)))


def _with_copies(plan: Plan, documents: Iterable[Document], found: list[Finding]) -> Iterator[Document]:
    """The papers, and where they are asked for the PDFs of the Word papers, many made at a time."""
    waiting: list[Document] = []
    for document in documents:
        yield document
        if plan.is_pdf and not plan.is_dry:
            waiting.append(document)
        if len(waiting) >= convert.CALL:
            yield from _copies(plan, waiting, found)
            waiting.clear()
    yield from _copies(plan, waiting, found)


def _copies(plan: Plan, documents: Sequence[Document], found: list[Finding]) -> tuple[Document, ...]:
    made, findings = copies.of(documents, titles={form.id: form.title for form in plan.forms})
    found.extend(findings)
    return made


def _together(form: Form, plan: Plan, pool: Pool, found: list[Finding]) -> Iterator[Document]:
    """The one paper of the whole batch: the roster is a workbook, the agenda a Word paper."""
    document = None
    if form.kind == "xlsx":
        document = roster.write(form, pool.payments)
    elif points := _points(pool.journal):
        document, findings = compose.fill(form, agenda.tags(points), "", missing=plan.missing)
        found.extend(findings)
    if document is not None:
        yield document


def _points(journal: Journal) -> list[agenda.Point]:
    return [agenda.Point(values=tuple(values), rules_until=until) for values, until in journal.parts("point")]


def _notices(form: Form, plan: Plan, pool: Pool, found: list[Finding]) -> Iterator[Document]:
    for group in _groups(pool.journal):
        planned, findings = notice.plan(group, pool.unions)
        secrets = (secret for held in pool.secrets for secret in held)
        documents, more = notice.write(form, planned, secrets, missing=plan.missing)
        found.extend((*findings, *gaps.of_unions(more, pool.unions, plan.columns)))
        yield from documents


def _groups(journal: Journal) -> Iterator[list[Entry]]:
    """The posted households of several whole unions at a time, unions in the order they first appear."""
    sizes: dict[str, int] = {}
    for told in _posted(journal):
        sizes[told["union"]] = sizes.get(told["union"], 0) + 1
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
    return [_entry(told) for told in _posted(journal) if told["union"] in wanted]


def _posted(journal: Journal) -> Iterator[dict]:
    return (told for told in journal.parts("posted") if isinstance(told, dict))


def _entry(told: dict) -> Entry:
    days = {name: date.fromisoformat(told[name]) for name in ("starts", "ends") if told.get(name)}
    return Entry(**(told | days))
