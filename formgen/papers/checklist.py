"""The materials of a dossier one by one: the nine 建档材料 and 附件注六, how each stands, and the article."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from formgen.check.posting import is_short
from formgen.household import Case, Expense, Income
from formgen.model import Decision
from formgen.papers.printed import day
from formgen.papers.publicity import is_granted
from formgen.rules.anhui import expenses

HERE, ABSENT, EXPIRED, LATER, NOT_NEEDED = "有", "缺", "年度不符", "待工会办理", "不需"
KNOWN = {
    "材料清单": "九种建档材料一行一种，在档再申请的另加一行（注六（二）），用 {%tr for … %} 循环",
    "材料清单.序号": "1–9",
    "材料清单.材料": "材料名称（建档材料 1–9）",
    "材料清单.状态": f"{HERE}、{ABSENT}、{EXPIRED}、{LATER}或{NOT_NEEDED}",
    "材料清单.说明": "缺什么，哪一年的",
    "材料清单.依据": "条款",
}
NONE, _UNABLE = (None, "无"), "无法提供"
_EARNING = ("在职", "务农", "退休")


def listed(case: Case, decision: Decision) -> tuple[dict[str, str], ...]:
    """A row a material: its number, name, state, what is wrong with it, and the articles that ask for it."""
    year = case.applied_on.year - 1 if case.applied_on else None
    states = (
        (HERE, "") if case.applied_on else (ABSENT, "申请日期"),
        _signed(case),
        _lacking(member.name or member.relation or "" for member in case.members if not member.id_number),
        (HERE, "") if case.union_opinion_on else (LATER, "单位工会签署意见"),
        _incomes(case, year),
        _expenses(case, year),
        _notice(case, decision),
        _checks(case),
        _card(case),
        *([_pledged(case.requests[-1].pledged)] if case.requests else ()),
    )
    return tuple(
        {"序号": str(number), "材料": named["name"], "状态": state, "说明": note or "—", "依据": named["basis"]}
        for number, (named, (state, note)) in enumerate(zip(_names(), states, strict=False), 1)
    )


@cache
def _names() -> tuple[Mapping[str, str], ...]:
    text = (files("formgen") / "data" / "checklist.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["material"])


def _lacking(names: Iterable[str]) -> tuple[str, str]:
    lost = "、".join(names)
    return (ABSENT, lost) if lost else (HERE, "")


def _signed(case: Case) -> tuple[str, str]:
    flags = (("授权核对", case.authorized), ("诚信承诺", case.pledged))
    return _lacking(name for name, flag in flags if flag is not True)


def _pledged(is_pledged: bool | None) -> tuple[str, str]:
    return (HERE, "") if is_pledged else (ABSENT, "本人承诺")


def _incomes(case: Case, year: int | None) -> tuple[str, str]:
    earned = {row.name for row in case.incomes}
    silent = sum(
        member.lives_together is True and member.employment in _EARNING and member.name not in earned
        for member in case.members
    )
    lost = [f"{silent} 人没有收入记录"] if silent else []
    if case.worker_kind == "农民工" and not case.employment_proof:
        lost.append("没有劳动关系证明")
    stale = sum(bool(year and row.year and row.year != year) for row in case.incomes)
    return _proved(case.incomes, lost, stale, year)


def _expenses(case: Case, year: int | None) -> tuple[str, str]:
    if not case.expenses:
        return NOT_NEEDED, "没有申报刚性支出"
    stale = sum(bool(year and row.year) and not _is_of(row, year or 0, case.event) for row in case.expenses)
    return _proved(case.expenses, [], stale, year)


def _is_of(row: Expense, year: int, event: str | None) -> bool:
    """Whether a receipt is of the year that counts; one of the event counts up to the application (AMB-38)."""
    return row.year == year or (row.year == year + 1 and expenses.is_of_event(row, event or ""))


def _proved(
    rows: tuple[Income, ...] | tuple[Expense, ...], lost: list[str], stale: int, year: int | None
) -> tuple[str, str]:
    """The state of proofs: absent before expired; what is said of both stands in the note."""
    bare = sum(row.proof in NONE for row in rows)
    unable = sum(row.proof == _UNABLE for row in rows)
    lost = [*lost, *([f"{bare} 项没有证明材料"] if bare else ()), *([f"{unable} 项无法提供证明"] if unable else ())]
    notes = [*lost, *([f"{stale} 项不是 {year} 年度的"] if stale else ())]
    return ABSENT if lost else EXPIRED if stale else HERE, "；".join(notes)


def _notice(case: Case, decision: Decision) -> tuple[str, str]:
    if decision.tier == "不符合":
        return NOT_NEEDED, "不符合建档条件，不公示"
    least = decision.notice_days
    if not is_granted(decision) or least is None:
        return LATER, "确定级别后公示"
    if case.objection:
        return LATER, "有异议，核实后办理"
    if case.notice_from is None or case.notice_to is None or is_short(case.notice_from, case.notice_to, least):
        return LATER, f"公示不少于{least}个工作日"
    return HERE, f"{day(case.notice_from)}至{day(case.notice_to)}"


def _checks(case: Case) -> tuple[str, str]:
    means = case.means
    if case.worker_kind == "农民工" and means and means.visitor:
        return HERE, "专人实地走访"
    done = (
        ("房产", means.homes_checked if means else None),
        ("车辆", means.vehicles_checked if means else None),
        ("工商登记", means.business_checked if means else None),
    )
    lost = "、".join(name for name, flag in done if flag is not True)
    return (ABSENT, f"{lost}未查") if lost else (HERE, "")


def _card(case: Case) -> tuple[str, str]:
    lost = [name for name, value in (("银行卡号", case.card_number), ("开户银行", case.bank)) if not value]
    if case.card_holder and case.name and case.card_holder != case.name:
        lost.append("户名不是申请人本人")
    return _lacking(lost)
