"""formgen check WORKBOOK: every finding by place, counts that add up, and on request an annotated copy."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from formgen import annotate, check, law, messages, read, write
from formgen.annotate.notes import Notes
from formgen.check.localrows import local_findings
from formgen.cli import EXIT_MATERIAL
from formgen.cli.language import misuse
from formgen.model import Finding


@click.command("check")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--annotate", "copy", type=click.Path(path_type=Path, dir_okay=False), help="另写一份批注副本（.xlsx）。")
@click.option("--json", "as_json", is_flag=True, help="每条发现一行 JSON，最后一行是合计。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(workbook: Path, copy: Path | None, as_json: bool, lang: str) -> None:
    """核对台账：列出全部问题的位置、原因和改法。

    再次核对时与上一份批注副本比较：改好了多少，还剩多少，新出现多少。

    \b
    例：formgen check input/案件录入表.xlsx
        formgen check input/案件录入表.xlsx --annotate output/问题清单.xlsx
    """
    if copy and copy.suffix.lower() != ".xlsx":
        raise click.UsageError(misuse("E913", file=str(copy)))
    if copy and copy.exists() and workbook.exists() and copy.samefile(workbook):
        raise click.UsageError(misuse("E914"))
    try:
        book = read.open_book(workbook)
    except read.Unreadable as unreadable:
        for finding in unreadable.findings:
            _tell(finding, as_json, lang)
        if copy:
            click.echo(messages.words("I104", lang=lang), err=True)
        raise click.exceptions.Exit(EXIT_MATERIAL) from unreadable
    with book, Notes(lang=lang) as notes:
        _look(book, notes, as_json)
        before = (annotate.marks_of(copy) if copy else None) or annotate.marks_of(workbook)
        compared = notes.compared(before) if before is not None else None
        if copy:
            with write.stream(copy) as out:
                annotate.write(out, book.workbook, notes, tabs=book.titled, compared=compared)  # type: ignore[arg-type]
        _sum_up(notes, compared, copy, as_json)
        if notes.counts["E"]:
            raise click.exceptions.Exit(EXIT_MATERIAL)


def _look(book: read.Book, notes: Notes, as_json: bool) -> None:
    """Print every finding and keep it."""

    def take(findings: Sequence[Finding]) -> None:
        notes.add(findings)
        for finding in findings:
            _tell(finding, as_json, notes.lang)

    take(book.findings)
    take(tuple(local_findings(book, law.load(book.standards, book.settings))))
    is_shown = sys.stderr.isatty() and not sys.stdout.isatty()
    households = check.households(book)
    label = messages.words("I105", lang=notes.lang)
    with click.progressbar(households, length=book.total, label=label, file=sys.stderr, hidden=not is_shown) as shown:
        for checked in shown:
            notes.total += 1
            notes.invalid += not checked.is_valid
            take(checked.findings)
    take(book.changes())


def _tell(finding: Finding, as_json: bool, lang: str) -> None:
    if as_json:
        click.echo(json.dumps(_as_dict(finding, lang), ensure_ascii=False))
    else:
        click.echo(messages.sentence(finding, lang=lang))


def _sum_up(notes: Notes, compared: annotate.Comparison | None, copy: Path | None, as_json: bool) -> None:
    households = {"total": notes.total, "valid": notes.total - notes.invalid, "invalid": notes.invalid}
    change = {"mended": compared.mended, "left": compared.left, "new": compared.new} if compared else {}
    counts = notes.counts
    if as_json:
        weights = {"errors": counts["E"], "warnings": counts["W"], "repairs": counts["R"]}
        click.echo(json.dumps({**households, "findings": counts.total(), **weights, **change}))
        return
    weights = {weight: counts[weight] for weight in "EWR"}
    total = {"findings": counts.total(), **households, **weights}
    click.echo(messages.words("I101", total, lang=notes.lang))
    if change:
        click.echo(messages.words("I102", change, lang=notes.lang))
    if copy:
        click.echo(messages.words("I103", {"path": copy}, lang=notes.lang))


def _as_dict(finding: Finding, lang: str) -> dict[str, str]:
    place = finding.place
    return {
        "code": finding.code,
        "file": place.file,
        "sheet": place.sheet,
        "cell": place.cell,
        "heading": place.heading,
        "case": finding.case_no,
        "what": messages.words(finding.code, finding.values, lang=lang),
        "do": messages.words(finding.code, finding.values, lang=lang, part="do"),
    }
