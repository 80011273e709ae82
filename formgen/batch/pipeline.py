"""The whole run: a workbook goes in, a batch folder comes out. Running again is the same path as running once."""

from __future__ import annotations

import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

from formgen import batch, check, law, messages, read, write
from formgen.batch import basis, casework, chosen, conversion, diary, gaps, room, runfile, shelf, stamp, summary
from formgen.batch.casework import Outcome, Plan
from formgen.batch.journal import Journal, open_journal
from formgen.batch.lock import locked
from formgen.batch.records import FAILED, INVALID, MADE, SKIPPED, is_nameless, name_of
from formgen.batch.spool import Spool
from formgen.batch.tally import TOLD, UNKNOWN_TAG, Options, Tally, Watch
from formgen.check import Checked
from formgen.check.localrows import local_findings
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.papers import compose, forms, leaks
from formgen.papers.forms import Form
from formgen.papers.roster import Payment
from formgen.pdf import convert
from formgen.read import Book, Unreadable
from formgen.read.survey import number_key

GROUP = 64  # case folders a disk flush
AHEAD = 16  # cases under way for each worker


def run(workbook: Path, out: Path, options: Options, watch: Watch) -> Tally:
    """Make the batch of `workbook` in `out`, or what is left of it.

    Raises Unreadable when the workbook cannot be read or lacks a case that is asked for, NoSuchPaper when nobody knows
    a paper that is, both before anything is written; FormgenError when the disk or our own data fails: what was
    finished by then stands, and the next run goes on from there.
    """
    room.must_be_nameable(workbook)
    known = forms.load(near=workbook)
    _chosen(known, options)
    chosen.must_hold(workbook, options.only)
    if options.is_dry or not room.is_file(workbook):
        with tempfile.TemporaryDirectory(prefix="formgen-") as own, read.open_book(workbook, scratch=Path(own)) as book:
            return _Run(book, out, options, watch, known, workbook.parent).rehearse()
    notes = write.output_folder(out) / room.NOTES
    write.make_folder(notes)
    with locked(notes / "lock"), room.swept(out), room.scratch(out) as scratch, closing(diary.Diary(notes)) as log:
        copy = room.snapshot(workbook, scratch)
        with read.open_book(copy, scratch=scratch) as book, open_journal(notes / "journal.sqlite") as journal:
            log.say(f"{watch.now} {workbook.name} {book.digest[:16]} {book.total}")
            log.say(_whose(known[0].folder.parent))
            made = _Run(book, out, options, watch, known, workbook.parent, log).make(journal, scratch)
            if room.digest(workbook) != book.digest:
                made.findings.append(Finding("E602", Place(workbook.name), {"file": workbook.name}))
            log.say(f"{made.total} = {made.made} + {made.failed} + {made.skipped}; {watch.seconds():.1f} s")
            log.latest(made, watch.seconds())
            return made


class NoSuchPaper(Unreadable):
    """A paper was asked for that there is not."""


class _Run:
    """One run over one open workbook."""

    def __init__(
        self,
        book: Book,
        out: Path,
        options: Options,
        watch: Watch,
        known: tuple[Form, ...],
        base: Path,
        log: diary.Diary | None = None,
    ) -> None:
        self.diary = log
        self.staged: dict[Path, Path] = {}  # case folders that wait for their names
        self.held = 0  # cases since the last disk flush
        self.basis: list = []
        self.book, self.out, self.options, self.watch = book, out, options, watch
        self.done = Tally(total=book.total, findings=list(book.findings))
        self.law = law.load(book.standards, book.settings)
        self.done.findings += local_findings(book, self.law)
        self.added = frozenset(book.tabs["case"].heading.unknown.values())
        self.only = chosen.rows(book, options.only)
        self.done.chosen = len(self.only) or book.total
        self.titles = {form.file: form.title for form in known} | {
            str(Path(form.file).with_suffix(".pdf")): form.title for form in known if form.kind == "docx"
        }
        self.stamps = stamp.forms(known)
        papers = _chosen(known, options)
        self.fonts = stamp.fonts(papers, is_pdf=options.is_pdf)
        ids = sorted(form.id for form in papers)
        told = (self.stamps, self.fonts, self.law.digest, self._unions(), ids, options.missing)
        self.plan = Plan(
            out=out,
            forms=known,
            chosen=frozenset(ids),
            standards=book.standards,
            settings=book.settings,
            unions=book.unions,
            columns=gaps.columns(book),
            stamp=stamp.whole(*told, options.is_pdf and conversion.stamp()),
            base=base,
            missing=options.missing,
            is_pdf=options.is_pdf and not options.is_dry,
            is_dry=options.is_dry,
        )

    def rehearse(self) -> Tally:
        """Go through every case in memory; nothing is written."""
        self._open_shop()
        self._work(batch.Alone(), None, lambda checked, outcome: None)
        return self.done

    def make(self, journal: Journal, scratch: Path) -> Tally:
        """Make every case that is not as it should be, then what the cases have in common."""
        self._must_belong(journal)
        self._open_shop()
        before, now = journal.recall("basis"), basis.told(self.stamps, self.law.digest, self.book.unions, self.fonts)
        self._say(basis.changes(before, now, self.plan.forms))
        self.basis = before if self.only else now  # the cases that nobody asked for are still of the old
        self._need_space(journal)
        write.remove(self.out / runfile.NAME)  # a batch without run.json is not finished
        journal.unplace()
        with (
            closing(Spool[tuple](scratch / "secrets")) as secrets,
            closing(Spool[Payment](scratch / "payments")) as paid,
            self._crew(scratch) as crew,
        ):
            self._work(crew, journal, lambda checked, outcome: _keep(checked, outcome, secrets, paid))
            self._settle(journal)
            if not self.done.is_interrupted:
                if not self.only:
                    self._take_away(journal)
                summary.put(self._common(crew, scratch), journal, secrets, paid)
        return self.done

    def _open_shop(self) -> None:
        """Compile every template: a fault in our own stops everything before the first page, a slow one is told."""
        casework.open_shop(self.plan)
        for form in self.plan.forms:
            if form.id in self.plan.chosen and form.kind == "docx" and form.template:
                self.done.findings += compose.template(form.template).findings

    def _common(self, crew: Executor, scratch: Path) -> summary.Common:
        return summary.Common(
            out=self.out,
            scratch=scratch,
            book=self.book,
            plan=self.plan,
            forms=self.stamps,
            fonts=self.fonts,
            law=self.law.digest,
            basis=self.basis,
            findings=self.done.findings,
            crew=crew if isinstance(crew, batch.Crew) else None,
        )

    def _crew(self, scratch: Path) -> Executor:
        jobs = min(self.options.jobs, max(1, self.book.total))
        hired = partial(batch.Crew, jobs, casework.open_branch, (self.plan, scratch), farewell=convert.end_all)
        crew = hired() if jobs > 1 else batch.Alone()
        return conversion.together(crew, self.book.total, jobs) if self.plan.is_pdf else crew

    def _work(self, crew: Executor, journal: Journal | None, keep: Callable[[Checked, Outcome], None]) -> None:
        pending: deque[Checked] = deque()
        step: Callable = conversion.work if self.plan.is_pdf else casework.work
        futures = batch.in_order(crew, self._tasks(journal, pending), step, ahead=AHEAD * self.options.jobs)
        for position, future in enumerate(futures):
            checked = pending.popleft()
            outcome = self._outcome(checked, future, journal)
            keep(checked, outcome)
            if journal:
                self._note(journal, position, outcome)
            self._count(outcome, is_wanted=self._is_wanted(checked))
            self.watch.tell(position + 1, self.done.total)

    def _tasks(self, journal: Journal | None, pending: deque[Checked]) -> Iterator[tuple]:
        for checked in check.households(self.book):
            if self.watch.is_stopped():
                self.done.is_interrupted = True
                return
            pending.append(checked)
            before = journal.entry(name_of(checked)) if journal else None
            yield checked, before, self._is_wanted(checked)

    def _is_wanted(self, checked: Checked) -> bool:
        return not self.only or checked.row in self.only

    def _outcome(self, checked: Checked, future: Future[Outcome], journal: Journal | None) -> Outcome:
        """What came of a case. Raises FormgenError when the disk or our own data failed."""
        place = Place(self.book.name, "案件", f"A{checked.row}")
        try:
            return future.result()
        except write.Held as error:
            why = replace(error.finding, place=place, case_no=checked.case_no)
        except FormgenError as error:
            done = {"done": str(sum(self.done.states.values())), "total": str(self.done.total)}
            raise FormgenError(error.finding, Finding("I629", values=done)) from error
        except batch.Crashed as error:
            self.done.has_bug = True
            why = Finding("E603", place, {"where": str(error)}, checked.case_no)
        except batch.Killed:
            why = Finding("E604", place, {}, checked.case_no)
        return casework.failure(checked, why, journal.entry(name_of(checked)) if journal else None)

    def _note(self, journal: Journal, position: int, outcome: Outcome) -> None:
        """Keep the record of a case; with its group it reaches the disk, papers before records."""
        if outcome.is_kept:
            journal.place(outcome.case_no, position)
        else:
            journal.note(outcome.case_no, position, outcome.entry)
        self.staged.update(outcome.staged)
        self.held += 1
        if self.held >= GROUP:
            self._settle(journal)

    def _settle(self, journal: Journal) -> None:
        write.settle(self.staged)
        self.staged.clear()
        self.held = 0
        journal.flush()

    def _count(self, outcome: Outcome, *, is_wanted: bool) -> None:
        done = self.done
        done.states[outcome.state if is_wanted else SKIPPED] += 1
        done.tiers[outcome.tier] += 1
        if not is_wanted:
            return
        done.kept += outcome.is_kept and outcome.state == MADE
        done.same += outcome.is_same and outcome.state == MADE
        done.papers += outcome.papers
        aside = [Finding("W601", values={"path": path}, case_no=outcome.case_no) for path in outcome.aside]
        done.findings += aside
        self._log(aside)
        self._say(list(diary.changes(outcome, self.titles)))
        if f'"{UNKNOWN_TAG}"' in outcome.entry.record:
            done.wonder(json.loads(outcome.entry.record), self.added)
        done.warn(outcome.entry.record)
        if outcome.state in (INVALID, FAILED):
            done.blame(json.loads(outcome.entry.record))

    def _say(self, found: list[Finding]) -> None:
        self._log(found)
        self.done.told += found[: max(0, TOLD - len(self.done.told))]

    def _log(self, found: Iterable[Finding]) -> None:
        if self.diary:
            for finding in found:
                self.diary.say(diary.sentence(finding))

    def _take_away(self, journal: Journal) -> None:
        """Take away the papers of cases that are no longer in the workbook."""
        for case_no in journal.gone():
            entry = journal.entry(case_no)
            papers = casework.papers_of(entry) if entry else {}
            for folder in sorted({str(Path(path).parent.as_posix()) for path in papers}):
                shelf.clear(self.out, folder, {Path(path).name for path in papers}, papers)
            journal.forget(case_no)
            if papers:
                self._say([Finding("I604", values={"case_no": case_no})])
        journal.flush()

    def _must_belong(self, journal: Journal) -> None:
        """Raise FormgenError when the folder holds the batch of quite another workbook."""
        known = [case_no for case_no in journal.case_numbers() if not is_nameless(case_no)]
        if known and not any(number_key(case_no) in self.book.survey.index for case_no in known):
            raise FormgenError(Finding("E625", values={"folder": self.out.name, "workbook": self.book.name}))

    def _need_space(self, journal: Journal) -> None:
        """Raise FormgenError when the disk cannot hold about what is still to be made."""
        sizes = [f.template.stat().st_size for f in self.plan.forms if f.per == "case" and f.template]
        left = max(0, self.book.total - journal.count()) if not self.only else len(self.only)
        write.need_space(self.out, left * sum(sizes) + (1 << 20))

    def _unions(self) -> list[str]:
        return [repr(union) for union in self.book.unions.values()]


def _whose(templates: Path) -> str:
    """For the log: whether the papers are those of the program or of a folder of one's own, without where it lies."""
    is_ours = templates == forms.home()
    return messages.words("I631") if is_ours else messages.words("I608", {"folder": templates.name})


def _chosen(known: tuple[Form, ...], options: Options) -> tuple[Form, ...]:
    """The papers that are asked for. Raises NoSuchPaper."""
    unknown = sorted((options.papers or frozenset()) - {form.id for form in known})
    if unknown:
        finding = Finding("E605", values={"form": unknown[0], "known": "、".join(form.id for form in known)})
        raise NoSuchPaper((finding,))
    return tuple(form for form in known if options.papers is None or form.id in options.papers)


def _keep(checked: Checked, outcome: Outcome, secrets: Spool[tuple], payments: Spool[Payment]) -> None:
    """Put aside what the shared papers need of a case and no record may hold."""
    if checked.case:
        secrets.add(leaks.secrets(checked.case))
    if payment := casework.payment(checked, outcome):
        payments.add(payment)
