"""What is told to change a result does change it, by the fen: receipts of the amount, months, and nothing less."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from formgen import law
from formgen.decide import decide
from formgen.household import Case, Expense
from formgen.model import Change, Clause, Decision
from tests import oracle_households, stories

RANK = {"全总级": 0, "省总级": 1, "市总级": 2, "不符合": 3, "待定": 4}
HOUSEHOLDS = [oracle_households.draw(seed) for seed in range(700)]
STORIES = {story["id"]: story for story in stories.all_stories()}


def judged(drawn: oracle_households.Drawn, **changed: object) -> Decision:
    case = dataclasses.replace(drawn.case, **changed)
    return decide(case, law.load(drawn.standards, drawn.settings), on=drawn.on)


def told(*codes: str) -> list[tuple[oracle_households.Drawn, Change]]:
    decided = [(drawn, judged(drawn)) for drawn in HOUSEHOLDS]
    return [(drawn, change) for drawn, each in decided for change in each.changes if change.code in codes]


def receipt(case: Case, change: Change, *, short: int = 0) -> tuple[Expense, ...]:
    """The receipts of the household with one more, of the amount told less so many fen."""
    assert case.applied_on is not None
    worker = next(member.name for member in case.members if member.relation in ("本人", "户主"))
    kind = "意外" if change.code == "C802" else "其他必须"
    fen = int(Decimal(change.values["amount"]) * 100) - short
    more = Expense(row=999, name=worker, kind=kind, year=case.applied_on.year - 1, amount=fen, proof="票据")
    return (*case.expenses, dataclasses.replace(more, compensation=0, insurance_paid=0))


def test_receipts_of_the_amount_lead_to_the_tier_and_a_fen_less_does_not() -> None:
    found = told("C801", "C802")
    assert len(found) > 60
    for drawn, change in found:
        reached = judged(drawn, expenses=receipt(drawn.case, change))
        assert RANK[reached.tier] <= RANK[change.tier], (drawn.case, change, reached.tier)
        if Decimal(change.values["amount"]) > Decimal("0.01"):
            short = judged(drawn, expenses=receipt(drawn.case, change, short=1))
            assert RANK[short.tier] > RANK[change.tier], (drawn.case, change)


def test_months_below_the_line_lead_to_the_tier() -> None:
    for drawn, change in told("C803"):
        assert judged(drawn, months_below_line=int(change.values["months"])).tier == change.tier


def test_a_household_that_a_bar_would_stop_next_is_told_of_the_bar() -> None:
    found = told("C804")
    assert found
    for drawn, change in found:
        barred = judged(drawn, expenses=receipt(drawn.case, change))
        assert barred.status in ("blocked", "insufficient")
        assert change.values["articles"]


def clauses_of(name: str, **changed: list) -> dict[str, Clause]:
    rows = {**stories.rows_of(STORIES[name]), **changed}
    return {clause.id: clause for clause in decide(stories.case_of(rows), stories.law_of(rows)).clauses}


@pytest.mark.parametrize(("income", "left"), [("23003.99", "638.9997"), ("23004.01", "639.0003")])
def test_a_figure_beside_the_line_is_never_rounded_onto_it(income: str, left: str) -> None:
    rows = stories.rows_of(STORIES["EQ-01"])["收入"]
    found = clauses_of("EQ-01", 收入=[{**row, "年收入": income} for row in rows])
    assert found["5(一)1.收入"].left == left
