"""`formgen verify`: any BagIt bag, a folder of bags, or a whole repository; exits 3 when it found a change."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path

import click

from formgen import messages, write
from formgen.cli import EXIT_MATERIAL
from formgen.cli.clock import now
from formgen.cli.language import misuse
from formgen.keep import account, verify
from formgen.keep.repository import Repository
from formgen.keep.verify import Result, Watch


@click.command("verify")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--level",
    type=click.Choice(verify.LEVELS),
    default="full",
    help="quick 名称和大小；rolling 每月十二分之一；full 全部。",
)
@click.option(
    "--budget", type=click.FloatRange(min=0), default=None, metavar="MINUTES", help="最多用这么多分钟，下次接着做。"
)
@click.option("--ca", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="核对签名用的根证书。")
@click.option("--printed", multiple=True, metavar="MARK", help="签过字的单据页脚上印的“记录链”，核对记录有没有被截掉。")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="另存一份报告。")
@click.option("--jobs", type=click.IntRange(1, 64), default=None, help="同时用几个处理器核，默认全部。")
@click.option("--json", "is_json", is_flag=True, help="报告用 JSON 输出。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示的语言。")
def command(
    path: Path,
    level: str,
    budget: float | None,
    ca: Path | None,
    printed: tuple[str, ...],
    report: Path | None,
    jobs: int | None,
    is_json: bool,
    lang: str,
) -> int:
    """验证：逐件核对摘要，每一处改动、丢失、多出都说明路径。有变动时退出码为 3。

    \b
    例：formgen verify 档案库
        formgen verify 档案库 --level rolling --budget 60
        formgen verify 档案库/2026/J045-WS.2026-D10-KN-0001
    """
    began = time.monotonic()
    watch = Watch(
        at=now(),
        seconds=lambda: time.monotonic() - began,
        budget=None if budget is None else budget * 60,
        tell=_progress,
    )
    if (path / "_register").is_dir():
        repo = Repository(path)
        result = verify.repository(repo, level, watch, ca=ca, jobs=jobs or 0, printed=printed)
        raw = account.text(result, at=watch.at, name=repo.name, previous=account.last(repo), lang=lang)
    elif printed:
        raise click.UsageError(misuse("E928"))
    else:
        repo, result = None, verify.folders(verify.any_bags(path), path, watch, ca=ca, jobs=jobs or 0)
        raw = account.text(result, at=watch.at, name=path.name, previous="", lang=lang)
    if report:
        write.put(report, raw)
    _tell(result, raw, is_json=is_json, lang=lang)
    if repo and result.is_remembered:
        _remember(repo, result, watch.at, is_json=is_json, lang=lang)
    return 0 if result.is_ok else EXIT_MATERIAL


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{total}", nl=done == total, err=True)


def _remember(repo: Repository, result: Result, at: str, *, is_json: bool, lang: str) -> None:
    """Keep the account in the repository and say where; a log too broken to be gone on with has been told of before."""
    try:
        path, digest = account.keep(repo, result, at=at, lang=lang)
    except messages.FormgenError as wrong:
        click.echo(messages.told(wrong, lang=lang), err=True)
        return
    click.echo(messages.words("I704", {"file": path.name, "digest": digest}, lang=lang), err=is_json)


def _tell(result: Result, raw: bytes, *, is_json: bool, lang: str) -> None:
    digest = hashlib.sha256(raw).hexdigest()
    if is_json:
        click.echo(json.dumps({**json.loads(raw), "report_sha256": digest}, ensure_ascii=False, indent=1))
    for finding in result.findings:
        click.echo(messages.sentence(finding, lang=lang), err=is_json)
    for checked in result.bags:
        for finding in checked.findings:
            click.echo(f"{checked.path}/{messages.sentence(finding, lang=lang)}", err=is_json)
    changed = sum(not checked.is_ok for checked in result.bags)
    values = {
        "total": str(result.total),
        "done": str(len(result.bags)),
        "files": str(sum(checked.files for checked in result.bags)),
        "changed": str(changed),
        "left": str(result.left),
        "stale": str(result.stale),
        "digest": digest,
    }
    click.echo(messages.words("I703", values, lang=lang), err=is_json)
    if result.unsealed:
        click.echo(messages.words("I722", {"unsealed": str(result.unsealed)}, lang=lang), err=is_json)
