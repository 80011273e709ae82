"""What a user gets wrong ends in a sentence and the exit code of the manual, never in a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from formgen import blank, health
from formgen.cli import main, program
from formgen.papers import forms

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
    "keep batch 空夹 --year 2020": (ENVIRONMENT, "不是档案库"),
    "disposal due 空夹": (ENVIRONMENT, "不是档案库"),
    "template check 文字.xlsx": (MATERIAL, "不是可用的 Word 模板"),
    "template check 空夹": (ENVIRONMENT, "没有 Word 模板"),
    "template list 空夹": (ENVIRONMENT, "找不到 */form.toml"),
    "template fix 文字.xlsx -o 改.docx": (MATERIAL, "不是可用的 Word 模板"),
    "holidays import 空.xlsx": (MATERIAL, "没有读到任何一天"),
    "init 文字.xlsx/里面": (ENVIRONMENT, "路径中有一段是文件"),
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with the sample, an empty folder, an empty file and a text that says it is a workbook."""
    shutil.copy(SAMPLE, tmp_path / "样例.xlsx")
    (tmp_path / "空夹").mkdir()
    (tmp_path / "空.xlsx").touch()
    (tmp_path / "文字.xlsx").write_text("hello", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistake_ends_in_a_sentence_and_its_code(line, folder, monkeypatch, capfd):
    monkeypatch.setattr(sys, "argv", ["formgen", *line.split()])
    monkeypatch.setattr(os, "umask", lambda mask: mask)
    with pytest.raises(SystemExit) as end:
        main()
    told = "".join(capfd.readouterr())
    code, words = MISTAKES[line]
    assert (end.value.code, words in told) == (code, True), told


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
