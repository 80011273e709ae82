"""The subcommands of `formgen keep` that make papers and files: transfer, receive, handover, export, batch, check4."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path

import click

from formgen import bag, messages
from formgen.cli import EXIT_MATERIAL, commas, writing
from formgen.cli.clock import now, today
from formgen.cli.language import misuse
from formgen.cli.written import WRITTEN
from formgen.keep import checks, export, handover, register, repository, signature, transfer, yearly
from formgen.keep.properties import FAILED, UNTESTED, Result, Subject, failed, passed
from formgen.keep.register import SEALED, Entry
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

REPO = click.argument("repo", type=click.Path(path_type=Path, exists=True, file_okay=False))
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
JSON = click.option("--json", "is_json", is_flag=True, help="结果用 JSON 输出。")
LANG = click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示的语言。")
_TOLD = 20


def chosen(repo: Repository, year: int | None, only: str | None, lang: str) -> tuple[Entry, ...]:
    """The sealed dossiers of a year, or those named; raises UsageError for neither, ends with 3 where there is none."""
    wanted = set(map(register.written, commas.listed(only)))
    if year is None and not wanted:
        raise click.UsageError(misuse("E919"))
    known = register.load(repo.register / "numbers.csv")
    if unknown := sorted(number for number in wanted if known.get(number) is None):
        near = "、".join(get_close_matches(unknown[0], [entry.number for entry in known], n=3))
        raise click.UsageError(misuse("E921" if near else "E920", number=unknown[0], near=near))
    found = tuple(
        entry
        for entry in known
        if entry.state == SEALED and (entry.number in wanted or register.parsed(entry.number).year == year)
    )
    if not found:
        raise click.exceptions.Exit(_told([Finding("E798", Place(repo.name))], lang))
    return found


@click.command("transfer")
@REPO
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="移交包放到这里。")
@click.option("--year", type=click.IntRange(1949, 9999), help="移交这一年度的全部档案。")
@click.option("--only", help="只移交这些档号（用逗号分开）。")
@click.option("--sender", required=True, type=WRITTEN, help="移交单位。")
@click.option("--to", "receiver", required=True, type=WRITTEN, help="接收单位。")
@click.option("--reason", required=True, type=WRITTEN, help="移交原因，如 原用人单位撤销（第十二条）。")
@JSON
@LANG
def transfer_command(
    repo: Path,
    out: Path,
    year: int | None,
    only: str | None,
    sender: str,
    receiver: str,
    reason: str,
    is_json: bool,
    lang: str,
) -> int:
    """移交（第十二条）：复制档案包，出移交清单和一式两份的移交与接收登记表。

    \b
    例：formgen keep transfer 档案库 --year 2026 --sender 示例厂工会 --to 示例街道工会 --reason 单位撤销 -o 移交盘
    """
    held = writing.opened(repo)
    sent = transfer.send(
        held, chosen(held, year, only, lang), out, sender=sender, receiver=receiver, reason=reason, on=today(), at=now()
    )
    return _exchanged(sent, "I709", is_json, lang)


@click.command("receive")
@click.argument("repo", type=click.Path(path_type=Path, file_okay=False))
@click.option("--from", "source", required=True, type=FOLDER, help="移交包（里面有 transfer.json）。")
@click.option("--digest", default="", help="登记表页脚上印的摘要，核对移交清单是不是签字的那一份。")
@JSON
@LANG
def receive_command(repo: Path, source: Path, digest: str, is_json: bool, lang: str) -> int:
    """接收：逐包验证，与移交清单全部相符才收入，并出会签的登记表。

    \b
    例：formgen keep receive 档案库 --from 移交盘/transfer-20261121-01 --digest 3f9c0a5be1d27c44
    """
    held = writing.taken(Repository(repo))
    return _exchanged(transfer.receive(held, source, on=today(), at=now(), printed=digest), "I710", is_json, lang)


@click.command("handover")
@REPO
@click.option("--from", "giver", required=True, type=WRITTEN, help="移交人（工号或岗位）。")
@click.option("--to", "taker", required=True, type=WRITTEN, help="接收人（工号或岗位）。")
@click.option("--witness", required=True, type=WRITTEN, help="监交人（工号或岗位）。")
@click.option("--matters", default="", help="未了事项。")
@JSON
@LANG
def handover_command(repo: Path, giver: str, taker: str, witness: str, matters: str, is_json: bool, lang: str) -> int:
    """档案管理人员交接（第十五条）：交接清单，三方签字。

    \b
    例：formgen keep handover 档案库 --from 工号07 --to 工号12 --witness 办公室主任
    """
    if not handover.are_three(giver, taker, witness):
        raise click.UsageError(misuse("E922"))
    held = writing.opened(repo)
    number, papers = handover.make(
        held, giver=giver, taker=taker, witness=witness, matters=matters, on=today(), at=now()
    )
    return _papers("I711", {"number": number}, papers, is_json, lang)


@click.command("export")
@REPO
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="文件放到这里。")
@click.option("--year", type=click.IntRange(1949, 9999), help="导出这一年度的全部档案。")
@click.option("--only", help="只导出这些档号（用逗号分开）。")
@click.option("--by", required=True, type=WRITTEN, help="经办人工号或岗位。")
@click.option("--reason", required=True, type=WRITTEN, help="事由，如 移交进馆（不写姓名、号码）。")
@JSON
@LANG
def export_command(
    repo: Path, out: Path, year: int | None, only: str | None, by: str, reason: str, is_json: bool, lang: str
) -> int:
    """导出 EEP（DA/T 48-2009）：一卷一个 XML，元数据和每个文件都在里面，供只收 XML 的档案馆用。

    \b
    例：formgen keep export 档案库 --year 2026 --by 工号07 --reason 移交进馆 -o 进馆
    """
    held = writing.opened(repo)
    made = export.write_all(held, chosen(held, year, only, lang), out, by=by, reason=reason, at=now())
    if is_json:
        click.echo(json.dumps({"files": [path.name for path in made.paths]}, ensure_ascii=False))
    elif made.paths:
        click.echo(messages.words("I724", {"count": str(len(made.paths)), "folder": str(out)}, lang=lang))
    return _told(made.findings, lang)


@click.command("batch")
@REPO
@click.option("--year", type=click.IntRange(1949, 9999), required=True, help="年度（撤档的年份）。")
@click.option("--cert", type=FILE, help="单位签名证书（PEM）。")
@click.option("--key", type=FILE, help="签名私钥（PEM）。")
@click.option("--chain", "between", type=FILE, help="中间证书（PEM）。")
@click.option("--ca", type=FILE, help="核对签名用的根证书。")
@JSON
@LANG
def batch_command(
    repo: Path,
    year: int,
    cert: Path | None,
    key: Path | None,
    between: Path | None,
    ca: Path | None,
    is_json: bool,
    lang: str,
) -> int:
    """年度批次：案卷目录、归档文件目录、批次清单、四性检测、缺号重号检查。

    \b
    例：formgen keep batch 档案库 --year 2026
        formgen keep batch 档案库 --year 2026 --cert 单位证书.pem --key 私钥.pem
    """
    if (cert is None) != (key is None):
        raise click.UsageError(misuse("E923"))
    seal = yearly.Seal(cert, key, between) if cert and key else None
    made = yearly.make(writing.opened(repo), year, seal=seal, ca=ca)
    values = {
        "year": str(year),
        "dossiers": str(made.dossiers),
        "digest": made.digest,
        "signed": "已签名" if made.is_signed else signature.UNSIGNED,
        "four": checks.verdict([result for _, result in made.four]),
    }
    if is_json:
        listed = [{"number": f.place.file, **f.values} for f in made.failures]
        files = [path.name for path in made.paths]
        click.echo(json.dumps({**values, "failed": listed, "files": files}, ensure_ascii=False))
    else:
        click.echo(messages.words("I712", values, lang=lang))
    if left := len(made.failures[_TOLD:]):
        told = {"more": str(left), "file": f"{year}/_batch/fourchecks-{year}.xlsx"}
        click.echo(messages.words("I721", told, lang=lang), err=True)
    return _told((*made.findings, *made.failures[:_TOLD]), lang)


@click.command("check4")
@REPO
@click.option("--stage", type=click.Choice(checks.STAGES), default="长期保存", help="环节。")
@click.option("--year", type=click.IntRange(1949, 9999), help="检测这一年度。")
@click.option("--only", help="只检测这些档号（用逗号分开）。")
@click.option("--ca", type=FILE, help="核对签名用的根证书。")
@JSON
@LANG
def check4_command(
    repo: Path, stage: str, year: int | None, only: str | None, ca: Path | None, is_json: bool, lang: str
) -> int:
    """四性检测：真实性、完整性、可用性、安全性，逐项写明依据、结论、证据。

    \b
    例：formgen keep check4 档案库 --stage 长期保存 --year 2026
    """
    held = repository.opened(repo)
    entries = chosen(held, year, only, lang)
    listed = [(e.number, result) for e in entries for result in checks.run(_subject(held, e, ca), stage=stage)]
    for number, result in listed:
        click.echo(_line(number, result, is_json))
    results = [result for _, result in listed]
    values = {"dossiers": str(len(entries)), "verdict": checks.verdict(results)}
    click.echo(messages.words("I713", values, lang=lang), err=is_json)
    return EXIT_MATERIAL if any(result.verdict == FAILED for result in results) else 0


def _subject(repo: Repository, entry: Entry, ca: Path | None) -> Subject:
    from formgen.keep import chain

    year = register.parsed(entry.number).year
    batch = repo.batch(year)
    broken = [f for name in chain.heads(repo.register) for f in chain.check(repo.register / name) if f.is_error]
    return Subject(
        repo.bag(entry.number),
        repo.policy,
        verdict=bag.validate(repo.bag(entry.number)),
        signature=signature.outcome(batch / signature.BATCH, batch, ca),
        process=failed(f"{broken[0].place}：记录链已断") if broken else passed("查阅、移交、销毁等记录链完好"),
    )


def _line(number: str, result: Result, is_json: bool) -> str:
    if is_json:
        return json.dumps({"档号": number, **asdict(result)}, ensure_ascii=False)
    mark = {FAILED: "✗", UNTESTED: "－"}.get(result.verdict, "✓")
    return f"{number}　{result.code}　{mark}{result.verdict}　{result.title}：{result.evidence}"


def _exchanged(sent: transfer.Sent, done: str, is_json: bool, lang: str) -> int:
    if sent.findings or not sent.papers:
        return _told(sent.findings, lang) or EXIT_MATERIAL
    return _papers(done, {"number": sent.number, "digest": sent.digest}, sent.papers, is_json, lang)


def _papers(done: str, values: Mapping[str, str], papers: Iterable[Path], is_json: bool, lang: str) -> int:
    if is_json:
        click.echo(json.dumps({**values, "papers": [path.name for path in papers]}, ensure_ascii=False))
        return 0
    click.echo(messages.words(done, values, lang=lang))
    for path in papers:
        click.echo(str(path))
    return 0


def _told(findings: Iterable[Finding], lang: str) -> int:
    listed = list(findings)
    for finding in listed:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    return EXIT_MATERIAL if any(finding.is_error for finding in listed) else 0
