"""Open a case workbook: its sheets and headings recognised, small sheets read, households streamed one by one.

Two passes. The first looks at every row once: counts, order, doubles, what will be told about whole sheets. The second
hands out households in the order of 案件; sheets whose rows stand in the same order are merged as they are read, the
others go through a temporary SQLite file in ``scratch``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from formgen import fields
from formgen.cells import texts
from formgen.household import Setting, Standard, Union
from formgen.model import Finding, Place
from formgen.read import smallsheets
from formgen.read.join import Household, households
from formgen.read.sheets import Tab, open_tabs
from formgen.read.survey import Survey, survey
from formgen.xlsx import Workbook, file_digest
from formgen.xlsx.zips import Refused

__all__ = ["Book", "Household", "Unreadable", "open_book"]


#: Sheets that we write ourselves and that hold no records.
_OURS = {"填表说明", "问题清单"}


class Unreadable(Exception):
    """Nothing can be read: ``findings`` say why and what to do."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("、".join(finding.code for finding in findings))
        self.findings = findings


class Book:
    """An open case workbook; use it as a context manager.

    ``name`` is the file's name, ``digest`` its SHA-256, ``total`` the number of rows of 案件, ``findings`` what belongs
    to no single case, ``unions``, ``standards`` and ``settings`` the rows of the small sheets.
    """

    def __init__(self, path: Path, scratch: Path | None) -> None:
        """Open and survey `path`. Raises Unreadable."""
        self.path, self.name, self.scratch = path, path.name, scratch
        try:
            self._open()
        except Refused as wrong:
            place = Place(self.name, wrong.values.pop("sheet", ""))
            raise Unreadable((Finding(wrong.code, place, wrong.values),)) from wrong

    def _open(self) -> None:
        self.workbook = Workbook(self.path)
        try:
            self.digest = file_digest(self.path)
            self.tabs, found = open_tabs(self.workbook, self.name)
            if any(finding.is_error for finding in found):
                raise Unreadable(tuple(found))
            self.survey: Survey = survey(self.tabs)
            self.findings = [*about_file(self.path, self.workbook), *found, *self.survey.findings]
            self.unions: Mapping[str, Union] = smallsheets.unions(self.tabs, self.findings)
            self.standards: tuple[Standard, ...] = smallsheets.standards(self.tabs, self.findings)
            self.settings: tuple[Setting, ...] = smallsheets.settings(self.tabs, self.findings)
        except BaseException:
            self.workbook.close()
            raise
        self.total = self.survey.total

    @property
    def titled(self) -> Mapping[str, Tab]:
        """Each known sheet by the clerk's own title."""
        return {tab.part.title: tab for tab in self.tabs.values()}

    def households(self) -> Iterator[Household]:
        """The households in the order of 案件, each with its rows of the other sheets."""
        return households(self.tabs, self.survey, self.scratch)

    def changes(self) -> tuple[Finding, ...]:
        """An error when the file is no longer what was opened."""
        try:
            is_same = file_digest(self.path) == self.digest
        except OSError:
            is_same = False
        return () if is_same else (Finding("E124", Place(self.name)),)

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self.workbook.close()


def about_file(path: Path, workbook: Workbook) -> Iterator[Finding]:
    """What the clerk should know of the file as a whole."""
    place = Place(path.name)
    if path.with_name(f"~${path.name}").exists():
        yield Finding("W107", place)
    if workbook.active:
        yield Finding("W106", place, {"things": "、".join(workbook.active)})
    if workbook.is_1904:
        yield Finding("W104", place)
    known = {fields.normal(sheet.title) for sheet in fields.sheets()} | _OURS
    strange = [part.title for part in workbook.sheets if fields.normal(part.title) not in known]
    if strange:
        yield Finding("W113", place, {"titles": "、".join(map(texts.shown, strange))})


def open_book(path: Path, *, scratch: Path | None = None) -> Book:
    """The workbook at `path`, surveyed; `scratch` is the folder for a temporary file, the system's own when None.

    Raises Unreadable when the file is no workbook, is damaged or protected, or lacks a needed sheet or heading.
    """
    return Book(path, scratch)
