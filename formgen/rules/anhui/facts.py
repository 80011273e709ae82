"""A household as the provisions see it in one world: who counts, what came in, what was spent, what is in force."""

from __future__ import annotations

from dataclasses import dataclass, replace

from formgen.household import Case, Fen
from formgen.law import Local
from formgen.rules.anhui import expenses, income
from formgen.rules.anhui.asking import BOTH, Item, World
from formgen.rules.anhui.expenses import Expenses
from formgen.rules.anhui.income import MONTHS, Incomes
from formgen.rules.anhui.members import Person, people
from formgen.rules.anhui.resolutions import Resolutions

NO_EVENT, SUDDEN_ILLNESS, ILLNESS, MISHAP, DISASTER, OTHER_EVENT = (
    "无",
    "突发重大疾病",
    "重大疾病",
    "意外事件",
    "自然灾害或重大安全事故",
    "其他",
)
EVENTS = (NO_EVENT, SUDDEN_ILLNESS, ILLNESS, MISHAP, DISASTER, OTHER_EVENT)
EMPLOYEE, MIGRANT, RETIREE = "在职职工", "农民工", "退休人员"
EVENT = Item("案件!突发事件类型")
KIND = Item("案件!人员类别")


@dataclass(slots=True)
class Facts:
    """One world of a case.

    ``line_year`` is the line of the whole household for a year, in fen; ``is_month_tried`` says that 连续低于低保月数
    was empty and a number is only being tried.
    """

    case: Case
    local: Local
    world: World
    kind: str
    event: str
    persons: tuple[Person, ...]
    size: int
    line: Fen
    line_year: Fen
    incomes: Incomes
    expenses: Expenses
    resolutions: Resolutions
    city: tuple[int, int]
    is_month_tried: bool

    @property
    def is_migrant(self) -> bool:
        """Whether the applicant is a migrant worker (农民工)."""
        return self.kind == MIGRANT

    @property
    def divisor(self) -> int:
        """Months × persons: what a year's total is divided by."""
        return MONTHS * self.size


def gather(case: Case, local: Local, world: World, year: int, line: Fen) -> Facts:
    """The facts of a case in one world; ``year`` is the income year, ``line`` the line that counts, in fen a month."""
    kind = case.worker_kind or str(world.ask(KIND, (EMPLOYEE, MIGRANT, RETIREE)))
    event = case.event or str(world.ask(EVENT, EVENTS))
    persons = people(case, world)
    size = sum(person.counts for person in persons)
    earned = income.gather(case, local, world, persons, year, kind == MIGRANT)
    is_month_tried = case.months_below_line is None and bool(earned.losses or earned.open_business)
    if earned.losses or earned.open_business:
        case = _settled(case, local, world)
    city = local.city or world.ask(Item("当地设置!取值(市总级倍数)"), ((1, 1), (2, 1), (9, 1)))
    return Facts(
        case,
        local,
        world,
        kind,
        event,
        persons,
        size,
        line,
        line * MONTHS * size,
        earned,
        expenses.gather(case, local, world, persons, year, event),
        Resolutions(case),
        city,  # type: ignore[arg-type]
        is_month_tried,
    )


def _settled(case: Case, local: Local, world: World) -> Case:
    """The case with the facts of 5(一)1 and 2前段 picked one by one: a loss weighs one household twice."""
    asked: list[tuple[str, str, tuple]] = [
        ("subsistence_household", "低保户", BOTH),
        ("government_relief", "政府救助", BOTH),
        ("visit_confirms_hardship", "走访确认特别困难", BOTH),
        ("months_below_line", "连续低于低保月数", (local.months_below, 0)),
    ]
    picked = {
        name: world.ask(Item(f"案件!{heading}"), options)
        for name, heading, options in asked
        if getattr(case, name) is None
    }
    return replace(case, **picked) if picked else case  # type: ignore[arg-type]
