"""``formgen holidays``: the years whose working days are known, and another year's."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from formgen import holidays, workdays
from formgen.cli import EXIT_MATERIAL
from formgen.messages import LANGUAGES, FormgenError, sentence, words
from formgen.model import Finding, Place
from formgen.workdays import Arrangement

LANG = click.option("--lang", type=click.Choice(LANGUAGES), default="zh", show_default=True, help="语言。")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="每年一行 JSON。")


@click.group()
def command() -> None:
    """放假和调休安排：已收录哪些年份，收录新的一年。

    \b
    例：formgen holidays list
        formgen holidays import 2027.csv --notice "国务院办公厅关于2027年部分节假日安排的通知"
    """


@command.command("list")
@LANG
@AS_JSON
def show(lang: str, as_json: bool) -> None:
    """列出已收录的年份及其通知。

    \b
    例：formgen holidays list --json
    """
    years = workdays.arrangements().values()
    if as_json:
        _as_json(years)
        return
    for year in years:
        code = "I691" if year.is_own else "I690"
        values = {"year": str(year.year), "notice": year.notice, "number": year.number or "—"}
        click.echo(words(code, values, lang=lang))


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--notice", default="", help="通知名称（CSV 表必填，TOML 表可写在表内）。")
@click.option("--replace", is_flag=True, help="替换已收录的年份（国务院年中调整时）。")
@LANG
@AS_JSON
@click.pass_context
def add(ctx: click.Context, file: Path, notice: str, replace: bool, lang: str, as_json: bool) -> None:
    """收录一年的放假日和调休上班日；表有错则一天也不收。

    CSV 表三列：日期（2027-01-01）、类别（放假 或 上班）、名称（元旦）；TOML 表的写法同 formgen/data/holidays.toml。

    \b
    例：formgen holidays import 2027.csv --notice "国务院办公厅关于2027年部分节假日安排的通知"
    """
    years, findings = holidays.load(file, notice=notice)
    if not findings and not replace:
        findings = holidays.known(years, Place(file.name))
    if findings:
        for finding in findings:
            click.echo(sentence(finding, lang=lang), err=True)
        ctx.exit(EXIT_MATERIAL)
    try:
        holidays.keep(years)
    except OSError as wrong:
        raise FormgenError(Finding("E688", values={"folder": str(workdays.own_folder())})) from wrong
    if as_json:
        _as_json(years)
        return
    for year in years:
        values = {"year": str(year.year), "off": str(len(year.days_off())), "work": str(len(year.work))}
        click.echo(words("I692", values, lang=lang))


def _as_json(years: Iterable[Arrangement]) -> None:
    for year in years:
        click.echo(json.dumps(holidays.as_json(year), ensure_ascii=False))
