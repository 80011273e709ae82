"""Days of the calendar: so many months later, and as papers write them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def printed(day: date) -> str:
    """A day as papers write it, 2019年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
