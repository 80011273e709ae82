"""One world of a household judged in the order of the tests of the law; part of the independent evaluator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from formgen.household import Vehicle
from tests.oracle_facts import BIG, JOBLESS, figure, multiple
from tests.oracle_tiers import Tiers

FUNDS = {
    "全总级": ("中央财政帮扶资金", "其他来源帮扶资金"),
    "省总级": ("省级财政帮扶资金", "除中央财政专项帮扶资金外的帮扶资金", "其他符合用途规定的资金"),
    "市总级": ("本级及以下财政资金", "其他符合用途规定的资金"),
}


@dataclass(frozen=True)
class Outcome:
    """How one world comes out; ``lacks`` names pledge and checks that nobody supplied, ``would_be`` the tier then."""

    tier: str
    status: str
    branch: str | None
    branches: tuple[str, ...] = ()
    pre: Fraction | None = None
    post: Fraction | None = None
    flags: frozenset[str] = frozenset()
    aid: tuple[str, ...] = ()
    funds: tuple[str, ...] = ()
    city: bool = False
    lacks: tuple[str, ...] = ()


class Judge(Tiers):
    """One world, judged in the order of the tests."""

    def outcome(self) -> Outcome:
        if (conflict := self.conflict()) is not None:
            return Outcome("待定", "invalid", conflict or None)
        if self.is_banned():
            return Outcome("不符合", "blocked", "8(一)", ("8(一)",))
        self.work_out()
        tier, branches, people = self.tier()
        self.note_flags(tier, branches)
        if tier == "不符合":
            return self.finish("不符合", "auto", "5", ("5",))
        if (stop := self.stop()) is not None:
            return self.finish("不符合", "blocked", stop, (stop,))
        self.is_cause_open = False
        excluded, exceptional = self.exclusions()
        if excluded:
            return self.finish("不符合", "blocked", excluded[0], tuple(excluded), city=self.within(multiple(self.h)))
        if exceptional and self.decided("例外建档", "县级") is False:
            return self.finish(
                "不符合", "blocked", exceptional[0], (exceptional[0],), city=self.within(multiple(self.h))
            )
        return self.by_people(tier, branches, people, exceptional)

    # 1, 2 ------------------------------------------------------------------------------------------------------------

    def conflict(self) -> str | None:
        """注一 or 注三 when the facts contradict each other, "" for a person nobody knows, None for no conflict."""
        names = [m.name for m in self.case.members]
        rows = [r.name for r in self.case.incomes] + [r.name for r in self.case.expenses if r.name is not None]
        if any(names.count(name) != 1 for name in rows):
            return ""
        if self.is_miscounted():
            return "注一"
        if self.case.event == "无" and self.case.extreme_disaster:
            return "注三"
        return None

    def is_miscounted(self) -> bool:
        """Whether 家庭人口 differs from those who count; not asked while a visit or the sharing of a home is open."""
        sizes = [
            m.lives_together is None or (m.lives_together and m.in_register is False and m.visit_confirmed is None)
            for m in self.case.members
        ]
        return self.case.household_size not in (None, len(self.h.members())) if not any(sizes) else False

    def is_banned(self) -> bool:
        year = self.case.dishonest_year
        return year is not None and self.h.day.year in (year, year + 1)

    # 4, 5 ------------------------------------------------------------------------------------------------------------

    def stop(self) -> str | None:
        c, world = self.case, self.world
        if not self.h.is_migrant():
            refuses = self.h.after_75 and not world.known(c.authorized, "案件!授权核对")
            return "75号二" if refuses else None
        if not self.h.after_75:
            return None if world.known(c.union_member, "案件!工会会员") else "5(一)5"
        stable = (
            world.ask("案件!劳动关系起始日期", (True, False))
            if c.employed_since is None
            else six_months_after(c.employed_since) <= self.h.day
        )
        proven = c.employment_proof is not None or world.ask("案件!劳动关系证明", (True, False))
        rural = world.known(c.residence_kind, "案件!户籍性质", ("城镇", "农村")) == "农村"
        wages = world.known(c.wages_main_income, "案件!工资为主要生活来源")
        return None if stable and proven and rural and wages else "75号一"

    def exclusions(self) -> tuple[list[str], list[str]]:
        """The exclusions that hold, and those held open for people (both exceptions, special vehicle)."""
        held: list[str] = []
        excepted: list[str] = []
        special: list[str] = []
        homes = self.homes()
        if homes >= 2:
            (excepted if homes == 2 and self.is_small_home() and self.is_excusing_cause() else held).append("7(一)")
        if self.mean("business_premises", "生产经营用房") or self.mean("employs_others", "雇佣他人经营"):
            held.append("7(二)")
        self.vehicles(held, excepted, special)
        if any(self.is_costly_school(m) for m in self.case.members):
            held.append("7(四)")
        if any(self.is_refusing(m) for m in self.h.members()):
            held.append("7(五)")
        if self.is_excluded_retiree():
            held.append("7(六)")
        if self.is_excluded_by_body():
            held.append("7(七)")
        if len(excepted) == 2:
            self.flags.add("AMB-13")
        if excepted and self.h.event() == "其他" and self.decided("特殊情况", "县级") is None:
            self.is_cause_open = True
        held = list(dict.fromkeys(held))
        return held, [*(excepted if len(excepted) == 2 else []), *special]

    def mean(self, name: str, heading: str):
        return self.world.known(getattr(self.case.means, name, None), f"信息比对!{heading}")

    def homes(self) -> int:
        return self.world.known(getattr(self.case.means, "homes", None), "信息比对!住房套数", (0, 1, 2, 3))

    def is_small_home(self) -> bool:
        if not self.h.after_75:
            return False
        limit = figure(self.h.standards, "housing_area", self.case.area, self.h.day, wider=False)
        own = getattr(self.case.means, "home_area_per_head", None)
        if own is None:
            own = self.world.ask("信息比对!有产权住房人均面积", (0, 20) if limit is None else (0, limit + 1))
            limit = self.world.known(limit, "当地标准!最低住房保障人均面积", (10, 30))
        limit = self.world.known(limit, "当地标准!最低住房保障人均面积", (own, own - 1))
        return own <= limit

    def is_excusing_cause(self) -> bool:
        if not self.h.after_75 or self.h.event() == "无":
            return False
        if self.h.event() == "其他":
            return self.decided("特殊情况", "县级") is not False and self.is_near_person()
        return self.is_near_person()

    def is_near_person(self) -> bool:
        persons = ("本人", "配偶", "子女", "父母", "其他")
        return self.world.known(self.case.event_person, "案件!突发事件当事人", persons) in persons[:3]

    def vehicles(self, held: list[str], excepted: list[str], special: list[str]) -> None:
        if self.mean("uses_machines", "经常使用船舶机械"):
            held.append("7(三)")
        checked = getattr(self.case.means, "vehicles_checked", None)
        if not self.case.vehicles and checked is not True:
            if self.world.ask("信息比对!车辆已查", (True, False)):
                held.append("7(三)")
            return
        own = []
        for n, vehicle in enumerate(self.case.vehicles):
            use = self.world.known(vehicle.use, f"车辆!用途#{n}", ("自用", "受雇驾驶", "残疾人专用"))
            if use == "自用":
                own.append((n, vehicle))
            if use == "残疾人专用":
                special.append("7(三)")
        if not own:
            return
        if len(own) == 1 and self.is_modest(*own[0]) and self.is_excusing_cause():
            excepted.append("7(三)")
            return
        held.append("7(三)")
        self.flags.add("AMB-12")

    def is_modest(self, n: int, vehicle: Vehicle) -> bool:
        price = self.world.known(vehicle.price, f"车辆!购置价格#{n}", (0, BIG))
        bought = self.world.known(vehicle.bought, f"车辆!购置时点#{n}", ("致困前", "致困后"))
        return price <= 10_000_000 and bought == "致困前"

    def is_costly_school(self, m) -> bool:
        if m.relation not in ("子", "女") or self.h.work(m) != "在校学生":
            return False
        kinds = ("公办", "高收费民办")
        return self.world.known(m.schooling, f"家庭成员!就读类别({self.h.person(m)})", kinds) in (
            "高收费民办",
            "自费留学",
        )

    def is_refusing(self, m) -> bool:
        return (m.refusals or 0) >= 3 and self.h.work(m) in JOBLESS and self.h.is_able(m)

    def is_excluded_retiree(self) -> bool:
        if self.h.kind() != "退休人员":
            return False
        if self.world.known(self.case.retiree_management, "案件!退休管理", ("未社会化", "已社会化")) == "已社会化":
            return True
        key = "当地设置!取值(未社会化退休人员纳入)"
        return self.world.known(self.h.setting("未社会化退休人员纳入"), key, ("是", "否")) == "否"

    def is_excluded_by_body(self) -> bool:
        for row in self.rows("不予建档", "基层", needs_minutes=False):
            if row.agreed and self.world.known(row.endorsed, "集体研究!上级认可"):
                return True
        return False

    # 6, 7 ------------------------------------------------------------------------------------------------------------

    def by_people(self, tier, branches, people, exceptional) -> Outcome:
        branch = branches[0]
        lacks = [] if self.case.pledged else ["案件!诚信承诺"]
        if self.h.after_75 and not self.h.is_migrant():
            for name, heading in (("homes", "房产"), ("vehicles", "车辆"), ("business", "工商")):
                if getattr(self.case.means, f"{name}_checked", None) is not True:
                    lacks.append(f"信息比对!{heading}已查")
        if lacks:
            return self.finish(tier, "insufficient", branch, branches, lacks=tuple(lacks))
        is_unauthorized = self.is_migrant_unauthorized()
        if is_unauthorized == "refused":
            return self.finish("不符合", "auto", "75号二", ("75号二",))
        if is_unauthorized == "open":
            return self.finish("待定", "human", "75号二", ("75号二",))
        if tier == "待定":
            settled = self.settled_stop()
            if settled is None:
                return self.finish("待定", "human", branch, branches)
            tier = settled
            if tier == "不符合":
                return self.finish("不符合", "auto", branch, branches)
        waits = (
            self.is_cause_open
            or (bool(people) and set(people) >= self.top(branches))
            or (bool(exceptional) and self.decided("例外建档", "县级") is None)
        )
        return self.finish(tier, "human" if waits else "auto", branch, branches)

    @staticmethod
    def top(branches) -> set[str]:
        return {b for b in branches if b.startswith("5(一)")}

    def settled_stop(self) -> str | None:
        agreed = self.decided("一事一议", "县级")
        if agreed is None:
            return None
        if not agreed:
            return "不符合"
        row = next(r for r in self.rows("一事一议", "县级") if r.agreed)
        return self.world.known(row.tier, "集体研究!核定级别", ("全总级", "省总级", "市总级"))

    def is_migrant_unauthorized(self) -> str:
        if not (self.h.after_75 and self.h.is_migrant()) or self.world.known(self.case.authorized, "案件!授权核对"):
            return ""
        agreed = self.decided("特殊情况", "县级")
        if agreed is False:
            return "refused"
        return "" if agreed and getattr(self.case.means, "visitor", None) else "open"

    # results ---------------------------------------------------------------------------------------------------------

    def within(self, k: Fraction) -> bool:
        return self.sums.total - self.sums.spent <= self.month * k

    def note_flags(self, tier: str, branches: tuple[str, ...]) -> None:
        s, month = self.sums, self.month
        self.flags: set[str] = set()
        literal = self.is_literal()
        if s.has_recent and self.tier_of(s.recent, literal=literal)[0] != self.tier_of(s.total, literal=literal)[0]:
            self.flags.add("AMB-01")
        if "5(一)2前段" in branches and s.total == month:
            self.flags.add("AMB-02")
        if not literal and self.literal_differs():
            self.flags.add("AMB-03")
        if "5(一)2后段" in branches and s.total <= month:
            self.flags.add("AMB-05")
        self.flags |= {
            code
            for code, holds in (
                ("AMB-06", s.medical != s.medical_other),
                ("AMB-07", s.is_imputed),
                ("AMB-08", s.has_other_school),
                ("AMB-20", s.has_loss),
            )
            if holds
        }

    def finish(self, tier, status, branch, branches, *, city=False, lacks=()) -> Outcome:
        if (self.case.savings or 0) + (self.case.investments or 0) > 0 and branch != "5(一)4":
            self.flags.add("AMB-09")
        s, poor = self.sums, bool(self.case.registered_poor) and self.h.after_75
        per = 100 * 12 * self.size
        granted = tier in FUNDS and status in ("auto", "human")
        aid = [
            ("大病救助", s.medical > 0 or self.case.event == "突发重大疾病"),
            ("助学救助", s.education > 0),
            ("生活救助", True),
        ]
        names = tuple(name for name, due in aid if due and granted and (not poor or name == "助学救助"))
        if self.decided_aid() is False:
            names = ()
        funds = ("工会经费列支的扶贫专项资金",) if poor else FUNDS.get(tier, ())
        return Outcome(
            tier,
            status,
            branch,
            tuple(branches),
            Fraction(s.total, per),
            Fraction(s.total - s.spent, per),
            frozenset(self.flags),
            names,
            funds if granted else (),
            city,
            tuple(lacks),
        )

    def decided_aid(self) -> bool | None:
        rows = self.rows("救助", "基层", needs_minutes=False)
        return rows[-1].agreed if rows else None


def six_months_after(day: date) -> date:
    """The day six months later, the month's last where there is none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + 6, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)
