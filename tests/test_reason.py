"""The reason a batch tells of a case: the clause that decides, never one that fails as if it held."""

from __future__ import annotations

import pytest

from formgen.batch import reason
from formgen.decide import decide
from tests import stories

TOLD = {story["id"]: story for story in stories.all_stories()}
REASONS = {
    "EQ-01": "皖工发〔2017〕51号 第五条（一）1：扣除支出前，家庭人均每月 639 元，正好等于当地低保标准 639 元",
    "EQ-08": "皖工办发〔2018〕75号 六：扣除支出前，家庭人均每月 1917.0003 元，高于当地低保标准的 3 倍 1917 元；"
    "每人每月高 0.0003 元，全家全年高 0.01 元（须一事一议）",
    "EQ-12": "皖工发〔2017〕51号 第五条（三）：扣除致困支出后，家庭人均每月 1278.0003 元，高于"
    "当地低保标准的 2 倍 1278 元；每人每月高 0.0003 元，全家全年高 0.01 元（不成立）",
    "EX-15": "皖工发〔2017〕51号 第五条（一）2："
    "扣除致困支出后，家庭人均每月还算不出来，要与当地低保标准 639 元比较（未定）",
    "XC-09": "皖工发〔2017〕51号 第七条（三）：名下有机动车（购置价格 100000.01 元，致困前购置，自用），"
    "推定经常使用；确不经常使用的，可以提供证明申辩（推定有此情形）",
    "XC-29": "皖工发〔2017〕51号 第七条（一）：家庭有几套住房还没有查清（规定的是 2 套以上）（未定）",
    "AU-01": "皖工办发〔2018〕75号 二：没有授权信息比对（不成立）",
    "AU-04": "皖工办发〔2018〕75号 二：房产、车辆、工商登记三项没有查齐（不成立）",
    "AU-05a": "皖工发〔2017〕51号 第八条（一）：是否签署承诺书，台账里没有填（未定）",
    "EQ-23": "皖工发〔2017〕51号 第八条（一）：有不实申报记录",
}


def decided(name: str):
    rows = stories.rows_of(TOLD[name])
    return decide(stories.case_of(rows), stories.law_of(rows))


@pytest.mark.parametrize("name", REASONS)
def test_the_reason_is_the_clause_that_decides(name):
    assert "：".join(reason.told(decided(name))) == REASONS[name]


def two_homes(**means: object):
    """The household of XC-03, whose exception turns on areas: the place's is not published unless given."""
    story = TOLD["XC-03"]["rows"] | {"信息比对": {"住房套数": 2, "有产权住房人均面积": "14", **means}}
    rows = stories.rows_of({"rows": story})
    rows["当地标准"] = [{**rows["当地标准"][0], "最低住房保障人均面积": ""}]
    return decide(stories.case_of(rows), stories.law_of(rows))


def test_two_homes_wait_for_the_area_of_the_place_and_not_for_their_number():
    decision = two_homes()
    said = "家庭有住房 2 套，能否按例外不算还没有定，要看当地标准表里示例市的最低住房保障人均面积（还没有填）（未定）"
    assert reason.told(decision) == ("皖工发〔2017〕51号 第七条（一）", said)
    (exception,) = (clause for clause in decision.clauses if clause.id == "75号三.7(一)")
    assert (exception.holds, exception.article) == (None, "皖工办发〔2018〕75号 三")


def test_homes_nobody_counted_wait_for_their_number():
    decision = two_homes(住房套数="")
    assert "家庭有几套住房还没有查清" in reason.told(decision)[1]
    assert not [clause for clause in decision.clauses if clause.id.startswith("75号三")]


def test_a_car_that_the_register_shows_waits_for_its_exception():
    rows = stories.rows_of(TOLD["XC-09"])
    rows["车辆"] = [{**rows["车辆"][0], "购置价格": ""}]
    said = "名下有机动车，算不算这一情形还没有定，要看车辆表的购置价格（还没有填）（未定）"
    assert reason.told(decide(stories.case_of(rows), stories.law_of(rows)))[1] == said


@pytest.mark.parametrize("name", TOLD)
def test_a_clause_that_does_not_hold_is_marked(name):
    decision = decided(name)
    clause = reason.deciding(decision)
    if clause is None or clause.holds or not clause.op:
        return
    (_, said) = reason.told(decision)
    settled = ("（不成立）", "（无此情形）", "（须一事一议）", "（已一事一议）")
    marks = ("（未定）",) if clause.holds is None else settled
    assert any(mark in said for mark in marks)


def _after_study(conclusion: str) -> str:
    study = {"事项": "一事一议", "决定机构": "示例县总工会主席办公会", "级别": "县级", "日期": "2019-03-05"}
    rows = stories.rows_of(TOLD["EQ-08"])
    rows["集体研究"] = [{**study, "纪要编号": "示例纪要7", "结论": conclusion, "核定级别": "省总级"}]
    return reason.told(decide(stories.case_of(rows), stories.law_of(rows)))[1]


def test_what_a_body_decided_stands_with_the_reason():
    told = _after_study("同意")
    body = "一事一议：示例县总工会主席办公会2019年3月5日集体研究（纪要 示例纪要7），同意，核定省总级"
    assert told.endswith(f"全家全年高 0.01 元（已一事一议）；{body}")
    assert _after_study("不同意").count("一事一议：") == 1


@pytest.mark.parametrize("name", [name for name in TOLD if decided(name).status == "insufficient"])
def test_an_insufficient_case_never_cites_what_is_met(name):
    clause = reason.deciding(decided(name))
    assert clause is None or clause.holds is not (not clause.id.startswith("7("))
