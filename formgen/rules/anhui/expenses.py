"""What had to be spent: which rigid expenses count, how much of each, and why the rest does not.

``accident`` is what 意外致困 cost (意外 rows and 医疗 rows of the event), ``other`` all else; both in fen of the year.
"""

from __future__ import annotations

from typing import NamedTuple

from formgen.household import Case, Expense, Fen
from formgen.law import Local
from formgen.model import ExpenseLine
from formgen.rules.anhui.asking import Item, World
from formgen.rules.anhui.income import Open
from formgen.rules.anhui.members import CHILDREN, Person, by_name
from formgen.rules.provision import provision

MEDICAL, CHRONIC, UNIVERSITY, SCHOOL, ACCIDENT = "医疗", "慢性病", "大学教育", "其他教育", "意外"
DISABILITY, SINGLE, OTHER, LIVING = "残疾", "单亲", "其他必须", "日常生活"
#: What is printed of each kind, in the order of the sum.
LABELS = {
    MEDICAL: "因病支出",
    CHRONIC: "慢性病支出",
    ACCIDENT: "意外事故支出",
    UNIVERSITY: "子女上学学费",
    SCHOOL: "其他教育支出",
    DISABILITY: "残疾支出",
    SINGLE: "单亲支出",
    OTHER: "其他必须支出",
}
_UNPROVED = frozenset(("", "无"))


class Expenses(NamedTuple):
    """The rigid expenses: known sums, the unknown rest, the sums a kind, and what the flags and aid look at."""

    other: Fen
    accident: Fen
    open_other: tuple[Open, ...]
    open_accident: tuple[Open, ...]
    by_kind: dict[str, Fen]
    readings_differ: bool
    claims_school: bool
    lines: tuple[ExpenseLine, ...]


class _Row(NamedTuple):
    """What of one row counts: the certain amount, what of it is unknown, and why it is less than claimed."""

    counted: Fen
    open: Open | None = None
    reason: str = ""
    readings_differ: bool = False
    less: tuple[tuple[str, Fen], ...] = ()


class _Terms(NamedTuple):
    local: Local
    world: World
    event: str
    year: int
    filed: int
    people: dict[str | None, Person]


def gather(case: Case, local: Local, world: World, persons: tuple[Person, ...], year: int, event: str) -> Expenses:
    """The rigid expenses of the household that count, for an application in the year after ``year``."""
    terms = _Terms(local, world, event, year, year + 1, by_name(persons) if case.expenses else {})
    sums, opens, kinds = [0, 0], ([], []), {}  # type: ignore[var-annotated]
    lines, receipts, differ, school = [], set(), False, False  # type: ignore[var-annotated]
    for row in case.expenses:
        of_event = is_of_event(row, event)
        found = _weigh(row, of_event, terms, receipts)
        side = int(of_event)
        sums[side] += found.counted
        if found.open is not None:
            opens[side].append(found.open)
        elif found.counted and row.kind:
            kinds[row.kind] = kinds.get(row.kind, 0) + found.counted
        differ = differ or found.readings_differ
        school = school or (row.kind == SCHOOL and found.reason != "X810")
        lines.append(_line(row, terms.people.get(row.name), of_event, found))
    return Expenses(sums[0], sums[1], tuple(opens[0]), tuple(opens[1]), kinds, differ, school, tuple(lines))


@provision(cites="支出材料3", readings="AMB-38")
def is_of_event(row: Expense, event: str) -> bool:
    """突发事件、意外伤害、重大疾病等支出（相关单位证明）"""
    if row.kind == ACCIDENT:
        return True
    if row.kind != MEDICAL:
        return False
    return event == "突发重大疾病" if row.for_event is None else row.for_event


def _weigh(row: Expense, of_event: bool, terms: _Terms, receipts: set[str]) -> _Row:
    reason = _why_not(row, of_event, terms)
    if reason:
        return _Row(0, reason=reason)
    if row.receipt:
        if row.receipt in receipts:
            return _Row(0, reason="X811")
        receipts.add(row.receipt)
    if row.kind == UNIVERSITY and row.name is None:
        return _Row(0, Open(row.amount, (Item("支出!姓名(大学教育)", row.row),)), "X820")
    return _amount(row, terms)


def _why_not(row: Expense, of_event: bool, terms: _Terms) -> str:
    """The code that says why a row does not count at all, empty when it may."""
    person = terms.people.get(row.name)
    if row.kind == LIVING:
        return "X812"
    if not _is_in_time(row, of_event, terms):
        return "X810"
    if person is not None and not person.counts:
        return "X813"
    if row.kind == UNIVERSITY and person is not None and not is_child(person):
        return "X814"
    if row.kind == SCHOOL and terms.world.choice(terms.local, "其他教育支出") == "不计入":
        return "X815"
    if row.kind == CHRONIC and not counts_chronic(terms.local, terms.world):
        return "X816"
    if row.kind in (DISABILITY, SINGLE) and terms.world.choice(terms.local, "残疾单亲支出") == "不计入":
        return "X817"
    return ""


def _is_in_time(row: Expense, of_event: bool, terms: _Terms) -> bool:
    """Whether the year of a row counts: the year before, for the event up to the application (AMB-38)."""
    if row.year is None or row.year == terms.year:
        return True
    if not of_event or row.year != terms.filed:
        return False
    return terms.world.choice(terms.local, "意外支出年度") == "上一年度至申请日"


@provision(cites="支出材料1", readings="AMB-08")
def is_child(person: Person) -> bool:
    """上一年度内子女上大学（付收费标准或缴费凭证）"""
    return person.member.relation in CHILDREN


@provision(cites="75号五支出", readings="AMB-06")
def counts_chronic(local: Local, world: World) -> bool:
    """扣除的支出费用应当为治病（住院医药费用清单扣除相应医疗保险支付金额后，个人负担自付医疗费用；慢性病医药费用按照当地实际确定）、上学、意外等必须支出，不含困难职工生产生活所需的食物、衣着、住房、日用品支出等支出"""
    return world.choice(local, "慢性病口径") == "计入"


def _amount(row: Expense, terms: _Terms) -> _Row:
    """What of a row that may count is certain, and what is not known of it."""
    if row.amount is None:
        return _Row(0, Open(None, (Item(f"支出!金额({row.kind})", row.row),)), "X818")
    less = _less(row, terms)
    net = max(0, row.amount - sum(fen for _, fen in less))
    differ = _readings_differ(row, row.amount)
    asked, reason = _unknown(row)
    if asked:
        return _Row(0, Open(net, asked) if net else None, reason, differ, less)
    return _Row(net, None, "X822" if less else "", differ, less)


def _less(row: Expense, terms: _Terms) -> tuple[tuple[str, Fen], ...]:
    """What does not count of an amount, as far as it is known: what others paid, and what is outside the catalogue."""
    outside = row.outside_catalogue if row.kind in (MEDICAL, CHRONIC) else None
    if not (row.insurance_paid or outside or row.compensation):
        return ()
    parts = (
        ("医保支付", row.insurance_paid),
        ("目录外自费", in_catalogue(outside, terms.local, terms.world) if outside else None),
        ("已获赔付", row.compensation),
    )
    return tuple((name, fen) for name, fen in parts if fen)


def _unknown(row: Expense) -> tuple[tuple[Item, ...], str]:
    """What is missing for the amount to be certain, and the code that says so."""
    if _is_unproved(row):
        return (Item(f"支出!证明材料({row.kind})", row.row),), "X819"
    if row.kind in (MEDICAL, CHRONIC) and row.insurance_paid is None:
        return (Item(f"支出!医保支付({row.kind})", row.row),), "X821"
    if row.kind == ACCIDENT and row.compensation is None:
        return (Item(f"支出!已获赔付({row.kind})", row.row),), "X823"
    return (), ""


def _readings_differ(row: Expense, amount: Fen) -> bool:
    """Whether the two readings of medical expense count different amounts (AMB-06)."""
    if row.kind not in (MEDICAL, CHRONIC) or row.insurance_paid is None or _is_unproved(row):
        return False
    return bool(row.outside_catalogue) and amount > row.insurance_paid + (row.compensation or 0)


@provision(cites="支出材料2", readings="AMB-06")
def in_catalogue(outside: Fen, local: Local, world: World) -> Fen:
    """上一年度内医疗发票（计算医保目录内的个人自付部分），出院小结"""
    return outside if world.choice(local, "医疗支出口径") == "目录内自付" else 0


def _is_unproved(row: Expense) -> bool:
    return (row.proof or "").strip() in _UNPROVED


def _line(row: Expense, person: Person | None, of_event: bool, found: _Row) -> ExpenseLine:
    label, counted = person.label if person else "", found.counted if found.open is None else None
    return ExpenseLine(row.row, label, row.kind or "", row.amount, counted, of_event, found.reason, found.less)


def deducted(by_kind: dict[str, Fen]) -> tuple[tuple[str, Fen], ...]:
    """The sums that are deducted, a label a kind, in the order they are printed."""
    return tuple((label, by_kind[kind]) for kind, label in LABELS.items() if by_kind.get(kind))
