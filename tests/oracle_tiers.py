"""The figures of one world and the tier they give (第五条, 第六条); part of the independent evaluator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from formgen.household import Resolution
from tests.oracle_facts import BIG, Household, Sums, Unknown, figure, multiple

LEVELS = ("基层", "县级", "市级", "省级")


class Tiers:
    """Income, expenses and line of one world, and the branches of 第五条 that hold there."""

    def __init__(self, household: Household) -> None:
        self.h, self.case, self.world = household, household.case, household.world

    def work_out(self) -> None:
        """Income, expenses, household size and line of this world, with every unknown amount chosen."""
        h = self.h
        sums = Sums()
        people = h.members()
        self.size = len(people)
        for member in people:
            h.add_income(sums, member)
        h.add_expenses(sums)
        self.line = figure(h.standards, "subsistence_line", self.case.area, h.day, wider=True)
        if self.line is None:
            around = [
                (value * Fraction(1, 12 * self.size) / k).__floor__() + step
                for value in (sums.total, sums.total - sums.spent, sums.total - sums.accident)
                for k in (1, Fraction(3, 2), 3, multiple(h))
                for step in (0, 1)
            ]
            self.line = self.world.ask("当地标准!月低保标准", [1, BIG, *(v for v in around if v > 0)])
        self.month = 12 * self.size * self.line
        self.choose_amounts(sums)
        self.sums = sums

    def choose_amounts(self, s: Sums) -> None:
        steps = [self.month * 1, self.month * 3 // 2, self.month * 3, (self.month * multiple(self.h)).__floor__()]
        most = sum(u.high if u.high > 0 else 0 for u in s.unknown_spent) + s.spent
        pools: dict[int, int] = {}
        for n, unknown in enumerate(s.unknown):
            unknown = replace(unknown, low=unknown.low - pools.get(unknown.pool, 0))
            goals = [t + e for t in steps for e in {0, s.spent, s.accident, most}]
            value = self.world.ask(f"{unknown.key}#{n}", list(near(goals, s.total, unknown)))
            if unknown.pool:
                pools[unknown.pool] = pools.get(unknown.pool, 0) + value
            s.total, s.floored, s.recent = (
                s.total + value,
                s.floored + (value if unknown.pool else max(value, 0)),
                s.recent + value,
            )
            s.has_loss = s.has_loss or (value < 0 and unknown.high > 0)
        for n, unknown in enumerate(s.unknown_spent):
            high = max(s.total, 0) if unknown.high < 0 else unknown.high
            unknown = replace(unknown, high=high)
            goals = [s.total - t for t in steps]
            both = {*near(goals, s.spent, unknown), *near(goals, s.accident, unknown)}
            both |= {v for v in (unknown.low + 1, 1 - s.spent, 1 - s.accident) if unknown.low <= v <= high}
            value = self.world.ask(f"{unknown.key}#{n}", sorted(both))
            s.spent += value
            s.accident += value if unknown.is_accident else 0
            s.medical += value if unknown.is_medical else 0
            s.medical_other += value if unknown.is_medical else 0
            s.education += value if unknown.is_education else 0

    def tier(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The tier the figures give, the branches that hold, and which of them wait for people."""
        return self.tier_of(self.sums.total, literal=self.is_literal())

    def literal_differs(self) -> bool:
        """Whether 5(一)3 read by its letter gives another tier than with all rigid expenses, from the same income."""
        s = self.sums
        base = s.total
        if self.tier()[0] != self.tier_at(base, literal=False)[0]:
            base += s.floored - s.total
        return self.tier_at(base, literal=True)[0] != self.tier_at(base, literal=False)[0]

    def tier_of(self, total: int, *, literal: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """The same for a total; what holds only through a loss gives way to the tier with losses at nothing."""
        chosen = self.tier_at(total, literal=literal)
        losses = self.sums.floored - self.sums.total
        if chosen[0] != "全总级" or not self.sums.has_loss or losses <= 0:
            return chosen
        without = self.tier_at(total + losses, literal=literal)
        return chosen if without[0] == "全总级" else without

    def is_literal(self) -> bool:
        return self.h.setting("意外致困扣除范围") == "仅意外支出" or self.decided("例1口径", "县级") is True

    def tier_at(self, total: int, *, literal: bool) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        s, month, c, world = self.sums, self.month, self.case, self.world
        found: list[str] = []
        people: list[str] = []
        if total <= month and world.known(c.subsistence_household, "案件!低保户") and self.is_hard():
            found.append("5(一)1")
        if self.is_long_below() and not world.known(c.government_relief, "案件!政府救助") and self.is_hard():
            found.append("5(一)2前段")
        if 2 * total <= 3 * month and s.spent > 0 and total - s.spent <= month:
            found.append("5(一)2后段")
        deducted = s.accident if literal else s.spent
        if total <= 3 * month and s.accident > 0 and total - deducted <= month:
            if self.is_event_of_note_three():
                found.append("5(一)3")
            elif self.h.event() == "其他":
                self.wait(found, people, "5(一)3", "特殊情况")
        is_far_above = total > 3 * month and c.extreme_disaster and total - s.accident <= month
        if is_far_above and self.is_hard() and total + self.assets(total) - s.accident <= month:
            self.wait(found, people, "5(一)4", "非常重大意外灾害")
        reached = "全总级" if found else ""
        if 2 * (total - s.spent) <= 3 * month:
            if total > 3 * month and self.h.after_75:
                if not reached:
                    return "待定", ("75号六",), ()
            else:
                found.append("5(二)")
                reached = reached or "省总级"
        elif total - s.spent <= month * multiple(self.h):
            found.append("5(三)")
            reached = reached or "市总级"
        return reached or "不符合", tuple(found), tuple(people)

    def wait(self, found: list[str], people: list[str], branch: str, matter: str) -> None:
        agreed = self.decided(matter, "县级")
        if agreed is False:
            return
        found.append(branch)
        if agreed is None:
            people.append(branch)

    def is_hard(self) -> bool:
        return self.world.known(self.case.visit_confirms_hardship, "案件!走访确认特别困难")

    def is_long_below(self) -> bool:
        months = self.case.months_below_line
        if months is None:
            return 2 * self.sums.total <= 3 * self.month and self.world.ask("案件!连续低于低保月数", (0, 6)) >= 6
        return months >= 6

    def is_event_of_note_three(self) -> bool:
        event = self.h.event()
        if event == "意外事件":
            return not self.world.known(self.case.compensated, "案件!赔付到位")
        return event in ("突发重大疾病", "自然灾害或重大安全事故")

    def assets(self, total: int) -> int:
        room = self.month + self.sums.accident - total
        own = 0
        for value, name in ((self.case.investments, "投资性净资产"), (self.case.savings, "储蓄")):
            own += self.world.known(value, f"案件!{name}", (0, max(room - own, 0), max(room - own, 0) + 1, BIG))
        return own

    def rows(self, matter: str, least: str, *, needs_minutes: bool = True) -> list[Resolution]:
        return [
            r
            for r in self.case.resolutions
            if r.matter == matter
            and r.level is not None
            and LEVELS.index(r.level) >= LEVELS.index(least)
            and (r.minutes or not needs_minutes)
        ]

    def decided(self, matter: str, least: str) -> bool | None:
        """What a body decided on a matter: True, False, or None when nothing that counts was decided."""
        rows = self.rows(matter, least, needs_minutes=matter != "例1口径")
        return rows[-1].agreed if rows else None


def near(goals: Iterable[int], have: int, unknown: Unknown) -> Iterator[int]:
    """Amounts at the ends and beside every goal that the sum could just reach."""
    yield unknown.low
    yield unknown.high
    for goal in goals:
        for value in (goal - have - 1, goal - have, goal - have + 1):
            if unknown.low <= value <= unknown.high:
                yield value
    if unknown.low <= 0 <= unknown.high:
        yield 0
