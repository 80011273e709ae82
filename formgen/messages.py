"""The words of the program: code → sentence, in Chinese and English, from ``data/messages.*.toml``.

A message is a table ``[E201]`` with ``what`` and ``do``, both with ``{names}`` to be filled from the finding's values.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from formgen.model import Finding

LANGUAGES = ("zh", "en")
_NESTED = ("why", "hint")
WEIGHTS = {
    "zh": {"E": "错误", "W": "警告", "R": "已修正", "I": "提示"},
    "en": {"E": "error", "W": "warning", "R": "repaired", "I": "note"},
}


class FormgenError(Exception):
    """Our own data or the environment is wrong: a finding that names file and remedy. Ends with exit code 4.

    ``more`` are notes that belong to it. As text it is Chinese; the command line words it in the language spoken.
    """

    def __init__(self, finding: Finding, *more: Finding) -> None:
        self.finding, self.more = finding, more

    def __str__(self) -> str:
        return told(self)


class MaterialError(FormgenError):
    """What was handed to the program is wrong, and nothing of its own: a name, a file, a key. Ends with exit code 3."""


@cache
def catalogue(lang: str = "zh") -> Mapping[str, Mapping[str, str]]:
    """Every message by its code, each with ``what`` and, where something can be done, ``do``."""
    return tomllib.loads((files("formgen") / "data" / f"messages.{lang}.toml").read_text(encoding="utf-8"))


def words(code: str, values: Mapping[str, object] | None = None, *, lang: str = "zh", part: str = "what") -> str:
    """One part of a message with its values filled in; empty when the message has no such part. Raises KeyError.

    A value ``why`` or ``hint`` that is a code stands for the words of that code, filled from the same values.
    """
    known, given = catalogue(lang), values or {}
    inner = {name: known[str(given[name])]["what"].format_map(given) for name in _NESTED if given.get(name) in known}
    return known[code].get(part, "").format_map({**given, **inner} if inner else given)


def advice(code: str, values: Mapping[str, object] | None = None, *, lang: str = "zh") -> str:
    """What is wrong and what to do, as one line without place and weight."""
    what, remedy = (words(code, values, lang=lang, part=part) for part in ("what", "do"))
    arrow = " → " if lang == "zh" else " -> "
    return f"{what}{arrow + remedy if remedy else ''}"


def sentence(finding: Finding, *, lang: str = "zh") -> str:
    """A finding as one line: place, weight and code, what is wrong, what to do."""
    colon = "：" if lang == "zh" else ": "
    weight = WEIGHTS[lang].get(finding.code[0], finding.code[0])
    place = f"{finding.place}{colon}" if str(finding.place) else ""
    return f"{place}{weight} {finding.code} {advice(finding.code, finding.values, lang=lang)}"


def told(error: FormgenError, *, lang: str = "zh") -> str:
    """An error with its notes, a line each."""
    return "\n".join(sentence(finding, lang=lang) for finding in (error.finding, *error.more))
