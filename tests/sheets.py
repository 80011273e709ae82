"""The smallest workbooks, written part by part, so that a test shows all there is in its file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from formgen import fields
from formgen.xlsx.sheetxml import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: number formats of the styles 0, 1, 2 …: general, date, Chinese date, text, percent, 1904-proof date code, apostrophe
FORMATS = (0, 14, 31, 49, 10, 164)


class Raw(str):
    """The XML of a cell as it stands, with {r} for its place."""


def number(value: object, style: int = 0) -> Raw:
    return Raw(f'<c r="{{r}}" s="{style}"><v>{value}</v></c>')


def formula(text: str, value: str | None = None) -> Raw:
    return Raw(f'<c r="{{r}}"><f>{escape(text)}</f>{"" if value is None else f"<v>{value}</v>"}</c>')


def error(value: str) -> Raw:
    return Raw(f'<c r="{{r}}" t="e"><v>{value}</v></c>')


def boolean(value: int) -> Raw:
    return Raw(f'<c r="{{r}}" t="b"><v>{value}</v></c>')


def cell(place: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Raw):
        return value.format(r=place)
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


def row(at: int, values: list[object], attributes: str = "") -> str:
    cells = "".join(cell(f"{letters(column)}{at}", value) for column, value in enumerate(values, start=1))
    return f'<row r="{at}"{attributes}>{cells}</row>'


def sheet(*rows: list[object] | str, after: str = "", before: str = "") -> str:
    """The XML of a sheet; a row may be a list of values or XML of its own."""
    made = "".join(one if isinstance(one, str) else row(at, one) for at, one in enumerate(rows, start=1))
    return f'{HEAD}<worksheet xmlns="{MAIN}">{before}<sheetData>{made}</sheetData>{after}</worksheet>'


def package(
    sheets: dict[str, str],
    *,
    states: dict[str, str] | None = None,
    workbook: str = "",
    strings: str | None = None,
    parts: dict[str, str | bytes] | None = None,
) -> dict[str, str | bytes]:
    """The parts of a workbook by name; `sheets` are XML by title, `workbook` stands before its sheets."""
    states = states or {}
    listed = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{at}" r:id="s{at}"'
        + (f' state="{states[title]}"' if title in states else "")
        + "/>"
        for at, title in enumerate(sheets, start=1)
    )
    links = "".join(
        f'<Relationship Id="s{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    formats = "".join(f'<xf numFmtId="{one}"/>' for one in FORMATS) + '<xf numFmtId="49" quotePrefix="1"/>'
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{workbook}'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        "xl/styles.xml": f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" '
        f'formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/></numFmts><cellXfs>{formats}</cellXfs></styleSheet>',
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{strings}</sst>'
    for at, xml in enumerate(sheets.values(), start=1):
        made[f"xl/worksheets/sheet{at}.xml"] = xml
    return {**made, **(parts or {})}


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def headings(title: str) -> list[object]:
    return [one.heading for one in _sheet(title).fields]


def record(title: str, values: dict[str, object]) -> list[object]:
    """The values by heading, in the order of the sheet; an unknown heading is an error of the test."""
    tags = [one.tag for one in _sheet(title).fields]
    assert set(values) <= set(tags), set(values) - set(tags)
    return [values.get(tag) for tag in tags]


def _sheet(title: str) -> fields.Sheet:
    return next(one for one in fields.sheets() if one.title == title)


def place(title: str, tag: str, at: int = 2) -> str:
    """The coordinate of a column of a sheet written by ``book``."""
    return f"{letters([one.tag for one in _sheet(title).fields].index(tag) + 1)}{at}"


ZHANG = "340102197001010015"
LI = "340102197102020028"
CASE: dict[str, object] = {
    "档案编号": "AH-0001",
    "申请日期": "2019-03-01",
    "职工姓名": "张三",
    "性别": "男",
    "身份证号码": ZHANG,
    "人员类别": "在职职工",
    "工作单位": "示例公司",
    "所属工会": "示例工会",
    "家庭住址": "示例路1号",
    "联系电话": "13800138000",
    "所在地区": "合肥市",
    "家庭人口": 1,
    "致困原因": "患病",
    "致困说明": "患病",
    "申请类别": "生活救助",
    "银行卡号": "6222021001116245702",
    "开户银行": "示例银行",
}
MEMBER: dict[str, object] = {
    "档案编号": "AH-0001",
    "姓名": "张三",
    "与户主关系": "本人",
    "身份证号码": ZHANG,
    "共同生活": "是",
    "在户口本": "是",
    "就业状况": "在职",
}


def book(path: Path, rows: dict[str, list[dict[str, object]]] | None = None, **changes: object) -> Path:
    """A workbook of one sound household at `path`; `changes` are cells of 案件, `rows` whole other sheets."""
    sheets = {"案件": [{**CASE, **changes}], "家庭成员": [MEMBER], **(rows or {})}
    path.write_bytes(zipped(package(pages(sheets))))
    return path


def pages(sheets: dict[str, list[dict[str, object]]]) -> dict[str, str]:
    """The XML of each sheet: headings and records."""
    return {title: sheet(headings(title), *(record(title, one) for one in made)) for title, made in sheets.items()}


def sound() -> dict[str, str]:
    """The sheets of one sound household."""
    return pages({"案件": [CASE], "家庭成员": [MEMBER]})
