"""formgen decide WORKBOOK: the tier, status and branch of every case, with its reasons as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from formgen import check, law, messages, read
from formgen import decide as decisions
from formgen.check import Checked
from formgen.check.localrows import local_findings
from formgen.cli import EXIT_MATERIAL
from formgen.cli.day import Day
from formgen.explain import in_short
from formgen.law import Law
from formgen.model import Decision, Finding


@click.command("decide")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--case", "case_no", help="只判定这一个档案编号。")
@click.option("--on", type=Day(), help="按这一天的规则和标准判定，如 2019-07-01。")
@click.option("--json", "as_json", is_flag=True, help="每户一行 JSON。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(workbook: Path, case_no: str | None, on: date | None, as_json: bool, lang: str) -> None:
    """判定建档级别：每户一行结果，缺什么、注意什么写在下面；--json 给出全部理由。

    \b
    例：formgen decide input/案件录入表.xlsx
        formgen decide input/案件录入表.xlsx --case AH-0001 --json
    """
    wrong = found = False
    with opened(workbook, lang) as book:
        rules = law.load(book.standards, book.settings)
        for finding in (*book.findings, *local_findings(book, rules)):
            tell(finding, lang)
            wrong = wrong or finding.is_error
        for decision, checked in _decided(book, rules, case_no, on):
            found = True
            wrong = wrong or decision.status == "invalid"
            _show(decision, checked, as_json, lang)
    if case_no and not found:
        wrong = True
        tell(Finding("E808", values={"case_no": case_no}), lang)
    if wrong:
        raise click.exceptions.Exit(EXIT_MATERIAL)


def _show(decision: Decision, checked: Checked, as_json: bool, lang: str) -> None:
    """A decision on stdout; errors of its rows stand with it in words, and on stderr beside JSON."""
    if not as_json:
        click.echo(in_short(decision, checked.case, lang=lang, findings=checked.findings))
        return
    for finding in checked.findings:
        if finding.is_error:
            tell(finding, lang)
    click.echo(json.dumps(decisions.as_json(decision), ensure_ascii=False))


def _decided(book: read.Book, rules: Law, case_no: str | None, on: date | None) -> Iterator[tuple[Decision, Checked]]:
    """The decisions in sheet order, each with its checked row."""
    for checked in wanted(book, case_no):
        yield decisions.judge(checked, rules, on=on), checked


def wanted(book: read.Book, case_no: str | None) -> Iterator[Checked]:
    """Every checked row, or those of one case number; letters compare without case."""
    for checked in check.households(book):
        if case_no is None or checked.case_no.casefold() == case_no.casefold():
            yield checked


def opened(workbook: Path, lang: str) -> read.Book:
    """The open workbook. Says why and ends with exit code 3 when it cannot be read."""
    try:
        return read.open_book(workbook)
    except read.Unreadable as wrong:
        for finding in wrong.findings:
            tell(finding, lang)
        raise click.exceptions.Exit(EXIT_MATERIAL) from wrong


def tell(finding: Finding, lang: str) -> None:
    """One finding on stderr, so that results on stdout stay clean."""
    click.echo(messages.sentence(finding, lang=lang), err=True)
