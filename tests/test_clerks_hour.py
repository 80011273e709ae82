"""A clerk's first hour: a working folder, two households typed in, a mistake mended, papers, notice and print job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from formgen.cli import program
from formgen.fields import normal
from tests import samples
from tests.readable import words

TYPED = ("AH-0001", "AH-0009")
BOOK = "input/案件录入表.xlsx"


@dataclass(frozen=True)
class Told:
    exit_code: int
    output: str


def formgen(*arguments: str) -> Told:
    """The exit code and everything printed, as the command itself ends."""
    result = CliRunner().invoke(program, arguments, catch_exceptions=False, standalone_mode=False)
    code = result.return_value if isinstance(result.return_value, int) else result.exit_code
    return Told(code, result.output)


def typed(path: Path, *, wrong_id: str = "") -> None:
    """Type the two households under the headings of the blank workbook, the worker's ID as ``wrong_id`` if given."""
    book = openpyxl.load_workbook(path)
    for title, rows in samples.rows().items():
        sheet = book[title]
        columns = {normal(str(cell.value)): cell.column for cell in sheet[1] if cell.value}
        kept = (row for row in rows if row.get("档案编号", TYPED[0]) in TYPED)
        for number, row in enumerate(kept, 2):
            for tag, value in row.items():
                sheet.cell(number, columns[normal(tag)], value)
    if wrong_id:
        columns = {normal(str(cell.value)): cell.column for cell in book["案件"][1]}
        book["案件"].cell(2, columns["身份证号码"], wrong_id)
    book.save(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    assert formgen("init", str(tmp_path / "工作夹")).exit_code == 0
    monkeypatch.chdir(tmp_path / "工作夹")
    return Path.cwd()


def test_a_wrong_digit_is_told_by_its_cell_and_mended(folder: Path) -> None:
    blank = (folder / BOOK).read_bytes()
    typed(folder / BOOK, wrong_id="340100197503120010")
    told = formgen("check", BOOK)
    assert told.exit_code == 3
    assert "案件 › E2 › 身份证号码" in told.output
    (folder / BOOK).write_bytes(blank)
    typed(folder / BOOK)
    assert formgen("check", BOOK).exit_code == 0


def test_papers_and_notice_come_out_of_what_was_typed(folder: Path) -> None:
    typed(folder / BOOK)
    assert formgen("run", BOOK, "-o", "output", "--jobs", "1").exit_code == 0
    granted, refused = (sorted(path.name[:2] for path in (folder / "output/案件" / case).iterdir()) for case in TYPED)
    assert granted == ["00", "01", "02", "03", "04", "05", "06", "08", "09"]
    assert refused == [*granted, "11"]
    assert "☑全总级" in words((folder / "output/案件/AH-0001/04-建档申请表.docx").read_bytes())
    made = formgen("notice", BOOK, "-o", "公示稿", "--start", "2019-03-01", "--json")
    assert made.exit_code == 0
    assert '"end": "2019-03-08", "take_down": "2019-03-09"' in made.output
    (paper,) = (folder / "公示稿/公示").glob("*.docx")
    assert "李明远" in words(paper.read_bytes())
    assert "唐立新" not in words(paper.read_bytes())


def test_a_dossier_opened_before_the_notice_ran_out_is_told_by_every_command(folder: Path) -> None:
    typed(folder / BOOK)
    book = openpyxl.load_workbook(folder / BOOK)
    columns = {normal(str(cell.value)): cell.column for cell in book["案件"][1]}
    for tag, value in (("公示开始日期", date(2019, 3, 1)), ("建档日期", date(2019, 3, 6))):
        book["案件"].cell(2, columns[tag], value)
    book.save(folder / BOOK)
    for command in (("check", BOOK), ("notice", BOOK, "-o", "公示稿")):
        told = formgen(*command)
        assert told.output.count("W674") == 1, command
        assert "建档日期2019年3月6日早于公示期满（2019年3月8日）" in told.output
    formgen("run", BOOK, "-o", "output", "--jobs", "1")
    assert (folder / "output/run.json").read_text(encoding="utf-8").count('"W674"') == 1


def test_a_missing_workbook_is_told_in_a_sentence(folder: Path) -> None:
    told = formgen("notice", "input/没有.xlsx", "-o", "公示稿")
    assert told.exit_code == 3
    assert "没有.xlsx" in told.output
    assert not (folder / "公示稿").exists()


@pytest.mark.office
def test_the_notice_comes_as_pdf_and_as_pictures(folder: Path) -> None:
    typed(folder / BOOK)
    assert formgen("notice", BOOK, "-o", "公示稿", "--start", "2019-03-01", "--pdf", "--png").exit_code == 0
    made = sorted(path.suffix for path in (folder / "公示稿/公示").iterdir())
    assert made[0] == ".docx"
    assert {".pdf", ".png"} <= set(made)


@pytest.mark.office
def test_the_whole_batch_goes_into_one_print_job(folder: Path) -> None:
    typed(folder / BOOK)
    assert formgen("run", BOOK, "-o", "output", "--jobs", "1", "--pdf").exit_code == 0
    assert formgen("print", "output", "-o", "打印.pdf", "--duplex").exit_code == 0
    assert (folder / "打印.pdf").read_bytes().startswith(b"%PDF")
