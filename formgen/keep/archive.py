"""One run of the archive: dossiers in, bags out; closed ones sealed under a number, open ones as working bags."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from formgen import bag, write
from formgen.keep import bundle, chain, fitness, history, pages, policy, proof, readiness, register, retention, slips
from formgen.keep.dossier import Dossier, Taken
from formgen.keep.register import DESTROYED, SEALED, TAKEN, Entry, Register
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

BLOCK = 100  # bags between two writings of the register
GROUP = 8  # households whose papers go through LibreOffice together


@dataclass(slots=True, kw_only=True)
class Summary:
    """What a run did, by number or case; the counts add up to the households of the workbook."""

    sealed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    supplements: list[str] = field(default_factory=list)
    working: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The number of households met."""
        return sum(map(len, (self.sealed, self.unchanged, self.supplements, self.working, self.refused)))


@dataclass(frozen=True, slots=True)
class Job:
    """A bag to be built: where, from what, under which entry of the register (None for a working bag)."""

    target: Path
    dossier: Dossier
    entry: Entry | None

    @property
    def number(self) -> str:
        """The archive number, empty for a working bag."""
        return self.entry.number if self.entry else ""


class Archivist:
    """Takes dossiers into one repository. ``at`` is the time of the run as the log writes it.

    With ``convert`` what is sealed gets a PDF/A-2b beside each paper where this machine can make one. ``fonds`` is the
    全宗号 that was given by hand; the repository remembers it as soon as the first number is taken under it.
    """

    def __init__(
        self, repository: Repository, *, at: str, supplement: bool = False, convert: bool = True, fonds: str = ""
    ) -> None:
        self.repository, self.at, self.supplement, self.convert = repository, at, supplement, convert
        self.fonds = fonds
        for folder in (repository.root, repository.register):
            write.make_folder(folder)
        self.register = register.load(repository.register / "numbers.csv")
        self._logged: list[Mapping[str, object]] = []
        self._restore()
        self._adopt()

    def take_in(self, taken: Iterable[Taken], tell: Callable[[int], None] = lambda done: None) -> Summary:
        """Archive every dossier. Raises FormgenError when the disk refuses; what was sealed until then is kept."""
        summary, done, feed = Summary(), 0, iter(taken)
        try:
            while group := list(islice(feed, GROUP)):
                jobs = [job for each in group if (job := self._job(each, summary))]
                self._make(jobs)
                done += len(group)
                tell(done)
                if len(self._logged) >= BLOCK:
                    self._settle()
        finally:
            self._settle()
        return summary

    def _job(self, taken: Taken, summary: Summary) -> Job | None:
        """What is to be built for one household; None when it is refused or as it was. The summary is told."""
        dossier = taken.dossier
        told = (*taken.findings, *self._of_notice(taken))
        refusals = (*bundle.refusals(dossier), *self._too_early(dossier)) if dossier else ()
        summary.findings += (*told, *refusals)
        if dossier is None or refusals or any(finding.is_error for finding in told):
            summary.refused.append(taken.case_no)
            return None
        if dossier.is_open:
            summary.working.append(dossier.case_no)
            return Job(self.repository.working / bundle.working_name(dossier.case_no), dossier, None)
        return self._sealing(dossier, summary)

    def _of_notice(self, taken: Taken) -> tuple[Finding, ...]:
        """What is said of a household's notice: a sealed bag holds what it holds, so its faults are only told there."""
        dossier = taken.dossier
        known = self.register.of_case(dossier.case_no, str(dossier.withdrawn_on)) if dossier else None
        if known is None or known.state == TAKEN or not any(finding.is_error for finding in taken.notice):
            return taken.notice
        codes = "、".join(sorted({finding.code for finding in taken.notice if finding.is_error}))
        return (Finding("W728", Place(), {"number": known.number, "codes": codes}, taken.case_no),)

    def _too_early(self, dossier: Dossier) -> tuple[Finding, ...]:
        """A withdrawal that lies ahead seals nothing yet."""
        if dossier.withdrawn_on is None or str(dossier.withdrawn_on) <= self.at[:10]:
            return ()
        return (Finding("E726", Place(heading="撤档日期"), {"day": str(dossier.withdrawn_on)}, dossier.case_no),)

    def _sealing(self, dossier: Dossier, summary: Summary) -> Job | None:
        known = self.register.of_case(dossier.case_no, str(dossier.withdrawn_on)) or self._same(dossier, summary)
        if (known is None or known.state == TAKEN) and (refused := self._not_ready(dossier, known)):
            summary.findings += refused
            summary.refused.append(dossier.case_no)
            return None
        if known is None:
            summary.findings += readiness.warnings(dossier)
        entry = known or self._entry(dossier)
        if entry.state == DESTROYED:
            summary.findings.append(Finding("W723", Place(), {"number": entry.number}, dossier.case_no))
            summary.refused.append(dossier.case_no)
            return None
        if entry.state == SEALED:
            self._drop_working(dossier)
            return self._compare(dossier, entry, summary)
        summary.sealed.append(entry.number)
        return Job(self.repository.bag(entry.number), _linked(dossier, entry), entry)

    def _same(self, dossier: Dossier, summary: Summary) -> Entry | None:
        """The sealed entry of the same dossier under another day of withdrawal; None when there is none.

        A household that was on file again has applied again, after the withdrawal. Else the day was corrected in the
        register of cases, and the sealed bag stays what it is.
        """
        began = max((str(day) for day in (dossier.applied_on, dossier.filed_on) if day), default="")
        sealed = self.register.latest(dossier.case_no)
        if sealed is None or sealed.state == TAKEN or not began or sealed.withdrawn_on < began:
            return None
        values = {"number": sealed.number, "before": sealed.withdrawn_on, "now": str(dossier.withdrawn_on)}
        summary.findings.append(Finding("W750", Place(heading="撤档日期"), values, dossier.case_no))
        return sealed

    def _not_ready(self, dossier: Dossier, known: Entry | None) -> tuple[Finding, ...]:
        """Why a dossier is not sealed: it is not ready to get a number, or a paper of it cannot be kept."""
        rules = self.repository.policy
        return (*(() if known else readiness.refusals(dossier, rules)), *fitness.refusals(dossier, rules))

    def _entry(self, dossier: Dossier) -> Entry:
        """A new number for a closed dossier."""
        rules = self.repository.policy
        if self.fonds and dossier.fonds == self.fonds != rules.numbers["fonds"]:
            policy.remember_fonds(self.repository.settings, self.fonds)
            self.fonds = ""
        last = str(retention.retention(dossier.withdrawn_on, rules.years).last_day)
        where = {"fonds": dossier.fonds, "category": dossier.category}
        return self.register.take(dossier.case_no, str(dossier.withdrawn_on), last, policy=rules, **where)

    def _make(self, jobs: Sequence[Job]) -> None:
        """Build a group: the papers and slips of all that are to be sealed are converted in two calls together."""
        closed = [job for job in jobs if job.entry] if self.convert else []
        pages_of = dict(zip(map(id, closed), pages.of_dossiers([job.dossier for job in closed]), strict=True))
        ready = [replace(job, dossier=pages_of.get(id(job), job.dossier)) for job in jobs]
        drawn = [bundle.drawn_slips(job.dossier, job.number, self.repository.policy) for job in ready]
        wanted = {
            f"{at}-{name.replace('docx', 'pdf')}": (f"{job.number} {slips.TITLES[name]}", content)
            for at, job in enumerate(ready)
            if job.entry and self.convert
            for name, content in drawn[at].items()
        }
        for key, content in pages.of_slips(wanted).items() if wanted else ():
            at, name = key.split("-", 1)
            drawn[int(at)][name] = content
        for job, own in zip(ready, drawn, strict=True):
            self._build(job, own)

    def _compare(self, dossier: Dossier, entry: Entry, summary: Summary) -> Job | None:
        """A sealed bag is never touched; what differs now is told, and becomes a supplement when that is wished."""
        if problem := _problem(self.repository.bag(entry.number), entry):
            summary.findings.append(Finding(problem, Place(entry.number), {}, dossier.case_no))
            summary.refused.append(dossier.case_no)
            return None
        fresh = self._fresh(dossier, entry)
        if fresh and self.supplement and (unfit := fitness.refusals(fresh, self.repository.policy)):
            summary.findings += unfit
            summary.refused.append(dossier.case_no)
            return None
        if fresh is not None and self.supplement:
            return self._supplement(fresh, entry, summary)
        if fresh is not None:
            summary.findings.append(Finding("W720", Place(), {"number": entry.number}, dossier.case_no))
        summary.unchanged.append(entry.number)
        return None

    def _fresh(self, dossier: Dossier, entry: Entry) -> Dossier | None:
        """The dossier with only what neither the sealed bag nor a supplement holds; None when there is nothing new."""
        held = [entry, *(each for each in self._supplements(entry) if each.state == SEALED)]
        case = chain.canonical(dossier.case) + b"\n"
        is_known = False
        for one in held:
            folder = self.repository.year(register.parsed(one.number).year) / register.folder_name(one.number)
            dossier = bundle.changed_papers(folder, dossier)
            is_known = is_known or (folder / "data/export/case.json").read_bytes() == case
        return None if is_known and not dossier.papers else dossier

    def _supplements(self, entry: Entry) -> tuple[Entry, ...]:
        return tuple(each for each in self.register.family(entry.number) if register.is_supplement(each.number))

    def _supplement(self, fresh: Dossier, entry: Entry, summary: Summary) -> Job:
        taken = self._supplements(entry)
        begun = next((e.number for e in taken if e.state == TAKEN), None)  # an interrupted run left it
        number = begun or f"{entry.number}-S{len(taken) + 1:02d}"
        last = str(retention.retention(fresh.withdrawn_on, self.repository.policy.years).last_day)
        added = replace(entry, number=number, state=TAKEN, digest="", continues=entry.number, last_day=last)
        self.register.put(added)
        summary.supplements.append(number)
        return Job(self.repository.bag(number), replace(fresh, predecessor=entry.number), added)

    def _build(self, job: Job, own: Mapping[str, bytes]) -> None:
        """Make one bag. What is not sealed yet, a working bag or a bag an interrupted run left, is made anew."""
        size = sum(_size(file.content) for paper in job.dossier.papers for file in paper.files)
        write.need_space(self.repository.root, 2 * size + 2**20)
        shutil.rmtree(job.target, ignore_errors=True)
        built = bundle.build(job.target, job.dossier, job.number, self.repository.policy, own)
        if job.entry is None:
            return
        counted = "" if built.pages is None else str(built.pages)
        sealed = replace(job.entry, state=SEALED, items=str(built.items), pages=counted, digest=built.digest)
        self.register.put(sealed)
        self._logged.append(history.sealing(sealed, self.at))
        self._drop_working(job.dossier)

    def _drop_working(self, dossier: Dossier) -> None:
        """A sealed dossier has no working bag any more: a copy nobody knows of would outlive the dossier."""
        write.remove_folder(self.repository.working / bundle.working_name(dossier.case_no))

    def _settle(self) -> None:
        """Bags reach the disk before the log says so, and the log before the register does."""
        if hasattr(os, "sync"):
            os.sync()
        if self._logged:
            chain.append(self.repository.log("custody"), *self._logged)
            self._logged.clear()
        self.register.save()

    def _restore(self) -> None:
        """Enter what the log knows as sealed and the register does not: a crash came between, or a row was edited.

        So no sealed bag is ever made anew, and no number is given out twice.
        """
        destroyed = history.gone(self.repository)
        for number, stated in dict(history.sealings(self.repository)).items():
            entry = self.register.get(number)
            if entry is None or not history.agrees(entry, stated, is_gone=number in destroyed):
                known = entry or _found(self.repository.bag(number), number)
                state = DESTROYED if number in destroyed else SEALED
                self.register.put(replace(known, state=state, **stated))

    def _adopt(self) -> None:
        """Take up the numbers of bags that an interrupted run made and did not log."""
        for year in self.repository.years():
            write.sweep(self.repository.year(year))
            for folder in self.repository.bags(year):
                number = register.written(folder.name)
                if register.is_number(folder.name) and self.register.get(number) is None:
                    self.register.put(_found(folder, number))


def _found(folder: Path, number: str) -> Entry:
    info = bag.validate(folder, digest=False).info
    try:
        case_no = json.loads((folder / "data/export/case.json").read_bytes())["案件"]["档案编号"]
    except (OSError, ValueError, KeyError):
        case_no = ""
    return Entry(
        number=number,
        case_no=case_no,
        withdrawn_on=info.get("Retention-Start") or "",
        last_day=info.get("Retention-Last-Day") or "",
    )


def _problem(target: Path, entry: Entry) -> str:
    try:
        return "" if proof.digest(target) == entry.digest else "E732"
    except OSError:
        return "E730"


def _linked(dossier: Dossier, entry: Entry) -> Dossier:
    return replace(dossier, predecessor=dossier.predecessor or entry.continues)


def _size(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


__all__ = ["Archivist", "Register", "Summary"]
