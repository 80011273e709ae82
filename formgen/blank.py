"""The blank case workbook, made from the catalogue: headings, drop-downs, notes, text columns, instructions."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from formgen import fields
from formgen.fields import Field, Sheet
from formgen.xlsx.repack import repacked

ROWS = 2000  # rows below the heading that carry formats and drop-downs
GUIDE = "填表说明"
_FONT = "宋体"
_HEAD = Font(name=_FONT, size=11, bold=True)
_BODY = Font(name=_FONT, size=11)
_NEEDED = PatternFill("solid", fgColor="FFF2CC")
_OTHER = PatternFill("solid", fgColor="E2EFDA")
_THIN = Side(style="thin", color="A6A6A6")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_AS_TEXT = frozenset(("text", "name", "case_no", "id", "card", "phone", "folder", "choice", "choices", "flag"))
_FORMATS = {"date": "yyyy-mm-dd", "money": "#,##0.00", "integer": "0", "year": "0"}
_WIDTHS = {"id": 22, "card": 24, "date": 12, "phone": 15, "flag": 8, "name": 12, "text": 18}


def workbook() -> bytes:
    """The blank workbook as the bytes of an .xlsx file, the same every time."""
    book = Workbook()
    book.remove(book.worksheets[0])
    guide = book.create_sheet(GUIDE)
    _fill_guide(guide)
    for sheet in fields.sheets():
        _fill(book.create_sheet(sheet.title), sheet)
    book.active = 1
    guide.sheet_view.tabSelected = False
    out = BytesIO()
    book.save(out)
    return repacked(out.getvalue())


def _fill(page: Worksheet, sheet: Sheet) -> None:
    """Headings with notes, and for each column its format, width and drop-down."""
    for number, one in enumerate(sheet.fields, start=1):
        cell = page.cell(1, number, one.heading)
        cell.font, cell.border = _HEAD, _BOX
        cell.fill = _NEEDED if one.is_required else _OTHER
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        if note := _note(one):
            cell.comment = Comment(note, "formgen", width=280, height=110)
        column = page.column_dimensions[get_column_letter(number)]
        column.width = max(_WIDTHS.get(one.type, 14), min(2 * len(one.heading) + 2, 24))
        column.number_format = _format(one)
        column.font = _BODY
        _add_choices(page, one, number)
    page.row_dimensions[1].height = 32
    page.freeze_panes = "B2" if sheet.fields[0].is_key else "A2"
    page.sheet_view.zoomScale = 100
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9


def _format(one: Field) -> str:
    return "@" if one.type in _AS_TEXT else _FORMATS.get(one.type, "General")


def _add_choices(page: Worksheet, one: Field, number: int) -> None:
    """A drop-down for one word of a list; several words, and words beyond the list, may still be typed."""
    if not one.choices:
        return
    is_strict = one.type in ("choice", "flag") and not one.is_open
    rule = DataValidation(type="list", formula1=f'"{",".join(one.choices)}"', allow_blank=True)
    rule.showErrorMessage = is_strict
    rule.errorTitle, rule.error = one.tag, f"只能填：{'、'.join(one.choices)}"[:220]
    letter = get_column_letter(number)
    rule.add(f"{letter}2:{letter}{ROWS + 1}")
    page.add_data_validation(rule)


def _note(one: Field) -> str:
    """What the comment on a heading says; empty when there is nothing to say."""
    lines = [one.note] if one.note else []
    if one.type == "choices":
        lines.append(f"可填一项或几项，用顿号分开：{'、'.join(one.choices)}")
    elif one.choices:
        lines.append(f"{'常用' if one.is_open else '可填'}：{'、'.join(one.choices)}")
    if one.type == "date" and not one.note:
        lines.append("写成 2019-03-01 的样子。")
    if one.type == "money":
        lines.append("只填数字，单位元，最多两位小数。不知道就留空，没有填 0。")
    if one.is_required:
        lines.append("文书必需。")
    return "\n".join(lines)


_RULES = (
    "一户一档：“案件”表一户一行，其他表用同一个档案编号对应，同一户的各行不必相邻。",
    "“案件”和“家庭成员”两张表必须有；其他表没有内容可以空着。",
    "职工本人在“家庭成员”中也占一行，与户主关系填“本人”。",
    "列的先后可以调换，可以增加自己的列；列名请不要改。",
    "不知道的留空，不要填 0 或“否”：空白表示不清楚，0 表示确实没有。",
    "身份证号、银行卡号、电话各列已设为“文本”格式。粘贴时请选“只粘贴值/文本”，以免变成数字而丢失末几位。",
    "日期写成 2019-03-01；金额只填数字，单位元。",
    "可填几项的，用顿号（、）分开。",
    "黄色列名带 * 的，文书必需；绿色的按情况填写。",
    "填好后运行：formgen check 案件录入表.xlsx，按提示改正，再运行 formgen run。",
)


def _guide_rows() -> Iterator[tuple[str, str, str, str]]:
    for sheet in fields.sheets():
        for one in sheet.fields:
            yield sheet.title, one.heading, "必需" if one.is_required else "", _note(one).replace("\n", " ")


def _fill_guide(page: Worksheet) -> None:
    """The instructions: rules first, then every column of every sheet."""
    page.cell(1, 1, GUIDE).font = Font(name=_FONT, size=16, bold=True)
    for number, rule in enumerate(_RULES, start=1):
        page.cell(number + 1, 1, f"{number}. {rule}").font = _BODY
    top = len(_RULES) + 3
    for column, title in enumerate(("工作表", "列名", "必需", "怎么填"), start=1):
        cell = page.cell(top, column, title)
        cell.font, cell.fill, cell.border = _HEAD, _OTHER, _BOX
    for number, line in enumerate(_guide_rows(), start=top + 1):
        for column, text in enumerate(line, start=1):
            cell = page.cell(number, column, text)
            cell.font, cell.border = _BODY, _BOX
            cell.alignment = Alignment(vertical="top", wrap_text=column == 4)
    for letter, width in zip("ABCD", (16, 34, 8, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = f"A{top + 1}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
