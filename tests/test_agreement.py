"""The core and the independent evaluator say the same of random households, down to what is missing.

Left out of the comparison, because the instruments leave it open or the plain evaluator cannot tell in time: see
``compared``. A household that differs is printed as a call that builds it.
"""

import pytest

from formgen import decide, law
from tests import oracle, oracle_households

#: The flags of the table in the instruments' reading; others may also appear.
TOLD = {f"AMB-{number:02}" for number in (1, 2, 3, 5, 6, 7, 8, 9, 12, 13, 20, 26)}


@pytest.mark.parametrize("hundred", range(5))
def test_core_and_oracle_agree_on_a_hundred_households(hundred):
    assert differences(range(hundred * 100, hundred * 100 + 100)) == {}


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("thousand", range(1, 11))
def test_core_and_oracle_agree_on_a_thousand_households(thousand):
    assert differences(range(thousand * 1000, thousand * 1000 + 1000)) == {}


def differences(seeds):
    """Each household that differs: what core and oracle say, and the household."""
    found = {}
    for seed in seeds:
        drawn = oracle_households.draw(seed)
        try:
            theirs = oracle.evaluate(drawn.case, drawn.standards, drawn.settings, on=drawn.on)
        except OverflowError:
            continue
        ours = decide.decide(drawn.case, law.load(drawn.standards, drawn.settings), on=drawn.on)
        if (ours.status == "insufficient" or drawn.on) and is_refused_early(drawn.case):
            continue
        pairs = compared(ours, theirs, drawn.case)
        if wrong := {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}:
            found[seed] = (wrong, drawn)
    return found


def compared(ours, theirs, case):
    """What is compared, as pairs (core, oracle)."""
    pairs = {
        "tier": (ours.tier, theirs.tier),
        "status": (ours.status, theirs.status),
        "funds": (ours.funds, theirs.funds),
    }
    if theirs.status == "invalid":  # the figures of a contradiction say nothing
        return pairs
    is_excused = any(r.matter == "例外建档" for r in case.resolutions)
    if theirs.branch != "?" and not (
        is_excused and theirs.branch is None
    ):  # with the exception refused, which comes first
        pairs["branch"] = (ours.branch, theirs.branch)
    if theirs.branch is not None:  # blocked for one reason or another: whether the city's tier is open is open too
        pairs["city"] = (ours.city_tier_possible, theirs.city)
    if theirs.post is not None:  # which aid may be asked for is told of known figures only
        pairs["aid"] = (ours.aid_candidates, theirs.aid)
    if theirs.missing is not None and not raises_questions(case, theirs):
        pairs["missing"] = (sorted(ours.missing), sorted(theirs.missing))
    if (theirs.branch, theirs.status) == ("8(一)", "blocked"):  # a ban is told before the figures are worked out
        return pairs
    figures = ours.figures
    pairs["pre"] = (figures and figures.pre and figures.pre.yuan, theirs.pre)
    pairs["post"] = (figures and figures.post and figures.post.yuan, theirs.post)
    pairs["possible"] = (ours.possible, theirs.possible)
    told = TOLD - left_open(case, theirs)
    pairs["flags"] = (set(ours.flags) & told, set(theirs.flags) & told)
    return pairs


def is_refused_early(case):
    """Whether a body said no although facts are open.

    "A row for a case that is not human has no effect": the core reads this of the case, the oracle of each world.
    """
    matters = ("一事一议", "例外建档", "非常重大意外灾害", "特殊情况")
    return any(r.matter in matters and r.agreed is False for r in case.resolutions)


def raises_questions(case, theirs):
    """Whether a first answer decides what else must be asked: which of both to name first is a matter of taste."""
    return theirs.branch == "注二" or any(m.employment is None for m in case.members)


def left_open(case, theirs):
    """Flags on which the two readings may differ without harm to anybody."""
    has_loss = any((r.amount or 0) < 0 for r in case.incomes)
    is_granted = theirs.tier in oracle.TIERS[:3]
    is_open = None in (case.months_below_line, case.visit_confirms_hardship, theirs.pre)
    is_unproven = any(
        r.kind in ("医疗", "慢性病") and (r.proof in (None, "无") or r.insurance_paid is None) for r in case.expenses
    )
    is_decided = is_granted or str(theirs.branch).startswith("7(")
    is_excused = any(r.matter == "例外建档" for r in case.resolutions)
    uses_machines = case.means is None or case.means.uses_machines is not False
    return {
        *({"AMB-01"} if is_open or has_loss or not is_granted else ()),
        *({"AMB-03"} if theirs.branch is None else ()),
        *({"AMB-09"} if theirs.status == "insufficient" else ()),
        *({"AMB-06"} if is_unproven else ()),
        *(("AMB-12", "AMB-13") if not is_decided or uses_machines or is_excused else ()),
    }
