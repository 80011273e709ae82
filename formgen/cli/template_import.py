"""formgen template import FILE: a fillable form from a drawing in Word or PDF, or from a form that is there already."""

from __future__ import annotations

import json
from pathlib import Path

import click

from formgen import messages, tomlfile, write
from formgen.cli import EXIT_ENVIRONMENT, EXIT_MATERIAL
from formgen.cli.language import misuse
from formgen.model import Finding
from formgen.papers import tags
from formgen.pdf import convert
from formgen.pdf import importing as pdf_import


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o",
    "--out",
    "output",
    type=click.Path(path_type=Path, file_okay=False),
    help="文书文件夹；默认 templates/文件名。",
)
@click.option("--update", is_flag=True, help="文件夹里已有 form.toml：保留不动，只重做 template.pdf。")
@click.option("--json", "as_json", is_flag=True, help="字段清单，一行一个。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
def command(file: Path, output: Path | None, update: bool, as_json: bool, lang: str) -> None:
    """把图样变成可填写的表单：格里写 {{ 字段 }}，选项前写 □；已有的 PDF 表单原样收进来。

    写出 template.pdf、form.toml（字段清单）和标出字段的 PNG。

    \b
    例：formgen template import 困难职工档案表.docx -o templates/register
        formgen template import 表格.pdf
    """
    folder = output or Path("templates") / file.stem
    if (folder / "form.toml").exists() and not update:
        raise click.UsageError(misuse("E927", folder=str(folder)))
    content, findings = _pages(file)
    if content or not findings:  # an empty drawing is no drawing, and somebody must say so
        title = _title(folder / "form.toml") or file.stem
        made = pdf_import.from_pdf(content, name=file.name, title=title, known=frozenset(tags.known()))
        findings += made.findings
        if made.template and not any(finding.is_error for finding in findings):
            _keep(folder, made, update, as_json, lang)
    for finding in findings:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    if any(finding.code in ("W503", "E518") for finding in findings):
        raise click.exceptions.Exit(EXIT_ENVIRONMENT)
    if any(finding.is_error for finding in findings):
        raise click.exceptions.Exit(EXIT_MATERIAL)


def _title(listed: Path) -> str:
    """The title a form.toml gives, empty where there is none."""
    return str(tomlfile.read(listed).get("title", "")) if listed.exists() else ""


def _pages(file: Path) -> tuple[bytes, tuple[Finding, ...]]:
    """The drawing as PDF."""
    if file.suffix.lower() == ".pdf":
        return file.read_bytes(), ()
    converted = convert.to_pdf({file.name: file})
    return converted.papers.get(file.name, b""), converted.findings


def _keep(folder: Path, made: pdf_import.Imported, update: bool, as_json: bool, lang: str) -> None:
    write.make_folder(folder)
    write.put(folder / "template.pdf", made.template)
    for page, picture in enumerate(made.pictures if not update else (), 1):
        write.put(folder / f"字段-{page}.png", picture)
    if not update:
        write.put(folder / "form.toml", made.toml.encode())
    if not as_json:
        click.echo(messages.words("I502", {"count": str(len(made.fields)), "folder": str(folder)}, lang=lang))
    for about in made.fields if as_json else ():
        facts = {"name": about.name, "kind": about.kind, "pages": about.pages, "rects": about.rects}
        more = {"max_length": about.max_length, "multiline": about.is_multiline, "choices": about.choices}
        click.echo(json.dumps({**facts, **more}, ensure_ascii=False))
