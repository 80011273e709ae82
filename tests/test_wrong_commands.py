"""What a user gets wrong ends in a sentence and the exit code of the manual, never in a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from formgen import blank, fields, health
from formgen.cli import main, program
from formgen.papers import forms
from tests import smallest

SAMPLE = Path(__file__).resolve().parents[1] / "input" / "样例.xlsx"
USAGE, MATERIAL, ENVIRONMENT = 2, 3, 4
MISTAKES = {
    "check 没有.xlsx": (MATERIAL, "找不到这个文件"),
    "check 空夹": (MATERIAL, "这是文件夹"),
    "check 空.xlsx": (MATERIAL, "文件是空的"),
    "check 文字.xlsx": (MATERIAL, "不是工作簿"),
    "check 样例.xlsx --annotate 样例.xlsx": (USAGE, "不能覆盖台账本身"),
    "check 样例.xlsx --annotate 副本": (USAGE, "应以 .xlsx 结尾"),
    "explain 样例.xlsx --case 没有": (MATERIAL, "找不到档案编号"),
    "run 样例.xlsx -o 文字.xlsx": (USAGE, "这里要写文件夹"),
    "run 样例.xlsx -o 出 --forms 没有": (USAGE, "没有这种文书"),
    "run 样例.xlsx -o 出 --only 没有 --dry-run": (MATERIAL, "不在台账中"),
    "notice 样例.xlsx -o 文字.xlsx": (USAGE, "这里要写文件夹"),
    "notice 样例.xlsx -o 出 --templates 空夹": (ENVIRONMENT, "找不到 */form.toml"),
    "print 空夹 -o 打印.pdf": (MATERIAL, "没有可打印的 PDF"),
    "print . -o 打印.pdf --only 没有": (USAGE, ". 里没有这些档案编号：没有"),
    "verify 空夹": (MATERIAL, "不是档案包"),
    "keep batch 空夹 --year 2020": (MATERIAL, "不是档案库"),
    "disposal due 空夹": (MATERIAL, "不是档案库"),
    "template check 文字.xlsx": (MATERIAL, "不是可用的 Word 模板"),
    "template check 空夹": (ENVIRONMENT, "没有 Word 模板"),
    "template list 空夹": (ENVIRONMENT, "找不到 */form.toml"),
    "template fix 文字.xlsx -o 改.docx": (MATERIAL, "不是可用的 Word 模板"),
    "holidays import 空.xlsx": (MATERIAL, "没有读到任何一天"),
    "init 文字.xlsx/里面": (ENVIRONMENT, "路径中有一段是文件"),
    "archive 样例.xlsx -o 出 --fonds 全宗": (USAGE, "“全宗”不是全宗号"),
    "archive 样例.xlsx -o 出 --encrypt-to 没有": (USAGE, "应是 age1 开头的公钥"),
    "archive 样例.xlsx -o 出 --encrypt-to 样例.xlsx": (USAGE, "应是 age1 开头的公钥"),
    "keep access 库 甲": (USAGE, "没有写查阅人类别"),
    "keep access 库 甲 --close 空夹": (MATERIAL, "没有这份档案的查阅副本"),
    "keep access 库 甲 --kind union --by 乙": (MATERIAL, "档号不存在"),
    "keep hold 库 add": (USAGE, "请写明档号、--reason 和 --by"),
    "keep hold 库 add 甲 --reason 丙 --by 乙": (MATERIAL, "档号不存在"),
    "keep check4 库": (USAGE, "请用 --year 写年度"),
    "keep check4 库 --only 甲": (USAGE, "登记簿里没有档号 甲"),
    "keep check4 库 --year 2020": (MATERIAL, "没有可用的档案"),
    "keep transfer 库 --year 2020 --sender 甲 --to 乙 --reason 丙 -o 出": (MATERIAL, "没有可用的档案"),
    "keep receive 库 --from 空夹": (MATERIAL, "没有可读的 transfer.json"),
    "keep handover 库 --from 甲 --to 甲 --witness 乙": (USAGE, "不是三个不同的人"),
    "keep handover 库 --from 工号07 --to 工号０７ --witness 乙": (USAGE, "不是三个不同的人"),
    "keep handover 库 --from 甲 --to 、 --witness 乙": (USAGE, "--to 空着"),
    "keep hold 库 add 甲 --reason 、 --by 乙": (USAGE, "请写明档号、--reason 和 --by"),
    "keep export 库 --year 2020 --by 、 --reason 丙 -o 出": (USAGE, "--by 空着"),
    "keep transfer 库 --year 2020 --sender 甲 --to 、 --reason 丙 -o 出": (USAGE, "--to 空着"),
    "disposal approve 库 没有 --by 甲 --decision 、": (USAGE, "--decision 空着"),
    "disposal extend 库 没有 --until 2030-01-01 --reason 、 --by 甲": (USAGE, "--reason 空着"),
    "keep batch 库 --year 2020": (MATERIAL, "没有 2020 年撤档并封存的档案"),
    "keep batch 库 --year 99999": (USAGE, "--year"),
    "verify 空夹 --printed custody1-0": (USAGE, "--printed 只用于档案库"),
    "archive 样例.xlsx -o 出 --encrypt-to AGE-SECRET-KEY-1XYZ": (USAGE, "给的是私钥"),
    "keep batch 库 --year 2020 --cert 空.xlsx": (USAGE, "--cert 和 --key 只写了一个"),
    "disposal propose 库 --by 甲": (USAGE, "没有写哪些档案"),
    "disposal propose 库 --by 甲 --year 2020": (MATERIAL, "没有可列入清册的档案"),
    "disposal approve 库 没有 --by 甲 --decision 乙": (MATERIAL, "没有这份销毁清册"),
    "disposal execute 库 没有": (MATERIAL, "须有两名不同的监销人"),
    "disposal extend 库 没有 --until 2030-01-01 --reason 丙 --by 甲": (MATERIAL, "档号不存在"),
    "template fields 没有": (USAGE, "没有 不是模板"),
    "template fix 模板.docx -o 模板.docx": (USAGE, "不能写到原文件上"),
    "template check 模板.docx": (MATERIAL, "改为半角"),
    "template check . --annotate 批注.docx": (USAGE, "只能用于一份模板"),
    "template import 文字.xlsx -o 文书": (USAGE, "文书 里已有 form.toml"),
    "template list 坏": (ENVIRONMENT, "文书/form.toml：错误 E901 不是合法的 TOML 文件，第 1 行"),
    "print 空夹 -o 打印.pdf --copies 没有=1": (USAGE, "应写作 文书=份数"),
    "print 空夹 -o 打印.pdf --only 、": (USAGE, "没有写编号"),
    "holidays import 坏/文书/form.toml": (MATERIAL, "第 1 行读不懂"),
    "decide 样例.xlsx --case 没有": (MATERIAL, "找不到档案编号"),
    "decide 样例.xlsx --on 明天": (USAGE, "请写成 2019-03-01"),
}


CHINESE = re.compile("[\u4e00-\u9fff]+")
#: What keeps its name in every language: of the register, of a table of days off, of a number, of our folders.
NAMES = {
    *(name for sheet in fields.sheets() for each in sheet.fields for name in (each.tag, *each.choices)),
    *(sheet.title for sheet in fields.sheets()),
    *(
        "日期",
        "类别",
        "名称",
        "放假",
        "上班",
        "2019年3月1日",
        "全宗号-门类·年度-保管期限-问题-案卷号",
        "文书",
    ),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the sample, an empty folder, an empty file, a text that says it is a workbook, an archive without
    a dossier, a template with a mistake and papers whose form.toml cannot be read.
    """
    shutil.copy(SAMPLE, tmp_path / "样例.xlsx")
    (tmp_path / "空夹").mkdir()
    (tmp_path / "空.xlsx").touch()
    (tmp_path / "文字.xlsx").write_text("hello", encoding="utf-8")
    (tmp_path / "库/_register").mkdir(parents=True)
    (tmp_path / "模板.docx").write_bytes(smallest.docx(smallest.p("｛｛职工姓名｝｝")))
    (tmp_path / "批注.docx").write_bytes(smallest.docx(smallest.p("{{ 职工姓名 }}")))
    for paper in ("文书", "坏/文书"):
        (tmp_path / paper).mkdir(parents=True)
        (tmp_path / paper / "form.toml").write_text("title = \n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def told(folder, monkeypatch, capfd):
    """The program with the words of a line, in this process: its exit code and everything it says."""

    def run(*words: str) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["formgen", *words])
        monkeypatch.setattr(os, "umask", lambda mask: mask)
        monkeypatch.setenv("LANGUAGE", "")  # which language click speaks is set anew each time, and forgotten after
        with pytest.raises(SystemExit) as end:
            main()
        return end.value.code, "".join(capfd.readouterr())

    return run


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_ends_in_a_sentence_and_its_code(line, told):
    code, words = MISTAKES[line]
    ended, said = told(*line.split())
    assert (ended, words in said) == (code, True), said


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_is_told_in_english_but_for_names(line, told):
    ended, said = told("--lang", "en", *line.split())
    assert ended == MISTAKES[line][0]
    assert len(re.findall("[a-z]+", said)) > 5
    assert not CHINESE.findall(without_names(said, line)), said


def without_names(said: str, line: str) -> str:
    """What was said less the names it may quote: words of the command, headings and choices, folders of ours."""
    words = {part for word in line.split() for part in re.split("[/.=、]", word)}
    for name in sorted(words | NAMES, key=len, reverse=True):
        said = said.replace(name, "") if CHINESE.search(name) else said
    return said


@pytest.mark.office
def test_a_text_is_no_drawing(folder):
    ran = CliRunner().invoke(program, ["template", "import", "文字.xlsx", "-o", "新文书"])
    assert ran.exit_code == MATERIAL
    assert "文字.xlsx" in ran.output


def test_a_locale_that_cannot_name_our_folders_is_told_before_anything_is_made(folder):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "formgen", "init", "work"]
    ran = subprocess.run(command, env={**os.environ, **plain}, capture_output=True, check=False)
    if sys.platform == "linux":
        assert ran.returncode == ENVIRONMENT
        assert "PYTHONUTF8=1" in ran.stderr.decode()
        assert not (folder / "work").exists()


def test_a_reader_that_closes_the_pipe_is_no_bug(folder):
    command = f'"{sys.executable}" -m formgen template fields | head -1'
    ran = subprocess.run(command, shell=True, capture_output=True, check=True)
    assert ran.stdout.decode().startswith("{{ ")
    assert ran.stderr == b""


def test_the_doctor_counts_the_templates_of_the_working_folder_too(folder):
    for name in ("review", "notice"):
        shutil.copytree(forms.home() / name, folder / "templates" / name)
    told = {each.code: each.values for each in health.examine(folder)}
    assert told["I516"]["count"] == "2"
    assert int(told["I515"]["count"]) > 2


@pytest.mark.parametrize("line", ["run 空白.xlsx -o 出", "run 空白.xlsx -o 出 --dry-run", "archive 空白.xlsx -o 库"])
def test_a_register_without_a_case_is_told_and_is_no_error(line, folder):
    (folder / "空白.xlsx").write_bytes(blank.workbook())
    ran = CliRunner().invoke(program, line.split(), standalone_mode=False)
    assert ran.return_value == 0
    assert "台账里还没有一户" in ran.output
    assert "请在“案件”表一户一行录入" in ran.output
