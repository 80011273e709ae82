"""formgen check WORKBOOK: every finding by place, and counts that add up."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import click

from formgen import check, messages, read
from formgen.cli import EXIT_MATERIAL
from formgen.model import Finding

_TOTAL = {
    "zh": "共 {total} 户：{valid} 户可用，{invalid} 户有错。发现 {findings} 条：错误 {E}，警告 {W}，已修正 {R}。",
    "en": "{total} households: {valid} usable, {invalid} with errors. "
    "{findings} findings: {E} errors, {W} warnings, {R} repaired.",
}


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
    told = _Told(as_json, lang)
    try:
        book = read.open_book(workbook)
    except read.Unreadable as unreadable:
        told.tell(unreadable.findings)
        raise click.exceptions.Exit(EXIT_MATERIAL) from unreadable
    with book:
        told.tell(book.findings)
        for checked in check.households(book):
            told.total += 1
            told.invalid += not checked.is_valid
            told.tell(checked.findings)
        told.tell(book.changes())
    told.sum_up()
    if told.counts["E"]:
        raise click.exceptions.Exit(EXIT_MATERIAL)


class _Told:
    """What was told, counted."""

    def __init__(self, as_json: bool, lang: str) -> None:
        self._as_json, self._lang = as_json, lang
        self.total = self.invalid = 0
        self.counts: Counter[str] = Counter()

    def tell(self, findings: tuple[Finding, ...] | list[Finding]) -> None:
        """Print findings, a line each."""
        for finding in findings:
            self.counts[finding.code[0]] += 1
            line = json.dumps(_as_dict(finding, self._lang), ensure_ascii=False) if self._as_json else None
            click.echo(line or messages.sentence(finding, lang=self._lang))

    def sum_up(self) -> None:
        """Print the counts."""
        households = {"total": self.total, "valid": self.total - self.invalid, "invalid": self.invalid}
        if self._as_json:
            weights = {"errors": self.counts["E"], "warnings": self.counts["W"], "repairs": self.counts["R"]}
            click.echo(json.dumps({**households, "findings": self.counts.total(), **weights}))
            return
        words = _TOTAL[self._lang]
        weights = {weight: self.counts[weight] for weight in "EWR"}
        click.echo(words.format(findings=self.counts.total(), **households, **weights))


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
