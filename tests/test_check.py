"""A household compared with itself and with others; what empty cells mean; how sheets are joined."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from formgen import check, messages, read
from tests import households
from tests.sheets import CASE, LI, MEMBER, ZHANG, book

WIFE = {**MEMBER, "姓名": "李四", "与户主关系": "妻", "身份证号码": LI, "就业状况": "无业"}
WAGE = {
    "档案编号": "AH-0001",
    "姓名": "张三",
    "收入类别": "工资性",
    "收入年度": 2018,
    "年收入": 100,
    "证明材料": "单位证明",
}
SPENT = {"档案编号": "AH-0001", "姓名": "张三", "支出类别": "医疗", "支出年度": 2018, "金额": 100, "证明材料": "发票"}

HEFEI = {"地区": "合肥市", "生效日期": "2018-01-01", "月低保标准": 639, "依据文号": "示例"}


def sentences(path: Path) -> list[str]:
    with read.open_book(path) as opened:
        found = [*opened.findings, *(finding for one in check.households(opened) for finding in one.findings)]
    return [messages.sentence(finding).removeprefix(f"{path.name} › ").split(" → ")[0] for finding in found]


def made(folder: Path, rows: dict[str, list[dict[str, object]]] | None = None, **changes: object) -> list[str]:
    return sentences(book(folder / "案卷.xlsx", rows, **changes))


def only_case(path: Path):
    with read.open_book(path) as opened:
        (checked,) = check.households(opened)
    return checked.case


HOUSEHOLD = [
    ("sex", {}, {"性别": "女"}, ["案件 › D2 › 性别：错误 E306 性别填“女”，身份证号第 17 位表示“男”。"]),
    (
        "size",
        {},
        {"家庭人口": 2},
        ["案件 › V2 › 家庭人口：错误 E307 家庭人口填 2 人，“家庭成员”中共同生活的有 1 人。"],
    ),
    (
        "no family",
        {"家庭成员": []},
        {},
        ["案件 › V2 › 家庭人口：错误 E307 家庭人口填 1 人，“家庭成员”中共同生活的有 0 人。"],
    ),
    ("size not counted", {"家庭成员": [MEMBER, {**WIFE, "共同生活": "否"}]}, {}, []),
    ("size open", {"家庭成员": [MEMBER, {**WIFE, "在户口本": "否"}]}, {"家庭人口": 9}, []),
    ("size empty", {}, {"家庭人口": None}, ["案件 › V2 › 家庭人口：警告 W201 没有填写，文书上会显示【缺】。"]),
    (
        "event",
        {},
        {"突发事件类型": "无", "非常重大意外灾害": "是"},
        ["案件 › AD2 › 突发事件类型：错误 E308 突发事件类型填“无”，而非常重大意外灾害填“是”，互相矛盾。"],
    ),
    (
        "income of nobody",
        {"收入": [{**WAGE, "姓名": "王五"}]},
        {},
        ["收入 › B2 › 姓名：错误 E309 “家庭成员”里没有“王*”这个人。"],
    ),
    (
        "expense of two",
        {"家庭成员": [MEMBER, {**WIFE, "姓名": "张三"}], "支出": [SPENT]},
        {"家庭人口": 2},
        ["支出 › B2 › 姓名：错误 E310 “家庭成员”里有两个“张*”，分不清是谁。"],
    ),
    (
        "income of nobody while a name is empty",
        {"家庭成员": [MEMBER, {**WIFE, "姓名": None}], "收入": [{**WAGE, "姓名": "王五"}]},
        {"家庭人口": 2},
        [
            "家庭成员 › B3 › 姓名：警告 W201 没有填写，文书上会显示【缺】。",
            "收入 › B2 › 姓名：错误 E309 “家庭成员”里没有“王*”这个人。",
        ],
    ),
    (
        "income while a name cannot be read",
        {"家庭成员": [MEMBER, {**WIFE, "姓名": "王\ue001"}], "收入": [{**WAGE, "姓名": "王五"}]},
        {"家庭人口": 2},
        ["家庭成员 › B3 › 姓名：错误 E227 含有无法在各处正常显示的字符 U+E001（自造字或乱码）。"],
    ),
    ("expense of all", {"支出": [{**SPENT, "姓名": None}]}, {}, []),
    (
        "same person",
        {"家庭成员": [MEMBER, {**WIFE, "身份证号码": ZHANG, "与户主关系": "兄弟"}]},
        {"家庭人口": 2},
        ["家庭成员 › D3 › 身份证号码：错误 E311 身份证号与第 2 行相同（34*************015），同一人填了两次。"],
    ),
    (
        "worker's name",
        {"家庭成员": [{**MEMBER, "姓名": "张山"}]},
        {},
        ["家庭成员 › B2 › 姓名：错误 E312 职工本人一行的“姓名”与“案件”表不一致。"],
    ),
    (
        "worker's number",
        {"家庭成员": [{**MEMBER, "身份证号码": "340102200503030037"}]},
        {},
        ["家庭成员 › D2 › 身份证号码：错误 E312 职工本人一行的“身份证号码”与“案件”表不一致。"],
    ),
    (
        "two workers",
        {"家庭成员": [MEMBER, {**WIFE, "与户主关系": "户主"}]},
        {"家庭人口": 2},
        ["家庭成员 › C3 › 与户主关系：错误 E314 “家庭成员”里有两行都是职工本人。"],
    ),
    (
        "no worker",
        {"家庭成员": [WIFE]},
        {},
        ["家庭成员 › C2 › 与户主关系：警告 W304 “家庭成员”里没有职工本人这一行。"],
    ),
    *(
        (
            f"worker under {relation}",
            {"家庭成员": [{**MEMBER, "与户主关系": relation, **other}]},
            {},
            ["家庭成员 › C2 › 与户主关系：警告 W312 这一行的姓名或身份证号是职工本人的，与户主关系却不是“本人”。"],
        )
        for relation, other in (("其他", {}), ("夫", {"姓名": "张山"}), ("父", {"身份证号码": "340102200503030037"}))
    ),
    (
        "relation",
        {"家庭成员": [MEMBER, {**WIFE, "与户主关系": "夫"}]},
        {"家庭人口": 2},
        ["家庭成员 › C3 › 与户主关系：警告 W310 关系填“夫”，身份证号第 17 位表示“女”。"],
    ),
    (
        "name in the number",
        {"家庭成员": [{**MEMBER, "档案编号": "2019-张三"}]},
        {"档案编号": "2019-张三"},
        ["案件 › A2 › 档案编号：警告 W311 档案编号里有职工姓名，文件夹和文件名会带出姓名。"],
    ),
    (
        "means twice",
        {"信息比对": [{"档案编号": "AH-0001"}, {"档案编号": "AH-0001"}]},
        {},
        ["信息比对 › A3 › 档案编号：错误 E313 一户在“信息比对”中只能有一行。"],
    ),
    (
        "born later",
        {},
        {"申请日期": "1960-01-01"},
        ["案件 › B2 › 申请日期：错误 E315 申请日期早于身份证号上的出生日期。"],
    ),
    ("holder", {}, {"户名": "李四"}, ["案件 › AP2 › 户名：警告 W306 户名不是申请人本人。"]),
    (
        "receipt",
        {"支出": [{**SPENT, "票据号": "1"}, {**SPENT, "票据号": "1"}]},
        {},
        ["支出 › J3 › 票据号：警告 W307 票据号与第 2 行相同，一张票据只计一次。"],
    ),
    (
        "pasted twice",
        {"收入": [WAGE, WAGE], "支出": [SPENT, SPENT, SPENT]},
        {},
        [
            "收入 › E3 › 年收入：警告 W320 与第 2 行完全相同，是否贴了两遍？",
            "支出 › E3 › 金额：警告 W320 与第 2 行完全相同，是否贴了两遍？",
            "支出 › E4 › 金额：警告 W320 与第 2 行完全相同，是否贴了两遍？",
        ],
    ),
    (
        "not quite alike",
        {
            "家庭成员": [MEMBER, WIFE],
            "收入": [WAGE, {**WAGE, "收入年度": 2017}, {**WAGE, "姓名": "李四"}, {**WAGE, "口径": "实发"}],
            "支出": [SPENT, {**SPENT, "金额": 101}, {**SPENT, "证明材料": "清单"}, {**SPENT, "医保支付": 0}],
        },
        {"家庭人口": 2},
        [],
    ),
    (
        "alike without an amount",
        {"收入": [{**WAGE, "年收入": None}] * 2, "支出": [{**SPENT, "金额": None}] * 2},
        {},
        [],
    ),
    (
        "notice",
        {},
        {"公示开始日期": "2019-03-08", "公示结束日期": "2019-03-01"},
        ["案件 › BD2 › 公示结束日期：警告 W309 公示结束日期早于开始日期。"],
    ),
    (
        "withdrawn early",
        {},
        {"申请日期": "2019-03-01", "建档日期": "2019-03-20", "撤档日期": "2019-03-19"},
        ["案件 › BH2 › 撤档日期：警告 W313 撤档日期早于建档日期（2019年3月20日）。"],
    ),
    (
        "unknown union",
        {"工会": [{"工会名称": "别的工会", "监督电话": "0551-62999999"}]},
        {},
        ["案件 › I2 › 所属工会：警告 W305 “工会”表里没有“示例工会”，公示和告知书缺监督电话等。"],
    ),
    (
        "unknown area",
        {"当地标准": [{"地区": "芜湖市", "生效日期": "2018-01-01", "月低保标准": 639, "依据文号": "示例"}]},
        {},
        ["案件 › N2 › 所在地区：警告 W308 “当地标准”里没有“合肥市”，缺低保标准时不能判定。"],
    ),
    (
        "part of a known city",
        {"当地标准": [{"地区": "合肥市", "生效日期": "2018-01-01", "月低保标准": 639, "依据文号": "示例"}]},
        {"所在地区": "合肥市包河区"},
        [],
    ),
    (
        "figure twice",
        {"当地标准": [HEFEI, {**HEFEI, "月低保标准": 700}]},
        {},
        ["当地标准 › A3 › 地区：错误 E316 与第 2 行重复，不知道以哪一行为准。"],
    ),
    (
        "figure without a day",
        {"当地标准": [HEFEI, {**HEFEI, "生效日期": None}]},
        {},
        ["当地标准 › B3 › 生效日期：警告 W211 没有填写“生效日期”，这一行不起作用。"],
    ),
    (
        "row of nobody",
        {"收入": [{**WAGE, "档案编号": "AH-9"}]},
        {},
        ["收入 › A2 › 档案编号：错误 E302 “案件”表里没有档案编号“AH-9”。"],
    ),
    (
        "row without number",
        {"收入": [{**WAGE, "档案编号": None}]},
        {},
        ["收入 › A2 › 档案编号：错误 E301 没有档案编号，不知道这一行属于谁。"],
    ),
    ("number in another case", {"收入": [{**WAGE, "档案编号": "ah-0001"}]}, {}, []),
]


@pytest.mark.parametrize(("rows", "changes", "said"), [one[1:] for one in HOUSEHOLD], ids=[one[0] for one in HOUSEHOLD])
def test_a_household_that_contradicts_itself_is_told_where(tmp_path, rows, changes, said):
    assert made(tmp_path, rows, **changes) == said


@pytest.mark.parametrize(
    ("filed", "is_early"), [("2019-03-06", True), ("2019-03-08", True), ("2019-03-11", False), ("2199-03-01", False)]
)
def test_a_dossier_is_not_opened_before_five_working_days_have_run(tmp_path, filed, is_early):
    said = [line for line in made(tmp_path, 公示开始日期="2019-03-01", 建档日期=filed) if "W674" in line]
    early = f"建档日期：警告 W674 建档日期2019年3月{int(filed[-2:])}日早于公示期满（2019年3月8日）。"
    assert [line.split(" › ")[-1] for line in said] == ([early] if is_early else [])


@pytest.mark.parametrize(("filed", "is_early"), [("2019-03-12", True), ("2019-03-13", False)])
def test_a_dossier_waits_for_the_working_days_the_city_asks_for(tmp_path, filed, is_early):
    city = {"地区": "合肥市", "项目": "公示工作日", "取值": "7", "生效日期": "2018-01-01", "依据": "示例"}
    said = made(tmp_path, {"当地设置": [city]}, 公示开始日期="2019-03-01", 建档日期=filed)
    assert ["公示期满（2019年3月12日）" in line for line in said if "W674" in line] == [True] * is_early


def test_the_working_days_of_a_year_without_a_table_are_not_guessed(tmp_path):
    said = made(tmp_path, 公示开始日期="2199-03-01", 建档日期="2199-03-02")
    assert [line for line in said if "W674" in line] == []


@pytest.mark.parametrize(
    ("filed", "paid", "is_told"),
    [("2019-03-15", "2019-03-14", True), (None, "2019-03-14", True), ("2019-03-15", "2019-03-15", False)],
)
def test_aid_before_the_filing_is_told(tmp_path, filed, paid, is_told):
    said = made(tmp_path, 公示开始日期=None, 公示结束日期=None, 建档日期=filed, 发放日期=paid)
    assert any("W679" in line for line in said) == is_told


NUMBERS = [
    ("AH/1", "错误 E230"),
    ("..", "错误 E230"),
    ("AH-1.", "错误 E230"),
    ("con", "错误 E230"),
    ("LPT1.x", "错误 E230"),
    ("A" * 61, "错误 E235"),
    ("X" + ZHANG[:15], "错误 E231"),
    ("AH 0001", "错误 E238"),
    ("AH\u30001", "错误 E238"),
    (ZHANG[:6] + " " + ZHANG[6:], "错误 E231"),
    (None, "错误 E303"),
    (" AH-0001\u3000", ""),
    ("皖-2019_001.a", ""),
    ("A" * 60, ""),
]


@pytest.mark.parametrize(("number", "said"), NUMBERS)
def test_a_case_number_must_be_able_to_name_a_folder(tmp_path, number, said):
    path = book(tmp_path / "案卷.xlsx", {"家庭成员": [{**MEMBER, "档案编号": number}]}, 档案编号=number)
    with read.open_book(path) as opened:
        (checked,) = check.households(opened)
    own = [messages.sentence(finding).split("：")[1][:7] for finding in checked.findings if finding.is_error]
    assert own == ([said] if said else [])
    assert (checked.case is None) == bool(said)
    assert checked.is_valid == (not said)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("CON", "CON"),
        ("a/b", "a/b"),
        ("长" * 61, "长" * 61),
        (" AH 0001 ", "AH 0001"),
        ("X" + "1" * 15, "X" + "*" * 15),
        (ZHANG[:6] + " " + ZHANG[6:], "*" * 18),
    ],
)
def test_an_unusable_case_number_still_names_its_row(tmp_path, typed, kept):
    with read.open_book(book(tmp_path / "案卷.xlsx", 档案编号=typed)) as opened:
        (checked,) = check.households(opened)
    assert (checked.case, checked.case_no) == (None, kept)
    assert {finding.case_no for finding in checked.findings} == {kept}


def test_a_blank_in_a_number_of_another_sheet_makes_it_another_number(tmp_path):
    rows = {"收入": [{**WAGE, "档案编号": "AH- 0001"}]}
    assert made(tmp_path, rows) == ["收入 › A2 › 档案编号：错误 E302 “案件”表里没有档案编号“AH- 0001”。"]


def two(folder: Path, first: dict[str, object], second: dict[str, object]) -> Path:
    """A workbook of two households, each of one person."""
    other = {
        "职工姓名": "李四",
        "性别": "女",
        "身份证号码": LI,
        "银行卡号": "6222021001116245710",
        "联系电话": "13900139000",
    }
    a, b = {**CASE, **first}, {**CASE, **other, "档案编号": "AH-0002", **second}
    members = [
        {**MEMBER, "档案编号": one["档案编号"], "姓名": one["职工姓名"], "身份证号码": one["身份证号码"]}
        for one in (a, b)
    ]
    return book(folder / "案卷.xlsx", {"案件": [a, b], "家庭成员": members})


def test_a_double_case_number_takes_the_case_from_both_rows(tmp_path):
    path = two(tmp_path, {}, {"档案编号": "ah-0001"})
    with read.open_book(path) as opened:
        checked = list(check.households(opened))
    assert [one.case for one in checked] == [None, None]
    assert "案件 › A3 › 档案编号：错误 E304 档案编号“ah-0001”重复（另见第 2 行；不分大小写）。" in sentences(path)


def test_one_person_in_two_households_is_an_error_of_both(tmp_path):
    assert sentences(two(tmp_path, {}, {"职工姓名": "张三", "性别": "男", "身份证号码": ZHANG})) == [
        "案件 › E2 › 身份证号码：错误 E305 身份证号与 案件!E3、家庭成员!D3 相同（34*************015），"
        "同一人不能在两户中。",
        "案件 › E3 › 身份证号码：错误 E305 身份证号与 案件!E2、家庭成员!D2 相同（34*************015），"
        "同一人不能在两户中。",
    ]


def test_a_parent_in_the_authorizations_of_two_households_is_a_warning(tmp_path):
    father = {**MEMBER, "姓名": "张父", "与户主关系": "父", "身份证号码": "340102194004040030", "共同生活": "否"}
    path = two(tmp_path, {}, {})
    father["身份证号码"] = "34010219400404003" + households.samples.check_digit("34010219400404003")
    members = [
        MEMBER,
        father,
        {**MEMBER, "档案编号": "AH-0002", "姓名": "李四", "身份证号码": LI},
        {**father, "档案编号": "AH-0002"},
    ]
    cases = [CASE, {**CASE, "档案编号": "AH-0002", "职工姓名": "李四", "性别": "女", "身份证号码": LI}]
    found = sentences(book(path, {"案件": cases, "家庭成员": members}))
    assert [one.split("：")[1][:7] for one in found if "家庭成员 ›" in one] == ["警告 W303", "警告 W303"]
    assert [one.split("：")[1][:7] for one in found if "案件 ›" in one] == ["警告 W302", "警告 W301"] * 2


# ── other words for a relation ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "taken"), [("妻子", "妻"), ("爱人", "配偶"), ("次女", "女"), ("继女", "女"), ("母亲", "母")]
)
def test_another_word_for_a_relation_is_taken_as_the_relation_and_told(tmp_path, written, taken):
    path = book(tmp_path / "a.xlsx", {"家庭成员": [MEMBER, {**WIFE, "与户主关系": written}]}, 家庭人口=2)
    assert only_case(path).members[1].relation == taken
    assert sentences(path) == [f"家庭成员 › C3 › 与户主关系：已修正 R206 改为规定的写法：{written}"]


def test_a_word_that_may_mean_two_relations_stays_and_is_asked_about(tmp_path):
    path = book(tmp_path / "a.xlsx", {"家庭成员": [MEMBER, {**WIFE, "与户主关系": "子女"}]}, 家庭人口=2)
    assert only_case(path).members[1].relation == "子女"
    assert sentences(path) == ["家庭成员 › C3 › 与户主关系：警告 W212 “子女”分不清是哪一种。"]


# ── what empty cells mean ────────────────────────────────────────────────────────────────────────────────────────────


def test_empty_is_unknown_and_never_no_or_zero(tmp_path):
    case = only_case(book(tmp_path / "a.xlsx", {"收入": [{**WAGE, "年收入": None}]}))
    assert (case.subsistence_household, case.savings, case.months_below_line) == (None, None, None)
    assert case.incomes[0].amount is None
    assert case.members[0].able_bodied is None


def test_registers_that_are_quoted_say_none_when_empty(tmp_path):
    case = only_case(book(tmp_path / "a.xlsx", {"支出": [SPENT, {**SPENT, "支出类别": "意外"}]}))
    assert (case.registered_poor, case.extreme_disaster, case.objection, case.dishonest_year) == (
        False,
        False,
        False,
        None,
    )
    assert (case.members[0].refusals, case.members[0].special_proof) == (0, None)
    assert [(one.outside_catalogue, one.compensation) for one in case.expenses] == [(0, 0), (0, None)]


def test_an_empty_register_entry_is_yes_with_a_warning(tmp_path):
    path = book(tmp_path / "a.xlsx", {"家庭成员": [{**MEMBER, "在户口本": None}]})
    assert only_case(path).members[0].in_register is True
    assert sentences(path) == ["家庭成员 › F2 › 在户口本：警告 W209 没有填写，按“是”处理。"]


def test_an_empty_year_is_the_year_before_with_a_warning(tmp_path):
    path = book(tmp_path / "a.xlsx", {"收入": [{**WAGE, "收入年度": None}]})
    assert only_case(path).incomes[0].year == 2018
    assert sentences(path) == ["收入 › D2 › 收入年度：警告 W210 没有填写，按 2018 年处理。"]


def test_a_cell_that_cannot_be_read_is_none_and_not_what_empty_means(tmp_path):
    path = book(tmp_path / "a.xlsx", {"家庭成员": [{**MEMBER, "在户口本": "也许"}]}, 公示异议="也许")
    case = only_case(path)
    assert case.members[0].in_register is None
    assert case.objection is None


# ── how sheets are joined ────────────────────────────────────────────────────────────────────────────────────────────


def cases_of(path: Path, scratch: Path | None = None) -> list[tuple[object, str]]:
    with read.open_book(path, scratch=scratch) as opened:
        return [(one.case, one.digest) for one in check.households(opened)]


def test_rows_in_any_order_give_the_same_households(tmp_path):
    ordered = households.write(tmp_path / "a.xlsx", 40)
    rows: dict[str, list[households.Row]] = {}
    households.write(tmp_path / "b.xlsx", 40, lambda sheet, row: rows.setdefault(sheet, []).append(row) or row)
    shuffled = {title: list(made) for title, made in rows.items()}
    for title, made_rows in shuffled.items():
        if title != "案件":
            made_rows.sort(key=lambda row: str(row.get("档案编号", ""))[::-1])
    mixed = book(tmp_path / "c.xlsx", shuffled)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    found = cases_of(mixed, scratch)
    assert [digest for _, digest in found] != []
    assert [case.case_no for case, _ in found] == [case.case_no for case, _ in cases_of(ordered)]  # type: ignore[attr-defined]
    assert [len(case.members) for case, _ in found] == [len(case.members) for case, _ in cases_of(ordered)]  # type: ignore[attr-defined]
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the name of an open file")
def test_the_rows_joined_by_the_database_are_in_no_file_that_a_kill_could_leave(tmp_path):
    first, second = {**MEMBER, "档案编号": "AH-0002", "姓名": "李四", "身份证号码": LI}, MEMBER
    path = book(two(tmp_path, {}, {}), {"案件": [CASE, {**CASE, "档案编号": "AH-0002"}], "家庭成员": [first, second]})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with read.open_book(path, scratch=scratch) as opened:
        found = opened.households()
        assert len(next(found).rows["member"]) == 1
        assert list(scratch.iterdir()) == []
        assert [row.cells["name"].text for row in next(found).rows["member"]] == ["李四"]


def test_the_digest_is_of_the_households_own_cells(tmp_path):
    first = cases_of(book(tmp_path / "a.xlsx"))[0][1]
    assert cases_of(two(tmp_path, {}, {}))[0][1] == first
    assert cases_of(book(tmp_path / "a.xlsx", 家庭住址="示例路2号"))[0][1] != first
    assert cases_of(book(tmp_path / "a.xlsx", {"收入": [WAGE]}))[0][1] != first
