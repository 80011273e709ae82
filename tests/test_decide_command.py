"""formgen decide and formgen explain on workbooks: the same answers as on cases, and the exit codes of the manual."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from formgen.cli import program
from formgen.decide import as_json, decide
from tests import sheets, stories, workbooks

TOLD = [story for story in stories.all_stories() if "on" not in story]


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    return workbooks.write(tmp_path_factory.mktemp("decide") / "台账.xlsx", TOLD)


def run(*arguments):
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


def test_a_workbook_is_decided_like_its_cases(workbook):
    lines = [json.loads(line) for line in run("decide", workbook, "--json").stdout.splitlines()]
    for number, (story, told) in enumerate(zip(TOLD, lines, strict=True), 1):
        rows = stories.rows_of(story)
        expected = as_json(decide(stories.case_of(rows), stories.law_of(rows)))
        assert told["case"] == f"S-{number}"
        for name in ("tier", "status", "branch", "branches", "pre", "post", "score", "possible", "missing", "flags"):
            assert told[name] == expected[name], (story["id"], name)


def test_one_case_alone(workbook):
    lines = run("decide", workbook, "--case", "S-2", "--json").stdout.splitlines()
    assert [json.loads(line)["case"] for line in lines] == ["S-2"]


def test_an_unknown_case_number_ends_with_3(workbook):
    assert run("decide", workbook, "--case", "没有").exit_code == 3
    assert run("explain", workbook, "--case", "没有").exit_code == 3


def test_a_good_case_ends_with_0_and_an_invalid_one_with_3(workbook):
    good = next(i for i, story in enumerate(TOLD, 1) if story["id"] == "EX-01")
    bad = next(i for i, story in enumerate(TOLD, 1) if story["id"] == "HS-01")
    assert run("decide", workbook, "--case", f"S-{good}").exit_code == 0
    assert run("decide", workbook, "--case", f"S-{bad}").exit_code == 3


def test_explain_as_json_is_the_decision_with_its_text(workbook):
    decided = json.loads(run("decide", workbook, "--case", "S-1", "--json").stdout)
    told = json.loads(run("explain", workbook, "--case", "S-1", "--json").stdout)
    text = told.pop("text")
    assert told == decided
    assert run("explain", workbook, "--case", "S-1").stdout == text + "\n"


def test_explain_says_what_is_wrong_in_words(tmp_path):
    (story,) = (story for story in TOLD if story["id"] == "EX-01")
    wrong = {**story, "rows": {**story["rows"], "案件": {**story["rows"].get("案件", {}), "申请日期": "2019-13-01"}}}
    ran = run("explain", workbooks.write(tmp_path / "台账.xlsx", [wrong]), "--case", "S-1")
    assert ran.exit_code == 3
    (said,) = (line for line in ran.stdout.splitlines() if line.startswith("发现问题"))
    assert "申请日期" in said
    assert "→" in said


def test_explain_gives_result_sum_article_and_sentence(workbook):
    good = next(i for i, story in enumerate(TOLD, 1) if story["id"] == "EX-01")
    told = run("explain", workbook, "--case", f"S-{good}").stdout
    assert told.startswith(f"S-{good}：全总级")
    assert "（62320－35300－4700）÷12÷3＝620.00" in told
    assert "皖工发〔2017〕51号 第五条（一）3" in told
    assert "遭受突发事件、意外伤害、重大疾病" in told


@pytest.mark.parametrize("command", [["decide"], ["explain", "--case", "AH-0001"]])
def test_a_doubled_row_of_local_figures_is_told_once_at_its_cell(tmp_path, command):
    figures = {"地区": "合肥市", "生效日期": "2018-01-01", "月低保标准": 639, "月最低工资": 1280, "依据文号": "示例"}
    doubled = sheets.book(tmp_path / "台账.xlsx", {"当地标准": [figures, figures]})
    told = run(command[0], doubled, *command[1:]).output
    assert told.count("E803") == 1 and "当地标准 › B3" in told
