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
WEIGHTS = {
    "zh": {"E": "错误", "W": "警告", "R": "已修正", "I": "提示"},
    "en": {"E": "error", "W": "warning", "R": "repaired", "I": "note"},
}


@cache
def catalogue(lang: str = "zh") -> Mapping[str, Mapping[str, str]]:
    """Every message by its code, each with ``what`` and, where something can be done, ``do``."""
    return tomllib.loads((files("formgen") / "data" / f"messages.{lang}.toml").read_text(encoding="utf-8"))


def words(code: str, values: Mapping[str, str] | None = None, *, lang: str = "zh", part: str = "what") -> str:
    """One part of a message with its values filled in; empty when the message has no such part. Raises KeyError."""
    return catalogue(lang)[code].get(part, "").format_map(values or {})


def sentence(finding: Finding, *, lang: str = "zh") -> str:
    """A finding as one line: place, weight and code, what is wrong, what to do."""
    what = words(finding.code, finding.values, lang=lang)
    remedy = words(finding.code, finding.values, lang=lang, part="do")
    colon, arrow = ("：", " → ") if lang == "zh" else (": ", " -> ")
    weight = WEIGHTS[lang].get(finding.code[0], finding.code[0])
    place = f"{finding.place}{colon}" if str(finding.place) else ""
    return f"{place}{weight} {finding.code} {what}{arrow + remedy if remedy else ''}"
