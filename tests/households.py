"""Workbooks of any number of made-up households: those of samples.toml again and again, each with its own numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape

from formgen import fields
from tests import samples

Row = dict[str, object]
Change = Callable[[str, Row], Row]
_TIME = (1980, 1, 1, 0, 0, 0)
_EPOCH = date(1899, 12, 30)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_SHARED = ("工会", "当地标准", "当地设置")
UNION_OF = 200  # households a union


def write(path: Path, count: int, change: Change = lambda sheet, row: row) -> Path:
    """Write a workbook of `count` households; `change` sees every row and gives back the one to be written."""
    titles = [sheet.title for sheet in fields.sheets()]
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in _parts(titles).items():
            package.writestr(_member(name), text)
        for number, title in enumerate(titles, start=1):
            with package.open(_member(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as part:
                _write_sheet(part, title, (change(title, row) for row in rows(title, count)))
    return path


def rows(title: str, count: int) -> Iterator[Row]:
    """The rows of a sheet for `count` households, in the order of 案件."""
    if title in _SHARED:
        yield from samples.rows().get(title, ())
        if title == "工会":
            first = samples.rows()[title][0]
            yield from (first | {"工会名称": _union(number)} for number in range(0, count, UNION_OF))
        return
    groups = _by_household(title)
    for number in range(count):
        for row in groups[number % len(groups)]:
            yield _own(row, number)


def number_of(index: int) -> str:
    """The case number of the household at that place, counted from 0."""
    return f"B-{index:06d}"


@cache
def _by_household(title: str) -> list[list[Row]]:
    numbers = [row["档案编号"] for row in samples.rows()["案件"]]
    return [[row for row in samples.rows().get(title, ()) if row["档案编号"] == number] for number in numbers]


def _own(row: Row, number: int) -> Row:
    """The row with the numbers of the `number`-th household, so that nobody stands in two of them."""
    own = row | {"档案编号": number_of(number)}
    if own.get("身份证号码"):
        own["身份证号码"] = _id(str(own["身份证号码"]), number)
    if own.get("银行卡号"):
        own["银行卡号"] = _card(f"62220213{number:09d}0")
    if own.get("联系电话"):
        own["联系电话"] = f"139{number:08d}"
    if own.get("所属工会") and number >= len(_by_household("案件")):
        own["所属工会"] = _union(number - number % UNION_OF)
    if own.get("票据号"):
        own["票据号"] = f"{own['票据号']}-{number}"
    return own


def _union(number: int) -> str:
    return f"示例第{number // UNION_OF + 1}工会"


def _id(text: str, number: int) -> str:
    """An ID number of the same province, year of birth and sex that nobody else has."""
    if text not in _places():
        return text
    person = number * 16 + _places()[text]
    born = date(int(text[6:10]), 1, 1) + timedelta(days=person % 360)
    serial = (person // 360 % 499) * 2 + int(text[16]) % 2
    body = f"3401{2 + person // 180_000 % 10:02d}{born:%Y%m%d}{serial:03d}"
    return body + samples.check_digit(body)


@cache
def _places() -> dict[str, int]:
    """The place of each person in his household, by the ID number of the samples."""
    households = _by_household("家庭成员")
    return {str(row["身份证号码"]): at for rows in households for at, row in enumerate(rows) if row.get("身份证号码")}


def _card(text: str) -> str:
    digits = [int(char) for char in text[:-1]]
    total = sum(d if n % 2 else sum(divmod(2 * d, 10)) for n, d in enumerate(reversed(digits)))
    return text[:-1] + str(-total % 10)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _write_sheet(part: IO[bytes], title: str, made: Iterator[Row]) -> None:
    sheet = next(sheet for sheet in fields.sheets() if sheet.title == title)
    tags = [field.tag for field in sheet.fields]
    part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
    part.write(_row(1, dict(zip(tags, (field.heading for field in sheet.fields), strict=True)), tags))
    for number, row in enumerate(made, start=2):
        part.write(_row(number, row, tags))
    part.write(b"</sheetData></worksheet>")


def _row(number: int, row: Mapping[str, object], tags: list[str]) -> bytes:
    cells = [_cell(f"{_letter(at)}{number}", row[tag]) for at, tag in enumerate(tags) if row.get(tag) is not None]
    return f'<row r="{number}">{"".join(cells)}</row>'.encode()


def _cell(place: str, value: object) -> str:
    if isinstance(value, date):
        return f'<c r="{place}" s="1"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def _letter(at: int) -> str:
    name, at = "", at + 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def _parts(titles: list[str]) -> dict[str, str]:
    numbers = range(1, len(titles) + 1)
    sheets = "".join(
        f'<sheet name="{title}" sheetId="{n}" r:id="rId{n}"/>' for n, title in zip(numbers, titles, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPES}.worksheet+xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f'<Relationship Id="rId{len(titles) + 1}" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": _STYLES,
    }


_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"/>'
    "</cellStyles></styleSheet>"
)
