"""Papers that are PDF forms: tags to fields, what is too long to an attached page, and what must be printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from formgen import pdf, word
from formgen.model import Finding, Place
from formgen.papers import overflow
from formgen.papers.forms import Form
from formgen.pdf import attached
from formgen.pdf.values import shown

Value = str | bool | bytes


class Paper(NamedTuple):
    """A filled form: its bytes, empty when it could not be made; the tags without a value; what was met."""

    content: bytes
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]


def fill(form: Form, path: Path, context: Mapping[str, object], subject: str) -> Paper:
    """The form in the file ``path`` with the values of its tags.

    A text too long for its field even in the smallest print goes to an attached page, and the field says so (W517).
    """
    template = pdf.load(path)
    asked = _asked(form, template)
    gaps = tuple(tag for tag in asked.values() if context.get(tag) in (None, ""))
    values = dict(_values(form, template, context))
    filled = template.fill(values, title=form.title)
    long = {finding.values["field"]: finding for finding in filled.findings if finding.code == "E504"}
    others = tuple(finding for finding in filled.findings if finding.code != "E504")
    if long and any(finding.is_error for finding in others):
        filled = replace(filled, findings=others)  # once these are mended, what is too long goes to an attached page
    elif long:
        filled = template.fill({**values, **dict.fromkeys(long, overflow.SEE)}, title=form.title)
        if filled.content:
            texts = [(asked[name], shown(str(values[name]))) for name in long]
            content = attached.attach(filled.content, texts, title=form.title, subject=subject)
            told = tuple(Finding("W517", Place(heading=n), f.values) for n, f in long.items())
            filled = replace(filled, content=content, findings=(*filled.findings, *told))
    here = tuple(replace(each, place=replace(each.place, file=form.file)) for each in filled.findings)
    return Paper(filled.content, gaps, here)


def expected(form: Form, path: Path, context: Mapping[str, object]) -> dict[str, str]:
    """The texts that the filled form must print, in its fields or on its attached page, each with its field."""
    template = pdf.load(path)
    values = dict(_values(form, template, context))
    printed = (field.name for field in template.fields if field.kind == "text" and not field.is_hidden)
    return {text: name for name in printed if isinstance(value := values[name], str) and (text := shown(value))}


def _asked(form: Form, template: pdf.PdfForm) -> dict[str, str]:
    """Field → tag."""
    renamed = dict(form.fields)
    return {field.name: renamed.get(field.name, field.name) for field in template.fields}


def _values(form: Form, template: pdf.PdfForm, context: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    renamed, options = dict(form.fields), dict(form.options)
    for field in template.fields:
        value = context.get(renamed.get(field.name, field.name))
        if isinstance(value, bool):
            yield field.name, value
        else:
            yield field.name, worded(field, "" if value is None else str(value), dict(options.get(field.name, ())))
    for frame in template.frames:
        if isinstance(scan := context.get(renamed.get(frame.name, frame.name)), word.Picture):
            yield frame.name, scan.content


def worded(field: pdf.PdfField, value: str, options: Mapping[str, str]) -> str:
    """A value in the words of the form: each of its words as ``options`` calls it, those of a list a line each.

    A check box with options is ticked when the value holds one of them, and blank otherwise.
    """
    if value in options or (value in _shown(field) and not options):
        return options.get(value, value)
    words = value.split("、")
    if field.kind == "check" and options:
        return next((options[each] for each in words if each in options), "")
    if field.kind == "list":
        return "\n".join(options.get(each, each) for each in words)
    return value


def _shown(field: pdf.PdfField) -> set[str]:
    return {each for pair in field.choices for each in pair}
