"""A day on the command line, written in any form that the register takes."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from formgen import messages
from formgen.cells.dates import written_day
from formgen.cli.language import spoken_by


class Day(click.ParamType):
    """A day: 2019-03-01, 2019/3/1, 2019年3月1日, 20190301. One that may mean two days is refused."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; ends as wrong usage, with the form that is wanted, when there is none."""
        if isinstance(value, date):
            return value
        day, wrong = written_day(str(value))
        if day is None:
            self.fail(_asked(str(value), wrong, spoken_by(ctx)), param, ctx)
        return day


def _asked(text: str, code: str, lang: str) -> str:
    """What is wrong with a text that is no day, and how a day is written."""
    return messages.words(WRONG[code], {"text": text}, lang=lang)


WRONG = {"E211": "X901", "E212": "X902", "E213": "X903", "E239": "X904"}
