"""汇总/问题清单.xlsx, the annotated copy of the workbook, written while the other sums of a batch are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

from formgen import annotate, batch, write
from formgen.annotate.notes import Notes
from formgen.messages import FormgenError
from formgen.read import Book
from formgen.read.sheets import open_tabs
from formgen.xlsx import Workbook
from formgen.xlsx.sheetxml import Layout

#: by the clerk's title of a sheet: what the survey learned of it
Surveyed = Mapping[str, tuple[Layout | None, int]]


@contextmanager
def written(target: Path, book: Book, notes: Notes, crew: Executor | None) -> Iterator[None]:
    """Have the copy written by one of the crew during the block, without a crew before it. Raises FormgenError."""
    if crew is None:
        _put(target, book, notes)
        yield
        return
    surveyed = {title: (tab.layout, tab.width) for title, tab in book.titled.items()}
    waiting = crew.submit(put, target, book.path, notes, surveyed)
    try:
        yield
    except FormgenError:
        waiting.exception()  # it reads the file of the notes; nobody may take that away before
        raise
    try:
        waiting.result()
    except batch.Killed:
        _put(target, book, notes)


def put(target: Path, path: Path, notes: Notes, surveyed: Surveyed) -> None:
    """Write the copy of the workbook at ``path`` in a process that has not opened it. Raises FormgenError."""
    with notes, Workbook(path) as workbook, write.stream(target) as out:
        tabs = {tab.part.title: tab for tab in open_tabs(workbook, path.name)[0].values()}
        for title, tab in tabs.items():
            tab.layout, tab.width = surveyed[title]
        annotate.write(out, workbook, notes, tabs=tabs)  # type: ignore[arg-type]


def _put(target: Path, book: Book, notes: Notes) -> None:
    with write.stream(target) as out:
        annotate.write(out, book.workbook, notes, tabs=book.titled)  # type: ignore[arg-type]
