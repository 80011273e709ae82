"""The command line: arguments, the clock, printing and exit codes; no knowledge of the matter.

Each command is a module of this package that is imported only when it is called, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from formgen import __version__
from formgen.cli import language
from formgen.messages import LANGUAGES, FormgenError, MaterialError, told
from formgen.model import Finding

#: command → module below formgen.cli; the module holds a click command named ``command``.
COMMANDS = {
    "init": "init",
    "check": "check",
    "decide": "decide",
    "explain": "explain",
    "run": "run",
    "notice": "notice",
    "print": "printing",
    "archive": "archive",
    "verify": "verify",
    "keep": "keeping",
    "disposal": "disposal",
    "template": "template",
    "holidays": "holidays",
    "doctor": "doctor",
}

EXIT_BUG, EXIT_USAGE, EXIT_MATERIAL, EXIT_ENVIRONMENT, EXIT_INTERRUPTED = 1, 2, 3, 4, 130


class Commands(click.Group):
    """The group of commands, each loaded when it is asked for."""

    lang = LANGUAGES[0]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order they are documented."""
        return [name for name, module in COMMANDS.items() if find_spec(f"formgen.cli.{module}")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name in the language that is spoken, None when there is none."""
        if name not in self.list_commands(ctx):
            return None
        command = import_module(f"formgen.cli.{COMMANDS[name]}").command
        ctx.default_map = {name: language.defaults(command, ctx, self.lang)}
        return language.told(command, ctx, self.lang, path=name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command the arguments name; ends as wrong usage, with the nearest names, when there is none."""
        if args[0] not in self.list_commands(ctx):
            raise click.NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run with these arguments, speaking the language they ask for from the first word."""
        given = list(sys.argv[1:] if args is None else args)
        spoken = language.dressed(self, language.spoken(given), path="formgen")
        spoken.lang = language.spoken(given)
        language.speak(spoken.lang)
        return super(Commands, spoken).main(given, *rest, **extra)


#: Options that had another name once: still understood, no longer shown.
OLD_NAMES = {"output": "out"}


@click.group(
    cls=Commands,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "token_normalize_func": lambda name: OLD_NAMES.get(name, name),
    },
)
@click.version_option(__version__, prog_name="formgen", help="显示版本。")
@click.option(language.OPTION, type=click.Choice(LANGUAGES), envvar=language.VARIABLE, help="提示语言。")
@click.pass_context
def program(ctx: click.Context, lang: str | None) -> None:
    """困难职工建档文书：从 Excel 台账到申请表、公示、发放表和档案包。

    \b
    例：formgen init 我的工作夹
        formgen check input/案件录入表.xlsx
        formgen run input/案件录入表.xlsx -o output/本批
    """


def _need_chinese_names() -> None:
    """Raise FormgenError where the locale cannot name our folders, before the first of them is made."""
    encoding = sys.getfilesystemencoding()
    try:
        "案件".encode(encoding)
    except UnicodeEncodeError as wrong:
        raise FormgenError(Finding("E910", values={"encoding": encoding})) from wrong


def main() -> None:
    """Run the program with the exit codes of its manual; a FormgenError becomes its sentence and code 4 or 3."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    os.umask(0o077)
    try:
        _need_chinese_names()
        code = program(prog_name="formgen", standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        code = EXIT_INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        code = EXIT_USAGE
    except FormgenError as wrong:
        click.echo(told(wrong, lang=language.spoken(sys.argv[1:])), err=True)
        code = EXIT_MATERIAL if isinstance(wrong, MaterialError) else EXIT_ENVIRONMENT
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
