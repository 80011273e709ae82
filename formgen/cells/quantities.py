"""Cells that hold a day, a year, an amount or a count."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from formgen.cells import dates, texts
from formgen.cells.reading import Look, Reading, as_written, is_number, number_text, repaired, wrong
from formgen.xlsx.sheetxml import ISO_DATE, NUMBER, TEXT, Cell

MAX_YUAN = Decimal(10) ** 10
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")


def day(cell: Cell, look: Look) -> Reading:
    """A day, as Excel counts it or as clerks write it."""
    if cell.kind == NUMBER:
        return _date_of_number(cell.text, look)
    if cell.kind not in (TEXT, ISO_DATE):
        return wrong("E211", text=texts.shown(cell.text))
    plain = texts.identifier(cell.text.strip())[0] if not cell.text.isascii() else cell.text.strip()
    found, code = dates.written_day(plain)
    if found is None:
        return wrong(code, text=texts.shown(cell.text))
    return Reading(found) if _is_usual(cell, found) else repaired(found, "R204", cell.text, found.isoformat())


def _is_usual(cell: Cell, day: date) -> bool:
    """Whether the day is written in the one form that needs no mention."""
    return cell.kind == ISO_DATE or cell.text.strip() in (day.isoformat(), f"{day.isoformat()} 00:00:00")


def _date_of_number(raw: str, look: Look) -> Reading:
    if not is_number(raw):
        return wrong("E211", text=texts.shown(raw))
    plain = number_text(raw)
    if re.fullmatch(r"(19|20)[0-9]{6}", plain):
        day, code = dates.written_day(plain)
        return wrong(code, text=plain) if day is None else repaired(day, "R204", plain, day.isoformat())
    if not look.style.is_date:
        return wrong("E234", text=texts.shown(plain))
    day, code = dates.serial_day(raw, is_1904=look.is_1904)
    return wrong(code, text=texts.shown(plain)) if day is None else Reading(day)


def year(cell: Cell, look: Look) -> Reading:
    """A year of four digits."""
    text = number_text(cell.text) if cell.kind == NUMBER and is_number(cell.text) else texts.word(cell.text)
    bare = re.sub(r"年度?$", "", text)
    if look.style.is_date and cell.kind == NUMBER and len(bare) != 4:
        return wrong("E222", text=texts.shown(text))
    if not re.fullmatch(r"(19|20)[0-9]{2}", bare):
        return wrong("E222", text=texts.shown(text))
    return Reading(int(bare)) if bare == cell.text.strip() else repaired(int(bare), "R204", cell.text, bare)


def _amount_text(cell: Cell, look: Look) -> tuple[str, str]:
    """The number in a cell as plain text, and the code of what is wrong; separators and signs of yuan are dropped."""
    if cell.kind == NUMBER:
        if look.style.is_date or look.style.is_percent:
            return "", "E236"
        return (number_text(cell.text), "") if is_number(cell.text) else ("", "E233")
    if cell.kind != TEXT:
        return "", "E214"
    plain = texts.word(cell.text)
    if re.search(r"[万亿千百]", plain):
        return "", "E215"
    plain = re.sub(r"^(人民币|RMB|CNY)?[¥￥]?|(元整?|圆)$", "", plain, flags=re.IGNORECASE)
    if look.field.unit and not plain.endswith("元"):
        plain = plain.removesuffix(look.field.unit)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    return (plain, "") if _PLAIN_NUMBER.fullmatch(plain) else ("", "E214")


def money(cell: Cell, look: Look) -> Reading:
    """An amount in fen, at most two decimals."""
    text, code = _amount_text(cell, look)
    if code:
        return wrong(code, text=texts.shown(cell.text))
    amount = Decimal(text)
    if amount != amount.quantize(Decimal("0.01")):
        return wrong("E216", text=texts.shown(text))
    if amount < 0 and not look.field.may_be_negative:
        return wrong("E217", text=texts.shown(text))
    if abs(amount) >= MAX_YUAN:
        return wrong("E233", text=texts.shown(text))
    return as_written(int(amount * 100), text, cell, "R205")


def decimal(cell: Cell, look: Look) -> Reading:
    """A number of at least 0 as Decimal."""
    text, code = _amount_text(cell, look)
    if code or abs(Decimal(text)) >= MAX_YUAN:
        return wrong(code or "E233", text=texts.shown(cell.text))
    if Decimal(text) < 0:
        return wrong("E217", text=texts.shown(text))
    return as_written(Decimal(text), text, cell, "R205")


def integer(cell: Cell, look: Look) -> Reading:
    """A count of at least 0."""
    text, code = _amount_text(cell, look)
    if code or not re.fullmatch(r"[0-9]{1,5}", text):
        return wrong("E218", text=texts.shown(cell.text))
    return as_written(int(text), text, cell, "R205")
