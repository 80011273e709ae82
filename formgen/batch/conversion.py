"""The papers of several cases as PDF, made together (``run --pdf``), and none made again that comes from the same.

LibreOffice takes a second to start and a tenth for a paper, so the cases of a run are worked on in groups.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path

from formgen import batch
from formgen.batch import casework, copies, shelf
from formgen.batch.casework import Draft, Outcome, Plan
from formgen.batch.together import Together
from formgen.model import Document, Finding
from formgen.pdf import convert, fontconfig, fonts, reading
from formgen.word import proof

_ABSENT = ("E440", "E441")
GROUP = 8  # cases converted together: about sixty papers


def work(tasks: Sequence[tuple]) -> list[Outcome | BaseException]:
    """The work on several cases in a process that is set up, each as ``casework.work`` would do it, and their PDFs."""
    shop = casework.shop()
    begun = [shop.begin(*task) for task in tasks]
    _add_copies(shop.plan, [draft for draft in begun if isinstance(draft, Draft) and _is_wanted(shop.plan, draft)])
    return [_finished(shop, each) if isinstance(each, Draft) else each for each in begun]


def together(crew: Executor, total: int, jobs: int) -> Executor:
    """The crew of ``jobs`` as ``work`` wants it: in groups, but so that everybody has something to do."""
    return Together(crew, max(1, min(GROUP, -(-total // jobs))))


def _finished(shop: casework.Workshop, draft: Draft) -> Outcome | BaseException:
    """What came of the case; a failure is an answer too: the cases before it are on disk, not to be done again."""
    outcome, failed = batch.answer(shop.finish, (draft,), {})
    return failed or outcome  # type: ignore[return-value]


def _is_wanted(plan: Plan, draft: Draft) -> bool:
    return plan.missing != "error" or not any(finding.is_error for finding in draft.found)


def _add_copies(plan: Plan, drafts: Sequence[Draft]) -> None:
    """Give each case the PDFs of its Word papers: those of the last run that come from the same, the others new."""
    titles = {form.id: form.title for form in plan.forms}
    waiting: list[list[Document]] = []
    for draft in drafts:
        asked = [document for document in draft.documents if document.path.endswith(".docx")]
        draft.sources = {copies.path_of(document): _source(document, titles[document.form]) for document in asked}
        old = {document.path: _standing(plan.out, draft, copies.path_of(document)) for document in asked}
        waiting.append([document for document in asked if old[document.path] is None])
        draft.documents += [
            replace(document, path=copies.path_of(document), content=content)
            for document in asked
            if (content := old[document.path]) is not None
        ]
    owners = {document.path: draft for draft, asked in zip(drafts, waiting, strict=True) for document in asked}
    if convert.program() is not None:  # without it each case is told of its own papers
        waiting = [[document for asked in waiting for document in asked]]
    for asked in filter(None, waiting):
        made, findings = copies.of(asked, titles=titles)
        words = {document.path: document for document in asked}
        for document in made:
            word = copies.word_path_of(document)
            owner = owners[word]
            wrong = _proved(owner, words[word], document)
            owner.lost += [replace(finding, case_no=owner.checked.case_no) for finding in wrong]
            owner.documents += [] if wrong else [document]
        for finding in findings:
            owner = owners[finding.place.file or asked[0].path]
            owner.lost.append(replace(finding, case_no=owner.checked.case_no))


def _proved(draft: Draft, word: Document, made: Document) -> tuple[Finding, ...]:
    """What is wrong with a PDF: it does not print the numbers of its case and its person where the Word paper does."""
    case = draft.checked.case
    numbers = [number for number in (case.case_no, case.id_number) if number] if case else []
    printed = [number for number in numbers if not _lacks(word, number)]
    return tuple(finding for number in printed for finding in _lacks(made, number))


def _lacks(document: Document, number: str) -> tuple[Finding, ...]:
    return tuple(each for each in proof.prove(document, [number], pdf_text=reading.printed) if each.code in _ABSENT)


def _source(document: Document, title: str) -> str:
    """The digest of all that the PDF of a Word paper comes from."""
    return hashlib.sha256(f"{stamp()}\0{title}\0{shelf.digest(document.content)}".encode()).hexdigest()


def _standing(out: Path, draft: Draft, path: str) -> bytes | None:
    """The PDF of the last run, None when it came from something else or is not as it was made."""
    if casework.sources_of(draft.before).get(path) != draft.sources[path] or draft.before is None:
        return None
    digest = casework.papers_of(draft.before).get(path, "")
    return (out / path).read_bytes() if shelf.is_intact(out, [(path, digest)]) else None


@cache
def stamp() -> str:
    """The digest of what turns Word papers into PDF: our own part of it, the fonts, LibreOffice; empty without it."""
    program = convert.program()
    if program is None:
        return ""
    told = [*_code(), *_office(Path(program).resolve()), metadata.version("pypdf")]
    told += [str(fonts.inventory()), fontconfig.configuration(Path("cache"))]
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def _code() -> Iterator[str]:
    for path in sorted(Path(convert.__file__).parent.glob("*.py")):
        yield shelf.digest(path.read_bytes())


def _office(program: Path) -> Iterator[str]:
    """Size and hour of the files that every other version of LibreOffice has otherwise."""
    for path in (program, program.with_name("soffice.bin"), program.with_name("versionrc")):
        if path.is_file():
            yield f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}"
