"""Which templates have been proved on this machine: a trial takes a fifth of a second, so it is made once a template.

The list stands in the user's data folder and holds digests of templates with the versions of all that takes part. It is
a saving only: without it, or where it cannot be written, templates are proved again.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from formgen import __version__, home
from formgen.word import WordTemplate, load

NAME = "proved-templates.txt"


def proved(path: Path) -> WordTemplate:
    """The template in that file, compiled and proved; filled by docxtpl where the proof failed. Raises FormgenError."""
    template = load(path)
    key = f"{hashlib.sha256(path.read_bytes()).hexdigest()} {_versions()}"
    if template.is_compiled and key not in _known() and template.trial().is_proved:
        _remember(key)
    return template


@cache
def _versions() -> str:
    parts = (f"{name}={version(name)}" for name in ("docxtpl", "python-docx", "jinja2", "lxml"))
    return " ".join((f"formgen={__version__}", *parts))


def _known() -> frozenset[str]:
    try:
        return frozenset((home.folder() / NAME).read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        return frozenset()


def _remember(key: str) -> None:
    try:
        home.folder().mkdir(parents=True, exist_ok=True)
        with (home.folder() / NAME).open("a", encoding="utf-8") as known:
            known.write(key + "\n")
    except OSError:
        return  # proved again next time
