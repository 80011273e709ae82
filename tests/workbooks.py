"""Stories written as a real workbook: every household a case of its own, in a city of its own."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from formgen import fields
from tests import stories


def write(path: Path, told: list[dict]) -> Path:
    """A workbook with one case a story, numbered S-1, S-2 …, and the standards and settings of each in its own city."""
    book = Workbook()
    book.remove(book.active)
    sheets = {sheet.title: sheet for sheet in fields.sheets()}
    pages = {}
    for title in ("案件", "家庭成员", "收入", "支出", "信息比对", "车辆", "集体研究", "当地标准", "当地设置"):
        pages[title] = book.create_sheet(title)
        pages[title].append([field.tag for field in sheets[title].fields])
    for number, story in enumerate(told, 1):
        for title, rows in stories.rows_of(story).items():
            for row in [rows] if title in stories.SINGLE else rows:
                cells = {**_moved(row, number), "档案编号": f"S-{number}"}
                pages[title].append([_written(cells.get(field.tag)) for field in sheets[title].fields])
    book.save(path)
    return path


def _moved(row: dict, number: int) -> dict:
    """The row with its places moved to a city of the story's own."""
    places = {"示例市": f"示例{number}市", "示例县": f"示例{number}县"}
    return {
        tag: "".join((places.get(value[:3], value[:3]), value[3:]))
        if isinstance(value, str) and value[:3] in places
        else value
        for tag, value in row.items()
    }


def _written(value: object) -> object:
    return None if value == "" else value
