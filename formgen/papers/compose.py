"""From a form and a case to a paper in memory: the template is compiled once a process, the tags once a case."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from formgen import names, word
from formgen.household import Case, Union
from formgen.messages import FormgenError
from formgen.model import Decision, Document, Finding, Place
from formgen.papers import kinds, pictures, tags
from formgen.papers.forms import Form
from formgen.word import proof
from formgen.word import proved as word_proved


def compose(
    form: Form, case: Case, decision: Decision, *, union: Union | None = None, missing: str = "mark"
) -> tuple[Document | None, tuple[Finding, ...]]:
    """One paper of one case, and what was met.

    None where ``missing`` is error and a value is missing, or where the paper, read back, is not what it should be.
    """
    return fill(form, tags.context(case, decision, union=union), case.case_no, missing=missing)


def fill(
    form: Form, context: Mapping[str, object], subject: str, *, missing: str = "mark"
) -> tuple[Document | None, tuple[Finding, ...]]:
    """One paper from tags that are already made; ``subject`` is the case number, the union or empty for the batch.

    None where a value is missing that must not be, or a field of a PDF form cannot hold its value.

    Raises FormgenError when the template cannot be used.
    """
    filled = _word(form, context, subject, missing) if form.kind == "docx" else _pdf(form, context, subject)
    content, gaps, found = filled
    findings = tuple(replace(each, case_no=subject if form.per == "case" else "") for each in found)
    if gaps and missing == "mark":
        words = {"paper": form.title, "tags": "、".join(gaps)}
        findings += (Finding("W660", Place(file=form.path(subject)), words, subject if form.per == "case" else ""),)
    if gaps and missing == "error" and form.kind == "pdf":  # a Word template says so itself
        owner = subject if form.per == "case" else ""
        findings += tuple(Finding("E430", Place(file=form.file, heading=tag), {"tag": tag}, owner) for tag in gaps)
    if not content or any(each.code == "E430" for each in findings):
        return None, findings
    document = Document(form.id, subject, form.path(subject), content)
    if faults := _proved(form, context, document, missing):
        return None, findings + tuple(replace(each, case_no=subject if form.per == "case" else "") for each in faults)
    return document, findings


@cache
def template(path: Path) -> word.WordTemplate:
    """The compiled Word template, every branch of it proved; kept, because that costs more than a thousand fillings.

    Raises FormgenError when it cannot be used, or prints a whole table of the workbook.
    """
    made = word_proved.proved(path)
    for name, kind in kinds.tables().items():
        if name in made.whole:
            code = "E635" if kind.name == "list" else "E636"
            raise FormgenError(Finding(code, Place(names.shown(path)), {"name": name, "column": kind.columns[0]}))
    return made


def _word(
    form: Form, context: Mapping[str, object], subject: str, missing: str
) -> tuple[bytes, tuple[str, ...], tuple[Finding, ...]]:
    record = context.record() if isinstance(context, tags.Tags) else context
    filled = template(_path(form)).fill(record, missing=missing)
    if form.qr:
        picture = pictures.code(subject, form.id, filled.content)
        filled = template(_path(form)).fill(ChainMap({"二维码": picture}, dict(context)), missing=missing)
    return filled.content, filled.missing, filled.findings


def _proved(form: Form, context: Mapping[str, object], document: Document, missing: str) -> tuple[Finding, ...]:
    """What reading a paper back finds wrong with it."""
    record = context.record() if isinstance(context, tags.Tags) else context
    if form.kind == "docx":
        made = template(_path(form))
        return proof.prove(document, made.expected(record), blank_rows=made.blank_rows if missing == "mark" else None)
    from formgen.papers import fillable
    from formgen.pdf import reading

    return proof.prove(document, fillable.expected(form, _path(form), context), pdf_text=reading.printed)


def _pdf(form: Form, context: Mapping[str, object], subject: str) -> tuple[bytes, tuple[str, ...], tuple[Finding, ...]]:
    from formgen.papers import fillable  # only here: reading fonts takes longer than filling a Word paper

    return fillable.fill(form, _path(form), context, subject)


def _path(form: Form) -> Path:
    if form.template is None:
        raise FormgenError(Finding("E474", Place(form.folder.name), {"kind": form.kind}))
    return form.template
