"""The columns that an archive may add to the sheet 案件: where the paper lies, what was brought in step when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from formgen import money
from formgen.cells import dates
from formgen.cells.reading import is_number
from formgen.household import Case
from formgen.model import Finding, Place

DAYS = {"paper_changed_on": "纸质更新日期", "electronic_changed_on": "电子更新日期", "funds_entered_on": "资金录入日期"}
PLACE, VOUCHER, EARLIER = "纸质存放位置", "会计凭证号", "原档号"


def days(case: Case, *, is_1904: bool) -> tuple[Mapping[str, date | None], tuple[Finding, ...]]:
    """The days of the added columns by the dossier's own names, None where empty, and what could not be read as one."""
    read = {key: _day(case.extra.get(heading) or "", is_1904=is_1904) for key, heading in DAYS.items()}
    found = tuple(
        Finding("W727", Place(sheet="案件", heading=heading), {"column": heading}, case.case_no)
        for key, heading in DAYS.items()
        if read[key] is None and (case.extra.get(heading) or "").strip()
    )
    return read, found


def voucher(case: Case) -> str:
    """The pointer to the accounts (第九条（二）): number of the voucher, day and amount; empty without a number."""
    number = (case.extra.get(VOUCHER) or "").strip()
    if not number:
        return ""
    paid = case.paid_on.isoformat() if case.paid_on else ""
    amount = f"{money.yuan(case.aid_amount)}元" if case.aid_amount is not None else ""
    return "；".join(part for part in (number, paid, amount) if part)


def _day(text: str, *, is_1904: bool) -> date | None:
    """A day as Excel counts it or as a clerk writes it; None for neither."""
    text = text.strip()
    found, _ = dates.written_day(text)
    return dates.serial_day(text, is_1904=is_1904)[0] if found is None and is_number(text) else found
