"""The command line: arguments, the clock, printing and exit codes; no knowledge of the matter.

Each command is a module of this package that is imported only when it is called, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click

from formgen import __version__
from formgen.model import FormgenError

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

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order they are documented."""
        return [name for name, module in COMMANDS.items() if find_spec(f"formgen.cli.{module}")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if name not in self.list_commands(ctx):
            return None
        return import_module(f"formgen.cli.{COMMANDS[name]}").command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="formgen")
def program() -> None:
    """困难职工建档文书：从 Excel 台账到申请表、公示、发放表和档案包。

    \b
    例：formgen init 我的工作夹
        formgen check input/案件录入表.xlsx
        formgen run input/案件录入表.xlsx -o output/本批
    """


def main() -> None:
    """Run the program with the exit codes of its manual; a FormgenError becomes one sentence and code 4."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    os.umask(0o077)
    try:
        code = program(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        code = EXIT_INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        code = EXIT_USAGE
    except FormgenError as wrong:
        click.echo(str(wrong), err=True)
        code = EXIT_ENVIRONMENT
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    sys.exit(code if isinstance(code, int) else 0)
