"""`formgen run`: the whole pipeline from a workbook to the folder of a batch."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from formgen import messages
from formgen.batch import pipeline
from formgen.batch.tally import Options, Tally, Watch
from formgen.cli import EXIT_BUG, EXIT_INTERRUPTED, EXIT_MATERIAL, EXIT_USAGE
from formgen.read import Unreadable

_TOLD = 20  # sentences that the terminal shows; the log and the workbooks hold all


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> frozenset[str]:
    parts = (value or "").replace("，", ",").replace("、", ",").split(",")
    return frozenset(part.strip() for part in parts if part.strip())


@click.command("run")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹。")
@click.option("--forms", "papers", callback=_names, help="只制作这些文书（编号用逗号分开）。")
@click.option("--pdf", "is_pdf", is_flag=True, help="每份文书另存一份 PDF（需要 LibreOffice）。")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, help="同时工作的进程数，默认按处理器核数；1 表示不另开进程。"
)
@click.option("--only", callback=_names, help="只做这些档案编号（用逗号分开）。")
@click.option("--resume", is_flag=True, help="从断点接着做；平常的运行也总是这样，写不写都一样。")
@click.option(
    "--missing", type=click.Choice(["mark", "blank", "error"]), default="mark", help="缺值时：标出、留空、不制作。"
)
@click.option("--dry-run", "is_dry", is_flag=True, help="只核对和判定，不写任何文件。")
@click.option("--json", "is_json", is_flag=True, help="结果用 JSON 输出。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示的语言。")
def command(
    workbook: Path,
    out: Path,
    papers: frozenset[str],
    is_pdf: bool,
    jobs: int | None,
    only: frozenset[str],
    resume: bool,
    missing: str,
    is_dry: bool,
    is_json: bool,
    lang: str,
) -> int:
    """核对台账、判定级别、制作全部文书和汇总。

    \b
    例：formgen run input/样例.xlsx -o output/样例
        formgen run input/样例.xlsx -o output/样例 --only AH-0001,AH-0002 --forms review
    中断以后再运行同一条命令，会从断点接着做；没有变化的不重做。
    """
    options = Options(
        papers=papers or None,
        only=only,
        missing=missing,
        jobs=jobs or max(2, os.cpu_count() or 1),
        is_pdf=is_pdf,
        is_dry=is_dry,
    )
    began = time.monotonic()
    seconds = lambda: time.monotonic() - began  # noqa: E731 - a clock is a value here
    try:
        with _interruptible(lang) as is_stopped:
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            watch = Watch(tell=_progress(seconds), is_stopped=is_stopped, seconds=seconds, now=now)
            done = pipeline.run(workbook, out, options, watch)
    except Unreadable as wrong:
        for finding in wrong.findings:
            click.echo(messages.sentence(finding, lang=lang), err=True)
        return EXIT_USAGE if isinstance(wrong, pipeline.NoSuchPaper) else EXIT_MATERIAL
    _tell(done, seconds(), is_dry=is_dry, is_json=is_json, lang=lang)
    return _exit_code(done)


def _exit_code(done: Tally) -> int:
    if done.is_interrupted:
        return EXIT_INTERRUPTED
    if done.has_bug:
        return EXIT_BUG
    return EXIT_MATERIAL if done.has_errors else 0


def _tell(done: Tally, seconds: float, *, is_dry: bool, is_json: bool, lang: str) -> None:
    if is_json:
        click.echo(json.dumps(_as_json(done), ensure_ascii=False))
    for finding in done.findings[:_TOLD]:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    for sentence in [*done.wrong[:_TOLD], *done.told[:_TOLD]]:
        click.echo(sentence, err=True)
    values = {name: str(getattr(done, name)) for name in ("total", "made", "kept", "failed", "skipped", "papers")}
    values |= {"seconds": f"{seconds:.1f}", "done": str(done.made + done.failed), "left": str(done.skipped)}
    code = "I605" if done.is_interrupted else "I606" if is_dry else "I601"
    click.echo(messages.words(code, values, lang=lang), err=is_json)


def _as_json(done: Tally) -> dict:
    return {
        "total": done.total,
        "made": done.made,
        "kept": done.kept,
        "failed": done.failed,
        "skipped": done.skipped,
        "papers": done.papers,
        "tiers": dict(sorted(done.tiers.items())),
        "interrupted": done.is_interrupted,
        "findings": [finding.code for finding in done.findings],
        "told": done.told,
    }


@contextmanager
def _interruptible(lang: str) -> Iterator[Callable[[], bool]]:
    """While it lasts the first Ctrl-C asks to stop after the cases in hand, the second stops at once."""
    asked: list[int] = []

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(seconds: Callable[[], float]) -> Callable[[int, int], None]:
    """A line on a terminal with rate and time left; nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda done, total: None
    last = [0.0]

    def tell(done: int, total: int) -> None:
        spent = seconds()
        if spent - last[0] < 0.2 and done < total:
            return
        last[0] = spent
        rate = done / spent if spent else 0.0
        left = (total - done) / rate if rate else 0.0
        end = "\n" if done == total else ""
        click.echo(f"\r{done}/{total} 户  {rate:.0f} 户/秒  约剩 {left:.0f} 秒   {end}", nl=False, err=True)

    return tell
