"""Word papers as PDF through LibreOffice, and what is said where that does not go."""

import io
import subprocess
from pathlib import Path

import pytest
from pypdf import PdfReader

from formgen.papers import forms
from formgen.pdf import clean as pdf_clean
from formgen.pdf import convert, fontconfig

office = pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: papers are not converted")
PAPER = forms.home() / "application" / "template.docx"


def a_docx(words: str) -> bytes:
    import docx

    document, buffer = docx.Document(), io.BytesIO()
    document.add_paragraph(words)
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.office
@office
def test_equal_papers_give_equal_bytes_wherever_they_stand_in_a_call():
    first = convert.to_pdf({"a.docx": PAPER, "b.docx": PAPER})
    second = convert.to_pdf({"c.docx": PAPER})
    assert first.papers["a.docx"] == first.papers["b.docx"] == second.papers["c.docx"]


@pytest.mark.office
@office
def test_the_bad_paper_is_found_alone_and_the_good_ones_come_out():
    torn = PAPER.read_bytes()[:-2000]
    papers = {"好一.docx": PAPER, "坏.docx": torn, "文字.docx": b"not a paper", "好二.docx": a_docx("某某")}
    converted = convert.to_pdf(papers)
    assert sorted(converted.papers) == ["好一.docx", "好二.docx"]
    assert [(finding.code, finding.place.file) for finding in converted.findings] == [
        ("E511", "坏.docx"),
        ("E511", "文字.docx"),
    ]


@pytest.mark.office
@office
def test_a_converted_paper_keeps_rare_characters_and_has_its_title():
    content = convert.to_pdf({"a.docx": a_docx("欧阳䶮㛃𬍛𬭎")}, titles={"a.docx": "个人申请书"}).papers["a.docx"]
    reader = PdfReader(io.BytesIO(content))
    assert "欧阳䶮㛃𬍛𬭎" in reader.pages[0].extract_text()
    assert reader.metadata is not None and reader.metadata.title == "个人申请书"
    assert b"/CreationDate" not in content


@pytest.mark.office
def test_a_program_that_never_ends_is_ended(tmp_path: Path, monkeypatch):
    sleeper = tmp_path / "soffice"
    sleeper.write_text("#!/bin/sh\nsleep 600 & wait\n")
    sleeper.chmod(0o700)
    monkeypatch.setenv(convert.PROGRAM, str(sleeper))
    monkeypatch.setattr(convert, "SECONDS_A_PAPER", 0.1)
    convert.program.cache_clear()
    try:
        converted = convert.to_pdf({"a.docx": a_docx("某某")}, seconds=0.5)
    finally:
        convert.program.cache_clear()
    assert [finding.code for finding in converted.findings] == ["E511"]
    assert str(tmp_path) not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_without_libreoffice_one_finding_names_the_papers(monkeypatch):
    monkeypatch.setenv(convert.PROGRAM, "no-such-program")
    convert.program.cache_clear()
    try:
        converted = convert.to_pdf({"a.docx": b"", "b.docx": b""})
    finally:
        convert.program.cache_clear()
    assert converted.papers == {}
    assert [(finding.code, finding.values["papers"]) for finding in converted.findings] == [("W503", "a.docx、b.docx")]


def test_the_font_list_names_a_stand_in_for_each_usual_font(tmp_path: Path):
    listed = fontconfig.configuration(tmp_path)
    for name in ("仿宋_GB2312", "FangSong", "SimSun", "KaiTi", "SimHei", "方正小标宋简体"):
        assert f"<string>{name}</string>" in listed
    assert "<string>Arial</string>" not in listed


def test_rubbish_has_no_pages():
    assert [pdf_clean.page_count(content) for content in (b"", b"%PDF-1.7", b"text")] == [0, 0, 0]
