"""Cells that hold an identifier: case number, identity number, bank card, phone. A long number is never repaired."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from formgen import masks
from formgen.cells import identity, texts
from formgen.cells.reading import Look, Note, Reading, is_number, number_text, wrong
from formgen.xlsx.sheetxml import NUMBER, TEXT, Cell

LONGEST = 60  # characters of a case number
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?E\s*[+\-]?\s*[0-9]{1,3}", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9][0-9]-[0-9]{4}-[0-9]{4}")
_SPLIT = re.compile(r"[、;；,，/\n]+")
_CREDENTIAL = re.compile(r"[0-9]{15}")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_CASE_NO = re.compile(r"[A-Za-z0-9._\-㐀-䶿一-鿿豈-﫿𠀀-𲎯〇]+")


def _identified(cell: Cell, mask: Callable[[str], str]) -> tuple[str, list[Note]]:
    """The clean text of an identifier and a note for each repair, numbers masked."""
    text, repairs = texts.identifier(cell.text)
    return text, _notes(repairs, text, mask)


def _notes(repairs: list[texts.Repair], clean: str, mask: Callable[[str], str]) -> list[Note]:
    return [(code, {"old": _traced(old, clean, mask), "new": _traced(new, clean, mask)}) for code, old, new in repairs]


def _traced(written: str, clean: str, mask: Callable[[str], str]) -> str:
    """What was written as the mask shows the clean number, with what is to be repaired left to be seen.

    A hidden character stays a star, a wide one where it was written in full width: no digit is shown that is masked.
    """
    masked, made, at = mask(clean), list[str](), 0
    for char in written:
        meant = texts.without_blanks(unicodedata.normalize("NFKC", char))
        if not meant or not clean.startswith(meant, at):
            made.append("*" if char.isalnum() else char)
            continue
        part = masked[at : at + len(meant)]
        made.append(char if part == meant else "*" if char == meant else "＊")
        at += len(meant)
    return texts.shown("".join(made)) if at == len(clean) == len(masked) else mask(written)


def typed_case_no(cell: Cell | None) -> str:
    """What stands in a cell of 档案编号, usable or not, with long numbers hidden; "" for an empty cell."""
    if cell is None:
        return ""
    text = texts.case_number(_as_text(cell).text)[0]
    closed = text.replace(" ", "")
    return masks.hide_numbers(closed if _CREDENTIAL.search(closed) else text)


def _as_text(cell: Cell) -> Cell:
    """A number cell as text, as Excel shows it."""
    if cell.kind != NUMBER or not is_number(cell.text):
        return cell
    return Cell(cell.column, TEXT, number_text(cell.text), cell.style)


def case_no(cell: Cell, look: Look) -> Reading:
    """A 档案编号: what may be a folder's name on every system, and no identity or card number."""
    text, repairs = texts.case_number(_as_text(cell).text)
    if _CREDENTIAL.search(text.replace(" ", "")):
        return wrong("E231")
    if " " in text:
        return wrong("E238", text=texts.shown(text))
    if len(text) > LONGEST:
        return wrong("E235", length=str(len(text)))
    if not _CASE_NO.fullmatch(text) or _DEVICES.fullmatch(text) or text.endswith(".") or text.startswith(".."):
        return wrong("E230", text=texts.shown(text))
    return Reading(text, tuple(_notes(repairs, text, texts.shown)))


def id_number(cell: Cell, look: Look) -> Reading:
    """An identity number of 18 characters; one kept as a number has lost its last digits for good."""
    if cell.kind != TEXT or _SCIENTIFIC.fullmatch(texts.word(cell.text)):
        return wrong("E206" if cell.kind != TEXT else "E208")
    text, notes = _identified(cell, masks.id_number)
    if text.endswith("x") and len(text) == 18:
        text = text[:-1] + "X"
        notes.append(("R207", {"new": masks.id_number(text)}))
    if fault := identity.id_fault(text):
        return wrong(fault, masked=masks.id_number(text), length=str(len(text)))
    if doubt := identity.id_doubt(text):
        notes.append((doubt, {"masked": masks.id_number(text)}))
    return Reading(text, tuple(notes))


def card(cell: Cell, look: Look) -> Reading:
    """A bank card number of 16 to 19 digits; one kept as a number has lost its last digits for good."""
    if cell.kind != TEXT or _SCIENTIFIC.fullmatch(texts.word(cell.text)):
        return wrong("E207" if cell.kind != TEXT else "E208")
    text, notes = _identified(cell, masks.card)
    if re.fullmatch(r"[0-9]+(-[0-9]+)+", text):
        plain = text.replace("-", "")
        notes.append(("R210", {"old": _traced(text, plain, masks.card), "new": masks.card(plain)}))
        text = plain
    if fault := identity.card_fault(text):
        return wrong(fault, masked=masks.card(text), length=str(len(text)))
    if doubt := identity.card_doubt(text):
        notes.append((doubt, {"masked": masks.card(text)}))
    return Reading(text, tuple(notes))


def phone(cell: Cell, look: Look) -> Reading:
    """One phone number or several; a number cell is taken when all its digits are there."""
    notes: list[Note] = []
    if cell.kind == TEXT:
        text, notes = _identified(cell, masks.phone)
    elif cell.kind == NUMBER and is_number(cell.text) and len(number_text(cell.text)) <= 15:
        text = number_text(cell.text)
        notes = [("R209", {"new": masks.phone(text)})]
    else:
        return wrong("E210", masked="")
    plain = re.sub(r"[()—–转]+|--+", "-", text.removeprefix("+86")).strip("-")
    if _MOBILE.fullmatch(plain):
        plain = plain.replace("-", "")
    if plain != text:
        notes.append(("R210", {"old": masks.phone(text), "new": masks.phone(plain)}))
    if not all(identity.is_phone(one) for one in _SPLIT.split(plain)):
        return wrong("E210", masked=masks.phone(text))
    return Reading(plain, tuple(notes))
