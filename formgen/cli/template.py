"""formgen template: the papers there are, what is wrong with a template, the tags one may use, repairs, drawings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from formgen import lint, messages, names, pdf, tomlfile, write
from formgen.cli import EXIT_MATERIAL
from formgen.cli.language import misuse
from formgen.explain import STATUSES
from formgen.lint import edit as lint_edit
from formgen.lint import options, places
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.papers import forms, tags
from formgen.pdf import lint as pdf_lint
from formgen.word import filters

_LANG = click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示语言。")
_JSON = click.option("--json", "as_json", is_flag=True, help="每条一行 JSON。")
_NO_FORM = frozenset(("E501", "E507", "E509", "E510"))  # a PDF without fields that could be read
_OTHER_WORD = frozenset((".doc", ".docm", ".dot", ".dotx", ".dotm", ".odt", ".wps", ".wpt", ".rtf"))
_PER = {"case": "X951", "union": "X953", "batch": "X954"}


class _Templates(click.Group):
    """The commands; that for drawings is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands, ``import`` only where it is installed."""
        return [*dict.fromkeys((*self.commands, *(["import"] if find_spec("formgen.cli.template_import") else ())))]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of that name, None when there is none."""
        if name == "import" and name not in self.commands and find_spec("formgen.cli.template_import"):
            return import_module("formgen.cli.template_import").command
        return self.commands.get(name)


@click.group("template", cls=_Templates)
def command() -> None:
    """文书模板：清单、检查、可用字段、修补。

    \b
    例：formgen template list
        formgen template check templates/review/template.docx
    """


@command.command("list")
@click.argument("folder", required=False, type=click.Path(path_type=Path, exists=True, file_okay=False))
@_JSON
@_LANG
def list_command(folder: Path | None, as_json: bool, lang: str) -> None:
    """列出全部文书：编号、名称、给谁、何时出、文件名。

    \b
    例：formgen template list
    """
    for form in forms.load(folder):
        if as_json:
            facts = {"id": form.id, "title": form.title, "kind": form.kind, "per": form.per, "when": form.when}
            click.echo(json.dumps({**facts, "file": form.file, "basis": form.basis}, ensure_ascii=False))
        else:
            per = messages.words(_PER[form.per], lang=lang)
            click.echo("\t".join((form.id, form.title, form.kind, per, _when(form, lang), form.file)))


def _when(form: forms.Form, lang: str) -> str:
    """For which results a paper is made, in words: 全总级（按规则判定）; any tier is not named."""
    said = []
    for each in form.when:
        tier, _, status = each.partition("/")
        state = messages.words(STATUSES[status], lang=lang) if status in STATUSES else status
        said.append(state if tier == "*" else f"{tier}（{state}）" if state else tier)
    return "、".join(said)


@command.command("fields")
@click.argument("path", required=False)
@click.option("--per", type=click.Choice(forms.PER), default="case", help="按户、按工会还是按批的文书。")
@_JSON
@_LANG
def fields_command(path: str | None, per: str, as_json: bool, lang: str) -> None:
    """列出模板里可用的字段和过滤器，附说明；给出 PATH（文件夹、文书编号或 docx）时列出这份模板用到的。

    \b
    例：formgen template fields
        formgen template fields --per union --json
        formgen template fields review
    """
    if path:
        _tell_used(_template(path), as_json, lang)
        return
    for tag, explain in tags.known(per).items():
        click.echo(_json(tag=tag, explain=explain) if as_json else f"{{{{ {tag} }}}}\t{explain}")
    for own in filters.CATALOGUE.values():
        line = f"|{own.name}\t{own.explain}：{{{{ {own.example} }}}} → {own.shown}"
        click.echo(_json(filter=own.name, explain=own.explain, example=own.example) if as_json else line)


@command.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--annotate", type=click.Path(path_type=Path, dir_okay=False), help="另存一份，问题处加批注和底色。")
@_JSON
@_LANG
def check_command(path: Path | None, annotate: Path | None, as_json: bool, lang: str) -> None:
    """检查 Word 和 PDF 模板：一次列出全部问题，附位置、改法和最接近的字段，并试填每个分支。

    \b
    例：formgen template check
        formgen template check templates/review/template.docx --annotate 批注.docx
    """
    files = list(_files(path))
    if annotate is not None and len(files) != 1:
        raise click.UsageError(misuse("E924"))
    counts = {"E": 0, "W": 0}
    wrong = forms.faults(_listed(path, files))
    _tell((*wrong, *_overlooked(path)), as_json, lang, counts)
    good = 0
    for file in files:
        content = file.read_bytes()
        settings = None if _shown(file) in {each.place.file for each in wrong} else _settings(file)
        findings, problems = _checked(file, content, settings)
        _tell(findings, as_json, lang, counts)
        good += not any(finding.is_error for finding in findings)
        if annotate is not None and file.suffix.lower() != ".pdf":
            _keep(annotate, file, lint_edit.annotated(content, problems, lang=lang))
    total = {"files": len(files), "good": good, "findings": sum(counts.values()), **counts}
    if not as_json:
        click.echo(messages.words("I401", total, lang=lang))
    if counts["E"]:
        raise click.exceptions.Exit(EXIT_MATERIAL)


def _checked(file: Path, content: bytes, settings: dict | None) -> tuple[tuple[Finding, ...], tuple[lint.Problem, ...]]:
    """What is wrong with a template, and of a Word template where; ``settings`` are None where form.toml is faulty."""
    if file.suffix.lower() == ".pdf":
        return _pdf_faults(file, content, settings), ()
    problems = lint.check(_name(file), content, known=_known(settings or {}), sample=_sample(file))
    return tuple(problem.finding for problem in problems), problems


def _pdf_faults(file: Path, content: bytes, settings: dict | None) -> tuple[Finding, ...]:
    """What is wrong with a PDF template, its fields held against the tags and the words of their columns."""
    found = pdf_lint.check(_name(file), content, None if settings is None else _field_names(settings))
    if settings is None or any(finding.code in _NO_FORM for finding in found):
        return found
    return (*found, *options.check(pdf.PdfForm(content, name=_name(file)), settings, _known(settings)))


def _listed(path: Path | None, files: Iterable[Path]) -> tuple[Path, ...]:
    """The form.toml files of a folder, or the one beside a template."""
    if path is None or path.is_dir():
        return tuple(sorted((path or forms.in_use()).rglob("form.toml")))
    return tuple(beside for file in files if (beside := file.parent / "form.toml").is_file())


def _shown(file: Path) -> str:
    """The form.toml beside a template as a finding names it."""
    return names.shown(file.parent / "form.toml")


def _overlooked(path: Path | None) -> Iterator[Finding]:
    """The files of a folder that somebody meant for a template or form.toml and that nobody reads."""
    for file in sorted((path or forms.in_use()).rglob("*")) if path is None or path.is_dir() else ():
        if file.suffix.lower() in _OTHER_WORD and not file.name.startswith("~$"):
            yield Finding("W686", Place(names.shown(file)), {"name": file.name})
        elif file.name.lower() in ("form.toml.txt", "form.txt"):
            yield Finding("W687", Place(names.shown(file)), {"name": file.name})


@command.command("fix")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "-o", "--out", "output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="另存到这里。"
)
@_JSON
@_LANG
def fix_command(path: Path, output: Path, as_json: bool, lang: str) -> None:
    """修补没有歧义的问题（全角括号、单层括号、行循环……），另存为新文件；原文件不动。

    \b
    例：formgen template fix 申请表.docx -o 申请表-改.docx
    """
    content, made = lint_edit.repaired(path.name, path.read_bytes(), known=_known(_settings(path)))
    _keep(output, path, content)
    _tell(made, as_json, lang, {})
    left = lint.check(output.name, content, known=_known(_settings(path)), sample=_sample(path))
    _tell([problem.finding for problem in left], as_json, lang, {})
    if any(problem.finding.is_error for problem in left):
        raise click.exceptions.Exit(EXIT_MATERIAL)


def _template(path: str) -> Path:
    """The template of a folder, of the id of a form, or the file itself. Raises UsageError when it is none of them."""
    named = {form.id: form.template for form in forms.load() if form.template}
    found = named.get(path) or Path(path)
    if found.is_dir():
        found = next((file for file in (found / "template.docx", found / "template.pdf") if file.is_file()), found)
    if not found.is_file():
        raise click.UsageError(misuse("E925", path=path, known="、".join(named)))
    return found


def _tell_used(file: Path, as_json: bool, lang: str) -> None:
    """The columns of the user's own that the form asks for, then the tags that its template uses."""
    own, unknown = messages.words("I402", lang=lang), messages.words("I403", lang=lang)
    known = {**_known(_settings(file)), **dict.fromkeys(_columns(file), own)}
    for column in _columns(file):
        click.echo(_json(column=column, explain=own) if as_json else f"{column}\t{own}")
    for tag in _used(file):
        explain = known.get(tag, unknown)
        click.echo(_json(tag=tag, explain=explain) if as_json else f"{{{{ {tag} }}}}\t{explain}")


def _used(file: Path) -> tuple[str, ...]:
    """The tags of a Word template, or those that the fields of a PDF form stand for."""
    if file.suffix.lower() != ".pdf":
        try:
            return lint.used(_name(file), file.read_bytes())
        except lint.NoTemplate as wrong:
            raise FormgenError(wrong.finding) from wrong
    mapped = forms.tags_of(_settings(file))
    return tuple(dict.fromkeys(mapped.get(field.name, field.name) for field in pdf.load(file).fields))


def _settings(file: Path) -> dict:
    """The form.toml beside a template, empty when there is none."""
    path = file.parent / "form.toml"
    return tomlfile.read(path) if path.is_file() else {}


def _columns(file: Path) -> tuple[str, ...]:
    return tuple(_settings(file).get("columns", ()))


def _files(path: Path | None) -> Iterator[Path]:
    """The templates of a path: the file, or every one of a folder; without a path those of the forms there are."""
    if path is not None and path.is_file():
        yield path
        return
    folder = path or forms.in_use()
    word = (each for each in folder.rglob("*.docx") if not each.name.startswith("~$"))
    found = sorted((*word, *folder.rglob("template.pdf")))
    if not found:
        raise FormgenError(Finding("E480", Place(folder.resolve().name)), *_overlooked(folder))
    yield from found


def _name(file: Path) -> str:
    return f"{file.parent.name}/{file.name}" if file.stem == "template" else file.name


def _known(settings: dict) -> Mapping[str, str]:
    """The tags a template may use: those of its form, of every kind of form when it stands alone."""
    if settings:
        per = settings.get("per", "case")
        own = dict.fromkeys(settings.get("columns", ()), "") if per == "case" else {}
        return {**own, **tags.known(per)}
    return {tag: words for per in reversed(forms.PER) for tag, words in tags.known(per).items()}


def _field_names(settings: dict) -> frozenset[str]:
    """The names a field of a PDF template may have: tags, and what form.toml maps to tags."""
    known = _known(settings)
    return frozenset((*known, *(name for name, tag in forms.tags_of(settings).items() if tag in known)))


def _sample(file: Path) -> Mapping[str, object] | None:
    """The made-up record beside a template, None when there is none."""
    path = file.parent / "sample.toml"
    return tomlfile.read(path) if path.is_file() else None


def _keep(output: Path, source: Path, content: bytes) -> None:
    """Write a new file whole or not at all; never over the template itself."""
    if output.exists() and output.samefile(source):
        raise click.UsageError(misuse("E926"))
    write.put(output, content)


def _tell(findings: list[Finding] | tuple[Finding, ...], as_json: bool, lang: str, counts: dict[str, int]) -> None:
    for finding in (each if lang == "zh" else _in_english(each) for each in findings):
        counts[finding.code[0]] = counts.get(finding.code[0], 0) + 1
        click.echo(_as_json(finding, lang) if as_json else messages.sentence(finding, lang=lang))


def _in_english(finding: Finding) -> Finding:
    return replace(finding, place=replace(finding.place, sheet=places.in_english(finding.place.sheet)))


def _as_json(finding: Finding, lang: str) -> str:
    place: Place = finding.place
    return _json(
        code=finding.code,
        file=place.file,
        place=place.sheet,
        around=place.heading,
        what=messages.words(finding.code, finding.values, lang=lang),
        do=messages.words(finding.code, finding.values, lang=lang, part="do"),
    )


def _json(**facts: str) -> str:
    return json.dumps(facts, ensure_ascii=False)
