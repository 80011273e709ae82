"""The command line speaks Chinese, on request English: usage, help, and what is wrong with a command."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date

import click
import pytest
from click.testing import CliRunner

from formgen.cli import language, program
from formgen.cli.day import Day
from tests import catalogue

SAMPLE = "input/样例.xlsx"
WRONG = {
    "": "用法",
    "decid": "是不是 'decide'",
    "keep acess x": "是不是 'access'",
    "run": "没有写",
    "explain 没有.xlsx": "没有写 '--case'",
    "check 没有.xlsx --jsn": "是不是 '--json'",
    "check 一.xlsx 二.xlsx": "多写了：二.xlsx",
    "decide 没有.xlsx --on 03/04/2019": "分不清年、月、日",
    "decide 没有.xlsx --on 2019-02-30": "日历上没有",
    "notice 没有.xlsx -o x --start 明天": "请写成 2019-03-01",
    "check 没有.xlsx --lang fr": "不在可选的里面",
    "run 没有.xlsx -o x --jobs 0": "不在范围 1<=x<=64 之内",
    "run 没有.xlsx -o x --jobs 两个": "不是数字",
    "run 没有.xlsx -o": "后面还要写内容",
    "run 没有.xlsx -o x --pdf=1": "后面不用写内容",
    "print 没有的文件夹 -o x.pdf": "没有这个文件夹",
    "verify 没有": "没有这个文件或文件夹",
    "template fix tests -o x.docx": "没有这个文件",
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own: the language of click is that of the process."""
    return subprocess.run(
        [sys.executable, "-m", "formgen", *arguments], capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_is_told_in_chinese(line, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run(*line.split())
    assert ran.returncode == 2
    assert WRONG[line] in ran.stdout + ran.stderr
    assert not re.search(r"Usage|Error|Missing|Invalid|Options|Show|\[OPTIONS\]", ran.stdout + ran.stderr)


def test_a_wrong_command_is_told_in_english_on_request(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run("decide", "none.xlsx", "--on", "2019-02-30", "--lang", "en").stderr
    assert "Invalid value for '--on': There is no such day as '2019-02-30'." in told
    assert not re.search(r"[\u4e00-\u9fff]", told)
    assert "No such command 'decid'. Did you mean 'decide'?" in run("decid", "--lang=en").stderr


@pytest.mark.parametrize("before", [True, False])
def test_the_language_may_stand_before_the_command_or_after(before, tmp_path):
    folder = str(tmp_path / "work")
    arguments = ["--lang", "en", "init", folder] if before else ["init", folder, "--lang", "en"]
    assert CliRunner().invoke(program, arguments).output.startswith("made ")


def test_the_language_may_be_set_for_good(monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "en")
    assert "List the years" in CliRunner().invoke(program, ["holidays", "--help"]).output


def walk(command, ctx, path):
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            yield from walk(command.get_command(ctx, name), ctx, f"{path} {name}".removeprefix("formgen "))


def test_every_command_and_option_has_help_in_both_languages():
    english = language.english()
    met = set()
    for path, command in walk(program, click.Context(program), "formgen"):
        met.add(path)
        options = {
            max(each.opts, key=len).lstrip("-"): each for each in command.params if isinstance(each, click.Option)
        }
        assert english[path].keys() - {"help"} == options.keys(), path
        assert "e.g. formgen" in english[path]["help"], path
        for option in options.values():
            assert re.search(r"[\u4e00-\u9fff]", option.help), (path, option.name)
    assert met == english.keys()


def test_the_catalogue_of_click_is_compiled_from_its_source():
    found = catalogue.entries(catalogue.SOURCE.read_text(encoding="utf-8"))
    assert catalogue.COMPILED.read_bytes() == catalogue.compiled(found)


@pytest.mark.parametrize("written", ["2019-03-01", "2019/3/1", "2019.3.1", "2019年3月1日", "20190301"])
def test_a_day_is_read_as_the_register_reads_it(written):
    assert Day().convert(written, None, None) == date(2019, 3, 1)


def test_the_old_name_of_an_option_is_understood_and_not_shown():
    assert "--output" not in run("template", "fix", "--help").stdout
    told = run("template", "fix", "没有.docx", "--output", "x.docx").stderr
    assert "没有这个文件" in told
