"""The steps of docs/adding-a-paper.md, followed: a paper the program does not ship, added with Word and a folder."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from formgen.cli import program
from tests import samples
from tests.readable import words

EXAMPLE = Path(__file__).parents[1] / "docs/examples/national-file"
MANUAL = EXAMPLE.parents[1] / "adding-a-paper.md"
#: the columns that the clerk adds at the right end of 案件
ADDED = {
    "职工编号": "340100000001",
    "困难类别": "意外致困",
    "民族": "汉族",
    "政治面貌": "群众",
    "健康状况": "良好",
    "婚姻状况": "已婚",
    "户口类型": "非农业",
    "劳模类型": "非劳模",
    "住房类型": "自有住房",
    "建筑面积": "68",
    "主要致困原因": "疾病",
}


def workbook(path: Path, added: dict[str, str]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in samples.rows().items():
        kept = [row for row in rows if row.get("档案编号", "AH-0001") == "AH-0001"]
        kept = [row | added for row in kept] if title == "案件" else kept
        heads = list(dict.fromkeys(head for row in kept for head in row))
        sheet = book.create_sheet(title)
        sheet.append(heads)
        for row in kept:
            sheet.append([row.get(head) for head in heads])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(program, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("init", str(tmp_path / "工作夹"))
    monkeypatch.chdir(tmp_path / "工作夹")
    shutil.copytree(EXAMPLE, "templates/national-file")
    return Path.cwd()


def test_the_paper_is_made_with_the_columns_the_clerk_added(folder: Path) -> None:
    workbook(folder / "input/台账.xlsx", ADDED)
    assert "错误 0，警告 0" in run("template", "check", "templates/national-file")
    run("run", "input/台账.xlsx", "-o", "output", "--jobs", "1")
    printed = words((folder / "output/案件/AH-0001/20-困难职工档案表.docx").read_bytes())
    assert "职工编号340100000001困难类别意外致困姓名李明远" in printed
    assert "民族汉族政治面貌群众健康状况良好婚姻状况已婚" in printed
    assert "主要致困原因疾病次要致困原因无" in printed
    assert "家庭年度总收入62320元家庭月人均收入620.00元" in printed
    assert "【缺" not in printed


def test_a_column_that_is_not_in_the_workbook_is_marked(folder: Path) -> None:
    workbook(folder / "input/台账.xlsx", {name: value for name, value in ADDED.items() if name != "民族"})
    run("run", "input/台账.xlsx", "-o", "output", "--jobs", "1")
    assert "民族【缺：民族】" in words((folder / "output/案件/AH-0001/20-困难职工档案表.docx").read_bytes())


def reworded(template: Path, old: str, new: str) -> None:
    """Change words of a Word template, as the clerk does in Word."""
    with zipfile.ZipFile(template) as package:
        members = {name: package.read(name) for name in package.namelist()}
    before = members["word/document.xml"].decode()
    assert old in before
    members["word/document.xml"] = before.replace(old, new).encode()
    with zipfile.ZipFile(template, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)


@pytest.fixture
def desk(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with papers in other words, while the clerk stands somewhere else."""
    workbook(folder / "input/台账.xlsx", ADDED)
    reworded(folder / "templates/application/template.docx", "个人申请书", "本人申请书")
    reworded(folder / "templates/notice/template.docx", "根据《安徽", "依照《安徽")
    card = folder / "templates/bank-card/form.toml"
    card.write_text(re.sub('title = ".*"', 'title = "卡片"', card.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return folder


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_working_folder_of_the_workbook_is_used_from_anywhere(desk: Path, jobs: str) -> None:
    run("run", str(desk / "input/台账.xlsx"), "-o", str(desk / "output"), "--jobs", jobs)
    assert "本人申请书" in words((desk / "output/案件/AH-0001/01-个人申请书.docx").read_bytes())
    log = (desk / "output/运行记录/日志.txt").read_text(encoding="utf-8")
    assert "文书模板：templates\n" in log
    assert str(desk) not in log
    run("print", str(desk / "output"), "-o", "打印.pdf", "--copies", "卡片=2")


def test_notice_and_archive_use_the_working_folder_of_the_workbook(desk: Path) -> None:
    run("notice", str(desk / "input/台账.xlsx"), "-o", "公示")
    assert "依照《安徽" in words(next(Path("公示").rglob("*.docx")).read_bytes())
    run("archive", str(desk / "input/台账.xlsx"), "-o", "库", "--originals-only")
    kept = [words(path.read_bytes()) for path in Path("库").rglob("*.docx")]
    assert any("本人申请书" in each for each in kept)
    assert not any(each.startswith("个人申请书") for each in kept)


def test_template_commands_take_the_folder_one_stands_in(folder: Path) -> None:
    assert "national-file" in run("template", "list")
    shutil.rmtree("templates/national-file")
    reworded(Path("templates/application/template.docx"), "{{ 收文工会 }}", "{{ 收文公会 }}")
    told = CliRunner().invoke(program, ["template", "check"])
    assert "收文公会" in told.output


def test_a_broken_template_is_named_by_its_paper(folder: Path) -> None:
    reworded(Path("templates/application/template.docx"), "{{ 收文工会 }}", "{{ 收文工会 ）")
    told = CliRunner().invoke(program, ["run", "input/样例.xlsx", "-o", "坏模板"])
    assert "application/template.docx" in str(told.exception)


def test_the_manual_shows_the_form_toml_that_the_example_holds() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert EXAMPLE.joinpath("form.toml").read_text(encoding="utf-8") in blocks


def test_the_manual_names_every_column_the_clerk_adds() -> None:
    manual = MANUAL.read_text(encoding="utf-8")
    assert [name for name in ADDED if name not in manual] == []


def test_every_picture_of_the_manual_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*]\(([^)]+)\)", MANUAL.read_text(encoding="utf-8"))
    assert pictures
    assert [name for name in pictures if not (MANUAL.parent / name).is_file()] == []
