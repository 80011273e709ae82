"""Made-up dossiers and repositories for the tests of the archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from formgen.keep.archive import Archivist, Summary
from formgen.keep.dossier import Dossier, File, Paper, Taken
from formgen.keep.repository import Repository
from formgen.pdf import convert

AT = "2026-11-21T09:00:00+08:00"
NAME = "诸葛小满"
ID = "34010419800101001X"


@pytest.fixture(autouse=True)
def without_office(monkeypatch):
    """LibreOffice would only cost time where a test asks nothing of the PDF; import it to use it in a module."""
    monkeypatch.setenv(convert.PROGRAM, "no-office-here")
    convert.program.cache_clear()
    yield
    convert.program.cache_clear()


def docx(text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        package.writestr(zipfile.ZipInfo("word/document.xml"), f"<w:t>{text}</w:t>")
    return held.getvalue()


def dossier(case_no: str = "AH-0001", withdrawn: date | None = date(2026, 11, 20), **changes) -> Dossier:
    facts = {
        "case_no": case_no,
        "case": {
            "案件": {
                "档案编号": case_no,
                "职工姓名": NAME,
                "身份证号码": ID,
                "申请日期": "2024-03-01",
                "公示开始日期": "2024-04-01",
                "公示结束日期": "2024-04-12",
                "撤档原因": "脱困",
            },
            "家庭成员": [{"姓名": "诸葛小雪"}],
        },
        "title": "诸**满困难职工档案",
        "papers": (
            Paper(code="04", title="建档申请表", files=(File("original.docx", docx(f"申请表 {NAME} {ID}")),)),
            Paper(code="01", title="个人申请书", files=(File("original.docx", docx(f"申请书 {NAME}")),), pages=1),
            Paper(code="06", title="诸葛小雪病历", files=(File("p01.txt", b"scan\n", "06-x.txt"),), pages=1),
        ),
        "applied_on": date(2024, 3, 1),
        "filed_on": date(2024, 4, 20),
        "withdrawn_on": withdrawn,
        "withdrawal_reason": "脱困",
        "withdrawal_approval": "示工〔2026〕12号",
        "fonds": "J045",
        "fonds_unit": "示例市总工会",
        "category": "WS",
        "holders": ("示例厂工会", "示例区总工会"),
    }
    return Dossier(**{**facts, **changes})


def repository(
    root: Path, dossiers: Iterable[Dossier], *, supplement: bool = False, at: str = AT
) -> tuple[Repository, Summary]:
    repo = Repository(root)
    summary = Archivist(repo, at=at, supplement=supplement, convert=False).take_in(
        Taken(d.case_no, d) for d in dossiers
    )
    return repo, summary


def several(count: int = 3, year: int = 2026) -> list[Dossier]:
    return [dossier(f"AH-{n:04d}", date(year, 11, 20)) for n in range(1, count + 1)]


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
