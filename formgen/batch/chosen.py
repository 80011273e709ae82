"""Which cases a run is asked for: the numbers of ``--only``, taken as the reader of the workbook takes them."""

from __future__ import annotations

import difflib
import tempfile
from pathlib import Path

from formgen import read
from formgen.batch import room
from formgen.cells import texts
from formgen.cells.identifiers import typed_case_no
from formgen.model import Finding, Place
from formgen.read import Book, Unreadable
from formgen.read.survey import case_key, number_key

_NEAR = 3  # numbers that a refusal offers


def must_hold(workbook: Path, only: frozenset[str]) -> None:
    """Raise Unreadable when a case is asked for that the workbook lacks; only then is it read once more, in advance."""
    if only and room.is_file(workbook):
        with tempfile.TemporaryDirectory(prefix="formgen-") as own, read.open_book(workbook, scratch=Path(own)) as book:
            rows(book, only)


def rows(book: Book, only: frozenset[str]) -> frozenset[int]:
    """The Excel rows of the cases asked for, empty when every case is. Raises Unreadable for a number nobody has."""
    found = {number: _found(number, book) for number in sorted(only)}
    unknown = tuple(_refusal(number, book) for number, keys in found.items() if not keys)
    if unknown:
        raise Unreadable(unknown)
    return frozenset(row for keys in found.values() for row in keys)


def _found(typed: str, book: Book) -> tuple[int, ...]:
    """The rows of a number as it was typed, else without blanks in it."""
    index, repeated = book.survey.index, book.survey.repeated
    for name in (number_key(typed), _closed(typed)):
        if name in index:
            return tuple(repeated.get(name, (book.survey.rows[index[name]],)))
    return ()


def _closed(typed: str) -> str:
    """The key of a number without blanks inside."""
    return texts.identifier(typed)[0].casefold()


def _refusal(typed: str, book: Book) -> Finding:
    near = difflib.get_close_matches(_closed(typed), book.survey.index, n=_NEAR)
    values = {"case_no": texts.shown(typed)}
    if near:
        spelled = {case_key(row.cells.get("case_no")): row.cells.get("case_no") for row in book.tabs["case"].rows()}
        values["near"] = "、".join(texts.shown(typed_case_no(spelled.get(name))) for name in near)
    return Finding("E607" if near else "E601", Place(book.name, "案件"), values)
