"""A decision in words: result first, the sum, each clause with its sentence, what is missing, what would change it."""

from __future__ import annotations

import re

import pytest

from formgen.decide import decide
from formgen.explain import article, clauses, explain, in_short, item
from tests import stories

TOLD = {story["id"]: story for story in stories.all_stories()}


def decided(name: str):
    rows = stories.rows_of(TOLD[name])
    return decide(stories.case_of(rows), stories.law_of(rows))


def words(name: str, lang: str = "zh") -> str:
    return explain(stories.case_of(stories.rows_of(TOLD[name])), decided(name), lang=lang)


def test_the_result_comes_first():
    assert words("EX-01").startswith("S-1：全总级。按规则判定，依据第五条（一）3")


def test_a_refusal_names_the_sentence_that_bars():
    first = words("XC-01").splitlines()[0]
    assert first == "S-1：不符合。依据第七条（一）“职工家庭拥有2套（含）以上住房的”，不予建档。"


def test_a_ban_names_the_sentence_on_untrue_declarations_and_not_the_pledge():
    first = words("EQ-23").splitlines()[0]
    assert "故意不如实申报的" in first and "承诺书" not in first
    assert first.endswith("年度有不实申报记录。")


def test_a_household_above_every_line_is_told_by_how_much():
    first = words("EQ-12").splitlines()[0]
    assert (
        first == "S-1：不符合。扣除刚性支出后人均每月 1278.0003 元，高于市总级标准 1278 元，没有达到第五条的任何一级。"
    )


def test_the_sum_is_told_with_its_figures():
    assert "扣除刚性支出后＝（84000－38000－10000）÷12÷4＝750.00 元" in words("EX-02")


def test_rounding_never_contradicts_the_verdict():
    told = words("EQ-08")
    assert "第六条人均月收入＝69012.01÷12÷3＝1917.0003" in told
    assert "1917.00 ≤ 1917" not in told


def test_a_comparison_is_a_sentence_with_both_figures_and_how_far_apart_they_are():
    told = words("EX-02")
    assert (
        "成立：扣除致困支出后，家庭人均每月 750 元，低于当地低保标准的 1.5 倍 958.5 元；"
        "每人每月低 208.50 元，全家全年低 10008 元" in told
    )
    assert "不成立：扣除致困支出后，家庭人均每月 750 元，高于当地低保标准 639 元；" in told
    assert "正好等于当地低保标准 639 元" in words("EQ-01")
    assert "还算不出来，要与当地低保标准 639 元比较" in words("EX-15")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", TOLD)
def test_every_clause_is_said_in_words_without_signs(name, lang):
    decision = decided(name)
    for clause in decision.clauses:
        said = clauses.said(clause, decision.line.value if decision.line else None, lang=lang)
        assert said, clause.id
        assert not re.search(r"[<>=≤≥＜＞＝{}]", said), said
        assert clause.left in ("是", "否", "0") or clause.left in said


def test_in_short_every_code_stands_with_its_sentence():
    told = in_short(decided("EX-01"))
    assert "提示：若按第五条（一）3字面只扣意外支出，级别不同；提请研究，明确前不使用中央财政帮扶资金（AMB-03）" in told
    assert "还缺：“当地设置”表的“未社会化退休人员纳入”一项" in in_short(decided("XC-25a"))


def test_what_is_missing_is_listed_with_what_is_possible():
    told = words("XC-25a")
    assert "补齐后可能为：全总级、不符合" in told
    assert "  “当地设置”表的“未社会化退休人员纳入”一项" in told


def test_a_missing_item_is_said_as_a_clerk_would():
    assert item("支出!证明材料(医疗)") == "“支出”表“医疗”一行的“证明材料”"
    assert item("案件!授权核对") == "“案件”表的“授权核对”"


def test_what_would_change_the_result_is_told_in_yuan():
    assert "再有 5328 元目录内医疗票据或意外支出票据，即达全总级" in words("EX-02")


def test_receipts_of_the_amount_told_do_change_the_result():
    story = {**TOLD["EX-02"], "rows": {**TOLD["EX-02"]["rows"]}}
    more = {"姓名": "甲本人", "支出类别": "意外", "支出年度": 2018, "证明材料": "发票", "金额": "5328", "已获赔付": "0"}
    story["rows"]["支出"] = [*story["rows"]["支出"], more]
    rows = stories.rows_of(story)
    assert decide(stories.case_of(rows), stories.law_of(rows)).tier == "全总级"
    more["金额"] = "5327.99"
    rows = stories.rows_of(story)
    assert decide(stories.case_of(rows), stories.law_of(rows)).tier == "省总级"


def test_the_body_is_named_when_people_decide():
    assert "县级（含县级）以上总工会党组会或主席办公会" in words("BR-13").splitlines()[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", TOLD)
def test_every_story_can_be_told(name, lang):
    assert words(name, lang)


def test_a_branch_is_said_as_one_would_say_it():
    assert [article(name) for name in ("5(一)2前段", "75号六", "注一", "8(一)")] == [
        "第五条（一）2前段",
        "75号文第六条",
        "注一",
        "第八条（一）",
    ]
