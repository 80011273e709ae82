"""One run of the archive: dossiers in, bags out; closed ones sealed under a number, open ones as working bags."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from formgen import bag, write
from formgen.keep import bundle, chain, register, retention
from formgen.keep.bundle import Built
from formgen.keep.dossier import Dossier, Taken
from formgen.keep.register import DESTROYED, SEALED, TAKEN, Entry, Register
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

BLOCK = 100  # bags between two writings of the register


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


class Archivist:
    """Takes dossiers into one repository. ``at`` is the time of the run as the log writes it."""

    def __init__(self, repository: Repository, *, at: str, supplement: bool = False) -> None:
        self.repository, self.at, self.supplement = repository, at, supplement
        for folder in (repository.root, repository.register):
            write.make_folder(folder)
        self.register = register.load(repository.register / "numbers.csv")
        self._logged: list[dict[str, object]] = []
        self._adopt()

    def take_in(self, taken: Iterable[Taken], tell: Callable[[int], None] = lambda done: None) -> Summary:
        """Archive every dossier. Raises FormgenError when the disk refuses; what was sealed until then is kept."""
        summary = Summary()
        try:
            for done, each in enumerate(taken, start=1):
                self._take(each, summary)
                tell(done)
                if len(self._logged) >= BLOCK:
                    self._settle()
        finally:
            self._settle()
        return summary

    def _take(self, taken: Taken, summary: Summary) -> None:
        summary.findings += taken.findings
        dossier = taken.dossier
        refusals = bundle.refusals(dossier) if dossier else ()
        summary.findings += refusals
        if dossier is None or refusals or any(finding.is_error for finding in taken.findings):
            summary.refused.append(taken.case_no)
        elif dossier.is_open:
            self._work(dossier, summary)
        else:
            self._seal(dossier, summary)

    def _work(self, dossier: Dossier, summary: Summary) -> None:
        """A working bag is made anew each time: it has no number and promises nothing."""
        target = self.repository.working / bundle.working_name(dossier.case_no)
        shutil.rmtree(target, ignore_errors=True)
        self._build(target, dossier, "")
        summary.working.append(dossier.case_no)

    def _seal(self, dossier: Dossier, summary: Summary) -> None:
        day = str(dossier.withdrawn_on)
        entry = self.register.of_case(dossier.case_no, day)
        if entry is None:
            last = str(retention.retention(dossier.withdrawn_on, self.repository.policy.years).last_day)
            fonds, category = dossier.fonds, dossier.category
            policy = self.repository.policy
            entry = self.register.take(dossier.case_no, day, last, fonds=fonds, category=category, policy=policy)
        if fonds_is_unknown(dossier, self.repository):
            summary.findings.append(Finding("W721", Place(), {"number": entry.number}, dossier.case_no))
        if entry.state == DESTROYED:
            summary.findings.append(Finding("W723", Place(), {"number": entry.number}, dossier.case_no))
            summary.refused.append(dossier.case_no)
        elif entry.state == SEALED:
            self._compare(dossier, entry, summary)
        else:
            self._new(dossier, entry, summary)

    def _new(self, dossier: Dossier, entry: Entry, summary: Summary) -> None:
        target = self.repository.bag(entry.number)
        shutil.rmtree(target, ignore_errors=True)  # taken but not sealed: an interrupted run left it
        built = self._build(target, _linked(dossier, entry), entry.number)
        self._sealed(entry, built)
        summary.sealed.append(entry.number)

    def _compare(self, dossier: Dossier, entry: Entry, summary: Summary) -> None:
        """A sealed bag is never touched; what differs now is told, and becomes a supplement when that is wished."""
        target = self.repository.bag(entry.number)
        problem = _problem(target, entry)
        if problem:
            summary.findings.append(Finding(problem, Place(entry.number), {}, dossier.case_no))
            summary.refused.append(dossier.case_no)
            return
        fresh = self._fresh(dossier, entry)
        if fresh is None:
            summary.unchanged.append(entry.number)
        elif self.supplement:
            self._supplement(fresh, entry, summary)
        else:
            summary.findings.append(Finding("W720", Place(), {"number": entry.number}, dossier.case_no))
            summary.unchanged.append(entry.number)

    def _fresh(self, dossier: Dossier, entry: Entry) -> Dossier | None:
        """The dossier with only what neither the sealed bag nor a supplement holds; None when there is nothing new."""
        held = [entry, *(e for e in self.register if e.number.startswith(f"{entry.number}-S") and e.state == SEALED)]
        case = chain.canonical(dossier.case) + b"\n"
        is_known = False
        for one in held:
            folder = self.repository.year(register.parsed(one.number).year) / register.folder_name(one.number)
            dossier = bundle.changed_papers(folder, dossier)
            is_known = is_known or (folder / "data/export/case.json").read_bytes() == case
        return None if is_known and not dossier.papers else dossier

    def _supplement(self, fresh: Dossier, entry: Entry, summary: Summary) -> None:
        taken = [e.number for e in self.register if e.number.startswith(f"{entry.number}-S")]
        number = f"{entry.number}-S{len(taken) + 1:02d}"
        added = replace(entry, number=number, state=TAKEN, digest="", continues=entry.number)
        self.register.put(added)
        target = self.repository.year(register.parsed(number).year) / register.folder_name(number)
        built = self._build(target, replace(fresh, predecessor=entry.number), number)
        self._sealed(added, built)
        summary.supplements.append(number)

    def _build(self, target: Path, dossier: Dossier, number: str) -> Built:
        size = sum(_size(file.content) for paper in dossier.papers for file in paper.files)
        write.need_space(self.repository.root, 2 * size + 2**20)
        return bundle.build(target, dossier, number, self.repository.policy)

    def _sealed(self, entry: Entry, built: Built) -> None:
        pages = "" if built.pages is None else str(built.pages)
        sealed = replace(entry, state=SEALED, items=str(built.items), pages=pages, digest=built.digest)
        self.register.put(sealed)
        self._logged.append(
            {"at": self.at, "event": "封存", "档号": entry.number, "件数": built.items, "包摘要": built.digest}
        )

    def _settle(self) -> None:
        """Bags reach the disk before the log says so, and the log before the register does."""
        if hasattr(os, "sync"):
            os.sync()
        if self._logged:
            chain.append(self.repository.log("custody"), *self._logged)
            self._logged.clear()
        self.register.save()

    def _adopt(self) -> None:
        """Take up the numbers of bags that an interrupted run made and did not register."""
        for year in self.repository.years():
            write.sweep(self.repository.year(year))
            for folder in self.repository.bags(year):
                number = register.written(folder.name)
                if register.is_number(folder.name) and self.register.get(number) is None:
                    self.register.put(_found(folder, number))


def fonds_is_unknown(dossier: Dossier, repository: Repository) -> bool:
    """Whether the number had to be taken without a 全宗号 of the keeping union."""
    return dossier.fonds == str(repository.policy.numbers["fonds"])


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
        return "" if bundle.digest(target) == entry.digest else "E732"
    except OSError:
        return "E730"


def _linked(dossier: Dossier, entry: Entry) -> Dossier:
    return replace(dossier, predecessor=dossier.predecessor or entry.continues)


def _size(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


__all__ = ["Archivist", "Register", "Summary"]
