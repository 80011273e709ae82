"""Every test of the law as it came out: article, sentence, left, operator, right, margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from formgen.household import Fen
from formgen.model import Clause
from formgen.rules.anhui import numerals
from formgen.rules.anhui.branches import ONCE, Point, is_event, is_literal
from formgen.rules.anhui.exclusions import Bar
from formgen.rules.anhui.facts import NO_EVENT, Facts
from formgen.rules.anhui.income import MONTHS
from formgen.rules.anhui.numerals import FEN
from formgen.rules.anhui.tiers import Standing
from formgen.rules.anhui.verdict import Barriers
from formgen.rules.provision import sentences


class View(NamedTuple):
    """What the clauses are read from: facts, amounts (None when unknown) and how branches and barriers came out."""

    facts: Facts
    point: Point | None
    standing: Standing
    barriers: Barriers


def clauses(view: View) -> tuple[Clause, ...]:
    """Every clause that concerns the household, in article order."""
    found = _national(view)
    found += _lower(view)
    found += _bars(view)
    return tuple(found + _gates(view))


def _national(view: View) -> list[Clause]:
    case, local, point, stand = view.facts.case, view.facts.local, view.point, view.standing
    visit = case.visit_confirms_hardship
    found = [
        _amount(view, "5(一)1.收入", "5(一)1", point and point.income, ONCE),
        _fact("5(一)1.低保户", "5(一)1", case.subsistence_household),
        _fact("5(一)1.救助后仍困难", "5(一)1", visit),
        _number("5(一)2前段.月数", "5(一)2前段", case.months_below_line, ">=", local.months_below),
        _fact("5(一)2前段.政府救助", "5(一)2前段", case.government_relief, wanted=False),
        _fact("5(一)2前段.特别困难", "5(一)2前段", visit),
        _amount(view, "5(一)2后段.扣前", "5(一)2后段", point and point.income, local.near),
        _above_zero("5(一)2后段.支出", "5(一)2后段", point and point.spent),
        _amount(view, "5(一)2后段.扣后", "5(一)2后段", point and point.income - point.spent, ONCE),
    ]
    if view.facts.event != NO_EVENT:
        found += _event(view, stand)
    if case.extreme_disaster:
        found += _disaster(view, visit)
    return found


def _event(view: View, stand: Standing) -> list[Clause]:
    facts, point = view.facts, view.point
    words = _Words(*_EVENT_SENTENCE.get(facts.event, _ANY_EVENT))
    return [
        _amount(view, "5(一)3.扣前", "5(一)3", point and point.income, facts.local.accident),
        _clause("5(一)3.事件", words.cited, facts.event, "=", words.wanted, _qualifies(view)),
        _above_zero("5(一)3.支出", "5(一)3", point and point.accident),
        _amount(view, "5(一)3", "5(一)3", point and point.income - _deducted(view, point), ONCE),
        _amount(view, "5(一)3.字面", "5(一)3", point and point.income - point.accident, ONCE),
    ]


class _Words(NamedTuple):
    cited: str
    wanted: str


_ANY_EVENT = ("5(一)3", "注三所列情形")
_EVENT_SENTENCE = {
    "突发重大疾病": ("注三大病", "突发重大疾病"),
    "意外事件": ("注三意外", "意外事件且赔付未到位"),
    "自然灾害或重大安全事故": ("注三灾害", "自然灾害或重大安全事故"),
}


def _qualifies(view: View) -> bool | None:
    if view.point is None and view.facts.event == "突发重大疾病":
        return None
    holds = is_event(view.facts, view.point or Point(0, 0, 0, 0))
    return None if "5(一)3" in view.standing.unsettled and holds else holds


def _deducted(view: View, point: Point) -> Fen:
    return point.accident if is_literal(view.facts) else point.spent


def _disaster(view: View, visit: bool | None) -> list[Clause]:
    facts, point = view.facts, view.point
    return [
        _amount(view, "5(一)4.扣前", "5(一)4", point and point.income, facts.local.accident, op=">"),
        _fact("5(一)4.特别困难", "5(一)4", visit),
        _amount(view, "5(一)4", "5(一)4", point and point.income + point.wealth - point.accident, ONCE),
        # OUR READING: assets count like a year's income; the stricter way stands beside it for the meeting (AMB-10).
        _amount(view, "5(一)4.资产不除以12", "5(一)4", point and _strictly(point), ONCE),
    ]


def _strictly(point: Point) -> Fen:
    """The year's sum of 5(一)4 with savings and investments divided by persons alone."""
    return point.income - point.accident + MONTHS * point.wealth


def _lower(view: View) -> list[Clause]:
    local, point = view.facts.local, view.point
    post = point and point.income - point.spent
    found = [_amount(view, "5(二)", "5(二)", post, local.provincial)]
    if view.standing.stopped:
        found.append(_amount(view, "75号六", "75号六", point and point.income, local.accident))
    return [*found, _amount(view, "5(三)", "5(三)", post, view.facts.city)]


def _bars(view: View) -> list[Clause]:
    """The exclusions: ``holds`` says whether the exclusion holds."""
    case, local = view.facts.case, view.facts.local
    means = case.means
    found = []
    for branch, bar in view.barriers.bars:
        if branch == "7(一)":
            homes = means.homes if means else None
            left = "" if homes is None else str(homes)
            found.append(_said(branch, branch, left, ">=", str(local.homes), bar.holds))
        elif branch != "7(六)" or view.facts.kind == "退休人员":
            found.append(_said(branch, branch, _SAID[bar.holds], "=", "是", bar.holds))
        if bar.excepted:
            cited = "75号三住房" if branch == "7(一)" else "75号三车辆"
            found.append(_said(f"75号三.{branch}", cited, "是", "=", "是", True))
    return found


def _gates(view: View) -> list[Clause]:
    facts = view.facts
    found = [_said("8(一)", "8(一)承诺", _SAID[facts.case.pledged], "=", "是", bool(facts.case.pledged))]
    for gate in view.barriers.gates:
        cited = _GATES[gate.branch]
        if gate.branch == "75号二" and (facts.is_migrant or not facts.local.has_supplement):
            continue
        if gate.branch != "75号二" and not facts.is_migrant:
            continue
        found.append(_said(gate.branch, cited, _SAID[gate.passes], "=", "是", gate.passes))
    means = facts.case.means
    if facts.local.has_supplement and not facts.is_migrant:
        done = bool(means and means.homes_checked and means.vehicles_checked and means.business_checked)
        found.append(_said("75号二.三必查", "75号二三必查", _SAID[done], "=", "是", done))
    return found


_GATES = {"75号二": "75号二授权", "75号一": "75号一", "5(一)5": "5(一)5"}
_SAID: Mapping[bool | None, str] = {True: "是", False: "否", None: ""}


def _amount(view: View, id: str, cited: str, total: Fen | None, multiple: tuple[int, int], *, op: str = "<=") -> Clause:
    """A comparison of a year's total a month a head with a multiple of the line."""
    facts = view.facts
    bottom, limit = FEN * facts.divisor, facts.line * multiple[0]
    right = _limit_text(limit, FEN * multiple[1])
    if total is None:
        return _clause(id, cited, "", op, right, None)
    margin = facts.line_year * multiple[0] - total * multiple[1]
    holds = margin >= 0 if op == "<=" else margin < 0
    left = numerals.telling(total, bottom, limit, FEN * multiple[1])
    a_head = numerals.difference(margin, bottom * multiple[1])
    a_year = numerals.rounded(margin, FEN * multiple[1])
    return _clause(id, cited, left, op, right, holds, a_head, a_year)


@lru_cache(maxsize=4096)
def _limit_text(limit: Fen, bottom: int) -> str:
    return numerals.telling(limit, bottom, limit, bottom)


def _above_zero(id: str, cited: str, total: Fen | None) -> Clause:
    if total is None:
        return _clause(id, cited, "", ">", "0", None)
    return _clause(id, cited, numerals.yuan(total), ">", "0", total > 0)


@lru_cache(maxsize=4096)
def _number(id: str, cited: str, value: int | None, op: str, limit: int) -> Clause:
    left = "" if value is None else str(value)
    return _clause(id, cited, left, op, str(limit), None if value is None else value >= limit)


@cache
def _fact(id: str, cited: str, value: bool | None, *, wanted: bool = True) -> Clause:
    return _clause(id, cited, _SAID[value], "=", _SAID[wanted], None if value is None else value is wanted)


@lru_cache(maxsize=4096)
def _said(id: str, cited: str, left: str, op: str, right: str, holds: bool | None) -> Clause:
    """A clause of few possible words, made once."""
    return _clause(id, cited, left, op, right, holds)


def _clause(
    id: str, cited: str, left: str, op: str, right: str, holds: bool | None, margin: str = "", a_year: str = ""
) -> Clause:
    sentence = sentences()[cited]
    return Clause(id, sentence.place, sentence.words, left, op, right, holds, margin, a_year)


def common(views: Iterable[Standing]) -> Standing:
    """What is the same of several standings; the rest reads as unknown."""
    first, *rest = views
    same = [value if all(other[i] == value for other in rest) else None for i, value in enumerate(first)]
    found = Standing(*same)  # type: ignore[arg-type]
    return found._replace(unsettled=first.unsettled, stopped=bool(found.stopped))


def common_bars(all_bars: list[Barriers]) -> Barriers:
    """What is the same of the barriers of several worlds."""
    first, *rest = all_bars
    if not rest:
        return first
    bars = tuple(
        (branch, bar if all(other.bars[i][1].holds == bar.holds for other in rest) else Bar(None))
        for i, (branch, bar) in enumerate(first.bars)
    )
    gates = tuple(
        gate if all(other.gates[i].passes == gate.passes for other in rest) else gate._replace(passes=None)
        for i, gate in enumerate(first.gates)
    )
    return first._replace(bars=bars, gates=gates)
