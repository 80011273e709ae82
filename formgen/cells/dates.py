"""Days as Chinese clerks write them, and days as Excel counts them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

FIRST_YEAR, LAST_YEAR = 1900, 2100
_NUMERALS = {char: str(number) for number, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "◯": "0"}
_WRITTEN = (
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?"),
    re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_TIME = re.compile(r"(?<=[0-9日号])[T ]*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?Z?$")
_AMBIGUOUS = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1([0-9]{4}|[0-9]{1,2})|[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}[日号]?")


def written_day(text: str) -> tuple[date | None, str]:
    """A day from text, or what is wrong: E211 no day, E212 ambiguous, E213 out of range, E239 not in the calendar."""
    plain = _arabic(_TIME.sub("", text.strip())).replace(" ", "")
    for form in _WRITTEN:
        if found := form.fullmatch(plain):
            year, month, day = (int(part) for part in found.groups() if part.isdigit())
            return _day(year, month, day)
    return None, "E212" if _AMBIGUOUS.fullmatch(plain) else "E211"


def _day(year: int, month: int, day: int) -> tuple[date | None, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None, "E213"
    try:
        return date(year, month, day), ""
    except ValueError:
        return None, "E239"


def _arabic(text: str) -> str:
    """Chinese numerals of a day in Arabic digits: 二〇二〇年十二月二十三日 → 2020年12月23日."""
    if not any(char in text for char in _NUMERALS) and "十" not in text:
        return text
    return re.sub(r"[〇零○◯一二三四五六七八九十]+", lambda found: _numeral(found[0]), text)


def _numeral(word: str) -> str:
    tens, ten, ones = word.partition("十")
    if not ten:
        return "".join(_NUMERALS[char] for char in word)
    return (_NUMERALS.get(tens, "1") if len(tens) <= 1 else "x") + (_NUMERALS.get(ones, "0") if len(ones) <= 1 else "x")


def serial_day(raw: str, *, is_1904: bool) -> tuple[date | None, str]:
    """The day of an Excel serial number. The 60th day of 1900 never was; a time of day is dropped."""
    whole = int(Decimal(raw))
    if is_1904:
        return _counted(date(1904, 1, 1), whole)
    if whole == 60 or whole < 1:
        return None, "E213"
    return _counted(date(1899, 12, 31) if whole < 60 else date(1899, 12, 30), whole)


def _counted(start: date, days: int) -> tuple[date | None, str]:
    if not 0 <= days < 80_000:
        return None, "E213"
    day = start + timedelta(days)
    return (day, "") if day.year <= LAST_YEAR else (None, "E213")
