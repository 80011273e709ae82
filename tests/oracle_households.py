"""Random households for the comparison of core and oracle, weighted to the places where decisions turn."""

from __future__ import annotations

import random  # noqa: TID251 - seeded: the same households in every run
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from formgen.household import Case, Expense, Income, Means, Member, Resolution, Setting, Standard, Vehicle
from tests.oracle_scenes import EVENTS, POST, PRE, SCENES, aim, calm, leave_open, stage

DAYS = (date(2019, 3, 1),) * 6 + (date(2018, 12, 17), date(2018, 12, 18), date(2018, 6, 1), date(2019, 7, 1))
AREAS = ("测试市", "测试市甲区", "测试市甲区", "外地市")
MATTERS = ("一事一议", "例外建档", "非常重大意外灾害", "特殊情况", "不予建档", "例1口径", "救助")


class Drawn(NamedTuple):
    """A household with the tables and the day it is decided by."""

    case: Case
    standards: tuple[Standard, ...]
    settings: tuple[Setting, ...]
    on: date | None


def draw(seed: int) -> Drawn:
    """The household of that number, the same in every run."""
    rng = random.Random(seed)
    standards, settings = _standards(rng), _settings(rng)
    case = _case(rng)
    case = replace(case, members=_members(rng, case), vehicles=_vehicles(rng), resolutions=_resolutions(rng))
    size = sum(bool(m.lives_together) and m.in_register is not False for m in case.members)
    size += sum(bool(m.lives_together) and m.in_register is False and m.visit_confirmed is True for m in case.members)
    case = replace(case, household_size=rng.choice([size] * 40 + [None] * 4 + [size + 1]))
    case = replace(case, incomes=_incomes(rng, case), expenses=_expenses(rng, case), means=_means(rng))
    if rng.random() < 0.6:
        case = calm(case)
    scene = rng.choice((None,) * 6 + tuple(SCENES))
    case = aim(rng, stage(rng, case, scene), standards, settings, SCENES.get(scene, (PRE, POST)))
    if rng.random() < 0.4:
        case = leave_open(rng, case)
    on = rng.choice([None] * 12 + [date(2018, 12, 18), date(2019, 7, 1), date(2018, 12, 17)])
    return Drawn(case, standards, settings, None if on == case.applied_on else on)


def _standards(rng) -> tuple[Standard, ...]:
    line = rng.choice((63900, 63900, 63900, 55555, 70001))
    full = {"minimum_wage": 128000, "rural_income": 1399600, "housing_area": Decimal(15), "source": "示例"}
    rows = [Standard(area="测试市", since=date(2018, 1, 1), subsistence_line=line, **full)]
    rows.append(Standard(area="外地市", since=date(2018, 1, 1), subsistence_line=45000, **full))
    if rng.random() < 0.3:
        rows.append(Standard(area="测试市", since=date(2019, 7, 1), subsistence_line=line + 2100, source="示例"))
    if rng.random() < 0.3:
        rows.append(Standard(area="测试市甲区", since=date(2018, 1, 1), minimum_wage=118000, source="示例"))
    if rng.random() < 0.1:
        rows[0] = replace(
            rows[0], **{rng.choice(("minimum_wage", "rural_income", "housing_area", "subsistence_line")): None}
        )
    return tuple(rows)


def _settings(rng) -> tuple[Setting, ...]:
    choices = {
        "市总级倍数": ("2.2", "1.8", "2"),
        "意外致困扣除范围": ("仅意外支出", "全部刚性支出"),
        "医疗支出口径": ("总额减医保", "目录内自付"),
        "未社会化退休人员纳入": ("是", "否"),
        "慢性病口径": ("计入", "不计入"),
        "经营亏损下限": ("零", "无"),
    }
    often = {"未社会化退休人员纳入": 0.7, "慢性病口径": 0.7}
    return tuple(
        Setting(area="测试市", subject=subject, choice=rng.choice(words), since=date(2018, 1, 1), source="示例")
        for subject, words in choices.items()
        if rng.random() < often.get(subject, 0.12)
    )


def _case(rng) -> Case:
    day = rng.choice(DAYS)
    kind = rng.choice(("在职职工",) * 5 + ("农民工",) * 3 + ("失业人员", "灵活就业人员", "退休人员", "退休人员"))
    likely = rng.random
    since = rng.choice((date(2018, 9, 1), date(2018, 9, 2), date(2018, 8, 31), date(2016, 1, 1), date(2016, 1, 1)))
    return Case(
        case_no="T-1",
        applied_on=day,
        worker_kind=kind,
        retiree_management=rng.choice(("未社会化", "未社会化", "已社会化")) if kind == "退休人员" else None,
        area=rng.choice(AREAS) if likely() < 0.3 else "测试市",
        home_area=rng.choice((None, None, None, "外地市")) if kind == "农民工" else None,
        residence_kind="农村" if likely() < 0.9 else "城镇",
        registered_poor=rng.choice((None, False, False, False, True)),
        union_member=likely() < 0.9,
        wages_main_income=likely() < 0.93,
        employed_since=since,
        employment_proof=rng.choice(("劳动合同", "社保缴费证明", "工资发放清单")),
        subsistence_household=likely() < 0.3,
        government_relief=likely() < 0.3,
        months_below_line=rng.choice((0, 0, 0, 5, 6, 8, None)),
        visit_confirms_hardship=likely() < 0.7,
        event=rng.choice(EVENTS),
        event_person=rng.choice(("本人", "配偶", "子女", "父母", "其他")),
        compensated=likely() < 0.3,
        extreme_disaster=rng.choice((None, False, False, False, False, False, True)),
        investments=rng.choice((0,) * 8 + (100, 500000)),
        savings=rng.choice((0,) * 8 + (1, 500000)),
        authorized=likely() < 0.93,
        pledged=likely() < 0.95,
        dishonest_year=rng.choice((None,) * 60 + (2017, 2018, 2019)),
    )


def _members(rng, case: Case) -> tuple[Member, ...]:
    own = {"退休人员": "退休", "失业人员": "失业"}.get(case.worker_kind or "", "在职")
    members = [_member(rng, "甲", "本人", own)]
    for name in "乙丙丁戊己"[: rng.choice((0, 1, 1, 2, 2, 2, 3, 3, 4, 5))]:
        relation = rng.choice(("配偶", "子", "子", "女", "女", "父", "母", "兄弟"))
        if relation == "配偶" and any(m.relation == "配偶" for m in members):
            relation = "子"
        kinds = {
            "子": ("在校学生", "在校学生", "学龄前", "在校学生", "无业"),
            "女": ("在校学生", "在校学生", "学龄前", "在职"),
            "配偶": ("在职", "失业", "无业", "务农", "居住农村配偶"),
        }
        members.append(_member(rng, name, relation, rng.choice(kinds.get(relation, ("退休", "务农", "无业", "在职")))))
    return tuple(members)


def _member(rng, name: str, relation: str, employment: str) -> Member:
    is_own = relation == "本人"
    register = True if is_own else rng.choice((True,) * 12 + (None, False))
    return Member(
        name=name,
        relation=relation,
        lives_together=True if is_own else rng.random() < 0.95,
        in_register=register,
        visit_confirmed=rng.choice((True, True, False, None)) if register is False else None,
        employment=employment,
        able_bodied=rng.random() < 0.6,
        schooling=rng.choice(("公办",) * 12 + ("普通民办", "高收费民办", "自费留学"))
        if employment == "在校学生"
        else None,
        special_proof=rng.choice((None, None, None, "残疾证")),
        refusals=rng.choice((None, 0, 0, 0, 2, 3)) if employment in ("失业", "无业") else None,
    )


def _vehicles(rng) -> tuple[Vehicle, ...]:
    if rng.random() < 0.8:
        return ()
    return tuple(
        Vehicle(
            price=rng.choice((8_000_000, 10_000_000, 10_000_001, 15_000_000)),
            bought=rng.choice(("致困前", "致困前", "致困前", "致困后")),
            use=rng.choice(("自用", "自用", "自用", "受雇驾驶", "残疾人专用")),
        )
        for _ in range(rng.choice((1, 1, 1, 2)))
    )


def _resolutions(rng) -> tuple[Resolution, ...]:
    return tuple(
        Resolution(
            matter=matter,
            body="测试县总工会",
            level=rng.choice(("基层", "县级", "县级", "县级", "市级")),
            decided_on=date(2019, 3, 5),
            minutes=rng.choice(("纪要7", "纪要7", "纪要7", None)),
            agreed=rng.random() < 0.7,
            tier=rng.choice(("全总级", "省总级", "市总级", None)) if matter == "一事一议" else None,
            endorsed=rng.choice((True, False, None)) if matter == "不予建档" else None,
        )
        for matter in MATTERS
        if rng.random() < (0.04 if matter == "不予建档" else 0.12)
    )


def _incomes(rng, case: Case) -> tuple[Income, ...]:
    rows = []
    for m in case.members:
        if m.relation == "本人" or rng.random() < 0.35:
            rows.append(_income(rng, m, "工资性" if m.employment != "退休" else "转移净"))
        if rng.random() < 0.12:
            rows.append(_income(rng, m, rng.choice(("经营净", "财产净", "转移净"))))
    if rng.random() < 0.01:
        rows.append(Income(name="无此人", kind="工资性", amount=1, basis="实发", proof="银行流水"))
    return tuple(rows)


def _income(rng, m: Member, kind: str) -> Income:
    amount = rng.choice((0, 100000, 600000, 1200000, 1999999))
    if kind == "经营净" and rng.random() < 0.5:
        amount = -rng.choice((1, 400000, 1200000))
    if kind == "工资性" and m.relation != "本人" and rng.random() < 0.25:
        assessed = rng.choice((None, None, 900000))
        return Income(name=m.name, kind=kind, basis="实发", assessed=assessed, proof="无法提供")
    is_gross = kind == "工资性" and rng.random() < 0.15
    return Income(
        name=m.name,
        kind=kind,
        year=rng.choice((None, None, None, 0)),
        amount=amount,
        basis="应发" if is_gross else "实发" if kind == "工资性" else None,
        tax=rng.choice((0, 12000)) if is_gross else None,
        insurance=rng.choice((0, 63000)) if is_gross else None,
        last_12_months=rng.choice((None,) * 12 + (2400000, 3600000)),
        proof="银行流水",
    )


def _expenses(rng, case: Case) -> tuple[Expense, ...]:
    rows = []
    children = [m.name for m in case.members if m.relation in ("子", "女") and m.lives_together]
    for kind in ("医疗", "慢性病", "大学教育", "其他教育", "意外", "残疾", "单亲", "其他必须", "日常生活"):
        if rng.random() < {"医疗": 0.35, "大学教育": 0.35, "意外": 0.3}.get(kind, 0.06):
            rows.append(_expense(rng, kind, children))
    if rows and rng.random() < 0.05:
        rows.append(replace(rows[-1], receipt="票1"))
        rows[-2] = replace(rows[-2], receipt="票1")
    return tuple(rows)


def _expense(rng, kind: str, children: list) -> Expense:
    amount = rng.choice((1, 100000, 800000, 3000000))
    is_medical = kind in ("医疗", "慢性病")
    return Expense(
        name=rng.choice(children) if children and kind in ("大学教育", "其他教育") else "甲",
        kind=kind,
        year=rng.choice((None, None, None, 0, 1, -1)),
        amount=amount,
        insurance_paid=rng.choice((0, amount // 4)) if is_medical else None,
        outside_catalogue=rng.choice((None, None, 0, amount // 5)) if is_medical else None,
        compensation=rng.choice((0, 0, amount // 3)) if kind == "意外" else None,
        for_event=rng.choice((None, None, True, False)) if kind == "医疗" else None,
        proof=rng.choice(("票据",) * 14 + ("无", None)),
    )


def _means(rng) -> Means:
    likely = rng.random
    return Means(
        homes=rng.choice((0,) + (1,) * 10 + (2, 2, 2, 2, 3)),
        home_area_per_head=rng.choice((Decimal(10), Decimal(15), Decimal("15.01"), None)),
        business_premises=likely() < 0.05,
        employs_others=likely() < 0.04,
        uses_machines=likely() < 0.04,
        homes_checked=likely() < 0.96,
        vehicles_checked=likely() < 0.96,
        business_checked=likely() < 0.96,
        visitor=rng.choice((None, "走访人丁")),
    )
