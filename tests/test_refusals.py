"""第十九条: nobody is refused without a paper that says why, what would change it and where to object."""

from __future__ import annotations

import dataclasses

import pytest

from formgen import explain, law
from formgen.decide import decide
from formgen.explain import clauses
from formgen.explain.grounds import PRECONDITIONS, branch
from formgen.household import Case, Resolution
from formgen.model import Change, Clause, Decision
from formgen.papers import agenda, compose, forms, publicity, tags
from tests import oracle_households, papers
from tests.readable import words

FORMS = {form.id: form for form in forms.load()}
HOUSEHOLDS = 400


def judged(seed: int) -> tuple[Case, Decision]:
    drawn = oracle_households.draw(seed)
    named = dataclasses.replace(drawn.case, name="李明", union=papers.UNION.name)
    return named, decide(named, law.load(drawn.standards, drawn.settings), on=drawn.on)


CASES = [judged(seed) for seed in range(HOUSEHOLDS)]
REFUSED = [(case, decision) for case, decision in CASES if decision.tier == "不符合"]


def due(case: Case, decision: Decision) -> list[str]:
    return [form.id for form in FORMS.values() if form.per == "case" and form.is_due(decision, case)]


def test_the_households_hold_refusals_by_the_figures_and_by_a_bar() -> None:
    assert {decision.status for _, decision in REFUSED} == {"auto", "blocked"}
    assert len(REFUSED) > HOUSEHOLDS // 10


def test_every_refused_household_and_no_other_has_one_refusal_due() -> None:
    for case, decision in CASES:
        assert due(case, decision).count("refusal") == (decision.tier == "不符合"), decision


def test_every_household_is_told_one_thing_what_is_granted_refused_missing_or_to_be_decided() -> None:
    for case, decision in CASES:
        told = due(case, decision)
        ways = (
            "refusal" in told,
            "missing" in told,
            agenda.point(case, decision) is not None,
            publicity.is_granted(decision),
        )
        assert sum(ways) == (decision.status != "invalid"), decision


def rows(case: Case, decision: Decision) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    made = tags.context(case, decision, union=papers.UNION)
    return list(made["不予建档理由"]), list(made["改变条件"])  # type: ignore[call-overload]


def test_a_bar_is_never_told_as_a_failure_of_the_figures() -> None:
    for case, decision in REFUSED:
        articles = {row["条款"] for row in rows(case, decision)[0]}
        if decision.status == "blocked":
            assert not articles & {f"皖工发〔2017〕51号 第五条（{n}）" for n in ("二", "三")}, decision


def test_a_household_barred_for_an_untrue_declaration_is_told_so_and_until_when() -> None:
    case = dataclasses.replace(papers.LI, dishonest_year=2018)
    barred = dataclasses.replace(papers.LI_DECISION, tier="不符合", status="blocked", branch="8(一)", clauses=())
    barred = dataclasses.replace(barred, changes=(Change("C831", "不符合", {"year": "2020"}),))
    reasons, changes = rows(case, barred)
    assert [(row["条款"], row["情况"]) for row in reasons] == [
        ("皖工发〔2017〕51号 第八条（一）", "2018 年度有不实申报记录")
    ]
    assert [row["内容"] for row in changes] == [
        "取消资格的年度（不如实申报的当年和下一年度）过后，自 2020 年起可以重新申请"
    ]


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_a_refusal_prints_every_reason_with_its_article_and_what_would_change_it(number: int) -> None:
    case, decision = REFUSED[number]
    reasons, changes = rows(case, decision)
    assert reasons
    assert changes
    document, _ = compose.compose(FORMS["refusal"], case, decision, union=papers.UNION)
    assert document is not None
    printed = words(document.content)
    for text in [row[column] for row in reasons for column in ("条款", "规定", "情况")] + [
        row["内容"] for row in changes
    ]:
        assert text
        assert "".join(text.split()) in printed
    assert "可以向示例市总工会提出" in printed
    assert papers.UNION.hotline in printed


@pytest.mark.parametrize(("branch", "article"), [("75号二", "二"), ("75号六", "六")])
def test_a_body_that_says_no_is_the_one_reason_and_no_receipt_turns_it(branch: str, article: str) -> None:
    refused = dataclasses.replace(papers.LI_DECISION, tier="不符合", status="auto", branch=branch, changes=())
    reasons, changes = rows(papers.LI, refused)
    assert [row["情况"] for row in reasons] == ["经集体研究，不同意建档"]
    assert reasons[0]["条款"] == f"皖工办发〔2018〕75号 {article}"
    assert [row["内容"] for row in changes] == ["家庭情况有变化并有材料证明的，可以重新申请，由集体研究另行决定"]


def test_a_gate_without_a_clause_of_its_own_is_told_by_its_sentence() -> None:
    barred = dataclasses.replace(papers.LI_DECISION, tier="不符合", status="blocked", branch="75号一", changes=())
    reasons, changes = rows(papers.LI, barred)
    assert [row["情况"] for row in reasons] == ["不符合这一条"]
    assert changes[0]["内容"].startswith("补齐劳动关系证明")


def test_receipts_are_named_only_where_the_figures_refuse() -> None:
    others = [decision for _, decision in REFUSED if decision.branch not in (None, "5")]
    assert others
    assert not {change.code for decision in others for change in decision.changes} & {"C801", "C802", "C803"}


def test_the_letter_and_explain_tell_the_same_reasons_and_the_same_ways_out() -> None:
    for case, decision in CASES:
        told = explain.explain(case, decision)
        reasons, changes = rows(case, decision)
        assert bool(reasons) is (decision.tier == "不符合"), decision
        assert [row for row in reasons if row["情况"] not in told or row["规定"] not in told] == []
        assert [row for row in changes if row["内容"] not in told] == []


def test_no_reason_contradicts_the_result() -> None:
    for _, decision in CASES:
        deciding = [clause for clause in decision.clauses if not clauses.is_reference(clause)]
        own = [clause for clause in deciding if branch(clause) == decision.branch]
        if decision.status == "auto" and decision.tier != "不符合" and decision.branch != clauses.STOP:
            assert [clause.id for clause in own if not clause.holds] == [], decision
        if decision.branch == "5":
            tiers = [clause for clause in deciding if clause.id.startswith("5(") and clause.id not in PRECONDITIONS]
            assert {branch(c) for c in tiers} == {branch(c) for c in tiers if not c.holds}, decision


def test_a_refusal_that_stands_either_way_tells_the_bodys_no_and_what_is_still_open() -> None:
    refused = Resolution(matter="特殊情况", body="示例县总工会", level="县级", minutes="示例纪要7", agreed=False)
    open_bar = Clause("7(二)", "皖工发〔2017〕51号 第七条（二）", "拥有商业店铺……", "", "=", "是", None)
    barred = dataclasses.replace(
        papers.LI_DECISION, tier="不符合", status="blocked", branch=None, clauses=(open_bar,), changes=()
    )
    reasons, _ = rows(dataclasses.replace(papers.LI, resolutions=(refused,)), barred)
    assert [row["情况"] for row in reasons] == [
        "特殊情况：示例县总工会集体研究（纪要 示例纪要7），不同意",
        "未定：有没有生产经营房产、是否雇佣他人经营，还没有查清",
    ]


def test_the_phone_to_object_is_that_of_the_union_one_objects_to() -> None:
    known = dataclasses.replace(papers.UNION, higher_phone="0550-3099999")
    assert tags.context(papers.LI, papers.REFUSED, union=known)["异议电话"] == "0550-3099999"
    assert tags.context(papers.LI, papers.REFUSED, union=papers.UNION)["异议电话"] == papers.UNION.hotline
