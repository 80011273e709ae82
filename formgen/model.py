"""The nouns that the stages hand to each other: places, findings, decisions, documents.

Everything is frozen and made of tuples, and answers only about itself; nothing here reads a file or a clock.
The nouns of the workbook itself stand in ``household``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from formgen.household import Fen, Resolution


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file, a sheet, an Excel coordinate ("H17") or a part of a template, and a heading.

    Each part may be empty when it does not apply.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    heading: str = ""

    def __str__(self) -> str:
        return " › ".join(part for part in (self.file, self.sheet, self.cell, self.heading) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell the user: a code of the message catalogue, its place and the values of the sentence.

    The first letter of the code is its weight: E the user's material is wrong, W look at it, R repaired by the program
    (values ``old`` and ``new``), I for information. ``values`` never hold a whole ID, card or phone number.
    ``case_no`` is empty when the finding belongs to no single case.
    """

    code: str
    place: Place = Place()
    values: Mapping[str, str] = field(default_factory=dict)
    case_no: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the material must be mended before this case can be decided."""
        return self.code.startswith("E")


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount of a month's yuan a head, as year's total ÷ months × persons; never rounded before printing."""

    total: Fen
    divisor: int  # 12 × household size

    @property
    def yuan(self) -> Fraction:
        """The amount as an exact fraction of yuan."""
        return Fraction(self.total, 100 * self.divisor)


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """How one row of income, or one imputation, went into the sum; money is a year's fen.

    ``counted`` is None when unknown, and 0 with a ``reason`` when the row is left out. ``imputed_by`` cites the article
    of an imputation. ``row`` is the Excel row of 收入, 0 for an imputation without a row. ``person`` is the relation
    with its number in row order (女1).
    """

    row: int
    member_row: int
    person: str
    kind: str
    claimed: Fen | None
    tax: Fen | None
    insurance: Fen | None
    counted: Fen | None
    imputed_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExpenseLine:
    """How one claimed expense went into the sum.

    ``reason`` is the message code that says why less counts, ``less`` what was taken off: (what it is, fen).
    """

    row: int
    person: str
    kind: str
    claimed: Fen | None
    counted: Fen | None
    for_event: bool = False
    reason: str = ""
    less: tuple[tuple[str, Fen], ...] = ()


@dataclass(frozen=True, slots=True)
class Figures:
    """The sum behind a decision: who counts, what came in, what was deducted. Unknown totals are None.

    ``deducted`` are the deductions of ``post`` in the order they are printed: (label, fen), one label a kind.
    ``size`` is the number of counted members; ``income_year`` the calendar year before the application.
    """

    size: int
    income_year: int
    incomes: tuple[IncomeLine, ...] = ()
    expenses: tuple[ExpenseLine, ...] = ()
    income_total: Fen | None = None
    deducted: tuple[tuple[str, Fen], ...] = ()
    pre: Amount | None = None
    post: Amount | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A dated figure of a place with its source (当地标准 or a figures file); value in fen a month."""

    value: Fen
    since: date
    source: str
    area: str


@dataclass(frozen=True, slots=True)
class Clause:
    """One test of the law as it came out: article, the sentence, left, operator, right.

    ``holds`` is None when a fact is missing. ``left`` and ``right`` are printed forms; ``margin_yuan`` is right − left
    a month a head and ``gap_year_yuan`` the same for the household's year; empty where the clause compares no money.
    ``between`` are the two days, printed, between which a number of months was counted, else empty.
    """

    id: str
    article: str
    quote: str
    left: str = ""
    op: str = ""
    right: str = ""
    holds: bool | None = None
    margin_yuan: str = ""
    gap_year_yuan: str = ""
    between: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the result: a message code and its values, towards a tier."""

    code: str
    tier: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the law says of one case, with its reasons; the attributes are those of ``decide --json``.

    ``tier`` is 全总级, 省总级, 市总级, 不符合 or 待定; ``status`` auto, human, insufficient, blocked or invalid.
    ``body`` names who must decide when the status is human, ``resolutions`` are the rows of 集体研究 that settled
    something, in the order of the sheet. ``notice_days`` are the working days that the household is posted at least,
    None where no figures were weighed. ``rules_until`` is the last day the rules reach.
    """

    case_no: str
    tier: str
    status: str
    branch: str | None
    branches: tuple[str, ...] = ()
    figures: Figures | None = None
    line: Line | None = None
    possible: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    city_tier_possible: bool = False
    aid_candidates: tuple[str, ...] = ()
    funds: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    clauses: tuple[Clause, ...] = ()
    changes: tuple[Change, ...] = ()
    body: str = ""
    resolutions: tuple[Resolution, ...] = ()
    notice_days: int | None = None
    rules_until: date | None = None

    @property
    def outcome(self) -> str:
        """The result as form.toml writes it, e.g. 全总级/auto."""
        return f"{self.tier}/{self.status}"


@dataclass(frozen=True, slots=True)
class Document:
    """A filled paper in memory: which form, for which case or union, its path below the output folder and its bytes."""

    form: str
    subject: str
    path: str
    content: bytes = field(repr=False)
