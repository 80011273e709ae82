"""Writes input/样例.xlsx from tests/samples.toml: `python -m tests.samples`."""

from __future__ import annotations

import tomllib
from copy import copy
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension

from formgen import blank, fields
from formgen.xlsx.repack import repacked

SOURCE = Path(__file__).with_name("samples.toml")
TARGET = Path(__file__).resolve().parents[1] / "input" / "样例.xlsx"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 7.2


def rows() -> dict[str, list[dict[str, object]]]:
    """Rows by sheet title, each a mapping of tag → value, with the defaults and check digits filled in."""
    raw = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    default = raw.pop("default")
    made: dict[str, list[dict[str, object]]] = {}
    for household in raw.pop("household"):
        household.setdefault("信息比对", {})
        number = household["案件"]["档案编号"]
        for sheet, entries in household.items():
            for entry in entries if isinstance(entries, list) else [entries]:
                full = {"档案编号": number} | default.get(sheet, {}) | entry
                made.setdefault(sheet, []).append({tag: cell(value) for tag, value in full.items()})
    return made | raw


def cell(value: object) -> object:
    """A value as it is typed: blank strings are empty, an ID gets its check digit, text loses outer blank lines."""
    if not isinstance(value, str):
        return value
    value = value.strip("\n")
    return value[:17] + check_digit(value) if len(value) == 18 and value.endswith("?") else value or None


def check_digit(number: str) -> str:
    """The 18th character that GB 11643 asks for after the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def workbook() -> bytes:
    """The sample workbook: the blank one of `formgen init` with the rows typed in."""
    book = load_workbook(BytesIO(blank.workbook()))
    for sheet in fields.sheets():
        page = book[sheet.title]
        columns = {field.tag: number for number, field in enumerate(sheet.fields, start=1)}
        for row, entry in enumerate(rows().get(sheet.title, ()), start=2):
            for tag, value in entry.items():
                write(page.cell(row, columns[tag]), value, page.column_dimensions[get_column_letter(columns[tag])])
    made = BytesIO()
    book.save(made)
    return repacked(made.getvalue())


def write(target: Cell, value: object, column: ColumnDimension) -> None:
    """Type a value as a clerk would: text stays text, a column's own format and font are kept."""
    target.value = value
    target.font = copy(column.font)
    target.number_format = column.number_format
    target.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > 20)


if __name__ == "__main__":
    TARGET.write_bytes(workbook())
