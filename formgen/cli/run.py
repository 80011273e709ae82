"""`formgen run`: the whole pipeline from a workbook to the folder of a batch."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from formgen import messages
from formgen.batch import diary, pipeline, summary
from formgen.batch.tally import Options, Tally, Watch, Wrong
from formgen.cli import EXIT_BUG, EXIT_INTERRUPTED, EXIT_MATERIAL, EXIT_USAGE, commas
from formgen.model import Finding
from formgen.read import Unreadable

_TOLD = 20  # sentences that the terminal shows; the log and the workbooks hold all


@click.command("run")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="输出文件夹。")
@click.option("--forms", "papers", callback=commas.chosen, help="只制作这些文书（编号用逗号分开）。")
@click.option("--pdf", "is_pdf", is_flag=True, help="每份文书另存一份 PDF（需要 LibreOffice）。")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=None, help="同时工作的进程数，默认按处理器核数；1 表示不另开进程。"
)
@click.option("--only", callback=commas.chosen, help="只做这些档案编号（用逗号分开）。")
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
    return _run(workbook, out, options, is_json=is_json, lang=lang)


def _run(workbook: Path, out: Path, options: Options, *, is_json: bool, lang: str) -> int:
    """Run, tell what came of it, and give the exit code."""
    began = time.monotonic()
    seconds = lambda: time.monotonic() - began  # noqa: E731 - a clock is a value here
    try:
        with _interruptible(lang) as is_stopped:
            now = datetime.now().astimezone().isoformat(timespec="seconds")
            watch = Watch(tell=_progress(seconds, lang), is_stopped=is_stopped, seconds=seconds, now=now)
            done = pipeline.run(workbook, out, options, watch)
    except Unreadable as wrong:
        for finding in wrong.findings:
            click.echo(messages.sentence(finding, lang=lang), err=True)
        return EXIT_USAGE if isinstance(wrong, pipeline.NoSuchPaper) else EXIT_MATERIAL
    except KeyboardInterrupt:
        click.echo(messages.words("I622", lang=lang), err=True)
        return EXIT_INTERRUPTED
    if is_json:
        click.echo(json.dumps(_as_json(done, lang), ensure_ascii=False))
    _tell(done, out, seconds(), is_dry=options.is_dry, is_json=is_json, lang=lang)
    return _exit_code(done)


def _exit_code(done: Tally) -> int:
    if done.is_interrupted:
        return EXIT_INTERRUPTED
    if done.has_bug:
        return EXIT_BUG
    return EXIT_MATERIAL if done.has_errors else 0


def _tell(done: Tally, out: Path, seconds: float, *, is_dry: bool, is_json: bool, lang: str) -> None:
    """What was found goes to stderr, how it ended and where to read on to stdout, which JSON has for itself."""
    common = [_line(finding, finding.case_no, lang) for finding in done.findings]
    wrong = [_line(one.finding, f"{one.case_no} {one.name}".strip(), lang) for one in done.wrong]
    told = [diary.sentence(finding, lang=lang) for finding in done.told]
    for lines, number in ((common, len(common)), (wrong, done.errors), (told, len(told))):
        for line in lines[:_TOLD]:
            click.echo(line, err=True)
        if number > _TOLD:
            click.echo(messages.words("I618", {"count": str(number - _TOLD)}, lang=lang), err=True)
    click.echo(diary.ended(done, seconds, is_dry=is_dry, lang=lang), err=is_json)
    if done.common_errors:
        click.echo(messages.words("I609", {"count": str(done.common_errors)}, lang=lang), err=is_json)
    if done.warned:
        listed = "、".join(f"{code} {count}" for code, count in sorted(done.warned.items()))
        values = {"count": str(done.warned.total()), "codes": listed}
        click.echo(messages.words("I647", values, lang=lang), err=is_json)
    if not (is_dry or done.is_interrupted):
        places = {"problems": str(out / summary.PROBLEMS), "report": str(out / summary.REPORT)}
        click.echo(messages.words("I619", places, lang=lang), err=is_json)


def _line(finding: Finding, whose: str, lang: str) -> str:
    """A finding as one line that begins with whose it is; a cell of his needs no name of the workbook."""
    place = finding.place
    file = "" if whose and place.sheet else place.file
    head = " › ".join(part for part in (whose, file) if part)
    return messages.sentence(replace(finding, place=replace(place, file=head)), lang=lang)


def _as_json(done: Tally, lang: str) -> dict:
    return {
        "total": done.total,
        "chosen": done.chosen,
        "made": done.made,
        "kept": done.kept,
        "same": done.same,
        "failed": done.failed,
        "skipped": done.skipped,
        "papers": done.papers,
        "tiers": dict(sorted(done.tiers.items())),
        "interrupted": done.is_interrupted,
        "findings": [finding.code for finding in done.findings],
        "errors": [_error(one, lang) for one in done.wrong],
        "warnings": dict(sorted(done.warned.items())),
        "told": [diary.sentence(finding, lang=lang) for finding in done.told],
    }


def _error(wrong: Wrong, lang: str) -> dict[str, str]:
    finding, place = wrong.finding, wrong.finding.place
    where = {"sheet": place.sheet, "cell": place.cell, "heading": place.heading}
    said = {part: messages.words(finding.code, finding.values, lang=lang, part=part) for part in ("what", "do")}
    return {"case": wrong.case_no, "code": finding.code, **where, **said}


@contextmanager
def _interruptible(lang: str) -> Iterator[Callable[[], bool]]:
    """While it lasts the first Ctrl-C asks to stop after the cases in hand, the second stops at once."""
    asked: list[int] = []
    words = messages.words("I621", lang=lang)

    def ask(number: int, frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        os.write(2, f"\n{words}\n".encode())  # a stream may be in the middle of a line

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


def _progress(seconds: Callable[[], float], lang: str) -> Callable[[int, int], None]:
    """A line on a terminal with rate and time left; nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda done, total: None
    last = [0.0]

    def tell(done: int, total: int) -> None:
        """Write the line anew, at most five times a second."""
        spent = seconds()
        if spent - last[0] < 0.2 and done < total:
            return
        last[0] = spent
        rate = done / spent if spent else 0.0
        left = (total - done) / rate if rate else 0.0
        said = {"done": done, "total": total, "rate": f"{rate:.0f}", "left": f"{left:.0f}"}
        click.echo(f"\r{messages.words('I634', said, lang=lang)}   ", nl=done == total, err=True)

    return tell
