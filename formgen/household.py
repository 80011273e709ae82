"""The nouns of the case workbook: one class a sheet, one attribute a heading.

Attributes are the keys of ``data/fields.toml``; a test keeps both in step. Money is integer fen, years are four-digit
integers, 是/否 is a bool, a word from a list stays the Chinese word. A fact nobody knows is None, never 0, False or "".
``row`` is the row number that Excel shows, ``extra`` what stands in columns the program does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Fen: TypeAlias = int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the household or one who is only covered by the authorization (家庭成员)."""

    row: int = 0
    name: str | None = None
    relation: str | None = None
    id_number: str | None = None
    lives_together: bool | None = None
    in_register: bool | None = None
    visit_confirmed: bool | None = None
    employment: str | None = None
    able_bodied: bool | None = None
    workplace: str | None = None
    schooling: str | None = None
    special_proof: str | None = None
    refusals: int | None = None

    @property
    def is_worker(self) -> bool:
        """Whether this row is the hardship worker himself."""
        return self.relation in ("本人", "户主")


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """What one member had from one source in a year (收入)."""

    row: int = 0
    name: str | None = None
    kind: str | None = None
    year: int | None = None
    amount: Fen | None = None
    basis: str | None = None
    tax: Fen | None = None
    insurance: Fen | None = None
    assessed: Fen | None = None
    last_12_months: Fen | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """A rigid expense as it was claimed (支出); ``name`` is for whom it was spent."""

    row: int = 0
    name: str | None = None
    kind: str | None = None
    year: int | None = None
    amount: Fen | None = None
    insurance_paid: Fen | None = None
    outside_catalogue: Fen | None = None
    compensation: Fen | None = None
    for_event: bool | None = None
    receipt: str | None = None
    proof: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What the means check found of homes, vehicles and business (信息比对); the area is in square metres a head."""

    row: int = 0
    homes: int | None = None
    home_area_per_head: Decimal | None = None
    business_premises: bool | None = None
    employs_others: bool | None = None
    uses_machines: bool | None = None
    homes_checked: bool | None = None
    vehicles_checked: bool | None = None
    business_checked: bool | None = None
    checked_on: date | None = None
    visitor: str | None = None
    visited_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A registered vehicle of the household (车辆)."""

    row: int = 0
    plate: str | None = None
    price: Fen | None = None
    bought: str | None = None
    use: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a body decided about the case: a signed fact (集体研究)."""

    row: int = 0
    matter: str | None = None
    body: str | None = None
    level: str | None = None
    decided_on: date | None = None
    minutes: str | None = None
    agreed: bool | None = None
    tier: str | None = None
    endorsed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AidRequest:
    """A request for aid by a worker already on file (在档救助申请)."""

    row: int = 0
    applied_on: date | None = None
    change: str | None = None
    change_reason: str | None = None
    aid_wanted: str | None = None
    address_change: str | None = None
    phone_change: str | None = None
    card_change: str | None = None
    pledged: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Union:
    """A trade union that receives, publishes or supervises (工会).

    ``higher_phone`` is that of its 上级工会, where that one has a row of its own.
    """

    row: int = 0
    name: str
    level: str | None = None
    higher: str | None = None
    hotline: str | None = None
    address: str | None = None
    contact: str | None = None
    phone: str | None = None
    procedure: str | None = None
    fonds: str | None = None
    fonds_unit: str | None = None
    category: str | None = None
    higher_phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """The figures of a place from a day on (当地标准); a figure left empty is not set by this row."""

    row: int = 0
    area: str
    since: date
    subsistence_line: Fen | None = None
    minimum_wage: Fen | None = None
    rural_income: Fen | None = None
    housing_area: Decimal | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A city's choice where the law leaves one (当地设置)."""

    row: int = 0
    area: str
    subject: str
    choice: str
    since: date
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One household's case: its row of 案件 with its rows of the other sheets, in sheet order."""

    row: int = 0
    case_no: str
    applied_on: date | None = None
    name: str | None = None
    sex: str | None = None
    id_number: str | None = None
    worker_kind: str | None = None
    retiree_management: str | None = None
    employer: str | None = None
    union: str | None = None
    union_contact: str | None = None
    union_contact_phone: str | None = None
    address: str | None = None
    phone: str | None = None
    area: str | None = None
    home_area: str | None = None
    residence_kind: str | None = None
    registered_poor: bool | None = None
    union_member: bool | None = None
    wages_main_income: bool | None = None
    employed_since: date | None = None
    employment_proof: str | None = None
    household_size: int | None = None
    subsistence_household: bool | None = None
    government_relief: bool | None = None
    months_below_line: int | None = None
    visit_confirms_hardship: bool | None = None
    causes: tuple[str, ...] = ()
    cause_note: str | None = None
    hardship_text: str | None = None
    event: str | None = None
    event_person: str | None = None
    compensated: bool | None = None
    extreme_disaster: bool | None = None
    investments: Fen | None = None
    savings: Fen | None = None
    aid_applied: tuple[str, ...] = ()
    authorized: bool | None = None
    pledged: bool | None = None
    dishonest_year: int | None = None
    card_number: str | None = None
    bank: str | None = None
    card_holder: str | None = None
    union_opinion: str | None = None
    union_opinion_on: date | None = None
    higher_opinion: str | None = None
    higher_opinion_on: date | None = None
    centre_opinion: str | None = None
    centre_opinion_on: date | None = None
    handler: str | None = None
    reviewer: str | None = None
    aid_granted: tuple[str, ...] = ()
    aid_amount: Fen | None = None
    fund: str | None = None
    paid_on: date | None = None
    notice_from: date | None = None
    notice_to: date | None = None
    objection: bool | None = None
    informed_on: date | None = None
    filed_on: date | None = None
    withdrawn_on: date | None = None
    withdrawal_reason: str | None = None
    withdrawal_approval: str | None = None
    attachments: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    incomes: tuple[Income, ...] = ()
    expenses: tuple[Expense, ...] = ()
    means: Means | None = None
    vehicles: tuple[Vehicle, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    requests: tuple[AidRequest, ...] = ()
