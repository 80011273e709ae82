"""What a paper comes from besides its case: the program, its libraries, the templates, the law; each with a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from formgen import __version__
from formgen.papers.forms import Form

#: Libraries whose version can change the bytes of a paper.
LIBRARIES = (
    "docxtpl",
    "python-docx",
    "lxml",
    "Jinja2",
    "openpyxl",
    "pypdf",
    "fonttools",
    "isal",
    "pylopdf-fonts-zh-cn",
)


@cache
def program() -> str:
    """The digest of the program's own files: code, words, figures."""
    package = Path(__file__).parents[1]
    total = hashlib.sha256()
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if path.suffix in (".py", ".toml", ".html", ".xml") and inside.parts[0] not in ("templates", "input"):
            total.update(inside.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


@cache
def libraries() -> dict[str, str]:
    """Name and version of each library that is installed."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def of_form(form: Form) -> str:
    """The digest of a paper's whole folder: form.toml, template and what else lies there."""
    total = hashlib.sha256()
    for path in sorted(
        path for path in form.folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~"))
    ):
        total.update(path.relative_to(form.folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def fonts(chosen: Iterable[Form], *, is_pdf: bool) -> dict[str, dict[str, str]]:
    """The fonts that printed papers rest on, with their digests; none where only Word papers are made."""
    if not is_pdf and not any(form.kind == "pdf" for form in chosen):
        return {}
    from formgen.pdf import fonts

    return {role: dict(told) for role, told in fonts.inventory().items()}


def whole(*parts: object) -> str:
    """One digest of parts that JSON can hold, on top of version, program and libraries."""
    told = (__version__, program(), libraries(), parts)
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=repr, ensure_ascii=True).encode()).hexdigest()


def forms(chosen: Iterable[Form]) -> dict[str, str]:
    """The digest of each paper's folder by its id."""
    return {form.id: of_form(form) for form in chosen}
