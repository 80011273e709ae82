"""What goes wrong when a tag does with a column what its values cannot do: the wrong paper without any error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from formgen.lint.tags import Fault, Tag
from formgen.papers.kinds import Kind
from formgen.word.uses import Use

_TEXTS = frozenset(("text", "number", "flag", "choice", "choices"))


def fault(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    """What is wrong with this use of a column of that kind; None when nothing is."""
    check = _CHECKS.get(use.how)
    return check(tag, use, kind) if check is not None else None


def unquoted(tag: Tag, use: Use) -> Fault:
    """A word without quotes, which is taken for a field and so equals nothing."""
    (word,) = use.words
    return _fault("E634", tag, {"word": word}, word, f'"{word}"')


def _truth(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    if kind.name != "flag":
        return None
    yes, no = kind.words[:2]
    asked = f'{use.name} == "{yes}"'
    is_plain = not re.search(r"\bnot\b", tag.text)  # what “not” meant here nobody knows
    return _fault("E631", tag, {"name": use.name, "no": no, "asked": asked}, use.name if is_plain else "", asked)


def _number(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    if kind.name not in _TEXTS:
        return None
    asked = f"{use.name}|数值"
    is_bare = not re.search(rf"{re.escape(use.name)}\s*\|", tag.text)
    return _fault("E632", tag, {"name": use.name, "asked": asked}, use.name if is_bare else "", asked)


def _order(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    if kind.name != "number":
        return None
    return _fault("E632", tag, {"name": use.name, "asked": f"{use.name}|数值"})


def _equal(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    if kind.name == "choices" and use.words:
        return _fault("W681", tag, {"name": use.name, "word": use.words[0]})
    return _strange(tag, use, kind)


def _strange(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    """A word that the column cannot hold."""
    strange = [word for word in use.words if kind.words and word not in kind.words]
    if not strange:
        return None
    return _fault("W680", tag, {"name": use.name, "word": "、".join(strange), "words": "、".join(kind.words)})


def _each(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    if kind.name not in ("flag", "choice", "choices"):
        return None
    return _fault("E640", tag, {"name": use.name, "word": next(iter(kind.words), "…")})


def _print(tag: Tag, use: Use, kind: Kind) -> Fault | None:
    if not kind.columns:
        return None
    code = "E635" if kind.name == "list" else "E636"
    return _fault(code, tag, {"name": use.name, "column": kind.columns[0]})


_CHECKS: Mapping[str, Callable[[Tag, Use, Kind], Fault | None]] = {
    "truth": _truth,
    "number": _number,
    "order": _order,
    "equal": _equal,
    "within": _strange,
    "tick": _strange,
    "each": _each,
    "print": _print,
}


def _fault(code: str, tag: Tag, values: Mapping[str, str], old: str = "", new: str = "") -> Fault:
    """The fault of a whole tag, with its repair where ``old`` stands in it once as a word of its own."""
    whole = rf"(?<![\w.\"']){re.escape(old)}(?![\w.\"'])"
    repair = re.sub(whole, lambda _: new, tag.text) if old and len(re.findall(whole, tag.text)) == 1 else None
    return Fault(code, tag.start, tag.end, {"tag": tag.text, **values}, repair)
