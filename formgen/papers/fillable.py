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
    wrong = [finding for finding in filled.findings if finding.is_error]
    if wrong and all(finding.code == "E504" for finding in wrong):
        long = {finding.values["field"]: finding for finding in wrong}
        filled = template.fill({**values, **dict.fromkeys(long, overflow.SEE)}, title=form.title)
        if filled.content:
            texts = [(asked[name], shown(str(values[name]))) for name in long]
            content = attached.attach(filled.content, texts, title=form.title, subject=subject)
            told = tuple(Finding("W517", Place(file=form.file, heading=n), f.values) for n, f in long.items())
            filled = replace(filled, content=content, findings=(*filled.findings, *told))
    return Paper(filled.content, gaps, filled.findings)


def expected(form: Form, path: Path, context: Mapping[str, object]) -> tuple[str, ...]:
    """The texts that the filled form must print, in its fields or on its attached page."""
    template = pdf.load(path)
    texts = {field.name for field in template.fields if field.kind == "text" and not field.is_hidden}
    values = dict(_values(form, template, context))
    return tuple(text for name in texts if isinstance(value := values[name], str) and (text := shown(value)))


def _asked(form: Form, template: pdf.PdfForm) -> dict[str, str]:
    """Field → tag."""
    renamed = dict(form.fields)
    return {field.name: renamed.get(field.name, field.name) for field in template.fields}


def _values(form: Form, template: pdf.PdfForm, context: Mapping[str, object]) -> Iterator[tuple[str, Value]]:
    for name, tag in _asked(form, template).items():
        value = context.get(tag)
        yield name, value if isinstance(value, bool) else "" if value is None else str(value)
    renamed = dict(form.fields)
    for frame in template.frames:
        if isinstance(scan := context.get(renamed.get(frame.name, frame.name)), word.Picture):
            yield frame.name, scan.content
