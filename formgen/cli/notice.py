"""formgen notice WORKBOOK -o DIR: the publicity notices, one a grassroots union."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import click

from formgen import check, decide, law, messages, read, write
from formgen.check import posting
from formgen.cli import EXIT_MATERIAL
from formgen.cli.day import Day
from formgen.household import Case
from formgen.messages import FormgenError
from formgen.model import Document, Finding, Place
from formgen.papers import forms, leaks, notice, pictures, publicity
from formgen.papers.forms import Form
from formgen.papers.notice import Notice
from formgen.papers.printed import day
from formgen.pdf import convert


@click.command("notice")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", "output", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹。"
)
@click.option("--start", type=Day(), help="张贴公示的日期；不写时按台账的公示开始日期。")
@click.option("--templates", type=click.Path(path_type=Path, exists=True, file_okay=False), help="自己的模板文件夹。")
@click.option("--pdf", "is_pdf", is_flag=True, help="另存 PDF（需要 LibreOffice）。")
@click.option("--png", "is_png", is_flag=True, help="另存 PNG 图片，便于张贴和转发（需要 LibreOffice）。")
@click.option("--json", "as_json", is_flag=True, help="每张公示一行 JSON。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(
    workbook: Path,
    output: Path,
    start: date | None,
    templates: Path | None,
    is_pdf: bool,
    is_png: bool,
    as_json: bool,
    lang: str,
) -> None:
    """按基层工会生成公示：期限按工作日推算，名单只含可公示的内容。

    \b
    例：formgen notice input/案件录入表.xlsx -o output --start 2019-03-01
    """
    try:
        book = read.open_book(workbook)
    except read.Unreadable as wrong:
        _tell(wrong.findings, lang)
        raise click.exceptions.Exit(EXIT_MATERIAL) from wrong
    with book:
        entries, secrets, found = _gather(book, start)
        notices, more = notice.plan(entries, book.unions, start=start)
    form = _form(templates, workbook)
    papers, late = notice.write(form, notices, secrets)
    for paper in papers:
        write.put(output / paper.path, paper.content)
    shown = _show(papers, output, is_pdf=is_pdf, is_png=is_png) if is_pdf or is_png else ()
    _report(dict(zip(notice.paths(form, notices), notices, strict=True)), papers, as_json, lang)
    findings = (*found, *more, *late, *shown)
    _tell(findings, lang)
    if any(finding.is_error for finding in findings):
        raise click.exceptions.Exit(EXIT_MATERIAL)


def _show(papers: Iterable[Document], output: Path, *, is_pdf: bool, is_png: bool) -> tuple[Finding, ...]:
    """Write the notices as PDF and as pictures beside the Word files."""
    made = convert.to_pdf({paper.path: paper.content for paper in papers})
    for path, content in made.papers.items():
        stem = path.removesuffix(".docx")
        if is_pdf:
            write.put(output / f"{stem}.pdf", content)
        for number, page in enumerate(pictures.pages(content) if is_png else (), 1):
            write.put(output / f"{stem}-{number}.png", page)
    return made.findings


def _gather(book: read.Book, start: date | None) -> tuple[list[publicity.Entry], list[leaks.Secret], list[Finding]]:
    """What is posted, what must not be, and every case that is held back, posted before, or wrong."""
    in_force = law.load(book.standards, book.settings)
    entries: list[publicity.Entry] = []
    secrets: list[leaks.Secret] = []
    found = list(book.findings)
    for checked in check.households(book):
        found += [finding for finding in checked.findings if finding.is_error or finding.code in posting.CODES]
        if checked.case is None:
            continue
        secrets += leaks.secrets(checked.case)
        decision = decide.judge(checked, in_force)
        entry = publicity.entry(checked.case, decision)
        if entry and _is_done(checked.case, start):
            told = {"case_no": checked.case_no}
            found.append(Finding("I636", Place(sheet="案件", heading="建档日期"), told, checked.case_no))
        elif entry:
            entries.append(entry)
        elif checked.case.objection and publicity.is_granted(decision):
            place = Place(sheet="案件", heading="公示异议")
            found.append(Finding("I666", place, {"union": checked.case.union or ""}, checked.case_no))
    return entries, secrets, found


def _is_done(case: Case, start: date | None) -> bool:
    """Whether a household is on file or withdrawn, so that it is on no new notice."""
    return publicity.is_settled(case) or (start is not None and (case.filed_on or case.withdrawn_on) is not None)


def _form(folder: Path | None, workbook: Path) -> Form:
    for form in forms.load(folder, near=workbook):
        if form.per == "union":
            return form
    raise FormgenError(Finding("E476"))


def _report(notices: Mapping[str, Notice], papers: Iterable[Document], as_json: bool, lang: str) -> None:
    written = {paper.path for paper in papers}
    for path, each in notices.items():
        row = _row(each, path if path in written else None)
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else _line(each, lang))


def _row(each: Notice, path: str | None) -> dict[str, object]:
    return {
        "union": each.union,
        "path": path,
        "count": len(each.entries),
        "cases": [entry.case_no for entry in each.entries],
        "start": each.start.isoformat() if each.start else None,
        "end": each.end.isoformat() if each.end else None,
        "take_down": each.take_down.isoformat() if each.take_down else None,
    }


def _line(each: Notice, lang: str) -> str:
    said = {"union": each.union, "count": len(each.entries)}
    if each.start is None or each.end is None or each.take_down is None:
        return messages.words("I633", said, lang=lang)
    days = {"first": each.start, "last": each.end, "down": each.take_down}
    written = days if lang == "en" else {name: day(on) for name, on in days.items()}
    return messages.words("I632", said | written, lang=lang)


def _tell(findings: Iterable[Finding], lang: str) -> None:
    for finding in findings:
        click.echo(messages.sentence(finding, lang=lang), err=True)
