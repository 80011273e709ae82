"""The language of the command line: what click itself says, and the help of every command."""

from __future__ import annotations

import copy
import gettext
import os
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TypeVar

import click

from formgen.messages import LANGUAGES, advice

Dressed = TypeVar("Dressed", bound=click.Command)
OPTION = "--lang"
VARIABLE = "FORMGEN_LANG"
_PLACEHOLDERS = {"zh": ("[选项]", "命令 …"), "en": ("[OPTIONS]", "COMMAND [ARGS]...")}
#: What stands for a value in the Chinese help: arguments by name, options by type.
_VALUES = {
    "workbook": "台账",
    "folder": "文件夹",
    "repo": "档案库",
    "path": "路径",
    "file": "文件",
    "number": "编号",
    "text": "文字",
    "integer": "数",
    "integer range": "数",
    "float range": "数",
    "day": "日期",
}


def spoken(arguments: Sequence[str]) -> str:
    """The language a command line asks for, known before it is parsed: its errors are told in it too."""
    for word, after in pairwise([*arguments, ""]):
        if word == "--":
            break
        chosen = after if word == OPTION else word.removeprefix(f"{OPTION}=")
        if word.startswith(OPTION) and chosen in LANGUAGES:
            return chosen
    preferred = os.environ.get(VARIABLE, "")
    return preferred if preferred in LANGUAGES else LANGUAGES[0]


def speak(lang: str) -> None:
    """From here on click says usage, headings and errors in that language, by the catalogue in ``data/locale``."""
    gettext.bindtextdomain("click", str(files("formgen") / "data" / "locale"))
    gettext.textdomain("click")
    os.environ["LANGUAGE"] = lang


def spoken_by(ctx: click.Context | None) -> str:
    """The language of a command that is being parsed."""
    return getattr(ctx.find_root().command, "lang", LANGUAGES[0]) if ctx else LANGUAGES[0]


def misuse(code: str, **values: str) -> str:
    """What is wrong with a command and what to do, in the language it was given; for an error of click's."""
    return f"{code} {advice(code, values, lang=spoken_by(click.get_current_context(silent=True)))}"


def defaults(command: click.Command, ctx: click.Context, lang: str) -> dict[str, object]:
    """The default map that lets a command, and the commands below it, speak that language."""
    below = command.list_commands(ctx) if isinstance(command, click.Group) else ()
    return {"lang": lang, **{name: {"lang": lang} for name in below}}


def told(command: click.Command, ctx: click.Context, lang: str, *, path: str) -> click.Command:
    """The command, and those below it, with their help in that language."""
    twin = dressed(command, lang, path=path)
    if isinstance(twin, click.Group):
        names = {name: twin.get_command(ctx, name) for name in twin.list_commands(ctx)}
        twin.commands = {name: told(each, ctx, lang, path=f"{path} {name}") for name, each in names.items() if each}
    return twin


def dressed(command: Dressed, lang: str, *, path: str) -> Dressed:
    """A copy of one command with its own help in that language; without English help it keeps its own words."""
    twin = copy.copy(command)
    twin.options_metavar, below = _PLACEHOLDERS[lang]
    if isinstance(twin, click.Group):
        twin.subcommand_metavar = below
    twin.params = [copy.copy(param) for param in twin.params]
    for param in twin.params:
        if isinstance(param.type, click.Path):
            param.type = _renamed(param.type)
    if lang == "en":
        _in_english(twin, english().get(path, {}))
    else:
        _name_values(twin)
    return twin


def _renamed(kind: click.Path) -> click.Path:
    """The kind of a path under its name in the language spoken now; click names it once, when its command is loaded."""
    twin = copy.copy(kind)
    name = "file" if not kind.dir_okay else "path" if kind.file_okay else "directory"
    twin.name = gettext.dgettext("click", name)
    return twin


def _name_values(command: click.Command) -> None:
    """Say in Chinese what each value is; a choice shows what there is to choose from."""
    for param in command.params:
        name = param.name if isinstance(param, click.Argument) else param.type.name
        if param.metavar is None and not isinstance(param.type, click.Choice):
            param.metavar = _VALUES.get(str(name))


def _in_english(command: click.Command, words: Mapping[str, str]) -> None:
    command.help = words.get("help", command.help)
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = words.get(max(option.opts, key=len).lstrip("-"), option.help)


@cache
def english() -> Mapping[str, Mapping[str, str]]:
    """Command → its English help, and that of each option by its long name."""
    return tomllib.loads((files("formgen") / "data" / "help.en.toml").read_text(encoding="utf-8"))
