"""formgen init DIR: a working folder with templates, the blank workbook and the sample."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from formgen import blank, messages, write
from formgen.messages import LANGUAGES
from formgen.papers import forms
from formgen.samples import enclosures, sample


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--lang", type=click.Choice(LANGUAGES), default="zh", help="提示语言。")
def command(folder: Path, lang: str) -> None:
    """建立工作文件夹：模板、空白录入表、样例、输出文件夹。已有的文件不会被覆盖。

    \b
    例：formgen init 我的工作夹
    """
    for path in (folder / "input", folder / "output"):
        write.make_folder(path)
    made = {"案件录入表.xlsx": blank.workbook(), "样例.xlsx": sample("样例.xlsx"), **enclosures()}
    for name, content in made.items():
        if content is not None:
            path = folder / "input" / name
            _tell("I107" if path.exists() else "I106", path, lang)
            if not path.exists():
                write.make_folder(path.parent)
                write.put(path, content)
    _tell("I106" if _copy_templates(folder / "templates") else "I107", folder / "templates", lang)
    _tell("I108", folder / "input" / "案件录入表.xlsx", lang)


def _tell(code: str, path: Path, lang: str) -> None:
    click.echo(messages.words(code, {"path": path}, lang=lang))


def _copy_templates(target: Path) -> bool:
    """Whether the shipped templates were copied; a folder that is there already is left alone."""
    if target.exists():
        return False
    try:
        shutil.copytree(forms.home(), target, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    except OSError as error:
        raise write.trouble(error, target) from error
    return True
