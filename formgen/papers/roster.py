"""帮扶资金实名制汇总表（发放表）: a row a case that is paid, totals, the amount in capitals, the fund by tier.

第九条（二）, 第十八条, 75号四. Every cell is text, amounts too: no number loses digits and nothing is a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from formgen.household import Case, Fen
from formgen.model import Decision, Document, Finding, Place
from formgen.money import capitals, thousands
from formgen.papers.forms import Form
from formgen.papers.publicity import is_granted
from formgen.papers.verdict import TIERS
from formgen.rules.anhui import resolutions
from formgen.xlsx import repack

HEADS = (
    "序号",
    "姓名",
    "身份证号码",
    "级别",
    "救助类别",
    "金额（元）",
    "资金来源",
    "开户银行",
    "银行卡号",
    "户名",
    "发放日期",
    "签收",
)
WIDTHS = (6, 11, 21, 8, 11, 12, 22, 24, 23, 11, 12, 14)  # in digits of the default font
BANK = ("序号", "收款账号", "收款户名", "金额", "开户银行", "用途", "备注")
AMOUNT = 6
BANK_WIDTHS = (6, 24, 14, 14, 34, 20, 18)
LINE, LEAST, LEAST_BANK = 17, 36, 20  # points: a line of text, the lowest row to sign in, the lowest of the bank's
CENTRAL = "中央财政帮扶资金"  # not to be spent while the reading of 第五条（一）3 is open (AMB-03)
TITLE = "帮扶资金实名制汇总表"
PURPOSE = "困难职工帮扶"  # what the bank is told where no kind of aid was entered
PAID, UNPAID = "已发放", "待发放"
_EDGE = Side(style="thin")
_GRID = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One line of the roster; ``funds`` are the sources 第十八条 allows when none was entered."""

    case_no: str
    name: str
    id_number: str
    tier: str
    aids: str
    amount: Fen
    fund: str
    bank: str
    card: str
    holder: str
    paid_on: str
    is_filed: bool = True
    rules_until: str = ""


def payment(case: Case, decision: Decision) -> tuple[Payment | None, tuple[Finding, ...]]:
    """The line of a case with 核定救助金额, and what its cashier must see to.

    None when nothing is granted, nobody has decided yet, somebody objects or the household is withdrawn (第九条:
    先实名制建档后依档帮扶); an amount that is entered all the same is told.
    """
    if case.aid_amount is None:
        return None, ()
    if why := _withheld(case, decision):
        return None, (Finding("W676", Place(sheet="案件", heading="核定救助金额"), {"why": why}, case.case_no),)
    holder = case.card_holder or case.name or ""
    made = Payment(
        case_no=case.case_no,
        name=case.name or "",
        id_number=case.id_number or "",
        tier=decision.tier,
        aids="、".join(case.aid_granted),
        amount=case.aid_amount,
        fund=case.fund or "、".join(decision.funds),
        bank=case.bank or "",
        card=case.card_number or "",
        holder=holder,
        paid_on=case.paid_on.isoformat() if case.paid_on else "",
        is_filed=case.filed_on is not None,
        rules_until=decision.rules_until.isoformat() if decision.rules_until else "",
    )
    return made, tuple(_doubts(case, decision, holder))


def _withheld(case: Case, decision: Decision) -> str:
    """The code of why an amount that was entered is not to be paid, empty when it is, or was already."""
    if not is_granted(decision):
        return "C841" if decision.tier == "不符合" else "C842"
    if case.objection:
        return "C843"
    if case.withdrawn_on and not case.paid_on:
        return "C844"
    return "" if case.aid_amount else "C845"


def _doubts(case: Case, decision: Decision, holder: str) -> Iterable[Finding]:
    if not case.filed_on and not case.paid_on:
        yield Finding("W677", Place(sheet="案件", heading="建档日期"), {}, case.case_no)
    if not case.aid_granted:
        yield Finding("W678", Place(sheet="案件", heading="核定救助类别"), {}, case.case_no)
    if holder != (case.name or ""):
        yield Finding("W670", Place(sheet="案件", heading="户名"), {}, case.case_no)
    if not case.card_number or not case.bank:
        yield Finding("W671", Place(sheet="案件", heading="银行卡号"), {}, case.case_no)
    if case.fund and decision.funds and case.fund not in decision.funds:
        values = {"tier": decision.tier, "funds": "、".join(decision.funds)}
        yield Finding("W672", Place(sheet="案件", heading="资金来源"), values, case.case_no)
    if "AMB-03" in decision.flags and CENTRAL in (case.fund or "") and not _is_example_settled(case):
        yield Finding("W675", Place(sheet="案件", heading="资金来源"), {}, case.case_no)
    if case.aid_granted and (strange := [aid for aid in case.aid_granted if aid not in decision.aid_candidates]):
        yield Finding("W673", Place(sheet="案件", heading="核定救助类别"), {"aids": "、".join(strange)}, case.case_no)


def _is_example_settled(case: Case) -> bool:
    """Whether a body has said how 第五条（一）3 is to be read of this case (例1口径, either way)."""
    return any(row.matter == resolutions.EXAMPLE and resolutions.is_sufficient(row) for row in case.resolutions)


def write(form: Form, payments: Iterable[Payment]) -> Document | None:
    """The roster as a workbook; None when nobody is paid."""
    lines = tuple(payments)
    if not lines:
        return None
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "发放表"
    _head(sheet)
    for number, line in enumerate(lines, 1):
        _line(sheet, number, line)
    _totals(sheet, lines)
    _page(sheet, lines[0].rules_until)
    if payable := tuple(line for line in lines if line.is_filed and not line.paid_on):
        _bank(book, payable)
    made = io.BytesIO()
    book.save(made)
    return Document(form.id, "", form.path(""), repack.repacked(made.getvalue()))


def _bank(book: Workbook, lines: tuple[Payment, ...]) -> None:
    """A second sheet in the layout banks take for a batch of payments: one head row, one row an account.

    Only what is still to be paid, and to whom it may be paid (第九条): a bank pays every row it is sent.
    """
    sheet = book.create_sheet("银行代发")
    for column, head in enumerate(BANK, 1):
        _text(_at(sheet, 1, column), head)
    for number, line in enumerate(lines, 1):
        row = (
            str(number),
            line.card,
            line.holder,
            yuan_and_fen(line.amount),
            line.bank,
            line.aids or PURPOSE,
            line.case_no,
        )
        for column, value in enumerate(row, 1):
            _text(_at(sheet, number + 1, column), value)
        sheet.row_dimensions[number + 1].height = max(LEAST_BANK, _high(row, BANK_WIDTHS))
    for letter, width in zip("ABCDEFG", BANK_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    _on_paper(sheet)
    sheet.print_title_rows = "1:1"
    _foot(sheet, "银行代发")


def yuan_and_fen(fen: Fen) -> str:
    """The amount as banks read it: plain figures, always to the fen."""
    return thousands(fen).replace(",", "")


def _head(sheet: Worksheet) -> None:
    sheet.append([TITLE])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADS))
    sheet["A1"].font = Font(name="宋体", size=20, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.row_dimensions[1].height = 36
    sheet.append(list(HEADS))
    sheet.row_dimensions[2].height = 26
    for cell in sheet[2]:
        cell.font, cell.border = Font(name="黑体", size=12), _GRID
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _line(sheet: Worksheet, number: int, line: Payment) -> None:
    values = (
        line.name,
        line.id_number,
        line.tier,
        line.aids,
        None,
        line.fund,
        line.bank,
        line.card,
        line.holder,
        line.paid_on,
        "",
    )
    row = number + 2
    _text(_at(sheet, row, 1), str(number))
    for column, value in enumerate(values, 2):
        if value is not None:
            _text(_at(sheet, row, column), value)
    _amount(_at(sheet, row, AMOUNT), line.amount)
    sheet.row_dimensions[row].height = max(LEAST, _high(values, WIDTHS[1:]))


def _high(values: Iterable[str | None], widths: Iterable[int]) -> int:
    """The height in points of a row that shows every value whole."""
    return LINE * max(_lines(value or "", width) for value, width in zip(values, widths, strict=True))


def _lines(text: str, width: int) -> int:
    """How many lines the text takes in a column: what is no digit, letter or sign of ASCII is twice as wide.

    Programs that open the sheet keep the height that is written, so a row too low would cut its text.
    """
    return -(-sum(1 if sign.isascii() else 2 for sign in text) // (width - 1))


def _totals(sheet: Worksheet, lines: tuple[Payment, ...]) -> None:
    total = sum(line.amount for line in lines)
    row = len(lines) + 3
    _text(_at(sheet, row, 1), "合计")
    _text(_at(sheet, row, 2), f"{len(lines)} 人")
    _amount(_at(sheet, row, AMOUNT), total)
    _text(_at(sheet, row, AMOUNT + 1), f"大写：人民币{capitals(total)}")
    parts = {tier: [line for line in lines if line.tier == tier] for tier in TIERS}
    parts |= {PAID: [line for line in lines if line.paid_on], UNPAID: [line for line in lines if not line.paid_on]}
    for offset, (part, held) in enumerate(parts.items(), 1):
        amount = sum(line.amount for line in held)
        _text(_at(sheet, row + offset, 1), "其中")
        _text(_at(sheet, row + offset, 2), f"{part} {len(held)} 人")
        _amount(_at(sheet, row + offset, AMOUNT), amount)
        if part == UNPAID and held:
            _text(_at(sheet, row + offset, AMOUNT + 1), f"大写：人民币{capitals(amount)}")
    last = row + len(parts)
    for below in range(row, last + 1):
        sheet.merge_cells(start_row=below, start_column=2, end_row=below, end_column=AMOUNT - 1)
        sheet.merge_cells(start_row=below, start_column=AMOUNT + 1, end_row=below, end_column=len(HEADS))
        sheet.row_dimensions[below].height = 22
    for cells in sheet.iter_rows(min_row=row, max_row=last, max_col=len(HEADS)):
        for cell in cells:
            cell.border = _GRID
    _at(
        sheet, last + 2, 1
    ).value = "制表：                审核：                负责人：                （盖章）            年    月    日"
    _at(sheet, last + 2, 1).font = Font(name="仿宋_GB2312", size=12)


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    return cast(Cell, sheet.cell(row, column))


def _text(cell: Cell, value: str) -> None:
    cell.value, cell.data_type, cell.number_format = value, "s", "@"
    cell.font, cell.border = Font(name="仿宋_GB2312", size=12), _GRID
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def _amount(cell: Cell, fen: Fen) -> None:
    _text(cell, thousands(fen))
    cell.alignment = Alignment(horizontal="right", vertical="center")


def _page(sheet: Worksheet, until: str) -> None:
    for number, width in enumerate(WIDTHS):
        sheet.column_dimensions[chr(ord("A") + number)].width = width
    _on_paper(sheet)
    sheet.print_title_rows = "2:2"
    sheet.freeze_panes = "C3"
    _foot(sheet, f"发放表　规则截至 {until}" if until else "发放表")


def _foot(sheet: Worksheet, title: str) -> None:
    foot = sheet.oddFooter
    assert foot is not None and foot.center is not None
    foot.center.text = f"{title}　第 &P 页 共 &N 页"


def _on_paper(sheet: Worksheet) -> None:
    """A4 across, all columns on one page."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.6, bottom=0.7, header=0.3, footer=0.3)
    sheet.print_options.horizontalCentered = True
