"""formgen doctor: what works on this machine, and what to install for the rest."""

from __future__ import annotations

import json
from pathlib import Path

import click

from formgen import health, messages
from formgen.cli import EXIT_ENVIRONMENT

_SIGNS = {"I": "✓", "W": "!", "E": "✗"}


@click.command("doctor")
@click.argument("folder", required=False, default=".", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="一行一项。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(folder: Path, as_json: bool, lang: str) -> None:
    """检查这台电脑：软件包、字体、LibreOffice、写入权限；缺什么，怎么装。

    \b
    例：formgen doctor
        formgen doctor output --json
    """
    findings = health.examine(folder)
    for finding in findings:
        what = messages.words(finding.code, finding.values, lang=lang)
        remedy = messages.words(finding.code, finding.values, lang=lang, part="do")
        if as_json:
            facts = {"code": finding.code, "works": finding.code[0] == "I", "what": what, "do": remedy}
            click.echo(json.dumps({**facts, **finding.values}, ensure_ascii=False))
        else:
            where = f"{finding.place}  " if str(finding.place) else ""
            click.echo(f"{_SIGNS[finding.code[0]]} {where}{what}" + (f"\n    {remedy}" if remedy else ""))
    if any(finding.is_error for finding in findings):
        raise click.exceptions.Exit(EXIT_ENVIRONMENT)
