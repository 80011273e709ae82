"""The independent evaluator: every world of a household is judged by the sentences of the law, then all are compared.

``evaluate`` is slow on purpose: unknown facts are tried in full product, unknown amounts at and beside each turning
point. It was written from the instruments alone and shares no code with formgen.rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import combinations

from formgen.household import Case, Setting, Standard
from tests.oracle_facts import Fork, Household, World, figure
from tests.oracle_judge import Judge, Outcome

LINE = "当地标准!月低保标准"
MOST_WORLDS = 3_000
TIERS = ("全总级", "省总级", "市总级", "不符合", "待定")


@dataclass(frozen=True)
class Verdict(Outcome):
    """The outcome over all worlds."""

    possible: tuple[str, ...] = ()
    missing: tuple[str, ...] | None = ()


def evaluate(
    case: Case, standards: Iterable[Standard], settings: Iterable[Setting], *, on: date | None = None
) -> Verdict:
    """The verdict on a case by the tables, as of `on` or of its application."""
    tables = (tuple(standards), tuple(settings))
    verdict = _over_all_worlds(case, *tables, on or case.applied_on)
    if on is None or on == case.applied_on or verdict.status == "invalid":
        return verdict
    before = _over_all_worlds(case, *tables, case.applied_on)
    if before.tier == verdict.tier:
        return verdict
    both = {*verdict.possible, *before.possible}
    return replace(verdict, flags=verdict.flags | {"AMB-26"}, possible=tuple(sorted(both, key=TIERS.index)))


def _over_all_worlds(case: Case, standards, settings, day: date) -> Verdict:
    worlds = list(every_world(case, standards, settings, day))
    first = worlds[0][1]
    if first.status == "invalid":
        return Verdict(**_fields(first), possible=("待定",))
    outcomes = [outcome for _, outcome in worlds]
    possible = tuple(sorted({o.tier for o in outcomes}, key=TIERS.index))
    common = {
        "pre": _common(o.pre for o in outcomes),
        "post": _common(o.post for o in outcomes),
        "flags": frozenset.intersection(*(o.flags for o in outcomes)),
        "possible": possible,
    }
    lacks = sorted({name for o in outcomes for name in o.lacks})
    has_line = figure(standards, "subsistence_line", case.area, day, wider=True) is not None
    is_banned = {o.branch for o in outcomes} == {"8(一)"} and not lacks
    if len(possible) > 1 or lacks or not (has_line or is_banned):
        unknown = _smallest(worlds)
        if unknown is None:
            return Verdict("待定", "insufficient", "?", missing=None, **common)
        branch = _branch_when_insufficient(unknown, lacks, common["pre"]) if has_line else "注二"
        missing = {key.partition("#")[0] for key in (*unknown, *lacks, *(() if has_line else (LINE,)))}
        return Verdict("待定", "insufficient", branch, missing=tuple(sorted(missing)), **common)
    statuses = {o.status for o in outcomes}
    status = next(s for s in ("human", "blocked", "auto") if s in statuses)
    aid = tuple(a for a in first.aid if all(a in o.aid for o in outcomes))
    branches = tuple(b for b in first.branches if all(b in o.branches for o in outcomes))
    return Verdict(
        possible[0],
        status,
        _common(o.branch for o in outcomes),
        branches,
        aid=aid,
        funds=first.funds,
        city=all(o.city for o in outcomes if str(o.branch).startswith("7(")) and any(o.city for o in outcomes),
        **common,
    )


def every_world(case, standards, settings, day) -> Iterator[tuple[dict, Outcome]]:
    """Every way the unknown facts may be, with its outcome; facts that are never asked stay open."""
    todo: list[dict[str, object]] = [{}]
    count = 0
    while todo:
        assumed = todo.pop()
        try:
            outcome = Judge(Household(case, standards, settings, day, World(assumed))).outcome()
        except Fork as fork:
            todo += [{**assumed, fork.key: value} for value in fork.values]
            continue
        count += 1
        if count > MOST_WORLDS:
            raise OverflowError("too many worlds: give the household fewer unknowns")
        yield assumed, outcome


def _common(values):
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _fields(outcome: Outcome) -> dict[str, object]:
    return {name: getattr(outcome, name) for name in Outcome.__dataclass_fields__}


def _smallest(worlds: list[tuple[dict, Outcome]]) -> list[str] | None:
    """The smallest set of unknown facts whose answers settle the tier; None when that cannot be tried out.

    An amount is tried at turning points that depend on the other facts, so beside others it is not comparable.
    """
    keys = sorted({key for assumed, _ in worlds for key in assumed})
    if len(keys) > 8 or len(worlds) > 200 or (len(keys) > 1 and any("#" in key for key in keys)):
        return None
    for size in range(len(keys) + 1):
        for chosen in combinations(keys, size):
            if _settles(chosen, worlds):
                return list(chosen)
    return keys


def _settles(chosen: tuple[str, ...], worlds) -> bool:
    for n, (a, one) in enumerate(worlds):
        for b, other in worlds[:n]:
            if one.tier != other.tier and all(a[k] == b[k] for k in chosen if k in a and k in b):
                return False
    return True


def _branch_when_insufficient(unknown: list[str], lacks: list[str], pre: Fraction | None) -> str | None:
    keys = [*unknown, *lacks]
    of_income = ("收入!", "当地标准!月最低工资", "当地标准!农村", "家庭成员!有劳动能力", "家庭成员!就业状况")
    if pre is None and any(k.startswith(of_income) for k in keys):
        return "6"
    if set(keys) <= {"案件!诚信承诺", "案件!授权核对", "信息比对!房产已查", "信息比对!车辆已查", "信息比对!工商已查"}:
        return "8(一)" if "案件!诚信承诺" in keys else "75号二"
    if any(k.startswith("家庭成员!共同生活") or k.startswith("家庭成员!走访核实") for k in keys):
        return "注一"
    return None
