"""A second, independent reading of the law for tests: figures, members, income and expenses of one household.

Written from the sentences of the instruments alone, plain and slow; it shares no code with formgen.rules.
What is not known is asked of a ``World``, which tries every value that could make a difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from formgen.household import Case, Expense, Income, Member, Setting, Standard

NOTICE_75 = date(2018, 12, 18)
BIG = 10**13
JOBLESS = ("失业", "无业")


class Fork(Exception):
    """A world that must be split: a fact is needed that nobody knows."""

    def __init__(self, key: str, values: Sequence) -> None:
        super().__init__(key)
        self.key, self.values = key, list(dict.fromkeys(values))


@dataclass
class World:
    """One way things may be: what is assumed of the unknown facts so far."""

    assumed: dict[str, object]

    def ask(self, key: str, values: Sequence):
        if key not in self.assumed:
            raise Fork(key, values)
        return self.assumed[key]

    def known(self, value, key: str, values: Sequence = (True, False)):
        return self.ask(key, values) if value is None else value


@dataclass
class Unknown:
    """An amount nobody knows, added to a sum, between two ends; those of one pool reach its end only together."""

    key: str
    low: int
    high: int
    is_accident: bool = False
    is_medical: bool = False
    is_education: bool = False
    pool: int = 0


@dataclass
class Sums:
    """What came in and what counts as spent, in fen a year; ``total`` and ``spent`` without the unknown amounts."""

    total: int = 0
    recent: int = 0
    floored: int = 0
    has_loss: bool = False
    has_recent: bool = False
    is_imputed: bool = False
    done: set[int] = field(default_factory=set)
    unknown: list[Unknown] = field(default_factory=list)
    spent: int = 0
    accident: int = 0
    medical: int = 0
    medical_other: int = 0
    education: int = 0
    has_other_school: bool = False
    unknown_spent: list[Unknown] = field(default_factory=list)


def city_of(area: str) -> str:
    """合肥市包河区 → 合肥市."""
    return area[: area.index("市") + 1] if "市" in area else area


def figure(rows: Iterable[Standard], name: str, area: str | None, day: date, *, wider: bool):
    """The figure of that name in force on the day in that place, or of its city."""
    if area is None:
        return None
    places = [area] + ([city_of(area)] if wider else [])
    if name == "minimum_wage" and "省" in area:
        places.append(area[: area.index("省") + 1])
    for place in places:
        found = [r for r in rows if r.area == place and r.since <= day and getattr(r, name) is not None]
        if found:
            return getattr(max(found, key=lambda r: r.since), name)
    return None


def setting(rows: Iterable[Setting], subject: str, area: str | None, day: date) -> str | None:
    """The choice of the place, or of its city, in force on the day."""
    for place in [] if area is None else [area, city_of(area)]:
        found = [r for r in rows if r.area == place and r.subject == subject and r.since <= day]
        if found:
            return max(found, key=lambda r: r.since).choice
    return None


@dataclass
class Household:
    """A case with its place, its day and the tables, and a world for what is unknown."""

    case: Case
    standards: tuple[Standard, ...]
    settings: tuple[Setting, ...]
    day: date
    world: World

    @property
    def after_75(self) -> bool:
        return self.day >= NOTICE_75

    @property
    def year(self) -> int:
        return self.case.applied_on.year - 1

    @property
    def home(self) -> str | None:
        return self.case.home_area or self.case.area

    def kind(self) -> str:
        kinds = ("在职职工", "农民工", "失业人员", "灵活就业人员", "退休人员")
        return self.world.known(self.case.worker_kind, "案件!人员类别", kinds)

    def is_migrant(self) -> bool:
        return self.kind() == "农民工"

    def setting(self, subject: str) -> str | None:
        return setting(self.settings, subject, self.case.area, self.day)

    def person(self, member: Member) -> str:
        """女1: the relation with its number in row order."""
        same = [m for m in self.case.members if m.relation == member.relation]
        return f"{member.relation}{same.index(member) + 1}"

    def members(self) -> list[Member]:
        """Those who count: they live together and stand in the register, or a visit confirmed them."""
        return [m for m in self.case.members if self.counts(m)]

    def counts(self, m: Member) -> bool:
        if not self.world.known(m.lives_together, f"家庭成员!共同生活({self.person(m)})"):
            return False
        if m.in_register is False:
            return self.world.known(m.visit_confirmed, f"家庭成员!走访核实({self.person(m)})")
        return True

    def event(self) -> str:
        events = ("无", "突发重大疾病", "重大疾病", "意外事件", "自然灾害或重大安全事故", "其他")
        if self.case.extreme_disaster:
            events = events[1:]  # 无 would contradict it (注三)
        return self.world.known(self.case.event, "案件!突发事件类型", events)

    # ---- income -------------------------------------------------------------------------------------------------

    def add_income(self, sums: Sums, member: Member) -> None:
        rows = [r for r in self.case.incomes if r.name == member.name and (r.year or self.year) == self.year]
        business = 0
        for row in rows:
            value = self.value_of(sums, member, row)
            sums.recent += value if row.last_12_months is None else row.last_12_months
            sums.has_recent = sums.has_recent or row.last_12_months is not None
            if row.kind == "经营净":
                business += value
                sums.has_loss = sums.has_loss or value < 0
            else:
                sums.total += value
                sums.floored += value
        at_least_zero = max(business, 0)
        sums.floored += at_least_zero
        sums.total += at_least_zero if self.setting("经营亏损下限") == "零" else business
        value = self.without_row(sums, member, rows)
        sums.total, sums.floored, sums.recent = sums.total + value, sums.floored + value, sums.recent + value

    def value_of(self, sums: Sums, member: Member, row: Income) -> int:
        if row.amount is None and row.proof == "无法提供":
            return self.imputed(sums, member, row.assessed, f"收入!年收入({row.kind})")
        if row.amount is None:
            low = -BIG if row.kind == "经营净" else 0
            sums.unknown.append(Unknown(f"收入!年收入({row.kind})", low, BIG))
            return 0
        if row.kind != "工资性" or (row.tax == 0 and row.insurance == 0):
            return row.amount
        if self.world.known(row.basis, f"收入!口径({row.kind})", ("应发", "实发")) == "实发":
            return row.amount
        for part, name in ((row.tax, "个人所得税"), (row.insurance, "五险一金")):
            if part is None:
                sums.unknown.append(Unknown(f"收入!{name}({row.kind})", -row.amount, 0, pool=id(row)))
        return row.amount - (row.tax or 0) - (row.insurance or 0)

    def without_row(self, sums: Sums, m: Member, rows: list[Income]) -> int:
        work = self.work(m)
        if work in JOBLESS and not any(r.kind in ("工资性", "经营净") for r in rows) and not m.special_proof:
            return self.imputed(sums, m, None, "") if self.is_able(m) else 0
        if rows:
            return 0
        if work == "居住农村配偶":
            return self.imputed(sums, m, None, f"收入!年收入({self.person(m)})")
        if work in ("在职", "务农", "退休"):
            sums.unknown.append(Unknown(f"收入!年收入({self.person(m)})", 0, BIG))
        return 0

    def work(self, m: Member) -> str:
        kinds = ("在职", "失业", "无业", "在校学生", "学龄前", "退休", "务农", "居住农村配偶")
        return self.world.known(m.employment, f"家庭成员!就业状况({self.person(m)})", kinds)

    def is_able(self, m: Member) -> bool:
        return self.world.known(m.able_bodied, f"家庭成员!有劳动能力({self.person(m)})")

    def imputed(self, sums: Sums, m: Member, assessed: int | None, key: str) -> int:
        """The year's income of a member who cannot show any (表材料（2）, 注四, 75号五), once a member."""
        if id(m) in sums.done:
            return 0
        sums.done.add(id(m))
        if self.after_75 and assessed is not None:
            sums.is_imputed = True
            return assessed
        if self.work(m) in JOBLESS:
            if m.special_proof or not self.is_able(m):
                return self.cannot_tell(sums, m, key)
            return self.twelve(sums, "minimum_wage", "月最低工资")
        if self.work(m) in ("在校学生", "学龄前", "退休"):
            return self.cannot_tell(sums, m, key)
        if self.work(m) == "居住农村配偶" and self.after_75 and self.is_migrant():
            sums.is_imputed = True
            rural = figure(self.standards, "rural_income", self.home, self.day, wider=False)
            if rural is None:
                sums.unknown.append(Unknown("当地标准!农村居民人均可支配收入", 0, BIG))
            return rural or 0
        if self.is_migrant():
            return self.twelve(sums, "subsistence_line", "月低保标准")
        if self.after_75:
            return self.twelve(sums, "minimum_wage", "月最低工资")
        return self.cannot_tell(sums, m, key)

    def cannot_tell(self, sums: Sums, m: Member, key: str) -> int:
        if not m.special_proof:
            sums.unknown.append(Unknown(key, 0, BIG))
        return 0

    def twelve(self, sums: Sums, name: str, heading: str) -> int:
        sums.is_imputed = True
        value = figure(self.standards, name, self.home, self.day, wider=True)
        if value is None:
            sums.unknown.append(Unknown(f"当地标准!{heading}", 0, BIG))
            return 0
        return 12 * value

    # ---- expenses -----------------------------------------------------------------------------------------------

    def add_expenses(self, sums: Sums) -> None:
        receipts: set[str] = set()
        for row in self.case.expenses:
            if row.receipt and row.receipt in receipts:
                continue
            if row.receipt:
                receipts.add(row.receipt)
            self.add_expense(sums, row)

    def add_expense(self, sums: Sums, row: Expense) -> None:
        year = row.year or self.year
        is_event = row.kind == "意外" or (row.kind == "医疗" and self.is_for_event(row))
        if not (year == self.year or (is_event and year == self.case.applied_on.year)):
            return
        if row.kind == "其他教育":
            sums.has_other_school = True
        spender = [m for m in self.case.members if m.name == row.name]
        if spender and not self.counts(spender[0]):
            return
        if row.kind in ("其他教育", "日常生活") or (row.kind == "大学教育" and not self.is_for_child(row)):
            return
        is_medical = row.kind == "医疗" or (row.kind == "慢性病" and self.counts_chronic())
        if row.kind == "慢性病" and not is_medical:
            return
        kinds = {"is_accident": is_event, "is_medical": is_medical, "is_education": row.kind == "大学教育"}
        if row.amount is None:
            sums.unknown_spent.append(Unknown(f"支出!金额({row.kind})", 0, -1, **kinds))
            return
        counted, other, loose = self.counted(row, is_medical)
        if row.proof in (None, "无"):
            sums.unknown_spent.append(Unknown(f"支出!证明材料({row.kind})", 0, counted, **kinds))
            return
        for name, size in loose:
            sums.unknown_spent.append(Unknown(f"支出!{name}({row.kind})", -size, 0, **kinds))
        sums.spent += counted
        sums.accident += counted if is_event else 0
        sums.medical += counted if is_medical else 0
        sums.medical_other += other if is_medical else 0
        sums.education += counted if row.kind == "大学教育" else 0

    def counted(self, row: Expense, is_medical: bool) -> tuple[int, int, list[tuple[str, int]]]:
        """What of a row counts, what would count by the other reading, and which parts are not known."""
        loose: list[tuple[str, int]] = []
        net = row.amount - (row.compensation or 0)
        if row.kind == "意外" and row.compensation is None:
            loose.append(("已获赔付", row.amount))
        if not is_medical:
            return max(net, 0), max(net, 0), loose
        if row.insurance_paid is None:
            loose.append(("医保支付", max(net - (row.outside_catalogue or 0), 0)))
        all_but_insurance = max(net - (row.insurance_paid or 0), 0)
        inside = max(net - (row.insurance_paid or 0) - (row.outside_catalogue or 0), 0)
        if self.setting("医疗支出口径") == "总额减医保":
            return all_but_insurance, inside, loose
        return inside, all_but_insurance, loose

    def is_for_event(self, row: Expense) -> bool:
        return self.event() == "突发重大疾病" if row.for_event is None else row.for_event

    def is_for_child(self, row: Expense) -> bool:
        relations = [m.relation for m in self.case.members if m.name == row.name]
        return bool(relations) and relations[0] in ("子", "女")

    def counts_chronic(self) -> bool:
        return self.world.known(self.setting("慢性病口径"), "当地设置!取值(慢性病口径)", ("计入", "不计入")) == "计入"


def multiple(household: Household) -> Fraction:
    """The multiple of 市总级, two where the city set none."""
    return Fraction(household.setting("市总级倍数") or "2")
