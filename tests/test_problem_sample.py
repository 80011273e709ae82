"""The sample of problems: every mistake the checker knows, each at its household and no other."""

from __future__ import annotations

import json

from click.testing import CliRunner

from formgen import messages
from formgen.cli import EXIT_MATERIAL, program
from tests.make_problem_sample import TARGET, workbook

#: Mistakes of a whole file or sheet, of which a workbook that can be read shows none.
ELSEWHERE = {"W102", "W104", "W106", "W107", "W110", "W114"}


def lines() -> list[dict[str, str]]:
    ran = CliRunner().invoke(program, ["check", str(TARGET), "--json"])
    assert ran.exit_code == EXIT_MATERIAL
    return [json.loads(line) for line in ran.output.splitlines()]


def test_it_is_what_the_committed_script_makes():
    assert TARGET.read_bytes() == workbook()


def test_every_mistake_the_checker_knows_is_named():
    found = {line["code"] for line in lines()[:-1]}
    known = {code for code in messages.catalogue() if code[0] in "EWR" and code[1] in "123" and code[:2] != "E1"}
    assert found == known - ELSEWHERE


def test_every_finding_has_its_place_and_its_remedy():
    for line in lines()[:-1]:
        assert line["sheet"] or line["code"] == "W113", line
        assert line["do"] or line["code"].startswith("R"), line


def test_every_household_gives_the_mistake_it_is_named_for_and_no_other():
    strange = [(line["case"], line["code"]) for line in lines()[:-1] if line["case"][:4].upper() != line["code"]]
    allowed = {"W113", "W103", "W101", "W105", "W112", "W108", "W109", "E301", "E302", "E303", "E316", "W211"}
    assert [one for one in strange if one[1] not in allowed | {"E230", "E231", "E235"}] == []


def test_counts_add_up():
    *found, counts = lines()
    assert counts["total"] == int(counts["valid"]) + int(counts["invalid"])
    assert counts["findings"] == len(found)
    assert len(found) == int(counts["errors"]) + int(counts["warnings"]) + int(counts["repairs"])
