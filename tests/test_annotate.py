"""The annotated copy: the clerk's sheets as values, nothing that runs, every finding at its cell; a second check."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from formgen.annotate.copystyles import COLOURS
from formgen.annotate.notes import Notes
from formgen.cli import program
from formgen.model import Finding, Place
from tests.sheets import CASE, MEMBER, ZHANG, Raw, book, formula, headings, package, pages, place, record, sheet, zipped


def run(*arguments: object) -> tuple[int, list[str]]:
    ran = CliRunner().invoke(program, [str(one) for one in arguments])
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    return ran.exit_code, ran.output.splitlines()


def annotated(path: Path) -> Path:
    copy = path.with_name("问题.xlsx")
    run("check", path, "--annotate", copy)
    return copy


def texts(path: Path) -> str:
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode() for name in package.namelist())


def test_wrong_cells_are_coloured_and_commented_and_the_row_says_why(tmp_path):
    copy = annotated(book(tmp_path / "案卷.xlsx", 性别="甲", 开户银行=None, 联系电话="１3800138000"))
    page = openpyxl.load_workbook(copy)["案件"]
    wrong, empty, repaired = (page[place("案件", tag)] for tag in ("性别", "开户银行", "联系电话"))
    assert [cell.fill.fgColor.rgb for cell in (wrong, empty, repaired)] == [COLOURS[weight] for weight in "EWR"]
    assert wrong.comment.text == "错误 E219 “甲”不在可选范围内。 → 可填：男、女。"
    assert page.cell(1, len(headings("案件")) + 1).value == "问题说明"
    assert "性别：错误 E219" in page.cell(2, len(headings("案件")) + 1).value


def test_the_first_sheet_lists_counts_kinds_and_links(tmp_path):
    copy = annotated(book(tmp_path / "案卷.xlsx", 性别="甲", 开户银行=None))
    opened = openpyxl.load_workbook(copy)
    page = opened.worksheets[0]
    assert page.title == "问题清单"
    assert page["A2"].value == "共 1 户：0 户可用，1 户有错。"
    assert page["A3"].value == "共 2 条：错误 1（红），警告 1（黄），已修正 0（绿）。"
    links = {cell.value: cell.hyperlink.location for row in page.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"D2": "'案件'!D2", "AO2": "'案件'!AO2"}


def test_the_list_prints_one_page_wide_with_its_heading_on_every_page(tmp_path):
    opened = openpyxl.load_workbook(annotated(book(tmp_path / "案卷.xlsx", 性别="甲", 开户银行=None)))
    page = opened.worksheets[0]
    head = next(
        row[0].row for row in page.iter_rows() if [cell.value for cell in row[1:4]] == ["代码", "工作表", "单元格"]
    )
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.orientation, page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (
        "landscape",
        None,
        0,
    )
    assert page.print_title_rows == f"${head}:${head}"
    assert page.auto_filter.ref == f"A{head}:I{head + 2}"
    assert [one.id for one in page.row_breaks.brk] == [head - 1]
    assert sum(page.column_dimensions[letter].width for letter in "ABCDEFGHI") < 180  # legible on A4
    case = opened["案件"]
    assert (case.print_title_rows, case.print_title_cols) == ("$1:$1", "$A:$A")
    assert case.page_setup.orientation == "landscape"


def test_text_stays_text_and_nothing_is_a_formula(tmp_path):
    changes = {"家庭住址": "=1+1", "致困说明": "+A1", "家庭困难状况": "_x0041_", "工作单位": "A&B<C>"}
    copy = annotated(book(tmp_path / "案卷.xlsx", 储蓄=formula("HYPERLINK(1)", "5"), 性别="甲", **changes))
    assert "<f" not in re.sub("<(font|fill|fgColor|family)", "", texts(copy))
    page = openpyxl.load_workbook(copy)["案件"]
    for heading, value in changes.items():
        cell = page[place("案件", heading)]
        assert (cell.value, cell.data_type) == (value if heading != "家庭困难状况" else "A", "s")
    assert page[place("案件", "家庭住址")].quotePrefix
    assert page[place("案件", "身份证号码")].value == ZHANG
    assert page[place("案件", "储蓄")].value == 5


def test_layout_stays_and_what_runs_does_not(tmp_path):
    own = '<cols><col min="3" max="3" width="33.5" customWidth="1"/></cols>'
    rows = [["困难职工台账"], headings("案件"), record("案件", {**CASE, "性别": "甲"})]
    case = sheet(*rows, before=own, after='<mergeCells><mergeCell ref="A1:E1"/></mergeCells>')
    sheets = {
        **pages({"家庭成员": [MEMBER]}),
        "案件": case,
        "附表": sheet(["别的"], [Raw('<c r="{r}" s="1"><v>43525</v></c>')]),
    }
    path = tmp_path / "案卷.xlsx"
    path.write_bytes(zipped(package(sheets, states={"附表": "hidden"}, parts={"xl/vbaProject.bin": b"x"})))
    copy = annotated(path)
    opened = openpyxl.load_workbook(copy)
    assert opened.sheetnames == ["问题清单", "家庭成员", "案件", "附表"]
    page = opened["案件"]
    assert page.column_dimensions["C"].width == 33.5
    assert [str(one) for one in page.merged_cells.ranges] == ["A1:E1"]
    assert page.freeze_panes == "B3"
    assert opened["附表"].sheet_state == "hidden"
    assert str(opened["附表"]["A2"].value) == "2019-03-01 00:00:00"
    with zipfile.ZipFile(copy) as parts:
        assert not [name for name in parts.namelist() if "vba" in name]


def test_the_same_workbook_gives_the_same_bytes_readable_by_its_owner_only(tmp_path):
    path = book(tmp_path / "案卷.xlsx", 性别="甲")
    first = annotated(path).read_bytes()
    (tmp_path / "问题.xlsx").unlink()
    copy = annotated(path)
    assert copy.read_bytes() == first
    assert copy.stat().st_mode & 0o077 == 0


def test_a_second_check_says_what_was_mended_what_is_left_and_what_is_new(tmp_path):
    path = book(tmp_path / "案卷.xlsx", 性别="甲", 开户银行=None)
    copy = annotated(path)
    book(path, 性别="男", 开户银行=None, 申请日期="昨天")
    code, said = run("check", path, "--annotate", copy)
    assert code == 3
    assert said[-2] == "与上次相比：已改好 1 条，还剩 1 条，新出现 1 条。"
    assert "已改好 1 条" in str(openpyxl.load_workbook(copy)["问题清单"]["A4"].value)


def test_the_copy_itself_may_be_mended_and_checked(tmp_path):
    copy = annotated(book(tmp_path / "案卷.xlsx", 性别="甲", 开户银行=None))
    opened = openpyxl.load_workbook(copy)
    opened["案件"][place("案件", "性别")] = "男"
    mended = tmp_path / "改好.xlsx"
    opened.save(mended)
    code, said = run("check", mended)
    assert (code, len(said)) == (0, 3)
    assert said[-1] == "与上次相比：已改好 1 条，还剩 1 条，新出现 0 条。"
    again = tmp_path / "再次.xlsx"
    run("check", mended, "--annotate", again)
    page = openpyxl.load_workbook(again)["案件"]
    assert page[place("案件", "性别")].fill.fgColor.rgb not in COLOURS.values()
    assert [cell.value for cell in page[1]].count("问题说明") == 1


def test_what_the_copy_could_not_hold_is_not_called_mended(tmp_path):
    path = book(tmp_path / "案卷.xlsx", 储蓄=formula("1+1"), 家庭住址=Raw('<c r="{r}" t="s"><v>9</v></c>'))
    copy = annotated(path)
    code, said = run("check", copy)
    assert code == 3
    assert said[-1] == "与上次相比：已改好 0 条，还剩 2 条，新出现 0 条。"
    assert openpyxl.load_workbook(copy)["案件"][place("案件", "储蓄")].value == "【E224】"


def test_a_copy_nobody_touched_has_the_findings_of_its_workbook(tmp_path):
    source = Path(__file__).parents[1] / "input" / "问题样例.xlsx"
    copy = tmp_path / "问题.xlsx"
    run("check", source, "--annotate", copy)
    before, after = ({tuple(map(one.get, ("sheet", "cell", "code"))) for one in told(path)} for path in (source, copy))
    assert not after - before
    assert {code for _, _, code in before - after} == {"W207"}  # the copy holds the formula's result


def told(path: Path) -> list[dict]:
    """What `check --json` says of a workbook, without the counts."""
    return [one for one in map(json.loads, run("check", path, "--json")[1]) if "code" in one]


def test_a_copy_never_overwrites_the_workbook(tmp_path):
    path = book(tmp_path / "案卷.xlsx")
    before = path.read_bytes()
    assert run("check", path, "--annotate", path)[0] == 2
    assert path.read_bytes() == before


def test_counts_add_up_in_words_and_in_json(tmp_path):
    path = book(tmp_path / "案卷.xlsx", 性别="甲", 开户银行=None, 联系电话="１3800138000")
    code, said = run("check", path)
    assert code == 3
    assert said[-1] == "共 1 户：0 户可用，1 户有错。发现 3 条：错误 1，警告 1，已修正 1。"
    _, lines = run("check", path, "--json")
    assert lines[-1] == (
        '{"total": 1, "valid": 0, "invalid": 1, "findings": 3, "errors": 1, "warnings": 1, "repairs": 1}'
    )
    assert '"code": "E219"' in lines[0]
    assert run("check", path, "--lang", "en")[1][-1].startswith("1 households: 0 usable")


def test_choices_of_a_city_that_the_law_does_not_know_are_told_at_their_cells(tmp_path):
    city = {"地区": "合肥市", "生效日期": "2018-01-01", "依据": "示例"}
    settings = [{**city, "项目": "市总级倍数", "取值": "很多"}, {**city, "项目": "没有的项目", "取值": "1"}]
    line = {"地区": "合肥市", "生效日期": "2018-01-01", "月低保标准": 639, "依据文号": "示例"}
    path = book(tmp_path / "案卷.xlsx", {"当地设置": settings, "当地标准": [line, {**line, "月低保标准": 700}]})
    code, said = run("check", path)
    assert code == 3
    assert [one.split()[:8] for one in said[:-1]] == [
        one.split()
        for one in (
            "案卷.xlsx › 当地标准 › A3 › 地区：错误 E316",
            "案卷.xlsx › 当地设置 › C2 › 取值：错误 E802",
            "案卷.xlsx › 当地设置 › B3 › 项目：错误 E801",
        )
    ]
    run("check", path, "--annotate", tmp_path / "问题.xlsx")
    assert openpyxl.load_workbook(tmp_path / "问题.xlsx")["当地设置"]["C2"].comment.text.startswith("错误 E802")


def test_a_choice_of_a_city_that_nothing_acts_on_is_told_as_a_warning(tmp_path):
    city = {"地区": "合肥市", "生效日期": "2018-01-01", "依据": "示例"}
    path = book(tmp_path / "案卷.xlsx", {"当地设置": [{**city, "项目": "上级公示", "取值": "是"}]})
    _, said = run("check", path)
    (told,) = [line for line in said if "W803" in line]
    assert told.startswith("案卷.xlsx › 当地设置 › B2 › 项目：警告 W803") and "暂不起作用" in told


@pytest.mark.office
def test_libreoffice_opens_the_copy_whole(tmp_path):
    copy = annotated(book(tmp_path / "案卷.xlsx", 性别="甲"))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--headless",
        "--convert-to",
        "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1",
    ]
    subprocess.run([*command, str(copy), "--outdir", str(tmp_path)], check=True, capture_output=True, timeout=120)
    listed = (tmp_path / "问题-问题清单.csv").read_text(encoding="utf-8")
    assert "共 1 户：0 户可用，1 户有错。" in listed
    assert "E219" in (tmp_path / "问题-案件.csv").read_text(encoding="utf-8")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere an open file keeps its name")
def test_the_findings_of_a_check_leave_no_file_that_a_kill_could_leave_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Notes() as notes:
        notes.add([Finding("E303", Place("台账.xlsx", "案件", "A2", "档案编号"))])
        assert list(tmp_path.iterdir()) == []
        assert [(note.code, number) for note, number in notes.kinds()] == [("E303", 1)]
