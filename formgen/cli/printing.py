"""formgen print DIR -o FILE.pdf: the papers of an output folder as one job for the printer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import click

from formgen import messages, printing, write
from formgen.cli import EXIT_MATERIAL, commas
from formgen.cli.language import misuse
from formgen.papers import forms
from formgen.papers.forms import Form


@click.command("print")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o", "--out", "output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="打印文件（PDF）。"
)
@click.option("--copies", multiple=True, help="某种文书的份数，如 --copies bank-card=3；可写多次，也可用逗号分开。")
@click.option("--duplex", is_flag=True, help="双面打印：每份文书都从一张纸的正面开始。")
@click.option("--by", type=click.Choice(["case", "form"]), default="case", help="按户还是按文书种类排列。")
@click.option("--only", callback=commas.chosen, help="只打印这些档案编号，用逗号分开；卡纸后补打时用。")
@click.option("--separators/--no-separators", default=True, help="打印清单和每户的隔页。")
@click.option("--marks/--no-marks", default=True, help="每页页眉外的小字：档案编号、文书、页次、第几张。")
@click.option("--templates", type=click.Path(path_type=Path, exists=True, file_okay=False), help="自己的模板文件夹。")
@click.option("--json", "as_json", is_flag=True, help="把页次表作为 JSON 输出。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(
    folder: Path,
    output: Path,
    copies: tuple[str, ...],
    duplex: bool,
    by: str,
    only: frozenset[str],
    separators: bool,
    marks: bool,
    templates: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """把 run --pdf 的结果合成一个打印文件，附隔页、书签和页次表。

    \b
    例：formgen print output/本批 -o 打印.pdf --duplex --copies application=2
        formgen print output/本批 -o 补打.pdf --only AH-0007,AH-0008
    """
    known = forms.load(templates, near=folder)
    if gone := printing.unknown_cases(folder, only):
        raise click.UsageError(misuse("E915", folder=str(folder), numbers="、".join(gone)))
    wish = printing.Wish(
        by=by, duplex=duplex, separators=separators, marks=marks, only=only, copies=_copies(copies, known)
    )
    made = printing.job(folder, known, wish, title=output.stem)
    if made.content:
        write.put(output, made.content)
        page_map = json.dumps({"file": output.name, **made.page_map}, ensure_ascii=False, indent=1) + "\n"
        write.put(output.with_suffix(".json"), page_map.encode())
    if as_json:
        click.echo(json.dumps(made.page_map, ensure_ascii=False))
    for finding in made.findings:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    if not made.content or any(finding.is_error for finding in made.findings):
        click.echo(messages.words("E513", lang=lang) if not made.content else "", err=True, nl=not made.content)
        raise click.exceptions.Exit(EXIT_MATERIAL)
    if not as_json:
        counts = {key: str(made.page_map[key]) for key in ("sheets", "pages")}
        click.echo(messages.words("I501", {**counts, "papers": str(len(made.page_map["papers"]))}, lang=lang))


def _copies(wanted: tuple[str, ...], known: tuple[Form, ...]) -> Mapping[str, int]:
    """Form id → copies; a form may be called by its id, its file or the number in front of the file name."""
    found = {}
    for wish in (part for value in wanted for part in commas.listed(value)):
        name, _, count = wish.partition("=")
        named = [form for form in known if name.strip() in (form.id, form.title, *_file_names(form))]
        if len(named) != 1 or not count.strip().isdigit() or not 0 <= int(count) <= 99:
            ids = "、".join(form.id for form in known)
            raise click.BadParameter(misuse("E916", text=wish, known=ids), param_hint="--copies")
        found[named[0].id] = int(count)
    return found


def _file_names(form: Form) -> tuple[str, ...]:
    stem = Path(form.file).stem
    return form.file, stem, stem.partition("-")[0]
