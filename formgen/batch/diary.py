"""运行记录: the log of every run and the side file of the report: times and changes, which are never the same twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from formgen import messages, write
from formgen.batch import report
from formgen.batch.casework import Outcome, left_alone
from formgen.batch.tally import Tally
from formgen.model import Finding

LOG = "日志.txt"


class Diary:
    """The log of one output folder, line after line; it holds case numbers, paths and codes, never what cells say."""

    def __init__(self, folder: Path) -> None:
        """Open the log in `folder` at its end. Raises FormgenError when the disk refuses."""
        self._folder = folder
        path = folder / LOG
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
            self._fd = os.open(path, flags, 0o600)
        except OSError as error:
            raise write.trouble(error, path) from error

    def say(self, line: str) -> None:
        """Append one line. Raises FormgenError when the disk refuses."""
        try:
            os.write(self._fd, f"{line}\n".encode())
        except OSError as error:
            raise write.trouble(error, self._folder / LOG) from error

    def close(self) -> None:
        """Let the log go."""
        os.close(self._fd)

    def latest(self, done: Tally, seconds: float) -> None:
        """Leave what the report page shows of the latest run. Raises FormgenError when the disk refuses."""
        write.put(self._folder / report.LATEST, report.latest(seconds, ended(done, seconds), map(sentence, done.told)))


def ended(done: Tally, seconds: float, *, is_dry: bool = False, lang: str = "zh") -> str:
    """How a run ended, in numbers that add up; of a register without a case that there is none, and what to do."""
    if not done.total:
        return messages.advice("I630", lang=lang)
    names = ("total", "chosen", "made", "same", "failed", "skipped", "papers")
    values = {name: str(getattr(done, name)) for name in names} | {"seconds": f"{seconds:.1f}"}
    finished = done.made + done.failed
    values |= {"done": str(finished), "left": str(done.chosen - finished)}
    ordinary = "I601" if done.chosen == done.total else "I610"
    code = "I605" if done.is_interrupted else "I606" if is_dry else ordinary
    return messages.words(code, values, lang=lang)


def sentence(finding: Finding, *, lang: str = "zh") -> str:
    """What is told of a run: a note as it stands, anything else with its weight and code."""
    if finding.code.startswith("I"):
        part = "no" if finding.values.get("papers") == "" else "what"
        return messages.words(finding.code, finding.values, lang=lang, part=part)
    return messages.sentence(finding, lang=lang)


def changes(outcome: Outcome, titles: dict[str, str]) -> Iterator[Finding]:
    """What this run changed about one case: cells, papers to be signed again, papers taken away."""
    values = {"case_no": outcome.case_no, "cells": "、".join(outcome.changed), "papers": _titles(outcome.again, titles)}
    if outcome.changed:
        yield Finding("I602", values=values)
    elif outcome.again:
        yield Finding("I607", values=values)
    if outcome.taken:
        yield Finding("I603", values=values | {"papers": _titles(outcome.taken, titles)})
    if outcome.is_left:
        yield left_alone(outcome.case_no)


def _titles(paths: tuple[str, ...], titles: dict[str, str]) -> str:
    """A paper and its PDF are one paper to whoever signs it."""
    return "、".join(dict.fromkeys(titles.get(Path(path).name, Path(path).name) for path in paths))
