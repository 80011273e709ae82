"""Names in one option, with commas of either width between them."""

from __future__ import annotations

import re

import click

from formgen import messages
from formgen.cli.language import spoken_by

_BETWEEN = re.compile("[,，、;；]")


def listed(value: str | None) -> tuple[str, ...]:
    """The names in the order they were written, each once; none where nothing was written."""
    return tuple(dict.fromkeys(part.strip() for part in _BETWEEN.split(value or "") if part.strip()))


def chosen(ctx: click.Context, param: click.Parameter, value: str | None) -> frozenset[str]:
    """The names an option chooses, for its callback; one that is given and holds none is refused: none means all."""
    names = frozenset(listed(value))
    if value is not None and not names:
        raise click.BadParameter(messages.words("I620", lang=spoken_by(ctx)), ctx, param)
    return names
