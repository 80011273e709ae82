"""Canaries in every private field of a thousand households: they come back in nothing public, no name, no log."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from formgen.cli import program
from formgen.papers import leaks
from tests import households

COUNT, DRAWN = 1000, 40  # households of the run, and of the notices drawn as PDF and pictures
PLANTED = {
    "案件": ("家庭住址", "致困说明", "家庭困难状况", "开户银行", "基层工会意见", "上级工会意见", "服务中心意见"),
    "家庭成员": ("单位或学校", "特殊情况证明"),
    "支出": ("票据号",),
    "在档救助申请": ("变化原因", "帮扶意向", "住址变化"),
}
NUMBERS = ("身份证号码", "银行卡号", "联系电话")
CANARY = re.compile(r"CY-B-\d{6}")


def planted(sheet: str, row: dict[str, object]) -> dict[str, object]:
    mark = f"CY-{row.get('档案编号')}"
    return row | {tag: f"{row.get(tag) or '私'}{mark}" for tag in PLANTED.get(sheet, ())}


def formgen(*arguments: str) -> str:
    result = CliRunner().invoke(program, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of a run and of its notices as PDF and pictures, and all that was said."""
    folder = tmp_path_factory.mktemp("canaries")
    workbook = str(households.write(folder / "台账.xlsx", COUNT, planted))
    said = formgen("run", workbook, "-o", str(folder / "out"), "--jobs", "2")
    said += formgen("notice", workbook, "-o", str(folder / "posted"))
    few = str(households.write(folder / "少.xlsx", DRAWN, planted))
    return folder, said + formgen("notice", few, "-o", str(folder / "drawn"), "--pdf", "--png")


def private() -> set[str]:
    rows = [row for sheet in ("案件", "家庭成员") for row in households.rows(sheet, COUNT)]
    return {str(row[tag]) for row in rows for tag in NUMBERS if row.get(tag)}


def told(text: str, secrets: set[str]) -> list[str]:
    """The canaries and the private numbers in a text."""
    numbers = set(re.findall(r"(?<!\d)\d{11,19}X?(?!\d)", text))
    return [*CANARY.findall(text), *sorted(numbers & secrets)]


@pytest.mark.slow
@pytest.mark.office
def test_no_canary_is_in_a_notice_its_pdf_its_text_layer_or_beside_its_picture(made: tuple[Path, str]) -> None:
    folder, _ = made
    papers = [path for place in ("out/公示", "posted", "drawn") for path in (folder / place).rglob("*.docx")]
    pages = list((folder / "drawn").rglob("*.pdf"))
    texts = [leaks.printed(path.read_bytes()) for path in papers]
    texts += [page.get_textpage().get_text_range() for path in pages for page in pypdfium2.PdfDocument(path)]
    pictures = list((folder / "drawn").rglob("*.png"))
    texts += [path.read_bytes().decode("latin-1") for path in pictures]
    assert len(papers) > COUNT / households.UNION_OF and pages and pictures
    secrets = private()
    assert len(secrets) > COUNT
    assert [hit for text in texts for hit in told(text, secrets)] == []


@pytest.mark.slow
@pytest.mark.office
def test_no_canary_is_in_a_file_name_a_log_the_record_of_the_run_or_what_was_said(made: tuple[Path, str]) -> None:
    folder, said = made
    secrets = private()
    names = "\n".join(str(path.relative_to(folder)) for path in folder.rglob("*"))
    journal = folder / "out/运行记录/journal.sqlite"  # holds the agenda of the meeting until its paper is written
    logs = [path for path in journal.parent.rglob("*") if path.is_file() and path != journal]
    texts = [said, names, (folder / "out/run.json").read_text(encoding="utf-8")]
    texts += [path.read_bytes().decode("utf-8", "replace") for path in logs]
    assert logs
    assert [hit for text in texts for hit in told(text, secrets)] == []
    kept = journal.read_bytes().decode("utf-8", "replace")
    assert [hit for hit in told(kept, secrets) if not CANARY.fullmatch(hit)] == []


@pytest.mark.slow
@pytest.mark.office
def test_the_canaries_are_where_they_belong(made: tuple[Path, str]) -> None:
    folder, _ = made
    review = folder / "out/案件" / households.number_of(0) / "04-建档申请表.docx"
    assert told(leaks.printed(review.read_bytes()), private())
