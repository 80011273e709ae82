"""Names of files made from what people typed: safe on every system, short, and telling nobody's number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

LONGEST, LONGEST_BYTES = 100, 200
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9])", re.IGNORECASE)
_NUMBER = re.compile(r"\d{15,}[\dXx]?")  # an ID or a bank account has no business in a file name
_FORBIDDEN = frozenset('\\/:*?"<>|')


def shown(path: Path) -> str:
    """The file by its name and that of its folder: enough to find it, and nothing of where somebody's files lie."""
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def safe(text: str, *, otherwise: str = "未命名") -> str:
    """One part of a path from `text`: as it stands when it is safe, else cleaned; `otherwise` when nothing is left.

    The same again when applied again.
    """
    if is_safe(text):
        return text
    name = _NUMBER.sub("", unicodedata.normalize("NFKC", text))
    name = _shortened("".join("-" if _is_bad(char) else char for char in name).lstrip("~$-. ").rstrip("-. "))
    if _RESERVED.fullmatch(_stem(name)):
        name = f"_{name}"
    return name if is_safe(name) else otherwise


@lru_cache(4096)
def is_safe(part: str) -> bool:
    """Whether one part of a path may be written as it stands on every system."""
    plain = unicodedata.normalize("NFKC", part)
    return (
        0 < len(part) <= LONGEST
        and len(part.encode(errors="replace")) <= LONGEST_BYTES
        and not plain.startswith((".", "~$", " "))
        and not plain.endswith((".", " "))
        and not _RESERVED.fullmatch(_stem(plain))
        and not _NUMBER.search(plain)
        and not any(_is_bad(char) for char in part)
    )


def unique(names: Iterable[str]) -> Iterator[str]:
    """The names in order, a later one that only differs in case or width followed by -2, -3, …"""
    taken: set[str] = set()
    for name in names:
        made, number = name, 1
        while unicodedata.normalize("NFKC", made).casefold() in taken:
            number += 1
            made = f"{name}-{number}"
        taken.add(unicodedata.normalize("NFKC", made).casefold())
        yield made


def _is_bad(char: str) -> bool:
    return char in _FORBIDDEN or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _stem(name: str) -> str:
    return name.split(".")[0].strip()


def _shortened(name: str) -> str:
    while len(name) > LONGEST - 1 or len(name.encode(errors="replace")) > LONGEST_BYTES - 1:
        name = name[:-1]
    return name.rstrip("-. ")
