"""Stories of households: rows of the workbook in TOML, made into a Case and a Law as the reader would make them.

A story starts from ``cases/base.toml``; its rows replace single cells of 案件 and 信息比对, whole sheets of the rest.
"""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from formgen import fields, household, law

FOLDER = Path(__file__).parent / "cases"
SINGLE = ("案件", "信息比对")
NOUNS = {
    "member": household.Member,
    "income": household.Income,
    "expense": household.Expense,
    "means": household.Means,
    "vehicle": household.Vehicle,
    "resolution": household.Resolution,
    "standard": household.Standard,
    "setting": household.Setting,
}
PARTS = {
    "member": "members",
    "income": "incomes",
    "expense": "expenses",
    "vehicle": "vehicles",
    "resolution": "resolutions",
}


@cache
def base() -> dict:
    return tomllib.loads((FOLDER / "base.toml").read_text(encoding="utf-8"))


def all_stories() -> list[dict]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        if path.name != "base.toml":
            found += tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    return found


def rows_of(story: dict) -> dict:
    """All sheets of a story: the base household with the story's rows over it."""
    made = dict(base())
    for title, rows in story.get("rows", {}).items():
        made[title] = {**made.get(title, {}), **rows} if title in SINGLE else rows
    return made


def case_of(rows: dict) -> household.Case:
    """The Case that rows of the workbook mean."""
    sheets = {sheet.title: sheet for sheet in fields.sheets()}
    parts = {}
    for title, found in rows.items():
        sheet = sheets[title]
        if sheet.key in PARTS:
            parts[PARTS[sheet.key]] = tuple(_noun(sheet, row, i) for i, row in enumerate(found, 2))
    if rows.get("信息比对"):
        parts["means"] = _noun(sheets["信息比对"], rows["信息比对"], 2)
    return household.Case(row=2, **_cells(sheets["案件"], rows["案件"]), **parts)


def law_of(rows: dict) -> law.Law:
    """The Law with the standards and settings of the rows."""
    return law.load(*tables_of(rows))


def tables_of(rows: dict) -> tuple[tuple[household.Standard, ...], tuple[household.Setting, ...]]:
    """The standards and settings of the rows."""
    sheets = {sheet.title: sheet for sheet in fields.sheets()}
    standards = tuple(_noun(sheets["当地标准"], row, i) for i, row in enumerate(rows.get("当地标准", ()), 2))
    settings = tuple(_noun(sheets["当地设置"], row, i) for i, row in enumerate(rows.get("当地设置", ()), 2))
    return standards, settings


def _noun(sheet, row: dict, number: int):
    cells = _cells(sheet, row)
    cells.pop("case_no", None)
    return NOUNS[sheet.key](row=number, **cells)


def _cells(sheet, row: dict) -> dict:
    known = {field.tag: field for field in sheet.fields}
    made = {}
    for tag, value in row.items():
        made[known[tag].key] = None if value == "" else _value(known[tag], value)
    return made


def _value(field, value):
    match field.type:
        case "money":
            return int(Decimal(str(value)) * 100)
        case "decimal":
            return Decimal(str(value))
        case "integer" | "year":
            return int(value)
        case "date":
            return date.fromisoformat(value)
        case "flag":
            assert value in field.choices, (field.tag, value)
            return value == field.choices[0]
        case "choices":
            return tuple(value.split("、"))
    assert field.type != "choice" or field.is_open or value in field.choices, (field.tag, value)
    return str(value)
