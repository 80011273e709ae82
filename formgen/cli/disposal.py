"""`formgen disposal`: due, propose, approve, execute, extend. Executing asks the clock, never an option."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from formgen import messages
from formgen.cli import EXIT_MATERIAL, commas, writing
from formgen.cli.clock import now, today
from formgen.cli.day import Day
from formgen.cli.language import misuse
from formgen.cli.written import WRITTEN
from formgen.keep import disposal, execution, receipts, repository
from formgen.model import Finding

REPO = click.argument("repo", type=click.Path(path_type=Path, exists=True, file_okay=False))
JSON = click.option("--json", "is_json", is_flag=True, help="结果用 JSON 输出。")
LANG = click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示的语言。")
DAY = Day()


@click.group("disposal")
def command() -> None:
    """到期档案的鉴定与销毁：列出、提出、批准、执行。期满前、暂停销毁的、一个人，都销毁不了。

    \b
    例：formgen disposal due 档案库
        formgen disposal propose 档案库 --year 2015 --by 工号07
    """


@command.command("due")
@REPO
@click.option("--on", "as_of", type=DAY, help="按这一天看，默认今天。")
@click.option("--months", type=click.IntRange(0, 120), default=0, help="连同这么多个月以内到期的一起列出。")
@click.option("--all", "is_whole", is_flag=True, help="全部列出，包括未到期、未撤档、已销毁的。")
@JSON
@LANG
def due_command(repo: Path, as_of: date | None, months: int, is_whole: bool, is_json: bool, lang: str) -> int:
    """哪些档案到期可以鉴定，哪些到期而暂停销毁；其余的只计数，--json 全部列出。

    \b
    例：formgen disposal due 档案库
        formgen disposal due 档案库 --months 6
        formgen disposal due 档案库 --on 2036-11-21 --all
    """
    on = as_of or today()
    listed = disposal.due(repository.opened(repo), on)
    for each in listed if is_whole or is_json else disposal.at_hand(listed, on, months):
        shown = asdict(each)
        line = json.dumps(shown, ensure_ascii=False) if is_json else "　".join(v for v in _columns(each, lang) if v)
        click.echo(line)
    counted = {name: str(count) for name, count in disposal.counted(listed).items()}
    click.echo(messages.words("I714", {"total": str(len(listed)), **counted}, lang=lang), err=is_json)
    return 0


@command.command("propose")
@REPO
@click.option("--year", type=click.IntRange(1949, 9999), help="这一年度到期的全部档案（暂停的除外）。")
@click.option("--only", help="只列这些档号（用逗号分开）。")
@click.option("--by", required=True, type=WRITTEN, help="提出人工号或岗位。")
@click.option("--opinion", default="销毁", type=WRITTEN, help="鉴定意见。")
@JSON
@LANG
def propose_command(
    repo: Path, year: int | None, only: str | None, by: str, opinion: str, is_json: bool, lang: str
) -> int:
    """提出鉴定：出鉴定意见表和鉴定销毁清册。

    \b
    例：formgen disposal propose 档案库 --year 2015 --by 工号07
    """
    held = writing.opened(repo)
    if year is None and not only:
        raise click.UsageError(misuse("E919"))
    named = commas.listed(only)
    wanted = named or disposal.ready(disposal.due(held, today()), year or 0)
    number, found = disposal.propose(held, wanted, by=by, opinion=opinion, on=today(), at=now())
    if not number:
        return _told(found, lang)
    papers = sorted(path.name for path in held.receipts.glob(f"{number}*"))
    if is_json:
        click.echo(json.dumps({"number": number, "papers": papers}, ensure_ascii=False))
    else:
        facts = {"number": number, "digest": receipts.digest(receipts.read(held, number))}
        click.echo(messages.words("I715", facts, lang=lang))
    return 0


@command.command("approve")
@REPO
@click.argument("number")
@click.option("--by", required=True, type=WRITTEN, help="批准人工号或岗位（不能是提出人）。")
@click.option("--decision", required=True, type=WRITTEN, help="批准文件的文号。")
@LANG
def approve_command(repo: Path, number: str, by: str, decision: str, lang: str) -> int:
    """批准销毁清册；清册从此不能改动。

    \b
    例：formgen disposal approve 档案库 disposal-20261121-01 --by 工号02 --decision 示工发〔2026〕9号
    """
    if code := _told(disposal.approve(writing.opened(repo), number, by=by, decision=decision, at=now()), lang):
        return code
    click.echo(messages.words("I716", {"number": number}, lang=lang))
    return 0


@command.command("execute")
@REPO
@click.argument("number")
@click.option("--witness", "witnesses", multiple=True, help="监销人工号或岗位，要两名。")
@click.option("--paper-destroyed", is_flag=True, help="确认纸质档案同步销毁。")
@JSON
@LANG
def execute_command(
    repo: Path, number: str, witnesses: tuple[str, ...], paper_destroyed: bool, is_json: bool, lang: str
) -> int:
    """执行销毁：重新核对日期、暂停、清册、档案包，两名监销人在场。

    \b
    例：formgen disposal execute 档案库 disposal-20261121-01 --witness 工号03 --witness 工号05 --paper-destroyed
    """
    done = execution.execute(
        writing.opened(repo), number, witnesses=witnesses, paper_confirmed=paper_destroyed, on=today(), at=now()
    )
    if done.findings:
        return _told(done.findings, lang)
    if is_json:
        click.echo(json.dumps({k: v for k, v in asdict(done).items() if k != "findings"}, ensure_ascii=False))
        return 0
    values = {"number": number, "count": str(len(done.destroyed)), "caveat": execution.CAVEAT}
    click.echo(messages.words("I717", values, lang=lang))
    for place in done.elsewhere:
        click.echo(messages.words("I718", {"place": place}, lang=lang))
    for year in done.keys:
        click.echo(messages.words("I719", {"year": str(year)}, lang=lang))
    return 0


@command.command("extend")
@REPO
@click.argument("number")
@click.option("--until", required=True, type=DAY, help="延长保管到这一天。")
@click.option("--reason", required=True, type=WRITTEN, help="仍有保存价值的理由。")
@click.option("--by", required=True, type=WRITTEN, help="经办人工号或岗位。")
@LANG
def extend_command(repo: Path, number: str, until: date, reason: str, by: str, lang: str) -> int:
    """仍有保存价值的，延长保管期限。

    \b
    例：formgen disposal extend 档案库 J045-WS·2015-D10-KN-0001 --until 2035-12-31 --reason 典型案例 --by 工号07
    """
    found = disposal.extend(writing.opened(repo), number, until, reason=reason, by=by, at=now())
    if code := _told(found, lang):
        return code
    click.echo(messages.words("I720", {"number": number, "until": str(until)}, lang=lang))
    return 0


def _columns(each: disposal.Due, lang: str) -> tuple[str, ...]:
    until = messages.words("I725", {"until": each.kept_until}, lang=lang) if each.kept_until else ""
    return each.number or each.case_no, each.state, each.withdrawn_on, until, each.note


def _told(findings: Iterable[Finding], lang: str) -> int:
    listed = list(findings)
    for finding in listed:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    return EXIT_MATERIAL if any(finding.is_error for finding in listed) else 0
