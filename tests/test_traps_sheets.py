"""Every trap of a sheet in its smallest form, and the sentence the clerk reads."""

from __future__ import annotations

import pytest

from formgen import check, messages, read
from formgen.xlsx.sheetxml import letters
from tests.sheets import CASE, LI, MEMBER, headings, package, pages, record, row, sheet, sound, zipped

SECOND = {
    **CASE,
    "档案编号": "AH-0002",
    "职工姓名": "李四",
    "身份证号码": LI,
    "性别": "女",
    "银行卡号": "6222021001116245710",
    "联系电话": "13900139000",
}
HER = {**MEMBER, "档案编号": "AH-0002", "姓名": "李四", "身份证号码": LI}


def sentences(folder, sheets: dict[str, str], **options) -> list[str]:
    path = folder / "案卷.xlsx"
    path.write_bytes(zipped(package(sheets, **options)))
    try:
        with read.open_book(path) as opened:
            found = [*opened.findings, *(finding for one in check.households(opened) for finding in one.findings)]
    except read.Unreadable as unreadable:
        found = list(unreadable.findings)
    return [messages.sentence(finding) for finding in found]


def cases(*rows, after: str = "", **other: str) -> dict[str, str]:
    """The sheets of sound households with these rows on 案件."""
    both = pages({"家庭成员": [MEMBER, HER]})
    return {"案件": sheet(*rows, after=after), **both, **other}


HEAD_ROW, ZHANG_ROW, LI_ROW = headings("案件"), record("案件", CASE), record("案件", SECOND)


def test_title_rows_above_the_heading_are_no_matter(tmp_path):
    found = sentences(
        tmp_path, cases(["困难职工建档台账"], ["填报单位：示例工会", None, "2019年"], HEAD_ROW, ZHANG_ROW, LI_ROW)
    )
    assert found == []


def test_headings_may_hold_blanks_breaks_stars_and_units(tmp_path):
    odd = ["档案\n编号 *", *HEAD_ROW[1:]]
    assert sentences(tmp_path, cases(odd, ZHANG_ROW, LI_ROW)) == []


@pytest.mark.parametrize("brackets", ["[]", "［］", "【】", "〔〕", "{}", "()", "﹝﹞"])
def test_a_unit_may_stand_in_any_brackets(tmp_path, brackets):
    left, right = brackets
    odd = [str(one).replace("（", left).replace("）", right) for one in HEAD_ROW]
    assert sentences(tmp_path, cases(odd, ZHANG_ROW, LI_ROW)) == []


def test_a_sheet_whose_whole_title_stands_in_brackets_is_that_sheet(tmp_path):
    sheets = cases(HEAD_ROW, ZHANG_ROW, LI_ROW)
    assert sentences(tmp_path, {f"【{title}】": xml for title, xml in sheets.items()}) == []


def test_columns_may_stand_in_any_order(tmp_path):
    assert sentences(tmp_path, cases(HEAD_ROW[::-1], ZHANG_ROW[::-1], LI_ROW[::-1])) == []


def test_a_heading_of_two_merged_lines_is_one_heading(tmp_path):
    first = [*HEAD_ROW[:4], "个人情况", *[None] * (len(HEAD_ROW) - 5)]
    second = [*[None] * 4, *HEAD_ROW[4:]]
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="E1:K1"/></mergeCells>'
    assert sentences(tmp_path, cases(first, second, ZHANG_ROW, LI_ROW, after=merged)) == []


def test_two_different_rows_like_a_heading_are_refused(tmp_path):
    other = [HEAD_ROW[1], HEAD_ROW[0], *HEAD_ROW[2:]]
    assert sentences(tmp_path, cases(HEAD_ROW, other, ZHANG_ROW)) == [
        "案卷.xlsx › 案件：错误 E117 第 1、2 行都像表头，不知道以哪一行为准。 → 请只保留一行表头。"
    ]


def test_no_heading_is_refused(tmp_path):
    assert sentences(tmp_path, cases(ZHANG_ROW, LI_ROW)) == [
        "案卷.xlsx › 案件：错误 E116 前 20 行里找不到“案件”的表头（应有“档案编号”等列名）。"
        " → 请补上表头行，列名与空白录入表一致。"
    ]


def test_the_heading_once_more_on_every_page_is_left_out_and_told(tmp_path):
    assert sentences(tmp_path, cases(HEAD_ROW, ZHANG_ROW, HEAD_ROW, LI_ROW)) == [
        "案卷.xlsx › 案件 › A3：警告 W108 第 3 行是重复的表头、合计或签名行，没有作为数据读入。"
        " → 如果是数据，请把行首改成正常内容。"
    ]


def test_a_double_heading_is_refused(tmp_path):
    assert sentences(tmp_path, cases([*HEAD_ROW, "性别"], ZHANG_ROW)) == [
        f"案卷.xlsx › 案件 › {letters(len(HEAD_ROW) + 1)}1 › 性别：错误 E118 列名重复，D1 已是同一列。"
        f" → 请删除或改名其中一列。"
    ]


def test_a_renamed_column_is_refused_with_the_nearest_name(tmp_path):
    renamed = [*HEAD_ROW[:4], "身份证号吗", *HEAD_ROW[5:]]
    assert sentences(tmp_path, cases(renamed, ZHANG_ROW)) == [
        "案卷.xlsx › 案件 › E1：错误 E119 列名“身份证号吗”不认识，"
        "最接近的是“身份证号码”，而“身份证号码”这一列没有找到。"
        " → 请把列名改为“身份证号码”；若是另外一列，请换一个不相近的名称。"
    ]


def test_a_missing_column_is_a_warning_and_an_unknown_one_is_kept(tmp_path):
    without = [*HEAD_ROW[:4], "民族", *HEAD_ROW[5:]]
    rows = [[*one[:4], "汉", *one[5:]] for one in (ZHANG_ROW, LI_ROW)]
    assert sentences(tmp_path, cases(without, *rows)) == [
        "案卷.xlsx › 案件 › 1：警告 W102 没有“身份证号码”列，各行按未填处理，文书上会显示【缺】。"
        " → 需要时请从空白录入表补上这一列。",
        "案卷.xlsx › 案件 › 1：警告 W103 不认识的列：民族。内容保留，可在模板中使用，不参与判定。"
        " → 如是写错的列名，请按空白录入表改正。",
    ]
    with read.open_book(tmp_path / "案卷.xlsx") as opened:
        first = next(check.households(opened))
    assert first.case is not None
    assert first.case.extra == {"民族": "汉"}


def test_a_renamed_sheet_is_refused_with_the_nearest_name(tmp_path):
    assert sentences(tmp_path, {**sound(), "收入表": sheet(headings("收入"))}) == [
        "案卷.xlsx › 收入表：错误 E125 工作表名不认识，最接近的是“收入”，而“收入”没有找到。"
        " → 请把工作表改名为“收入”；若是别的表，请换一个不相近的名称。"
    ]


def test_a_needed_column_under_another_name_is_asked_about_at_its_cell(tmp_path):
    renamed = ["银行名称" if one == "开户银行*" else one for one in HEAD_ROW]
    assert renamed != HEAD_ROW
    said = [one for one in sentences(tmp_path, cases(renamed, ZHANG_ROW, LI_ROW)) if "银行名称" in one]
    assert len(said) == 1, "the column is told once"
    assert (
        f"案件 › {letters(renamed.index('银行名称') + 1)}1：警告 W114 列名“银行名称”不认识，与“开户银行”相近" in said[0]
    )


def test_an_optional_column_nearly_named_is_a_warning(tmp_path):
    renamed = ["投资净资产" if one == "投资性净资产（元）" else one for one in HEAD_ROW]
    (said,) = sentences(tmp_path, cases(renamed, ZHANG_ROW, LI_ROW))
    assert "警告 W114 列名“投资净资产”不认识，与“投资性净资产”相近" in said


def test_a_sheet_without_its_key_column_is_refused(tmp_path):
    assert sentences(tmp_path, {**sound(), "收入": sheet(headings("收入")[1:], ["张三"])}) == [
        "案卷.xlsx › 收入 › 1：错误 E123 缺少“档案编号”列，不知道各行属于谁。 → 请补上这一列，每行都填。"
    ]


def test_two_sheets_of_one_name_are_refused_and_a_hidden_one_gives_way(tmp_path):
    both = {**sound(), " 案件": sound()["案件"]}
    assert sentences(tmp_path, both) == [
        "案卷.xlsx › 案件：错误 E120 有两张工作表都叫“案件”。 → 请只保留一张，或给另一张改名。"
    ]
    assert sentences(tmp_path, both, states={" 案件": "hidden"}) == []


def test_hidden_sheets_and_rows_are_read_and_told(tmp_path):
    hidden = row(3, LI_ROW, ' hidden="1"')
    assert sentences(tmp_path, cases(HEAD_ROW, ZHANG_ROW, hidden), states={"家庭成员": "veryHidden"}) == [
        "案卷.xlsx › 家庭成员：警告 W101 工作表是隐藏的，仍已读入。 → 如不该读入，请删除这张表。",
        "案卷.xlsx › 案件 › A3：警告 W105 第 3 行被隐藏或筛选掉，仍已读入。 → 如不该读入，请删除这些行。",
    ]


def test_unknown_sheets_are_named_and_our_own_are_not(tmp_path):
    other = sheet(["a"])
    assert sentences(tmp_path, {**sound(), "填表说明": other, "问题清单": other, "Sheet1": other}) == [
        "案卷.xlsx：警告 W113 不认识的工作表：Sheet1，没有读入。 → 如是写错的表名，请按空白录入表改正。"
    ]


def test_merged_cells_are_an_error_of_every_row_they_touch(tmp_path):
    lower = [*LI_ROW[:6], None, *LI_ROW[7:]]
    merged = '<mergeCells><mergeCell ref="G2:G3"/></mergeCells>'
    after = "是合并单元格 G2:G3 的一部分，每一行要各填各的。 → 请取消合并，在每一行填写。"
    assert sentences(tmp_path, cases(HEAD_ROW, ZHANG_ROW, lower, after=merged)) == [
        f"案卷.xlsx › 案件 › G2 › 退休管理：错误 E237 {after}",
        f"案卷.xlsx › 案件 › G3 › 退休管理：错误 E237 {after}",
    ]


def test_a_case_number_merged_over_the_members_makes_the_case_invalid(tmp_path):
    second = [None, *record("家庭成员", {**MEMBER, "姓名": "王五", "与户主关系": "子", "身份证号码": None})[1:]]
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    xml = sheet(headings("家庭成员"), record("家庭成员", MEMBER), second, after=merged)
    found = sentences(tmp_path, {**sound(), "家庭成员": xml})
    assert found == [
        "案卷.xlsx › 家庭成员 › A2 › 档案编号：错误 E237 是合并单元格 A2:A3 的一部分，每一行要各填各的。"
        " → 请取消合并，在每一行填写。",
    ]


def test_a_merged_cell_is_told_once_a_household_and_not_as_empty_besides(tmp_path):
    members = [MEMBER, {**MEMBER, "姓名": None, "与户主关系": None, "身份证号码": None, "在户口本": None}]
    merged = '<mergeCells><mergeCell ref="B2:D3"/><mergeCell ref="F2:F3"/></mergeCells>'
    xml = sheet(headings("家庭成员"), *(record("家庭成员", one) for one in members), after=merged)
    two = {**pages({"案件": [{**CASE, "家庭人口": 2}]}), "家庭成员": xml}
    assert [one.split(" → ")[0] for one in sentences(tmp_path, two)] == [
        "案卷.xlsx › 家庭成员 › B2 › 姓名：错误 E237 是合并单元格 B2:D3 的一部分，每一行要各填各的。",
        "案卷.xlsx › 家庭成员 › F2 › 在户口本：错误 E237 是合并单元格 F2:F3 的一部分，每一行要各填各的。",
    ]


def test_case_numbers_merged_on_the_case_sheet_are_told_once_a_row(tmp_path):
    merged = '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'
    said = sentences(
        tmp_path, {**cases(HEAD_ROW, ZHANG_ROW, [None, *LI_ROW[1:]], after=merged), **pages({"家庭成员": [MEMBER]})}
    )
    assert [one.split(" 是")[0] for one in said] == [
        "案卷.xlsx › 案件 › A2 › 档案编号：错误 E237",
        "案卷.xlsx › 案件 › A3 › 档案编号：错误 E237",
    ]


def test_rows_under_a_merged_cell_without_a_number_are_told_once(tmp_path):
    loose = [{**MEMBER, "档案编号": None, "姓名": name} for name in ("王五", "王六")]
    merged = '<mergeCells><mergeCell ref="A3:A4"/></mergeCells>'
    xml = sheet(headings("家庭成员"), *(record("家庭成员", one) for one in (MEMBER, *loose)), after=merged)
    assert [one.split(" 是")[0] for one in sentences(tmp_path, {**sound(), "家庭成员": xml})] == [
        "案卷.xlsx › 家庭成员 › A3 › 档案编号：错误 E237"
    ]


def test_footers_blank_rows_and_stray_cells_are_told(tmp_path):
    stray = [*LI_ROW, None, None, "补充"]
    rows = (HEAD_ROW, ZHANG_ROW, [None], stray, [None], ["合计", 2], ["填表人：某人"], [None])
    assert sentences(tmp_path, cases(*rows)) == [
        "案卷.xlsx › 案件 › A6：警告 W108 第 6–7 行是重复的表头、合计或签名行，没有作为数据读入。"
        " → 如果是数据，请把行首改成正常内容。",
        "案卷.xlsx › 案件 › A3：警告 W109 第 3 行是空行，其后还有数据，都已读入。 → 请确认没有漏行，删除空行。",
        "案卷.xlsx › 案件 › A4：警告 W112 第 4 行在没有列名的列里写了内容，没有读入。 → 请补上列名或删除这些内容。",
    ]


def test_places_are_the_cells_own_wherever_the_table_stands(tmp_path):
    wrong = record("案件", {**CASE, "性别": "甲"})
    shifted = "".join(row(at, [None, None, *values]) for at, values in ((4, HEAD_ROW), (9, wrong)))
    found = sentences(tmp_path, {**sound(), "案件": sheet(shifted)})
    assert found == ["案卷.xlsx › 案件 › F9 › 性别：错误 E219 “甲”不在可选范围内。 → 可填：男、女。"]


def test_an_empty_list_is_told(tmp_path):
    assert sentences(tmp_path, cases(HEAD_ROW))[:1] == [
        "案卷.xlsx › 案件：警告 W110 “案件”表没有数据行。 → 请一户一行录入。"
    ]
