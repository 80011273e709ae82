"""What must hold for every household: hypothesis tries to break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formgen import law
from formgen.decide import decide
from formgen.household import Case, Expense, Income, Means, Member, Setting, Standard

TIERS = ["全总级", "省总级", "市总级", "不符合"]
LINE, DAY = 63900, date(2019, 3, 1)
RULES = law.load(
    [Standard(area="示例市", since=date(2017, 1, 1), subsistence_line=LINE, housing_area=Decimal(15), source="示例")],
    [Setting(area="示例市", subject="慢性病口径", choice="计入", since=date(2017, 1, 1))],
)
TRIES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
BARE = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
turns = st.sampled_from([LINE * 12, LINE * 18, LINE * 24, LINE * 36])
amounts = st.one_of(
    st.integers(0, 12_000_000),
    st.builds(lambda t, n, d: max(0, t * n + d), turns, st.integers(1, 4), st.integers(-1, 1)),
)
truths = st.booleans()
EVENTS = ("无", "突发重大疾病", "重大疾病", "意外事件", "自然灾害或重大安全事故", "其他")
KINDS = ("医疗", "大学教育", "意外", "残疾", "其他必须", "慢性病", "日常生活")


@st.composite
def households(draw) -> Case:
    size = draw(st.integers(1, 4))
    members = [Member(name="甲", relation="本人", lives_together=True, in_register=True, employment="在职")]
    for number in range(1, size):
        members.append(
            Member(
                name=f"成员{number}",
                relation="子",
                lives_together=True,
                in_register=True,
                employment="在校学生",
                schooling="公办",
            )
        )
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=3))
    return Case(
        case_no="P-1",
        applied_on=DAY,
        worker_kind="在职职工",
        area="示例市",
        household_size=size,
        subsistence_household=draw(truths),
        government_relief=draw(truths),
        months_below_line=draw(st.sampled_from([0, 5, 6, 8])),
        visit_confirms_hardship=draw(truths),
        event=(event := draw(st.sampled_from(EVENTS))),
        event_person="本人",
        compensated=draw(truths),
        extreme_disaster=event != "无" and draw(truths),
        investments=0,
        savings=draw(st.sampled_from([0, 100_000])),
        authorized=True,
        pledged=True,
        members=tuple(members),
        incomes=(Income(name="甲", kind="工资性", year=2018, amount=draw(amounts), basis="实发", proof="银行流水"),),
        expenses=tuple(_expense(kind, members[-1].name or "", draw(amounts)) for kind in kinds),
        means=Means(
            homes=draw(st.sampled_from([0, 1, 1, 1, 2])),
            home_area_per_head=draw(st.sampled_from([Decimal(15), Decimal(16)])),
            business_premises=False,
            employs_others=False,
            uses_machines=False,
            homes_checked=True,
            vehicles_checked=True,
            business_checked=True,
        ),
    )


def _expense(kind: str, name: str, amount: int) -> Expense:
    who = name if kind == "大学教育" else "甲"
    return Expense(name=who, kind=kind, year=2018, amount=amount, insurance_paid=0, compensation=0, proof="发票")


def tier(case: Case, rules=RULES) -> str:
    return decide(case, rules).tier


def earning(case: Case, fen: int) -> Case:
    return replace(case, incomes=(replace(case.incomes[0], amount=fen),))


@TRIES
@given(households(), st.integers(1, 3_000_000))
def test_more_income_never_gives_a_better_tier_below_three_lines(case, more):
    total = (case.incomes[0].amount or 0) + more
    if total > LINE * 36 * len(case.members):
        return
    before, after = tier(case), tier(earning(case, total))
    assert TIERS.index(after) >= TIERS.index(before)


@TRIES
@given(households(), st.integers(1, 3_000_000), st.sampled_from(["医疗", "意外", "残疾", "其他必须"]))
def test_more_expenses_never_give_a_worse_tier(case, fen, kind):
    before = decide(case, RULES)
    after = decide(replace(case, expenses=(*case.expenses, _expense(kind, "甲", fen))), RULES)
    if "待定" not in (before.tier, after.tier):
        assert TIERS.index(after.tier) <= TIERS.index(before.tier)


@TRIES
@given(households(), st.randoms(use_true_random=False))
def test_the_order_of_members_and_rows_is_irrelevant(case, chance):
    members, expenses = list(case.members), list(case.expenses)
    chance.shuffle(members)
    chance.shuffle(expenses)
    other = replace(case, members=tuple(members), expenses=tuple(expenses))
    one, two = decide(case, RULES), decide(other, RULES)
    assert (one.tier, one.status, one.branches, one.flags) == (two.tier, two.status, two.branches, two.flags)


@TRIES
@given(households(), st.integers(2, 7))
def test_all_money_and_figures_scaled_together_keep_the_tier(case, factor):
    larger = replace(
        case,
        savings=(case.savings or 0) * factor,
        incomes=tuple(replace(row, amount=(row.amount or 0) * factor) for row in case.incomes),
        expenses=tuple(replace(row, amount=(row.amount or 0) * factor) for row in case.expenses),
    )
    figures = [
        Standard(
            area="示例市",
            since=date(2017, 1, 1),
            subsistence_line=LINE * factor,
            housing_area=Decimal(15),
            source="示例",
        )
    ]
    choice = [Setting(area="示例市", subject="慢性病口径", choice="计入", since=date(2017, 1, 1))]
    one, two = decide(case, RULES), decide(larger, law.load(figures, choice))
    assert (one.tier, one.status, one.branch) == (two.tier, two.status, two.branch)


UNKNOWABLE = {
    "subsistence_household": truths,
    "government_relief": truths,
    "months_below_line": st.integers(0, 12),
    "visit_confirms_hardship": truths,
    "event": st.sampled_from(EVENTS),
    "event_person": st.sampled_from(["本人", "父母"]),
    "compensated": truths,
    "authorized": truths,
    "savings": st.integers(0, 10_000_000),
}


def is_near_line(case: Case) -> bool:
    """Whether the income is at most 1.5 times the line: above it months below the line that nobody entered are none."""
    figures = decide(case, RULES).figures
    return figures is not None and (figures.income_total or 0) * 2 <= LINE * 3 * 12 * figures.size


@BARE
@given(households(), st.sets(st.sampled_from(sorted(UNKNOWABLE)), min_size=1, max_size=4), st.data())
def test_a_value_for_an_unknown_gives_a_tier_that_was_possible(case, names, data):
    if case.extreme_disaster:
        names = names - {"event"}
    if not is_near_line(case):
        names = names - {"months_below_line"}
    unknown = decide(replace(case, **dict.fromkeys(names)), RULES)
    known = decide(replace(case, **{name: data.draw(UNKNOWABLE[name], name) for name in sorted(names)}), RULES)
    assert known.tier in unknown.possible


@BARE
@given(households(), st.integers(0, 12_000_000))
def test_an_income_for_an_unknown_one_gives_a_tier_that_was_possible(case, fen):
    unknown = decide(replace(case, incomes=(replace(case.incomes[0], amount=None),)), RULES)
    assert tier(earning(case, fen)) in unknown.possible


@BARE
@given(households(), st.sampled_from(["医疗", "意外"]), st.integers(0, 12_000_000))
def test_an_amount_for_an_unknown_expense_gives_a_tier_that_was_possible(case, kind, fen):
    known = min(fen, case.incomes[0].amount or 0)
    asked = replace(_expense(kind, "甲", 0), amount=None)
    unknown = decide(replace(case, expenses=(*case.expenses, asked)), RULES)
    assert tier(replace(case, expenses=(*case.expenses, _expense(kind, "甲", known)))) in unknown.possible


@BARE
@given(households(), st.integers(0, 3), st.booleans())
def test_homes_and_premises_for_unknown_ones_give_a_tier_that_was_possible(case, homes, premises):
    assert case.means is not None
    unknown = decide(replace(case, means=replace(case.means, homes=None, business_premises=None)), RULES)
    known = decide(replace(case, means=replace(case.means, homes=homes, business_premises=premises)), RULES)
    assert known.tier in unknown.possible


@TRIES
@given(households())
def test_nothing_missing_means_one_possible_tier_and_a_settled_status(case):
    decision = decide(case, RULES)
    assert decision.missing == ()
    assert decision.possible == (decision.tier,)
    assert decision.status in ("auto", "human", "blocked")


@TRIES
@given(households())
def test_the_first_branch_is_the_branch(case):
    decision = decide(case, RULES)
    assert decision.branches[0] == decision.branch


def test_an_empty_cell_is_neither_no_nor_nothing():
    poor = Case(
        case_no="P-2",
        applied_on=DAY,
        worker_kind="在职职工",
        area="示例市",
        household_size=1,
        subsistence_household=True,
        government_relief=False,
        months_below_line=0,
        event="无",
        authorized=True,
        pledged=True,
        members=(Member(name="甲", relation="本人", lives_together=True, in_register=True, employment="在职"),),
        incomes=(Income(name="甲", kind="工资性", year=2018, amount=LINE * 12, basis="实发", proof="银行流水"),),
        means=Means(
            homes=1,
            business_premises=False,
            employs_others=False,
            uses_machines=False,
            homes_checked=True,
            vehicles_checked=True,
            business_checked=True,
        ),
    )
    assert decide(poor, RULES).missing == ("案件!走访确认特别困难",)
    assert tier(replace(poor, visit_confirms_hardship=True)) == "全总级"
    assert tier(replace(poor, visit_confirms_hardship=False)) == "省总级"
