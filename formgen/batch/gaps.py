"""Where in the workbook a value belongs that a paper must not go without (``--missing error``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from formgen import fields
from formgen.household import Union
from formgen.model import Finding, Place
from formgen.read import Book
from formgen.xlsx.sheetxml import letters

#: sheet → tag → column letters
Columns = Mapping[str, Mapping[str, str]]
_LACKING = frozenset(("E430", "W684"))  # findings about the value of a tag
#: tags of a notice that come from a column with another name
_PERIOD = {"公示开始": "公示开始日期", "公示结束": "公示开始日期"}


def columns(book: Book) -> Columns:
    """The columns of 案件 and 工会 in this workbook by their tags."""
    wanted = [book.tabs[key] for key in ("case", "union") if key in book.tabs]
    return {
        tab.sheet.title: {tab.fields[key].tag: letters(number) for key, number in tab.columns.items()} for tab in wanted
    }


def of_case(findings: Iterable[Finding], row: int, known: Columns) -> Iterator[Finding]:
    """The findings of a case's papers; a value that a paper lacks is told once, at its cell of 案件 in that row."""
    told = set()
    for finding in findings:
        tag = finding.values["tag"] if finding.code in _LACKING else ""
        place = _place("case", tag, row, known)
        if place is None:
            yield finding
        elif (finding.code, tag) not in told:
            told.add((finding.code, tag))
            yield replace(finding, place=place)


def of_unions(findings: Iterable[Finding], unions: Mapping[str, Union], known: Columns) -> Iterator[Finding]:
    """The findings of notices; what one must not go without is told at the row of its union, or at its column."""
    for finding in findings:
        tag = finding.values["tag"] if finding.code == "E669" else ""
        union = unions.get(finding.values["union"]) if tag else None
        place = _place("union", tag, union.row if union else 0, known)
        place = place or _place("case", _PERIOD.get(tag, tag), 0, known)
        yield replace(finding, place=place) if place else finding


def _place(key: str, tag: str, row: int, known: Columns) -> Place | None:
    """The cell of that tag, its column alone without a row; None when the sheet has no such tag."""
    sheet = fields.catalogue()[key]
    if tag not in {field.tag for field in sheet.fields}:
        return None
    column = known.get(sheet.title, {}).get(tag, "")
    return Place("", sheet.title, f"{column}{row}" if column and row else "", tag)
