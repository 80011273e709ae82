"""The case as it was entered, as canonical JSON: Chinese headings, yuan, ISO days; an empty cell is null."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from formgen import fields, money
from formgen.fields import Field, Sheet
from formgen.household import Case

_LISTS = ("members", "incomes", "expenses", "vehicles", "resolutions", "requests")


def record(case: Case) -> dict[str, object]:
    """Everything of the workbook that belongs to one household, by sheet title, as plain JSON values."""
    sheets = fields.catalogue()
    made: dict[str, object] = {sheets["case"].title: row(sheets["case"], case)}
    for attribute in _LISTS:
        sheet = sheets[_singular(attribute)]
        made[sheet.title] = [row(sheet, entry) for entry in getattr(case, attribute)]
    if case.means is not None:
        made[sheets["means"].title] = row(sheets["means"], case.means)
    return made


def row(sheet: Sheet, noun: object) -> dict[str, object]:
    """One row by tag; the columns nobody knows come last, under their own headings."""
    cells = {field.tag: _cell(field, getattr(noun, field.key, None)) for field in sheet.fields if _is_own(field, noun)}
    extra: Mapping[str, str] = getattr(noun, "extra", {})
    return {**cells, **extra}


def _is_own(field: Field, noun: object) -> bool:
    return hasattr(noun, field.key)


def _cell(field: Field, value: object) -> object:
    if value is None:
        return None
    if field.type == "money":
        return money.yuan(value)  # type: ignore[arg-type]
    if isinstance(value, bool):
        return field.choices[0] if value else field.choices[1]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def _singular(attribute: str) -> str:
    return attribute[:-1]
