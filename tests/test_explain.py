"""A decision in words: result first, the sum, each clause with its sentence, what is missing, what would change it."""

from __future__ import annotations

import dataclasses
import re

import pytest

from formgen.decide import as_json, decide
from formgen.explain import article, clauses, explain, in_short, wanting
from formgen.explain.wanting import item
from formgen.papers import agenda, materials
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


def in_a_district(figure: str, **cells: str):
    """The household of XC-03 in a district of a city that has set every figure but one of its own."""
    told = TOLD["XC-03"]["rows"]
    rows = stories.rows_of({"rows": told | {"案件": told["案件"] | {"所在地区": "示例市东区", **cells}}})
    (city,) = rows["当地标准"]
    rows["当地标准"] = [{**city, figure: ""}, {"地区": "示例市东区", "生效日期": "2017-01-01", "依据文号": "示例"}]
    case = stories.case_of(rows)
    return case, decide(case, stories.law_of(rows))


def test_a_figure_of_a_district_is_asked_for_by_its_name_and_no_wider_place_will_do():
    case, decision = in_a_district("农村居民人均可支配收入")
    said = "“当地标准”表没有示例市东区的“最低住房保障人均面积”（这一项不用上级地区的数；与市里相同的，请另填一行）"
    assert f"  {said}\n" in explain(case, decision)
    assert f"还缺：{said}" in in_short(decision, case)
    assert said in [row["说明"] for row in materials.tags(case, decision)["补充材料"]]


def test_a_line_is_asked_for_by_the_city_that_sets_it():
    case, decision = in_a_district("月低保标准", 家庭所在地区="示例县")
    assert "  “当地标准”表没有示例市的“月低保标准”\n" in explain(case, decision)


def test_what_is_imputed_goes_by_the_place_of_the_family():
    case, decision = in_a_district("月最低工资", 家庭所在地区="示例县")
    told = wanting.place_of("当地标准!农村居民人均可支配收入", case, decision)
    assert told == "“当地标准”表没有示例县的“农村居民人均可支配收入”"


def test_what_would_change_the_result_is_told_in_yuan():
    assert "再有 5328 元因这次突发事件的目录内医疗票据或意外支出票据，即达全总级" in words("EX-02")


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


@pytest.mark.parametrize("name", TOLD)
def test_the_sections_are_numbered_without_a_gap(name):
    numbers = re.findall(r"^([一二三四五])、", words(name), re.MULTILINE)
    assert "".join(numbers) == "一二三四五"[: len(numbers)]


def test_an_income_above_three_times_the_line_is_for_a_body_and_not_a_failure():
    assert "    须一事一议：扣除支出前，家庭人均每月 1917.0003 元，高于当地低保标准的 3 倍 1917 元" in words("EQ-08")


def test_a_household_far_above_every_line_is_not_told_of_a_study_that_cannot_help():
    rows = stories.rows_of(TOLD["EQ-08"])
    rows["收入"] = [{**row, "年收入": "999999"} for row in rows["收入"]]
    decision = decide(stories.case_of(rows), stories.law_of(rows))
    assert (decision.tier, "75号六" in {clause.id for clause in decision.clauses}) == ("不符合", False)


def test_the_literal_reading_stands_beside_and_decides_only_where_it_was_chosen():
    assert "    对照：照字面只扣意外致困支出后，家庭人均每月 750.56 元" in words("EX-01")
    assert "    不成立：只扣意外致困支出后，家庭人均每月 750.56 元" in words("EX-01b")


def test_a_large_cost_is_told_against_the_number_of_the_city():
    assert "    不成立：救治费用 32000 元，没有达到本市认定数额过大的 32000.01 元" in words("ST-29d")


def test_what_a_body_decided_is_told_with_its_day_and_minutes():
    told = words("CR-02")
    assert "  一事一议：示例县总工会主席办公会2019年3月5日集体研究（纪要 示例纪要7），不同意" in told
    assert told.splitlines()[0].endswith("集体研究（纪要 示例纪要7），不同意。")


def test_what_a_body_decided_is_part_of_the_decision_as_json():
    (row,) = as_json(decided("CR-02"))["resolutions"]
    assert (row["matter"], row["decided_on"], row["minutes"]) == ("一事一议", "2019-03-05", "示例纪要7")
    assert (row["body"], row["agreed"]) == ("示例县总工会主席办公会", False)
    assert as_json(decided("EQ-08"))["resolutions"] == []
    assert "\n    一事一议：示例县总工会主席办公会2019年3月5日集体研究" in in_short(decided("CR-02"))


def test_an_income_that_a_body_has_studied_is_not_sent_there_again():
    assert "    已一事一议：扣除支出前" in words("CR-02") and "须一事一议" not in words("CR-02")


def test_each_condition_of_a_migrant_worker_is_tested_by_itself():
    told = words("FW-05")
    assert "    不成立：不以工资收入为主要生活来源" in told
    assert "    成立：不是城镇户籍" in told
    assert "  以工资收入为主要生活来源，并有材料证明的，可以重新申请" in told


def test_a_migrant_who_gave_no_authorization_is_told_what_settles_it():
    told, asked = words("AU-03"), agenda.questions(decided("AU-03"))
    said = "未定：没有授权信息比对，须有专人实地走访并经集体研究；还缺信息比对表的走访人、集体研究表的特殊情况"
    assert f"    {said}" in told and "县级（含县级）以上总工会应落实专人进行实地走访" in told
    assert f"皖工办发〔2018〕75号 二：{said}" in asked
    assert "还缺信息比对表的走访人\n" in words("AU-03b")


def test_a_migrant_whom_a_body_let_pass_is_told_of_the_visit_and_of_the_body():
    assert "    成立：没有授权信息比对；已由专人实地走访，并经集体研究同意" in words("AU-03a")
    assert "    不成立：没有授权信息比对；经集体研究，不同意" in words("AU-03c")
    assert not [clause for clause in decided("XC-08").clauses if clause.id == "75号二.走访"]


def test_a_migrant_of_whom_nobody_wrote_whether_he_authorized_is_not_said_to_have_refused():
    rows = stories.rows_of(TOLD["AU-03a"])
    case = stories.case_of(rows | {"案件": rows["案件"] | {"授权核对": ""}})
    told = explain(case, decide(case, stories.law_of(rows)))
    assert "    未定：是否授权信息比对，台账里没有填" in told and "没有授权信息比对；" not in told


def test_an_exclusion_says_what_was_found():
    assert "有此情形：查明有雇佣他人经营" in words("XC-16")
    assert "有此情形：有子女在高收费私立学校就读或自费出国留学（女自费留学）" in words("XC-17")
    assert "无此情形：名下的机动车按例外不算" in words("XC-08")


def test_a_car_is_told_as_the_register_has_it_and_its_use_as_a_presumption():
    rows = stories.rows_of(TOLD["XC-09"])
    rows["车辆"] = [{"车牌号": "示A00001"}, {"用途": "受雇驾驶", "购置价格": "1"}, {"用途": "自用"}, {"用途": "自用"}]
    case = stories.case_of(rows)
    told = explain(case, decide(case, stories.law_of(rows)))
    assert "    推定有此情形：名下有机动车（自用；自用），推定经常使用；确不经常使用的，可以提供证明申辩" in told
    rows["信息比对"] = {**rows["信息比对"], "经常使用船舶机械": "是"}
    case = stories.case_of(rows)
    assert "经常使用船舶、工程机械或大型农机具，不是受雇使用" in explain(case, decide(case, stories.law_of(rows)))


def test_central_funds_wait_for_the_reading_they_rest_on():
    told = words("EX-01").splitlines()
    assert "可用资金：其他来源帮扶资金；中央财政帮扶资金待例1口径明确后" in told
    assert "可用资金：中央财政帮扶资金、其他来源帮扶资金" in words("EQ-01").splitlines()
    assert decided("EX-01").funds == ("中央财政帮扶资金", "其他来源帮扶资金")


@pytest.mark.parametrize("tell", [explain, lambda case, decision: in_short(decision, case)])
def test_a_reading_that_a_body_has_studied_is_not_sent_there_again(tell):
    rows = stories.rows_of(TOLD["EX-01"])
    study = {"事项": "例1口径", "决定机构": "示例县总工会", "级别": "县级", "日期": "2019-03-05", "结论": "不同意"}
    case = stories.case_of(rows | {"集体研究": [study]})
    decision = decide(case, stories.law_of(rows))
    told = tell(case, decision)
    assert "AMB-03" in told and "提请研究" not in told
    assert "集体研究没有改用字面口径，明确前仍不使用中央财政帮扶资金（AMB-03）" in told
    (asked,) = agenda.questions(dataclasses.replace(decision, clauses=()))
    assert asked.startswith("AMB-03 ") and "提请研究" not in asked


def employed_since(day: str) -> str:
    rows = stories.rows_of(TOLD["FW-05"])
    case = stories.case_of(rows | {"案件": rows["案件"] | {"申请日期": "2019-03-04", "劳动关系起始日期": day}})
    return explain(case, decide(case, stories.law_of(rows)))


def test_the_months_of_employment_are_told_with_their_days():
    short = "与用人单位建立劳动关系自2018年10月1日至2019年3月4日满 5 个月，没有达到规定的 6 个月以上"
    assert f"    不成立：{short}" in employed_since("2018-10-01")
    assert "自2018年9月5日至2019年3月4日满 5 个月，没有达到" in employed_since("2018-09-05")
    assert "自2018年9月4日至2019年3月4日满 6 个月，达到规定的 6 个月以上" in employed_since("2018-09-04")
    assert "自2019年4月1日至2019年3月4日满 0 个月，没有达到" in employed_since("2019-04-01")


def test_a_ban_says_from_which_year_one_may_apply_again():
    assert "（不如实申报的当年和下一年度）过后，自 2020 年起可以重新申请" in words("EQ-23")


def test_an_income_of_another_year_is_told_with_its_amount_and_year():
    rows = stories.rows_of(TOLD["EQ-01"])
    other = {**rows["收入"][0], "年收入": "8000", "收入年度": 2019}
    case = stories.case_of(rows | {"收入": [*rows["收入"], other]})
    told = explain(case, decide(case, stories.law_of(rows)))
    assert "  收入 本人 工资性 申报 8000（2019 年度），计入 0（不是申请年的上一年度，不计入）" in told


def test_an_expense_says_what_was_taken_off():
    assert "支出 本人 医疗 申报 50000，可扣除 12000（已减去医保支付 30000 元、目录外自费 8000 元）" in words("EX-11")


def test_gross_wages_say_how_they_became_net():
    assert "收入 本人 工资性 53580（应发 60000，减去个人所得税 120 元、五险一金 6300 元）" in words("IN-01")
