"""第七条: what bars a household, and the exceptions of 75号三.

Each exclusion answers with a ``Bar``: whether it holds (None when a fact is missing), what is missing, and whether
only an exception lifts it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from formgen.household import Member, Vehicle
from formgen.rules.anhui import resolutions
from formgen.rules.anhui.asking import Item, either, every
from formgen.rules.anhui.facts import DISASTER, ILLNESS, MISHAP, OTHER_EVENT, RETIREE, SUDDEN_ILLNESS, Facts
from formgen.rules.anhui.members import CHILDREN, JOBLESS
from formgen.rules.provision import provision

PERSONS = frozenset(("本人", "配偶", "子女"))
OWN_USE, HIRED, SPECIAL_USE = "自用", "受雇驾驶", "残疾人专用"
COSTLY_SCHOOLS = frozenset(("高收费民办", "自费留学"))
PRIVATE_SCHOOL = "普通民办"
SOCIALISED, UNSOCIALISED = "已社会化", "未社会化"


class Bar(NamedTuple):
    """How an exclusion came out; ``excepted`` says that it would hold but for the exception of 75号三."""

    holds: bool | None
    items: tuple[Item, ...] = ()
    excepted: bool = False
    by_vehicle: bool = False
    is_special: bool = False


NO_BAR = Bar(False)


class Cause(NamedTuple):
    """Whether the hardship comes from what 75号三 names; ``by_people`` when a body must say so first."""

    holds: bool | None
    items: tuple[Item, ...] = ()
    by_people: bool = False


@provision(cites="75号三原因", readings="AMB-41")
def cause(facts: Facts) -> Cause:
    """此类因困难职工本人、配偶或子女患大病以及重大灾害、事故等造成困难
    且符合皖工发〔2017〕51 号文件第五条规定建档标准的，可以建档帮扶救助
    """
    if not facts.local.has_supplement:
        return Cause(False)
    by_people = facts.event == OTHER_EVENT
    if by_people:
        agreed = facts.resolutions.by_matter.get(resolutions.SPECIAL)
        if agreed is not None and not agreed.agreed:
            return Cause(False)
        by_people = agreed is None
    elif facts.event not in (SUDDEN_ILLNESS, ILLNESS, MISHAP, DISASTER):
        return Cause(False)
    person = facts.case.event_person
    if person is None:
        return Cause(None, (Item("案件!突发事件当事人"),), by_people)
    return Cause(person in PERSONS, (), by_people)


@provision(cites=("7(一)", "75号三住房"), readings="AMB-13")
def homes(facts: Facts, why: Cause) -> Bar:
    """职工家庭拥有2套（含）以上住房的"""
    means, local = facts.case.means, facts.local
    row = means.row if means else 0
    count = means.homes if means else None
    if count is not None and count < local.homes:
        return NO_BAR
    if count is not None and count != local.excepted_homes:
        return Bar(True)
    area, limit = (means.home_area_per_head if means else None), local.housing
    is_small = None if area is None or limit is None else area <= limit
    excepted = every(why.holds, is_small)
    items: tuple[Item, ...] = () if count is not None else (Item("信息比对!住房套数", row),)
    if excepted is None:
        asked = (area, Item("信息比对!有产权住房人均面积", row)), (limit, Item("当地标准!最低住房保障人均面积"))
        items += why.items + tuple(item for value, item in asked if value is None)
    if count is None:
        return Bar(None, items)
    return Bar(None if excepted is None else not excepted, items, bool(excepted))


@provision(cites="7(二)")
def business(facts: Facts, why: Cause) -> Bar:
    """拥有商业店铺、厂房等生产经营房产或雇佣他人从事经营活动的"""
    means = facts.case.means
    premises, staff = (means.business_premises, means.employs_others) if means else (None, None)
    holds = either(premises, staff)
    if holds is not None:
        return Bar(holds)
    row = means.row if means else 0
    asked = (premises, "信息比对!生产经营用房"), (staff, "信息比对!雇佣他人经营")
    return Bar(None, tuple(Item(name, row) for value, name in asked if value is None))


@provision(cites="7(三)", readings="AMB-12")
def machines(facts: Facts, why: Cause) -> Bar:
    """非受雇佣经常使用机动车、船舶、工程机械以及大型农机具的"""
    means = facts.case.means
    uses = means.uses_machines if means else None
    if uses:
        return Bar(True)
    cars = _cars(facts, why)
    if cars.holds or uses is False:
        return cars
    return cars._replace(holds=None, items=(Item("信息比对!经常使用船舶机械", means.row if means else 0), *cars.items))


def _cars(facts: Facts, why: Cause) -> Bar:
    means, vehicles = facts.case.means, facts.case.vehicles
    if facts.world.choice(facts.local, "名下车辆推定") == "不推定":
        return NO_BAR
    if not vehicles:
        if means is not None and means.vehicles_checked:
            return NO_BAR
        return Bar(None, (Item("信息比对!车辆已查", means.row if means else 0),))
    own = [vehicle for vehicle in vehicles if vehicle.use == OWN_USE]
    unsure = [vehicle for vehicle in vehicles if vehicle.use is None]
    special = any(vehicle.use == SPECIAL_USE for vehicle in vehicles)
    if len(own) > facts.local.excepted_cars:
        return Bar(True, by_vehicle=True)
    if not own and not unsure:
        return Bar(False, is_special=special)
    bar = excepted_car((own or unsure)[0], facts, why)
    if not unsure or (bar.holds and own):
        return bar._replace(is_special=special)
    items = tuple(Item("车辆!用途", vehicle.row) for vehicle in unsure)
    if len(own) + len(unsure) <= facts.local.excepted_cars and bar.holds is False:
        return bar._replace(is_special=True)
    return Bar(None, items + bar.items, by_vehicle=True)


@provision(cites="75号三车辆", readings="AMB-12")
def excepted_car(car: Vehicle, facts: Facts, why: Cause) -> Bar:
    """困难职工家庭原有一辆购置价格在10万元（含10万元）以下的机动车"""
    before = None if car.bought is None else car.bought == "致困前"
    cheap = None if car.price is None else car.price <= facts.local.car_price
    excepted = every(why.holds, before, cheap)
    if excepted is None:
        asked = (cheap, Item("车辆!购置价格", car.row)), (before, Item("车辆!购置时点", car.row))
        items = why.items + tuple(item for value, item in asked if value is None)
        return Bar(None, items, by_vehicle=True)
    return Bar(not excepted, (), excepted, by_vehicle=True)


@provision(cites="7(四)", readings="AMB-29")
def schools(facts: Facts, why: Cause) -> Bar:
    """子女进入高收费私立学校或自费出国留学的"""
    asked = []
    for person in facts.persons:
        member = person.member
        if member.relation not in CHILDREN or member.employment not in ("在校学生", None):
            continue
        if is_at_costly_school(facts, member):
            return Bar(True)
        if member.employment is None and member.schooling in (None, *COSTLY_SCHOOLS):
            asked.append(Item(f"家庭成员!就业状况({person.label})", member.row))
        if member.schooling is None:
            asked.append(Item(f"家庭成员!就读类别({person.label})", member.row))
    return Bar(None, tuple(asked)) if asked else NO_BAR


def is_at_costly_school(facts: Facts, child: Member) -> bool:
    """Whether the workbook says so of a child, or the fees claimed for it reach the city's number."""
    if child.employment == "在校学生" and child.schooling in COSTLY_SCHOOLS:
        return True
    return child.schooling == PRIVATE_SCHOOL and _is_costly(facts, child.name)


def _is_costly(facts: Facts, name: str | None) -> bool:
    """Whether the fees claimed for a child reach the number of the city, where it set one."""
    least = facts.local.choices["高收费年学费标准"]
    fees = sum(
        row.amount or 0 for row in facts.case.expenses if row.name == name and row.kind in ("大学教育", "其他教育")
    )
    return bool(least) and fees >= int(Decimal(least or 0) * 100)


@provision(cites="7(五)", readings="AMB-40")
def refusals(facts: Facts, why: Cause) -> Bar:
    """本人或家庭成员拥有正常劳动能力，在失业后一年内无故拒绝工会和其他部门3次（含）以上就业推荐的"""
    asked: tuple[Item, ...] = ()
    for person in facts.persons:
        member = person.member
        if not person.counts or (member.refusals or 0) < facts.local.refusals:
            continue
        jobless = None if member.employment is None else member.employment in JOBLESS
        able = member.able_bodied
        if able is None and jobless:
            able = facts.world.picks.get(Item(f"家庭成员!有劳动能力({person.label})", member.row, "income"))  # type: ignore[assignment]
        holds = every(jobless, able)
        if holds:
            return Bar(True)
        if holds is None:
            names = (jobless, "就业状况"), (able, "有劳动能力")
            asked += tuple(Item(f"家庭成员!{n}({person.label})", member.row) for value, n in names if value is None)
    return Bar(None, asked) if asked else NO_BAR


@provision(cites="7(六)")
def retirees(facts: Facts, why: Cause) -> Bar:
    """已实行社会化管理的退休人员不纳入全总、省总建档范围，尚未实行社会化管理的退休人员是否纳入建档范围，由市（直管县）总工会确定"""
    if facts.kind != RETIREE:
        return NO_BAR
    management, choice = facts.case.retiree_management, facts.local.choices["未社会化退休人员纳入"]
    if management == SOCIALISED or (management is None and choice == "否"):
        return Bar(True)
    items = () if management else (Item("案件!退休管理"),)
    if choice is None:
        return Bar(None, (*items, Item("当地设置!取值(未社会化退休人员纳入)")))
    return Bar(None, items) if items else Bar(choice == "否")


@provision(cites="7(七)")
def decided_by_union(facts: Facts, why: Cause) -> Bar:
    """当地工会经集体研究确定且上一级工会认可的不应建档情形"""
    if not facts.resolutions.on(resolutions.NO_FILE):
        return NO_BAR
    row = facts.resolutions.row(resolutions.NO_FILE)
    if row.endorsed is None:
        return Bar(None, (Item("集体研究!上级认可", row.row),))
    return Bar(row.endorsed)


#: The exclusions in article order with the branch each carries.
EXCLUSIONS = (
    ("7(一)", homes),
    ("7(二)", business),
    ("7(三)", machines),
    ("7(四)", schools),
    ("7(五)", refusals),
    ("7(六)", retirees),
    ("7(七)", decided_by_union),
)
