"""What may be posted in public: a projection of a case that cannot see any field but the published ones.

附件注五: 公示内容应包含户主姓名、家庭成员（可以不公示成员姓名、就业单位或就读学校，但要公示与建档职工的身份关系和就业或
就读现状）、收入来源构成及困难情况等。 Which field may be shown, and how, stands in ``fields.toml`` under ``publish``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from operator import attrgetter

from formgen import fields, masks
from formgen.household import Case
from formgen.model import Decision
from formgen.papers.verdict import TIERS

MASKS: Mapping[str, Callable[[str], str]] = {"mask-name": masks.name, "mask-id": masks.id_number}
#: branch → the word the measure itself uses for such households (第五条（一）1–4)
HOUSEHOLDS = {
    "5(一)1": "低保户",
    "5(一)2前段": "低保边缘户",
    "5(一)2后段": "低保边缘户",
    "5(一)3": "意外致困户",
    "5(一)4": "其它原因致困户",
}
KNOWN = {
    "公示单位": "公示的工会",
    "人数": "公示的职工人数",
    "公示开始": "公示的第一天；从次日起计工作日",
    "公示结束": "提出意见的最后一天，不少于5个工作日（第八条（二）），当地规定更长的从其规定",
    "公示工作日": "公示不少于几个工作日：5，或当地设置“公示工作日”的数",
    "监督电话": "“工会”表的监督电话",
    "名单另页": "总为假：名单接在公示下面；为旧模板保留",
    "二维码": "工会、文书和内容摘要的二维码，form.toml 写 qr = true 时才有；用 {%p if 二维码 %}",
    "名单": "公示的职工一人一行，用 {%tr for … %} 循环",
    "名单.序号": "1、2、3…",
    "名单.姓名": "职工姓名；同名同单位时按规则加尾号",
    "名单.单位": "工作单位",
    "名单.致困原因": "致困原因的类别",
    "名单.家庭成员": "与职工的关系和就业或就读现状，不含姓名（注五）",
    "名单.收入来源": "收入来源构成，不含数字（注五）",
    "名单.困难情况": "困难类别（注五）",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One household as it is posted. ``tail`` tells homonyms apart and is printed only for them.

    ``case_no``, ``starts`` and ``ends`` are for the union's own list and are never printed in the notice. ``days`` are
    the working days it must be posted at least.
    """

    case_no: str
    union: str
    name: str
    employer: str
    causes: str
    family: str
    incomes: str
    hardship: str
    days: int
    tail: str = ""
    starts: date | None = None
    ends: date | None = None


def is_granted(decision: Decision) -> bool:
    """Whether the rules themselves give a tier, so that the case can be posted."""
    return decision.status == "auto" and decision.tier in TIERS


def is_settled(case: Case) -> bool:
    """Whether no notice of a household is to come: on file or withdrawn, and no day of posting is entered."""
    return case.notice_from is None and (case.filed_on or case.withdrawn_on) is not None


def entry(case: Case, decision: Decision) -> Entry | None:
    """The household as it is posted; None when it is not granted or an objection holds it back (公示异议 = 有)."""
    if not is_granted(decision) or decision.notice_days is None or case.objection:
        return None
    shown = project("case", case)
    family = [project("member", member) for member in case.members if member.lives_together]
    kinds = dict.fromkeys(kind for kind in (project("income", row).get("kind") for row in case.incomes) if kind)
    household = HOUSEHOLDS.get(decision.branch or "", "")
    causes = "、".join(shown["causes"])
    return Entry(
        case_no=case.case_no,
        union=shown["union"] or "",
        name=shown["name"] or "",
        employer=shown["employer"] or "",
        causes=causes,
        family="；".join(f"{who['relation'] or ''}{status(who['employment'])}" for who in family),
        incomes="、".join(f"{kind}收入" for kind in kinds) or "无",
        hardship="，".join(part for part in (household, f"因{causes}致困" if causes else "") if part),
        days=decision.notice_days,
        tail=(case.id_number or "")[-2:],
        starts=case.notice_from,
        ends=case.notice_to,
    )


def status(employment: str | None) -> str:
    """Work or school status as posted, without the word that tells the household's place."""
    return {None: "", "居住农村配偶": "（居住农村）"}.get(employment, f"（{employment}）")


def project(sheet: str, row: object) -> dict:
    """The published fields of one row by key, masked where the catalogue says so; every other field is out of sight."""
    read, masked = _reader(sheet)
    shown = read(row)
    for key, mask in masked:
        shown[key] = mask(shown[key]) if shown[key] else shown[key]
    return shown


@cache
def _reader(sheet: str) -> tuple[Callable[[object], dict], tuple[tuple[str, Callable[[str], str]], ...]]:
    open_fields = [field for field in fields.catalogue()[sheet].fields if field.publish != "never"]
    keys = tuple(field.key for field in open_fields)
    getters = tuple(attrgetter(key) for key in keys)
    masked = tuple((field.key, MASKS[field.publish]) for field in open_fields if field.publish in MASKS)
    return lambda row: {key: get(row) for key, get in zip(keys, getters, strict=True)}, masked


def told_apart(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The same entries, with homonyms of one employer told apart by a rule.

    The rule: the last two signs of the ID number, and where even these agree, their number in the list.
    """
    found = tuple(entries)
    return _marked(
        _marked(found, lambda each, _: f"{each.name}（尾号{each.tail}）"), lambda each, n: f"{each.name}（{n}）"
    )


def _marked(entries: tuple[Entry, ...], name: Callable[[Entry, int], str]) -> tuple[Entry, ...]:
    counts: dict[tuple[str, str], int] = {}
    for each in entries:
        counts[each.name, each.employer] = counts.get((each.name, each.employer), 0) + 1
    seen: dict[tuple[str, str], int] = {}
    made = []
    for each in entries:
        key = (each.name, each.employer)
        seen[key] = seen.get(key, 0) + 1
        made.append(replace(each, name=name(each, seen[key])) if counts[key] > 1 else each)
    return tuple(made)
