"""What all papers of a batch rest on besides their cases, and what of it changed since the last finished run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from formgen import __version__
from formgen.batch import stamp
from formgen.household import Union
from formgen.messages import words
from formgen.model import Finding
from formgen.papers.forms import Form

#: what a batch rests on → the message that names it
_NAMES = {"law": "I624", "unions": "I625", "program": "I626", "fonts": "I627"}


def told(
    forms: Mapping[str, str], law: str, unions: Mapping[str, Union], fonts: Mapping[str, Mapping[str, str]]
) -> list[list[str]]:
    """Name and digest of each thing, as the journal keeps them; ``forms`` holds the papers' digests by id."""
    parts = {
        "law": law,
        "unions": _digest(list(unions.values())),
        "program": _digest([__version__, stamp.program(), stamp.libraries()]),
        "fonts": _digest(fonts),
    }
    return [[name, digest] for name, digest in sorted((parts | {f"form {id}": d for id, d in forms.items()}).items())]


def changes(before: list[list[str]], now: list[list[str]], forms: Iterable[Form]) -> list[Finding]:
    """One note that names what changed; none when nothing did, or nobody knows."""
    old = dict(before)
    changed = {name for name, digest in now if old.get(name, "") != digest}
    named = [words(code) for name, code in _NAMES.items() if name in changed]
    named += [words("I628", {"title": form.title}) for form in forms if f"form {form.id}" in changed]
    return [Finding("I623", values={"what": "、".join(named)})] if old and named else []


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()
