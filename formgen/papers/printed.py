"""Values as papers print them: days, decimals, rounded yuan."""

from __future__ import annotations

from decimal import Decimal

from formgen import days
from formgen.model import Amount

day = days.printed


def plain(value: Decimal) -> str:
    """A decimal without an exponent and without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def month_yuan(amount: Amount) -> str:
    """An amount a month a head in yuan with two digits, rounded half up (half away from zero), e.g. 1731.11."""
    fen, rest = divmod(abs(amount.total), amount.divisor)
    fen += 2 * rest >= amount.divisor
    return f"{'-' if amount.total < 0 and fen else ''}{fen // 100}.{fen % 100:02d}"
