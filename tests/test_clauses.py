"""The clauses of a decision: each shows the figure that is known, and holds wherever every possibility agrees."""

from __future__ import annotations

import operator
from fractions import Fraction

import pytest

from formgen.decide import decide
from formgen.explain.clauses import said
from formgen.model import Clause
from tests import stories

COMPARE = {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt, "=": operator.eq}
RECEIPT = {"姓名": "甲本人", "支出类别": "医疗", "支出年度": 2018, "医保支付": "0", "目录外自费": "0"}


def clauses(**changed) -> dict[str, Clause]:
    rows = {**stories.base(), **changed}
    decided = decide(stories.case_of(rows), stories.law_of(rows))
    return {clause.id: clause for clause in decided.clauses}


def incomes(amount: str) -> list[dict]:
    return [{**row, "年收入": amount} for row in stories.base()["收入"][:1]]


def test_known_expenses_are_shown_while_an_income_is_missing():
    found = clauses(收入=incomes(""), 支出=[{**RECEIPT, "金额": "1000", "证明材料": "发票"}])
    assert (found["5(一)2后段.支出"].left, found["5(一)2后段.支出"].holds) == ("1000", True)
    assert (found["5(一)2后段.扣前"].left, found["5(一)2后段.扣前"].holds) == ("", None)


def test_a_known_income_is_shown_while_an_expense_is_missing():
    found = clauses(收入=incomes("24000"), 支出=[{**RECEIPT, "金额": "1000", "证明材料": "无"}])
    before = found["5(一)2后段.扣前"]
    assert before.left
    assert before.holds is (Fraction(before.left) <= Fraction(before.right))
    assert (found["5(一)2后段.支出"].left, found["5(一)2后段.支出"].holds) == ("", None)


def test_a_clause_that_no_value_can_turn_is_decided_though_its_figure_is_open():
    found = clauses(收入=incomes("12000"), 支出=[{**RECEIPT, "金额": "1000", "证明材料": "无"}])
    assert (found["5(二)"].left, found["5(二)"].holds) == ("", True)


def test_a_refusal_that_no_missing_paper_can_turn_says_so():
    rows = {**stories.base(), "收入": [*incomes("99999999"), *({**row, "口径": "应发"} for row in incomes("60000"))]}
    decided = decide(stories.case_of(rows), stories.law_of(rows))
    (told,) = (clause for clause in decided.clauses if clause.id == "5(三)")
    assert (decided.tier, told.left, told.holds) == ("不符合", "", False)
    assert said(told, 63900) == (
        "扣除致困支出后，家庭人均每月还算不出来，但不论补什么都高于当地低保标准的 2 倍 1278 元"
    )


@pytest.mark.parametrize("story", stories.all_stories(), ids=lambda story: story["id"])
def test_a_clause_holds_as_its_figures_say(story):
    rows = stories.rows_of(story)
    for clause in decide(stories.case_of(rows), stories.law_of(rows)).clauses:
        if clause.left and clause.op in ("<=", ">=", ">") and not clause.id.startswith("7("):
            told = COMPARE[clause.op](Fraction(clause.left), Fraction(clause.right))
            assert clause.holds is told, clause


@pytest.mark.parametrize(("looked", "holds", "left"), [("", None, ""), ("否", False, "否"), ("是", True, "是")])
def test_a_check_nobody_has_told_of_is_open_and_not_undone(looked: str, holds: bool | None, left: str):
    found = clauses(信息比对={**stories.base()["信息比对"], "工商已查": looked})["75号二.三必查"]
    assert (found.holds, found.left) == (holds, left)
