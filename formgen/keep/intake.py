"""From the workbook to dossiers: each case with its papers, composed here or taken from a run, and its scans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from formgen import check, decide, law, masks, names, workdays
from formgen.check import Checked
from formgen.household import Case, Union
from formgen.keep import casefile, columns, pages, scans
from formgen.keep.dossier import Dossier, File, Paper, Taken
from formgen.keep.policy import Policy
from formgen.model import Decision, Finding, Place
from formgen.papers import compose, forms, leaks, notice, publicity, tags
from formgen.papers.forms import Form
from formgen.read import Book

_CODED = re.compile(r"(\d{2})-(.+)")
_OWN = frozenset(("98", "99"))  # cover and notes are drawn by the archive itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Where dossiers come from: the open workbook, the output folder of a run (None = compose here), the rules.

    ``rows`` are the Excel rows of the cases asked for, empty for all; ``fonds`` is for unions that name none.
    """

    book: Book
    folder: Path
    policy: Policy
    output: Path | None = None
    fonds: str = ""
    templates: Path | None = None
    rows: frozenset[int] = field(default_factory=frozenset)

    def dossiers(self) -> Iterator[Taken]:
        """Every household of the workbook, in sheet order. Raises FormgenError when law or templates are at fault."""
        current = law.load(self.book.standards, self.book.settings)
        known = forms.load(self.templates)
        papers = tuple(form for form in known if form.per in ("case", "union") and form.number not in _OWN)
        for checked in check.households(self.book):
            if not self.rows or checked.row in self.rows:
                yield self._taken(checked, current, papers)

    def _taken(self, checked: Checked, current: law.Law, papers: Sequence[Form]) -> Taken:
        if checked.case is None or not checked.is_valid:
            wrong = tuple(finding for finding in checked.findings if finding.is_error)
            return Taken(checked.case_no, None, (Finding("E720", Place(), {}, checked.case_no), *wrong))
        case, decision = checked.case, decide.judge(checked, current)
        if decision.status == "invalid":
            words = {"codes": "、".join(decision.findings)}
            return Taken(case.case_no, None, (Finding("E724", Place(), words, case.case_no),))
        made = self._printed(case) if self.output else self._composed(case, decision, papers)
        posted = next((form for form in papers if form.per == "union"), None)
        notices, told = self._posted(case, decision, posted) if posted else ((), ())
        scanned, found = self._scanned(case)
        days, unread = columns.days(case, is_1904=self.book.workbook.is_1904)
        dossier = self._dossier(case, decision, (*made, *notices, *scanned), days)
        return Taken(case.case_no, dossier, (*found, *unread), told)

    def _composed(self, case: Case, decision: Decision, papers: Sequence[Form]) -> tuple[Paper, ...]:
        context = tags.context(case, decision, union=self.book.unions.get(case.union or ""))
        made = []
        for form in papers:
            if form.per == "case" and form.is_due(decision, case):
                document, _ = compose.fill(form, context, case.case_no)
                if document is not None:
                    code = self.policy.forms.get(form.id) or _code(form.file, self.policy)
                    made.append(_paper(code, form.title, form.file, document.content, case))
        return tuple(made)

    def _posted(self, case: Case, decision: Decision, form: Form) -> tuple[tuple[Paper, ...], tuple[Finding, ...]]:
        """The union's notice with this household alone: the others posted on it have their own dossiers and periods.

        What is wrong with it is told; a withdrawn dossier that should hold one and cannot gets an error.
        """
        entry = publicity.entry(case, decision)
        if entry is None or case.notice_from is None:
            return (), ()
        try:
            notices, planned = notice.plan((entry,), self.book.unions)
        except workdays.UnknownYear as unknown:
            wrong = "E768" if case.withdrawn_on else "W726"
            place = Place(sheet="案件", heading="公示开始日期")
            return (), (Finding(wrong, place, {"year": str(unknown.year)}, case.case_no),)
        written, held = notice.write(form, notices, leaks.secrets(case))
        code = self.policy.forms.get(form.id) or _code(form.file, self.policy)
        papers = tuple(
            replace(_paper(code, f"{form.title}（本户摘录）", each.path, each.content, case), dated=case.notice_from)
            for each in written
        )
        return papers, tuple(replace(each, case_no=case.case_no) for each in (*planned, *held))

    def _printed(self, case: Case) -> tuple[Paper, ...]:
        """The papers that a run wrote; a PDF beside a docx of the same name is its print, not another paper."""
        folder = (self.output or Path()) / "案件" / names.safe(case.case_no)
        held = sorted(path for path in folder.glob("*.*") if path.suffix.lower() in (".docx", ".xlsx", ".pdf"))
        stems = {path.stem for path in held if path.suffix.lower() != ".pdf"}
        chosen = [path for path in held if path.suffix.lower() != ".pdf" or path.stem not in stems]
        return tuple(
            _paper(
                _code(path.name, self.policy),
                _title(path.name),
                path.name,
                path.read_bytes(),
                case,
                path.with_suffix(".pdf").read_bytes()
                if path.with_suffix(".pdf") in held and path.stem in stems
                else None,
            )
            for path in chosen
            if path.name[:2] not in _OWN
        )

    def _scanned(self, case: Case) -> tuple[tuple[Paper, ...], tuple[Finding, ...]]:
        if not case.attachments:
            return (), ()
        folder = (self.folder / case.attachments).resolve()
        if not folder.is_relative_to(self.folder.resolve()):
            return (), (Finding("E725", Place(heading="附件目录"), {}, case.case_no),)
        if not folder.is_dir():
            return (), (Finding("W722", Place(heading="附件目录"), {}, case.case_no),)
        return scans.papers(folder, self.policy, case.case_no)

    def _dossier(
        self, case: Case, decision: Decision, papers: tuple[Paper, ...], days: Mapping[str, date | None]
    ) -> Dossier:
        unions = self.book.unions
        keeper = _keeper(unions, case.union)
        return Dossier(
            case_no=case.case_no,
            case=casefile.record(case),
            title=f"{masks.name(case.name or '')}困难职工档案",
            papers=papers,
            applied_on=case.applied_on,
            filed_on=case.filed_on,
            withdrawn_on=case.withdrawn_on,
            withdrawal_reason=case.withdrawal_reason or "",
            withdrawal_approval=case.withdrawal_approval or "",
            fonds=(keeper.fonds if keeper else "") or self.fonds or str(self.policy.numbers["fonds"]),
            fonds_unit=(keeper.fonds_unit or keeper.name) if keeper else case.union or "",
            category=(keeper.category if keeper and keeper.category else str(self.policy.numbers["category"])),
            holders=_holders(unions, case.union),
            paper_changed_on=days["paper_changed_on"],
            electronic_changed_on=days["electronic_changed_on"],
            paid_on=case.paid_on,
            funds_entered_on=days["funds_entered_on"],
            notice_from=case.notice_from,
            notice_to=case.notice_to,
            accounting=columns.voucher(case),
            paper_place=case.extra.get(columns.PLACE, ""),
            predecessor=case.extra.get(columns.EARLIER, ""),
            decision=decide.as_json(decision),
        )


def _keeper(unions: Mapping[str, Union], name: str | None) -> Union | None:
    """The union, or the nearest one above it, that has its own fonds (全宗号); the union itself when none has."""
    first = union = unions.get(name or "")
    seen: set[str] = set()
    while union and not union.fonds and union.name not in seen:
        seen.add(union.name)
        union = unions.get(union.higher or "")
    return union if union and union.fonds else first


def _holders(unions: Mapping[str, Union], name: str | None) -> tuple[str, ...]:
    """Who keeps the paper originals: the grassroots union and the next one above it (第九条（一）)."""
    union = unions.get(name or "")
    return tuple(part for part in (name, union.higher if union else None) if part)


def _paper(code: str, title: str, name: str, content: bytes, case: Case, printed: bytes | None = None) -> Paper:
    ending = name.rpartition(".")[2].lower()
    return Paper(
        code=code,
        title=title,
        files=(File(f"original.{ending}", content, name),),
        dated=case.applied_on,
        pages=pages.count(name, content),
        responsible=case.union or "",
        printed=printed,
    )


def _code(name: str, policy: Policy) -> str:
    match = _CODED.match(name)
    return match[1] if match and match[1] in policy.materials and match[1] <= "10" else scans.OTHER


def _title(name: str) -> str:
    match = _CODED.fullmatch(name.rpartition(".")[0])
    return match[2] if match else name.rpartition(".")[0]
