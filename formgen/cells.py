"""What a cell says: its raw text made into a value of its field's type, with what was repaired, doubted or refused.

A value is None when the cell is empty or cannot be read; nothing is ever guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from formgen import dates, identity, masks, texts
from formgen.fields import Field
from formgen.sheetxml import BOOLEAN, DAMAGED, ERROR, ISO_DATE, NUMBER, TEXT, Cell
from formgen.styles import Style

MAX_YUAN = Decimal(10) ** 10
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E[+\-]?[0-9]{1,3}", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_CASE_NO = re.compile(r"[A-Za-z0-9._\-㐀-䶿一-鿿豈-﫿𠀀-𲎯〇]+")
_SPLIT = re.compile(r"[、;；,，/\n]+")
_YES = frozenset(["是", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "v"])
_NO = frozenset(["否", "×", "✗", "✘", "x", "n", "no", "false", "0"])

#: code of the message catalogue and the values of its sentence
Note = tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a cell: its value, None when there is none, and the notes on it."""

    value: Any = None
    notes: tuple[Note, ...] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the cell holds something that could not be read."""
        return any(code.startswith("E") for code, _ in self.notes)


EMPTY = Reading()


class Look(NamedTuple):
    """What besides its text counts of a cell: the field it belongs to, its style, the day the workbook counts from."""

    field: Field
    style: Style
    is_1904: bool


def reading(cell: Cell, field: Field, style: Style, *, is_1904: bool = False) -> Reading:
    """The value of a cell by the type of its field, with notes; EMPTY for a cell without content."""
    if cell.kind == TEXT and not texts.without_blanks(cell.text):
        return EMPTY
    if cell.kind == ERROR:
        return _wrong("E225", error=cell.text[:20])
    if cell.kind == DAMAGED:
        return _wrong("E226")
    if cell.has_formula and not cell.text:
        return _wrong("E224")
    made = _BY_TYPE[field.type](cell, Look(field, style, is_1904))
    if cell.has_formula and field.is_required and not made.is_wrong:
        return Reading(made.value, (*made.notes, ("W207", {})))
    return made


def _wrong(code: str, **values: str) -> Reading:
    return Reading(None, ((code, values),))


def _repaired(value: Any, code: str, old: str, new: str) -> Reading:
    return Reading(value, ((code, {"old": texts.shown(old), "new": texts.shown(new)}),))


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


# ── text ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(cell: Cell, look: Look) -> Reading:
    if cell.kind == BOOLEAN:
        return Reading("TRUE" if cell.text == "1" else "FALSE")
    if cell.kind == NUMBER:
        return _number_as_text(cell, look)
    plain = texts.prose(cell.text)
    odd = texts.bad_character(plain)
    if odd.startswith("U+D"):  # half a character: no file can hold it
        return _wrong("E227", point=odd)
    if odd:
        return Reading(plain, (("W206", {"point": odd}),))
    return Reading(plain) if plain == cell.text.strip() else _repaired(plain, "R202", cell.text, plain)


def _number_as_text(cell: Cell, look: Look) -> Reading:
    if look.style.is_date:
        day, code = dates.serial_day(cell.text, is_1904=look.is_1904) if _is_number(cell.text) else (None, "E233")
        return _wrong(code, text=texts.shown(cell.text)) if day is None else Reading(day.isoformat())
    try:
        text = number_text(cell.text)
    except ValueError:
        return _wrong("E233", text=texts.shown(cell.text))
    digits = re.sub(r"\D", "", text).strip("0")
    return _wrong("E228") if len(digits) >= 15 or len(text) > 15 else Reading(text)


def _is_number(text: str) -> bool:
    try:
        number_text(text)
    except ValueError:
        return False
    return True


def _name(cell: Cell, look: Look) -> Reading:
    if cell.kind != TEXT:
        return _wrong("E229", text=texts.shown(cell.text))
    plain = texts.person(cell.text)
    if odd := texts.bad_character(plain):
        return _wrong("E227", point=odd)
    notes: list[Note] = []
    if plain != cell.text.strip(" "):
        notes.append(("R208", {"old": texts.shown(cell.text), "new": texts.shown(plain)}))
    if re.search(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]", plain):
        notes.append(("W205", {"text": texts.shown(plain)}))
    return Reading(plain, tuple(notes))


# ── identifiers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _identified(cell: Cell, look: Look, mask: Callable[[str], str]) -> tuple[str, list[Note]]:
    """The clean text of an identifier and a note for each repair, numbers masked."""
    text, repairs = texts.identifier(cell.text)
    return text, [(code, {"old": mask(old), "new": mask(new)}) for code, old, new in repairs]


def _case_no(cell: Cell, look: Look) -> Reading:
    if cell.kind == NUMBER:
        plain = number_text(cell.text) if _is_number(cell.text) else cell.text
        cell = Cell(cell.column, TEXT, plain, cell.style)
    text, notes = _identified(cell, look, texts.shown)
    if re.search(r"[0-9]{15}", text):
        return _wrong("E231")
    if len(text) > 60:
        return _wrong("E235", length=str(len(text)))
    if not _CASE_NO.fullmatch(text) or _DEVICES.fullmatch(text) or text.endswith(".") or text.startswith(".."):
        return _wrong("E230", text=texts.shown(text))
    return Reading(text, tuple(notes))


def _id(cell: Cell, look: Look) -> Reading:
    if cell.kind != TEXT or _SCIENTIFIC.fullmatch(texts.word(cell.text)):
        return _wrong("E206" if cell.kind != TEXT else "E208")
    text, notes = _identified(cell, look, masks.id_number)
    if text.endswith("x") and len(text) == 18:
        text = text[:-1] + "X"
        notes.append(("R207", {"new": masks.id_number(text)}))
    if fault := identity.id_fault(text):
        return _wrong(fault, masked=masks.id_number(text), length=str(len(text)))
    if doubt := identity.id_doubt(text):
        notes.append((doubt, {"masked": masks.id_number(text)}))
    return Reading(text, tuple(notes))


def _card(cell: Cell, look: Look) -> Reading:
    if cell.kind != TEXT or _SCIENTIFIC.fullmatch(texts.word(cell.text)):
        return _wrong("E207" if cell.kind != TEXT else "E208")
    text, notes = _identified(cell, look, masks.card)
    if re.fullmatch(r"[0-9]+(-[0-9]+)+", text):
        notes.append(("R202", {"old": masks.card(text), "new": masks.card(text.replace("-", ""))}))
        text = text.replace("-", "")
    if fault := identity.card_fault(text):
        return _wrong(fault, masked=masks.card(text), length=str(len(text)))
    if doubt := identity.card_doubt(text):
        notes.append((doubt, {"masked": masks.card(text)}))
    return Reading(text, tuple(notes))


def _phone(cell: Cell, look: Look) -> Reading:
    notes: list[Note] = []
    if cell.kind == TEXT:
        text, notes = _identified(cell, look, masks.phone)
    elif cell.kind == NUMBER and _is_number(cell.text) and len(number_text(cell.text)) <= 15:
        text = number_text(cell.text)
        notes = [("R209", {"new": masks.phone(text)})]
    else:
        return _wrong("E210", masked="")
    plain = re.sub(r"[()（）]", "-", text.removeprefix("+86").removeprefix("+")).strip("-").replace("--", "-")
    plain = re.sub(r"[—–－转]", "-", plain)
    if plain != text:
        notes.append(("R202", {"old": masks.phone(text), "new": masks.phone(plain)}))
    if not all(identity.is_phone(one) for one in _SPLIT.split(plain)):
        return _wrong("E210", masked=masks.phone(text))
    return Reading(plain, tuple(notes))


# ── days and years ──────────────────────────────────────────────────────────────────────────────────────────────────


def _date(cell: Cell, look: Look) -> Reading:
    if cell.kind == NUMBER:
        return _date_of_number(cell.text, look)
    if cell.kind not in (TEXT, ISO_DATE):
        return _wrong("E211", text=texts.shown(cell.text))
    plain = texts.identifier(cell.text.strip())[0] if not cell.text.isascii() else cell.text.strip()
    day, code = dates.written_day(plain)
    if day is None:
        return _wrong(code, text=texts.shown(cell.text))
    return Reading(day) if _is_usual(cell, day) else _repaired(day, "R204", cell.text, day.isoformat())


def _is_usual(cell: Cell, day: date) -> bool:
    """Whether the day is written in the one form that needs no mention."""
    return cell.kind == ISO_DATE or cell.text.strip() in (day.isoformat(), f"{day.isoformat()} 00:00:00")


def _date_of_number(raw: str, look: Look) -> Reading:
    if not _is_number(raw):
        return _wrong("E211", text=texts.shown(raw))
    plain = number_text(raw)
    if re.fullmatch(r"(19|20)[0-9]{6}", plain):
        day, code = dates.written_day(plain)
        return _wrong(code, text=plain) if day is None else _repaired(day, "R204", plain, day.isoformat())
    if not look.style.is_date:
        return _wrong("E234", text=texts.shown(plain))
    day, code = dates.serial_day(raw, is_1904=look.is_1904)
    return _wrong(code, text=texts.shown(plain)) if day is None else Reading(day)


def _year(cell: Cell, look: Look) -> Reading:
    text = number_text(cell.text) if cell.kind == NUMBER and _is_number(cell.text) else texts.word(cell.text)
    bare = re.sub(r"年度?$", "", text)
    if look.style.is_date and cell.kind == NUMBER and len(bare) != 4:
        return _wrong("E222", text=texts.shown(text))
    if not re.fullmatch(r"(19|20)[0-9]{2}", bare):
        return _wrong("E222", text=texts.shown(text))
    return Reading(int(bare)) if bare == cell.text.strip() else _repaired(int(bare), "R204", cell.text, bare)


# ── numbers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _amount_text(cell: Cell, look: Look) -> tuple[str, str]:
    """The number in a cell as plain text, and the code of what is wrong; separators and signs of yuan are dropped."""
    if cell.kind == NUMBER:
        if look.style.is_date or look.style.is_percent:
            return "", "E236"
        return (number_text(cell.text), "") if _is_number(cell.text) else ("", "E233")
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


def _money(cell: Cell, look: Look) -> Reading:
    text, code = _amount_text(cell, look)
    if code:
        return _wrong(code, text=texts.shown(cell.text))
    amount = Decimal(text)
    if amount != amount.quantize(Decimal("0.01")):
        return _wrong("E216", text=texts.shown(text))
    if amount < 0 and not look.field.may_be_negative:
        return _wrong("E217", text=texts.shown(text))
    if abs(amount) >= MAX_YUAN:
        return _wrong("E233", text=texts.shown(text))
    return _as_written(int(amount * 100), text, cell, "R205")


def _as_written(value: Any, text: str, cell: Cell, code: str) -> Reading:
    """The value, with a note when the clerk's text had to be changed to read it."""
    if cell.kind == TEXT and texts.shown(text) != texts.shown(cell.text.strip()):
        return _repaired(value, code, cell.text, text)
    return Reading(value)


def _decimal(cell: Cell, look: Look) -> Reading:
    text, code = _amount_text(cell, look)
    if code or abs(Decimal(text)) >= MAX_YUAN:
        return _wrong(code or "E233", text=texts.shown(cell.text))
    if Decimal(text) < 0:
        return _wrong("E217", text=texts.shown(text))
    return _as_written(Decimal(text), text, cell, "R205")


def _integer(cell: Cell, look: Look) -> Reading:
    text, code = _amount_text(cell, look)
    if code or not re.fullmatch(r"[0-9]{1,5}", text):
        return _wrong("E218", text=texts.shown(cell.text))
    return _as_written(int(text), text, cell, "R205")


# ── words of a list ─────────────────────────────────────────────────────────────────────────────────────────────────


def _plain_word(cell: Cell) -> str:
    return number_text(cell.text) if cell.kind == NUMBER and _is_number(cell.text) else texts.word(cell.text)


def _choice(cell: Cell, look: Look) -> Reading:
    text = _plain_word(cell)
    if text in look.field.choices:
        return _as_written(text, text, cell, "R202")
    if look.field.is_open:
        return _text(cell, look)
    return _wrong("E219", text=texts.shown(text), choices="、".join(look.field.choices))


def _choices(cell: Cell, look: Look) -> Reading:
    words = tuple(dict.fromkeys(word for word in _SPLIT.split(_plain_word(cell).replace(" ", "")) if word))
    strange = [word for word in words if word not in look.field.choices]
    if strange:
        return _wrong("E221", text=texts.shown("、".join(strange)), choices="、".join(look.field.choices))
    return Reading(words)


def _flag(cell: Cell, look: Look) -> Reading:
    text = ("true" if cell.text == "1" else "false") if cell.kind == BOOLEAN else _plain_word(cell)
    true, false = look.field.choices
    if text in (true, false):
        return _as_written(text == true, text, cell, "R202")
    said = text.casefold()
    if said in _YES or said in _NO:
        return _repaired(said in _YES, "R206", cell.text, true if said in _YES else false)
    return _wrong("E220", text=texts.shown(text), choices=f"{true}、{false}")


_BY_TYPE: Mapping[str, Callable[[Cell, Look], Reading]] = {
    "text": _text,
    "folder": _text,
    "name": _name,
    "case_no": _case_no,
    "id": _id,
    "card": _card,
    "phone": _phone,
    "date": _date,
    "year": _year,
    "money": _money,
    "decimal": _decimal,
    "integer": _integer,
    "choice": _choice,
    "choices": _choices,
    "flag": _flag,
}
