"""Deciding: a case, the law and a day in, a Decision with its reasons out. Pure: no clock, no files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from formgen.household import Case, Resolution
from formgen.law import Law, Local
from formgen.model import Amount, Decision, Figures, Line
from formgen.rules.anhui import aid, clauses, resolutions, sums, unknowns
from formgen.rules.anhui.asking import Item, World
from formgen.rules.anhui.changes import changes
from formgen.rules.anhui.conclusion import LINE, Conclusion, conclude
from formgen.rules.anhui.facts import NO_EVENT, Facts, gather
from formgen.rules.anhui.gates import is_banned
from formgen.rules.anhui.members import size_agrees, strangers
from formgen.rules.anhui.numerals import exact, rounded, yuan
from formgen.rules.anhui.tiers import NONE, PENDING, TIERS
from formgen.rules.anhui.unknowns import Survey
from formgen.rules.anhui.verdict import BAN, BLOCKED, HUMAN, INSUFFICIENT, INVALID

if TYPE_CHECKING:
    from formgen.check import Checked

FILED = Item("案件!申请日期")
AREA = Item("案件!所在地区")
MEMBERS = Item("家庭成员!共同生活")


def decide(case: Case, law: Law, *, on: date | None = None) -> Decision:
    """The decision on a case as of ``on``, else as of its application.

    Where the two days give different tiers the tier of ``on`` counts and the other stands in ``possible`` (AMB-26).
    """
    filed = case.applied_on
    decision = _decide(case, law, on or _day(case, law))
    if on is None or filed is None or on == filed or decision.status == INVALID:
        return decision
    before = _decide(case, law, _day(case, law))
    if before.tier == decision.tier:
        return decision
    both = {*decision.possible, *before.possible}
    possible = tuple(tier for tier in TIERS if tier in both)
    return _with(decision, possible=possible, flags=tuple(sorted({*decision.flags, "AMB-26"})))


def judge(checked: Checked, law: Law, *, on: date | None = None) -> Decision:
    """The decision on a checked row; a row with errors is invalid and carries their codes.

    An invalid result of the law itself (e.g. 注一) keeps its branch.
    """
    codes = _codes(finding.code for finding in checked.findings if finding.is_error)
    if checked.case is None:
        return Decision(
            case_no=checked.case_no, tier=PENDING, status=INVALID, branch=None, possible=(PENDING,), findings=codes
        )
    decision = decide(checked.case, law, on=on)
    if checked.is_valid:
        return decision
    if decision.status == INVALID:
        return _with(decision, findings=_codes((*codes, *decision.findings)))
    return _invalid(checked.case, law, None, codes)


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


def _with(decision: Decision, **changed: object) -> Decision:
    return replace(decision, **changed)  # type: ignore[arg-type]


def _day(case: Case, law: Law) -> date | None:
    """The day that governs rules and figures: the application's, or by the city's choice the notice's (AMB-26)."""
    if case.applied_on is None or case.notice_from is None:
        return case.applied_on
    local = law.local(case.area, case.home_area, case.applied_on)
    return case.notice_from if local.choices["标准适用日期"] == "公示开始日期" else case.applied_on


def _decide(case: Case, law: Law, on: date | None) -> Decision:
    if (conflict := _conflict(case)) is not None:
        return _invalid(case, law, *conflict)
    if on is None or case.applied_on is None:
        return _plain(case, law, Conclusion(PENDING, INSUFFICIENT, None, (), TIERS[:-1], (FILED,)))
    local = law.local(case.area, case.home_area, on)
    return _weigh(case, law, local, case.applied_on.year - 1)


def _conflict(case: Case) -> tuple[str | None, tuple[str, ...]] | None:
    """Why the material contradicts itself: the branch and the codes; None when it does not."""
    codes = []
    branch: str | None = None
    if case.event == NO_EVENT and case.extreme_disaster:
        branch, codes = "注三", ["E805"]
    if not size_agrees(case):
        branch, codes = "注一", ["E804", *codes]
    codes += [{"收入": "E806", "支出": "E807"}[sheet] for sheet in strangers(case)]
    return (branch, tuple(codes)) if codes else None


def _invalid(case: Case, law: Law, branch: str | None, codes: tuple[str, ...]) -> Decision:
    return Decision(
        case_no=case.case_no,
        tier=PENDING,
        status=INVALID,
        branch=branch,
        possible=(PENDING,),
        findings=codes,
        rules_until=law.until,
    )


def _plain(case: Case, law: Law, found: Conclusion, line: Line | None = None) -> Decision:
    """A decision that needs no figures."""
    return Decision(
        case_no=case.case_no,
        tier=found.tier,
        status=found.status,
        branch=found.branch,
        branches=found.branches,
        line=line,
        possible=found.possible,
        missing=tuple(item.name for item in found.missing),
        rules_until=law.until,
    )


def _weigh(case: Case, law: Law, local: Local, year: int) -> Decision:
    """The decision on a case whose days are known: all worlds, one conclusion, its reasons."""
    line = local.line
    options = () if line else sums.telling_lines(gather(case, local, World(), year, 1))

    def world_facts(world: World) -> Facts:
        return gather(case, local, world, year, line.value if line else int(str(world.ask(LINE, options))))

    surveyed = unknowns.survey(world_facts)
    is_empty = not surveyed.leaves and surveyed.is_complete
    if is_empty and not is_banned(case.dishonest_year, local.on, local.banned_years):
        found = Conclusion(PENDING, INSUFFICIENT, "6", (), TIERS[:-1], (MEMBERS,))
        return _plain(case, law, found, line)
    found = conclude(surveyed, unknown_line=None if line else LINE if case.area else AREA)
    if is_banned(case.dishonest_year, local.on, local.banned_years):
        found = Conclusion(NONE, BLOCKED, BAN, (BAN,), (NONE,))
    facts = surveyed.leaves[0].facts if surveyed.leaves else world_facts(World())
    return _reasoned(facts, law, found, surveyed, sums.figures(facts, surveyed, year))


def _reasoned(facts: Facts, law: Law, found: Conclusion, surveyed: Survey, figures: Figures) -> Decision:
    case, local = facts.case, facts.local
    results = [result for leaf in surveyed.leaves for result in leaf.results]
    point = results[0].trial.point if len(results) == 1 else sums.common_point(figures, facts)
    reasons: tuple = ()
    bars = clauses.common_bars([leaf.barriers for leaf in surveyed.leaves]) if results else None
    if results and local.line and bars:
        stand = results[0].standing if len(results) == 1 else clauses.common(r.standing for r in results)
        reasons = clauses.clauses(clauses.View(facts, sums.worlds(surveyed), stand, bars))
    return Decision(
        case_no=case.case_no,
        tier=found.tier,
        status=found.status,
        branch=found.branch,
        branches=found.branches,
        figures=figures,
        line=local.line,
        possible=found.possible,
        missing=tuple(item.name for item in found.missing),
        flags=found.flags,
        city_tier_possible=found.city_possible,
        aid_candidates=aid.in_every([leaf.facts for leaf in surveyed.leaves] or [facts], found.tier),
        funds=aid.funds(case, local, found.tier),
        findings=_warnings(facts),
        clauses=reasons,
        changes=changes(facts, point, found, bars),
        body=resolutions.BODY if found.status == HUMAN else "",
        resolutions=_taken(facts),
        notice_days=local.notice_days,
        rules_until=law.until,
    )


def _taken(facts: Facts) -> tuple[Resolution, ...]:
    """The rows of 集体研究 that suffice and that a question of the law was answered by."""
    asked = facts.resolutions.used - {resolutions.AID}  # what is paid, not what the household is
    rows = (row for matter, row in facts.resolutions.by_matter.items() if matter in asked)
    return tuple(sorted(rows, key=lambda row: row.row))


def _warnings(facts: Facts) -> tuple[str, ...]:
    made = facts.resolutions
    codes = ("W801",) if made.insufficient else ()
    return (*codes, "W802") if made.unasked() else codes


def as_json(decision: Decision) -> dict:
    """The decision as ``decide --json`` writes it, keys in order."""
    figures, line = decision.figures, decision.line
    post = figures.post if figures else None
    score = rounded(post.total, post.divisor * line.value, 4) if post and line else None
    return {
        "case": decision.case_no,
        "tier": decision.tier,
        "status": decision.status,
        "branch": decision.branch,
        "branches": list(decision.branches),
        "pre": _amount(figures.pre if figures else None),
        "post": _amount(post),
        "line": {"yuan": yuan(line.value), "since": line.since.isoformat(), "source": line.source} if line else None,
        "score": score,
        "possible": list(decision.possible),
        "missing": list(decision.missing),
        "flags": list(decision.flags),
        "city_tier_possible": decision.city_tier_possible,
        "aid_candidates": list(decision.aid_candidates),
        "funds": list(decision.funds),
        "findings": list(decision.findings),
        "clauses": [_clause(clause) for clause in decision.clauses],
        "resolutions": [_resolution(row) for row in decision.resolutions],
    }


def _amount(amount: Amount | None) -> dict | None:
    if amount is None:
        return None
    return {"exact": exact(amount.total, amount.divisor), "yuan": rounded(amount.total, amount.divisor * 100)}


def _clause(clause: object) -> dict:
    return {name: getattr(clause, name) for name in CLAUSE_KEYS}


def _resolution(row: Resolution) -> dict:
    day = row.decided_on.isoformat() if row.decided_on else None
    return {name: getattr(row, name) for name in RESOLUTION_KEYS} | {"decided_on": day}


RESOLUTION_KEYS = ("matter", "body", "level", "decided_on", "minutes", "agreed", "tier")
CLAUSE_KEYS = ("id", "article", "quote", "left", "op", "right", "holds", "margin_yuan", "gap_year_yuan")
