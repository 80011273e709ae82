"""Which row of a sheet is its heading, and which column holds which field."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from formgen.cells.texts import shown
from formgen.fields import Field, Sheet, normal
from formgen.model import Finding, Place
from formgen.xlsx.sheetxml import TEXT, Row, letters

SEARCHED_ROWS = 20
#: The column that an annotated copy adds; it holds no record.
REMARKS = "问题说明"
_MAY_BE = 0.5  # likeness of two headings from which it is worth asking whether they mean the same


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a sheet: its last row as Excel counts, column → field, column → title of unknown columns."""

    row: int
    columns: Mapping[int, Field]
    unknown: Mapping[int, str] = field(default_factory=dict)
    remarks: int = 0  # the column that an annotated copy added

    def leads(self) -> frozenset[str]:
        """The letters that a cell of the heading may begin with, in both cases."""
        names = (*self.unknown.values(), *(name for one in self.columns.values() for name in _names(one)))
        return frozenset(lead for name in names for lead in (name[:1].lower(), name[:1].upper()))

    def column_of(self, key: str) -> int:
        """The column of a field, 0 when the sheet has none."""
        return next((column for column, found in self.columns.items() if found.key == key), 0)

    def is_repeated_by(self, row: Row) -> bool:
        """Whether a row below is the heading once more, as printed lists have it on every page."""
        first = row.cells[0] if row.cells else None
        if first is None or not self._names_column(first.column, first.text):
            return False
        return all(self._names_column(cell.column, cell.text) for cell in row.cells if cell.text.strip())

    def _names_column(self, column: int, text: str) -> bool:
        if column in self.unknown:
            return text.strip() == self.unknown[column]
        return column in self.columns and normal(text) in _names(self.columns[column])


def find_heading(sheet: Sheet, top: Sequence[Row], place: Place) -> tuple[Heading | None, tuple[Finding, ...]]:
    """The heading among the first rows, and what is wrong with it; None when there is none or more than one."""
    known = sheet.headings()
    scored = [(_score(row, known), row) for row in top[:SEARCHED_ROWS]]
    best = max((score for score, _ in scored), default=0)
    rows = [row for score, row in scored if score == best]
    if best < min(2, len(sheet.fields)) or not rows:
        key = next(one.tag for one in sheet.fields if one.is_key)
        return None, (Finding("E116", place, {"sheet": sheet.title, "heading": key}),)
    first = rows[0]
    if any(_texts(row) != _texts(first) for row in rows[1:]):
        both = "、".join(str(row.number) for row in rows)
        return None, (Finding("E117", place, {"rows": both}),)
    texts, last = _with_second_line(first, scored, known)
    return _mapped(sheet, texts, last, place)


def is_remarks(text: str) -> bool:
    """Whether a heading is that of the column an annotated copy adds."""
    return text.startswith(REMARKS)


def _texts(row: Row) -> dict[int, str]:
    """Column → normalised text of the cells that hold text."""
    return {cell.column: normal(cell.text) for cell in row.cells if cell.kind == TEXT and normal(cell.text)}


def _score(row: Row, known: Mapping[str, Field]) -> int:
    return len({known[text].key for text in _texts(row).values() if text in known})


def _with_second_line(
    first: Row, scored: Sequence[tuple[int, Row]], known: Mapping[str, Field]
) -> tuple[dict[int, str], int]:
    """The heading texts by column and the last row of the heading.

    The row above or below is a second line when it names columns that the first line says nothing known of.
    """
    texts = {cell.column: cell.text.strip() for cell in first.cells if cell.kind == TEXT and cell.text.strip()}
    have, last = {known[normal(text)].key for text in texts.values() if normal(text) in known}, first.number
    for _, row in scored:
        if abs(row.number - first.number) == 1:
            more = {
                cell.column: cell.text.strip()
                for cell in row.cells
                if cell.kind == TEXT and normal(cell.text) in known and normal(texts.get(cell.column, "")) not in known
            }
            new = {column: text for column, text in more.items() if known[normal(text)].key not in have}
            if new:
                texts.update(new)
                have |= {known[normal(text)].key for text in new.values()}
                last = max(last, row.number)
    return texts, last


def _mapped(
    sheet: Sheet, texts: Mapping[int, str], row: int, place: Place
) -> tuple[Heading | None, tuple[Finding, ...]]:
    known = sheet.headings()
    columns: dict[int, Field] = {}
    unknown: dict[int, str] = {}
    findings: list[Finding] = []
    for column, text in sorted(texts.items()):
        if is_remarks(text):
            continue
        found = known.get(normal(text))
        cell = Place(place.file, place.sheet, f"{letters(column)}{row}", text)
        if found is None:
            unknown[column] = text
        elif found in columns.values():
            first = next(where for where, other in columns.items() if other is found)
            findings.append(Finding("E118", cell, {"first": f"{letters(first)}{row}"}))
        else:
            columns[column] = found
    findings += _absences(sheet, columns, unknown, Place(place.file, place.sheet, str(row)))
    remarks = next((column for column, text in texts.items() if is_remarks(text)), 0)
    blocked = any(finding.is_error for finding in findings)
    has_key = any(found.is_key for found in columns.values())
    return (None if blocked or not has_key else Heading(row, columns, unknown, remarks)), tuple(findings)


def _absences(sheet: Sheet, columns: Mapping[int, Field], unknown: Mapping[int, str], place: Place) -> list[Finding]:
    """What to say of columns that are not there, and of columns nobody knows."""
    absent = [one for one in sheet.fields if one.is_required and one not in columns.values()]
    findings = []
    like: set[int] = set()
    for one in absent:
        near = _nearest(one, unknown)
        if near:
            like.add(near)
            where = f"{letters(near)}{place.cell}"
            values = {"heading": one.tag, "found": shown(unknown[near])}
            findings.append(Finding("E119", Place(place.file, place.sheet, where), values))
        elif one.is_key:
            findings.append(Finding("E123", place, {"heading": one.tag}))
        elif faint := _nearest(one, unknown, least=_MAY_BE):
            like.add(faint)
            findings.append(_question(one, unknown, faint, place))
        else:
            findings.append(Finding("W102", place, {"heading": one.tag}))
    for one in sheet.fields:
        near = 0 if one.is_required or one in columns.values() else _nearest(one, unknown)
        if near and near not in like:
            like.add(near)
            findings.append(_question(one, unknown, near, place))
    strange = [title for column, title in sorted(unknown.items()) if column not in like]
    if strange:
        findings.append(Finding("W103", place, {"headings": "、".join(map(shown, strange))}))
    return findings


def _question(wanted: Field, unknown: Mapping[int, str], near: int, place: Place) -> Finding:
    """Whether an unknown column is the wanted one under another name."""
    values = {"heading": wanted.tag, "found": shown(unknown[near])}
    return Finding("W114", Place(place.file, place.sheet, f"{letters(near)}{place.cell}"), values)


def _nearest(wanted: Field, unknown: Mapping[int, str], *, least: float = 0.7) -> int:
    """The unknown column whose heading looks like the wanted one, 0 when none does."""
    best, where = 0.0, 0
    for column, title in unknown.items():
        for name in _names(wanted):
            ratio = difflib.SequenceMatcher(None, name, normal(title)).ratio()
            if ratio > best:
                best, where = ratio, column
    return where if best >= least else 0


@cache
def _names(one: Field) -> tuple[str, ...]:
    """Every normalised name of a field."""
    return tuple(normal(name) for name in (one.tag, *one.aliases))
