"""TOML files that people write: read whole, or refused with the line that cannot be read."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from formgen import names
from formgen.messages import FormgenError
from formgen.model import Finding, Place

_LINE = re.compile(r"\(at line (\d+),")


def read(path: Path) -> dict:
    """What the file says. Raises FormgenError, with the line, where it is no TOML in UTF-8."""
    place = Place(names.shown(path))
    try:
        text = path.read_text(encoding="utf-8-sig")  # editors on Windows put a mark in front
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise FormgenError(Finding("E901", place, {"line": line(wrong, text)})) from wrong
    except UnicodeDecodeError as wrong:
        raise FormgenError(Finding("E902", place)) from wrong


def line(wrong: tomllib.TOMLDecodeError, text: str) -> str:
    """The number of the line that cannot be read; the last one where something is missing at the end."""
    found = _LINE.search(str(wrong))
    return found[1] if found else str(len(text.splitlines()))
