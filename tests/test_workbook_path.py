"""What the workbook says is what the core decides: random households, written shuffled, decided by command."""

import json
import random  # noqa: TID251 - seeded: the same workbook in every run
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from click.testing import CliRunner

from formgen import decide, fields, law
from formgen.cli.decide import command
from tests import oracle_households

ROWS = {
    "member": "members",
    "income": "incomes",
    "expense": "expenses",
    "vehicle": "vehicles",
    "resolution": "resolutions",
}
TABLES = {"standard": "standards", "setting": "settings"}


def test_a_hundred_households_come_out_of_a_workbook_as_they_went_in(tmp_path):
    assert differences(range(100), tmp_path) == {}


@pytest.mark.slow
def test_three_thousand_households_come_out_of_a_workbook_as_they_went_in(tmp_path):
    assert differences(range(3000, 6000), tmp_path) == {}


def differences(seeds, folder):
    """Each household for which the command says something else than the core, with both."""
    drawn = [of_its_own_city(oracle_households.draw(seed), seed) for seed in seeds]
    path = folder / "案件录入表.xlsx"
    write(drawn, path)
    result = CliRunner().invoke(command, [str(path), "--json"])
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["case"] for one in told] == [d.case.case_no for d in drawn]
    found = {}
    for one, theirs in zip(drawn, told, strict=True):
        ours = as_told(one)
        theirs["missing"].sort()
        theirs["findings"] = [code for code in theirs["findings"] if code in ours["findings"]]
        theirs.pop("clauses")
        if ours != theirs:
            found[one.case.case_no] = {k: (v, theirs[k]) for k, v in ours.items() if v != theirs[k]}
    return found


def as_told(drawn):
    """What the core decides of the household, as the command writes it."""
    members = tuple(replace(m, in_register=m.in_register is not False) for m in drawn.case.members)
    decision = decide.decide(replace(drawn.case, members=members), law.load(drawn.standards, drawn.settings))
    ours = json.loads(json.dumps(decide.as_json(decision)))
    ours["missing"].sort()
    ours.pop("clauses")
    return ours


def of_its_own_city(drawn, number):
    """The household in a city of its own, so that many can share a workbook."""

    def here(area):
        return area and area.replace("测试市", f"测试{number}市").replace("外地市", f"外地{number}市")

    case = drawn.case
    return drawn._replace(
        case=replace(case, case_no=f"T-{number:05}", area=here(case.area), home_area=here(case.home_area)),
        standards=tuple(replace(row, area=here(row.area)) for row in drawn.standards),
        settings=tuple(replace(row, area=here(row.area)) for row in drawn.settings),
    )


def write(drawn, path):
    """A workbook with all of them: columns in any order, rows of different households mixed."""
    rng = random.Random(len(drawn))
    book = openpyxl.Workbook(write_only=True)
    for sheet in fields.sheets():
        columns = rng.sample(sheet.fields, len(sheet.fields))
        paper = book.create_sheet(sheet.title)
        paper.append([field.heading for field in columns])
        queues = [(one.case.case_no, list(rows_of(one, sheet.key))) for one in drawn]
        if sheet.key == "case":
            order = range(len(queues))
        else:
            order = [n for n, (_, rows) in enumerate(queues) for _ in rows]
            rng.shuffle(order)
        for n in order:
            case_no, rows = queues[n]
            row = rows.pop(0)
            paper.append([cell(f, case_no if f.key == "case_no" else getattr(row, f.key)) for f in columns])
    book.save(path)


def rows_of(drawn, sheet):
    """The household's rows of a sheet."""
    if sheet == "case":
        return (drawn.case,)
    if sheet == "means":
        return (drawn.case.means,) if drawn.case.means else ()
    if sheet in TABLES:
        return getattr(drawn, TABLES[sheet])
    return getattr(drawn.case, ROWS[sheet]) if sheet in ROWS else ()


def cell(field, value):
    """A value as a clerk would type it."""
    if value is None:
        return None
    if field.type == "flag":
        return field.choices[0] if value else field.choices[1]
    if field.type == "money":
        return Decimal(value) / 100
    return "、".join(value) if field.type == "choices" else value
