"""Every test of the law as it came out: article, sentence, left, operator, right, margin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, NamedTuple

from formgen.household import Fen
from formgen.model import Clause
from formgen.rules.anhui import numerals, resolutions
from formgen.rules.anhui.branches import ONCE, Point, is_literal, large_cost
from formgen.rules.anhui.evidence import evidence
from formgen.rules.anhui.exclusions import Bar
from formgen.rules.anhui.facts import DISASTER, ILLNESS, MISHAP, NO_EVENT, OTHER_EVENT, RETIREE, SUDDEN_ILLNESS, Facts
from formgen.rules.anhui.gates import Test
from formgen.rules.anhui.income import MONTHS
from formgen.rules.anhui.numerals import FEN
from formgen.rules.anhui.tiers import Standing
from formgen.rules.anhui.verdict import Barriers
from formgen.rules.provision import sentences


class View(NamedTuple):
    """What the clauses are read from: facts, every way the amounts may be, how branches and barriers came out.

    ``worlds`` holds one point where every amount is known, and none where there were too many to try.
    """

    facts: Facts
    worlds: tuple[tuple[Facts, Point], ...]
    standing: Standing
    barriers: Barriers


def clauses(view: View) -> tuple[Clause, ...]:
    """Every clause that concerns the household, in article order."""
    found = _national(view)
    found += _lower(view)
    found += _bars(view)
    return tuple(found + _gates(view))


def _national(view: View) -> list[Clause]:
    case, local = view.facts.case, view.facts.local
    visit = _known(view, "visit_confirms_hardship")
    found = [
        _amount(view, "5(一)1.收入", "5(一)1", _income, ONCE),
        _fact("5(一)1.低保户", "5(一)1", _known(view, "subsistence_household")),
        _fact("5(一)1.救助后仍困难", "5(一)1", visit),
        _number("5(一)2前段.月数", "5(一)2前段", _known(view, "months_below_line"), ">=", local.months_below),
        _fact("5(一)2前段.政府救助", "5(一)2前段", _known(view, "government_relief"), wanted=False),
        _fact("5(一)2前段.特别困难", "5(一)2前段", visit),
        _amount(view, "5(一)2后段.扣前", "5(一)2后段", _income, local.near),
        _above_zero(view, "5(一)2后段.支出", "5(一)2后段", _spent),
        _amount(view, "5(一)2后段.扣后", "5(一)2后段", _left, ONCE),
    ]
    if view.facts.event != NO_EVENT:
        found += _event(view)
    if case.extreme_disaster:
        found += _disaster(view, visit)
    return found


def _event(view: View) -> list[Clause]:
    facts = view.facts
    found = [_amount(view, "5(一)3.扣前", "5(一)3", _income, facts.local.accident), _kind_of_event(view)]
    if facts.event == MISHAP:
        found.append(_fact("5(一)3.赔付", "注三意外", _known(view, "compensated"), wanted=False))
    if facts.event == SUDDEN_ILLNESS and (least := large_cost(facts)):
        found.append(_cost(view, least))
    found.append(_above_zero(view, "5(一)3.支出", "5(一)3", _accident))
    if is_literal(facts):
        return [*found, _amount(view, "5(一)3.只扣意外", "5(一)3", _less_accident, ONCE)]
    found.append(_amount(view, "5(一)3", "5(一)3", _left, ONCE))
    return [*found, _amount(view, "5(一)3.字面", "5(一)3", _less_accident, ONCE)]


_EVENT_SENTENCE = {
    SUDDEN_ILLNESS: "注三大病",
    ILLNESS: "注三大病",
    MISHAP: "注三意外",
    DISASTER: "注三灾害",
    OTHER_EVENT: "5(一)3",
}


def _kind_of_event(view: View) -> Clause:
    """Whether 注三 names such an event; of 其他 a body says so."""
    event = view.facts.event
    holds: bool | None = event != ILLNESS
    if event == OTHER_EVENT:
        row = view.facts.resolutions.by_matter.get(resolutions.SPECIAL)
        holds = row.agreed if row else None
    return _clause("5(一)3.事件", _EVENT_SENTENCE[event], event, "=", "注三所列情形", holds)


def _cost(view: View, least: Fen) -> Clause:
    """The costs of a sudden illness against the number of the city, which says what is large (AMB-29)."""
    totals = {point.accident for _, point in view.worlds}
    left = numerals.yuan(next(iter(totals))) if len(totals) == 1 else ""
    holds = _agreed(total >= least for total in totals)
    return _clause("5(一)3.救治费用", "注三大病", left, ">=", numerals.yuan(least), holds)


def _disaster(view: View, visit: bool | None) -> list[Clause]:
    facts = view.facts
    return [
        _amount(view, "5(一)4.扣前", "5(一)4", _income, facts.local.accident, op=">"),
        _fact("5(一)4.特别困难", "5(一)4", visit),
        _fact("5(一)4.集体研究", "5(一)4", _agreed_by_body(facts)),
        _amount(view, "5(一)4", "5(一)4", _with_wealth, ONCE),
        # OUR READING: assets count like a year's income; the stricter way stands beside it for the meeting (AMB-10).
        _amount(view, "5(一)4.资产不除以12", "5(一)4", _strictly, ONCE),
    ]


def _agreed_by_body(facts: Facts) -> bool | None:
    row = facts.resolutions.by_matter.get(resolutions.DISASTER)
    return row.agreed if row else None


#: A year's amount of a world that a clause compares.
Total = Callable[[Facts, Point], Fen]


def _income(facts: Facts, point: Point) -> Fen:
    return point.income


def _spent(facts: Facts, point: Point) -> Fen:
    return point.spent


def _accident(facts: Facts, point: Point) -> Fen:
    return point.accident


def _left(facts: Facts, point: Point) -> Fen:
    return point.income - point.spent


def _less_accident(facts: Facts, point: Point) -> Fen:
    return point.income - point.accident


def _with_wealth(facts: Facts, point: Point) -> Fen:
    return point.income + point.wealth - point.accident


def _strictly(facts: Facts, point: Point) -> Fen:
    """The year's sum of 5(一)4 with savings and investments divided by persons alone."""
    return point.income - point.accident + MONTHS * point.wealth


def _lower(view: View) -> list[Clause]:
    local = view.facts.local
    found = [_amount(view, "5(二)", "5(二)", _left, local.provincial)]
    if _is_studied(view.standing):
        found.append(_amount(view, "75号六", "75号六", _income, local.accident))
    return [*found, _amount(view, "5(三)", "5(三)", _left, view.facts.city)]


def _is_studied(stand: Standing) -> bool:
    """Whether the 3 × stop stands in the way: nothing else gives 全总级, and but for it the figures give 省总级."""
    granted = any(holds and name not in stand.unsettled for name, holds in stand.national())
    return stand.stopped and stand.provincial is not False and not granted


def _is_telling(branch: str, bar: Bar) -> bool:
    """Whether something was found of an exclusion; most households have nothing of the kind."""
    is_open_car = bar.holds is None and branch == "7(三)"
    return bool(bar.holds or bar.excepted or bar.is_special) or is_open_car or branch == "7(六)"


def _bars(view: View) -> list[Clause]:
    """The exclusions: ``holds`` says whether the exclusion holds, ``left`` what was found."""
    case, local = view.facts.case, view.facts.local
    means = case.means
    found = []
    for branch, bar in view.barriers.bars:
        if branch == "7(一)":
            homes = means.homes if means else None
            left = "" if homes is None else str(homes)
            found.append(_said(branch, branch, left, ">=", str(local.homes), bar.holds))
        elif branch != "7(六)" or view.facts.kind == RETIREE:
            left = evidence(branch, bar, view.facts) if _is_telling(branch, bar) else ""
            found.append(_said(branch, branch, left or _SAID[bar.holds], "=", "是", bar.holds))
        if bar.excepted:
            found.append(_said(f"75号三.{branch}", _EXCEPTIONS[branch], "是", "=", "是", True))
        elif wanting := _wanting(branch, bar, view.facts):
            found.append(_said(f"75号三.{branch}", _EXCEPTIONS[branch], wanting, "=", "是", None))
    return found


_EXCEPTIONS = {"7(一)": "75号三住房", "7(三)": "75号三车辆"}
_HOMES = "信息比对!住房套数"
#: What is asked of a vehicle itself; whatever else is missing of it is asked by its exception.
_OF_THE_USE = ("信息比对!车辆已查", "信息比对!经常使用船舶机械", "车辆!用途")


def _wanting(branch: str, bar: Bar, facts: Facts) -> str:
    """What the exception of 75号三 still waits for, by sheet and column; empty where it is not the open question.

    Of a figure of 当地标准 also whose: that of the city does not do.
    """
    if branch not in _EXCEPTIONS or bar.holds is not None or not facts.local.has_supplement:
        return ""
    names = [item.name for item in bar.items if item.name not in _OF_THE_USE]
    whose = f"表里{facts.case.area}的"
    told = (name.replace("!", whose if name.startswith("当地标准") else "表的") for name in names)
    return "" if _HOMES in names else "、".join(told)


def _gates(view: View) -> list[Clause]:
    facts = view.facts
    found = [_said("8(一)", "8(一)承诺", _SAID[facts.case.pledged], "=", "是", facts.case.pledged)]
    tests = (test for gate in view.barriers.gates for test in gate.tests)
    found += [_tested(test) for test in tests]
    means = facts.case.means
    if facts.local.has_supplement and not facts.is_migrant:
        checks = (means.homes_checked, means.vehicles_checked, means.business_checked) if means else (None,)
        done = False if False in checks else None if None in checks else True
        found.append(_said("75号二.三必查", "75号二三必查", _SAID[done], "=", "是", done))
    if facts.local.has_supplement and facts.is_migrant and not facts.case.authorized:
        found.append(_visit(facts))
    return found


def _tested(test: Test) -> Clause:
    if test.least:
        counted = _clause(test.id, test.cited, test.found, ">=", test.least, test.holds)
        return replace(counted, between=test.between)
    return _said(test.id, test.cited, _SAID[test.holds], "=", "是", test.holds)


def _visit(facts: Facts) -> Clause:
    """What stands in for the means check of a migrant: a named visit and a body's word; ``left`` is what is wanting."""
    if facts.case.authorized is None:
        return _said("75号二.走访", "75号二走访", "", "=", "是", None)
    row = facts.resolutions.by_matter.get(resolutions.SPECIAL)
    visited = facts.case.means is not None and facts.case.means.visitor
    wanting = [*(() if visited else ("信息比对表的走访人",)), *(() if row else ("集体研究表的特殊情况",))]
    holds = False if row and not row.agreed else True if not wanting else None
    left = "、".join(wanting) if holds is None else _SAID[holds]
    return _said("75号二.走访", "75号二走访", left, "=", "是", holds)


_SAID: Mapping[bool | None, str] = {True: "是", False: "否", None: ""}


def _amount(view: View, id: str, cited: str, of: Total, multiple: tuple[int, int], *, op: str = "<=") -> Clause:
    """A comparison of a year's total a month a head with a multiple of the line.

    A total that is not known leaves ``left`` empty; the clause still holds, or fails, where every world says so.
    """
    facts = view.facts
    bottom, limit = FEN * facts.divisor, facts.line * multiple[0]
    right = _limit_text(limit, FEN * multiple[1])
    margins = {(_margin(one, of(one, point), multiple), one.divisor) for one, point in view.worlds}
    holds = _agreed(margin >= 0 if op == "<=" else margin < 0 for margin, _ in margins)
    if len(margins) != 1:
        return _clause(id, cited, "", op, right, holds)
    margin, _ = margins.pop()
    left = numerals.telling(of(*view.worlds[0]), bottom, limit, FEN * multiple[1])
    a_head = numerals.difference(margin, bottom * multiple[1])
    a_year = numerals.rounded(margin, FEN * multiple[1])
    return _clause(id, cited, left, op, right, holds, a_head, a_year)


def _margin(facts: Facts, total: Fen, multiple: tuple[int, int]) -> int:
    return facts.line_year * multiple[0] - total * multiple[1]


def _known(view: View, name: str) -> Any:
    """A cell of the case; None where it is empty and the worlds only try values for it."""
    return _agreed(getattr(facts.case, name) for facts, _ in view.worlds)


def _agreed(answers: Iterable[Any]) -> Any:
    """What all say alike; None where they differ or nobody says anything."""
    said = set(answers)
    return said.pop() if len(said) == 1 else None


@lru_cache(maxsize=4096)
def _limit_text(limit: Fen, bottom: int) -> str:
    return numerals.telling(limit, bottom, limit, bottom)


def _above_zero(view: View, id: str, cited: str, of: Total) -> Clause:
    totals = {of(facts, point) for facts, point in view.worlds}
    left = numerals.yuan(next(iter(totals))) if len(totals) == 1 else ""
    return _clause(id, cited, left, ">", "0", _agreed(total > 0 for total in totals))


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
