"""A text on the command line that a log or a paper will say: who, why, by which document. A blank one is refused."""

from __future__ import annotations

from typing import Any

import click

from formgen.cli.language import misuse
from formgen.keep import texts


class Written(click.ParamType):
    """A text with at least one letter or digit in it."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without blanks around it; ends as wrong usage when nothing is written."""
        if texts.is_blank(str(value)):
            raise click.UsageError(misuse("E940", option=max(param.opts, key=len) if param else "-"), ctx)
        return str(value).strip()


WRITTEN = Written()
