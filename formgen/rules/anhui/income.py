"""What came in: the four kinds of a year's net income, and what stands in for income nobody can prove.

Amounts are fen of the year before the application. What cannot be known becomes an ``Open`` amount, never 0.
"""

from __future__ import annotations

from typing import NamedTuple

from formgen.household import Case, Fen, Income
from formgen.law import Local
from formgen.model import IncomeLine
from formgen.rules.anhui.asking import BOTH, Item, World
from formgen.rules.anhui.members import JOBLESS, Person, by_name
from formgen.rules.provision import provision, sentences

MONTHS = 12
WAGES, BUSINESS, TRANSFERS = "工资性", "经营净", "转移净"
UNPROVABLE = "无法提供"
_NO_PROOF = frozenset(("", "无"))


class Open(NamedTuple):
    """An amount nobody knows: between 0 and ``limit`` (None: no limit), and what would have to be known."""

    limit: Fen | None
    items: tuple[Item, ...]


class Incomes(NamedTuple):
    """The year's income: the known sum, the losses in it, the unknown rest, the sum of 近12个月收入, and the rows."""

    total: Fen
    losses: Fen
    open: tuple[Open, ...]
    open_business: tuple[Open, ...]
    last_12_months: Fen | None
    is_imputed: bool
    has_loss: bool
    relief: Fen
    lines: tuple[IncomeLine, ...]


class _Sum:
    """The sum while it is being made; ``business`` is the net business income a member, for AMB-20."""

    __slots__ = ("business", "imputed", "lines", "open", "open_business", "recent", "recent_given", "relief", "total")

    def __init__(self) -> None:
        self.total = self.recent = self.relief = 0
        self.recent_given = self.imputed = False
        self.business: dict[str, Fen] = {}
        self.open: list[Open] = []
        self.open_business: list[Open] = []
        self.lines: list[IncomeLine] = []


def gather(case: Case, local: Local, world: World, persons: tuple[Person, ...], year: int, is_migrant: bool) -> Incomes:
    """The income of all counted members in ``year``."""
    made, names = _Sum(), by_name(persons)
    rows_of: dict[str, list[Income]] = {}
    for row in case.incomes:
        person = names.get(row.name) if row.name is not None else next((p for p in persons if p.counts), None)
        if reason := _left_out(row, person, year, world, local):
            made.lines.append(_line(row, person, None if row.amount is None else 0, reason=reason))
        elif person is not None:
            rows_of.setdefault(person.label, []).append(row)
    for person in persons:
        if person.counts:
            _of_person(person, rows_of.get(person.label, ()), made, _Means(local, world, is_migrant))
    return _finished(made, world, local)


class _Means(NamedTuple):
    local: Local
    world: World
    is_migrant: bool


def _left_out(row: Income, person: Person | None, year: int, world: World, local: Local) -> str:
    """The code that says why a row is left out, empty when it counts."""
    if row.year is not None and row.year != year:
        return "X801"
    if person is None or not person.counts:
        return "X802"
    if (
        row.kind == TRANSFERS
        and row.proof
        and "低保" in row.proof
        and world.choice(local, "低保金计入收入") == "不计入"
    ):
        return "X803"
    return ""


def is_relief(row: Income) -> bool:
    """Whether a row is 低保金: a transfer proved by a paper of that name (AMB-21)."""
    return row.kind == TRANSFERS and row.proof is not None and "低保" in row.proof


def _of_person(person: Person, rows: list[Income] | tuple, made: _Sum, means: _Means) -> None:
    imputed = False
    for row in rows:
        if row.amount is not None:
            _of_row(row, person, made, means)
        elif row.proof != UNPROVABLE:
            item = Item(f"收入!年收入({row.kind})", row.row, "income")
            (made.open_business if row.kind == BUSINESS else made.open).append(Open(None, (item,)))
            made.lines.append(_line(row, person, None, reason="X804"))
        elif row.assessed is not None and _takes_assessment(means):
            _count(made, person, row, row.assessed, cited="75号五评定")
        elif not imputed:
            imputed = True
            _impute(person, row, made, means)
    if not imputed and not any(row.kind in (WAGES, BUSINESS) for row in rows):
        _without_wages(person, bool(rows), made, means)


def _of_row(row: Income, person: Person, made: _Sum, means: _Means) -> None:
    net, rest = net_wages(row, means.world)
    if means.world.choice(means.local, "收入年度口径") == "近12个月" and row.last_12_months is not None:
        net, rest = row.last_12_months, None
    if is_relief(row):
        made.relief += net
    _count(made, person, row, net, rest=rest)


@provision(cites=("6",), readings="AMB-11")
def net_wages(row: Income, world: World) -> tuple[Fen, Open | None]:
    """家庭人均月收入=(年度家庭共同生活成员工资性收入总额-缴纳所得税-社会保障即“五险”和一金支出+年度家庭经营净收入+年度家庭财产净收入+年度家庭转移净收入）÷家庭共同生活成员人数÷12个月。年度为申请年的上一年度（12个月）"""
    amount = row.amount or 0
    if row.kind != WAGES or row.basis == "实发" or (row.basis is None and row.tax == 0 and row.insurance == 0):
        return amount, None
    if row.basis is None and world.ask(Item(f"收入!口径({WAGES})", row.row, "income"), ("应发", "实发")) == "实发":
        return amount, None
    known = (row.tax or 0) + (row.insurance or 0)
    asked = [("个人所得税", row.tax), ("五险一金", row.insurance)]
    items = tuple(Item(f"收入!{name}({WAGES})", row.row, "income") for name, value in asked if value is None)
    if not items:
        return amount - known, None
    return 0, Open(max(0, amount - known), items)


def _takes_assessment(means: _Means) -> bool:
    return means.local.has_supplement and means.world.choice(means.local, "无法核实收入顺序") == "评定优先"


def _without_wages(person: Person, has_rows: bool, made: _Sum, means: _Means) -> None:
    """What a member without a row of wages or business has: nothing, an unknown income, or an imputed one."""
    member, work = person.member, person.member.employment
    if work in JOBLESS:
        if not has_special_proof(person) and _is_able(person, means.world):
            _impute_wage(person, None, made, means, "收入材料2")
    elif work is None and has_rows:
        if _may_be_jobless(person, means.world):
            _impute_wage(person, None, made, means, "收入材料2")
    elif has_rows:
        return
    elif work == "居住农村配偶":
        _impute(person, None, made, means)
    elif work in ("在职", "务农", "退休"):
        made.open.append(Open(None, (Item(f"收入!年收入({person.label})", member.row, "income"),)))
        made.lines.append(_missing(person))
    elif work is None:
        work_unknown = Item(f"家庭成员!就业状况({person.label})", member.row, "income")
        made.open.append(Open(None, (work_unknown, Item(f"收入!年收入({person.label})", member.row, "income"))))
        made.lines.append(_missing(person))


def has_special_proof(person: Person) -> bool:
    """Whether a special circumstance of the member is proved (残疾证、病历等)."""
    return (person.member.special_proof or "").strip() not in _NO_PROOF


def _is_able(person: Person, world: World) -> bool:
    able = person.member.able_bodied
    if able is None:
        return bool(world.ask(Item(f"家庭成员!有劳动能力({person.label})", person.member.row, "income"), BOTH))
    return able


def _may_be_jobless(person: Person, world: World) -> bool:
    """Whether, in this world, a member whose work is not known is jobless and able, so that a wage is imputed."""
    member = person.member
    if has_special_proof(person) or member.able_bodied is False:
        return False
    item = Item(f"家庭成员!就业状况({person.label})", member.row, "income")
    return bool(world.ask(item, BOTH)) and _is_able(person, world)


def _impute(person: Person, row: Income | None, made: _Sum, means: _Means) -> None:
    """Stand in for an income nobody can prove, by the kind of member (AMB-07)."""
    work, local = person.member.employment, means.local
    if work in JOBLESS and not has_special_proof(person) and _is_able(person, means.world):
        _impute_wage(person, row, made, means, "收入材料2")
    elif work == "居住农村配偶" and means.is_migrant and local.has_supplement:
        rural_spouse(person, row, made, means)
    elif work in ("在职", "务农", "居住农村配偶") and means.is_migrant:
        migrant_member(person, row, made, means)
    elif work in ("在职", "务农", "居住农村配偶") and local.has_supplement:
        _impute_wage(person, row, made, means, "75号五最低工资")
    elif work is not None and has_special_proof(person):
        _count(made, person, row, 0)
    else:
        name = (
            f"家庭成员!就业状况({person.label})"
            if work is None
            else f"收入!年收入({row.kind if row else person.label})"
        )
        made.open.append(Open(None, (Item(name, row.row if row else person.member.row, "income"),)))
        made.lines.append(_line(row, person, None, reason="X804") if row else _missing(person))


@provision(cites=("75号五农村配偶",), readings="AMB-07")
def rural_spouse(person: Person, row: Income | None, made: _Sum, means: _Means) -> None:
    """困难农民工配偶一方居住农村，收入无法认定，可以根据家庭所在地上年度统计部门发布的农村居民可支配收入进行测算"""
    rural = means.local.rural
    amount = rural.value if rural else None
    _stand_in(person, row, made, amount, "75号五农村配偶", "当地标准!农村居民人均可支配收入")


@provision(cites=("注四",), readings="AMB-07")
def migrant_member(person: Person, row: Income | None, made: _Sum, means: _Means) -> None:
    """农民工家庭成员无法提供收入证明的按当地最低生活保障标准计算办法执行"""
    line = means.local.home_line
    _stand_in(person, row, made, line.value * MONTHS if line else None, "注四", "当地标准!月低保标准")


@provision(cites=("收入材料2", "75号五最低工资"), readings="AMB-07")
def _impute_wage(person: Person, row: Income | None, made: _Sum, means: _Means, cited: str) -> None:
    """困难职工、农民工家庭成员中有工作能力但处于非就业状态，按照当地最低工资计算收入。有特殊情况的，提供相关证明材料（如残疾证、病历等）"""
    wage = means.local.wage
    _stand_in(person, row, made, wage.value * MONTHS if wage else None, cited, "当地标准!月最低工资")


def _stand_in(person: Person, row: Income | None, made: _Sum, amount: Fen | None, cited: str, figure: str) -> None:
    made.imputed = True
    if amount is None:
        made.open.append(Open(None, (Item(figure, 0, "income"),)))
        made.lines.append(_line(row, person, None, cited=cited, reason="X805"))
    else:
        _count(made, person, row, amount, cited=cited)


def _count(
    made: _Sum, person: Person, row: Income | None, net: Fen, *, cited: str = "", rest: Open | None = None
) -> None:
    """Add an amount; ``rest`` is what of it is not known."""
    made.imputed = made.imputed or bool(cited)
    made.total += net
    recent = row.last_12_months if row is not None else None
    made.recent += net if recent is None else recent
    made.recent_given = made.recent_given or recent is not None
    if row is not None and row.kind == BUSINESS:
        made.business[person.label] = made.business.get(person.label, 0) + net
    if rest is not None:
        made.open.append(rest)
    made.lines.append(_line(row, person, net if rest is None else None, cited=cited))


def _line(
    row: Income | None, person: Person | None, counted: Fen | None, *, cited: str = "", reason: str = ""
) -> IncomeLine:
    place = sentences()[cited].place if cited else ""
    label, member_row = (person.label, person.member.row) if person else ("", 0)
    if row is None:
        return IncomeLine(0, member_row, label, WAGES, None, None, None, counted, place, reason)
    kind = row.kind or ""
    return IncomeLine(row.row, member_row, label, kind, row.amount, row.tax, row.insurance, counted, place, reason)


def _missing(person: Person) -> IncomeLine:
    return IncomeLine(0, person.member.row, person.label, "", None, None, None, None, "", "X804")


def _finished(made: _Sum, world: World, local: Local) -> Incomes:
    losses = sum(-amount for amount in made.business.values() if amount < 0)
    has_loss = any(line.kind == BUSINESS and (line.counted or 0) < 0 for line in made.lines)
    total = made.total
    if losses and world.choice(local, "经营亏损下限") == "零":
        total, losses = total + losses, 0
    recent = made.recent if made.recent_given and not made.open and not made.open_business else None
    return Incomes(
        total,
        losses,
        tuple(made.open),
        tuple(made.open_business),
        recent,
        made.imputed,
        has_loss,
        made.relief,
        tuple(made.lines),
    )
