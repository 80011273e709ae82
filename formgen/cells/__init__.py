"""What a cell says: its raw text made into a value of its field's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from formgen import masks
from formgen.cells import dates, identifiers, quantities, texts
from formgen.cells.reading import EMPTY, Look, Note, Reading, as_written, is_number, lost, number_text, repaired, wrong
from formgen.fields import Field
from formgen.xlsx.sheetxml import BOOLEAN, DAMAGED, ERROR, NUMBER, TEXT, Cell
from formgen.xlsx.styles import Style

_RECURRING = frozenset(("choice", "choices", "flag", "date", "year", "integer"))
_MANY = 4_000
_known: dict[tuple[object, ...], Reading] = {}
_SPLIT = re.compile(r"[、;；,，/\n]+")
_USUAL_NAME = re.compile("[\u4e00-\u9fa5]+")
_YES = frozenset(("是", "√", "✓", "✔", "☑", "y", "yes", "true", "1", "v"))
_NO = frozenset(("否", "×", "✗", "✘", "x", "n", "no", "false", "0"))


def reading(cell: Cell, field: Field, style: Style, *, is_1904: bool = False) -> Reading:
    """The value of a cell by the type of its field, with notes; EMPTY for a cell without content."""
    text = cell.text
    if cell.kind == TEXT and (not text.isprintable() or text.isspace() or not text) and not texts.without_blanks(text):
        return EMPTY
    if cell.kind == ERROR:
        return wrong("E225", error=texts.shown(cell.text))
    if cell.kind == DAMAGED:
        return wrong("E226")
    if cell.has_formula and not cell.text:
        return wrong("E224")
    if cell.kind == TEXT and cell.text.startswith("【") and (code := lost(cell.text)):
        return wrong(code)
    made = _typed(cell, Look(field, style, is_1904))
    if cell.has_formula and field.is_required and not made.is_wrong:
        return Reading(made.value, (*made.notes, ("W207", {})))
    return made


def _typed(cell: Cell, look: Look) -> Reading:
    """The reading by the type of the field; words and days come again and again and are kept ready."""
    kind = look.field.type
    if kind not in _RECURRING:
        return _BY_TYPE[kind](cell, look)
    style = look.style
    known = (look.field.sheet, look.field.key, style.is_date, style.is_percent, look.is_1904, cell.kind, cell.text)
    made = _known.get(known)
    if made is None:
        if len(_known) >= _MANY:
            _known.clear()
        made = _known[known] = _BY_TYPE[kind](cell, look)
    return made


def _text(cell: Cell, look: Look) -> Reading:
    if cell.kind == BOOLEAN:
        return Reading("TRUE" if cell.text == "1" else "FALSE")
    if cell.kind == NUMBER:
        return _number_as_text(cell, look)
    if cell.text.isprintable():
        return Reading(cell.text.strip())
    plain = texts.prose(cell.text)
    odd = texts.bad_character(plain)
    if odd.startswith("U+D"):  # half a character: no file can hold it
        return wrong("E227", point=odd)
    if odd:
        return Reading(plain, (("W206", {"point": odd}),))
    return Reading(plain) if plain == cell.text.strip() else repaired(plain, "R202", cell.text, plain)


def _number_as_text(cell: Cell, look: Look) -> Reading:
    if look.style.is_date:
        day, code = dates.serial_day(cell.text, is_1904=look.is_1904) if is_number(cell.text) else (None, "E233")
        return wrong(code, text=texts.shown(cell.text)) if day is None else Reading(day.isoformat())
    try:
        text = number_text(cell.text)
    except ValueError:
        return wrong("E233", text=texts.shown(cell.text))
    digits = re.sub(r"\D", "", text).strip("0")
    return wrong("E228") if len(digits) >= 15 or len(text) > 15 else Reading(text)


def _name(cell: Cell, look: Look) -> Reading:
    if cell.kind != TEXT:
        return wrong("E229", text=texts.shown(cell.text))
    if _USUAL_NAME.fullmatch(cell.text):
        return Reading(cell.text)
    plain = texts.person(cell.text)
    if odd := texts.bad_character(plain):
        return wrong("E227", point=odd)
    notes: list[Note] = []
    if plain != cell.text.strip(" "):
        notes.append(("R208", {"old": _masked(cell.text), "new": _masked(plain)}))
    if re.search(r"[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]", plain):
        notes.append(("W205", {"text": _masked(plain)}))
    return Reading(plain, tuple(notes))


def _masked(name: str) -> str:
    """A name for a message: its letters masked, blanks, dots and what nobody sees kept to show what was repaired."""
    letters = iter(masks.name("".join(char for char in name if char.isalnum())))
    return texts.shown("".join(next(letters) if char.isalnum() else char for char in name))


def _plain_word(cell: Cell) -> str:
    return number_text(cell.text) if cell.kind == NUMBER and is_number(cell.text) else texts.word(cell.text)


def _choice(cell: Cell, look: Look) -> Reading:
    text = _plain_word(cell)
    if text in look.field.choices:
        return as_written(text, text, cell, "R202")
    if meant := look.field.same.get(text):
        return repaired(meant, "R206", cell.text, meant)
    if several := look.field.unclear.get(text):
        return Reading(text, (("W212", {"text": text, "choices": "、".join(several)}),))
    if look.field.is_open:
        return _text(cell, look)
    return wrong("E219", text=texts.shown(text), choices="、".join(look.field.choices))


def _choices(cell: Cell, look: Look) -> Reading:
    words = tuple(dict.fromkeys(word for word in _SPLIT.split(_plain_word(cell).replace(" ", "")) if word))
    strange = [word for word in words if word not in look.field.choices]
    if strange:
        return wrong("E221", text=texts.shown("、".join(strange)), choices="、".join(look.field.choices))
    return Reading(words)


def _flag(cell: Cell, look: Look) -> Reading:
    text = ("true" if cell.text == "1" else "false") if cell.kind == BOOLEAN else _plain_word(cell)
    true, false = look.field.choices
    if text in (true, false):
        return as_written(text == true, text, cell, "R202")
    said = text.casefold()
    if said in _YES or said in _NO:
        old = text.upper() if cell.kind == BOOLEAN else cell.text
        return repaired(said in _YES, "R206", old, true if said in _YES else false)
    return wrong("E220", text=texts.shown(text), choices=f"{true}、{false}")


_BY_TYPE: Mapping[str, Callable[[Cell, Look], Reading]] = {
    "text": _text,
    "folder": _text,
    "name": _name,
    "case_no": identifiers.case_no,
    "id": identifiers.id_number,
    "card": identifiers.card,
    "phone": identifiers.phone,
    "date": quantities.day,
    "year": quantities.year,
    "money": quantities.money,
    "decimal": quantities.decimal,
    "integer": quantities.integer,
    "choice": _choice,
    "choices": _choices,
    "flag": _flag,
}
