"""What stands before every tier: the ban, authorization, labour relation, pledge and the three checks."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from formgen.days import months_after, months_between, printed
from formgen.rules.anhui.asking import BOTH, Item, every
from formgen.rules.anhui.facts import EMPLOYEE, Facts
from formgen.rules.provision import provision

RURAL = "农村"


class Test(NamedTuple):
    """One thing a precondition asks: the id of its clause, the sentence that asks it, and whether it is so.

    ``found`` and ``least`` are what is counted and against what, where it is a number, ``between`` from when to when.
    """

    id: str
    cited: str
    holds: bool | None
    found: str = ""
    least: str = ""
    between: str = ""


class Gate(NamedTuple):
    """How a precondition came out: True passed, False barred, None a fact is missing; and the branch it carries.

    ``tests`` are what it asked of this household, none where it asks nothing.
    """

    branch: str
    passes: bool | None
    items: tuple[Item, ...] = ()
    tests: tuple[Test, ...] = ()


@provision(cites="8(一)不实")
def is_banned(dishonest_year: int | None, on: date, years: int) -> bool:
    """对职工本人故意不如实申报的，要取消其当年和下一年度困难职工建档申报资格、作不诚信记录并与相关救助挂钩"""
    return dishonest_year is not None and dishonest_year <= on.year < dishonest_year + years


@provision(cites="75号二授权")
def authorization(facts: Facts) -> Gate:
    """城市困难职工不授权比对的不予建档"""
    if facts.is_migrant or not facts.local.has_supplement:
        return Gate("75号二", True)
    given = facts.case.authorized
    tests = (Test("75号二", "75号二授权", given),)
    return Gate("75号二", given, () if given is not None else (Item("案件!授权核对"),), tests)


@provision(cites="75号二走访")
def is_unchecked_migrant(facts: Facts) -> bool:
    """困难农民工家庭经济状况无法进行核查，县级（含县级）以上总工会应落实专人进行实地走访，综合考量困难农民工家庭经济情况，按照程序建档帮扶"""
    if not facts.is_migrant or not facts.local.has_supplement:
        return False
    given = facts.case.authorized
    return not (facts.world.ask(Item("案件!授权核对"), BOTH) if given is None else given)


def labour(facts: Facts) -> Gate:
    """The labour relation: membership before 75号, the conditions of 75号一 from then on."""
    case = facts.case
    if not facts.local.has_supplement:
        return membership(facts)
    wanted = [
        ("案件!劳动关系起始日期", Test("75号一.稳定", "75号一", is_stable(facts), *_employed(facts))),
        ("案件!劳动关系证明", Test("75号一.证明", "75号一证明", is_proved(facts))),
    ]
    if facts.is_migrant:
        rural = None if case.residence_kind is None else case.residence_kind == RURAL
        wanted += [
            ("案件!工资为主要生活来源", Test("75号一.工资", "75号一", case.wages_main_income)),
            ("案件!户籍性质", Test("75号一.户籍", "75号一", rural)),
        ]
    elif facts.kind != EMPLOYEE or facts.world.choice(facts.local, "劳动关系核验范围") == "农民工":
        return Gate("75号一", True)
    passes = every(*(test.holds for _, test in wanted))
    items = tuple(Item(name) for name, test in wanted if test.holds is None) if passes is None else ()
    return Gate("75号一", passes, items, tuple(test for _, test in wanted))


@provision(cites="5(一)5", readings="AMB-19")
def membership(facts: Facts) -> Gate:
    """加入工会组织、按务工地标准且符合上述条件之一的农民工家庭（注四）"""
    if not facts.is_migrant:
        return Gate("5(一)5", True)
    member = facts.case.union_member
    items = () if member is not None else (Item("案件!工会会员"),)
    return Gate("5(一)5", member, items, (Test("5(一)5", "5(一)5", member),))


@provision(cites="75号一", readings="AMB-39")
def is_stable(facts: Facts) -> bool | None:
    """困难农民工应当以工资收入为主要生活来源、与用人单位建立劳动关系稳定在6个月以上的非城镇户籍人员"""
    since = facts.case.employed_since
    return None if since is None else months_after(since, facts.local.labour_months) <= facts.local.on


def _employed(facts: Facts) -> tuple[str, str, str]:
    """How many whole months, how many are asked for, and from when to when they are counted."""
    since, on, least = facts.case.employed_since, facts.local.on, str(facts.local.labour_months)
    if since is None:
        return "", least, ""
    return str(months_between(since, on)), least, f"自{printed(since)}至{printed(on)}"


@provision(cites="75号一证明")
def is_proved(facts: Facts) -> bool | None:
    """证明劳动关系应当提供与用人单位签订的劳动合同或建档前6个月社保缴费证明或工资发放清单"""
    return True if facts.case.employment_proof else None


@provision(cites="8(一)承诺", readings="AMB-16")
def pledge(facts: Facts) -> tuple[Item, ...]:
    """签署保证提交材料真实有效并愿意接受审核的承诺书"""
    return () if facts.case.pledged else (Item("案件!诚信承诺"),)


@provision(cites="75号二三必查")
def checks(facts: Facts) -> tuple[Item, ...]:
    """对城市困难职工家庭房产信息、车辆信息、工商登记信息做到“三必查”，在核查的基础上，再结合其它信息综合判断"""
    if facts.is_migrant or not facts.local.has_supplement:
        return ()
    means = facts.case.means
    row = means.row if means else 0
    done = (
        (means is not None and means.homes_checked, "信息比对!房产已查"),
        (means is not None and means.vehicles_checked, "信息比对!车辆已查"),
        (means is not None and means.business_checked, "信息比对!工商已查"),
    )
    return tuple(Item(name, row) for is_done, name in done if not is_done)
