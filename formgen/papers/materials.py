"""Which papers a household still owes: the list of what can change the result, and the nine 建档材料 one by one."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from formgen.household import Case
from formgen.model import Decision

HERE, ABSENT, EXPIRED, LATER = "有", "缺", "年度不符", "待工会办理"
_ITEM = re.compile(r"(?P<sheet>[^!]+)!(?P<column>[^(]+)(?:\((?P<key>.*)\))?")
KNOWN = {
    "补充材料": "会影响结果的缺项一行一条（只在材料待补时有），用 {%tr for … %} 循环",
    "补充材料.序号": "1、2、3…",
    "补充材料.材料": "需补的材料",
    "补充材料.说明": "为谁或哪一项",
    "补充材料.提供": "由谁提供",
    "补充材料.依据": "要求这份材料的条款",
    "材料清单": "九种建档材料一行一种，用 {%tr for … %} 循环",
    "材料清单.序号": "1–9",
    "材料清单.材料": "材料名称（建档材料 1–9）",
    "材料清单.状态": f"{HERE}、{ABSENT}、{EXPIRED}或{LATER}",
    "材料清单.说明": "缺什么，哪一年的",
    "材料清单.依据": "条款",
}


def tags(case: Case, decision: Decision) -> dict[str, object]:
    """The two lists; what is asked for is empty unless something missing can change the result."""
    rows = [_asked(case, item) for item in decision.missing] if decision.status == "insufficient" else []
    return {
        "补充材料": tuple({"序号": str(number)} | row for number, row in enumerate(rows, 1)),
        "材料清单": nine(case, decision),
    }


def _asked(case: Case, item: str) -> dict[str, object]:
    parts = _ITEM.fullmatch(item)
    if parts is None:
        return {"材料": item, "说明": "—", "提供": "—", "依据": "—"}
    sheet, column, key = parts["sheet"], parts["column"], parts["key"] or ""
    known = _catalogue().get(item) or _catalogue().get(f"{sheet}!{column}", {})
    return {
        "材料": known.get("ask")
        or (f"当地设置“{key or column}”" if sheet == "当地设置" else f"“{sheet}”表的“{column}”"),
        "说明": "—" if sheet == "当地设置" else persons(case).get(key, key) or "—",
        "提供": known.get("who", "工会"),
        "依据": known.get("basis", "—"),
    }


def persons(case: Case) -> dict[str, str]:
    """The relation with its number in row order (女1) → the person as a letter names him, 李小雨（女）."""
    seen: Counter[str] = Counter()
    found = {}
    for member in case.members:
        relation = member.relation or ""
        seen[relation] += 1
        found[f"{relation}{seen[relation]}"] = f"{member.name or ''}（{relation}）"
    return found


@cache
def _catalogue() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("formgen") / "data" / "materials.toml").read_text(encoding="utf-8"))


def nine(case: Case, decision: Decision) -> tuple[dict[str, str], ...]:
    """The nine 建档材料 with 附件注六: which is there, which is missing, which is of the wrong year."""
    year = decision.figures.income_year if decision.figures else None
    rows = (
        ("个人申请书", *_if(case.applied_on, "申请日期"), "建档材料 1；第八条（一）"),
        ("家庭经济状况核对承诺授权书", *_signed(case), "建档材料 2；第八条（一）"),
        ("家庭成员身份证明材料", *_identities(case), "建档材料 3；注六（一）2"),
        ("救助（建档）申请表", LATER, "单位工会填写", "建档材料 4；注六（一）1"),
        ("收入证明材料", *_proofs(case.incomes, year), "建档材料 5；注六（一）3"),
        ("刚性支出证明材料", *_proofs(case.expenses, year), "建档材料 6；注六（一）4"),
        ("公示", *((HERE, "") if case.notice_to else (LATER, "公示不少于5个工作日")), "建档材料 7；第八条（二）"),
        ("信息比对材料", *_checks(case), "建档材料 8；75号二"),
        ("申请人本人银行卡卡号及开户行复印件", *_card(case), "建档材料 9；注六（一）5"),
    )
    keys = ("材料", "状态", "说明", "依据")
    return tuple({"序号": str(n)} | dict(zip(keys, row, strict=True)) for n, row in enumerate(rows, 1))


def _if(value: object, name: str) -> tuple[str, str]:
    return (HERE, "") if value else (ABSENT, name)


def _signed(case: Case) -> tuple[str, str]:
    lacking = [name for name, flag in (("授权核对", case.authorized), ("诚信承诺", case.pledged)) if flag is not True]
    return (ABSENT, "、".join(lacking)) if lacking else (HERE, "")


def _identities(case: Case) -> tuple[str, str]:
    lacking = [member.name or member.relation or "" for member in case.members if not member.id_number]
    return (ABSENT, "、".join(lacking)) if lacking else (HERE, "")


def _proofs(rows: Iterable[object], year: int | None) -> tuple[str, str]:
    listed = tuple(rows)
    bare = sum(getattr(row, "proof", None) in (None, "无", "无法提供") for row in listed)
    stale = sum(bool(year and getattr(row, "year", None) and row.year < year) for row in listed)  # type: ignore[attr-defined]
    if bare:
        return ABSENT, f"{bare} 项没有证明材料"
    return (EXPIRED, f"{stale} 项不是 {year} 年度的") if stale else (HERE, "" if listed else "没有申报")


def _checks(case: Case) -> tuple[str, str]:
    means = case.means
    done = (
        (("房产", means.homes_checked), ("车辆", means.vehicles_checked), ("工商登记", means.business_checked))
        if means
        else (("房产", None), ("车辆", None), ("工商登记", None))
    )
    lacking = [name for name, flag in done if flag is not True]
    return (ABSENT, f"{'、'.join(lacking)}未查") if lacking else (HERE, "")


def _card(case: Case) -> tuple[str, str]:
    lacking = [name for name, value in (("银行卡号", case.card_number), ("开户银行", case.bank)) if not value]
    if case.card_holder and case.name and case.card_holder != case.name:
        lacking.append("户名不是申请人本人")
    return (ABSENT, "、".join(lacking)) if lacking else (HERE, "")
