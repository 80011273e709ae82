"""What goes into a bag: a dossier and its papers, as plain values before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from formgen.model import Finding


@dataclass(frozen=True, slots=True)
class File:
    """One file of a paper: its ASCII name in the bag, its content in memory or on disk, and what it was called."""

    name: str
    content: bytes | Path = field(repr=False)
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One item (件) of a dossier: material code, title, files, and what the catalogue says about it.

    ``pages`` and ``dated`` are None when nobody knows. ``converted`` says how the PDF/A came to be, or why not;
    ``printed`` is a PDF of the paper that a run made already.
    """

    code: str
    title: str
    files: tuple[File, ...]
    dated: date | None = None
    pages: int | None = None
    responsible: str = ""
    document_no: str = ""
    is_scan: bool = False
    converted: str = ""
    printed: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The dossier of one household. ``case`` is the record as entered, sheet title → row or rows, headings → values.

    ``withdrawn_on`` is None while the dossier is open. ``title`` names nobody (masked); ``person`` stands only inside.
    """

    case_no: str
    case: Mapping[str, object]
    title: str
    papers: tuple[Paper, ...]
    applied_on: date | None = None
    filed_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal_reason: str = ""
    withdrawal_approval: str = ""
    fonds: str = ""
    fonds_unit: str = ""
    category: str = ""
    holders: tuple[str, ...] = ()
    paper_changed_on: date | None = None
    electronic_changed_on: date | None = None
    paid_on: date | None = None
    funds_entered_on: date | None = None
    notice_from: date | None = None
    notice_to: date | None = None
    accounting: str = ""
    paper_place: str = ""
    predecessor: str = ""
    decision: Mapping[str, object] | None = None

    @property
    def is_open(self) -> bool:
        """Whether the household is still on file, so that nothing may be sealed or destroyed."""
        return self.withdrawn_on is None

    def in_order(self) -> tuple[Paper, ...]:
        """The papers as they are numbered: by material code, then as they came."""
        return tuple(sorted(self.papers, key=lambda paper: paper.code))


@dataclass(frozen=True, slots=True)
class Taken:
    """One row of 案件 on its way into the archive; ``dossier`` is None when the row is in error.

    ``notice`` tells what is wrong with the notice of this household: it matters only until the dossier is sealed.
    """

    case_no: str
    dossier: Dossier | None
    findings: tuple[Finding, ...] = ()
    notice: tuple[Finding, ...] = ()
