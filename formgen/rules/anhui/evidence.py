"""What was found of an exclusion of 第七条: premises, vehicle, which child at which school, who refused how often."""

from __future__ import annotations

from collections.abc import Iterator

from formgen.household import Vehicle
from formgen.rules.anhui.exclusions import HIRED, OWN_USE, Bar, is_at_costly_school
from formgen.rules.anhui.facts import Facts
from formgen.rules.anhui.members import CHILDREN, Person
from formgen.rules.anhui.numerals import yuan

MACHINES, CAR, SPECIAL_CAR = "船舶、工程机械或大型农机具", "机动车", "残疾人专用机动车"


def evidence(branch: str, bar: Bar, facts: Facts) -> str:
    """What was found; empty where nothing was, or where the exclusion leaves no more to say."""
    means = facts.case.means
    if branch == "7(六)":
        known = facts.case.retiree_management if bar.holds is not None else None
        return f"{known}管理" if known else ""
    if branch == "7(三)" and (bar.excepted or bar.is_special):
        return CAR if bar.excepted else SPECIAL_CAR
    if branch == "7(三)" and bar.holds is None:
        return CAR if any(vehicle.use in (OWN_USE, None) for vehicle in facts.case.vehicles) else ""
    if not bar.holds:
        return ""
    if branch == "7(二)":
        found = (("生产经营房产", means and means.business_premises), ("雇佣他人经营", means and means.employs_others))
        return "、".join(name for name, holds in found if holds)
    if branch == "7(三)":
        return MACHINES if means and means.uses_machines else _cars(facts)
    return "、".join(_persons(branch, facts))


def _cars(facts: Facts) -> str:
    """What the register says of the vehicles of the household's own: 机动车（购置价格 120000 元，致困后购置，自用）."""
    found = "；".join(told for car in facts.case.vehicles if car.use != HIRED and (told := _recorded(car)))
    return f"{CAR}（{found}）" if found else CAR


def _recorded(car: Vehicle) -> str:
    price = None if car.price is None else f"购置价格 {yuan(car.price)} 元"
    return "，".join(part for part in (price, car.bought and f"{car.bought}购置", car.use) if part)


def _persons(branch: str, facts: Facts) -> Iterator[str]:
    for person in facts.persons:
        member = person.member
        if branch == "7(四)" and member.relation in CHILDREN and is_at_costly_school(facts, member):
            yield f"{_name(person, facts)}{member.schooling}"
        if branch == "7(五)" and person.counts and (member.refusals or 0) >= facts.local.refusals:
            yield f"{_name(person, facts)}{member.refusals}次"


def _name(person: Person, facts: Facts) -> str:
    """The relation, with its number in row order where several stand in it."""
    relation = person.member.relation or ""
    return relation if sum(other.member.relation == relation for other in facts.persons) == 1 else person.label
