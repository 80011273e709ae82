"""What the law finds wrong with the rows of 当地标准 and 当地设置, at their cells."""

from __future__ import annotations

from collections.abc import Iterator

from formgen.law import Law
from formgen.model import Finding
from formgen.read import Book
from formgen.read.sheets import SheetRow

_SHEETS = {"当地标准": "standard", "当地设置": "setting"}
_COLUMNS = {"E801": "subject", "E802": "choice", "E803": "since", "W803": "subject"}


def local_findings(book: Book, law: Law) -> Iterator[Finding]:
    """The findings of the law of the book on these sheets, a row once; no double that reading has told (E316)."""
    told = {(found.place.sheet, _row(found)) for found in book.findings if found.code == "E316"}
    for found in law.findings:
        mark = (found.place.sheet, _row(found))
        if found.code == "E803" and mark in told:
            continue
        told.add(mark)
        place = SheetRow(book.tabs[_SHEETS[found.place.sheet]], _row(found), {}).place(_COLUMNS[found.code])
        yield Finding(found.code, place, found.values)


def _row(found: Finding) -> int:
    return int(found.place.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
