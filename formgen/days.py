"""Days of the calendar: so many months later, and as papers write them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def months_between(first: date, last: date) -> int:
    """How many whole months lie between two days; 0 where the last is not after the first."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(0, months if months_after(first, max(0, months)) <= last else months - 1)


def printed(day: date) -> str:
    """A day as papers write it, 2019年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"
