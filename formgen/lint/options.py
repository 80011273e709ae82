"""The options of a PDF form against the words that its columns hold, before a run meets one that fits nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from formgen.model import Finding, Place
from formgen.papers import kinds
from formgen.papers.fillable import worded
from formgen.papers.forms import options_of, tags_of
from formgen.pdf import PdfField, PdfForm

_CHOSEN = frozenset(("radio", "choice", "list"))


def check(form: PdfForm, settings: Mapping[str, object], known: Mapping[str, str]) -> Iterator[Finding]:
    """What no option stands for, and options of form.toml that the form has not; ``settings`` are its form.toml."""
    tags, options = tags_of(settings), options_of(settings)
    for field in form.fields:
        tag, own = tags.get(field.name, field.name), options.get(field.name, {})
        place = Place(file=form.name, heading=field.name)
        yield from _strange(field, own, place)
        kind = kinds.kind(tag, known)
        if kind is not None and _must_fit(field, kind, own):
            yield from _unheard(field, tag, kind, own, place)


def _must_fit(field: PdfField, kind: kinds.Kind, own: Mapping[str, str]) -> bool:
    """Whether each word of the column needs an option; a check box takes yes and no, and with options any word."""
    if field.kind == "check":
        return not own and kind.name != "flag"
    return field.kind in _CHOSEN and not field.is_open


def _strange(field: PdfField, own: Mapping[str, str], place: Place) -> Iterator[Finding]:
    """Options that the form has not."""
    for option in dict.fromkeys(own.values()):
        if option not in _named(field):
            yield Finding("W682", place, {"field": field.name, "option": option, "choices": _choices(field)})


def _unheard(field: PdfField, tag: str, kind: kinds.Kind, own: Mapping[str, str], place: Place) -> Iterator[Finding]:
    """Words of the column that no option stands for."""
    words = [word for word in kind.words if not _is_answered(field, word, own)]
    if words:
        values = {"field": field.name, "tag": tag, "word": words[0], "words": "、".join(words)}
        yield Finding("W683", place, {**values, "choices": _choices(field)})


def _is_answered(field: PdfField, word: str, own: Mapping[str, str]) -> bool:
    made = worded(field, word, own)
    return made in _named(field) or (field.kind == "radio" and made in ("否", "无"))  # no is no button pressed


def _named(field: PdfField) -> set[str]:
    return {each for pair in field.choices for each in pair}


def _choices(field: PdfField) -> str:
    return "、".join(dict.fromkeys(shown for _, shown in field.choices)) or "—"
