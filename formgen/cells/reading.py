"""What came of reading a cell: a value or none, with what was repaired, doubted or refused. Nothing is ever guessed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from formgen.cells import texts
from formgen.fields import Field
from formgen.xlsx.sheetxml import TEXT, Cell
from formgen.xlsx.styles import Style

#: code of the message catalogue and the values of its sentence
Note = tuple[str, Mapping[str, str]]


class Reading(NamedTuple):
    """What came of a cell: its value, None when there is none, and the notes on it."""

    value: Any = None
    notes: tuple[Note, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the cell holds something that could not be read."""
        return any(code.startswith("E") for code, _ in self.notes)


EMPTY = Reading()
#: what the annotated copy writes where a cell held nothing that could be copied as a value; it reads as the same error
LOST = {code: f"【{code}】" for code in ("E224", "E226")}
_LOST_CODES = {sign: code for code, sign in LOST.items()}


class Look(NamedTuple):
    """What besides its text counts of a cell: the field it belongs to, its style, the day the workbook counts from."""

    field: Field
    style: Style
    is_1904: bool


def wrong(code: str, **values: str) -> Reading:
    """No value, for one reason."""
    return Reading(None, ((code, values),))


def lost(text: str) -> str:
    """The code of the error that an annotated copy kept in place of a value, "" for any other text."""
    return _LOST_CODES.get(text.strip(), "")


def repaired(value: Any, code: str, old: str, new: str) -> Reading:
    """A value, and what was done to read it."""
    before, after = texts.both_shown(old, new)
    return Reading(value, ((code, {"old": before, "new": after}),))


def as_written(value: Any, text: str, cell: Cell, code: str) -> Reading:
    """The value, with a note when the clerk's text had to be changed to read it."""
    if cell.kind == TEXT and text != cell.text.strip():
        return repaired(value, code, cell.text, text)
    return Reading(value)


def number_text(raw: str) -> str:
    """A number as Excel shows it: 15 significant digits, no exponent. Raises ValueError for NaN and infinity."""
    try:
        number = Decimal(raw)
    except InvalidOperation as wrong:
        raise ValueError(raw) from wrong
    if not number.is_finite() or abs(number.adjusted()) > 300:
        raise ValueError(raw)
    if len(number.as_tuple().digits) > 15:
        number = number.normalize().__round__(14 - number.adjusted())
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_number(text: str) -> bool:
    """Whether the raw text of a number cell is a finite number."""
    try:
        number_text(text)
    except ValueError:
        return False
    return True
