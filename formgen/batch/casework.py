"""One case from its rows to its papers on disk, and the record of it: the work of a worker process."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from formgen import decide, law, names
from formgen.batch import gaps, marks, shelf
from formgen.batch.journal import Entry
from formgen.batch.records import FAILED, INVALID, MADE, SKIPPED, record_of, settled
from formgen.check import Checked
from formgen.household import Case, Setting, Standard, Union
from formgen.model import Decision, Document, Finding
from formgen.papers import compose, enclosures, roster, tags
from formgen.papers.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every case of a run is made with; ``stamp`` is the digest of all of it that can change a paper.

    ``chosen`` are the ids of the papers wanted; the others stay as they are. ``base`` is the workbook's own
    folder: scans are looked for there.
    """

    out: Path
    forms: tuple[Form, ...]
    chosen: frozenset[str]
    standards: tuple[Standard, ...]
    settings: tuple[Setting, ...]
    unions: Mapping[str, Union]
    stamp: str
    base: Path
    columns: gaps.Columns = field(default_factory=dict)
    missing: str = "mark"
    is_pdf: bool = False
    is_dry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one case: its record for the journal and what this run did about it.

    ``changed`` are the cells that differ from the last run, ``again`` the papers whose bytes do, ``aside`` the paths
    whose hand-made changes were set aside, ``taken`` those no longer due,
    ``staged`` the folder that waits for its name; ``is_kept`` says that nothing was made, ``is_same`` that the papers
    are those of the last run, made again or not, ``is_left`` says that the last run's papers stand though this one
    could not make them.
    """

    case_no: str
    entry: Entry
    state: str
    tier: str
    papers: int = 0
    is_kept: bool = False
    is_same: bool = False
    is_left: bool = False
    changed: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()
    staged: Mapping[Path, Path] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Draft:
    """A case decided and composed, nothing of it on disk yet; its papers as PDF may still be added.

    ``found`` is what composing met, ``lost`` why papers are not there as PDF. ``sources`` tells what each converted
    paper comes from: path of the PDF → digest.
    """

    checked: Checked
    decision: Decision
    before: Entry | None
    key: str
    due: list[Form]
    documents: list[Document]
    found: list[Finding]
    lost: list[Finding] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)


class Workshop:
    """Everything a worker needs, set up once: the law as in force, the forms, the output folder."""

    def __init__(self, plan: Plan) -> None:
        """Load the law for `plan`. Raises FormgenError."""
        self.plan = plan
        self.law = law.load(plan.standards, plan.settings)
        self.forms = tuple(form for form in plan.forms if form.per == "case")

    def work(self, checked: Checked, before: Entry | None, is_wanted: bool) -> Outcome:
        """Decide one case and make what is due; nothing is made again whose inputs and files are as they were."""
        begun = self.begin(checked, before, is_wanted)
        return self.finish(begun) if isinstance(begun, Draft) else begun

    def begin(self, checked: Checked, before: Entry | None, is_wanted: bool) -> Outcome | Draft:
        """Decide one case and compose what is due, to be finished; what came of it where nothing is to be made."""
        key = self.key(checked)
        if before and before.key == key and (not is_wanted or self._stands(before)):
            return _kept(checked, before)
        decision = decide.judge(checked, self.law)
        if not is_wanted:
            return _left_out(checked, decision, before)
        due = self._due(checked.case, decision)
        documents, found = self._compose(checked.case, decision, due) if checked.case and due else ([], [])
        found += roster.payment(checked.case, decision)[1] if checked.case else ()
        return Draft(
            checked=checked, decision=decision, before=before, key=key, due=due, documents=documents, found=found
        )

    def key(self, checked: Checked) -> str:
        """The digest of all that the papers and the record of a case come from."""
        told = [(f.code, str(f.place), sorted(f.values.items())) for f in checked.findings]
        scans = shelf.listing(self.plan.base, checked.case.attachments) if checked.case else ()
        whole = (self.plan.stamp, checked.case_no, checked.row, checked.digest, told, scans)
        return hashlib.sha256(repr(whole).encode("utf-8", "surrogatepass")).hexdigest()

    def _stands(self, before: Entry) -> bool:
        return shelf.is_intact(
            self.plan.out, ((path, digest) for _, path, digest, _ in json.loads(before.record)["papers"])
        )

    def finish(self, draft: Draft) -> Outcome:
        """Put the papers of a case in place and make its record. Raises FormgenError when the disk refuses."""
        checked, decision, before, due = draft.checked, draft.decision, draft.before, draft.due
        case, documents, found = checked.case, draft.documents, [*draft.found, *draft.lost]
        refused = any(finding.is_error for finding in found)
        is_left = self.plan.missing == "error" and any(finding.is_error for finding in draft.found)
        state = INVALID if decision.status == "invalid" or case is None else FAILED if refused else MADE
        old = papers_of(before) if before else {}
        if is_left:
            documents, papers = [], self.standing(before)
            found = [*found, *([left_alone(checked.case_no)] if papers else [])]
        else:
            papers = self._rest(due, before) + [_listed(document) for document in documents]
        record = record_of(checked, decision, state, sorted(papers, key=lambda paper: paper[1]), due, found)
        record |= _sources(papers, draft)
        folder = "" if self.plan.is_dry or case is None else folder_of(case.case_no)
        stored = shelf.store(self.plan.out, documents, old) if folder else shelf.Stored({})
        is_there = folder and not is_left and not stored.staged  # a folder that is new holds nothing to take away
        taken = self._clear(folder, documents, due, old) if is_there else ()
        mark = marks.of(case) if case else b""
        return Outcome(
            case_no=record["case"],
            entry=_entry("" if state == FAILED else draft.key, record, mark),
            state=state,
            tier=decision.tier,
            papers=len(papers),
            is_same=bool(before) and old == {path: digest for _, path, digest, _ in papers},
            changed=marks.changed(before.marks, mark) if before else (),
            again=tuple(path for _, path, digest, _ in papers if old.get(path, digest) != digest),
            aside=stored.aside,
            staged=stored.staged,
            taken=taken,
            is_left=is_left and bool(papers),
        )

    def _due(self, case: Case | None, decision: Decision) -> list[Form]:
        if case is None or decision.status == "invalid":
            return []
        return [form for form in self.forms if form.is_due(decision, case)]

    def _compose(self, case: Case, decision: Decision, due: Iterable[Form]) -> tuple[list[Document], list[Finding]]:
        union = self.plan.unions.get(case.union or "")
        plain: Mapping[str, object] = tags.context(case, decision, union=union)
        wanted = [form for form in due if form.id in self.plan.chosen]
        has_scans = bool(case.attachments) and any(form.scans for form in wanted)
        placed, placing = enclosures.place(plain, case, self.plan.base) if has_scans else (plain, ())
        documents, found = [], list(placing)
        for form in wanted:
            context = placed if form.scans else plain
            document, findings = compose.fill(form, context, case.case_no, missing=self.plan.missing)
            found += gaps.of_case(findings, case.row, self.plan.columns)
            if document:
                documents.append(document)
        return documents, found

    def _rest(self, due: Iterable[Form], before: Entry | None) -> list[list]:
        """What the last run made of papers that are still due and not asked for now."""
        rest = {form.id for form in due} - self.plan.chosen
        return [paper for paper in self.standing(before) if paper[0] in rest] if rest else []

    def standing(self, before: Entry | None) -> list[list]:
        """The papers of the last run that are there as it made them."""
        papers = json.loads(before.record)["papers"] if before else []
        return [paper for paper in papers if shelf.is_intact(self.plan.out, [(paper[1], paper[2])])]

    def _clear(
        self, folder: str, documents: list[Document], due: Iterable[Form], old: Mapping[str, str]
    ) -> tuple[str, ...]:
        kept = {Path(document.path).name for document in documents}
        kept |= _files(form for form in due if form.id not in self.plan.chosen)
        ours = _files(self.forms) | {Path(path).name for path in old}
        return shelf.clear(self.plan.out, folder, ours - kept, old)


def _sources(papers: Iterable[list], draft: Draft) -> dict[str, dict[str, str]]:
    """What the converted ones of these papers come from, as the record keeps it; nothing where there are none."""
    known = {**sources_of(draft.before), **draft.sources}
    found = {paper[1]: known[paper[1]] for paper in papers if paper[1] in known}
    return {"copies": found} if found else {}


def sources_of(entry: Entry | None) -> dict[str, str]:
    """What the converted papers of a record come from: path of the PDF → digest."""
    return json.loads(entry.record).get("copies", {}) if entry else {}


def _files(forms: Iterable[Form]) -> set[str]:
    """The files that these papers may have made, their PDFs included."""
    names = {form.file for form in forms}
    return names | {str(Path(name).with_suffix(".pdf")) for name in names}


def folder_of(case_no: str) -> str:
    """The folder of a case below the output folder; empty for a row without a usable number."""
    return f"案件/{case_no}" if names.is_safe(case_no) else ""


_shops: list[Workshop] = []


def open_shop(plan: Plan) -> None:
    """Set up this process for `plan`, templates compiled; ``work`` then knows it. Raises FormgenError."""
    _shops[:] = [Workshop(plan)]
    for form in _shops[0].forms:
        if form.kind == "docx" and form.id in plan.chosen and form.template:
            compose.template(form.template)


def open_branch(plan: Plan, scratch: Path) -> None:
    """Set up a worker process: as ``open_shop``, but with fonts of its own, and its temporary files in ``scratch``.

    A font is read piece by piece from an open file, and after a fork two processes would move the same position in it.
    A process that was not forked knows nothing of where the run wants its temporary files.
    """
    tempfile.tempdir = str(scratch)
    if any(form.kind == "pdf" for form in plan.forms):
        from formgen import pdf
        from formgen.pdf import fonts

        for opened in (fonts.stack, fonts.open_face, pdf._loaded):
            opened.cache_clear()
    open_shop(plan)


def shop() -> Workshop:
    """The workshop of this process."""
    return _shops[0]


def work(checked: Checked, before: Entry | None, is_wanted: bool) -> Outcome:
    """The work on one case in a process that ``open_shop`` has set up."""
    return _shops[0].work(checked, before, is_wanted)


def failure(checked: Checked, why: Finding, before: Entry | None = None) -> Outcome:
    """The outcome of a case that could not be worked on; it is tried again in the next run.

    Papers of the last run that stand are still ours: nobody changed them by hand.
    """
    papers = _shops[0].standing(before)
    decision = Decision(case_no=checked.case_no, tier="待定", status="invalid", branch=None, possible=("待定",))
    record = record_of(checked, decision, FAILED, papers, [], [why])
    entry = _entry("", record, before.marks if before else b"")
    return Outcome(case_no=record["case"], entry=entry, state=FAILED, tier="待定", papers=len(papers))


def left_alone(case_no: str) -> Finding:
    """What is told of a case whose papers could not be made while those of the last run stand."""
    return Finding("W602", values={"case_no": case_no}, case_no=case_no)


def papers_of(entry: Entry) -> dict[str, str]:
    """The papers a record tells of: path → digest."""
    return {path: digest for _, path, digest, _ in json.loads(entry.record)["papers"]}


def _kept(checked: Checked, before: Entry) -> Outcome:
    record = json.loads(before.record)
    return Outcome(
        case_no=record["case"],
        entry=before,
        state=record["state"],
        tier=record["decision"]["tier"],
        papers=len(record["papers"]),
        is_kept=True,
        is_same=True,
    )


def _left_out(checked: Checked, decision: Decision, before: Entry | None) -> Outcome:
    """A case that was not asked for: what the last run made of it stands, else only its decision is told."""
    if before:
        return _kept(checked, before)
    record = record_of(checked, decision, SKIPPED, [], [], [])
    return Outcome(case_no=record["case"], entry=_entry("", record, b""), state=SKIPPED, tier=decision.tier)


def _entry(key: str, record: dict, mark: bytes) -> Entry:
    return Entry(key, json.dumps(record, ensure_ascii=False, separators=(",", ":"), default=str), mark)


def _listed(document: Document) -> list:
    return [document.form, document.path, shelf.digest(document.content), len(document.content)]


def payment(checked: Checked, outcome: Outcome) -> roster.Payment | None:
    """The line of the roster of a case, None when nothing is granted."""
    if checked.case is None or checked.case.aid_amount is None or outcome.state not in (MADE, SKIPPED):
        return None
    return roster.payment(checked.case, settled(json.loads(outcome.entry.record)))[0]
