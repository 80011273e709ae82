"""Computed tags of the means check (信息比对) and of the request for aid by a worker already on file."""

from __future__ import annotations

from formgen.explain import clauses
from formgen.household import Case, Means, Vehicle
from formgen.model import Clause, Decision
from formgen.money import yuan
from formgen.papers.printed import plain
from formgen.papers.verdict import BOX, TICK

CHECKED = {True: "已查", False: "未查", None: "未查"}
CHANGES = ("减轻", "加重", "无变化")
KNOWN = {
    "比对结果": "房产、车辆、工商登记三必查各一行，用 {%tr for … %} 循环",
    "比对结果.项目": "家庭房产情况、家庭车辆情况、工商登记等情况",
    "比对结果.已查": "已查或未查",
    "比对结果.结果": "查到的情况",
    "排除情形": "第七条各项与75号三例外的核对结果，一行一项，用 {%tr for … %} 循环",
    "排除情形.条款": "文件和条款",
    "排除情形.规定": "条文原文",
    "排除情形.情况": "有、无或未定，和查到的情况",
    "本次申请": "“在档救助申请”表里这一户的最后一行，列名同表头，如 {{ 本次申请.帮扶意向 }}",
    **{f"{word}框": f"☑ 或 □：困难变化是否为{word}" for word in CHANGES},
}


def tags(case: Case, decision: Decision) -> dict[str, object]:
    """The computed tags of the means check and of the last request."""
    change = case.requests[-1].change if case.requests else None
    found: dict[str, object] = {f"{word}框": TICK if word == change else BOX for word in CHANGES}
    found["比对结果"] = _results(case)
    found["排除情形"] = tuple(_exclusion(clause) for clause in decision.clauses if is_exclusion(clause))
    return found


def is_exclusion(clause: Clause) -> bool:
    """Whether a clause is one of 第七条 or its exceptions in 75号三."""
    return clause.id.startswith(("7(", "75号三"))


def _exclusion(clause: Clause) -> dict[str, object]:
    return {"条款": clause.article, "规定": clause.quote, "情况": clauses.marked(clause, None)}


def _results(case: Case) -> tuple[dict[str, object], ...]:
    means = case.means or Means()
    return (
        {"项目": "家庭房产情况", "已查": CHECKED[means.homes_checked], "结果": _homes(means)},
        {"项目": "家庭车辆情况", "已查": CHECKED[means.vehicles_checked], "结果": _vehicles(case)},
        {"项目": "工商登记等情况", "已查": CHECKED[means.business_checked], "结果": _business(means)},
    )


def _homes(means: Means) -> str:
    if means.homes is None:
        return "未登记住房套数"
    area = means.home_area_per_head
    return f"住房 {means.homes} 套" + ("" if area is None else f"，有产权住房人均 {plain(area)} 平方米")


def _vehicles(case: Case) -> str:
    if not case.vehicles:
        return "无登记车辆" if case.means and case.means.vehicles_checked else "未登记"
    return "；".join(_vehicle(vehicle) for vehicle in case.vehicles)


def _vehicle(vehicle: Vehicle) -> str:
    price = None if vehicle.price is None else f"购置价格 {yuan(vehicle.price)} 元"
    bought = None if vehicle.bought is None else f"{vehicle.bought}购置"
    return "，".join(part for part in (vehicle.plate, price, bought, vehicle.use) if part)


def _business(means: Means) -> str:
    words = {True: "有", False: "无", None: "未查明"}
    return (
        f"生产经营用房：{words[means.business_premises]}；雇佣他人经营：{words[means.employs_others]}；"
        f"经常使用船舶机械：{words[means.uses_machines]}"
    )
