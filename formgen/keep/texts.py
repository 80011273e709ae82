"""What people give for logs and papers to say: who, why, by which document. Never blank, never a number of a person."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from formgen.keep import access
from formgen.model import Finding, Place


def is_blank(text: str) -> bool:
    """Whether a text says nothing: no letter, no digit; blanks of any width and bare punctuation name nobody."""
    return not any(map(str.isalnum, text))


def refusals(place: Place, given: Mapping[str, str], *more: str) -> tuple[Finding, ...]:
    """Why texts cannot stand in a log: one that must be given is blank, or one holds a number of a person.

    ``given`` goes by the option of the command line that asks for it; ``more`` are texts that may be left empty.
    """
    found = [Finding("E940", place, {"option": f"--{name}"}) for name, text in given.items() if is_blank(text)]
    if any(map(access.tells, (*given.values(), *more))):
        found.append(Finding("E745", place))
    return tuple(found)


def same_person(one: str, other: str) -> bool:
    """Whether two names or staff numbers mean the same person: width, case and blanks do not count."""
    return _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
