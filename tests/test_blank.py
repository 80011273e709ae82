"""The blank workbook and the working folder: everything in them comes from the catalogue of fields."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils import get_column_letter

from formgen import blank, fields, read
from formgen.cli import program

BOOK = openpyxl.load_workbook(io.BytesIO(blank.workbook()))


@pytest.fixture
def workbook(tmp_path) -> Path:
    path = tmp_path / "案件录入表.xlsx"
    path.write_bytes(blank.workbook())
    return path


@pytest.mark.parametrize("sheet", list(fields.sheets()), ids=lambda sheet: sheet.title)
def test_every_field_has_its_heading_and_star(sheet):
    assert [cell.value for cell in BOOK[sheet.title][1]] == [one.heading for one in sheet.fields]


@pytest.mark.parametrize("sheet", list(fields.sheets()), ids=lambda sheet: sheet.title)
def test_identifiers_are_text_and_dates_are_dates(sheet):
    page = BOOK[sheet.title]
    formats = {"id": "@", "card": "@", "phone": "@", "case_no": "@", "date": "yyyy-mm-dd"}
    for column, one in enumerate(sheet.fields, start=1):
        expected = formats.get(one.type)
        if expected:
            assert page.column_dimensions[get_column_letter(column)].number_format == expected, one.tag


@pytest.mark.parametrize("sheet", list(fields.sheets()), ids=lambda sheet: sheet.title)
def test_words_of_a_list_can_be_chosen(sheet):
    rules = {str(rule.sqref).split("2:")[0]: rule for rule in BOOK[sheet.title].data_validations.dataValidation}
    for column, one in enumerate(sheet.fields, start=1):
        rule = rules.get(get_column_letter(column))
        assert (rule is not None) == bool(one.choices), one.tag
        if rule:
            assert rule.formula1 == f'"{",".join(one.choices)}"'
            assert len(rule.formula1) <= 257, "Excel cuts longer lists"
            assert rule.showErrorMessage == (one.type in ("choice", "flag") and not one.is_open)


def test_notes_say_what_the_catalogue_says():
    page = BOOK["案件"]
    for column, one in enumerate(fields.catalogue()["case"].fields, start=1):
        if one.note:
            assert page.cell(1, column).comment.text.startswith(one.note)


def test_the_instructions_name_every_column_of_every_sheet():
    listed = {(row[0], row[1]) for row in BOOK[blank.GUIDE].iter_rows(values_only=True)}
    assert {(sheet.title, one.heading) for sheet in fields.sheets() for one in sheet.fields} <= listed


def test_it_is_the_same_every_time():
    assert blank.workbook() == blank.workbook()


def test_our_own_reader_finds_every_sheet_and_says_only_that_it_is_empty(workbook):
    with read.open_book(workbook) as book:
        assert list(book.tabs) == list(fields.catalogue())
        assert [finding.code for finding in book.findings] == ["W110"]
        assert book.total == 0


def test_init_makes_a_working_folder_and_keeps_what_is_there(tmp_path):
    folder = tmp_path / "工作夹"
    assert CliRunner().invoke(program, ["init", str(folder)]).exit_code == 0
    made = {path.relative_to(folder).as_posix() for path in folder.glob("*/*")}
    assert {"input/案件录入表.xlsx", "input/样例.xlsx", "templates/application", "templates/review"} <= made
    assert (folder / "input/样例附件/AH-0016/13-脱困撤档审批表.jpg").is_file()
    assert (folder / "output").is_dir()
    mine = folder / "input" / "案件录入表.xlsx"
    mine.write_bytes(b"mine")
    (folder / "templates" / "review" / "template.docx").write_bytes(b"mine")
    again = CliRunner().invoke(program, ["init", str(folder)])
    assert again.exit_code == 0
    assert "没有改动" in again.output
    assert mine.read_bytes() == b"mine"
    assert (folder / "templates" / "review" / "template.docx").read_bytes() == b"mine"


def test_what_init_makes_can_be_checked(tmp_path):
    CliRunner().invoke(program, ["init", str(tmp_path)])
    for name in ("案件录入表.xlsx", "样例.xlsx"):
        assert CliRunner().invoke(program, ["check", str(tmp_path / "input" / name)]).exit_code == 0
