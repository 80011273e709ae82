"""`formgen keep`: who reads, what is on hold, what comes and goes, the batch of a year, the four-property check."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from formgen import messages
from formgen.cli import EXIT_MATERIAL, exchange, writing
from formgen.cli.clock import now
from formgen.cli.language import misuse
from formgen.keep import access, chain, holds, register, repository, texts
from formgen.model import Finding

REPO = click.argument("repo", type=click.Path(path_type=Path, exists=True, file_okay=False))
JSON = click.option("--json", "is_json", is_flag=True, help="结果用 JSON 输出。")
LANG = click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示的语言。")


@click.group("keep")
def command() -> None:
    """档案的保管：查阅、暂停销毁、移交、接收、交接、年度批次、四性检测。

    \b
    例：formgen keep access 档案库 J045-WS·2026-D10-KN-0001 --kind worker --id-checked --by 工号07
        formgen keep batch 档案库 --year 2026
    """


def told(findings: Iterable[Finding], lang: str) -> int:
    """Print findings to stderr; the exit code they mean."""
    listed = list(findings)
    for finding in listed:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    return EXIT_MATERIAL if any(finding.is_error for finding in listed) else 0


@command.command("access")
@REPO
@click.argument("number", required=False)
@click.option(
    "--kind", type=click.Choice(access.KINDS), help="查阅人：union 工会系统，worker 建档职工本人，outside 外单位。"
)
@click.option("--unit", default="", help="查阅单位。")
@click.option("--purpose", default="", help="事由（不写姓名、号码）。")
@click.option("--approval", default="", help="外单位查阅的批准文号。")
@click.option("--id-checked", is_flag=True, help="已核验本人有效身份证件。")
@click.option("--lend", is_flag=True, help="要求外借（按第十六条一律拒绝并记录）。")
@click.option("--by", default="", help="经办人工号或岗位。")
@click.option("--open", "target", type=click.Path(path_type=Path, file_okay=False), help="把查阅副本放到这个文件夹。")
@click.option(
    "--identity", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="从加密副本打开用的私钥文件。"
)
@click.option("--close", "closed", type=click.Path(path_type=Path, file_okay=False), help="查阅结束，删除这里的副本。")
@JSON
@LANG
def reading(
    repo: Path,
    number: str | None,
    kind: str | None,
    unit: str,
    purpose: str,
    approval: str,
    id_checked: bool,
    lend: bool,
    by: str,
    target: Path | None,
    identity: Path | None,
    closed: Path | None,
    is_json: bool,
    lang: str,
) -> int:
    """查阅登记（第十六条）；不写档号时列出全部查阅记录。

    \b
    例：formgen keep access 档案库 J045-WS·2026-D10-KN-0001 --kind outside --unit 某法院 \\
          --purpose 调查取证 --approval 示工函〔2026〕3号 --by 工号07 --open 查阅室
        formgen keep access 档案库 J045-WS·2026-D10-KN-0001 --close 查阅室
    """
    if number is None:
        held = repository.opened(repo)
        return _list(chain.entries(held.log("access")), is_json)
    held = writing.opened(repo)
    if closed is not None:
        access.close_copy(held, number, closed, at=now())
        click.echo(messages.words("I706", {"number": register.written(number)}, lang=lang))
        return 0
    if kind is None:
        raise click.UsageError(misuse("E917"))
    request = access.Request(
        number=number,
        kind=kind,
        unit=unit,
        purpose=purpose,
        approval=approval,
        is_identified=id_checked,
        is_lending=lend,
        is_opening=target is not None,
        operator=by,
    )
    return _granted(held, request, target, identity, lang)


def _granted(
    held: repository.Repository, request: access.Request, target: Path | None, identity: Path | None, lang: str
) -> int:
    """Ask for access, open a copy where one is wanted, say the rule that allows it; the exit code."""
    if refused := access.ask(held, request, at=now()):
        return told(refused, lang)
    folder = access.open_copy(held, request.number, target, at=now(), identity=identity) if target else None
    values = {"number": register.written(request.number), "rule": held.policy.access[request.kind]["rule"]}
    click.echo(messages.words("I705", values, lang=lang))
    if folder:
        click.echo(str(folder))
    return 0


@command.command("hold")
@REPO
@click.argument("action", type=click.Choice(("add", "release", "list")))
@click.argument("number", required=False)
@click.option("--reason", default="", help="理由（不写姓名、号码）。")
@click.option("--by", default="", help="经办人工号或岗位。")
@JSON
@LANG
def holding(repo: Path, action: str, number: str | None, reason: str, by: str, is_json: bool, lang: str) -> int:
    """暂停销毁：有争议、审计、诉讼的档案到期也不销毁。

    \b
    例：formgen keep hold 档案库 add J045-WS·2026-D10-KN-0001 --reason 诉讼未结 --by 工号07
        formgen keep hold 档案库 list
    """
    if action == "list":
        held = repository.opened(repo)
        listed = [{"档号": key, "理由": value} for key, value in sorted(holds.current(held).items())]
        return _list(listed, is_json)
    if not number or texts.is_blank(reason) or texts.is_blank(by):
        raise click.UsageError(misuse("E918"))
    held = writing.opened(repo)
    change = holds.add if action == "add" else holds.release
    if code := told(change(held, number, reason=reason, by=by, at=now()), lang):
        return code
    done = "I707" if action == "add" else "I708"
    click.echo(messages.words(done, {"number": register.written(number)}, lang=lang))
    return 0


def _list(entries: Iterable[dict], is_json: bool) -> int:
    for entry in entries:
        shown = {key: value for key, value in entry.items() if key not in ("prev", "hash")}
        line = (
            json.dumps(shown, ensure_ascii=False) if is_json else "　".join(str(v) for v in shown.values() if v != "")
        )
        click.echo(line)
    return 0


for subcommand in (exchange.transfer_command, exchange.receive_command, exchange.handover_command):
    command.add_command(subcommand)
for subcommand in (exchange.export_command, exchange.batch_command, exchange.check4_command):
    command.add_command(subcommand)
