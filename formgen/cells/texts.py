"""Text as clerks leave it: what can be repaired without a guess, and how it may be shown in a message."""

from __future__ import annotations

import re
import unicodedata

SHOWN = 30  # characters of a cell that a message repeats
_LONG_NUMBER = re.compile(r"(?:\d[\s\-－—_.,·]{0,2}){8,}[\dXxＸｘ]")
_QUOTES = "'‘’＇`"
_DOTS = str.maketrans(dict.fromkeys("•‧・．∙⋅･", "·"))
_INVISIBLE = frozenset(("Cf", "Cc", "Zs", "Zl", "Zp"))
_CLEAN_ASCII = re.compile(r"[!-~]*")

#: A repair: its message code, the text before and after.
Repair = tuple[str, str, str]


def identifier(text: str) -> tuple[str, list[Repair]]:
    """A number or code without apostrophe, full-width forms, blanks and invisible characters; every repair listed."""
    if _CLEAN_ASCII.fullmatch(text) and text[:1] not in _QUOTES:
        return text, []
    repairs: list[Repair] = []
    for code, step in (("R202", without_blanks), ("R203", _unquoted), ("R201", _half_width)):
        if (new := step(text)) != text:
            repairs.append((code, text, new))
            text = new
    return text, repairs


def case_number(text: str) -> tuple[str, list[Repair]]:
    """A 档案编号 as ``identifier`` gives it; one with blanks inside keeps them, single, and is not repaired."""
    if _CLEAN_ASCII.fullmatch(text) and text[:1] not in _QUOTES:
        return text, []
    parts = without_controls(text).split()
    return (" ".join(parts), []) if len(parts) > 1 else identifier(text)


def _unquoted(text: str) -> str:
    return text.lstrip(_QUOTES)


def _half_width(text: str) -> str:
    new = without_blanks(unicodedata.normalize("NFKC", text)).lstrip(_QUOTES)
    return new if new == text else _half_width(new)  # a blank gone may let two characters become one


def without_blanks(text: str) -> str:
    """Text without blanks, controls and characters nobody sees."""
    if text.isprintable() and " " not in text:
        return text
    return "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)


def word(text: str) -> str:
    """A word of a list as it is compared: NFKC, without blanks and invisible characters."""
    if text.isascii():
        return text.strip()
    new = without_blanks(text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text))
    return new if new == text else word(new)  # a blank gone may let two characters become one


def prose(text: str) -> str:
    """Free text without invisible characters, blanks at its ends and stray controls; line breaks stay."""
    if text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\v", "\n")
    return "".join(char for char in lines if char == "\n" or unicodedata.category(char) not in ("Cf", "Cc")).strip()


def person(text: str) -> str:
    """A name: no blanks between Chinese characters, one kind of middle dot, nothing invisible; never NFKC."""
    plain = " ".join(without_controls(text).translate(_DOTS).split())
    return plain if re.search(r"[A-Za-z]", plain) else plain.replace(" ", "")


def without_controls(text: str) -> str:
    """Text without format and control characters, blanks kept."""
    if text.isprintable():
        return text
    return "".join(
        " " if unicodedata.category(c) in ("Zs", "Zl", "Zp") or c in "\t\r\n" else c
        for c in text
        if c in "\t\r\n" or unicodedata.category(c) not in ("Cf", "Cc")
    )


def bad_character(text: str) -> str:
    """The code point of the first character that does not print the same everywhere, "" when all do."""
    if text.isprintable():
        return ""
    for char in text:
        if unicodedata.category(char) in ("Co", "Cn", "Cs", "Cc") and char not in "\n\t":
            return f"U+{ord(char):04X}"
    return ""


def shown(text: str) -> str:
    """Text for a message: long numbers masked, invisible characters named, cut to a glance."""
    return _glance(_seen(text))


def both_shown(old: str, new: str) -> tuple[str, str]:
    """Two texts for a message that names a repair; of long ones the part where they differ."""
    before, after = _seen(old), _seen(new)
    same = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    if same < SHOWN - 2:
        return _glance(before), _glance(after)
    return f"…{_glance(before[same - 5 :])}", f"…{_glance(after[same - 5 :])}"


def _seen(text: str) -> str:
    masked = _LONG_NUMBER.sub(lambda found: _masked(found[0]), text)
    masked = masked.replace("\n", "↵")
    return "".join(char if char.isprintable() else f"〔U+{ord(char):04X}〕" for char in masked)


def _glance(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _masked(text: str) -> str:
    """A long number with two thirds of it hidden."""
    keep = min(4, len(text) // 6)
    return text[:keep] + "*" * (len(text) - 2 * keep) + text[-keep:]
