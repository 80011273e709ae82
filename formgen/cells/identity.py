"""Identity numbers, bank cards and phones: what makes one valid, as a message code. Pure functions on clean text."""

from __future__ import annotations

import re
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
#: First two digits of a division code (GB/T 2260).
PROVINCES = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83)
)
#: Residence permits of Taiwan, Hong Kong and Macau, and the card of a foreign permanent resident.
_PERMITS = ("71", "81", "82", "83", "9")
_ID = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0[0-9]{2,3}-?)?[1-9][0-9]{6,7}(?:-[0-9]{1,6})?")
_SERVICE = re.compile(r"[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{4}|9[56][0-9]{3,4}")


def check_digit(first17: str) -> str:
    """The 18th character of an identity number (GB 11643-1999, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _WEIGHTS, strict=True))
    return _CHECK[total % 11]


def id_fault(number: str) -> str:
    """The code of what is wrong with an identity number, "" when nothing is. `number` is clean, its X a capital."""
    if re.fullmatch(r"[0-9]{15}", number):
        return "E232"
    if len(number) != 18:
        return "E202"
    if not _ID.fullmatch(number):
        return "E203"
    if int(number[:2]) not in PROVINCES and number[0] != "9":
        return "E205"
    if birth_date(number) is None:
        return "E204"
    return "" if check_digit(number[:17]) == number[17] else "E201"


def id_doubt(number: str) -> str:
    """The code of a doubt about a valid identity number, "" when there is none."""
    if number.endswith("000"):
        return "W202"
    return "W208" if number.startswith(_PERMITS) else ""


def birth_date(number: str) -> date | None:
    """The day of birth in an 18-digit number; None when there is no such day or it lies before 1900."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if 1900 <= born.year <= 2100 else None


def sex(number: str) -> str:
    """男 or 女 by the 17th digit."""
    return "男" if int(number[16]) % 2 else "女"


def card_fault(number: str) -> str:
    """The code of what is wrong with a card number, "" when nothing is."""
    return "" if re.fullmatch(r"[0-9]{16,19}", number) else "E209"


def card_doubt(number: str) -> str:
    """The code of a doubt about a card number, "" when there is none."""
    if number.endswith("000"):
        return "W204"
    return "" if luhn(number) else "W203"


def luhn(number: str) -> bool:
    """Whether the last digit is the check digit of Luhn (GB/T 15120)."""
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


def is_phone(number: str) -> bool:
    """Whether this is one mobile, landline or service number."""
    return any(form.fullmatch(number) for form in (_MOBILE, _LANDLINE, _SERVICE))
