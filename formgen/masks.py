"""Masks for what may be shown: one fixed mask a kind of number, so that two lists can never be joined to the whole.

A mask keeps the length, hides the same characters again and again, and never makes more visible than before.
"""

from __future__ import annotations

import re
import unicodedata

STAR = "*"
_BLANKS = re.compile(r"\s+")
_SLOT = re.compile(r"[\d*]")
#: 15 digits or more in a row (identity numbers, cards), an X at the end included; cards in fours; identity numbers in
#: their parts; mobile numbers and numbers with an area code, however they are grouped.
_NUMBERS = re.compile(
    r"\d{15,}[Xx]?"
    r"|(?<!\d)\d{4}(?:[ \-－·]\d{4}){3}(?:[ \-－·]?\d{1,3})?(?!\d)"
    r"|(?<!\d)\d{6}[ \-－]\d{4}[ \-－]?\d{4}[ \-－]\d{3}[\dXx](?!\d)"
    r"|(?<!\d)(?:[+＋]?86[ \-－]?)?[1１][3-9３-９]\d[ \-－]?\d{4}[ \-－]?\d{4}(?!\d)"
    r"|(?<!\d)[(（]?[0０]\d{2,3}[)）]?[ \-－—]?\d{7,8}(?!\d)"
)


def name(text: str) -> str:
    """The name with its middle hidden: 张*三, 张*, 欧**三; one character alone is hidden whole."""
    plain = _BLANKS.sub("", text)
    if len(plain) < 3:
        return plain[:1] + STAR if len(plain) == 2 else STAR * len(plain)
    return plain[0] + STAR * (len(plain) - 2) + plain[-1]


def id_number(text: str) -> str:
    """The identity number with its first two and last three characters, nothing of a shorter one.

    The usual 前六后四 hides the birth date only, which the check digit and a printed age give back.
    """
    return _ends(text, first=2, last=3, least=15)


def card(text: str) -> str:
    """The card number with its last four digits, nothing of one shorter than twelve."""
    return _ends(text, first=0, last=4, least=12)


def phone(text: str) -> str:
    """The phone number with its first three and last four digits (138****1234), a short one with its last two."""
    plain = _plain(text)
    slots = [match.start() for match in _SLOT.finditer(plain)]
    first, last = (3, 4) if len(slots) >= 11 else (0, 2)
    hidden = set(slots[first : len(slots) - last])
    if len(slots) < 7:
        hidden = set(slots)
    return "".join(STAR if at in hidden else each for at, each in enumerate(plain))


def hide_numbers(text: str) -> str:
    """A free text in which every digit of an identity, card or phone number is a star; all else stays."""
    return _NUMBERS.sub(lambda found: re.sub(r"[\dXx]", STAR, found.group()), text)


def _ends(text: str, *, first: int, last: int, least: int) -> str:
    plain = _plain(text)
    if len(plain) < least:
        return STAR * len(plain)
    return plain[:first] + STAR * (len(plain) - first - last) + plain[len(plain) - last :]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", _BLANKS.sub("", unicodedata.normalize("NFKC", text)))
