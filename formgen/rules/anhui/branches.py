"""第五条: the branches of the tiers, each a small function on the facts and a point of possible amounts.

They answer True, False or None (a fact is missing). Amounts are compared without dividing, in fen of a year.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from formgen.household import Fen
from formgen.rules.anhui import resolutions
from formgen.rules.anhui.asking import every
from formgen.rules.anhui.facts import DISASTER, MISHAP, NO_EVENT, OTHER_EVENT, SUDDEN_ILLNESS, Facts
from formgen.rules.provision import provision

ONCE = (1, 1)


class Point(NamedTuple):
    """One possible set of amounts, in fen: a year's income, all rigid expenses, the accident's, and what is saved.

    ``losses`` is how much of the income stands there because losses were set to zero (AMB-20).
    """

    income: Fen
    spent: Fen
    accident: Fen
    wealth: Fen
    losses: Fen = 0


def within(amount: Fen, multiple: tuple[int, int], facts: Facts) -> bool:
    """Whether a year's amount is at most a multiple of the line for the household, equality included."""
    return amount * multiple[1] <= multiple[0] * facts.line_year


@provision(cites="5(一)1", readings="AMB-02 AMB-37")
def subsistence_household(facts: Facts, point: Point) -> bool | None:
    """低保户。家庭人均可支配月收入（详见附件有关说明，注一）低于（≦）当地最低生活保障标准（注二）,经政府救助后仍生活困难的职工家庭"""
    case = facts.case
    if point.income > facts.line_year:
        return False
    return every(case.subsistence_household, case.visit_confirms_hardship)


@provision(cites="5(一)2前段", readings="AMB-02 AMB-36 AMB-37")
def months_below_line(facts: Facts, point: Point) -> bool | None:
    """连续6个月以上家庭实际人均可支配月收入低于当地最低生活保障标准,未经政府救助,生活特别困难的职工家庭"""
    case, months = facts.case, facts.case.months_below_line
    if (months is None or facts.is_month_tried) and not within(point.income - point.losses, facts.local.near, facts):
        return False
    if point.income == facts.line_year and facts.world.choice(facts.local, "连续低于口径") == "不含等于":
        return False
    relieved = case.government_relief
    enough = None if months is None else months >= facts.local.months_below
    return every(enough, None if relieved is None else not relieved, case.visit_confirms_hardship)


@provision(cites="5(一)2后段", readings="AMB-05 AMB-10")
def near_line_with_expense(facts: Facts, point: Point) -> bool | None:
    """家庭人均可支配月收入在当地最低生活保障标准1.5倍（含）以下，且满足（家庭可支配收入-由于患病、子女上学、残疾、单亲及其它特殊原因造成支出费用）÷家庭总人口≦当地低保标准的职工家庭"""
    if point.income - point.spent > facts.line_year or not within(point.income, facts.local.near, facts):
        return False
    return point.spent > 0 or _needs_no_expense(facts)


def _needs_no_expense(facts: Facts) -> bool:
    return facts.world.choice(facts.local, "致困支出门槛") == "不要求"


@provision(cites="5(一)3", readings="AMB-03 AMB-05 AMB-10 AMB-31 AMB-34")
def struck_by_event(facts: Facts, point: Point) -> bool | None:
    """家庭人均月收入在当地最低生活保障标准3倍（含）以下,但由于遭受突发事件、意外伤害、重大疾病及其他原因导致生活困难的职工家庭（注三），且符合（家庭可支配收入-意外致困造成支出费用）÷家庭总人口≦当地低保标准的职工家庭"""
    if facts.event == NO_EVENT or not within(point.income, facts.local.accident, facts):
        return False
    if point.accident <= 0 and not _needs_no_expense(facts):
        return False
    spent = point.accident if is_literal(facts) else point.spent
    if point.income - spent > facts.line_year:
        return False
    return is_event(facts, point)


def is_literal(facts: Facts) -> bool:
    """Whether only the accident's own expense is deducted under 5(一)3: by the city's choice or a body's decision."""
    if facts.world.choice(facts.local, "意外致困扣除范围") == "仅意外支出":
        return True
    return facts.resolutions.on(resolutions.EXAMPLE) is True


@provision(cites=("注三大病", "注三意外", "注三灾害"), readings="AMB-28 AMB-34 AMB-41")
def is_event(facts: Facts, point: Point) -> bool | None:
    """家庭成员突发重大疾病等原因,而产生数额过大的救治费用,导致基本生活暂时出现严重困难的家庭"""
    if facts.event == SUDDEN_ILLNESS:
        return point.accident >= large_cost(facts)
    if facts.event == MISHAP:
        compensated = facts.case.compensated
        return None if compensated is None else not compensated
    if facts.event == OTHER_EVENT:
        return facts.resolutions.on(resolutions.SPECIAL) is not False
    return facts.event == DISASTER


def large_cost(facts: Facts) -> Fen:
    """From how much on the costs of a sudden illness are large (数额过大), where the city set a number; else 0."""
    return int(Decimal(facts.local.choices["救治费用数额过大标准"] or 0) * 100)


@provision(cites="5(一)4", readings="AMB-09 AMB-10 AMB-28")
def extreme_disaster(facts: Facts, point: Point) -> bool | None:
    """家庭人均可支配月收入虽然超过当地最低生活保障标准3倍，但是家庭遭遇非常重大意外灾害，
    导致家庭生活特别困难，且符合 (家庭可支配收入+投资性净资产+储蓄-意外致困造成支出费用)
    ÷家庭总人口≤当地低保标准）（此公式仅适用本款）的条件
    """
    case = facts.case
    if not case.extreme_disaster or within(point.income, facts.local.accident, facts):
        return False
    if point.income + point.wealth - point.accident > facts.line_year:
        return False
    if case.visit_confirms_hardship and facts.resolutions.on(resolutions.DISASTER) is False:
        return False
    return case.visit_confirms_hardship


@provision(cites="5(二)", readings="AMB-04")
def provincial(facts: Facts, point: Point) -> bool:
    """可支配收入（参照全总级档案建档分类标准）减去致困原因造成的支出费用（不含日常生活支出），在当地低保线1.5倍（含）以内"""
    return within(point.income - point.spent, facts.local.provincial, facts)


@provision(cites="75号六", readings="AMB-04")
def is_stopped(facts: Facts, point: Point) -> bool:
    """对于本地困难职工、农民工基本符合皖工发〔2017〕51 号文件规定建档标准，但存在不好把握的情况，
    需要使用中央、省财政帮扶资金建档进行生活救助、助学救助、大病救助的，应当一事一议，
    经县级（含县级）以上总工会党组会或主席办公会集体研究决定，困难职工、农民工档案应当留存会议纪要
    """
    if not facts.local.has_supplement or within(point.income, facts.local.accident, facts):
        return False
    return facts.world.choice(facts.local, "省总级三倍上限") == "有"


@provision(cites="5(三)")
def municipal(facts: Facts, point: Point) -> bool:
    """可支配收入（原则上参照全总级档案建档分类标准）减去致困原因造成的支出费用（不含日常生活支出），一般在当地低保线2倍（含）以内"""
    return within(point.income - point.spent, facts.city, facts)
