"""What makes a random household turn: scenes that chance seldom tells, sums that land on a line, facts left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from formgen.household import Case, Expense, Means, Resolution, Vehicle
from tests.oracle_facts import Household, Sums, World

EVENTS = ("无",) * 5 + ("突发重大疾病",) * 3 + ("意外事件",) * 3 + ("重大疾病", "自然灾害或重大安全事故", "其他")
#: Facts that may be left open, with how often.
OPEN_CASE = [
    "worker_kind",
    "retiree_management",
    "residence_kind",
    "union_member",
    "wages_main_income",
    "employed_since",
    "employment_proof",
    "subsistence_household",
    "government_relief",
    "months_below_line",
    "visit_confirms_hardship",
    "event",
    "event_person",
    "compensated",
    "investments",
    "savings",
    "authorized",
    "pledged",
]
OPEN_MEANS = [
    "homes",
    "home_area_per_head",
    "business_premises",
    "employs_others",
    "uses_machines",
    "homes_checked",
    "vehicles_checked",
    "business_checked",
]
OPEN_MEMBER = ("able_bodied", "schooling", "lives_together", "employment")


PRE = (0.9, 1, 1, 1.25, 1.5, 1.5, 1.5, 1.8, 2, 2.5, 3, 3, 3.2, 9)
POST = (0.8, 1, 1, 1.2, 1.5, 1.5, 1.7, 2, 2)
#: Stories that chance alone would seldom tell, with the multiples of the line to aim at before and after expenses.
SCENES = {
    "sudden": ((1.6, 2, 3, 3), (0.9, 1, 1, 1, 1.2)),
    "stop": ((3, 3.2, 3.5), (0.9, 1, 1.5, 1.5, 1.8)),
    "disaster": ((3, 3.2, 3.2, 4), (0.9, 1, 1)),
    "exception": ((1.2, 1.5, 2), (0.9, 1, 1.4)),
    "migrant": ((1, 1.5, 3, 3.2), (0.9, 1, 1.5, 1.7)),
}


def calm(case: Case) -> Case:
    """The same household without what would exclude or stop it, so that its figures decide."""
    good = {"homes": 1, "business_premises": False, "employs_others": False, "uses_machines": False}
    checked = {"homes_checked": True, "vehicles_checked": True, "business_checked": True}
    return replace(
        case,
        means=replace(case.means, **good, **checked),
        vehicles=(),
        members=tuple(replace(m, refusals=None, schooling=m.schooling and "公办") for m in case.members),
        authorized=True,
        pledged=True,
        dishonest_year=None,
        retiree_management=case.retiree_management and "未社会化",
        extreme_disaster=case.extreme_disaster if case.event != "无" else None,
    )


def stage(rng, case: Case, scene: str | None) -> Case:
    """The same household in a scene: an event with its bill, far above the line, or with home and car to be excused."""
    if scene is None:
        return case
    if scene == "migrant":
        return _decided(rng, replace(case, worker_kind="农民工", authorized=False), "特殊情况")
    bill = Expense(name="甲", kind="意外", amount=100000, compensation=0, proof="票据")
    event = case.event if case.event not in ("无", "重大疾病", None) else rng.choice(EVENTS[-2:])
    case = replace(case, event=event, expenses=(bill, *case.expenses[:1]), compensated=False)
    if event == "其他":
        case = _decided(rng, case, "特殊情况")
    if scene == "stop":
        return _decided(rng, case, "一事一议")
    if scene == "disaster":
        case = replace(case, extreme_disaster=True, visit_confirms_hardship=True, months_below_line=0)
        return _decided(rng, case, "非常重大意外灾害")
    if scene == "exception":
        car = Vehicle(price=10_000_000, bought="致困前", use=rng.choice(("自用", "自用", "残疾人专用")))
        area = case.means.home_area_per_head or Decimal(10)
        case = replace(case, means=replace(case.means, homes=rng.choice((1, 2, 2)), home_area_per_head=area))
        cars = (car,) if rng.random() < 0.7 else ()
        person = rng.choice((case.event_person, "子女", "本人"))
        return _decided(rng, replace(case, vehicles=cars, event_person=person), "例外建档")
    return case


def _decided(rng, case: Case, matter: str) -> Case:
    """The same household, half the time with what a body decided on the matter."""
    others = tuple(r for r in case.resolutions if r.matter != matter)
    if rng.random() < 0.5:
        return replace(case, resolutions=others)
    decision = Resolution(
        matter=matter,
        body="测试县总工会",
        level=rng.choice(("基层", "县级", "县级", "县级", "省级")),
        decided_on=date(2019, 3, 5),
        minutes=rng.choice(("纪要8", "纪要8", "纪要8", None)),
        agreed=rng.random() < 0.6,
        tier=rng.choice(("全总级", "省总级", "市总级", None)) if matter == "一事一议" else None,
    )
    return replace(case, resolutions=(*others, decision))


def aim(rng, case: Case, standards, settings, multiples) -> Case:
    """The household moved to a turning point: the worker's first row of income and one expense take up the slack."""
    year = case.applied_on.year - 1
    case = replace(
        case,
        incomes=tuple(replace(r, year=None if r.year is None else year) for r in case.incomes),
        expenses=tuple(replace(r, year=None if r.year is None else year + r.year) for r in case.expenses),
    )
    full = Household(_without_gaps(case), standards, settings, case.applied_on, Sure({}))
    people = full.members()
    line = next((s.subsistence_line for s in standards if s.area == case.area), None) or 63900
    month = 12 * max(len(people), 1) * line
    row = case.incomes[0]
    pre = rng.choice(multiples[0])
    goal = int(month * pre) + rng.choice((0, 0, 1, -1, rng.randrange(-90000, 90000)))
    sums = Sums()
    for m in people:
        full.add_income(sums, m)
    amount = (row.amount or 0) + goal - sums.total
    if row.amount is not None and amount >= 0:
        case = replace(case, incomes=(replace(row, amount=amount), *case.incomes[1:]))
    if not case.expenses or rng.random() < 0.2:
        return case
    sums.total = goal
    full.add_expenses(sums)
    post = rng.choice(multiples[1])
    want = goal - int(month * post) - rng.choice((0, 0, 1, -1))
    which = 0 if multiples[0] is not PRE else rng.randrange(len(case.expenses))
    spent = case.expenses[which].amount + want - sums.spent
    if spent <= 0:
        return case
    row = case.expenses[which]
    parts = {k: min(v, spent // 4) for k in ("insurance_paid", "outside_catalogue") if (v := getattr(row, k))}
    row = replace(row, amount=spent, **parts)
    return replace(case, expenses=tuple(row if n == which else r for n, r in enumerate(case.expenses)))


class Sure(World):
    """A world in which the first value is always taken, only to aim with."""

    def ask(self, key, values):
        return next(iter(values))


def _without_gaps(case: Case) -> Case:
    return replace(case, members=tuple(replace(m, lives_together=bool(m.lives_together)) for m in case.members))


def leave_open(rng, case: Case) -> Case:
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        kind = rng.random()
        if kind < 0.5:
            case = replace(case, **{rng.choice(OPEN_CASE): None})
        elif kind < 0.75:
            case = replace(
                case, means=rng.choice((None, *[replace(case.means or Means(), **{f: None}) for f in OPEN_MEANS]))
            )
        elif kind < 0.85:
            members = list(case.members)
            n = rng.randrange(len(members))
            members[n] = replace(members[n], **{rng.choice(OPEN_MEMBER if n else OPEN_MEMBER[:2]): None})
            case = replace(case, members=tuple(members))
        elif kind < 0.93 and case.incomes:
            rows = list(case.incomes)
            n = rng.randrange(len(rows))
            rows[n] = replace(
                rows[n], **{rng.choice(("amount", "basis", "tax") if rows[n].amount else ("amount",)): None}
            )
            case = replace(case, incomes=tuple(rows))
        elif case.expenses:
            rows = list(case.expenses)
            n = rng.randrange(len(rows))
            rows[n] = replace(rows[n], **{rng.choice(("amount", "proof", "insurance_paid", "compensation")): None})
            case = replace(case, expenses=tuple(rows))
        if case.vehicles and rng.random() < 0.1:
            fact = rng.choice(("price", "bought", "use"))
            case = replace(case, vehicles=(replace(case.vehicles[0], **{fact: None}), *case.vehicles[1:]))
    return case
