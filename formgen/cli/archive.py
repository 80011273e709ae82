"""`formgen archive`: cases become bags; withdrawn ones are sealed under a number, open ones stay working bags."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from formgen import messages, read
from formgen.batch import chosen
from formgen.cli import EXIT_MATERIAL, commas, writing
from formgen.cli.clock import now
from formgen.cli.language import misuse
from formgen.keep import copies, policy, register, sealing
from formgen.keep.archive import Archivist, Summary
from formgen.keep.intake import Intake
from formgen.keep.repository import Repository
from formgen.messages import FormgenError, MaterialError
from formgen.model import Finding, Place
from formgen.papers import forms

_TOLD = 20


@click.command("archive")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="档案库文件夹。")
@click.option(
    "--from", "output", type=click.Path(path_type=Path, exists=True, file_okay=False), help="用 run 已出的文书。"
)
@click.option("--encrypt-to", "keys", multiple=True, metavar="KEY", help="另存加密副本：age 公钥或公钥文件，至少两个。")
@click.option("--fonds", default="", help="“工会”表没有写全宗号的工会用的全宗号；写一次，档案库会记住。")
@click.option("--only", callback=commas.chosen, help="只归档这些档案编号（用逗号分开）。")
@click.option("--originals-only", is_flag=True, help="不转换 PDF/A，只存原件（快，以后补不进已封存的包）。")
@click.option("--supplement", is_flag=True, help="已封存的档案有新材料时，另立补充包。")
@click.option("--json", "is_json", is_flag=True, help="结果用 JSON 输出。")
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="zh", help="提示的语言。")
def command(
    workbook: Path,
    out: Path,
    output: Path | None,
    keys: tuple[str, ...],
    fonds: str,
    only: frozenset[str],
    originals_only: bool,
    supplement: bool,
    is_json: bool,
    lang: str,
) -> int:
    """归档：撤档的一户封存为一个档案包，未撤档的做成工作包。

    \b
    例：formgen archive input/样例.xlsx -o 档案库
        formgen archive input/样例.xlsx -o 档案库 --from output/样例
        formgen archive input/样例.xlsx -o 档案库 --encrypt-to 保管人.pub --encrypt-to 上级工会.pub
    """
    to = _recipients(keys)
    repo, at = Repository(out), now()
    try:
        with read.open_book(workbook) as book:
            rows = chosen.rows(book, only)
            notes = _must_fit(repo, fonds, frozenset(union.fonds for union in book.unions.values() if union.fonds))
            writing.taken(repo)
            archivist = Archivist(repo, at=at, supplement=supplement, convert=not originals_only, fonds=fonds)
            dossiers = _intake(book, repo, output, fonds, rows).dossiers()
            summary = archivist.take_in(dossiers, _progress(len(rows) or book.total))
            faults = [finding for finding in book.findings if finding.is_error]
    except read.Unreadable as wrong:
        return _refused(wrong, lang)
    told = [*notes, *faults, *summary.findings]
    try:
        made = copies.make(repo, to, at) if to else 0
    except FormgenError:  # what was sealed is said before why nothing was encrypted
        _tell(summary, told, 0, is_json=is_json, lang=lang)
        raise
    _tell(summary, told, made, is_json=is_json, lang=lang)
    return EXIT_MATERIAL if faults or summary.refused else 0


def _recipients(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that options name; a slip in them is a slip of the command line."""
    try:
        return sealing.recipients(keys) if keys else ()
    except MaterialError as wrong:
        raise click.UsageError(misuse(wrong.finding.code, **wrong.finding.values)) from wrong


def _intake(book: read.Book, repo: Repository, output: Path | None, fonds: str, rows: frozenset[int]) -> Intake:
    return Intake(
        book=book,
        folder=book.path.parent,
        policy=repo.policy,
        output=output,
        fonds=fonds,
        templates=forms.in_use(book.path),
        rows=rows,
    )


def _refused(wrong: read.Unreadable, lang: str) -> int:
    for finding in wrong.findings:
        click.echo(messages.sentence(finding, lang=lang), err=True)
    return EXIT_MATERIAL


def _must_fit(repo: Repository, fonds: str, named: frozenset[str]) -> tuple[Finding, ...]:
    """Refuse a 全宗号 that is none, or another than the one given to this repository before; a note where it is idle.

    ``named`` are those of the sheet 工会: they hold for their unions and never contradict the one given by hand.
    """
    if not fonds:
        return ()
    if not policy.is_fonds(fonds):
        raise click.UsageError(misuse("E911", fonds=fonds[:20]))
    own = str(repo.policy.numbers["fonds"])
    held = {own} if own else register.load(repo.register / "numbers.csv").fonds() - named
    if held and fonds not in held:
        raise click.UsageError(misuse("E912", fonds=fonds, held="、".join(sorted(held))))
    others = "、".join(sorted(named - {fonds}))
    place = Place(sheet="工会", heading="全宗号")
    return (Finding("W764", place, {"given": fonds, "fonds": others}),) if others else ()


def _progress(total: int):
    def tell(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done}/{total}", nl=done == total, err=True)

    return tell


def _tell(summary: Summary, findings: list, copies: int, *, is_json: bool, lang: str) -> None:
    if is_json:
        said = {
            "total": summary.total,
            "sealed": summary.sealed,
            "unchanged": summary.unchanged,
            "supplements": summary.supplements,
            "working": summary.working,
            "refused": summary.refused,
            "encrypted": copies,
            "findings": [{"code": f.code, "case": f.case_no, "place": str(f.place)} for f in findings],
        }
        click.echo(json.dumps(said, ensure_ascii=False))
    for finding in findings[:_TOLD]:
        case = f"{finding.case_no} " if finding.case_no else ""
        click.echo(case + messages.sentence(finding, lang=lang), err=True)
    if len(findings) > _TOLD:
        click.echo(messages.words("I702", {"more": str(len(findings) - _TOLD)}, lang=lang), err=True)
    if not summary.total:
        click.echo(messages.advice("I723", lang=lang), err=True)
    values = {
        "total": str(summary.total),
        "sealed": str(len(summary.sealed)),
        "unchanged": str(len(summary.unchanged)),
        "supplements": str(len(summary.supplements)),
        "working": str(len(summary.working)),
        "refused": str(len(summary.refused)),
        "copies": str(copies),
    }
    click.echo(messages.words("I701", values, lang=lang), err=is_json)
