"""formgen explain WORKBOOK --case NO: one decision in words."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from formgen import decide, explain, law, messages
from formgen.check.localrows import local_findings
from formgen.cli import EXIT_MATERIAL
from formgen.cli.day import Day
from formgen.cli.decide import opened, tell, wanted
from formgen.model import Finding


@click.command("explain")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--case", "case_no", required=True, help="档案编号。")
@click.option("--on", type=Day(), help="按这一天的规则和标准判定，如 2019-07-01。")
@click.option("--json", "as_json", is_flag=True, help="一行 JSON：同 decide --json，另有 text。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(workbook: Path, case_no: str, on: date | None, as_json: bool, lang: str) -> None:
    """说明一户的判定：结果、算式、条文、还缺什么、什么会改变结果。

    \b
    例：formgen explain input/案件录入表.xlsx --case AH-0001
        formgen explain input/案件录入表.xlsx --case AH-0001 --json
    """
    with opened(workbook, lang) as book:
        rules = law.load(book.standards, book.settings)
        for finding in (*book.findings, *local_findings(book, rules)):
            tell(finding, lang)
        found = next(iter(wanted(book, case_no)), None)
        if found is None:
            tell(Finding("E808", values={"case_no": case_no}), lang)
            raise click.exceptions.Exit(EXIT_MATERIAL)
        decision = decide.judge(found, rules, on=on)
    text = explain.explain(found.case, decision, lang=lang, findings=found.findings)
    click.echo(json.dumps({**decide.as_json(decision), "text": text}, ensure_ascii=False) if as_json else text)
    if decision.status == "invalid":
        raise click.exceptions.Exit(EXIT_MATERIAL)
