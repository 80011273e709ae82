"""formgen check WORKBOOK: every finding by place, and counts that add up."""

from __future__ import annotations

from pathlib import Path

import click

from formgen import check, messages, read
from formgen.cli import EXIT_MATERIAL
from formgen.model import Finding


@click.command("check")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每条发现一行 JSON，最后一行是合计。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(workbook: Path, as_json: bool, lang: str) -> None:
    r"""核对台账：列出全部问题的位置、原因和改法。

    \b
    例：formgen check input/案件录入表.xlsx
        formgen check input/案件录入表.xlsx --annotate 问题.xlsx
    """
    try:
        book = read.open_book(workbook)
    except read.Unreadable as wrong:
        for finding in wrong.findings:
            _tell(finding, as_json, lang)
        raise click.exceptions.Exit(EXIT_MATERIAL) from wrong
    with book:
        invalid = total = 0
        for finding in book.findings:
            _tell(finding, as_json, lang)
        for checked in check.households(book):
            total += 1
            invalid += not checked.is_valid
            for finding in checked.findings:
                _tell(finding, as_json, lang)
        wrong = any(finding.is_error for finding in book.findings)
    click.echo(f"共 {total} 户：{total - invalid} 户可用，{invalid} 户有错。")
    if invalid or wrong:
        raise click.exceptions.Exit(EXIT_MATERIAL)


def _tell(finding: Finding, as_json: bool, lang: str) -> None:
    click.echo(messages.sentence(finding, lang=lang))
