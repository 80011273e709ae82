"""Which templates are known to be proved: a trial takes a fifth of a second, and the shipped templates had theirs.

``data/proved-templates.txt`` holds a line for each shipped template: its digest and the versions it was proved with. A
test proves them again and keeps the list true. Any other template is proved when it is loaded.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from formgen.word import WordTemplate, load

NAME = "proved-templates.txt"


def proved(path: Path) -> WordTemplate:
    """The template in that file, compiled and proved; filled by docxtpl where the proof failed. Raises FormgenError."""
    template = load(path)
    if template.is_compiled and line(path) not in _known():
        template.trial()
    return template


def line(path: Path) -> str:
    """The line of the list that says that this template is proved with the versions that are installed."""
    parts = (f"{name}={version(name)}" for name in ("docxtpl", "python-docx", "jinja2"))
    return " ".join((hashlib.sha256(path.read_bytes()).hexdigest(), *parts))


@cache
def _known() -> frozenset[str]:
    listed = files("formgen") / "data" / NAME
    return frozenset(listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else ())
