"""Word papers as PDF through LibreOffice, and what is said where that does not go."""

import io
import signal
import subprocess
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from formgen.papers import forms
from formgen.pdf import clean as pdf_clean
from formgen.pdf import convert, fontconfig
from tests.form_drawing import form

office = pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: papers are not converted")
PAPER = forms.home() / "application" / "template.docx"
ONE_PAGE = form()


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


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch):
    """A stand-in for LibreOffice that notes its calls; it hangs on papers with one word and passes over others."""

    def put(hangs: str = "", passes: str = "") -> Path:
        sheet, calls = tmp_path / "one.pdf", tmp_path / "calls"
        sheet.write_bytes(ONE_PAGE)
        program = tmp_path / "soffice"
        program.write_text(
            "#!/bin/sh\n"
            f'while [ "$1" != --outdir ]; do shift; done; out=$2; shift 2; echo $# >> "{calls}"\n'
            "for paper; do\n"
            f'  if grep -q "{hangs or "^no such words$"}" "$paper"; then sleep 600 & wait; fi\n'
            f'  if ! grep -q "{passes or "^no such words$"}" "$paper"; then\n'
            f'    cp "{sheet}" "$out/$(basename "${{paper%.*}}").pdf"\n'
            "  fi\n"
            "done\n"
        )
        program.chmod(0o700)
        monkeypatch.setenv(convert.PROGRAM, str(program))
        convert.program.cache_clear()
        return calls

    monkeypatch.setattr(convert, "SECONDS_A_PAPER", 0.6)
    monkeypatch.setattr(convert, "_hung", set())
    yield put
    monkeypatch.undo()
    convert.program.cache_clear()


def notes(*words: str) -> dict[str, bytes]:
    return {f"{at}.rtf": word.encode() for at, word in enumerate(words)}


def called(calls: Path) -> list[int]:
    """How many papers went into each call."""
    return [int(line) for line in calls.read_text().split()]


def test_a_paper_that_is_passed_over_is_tried_alone_and_then_told(stand_in):
    calls = stand_in(passes="bad")
    converted = convert.to_pdf(notes("good", "bad", "good", "good"), seconds=5)
    assert sorted(converted.papers) == ["0.rtf", "2.rtf", "3.rtf"]
    assert [finding.values["name"] for finding in converted.findings] == ["1.rtf"]
    assert called(calls) == [4, 1]


def test_a_paper_that_hangs_is_told_and_the_others_behind_it_come_out(stand_in):
    calls = stand_in(hangs="bad")
    converted = convert.to_pdf(notes("good", "bad", "good", "good"), seconds=0.1)
    assert sorted(converted.papers) == ["0.rtf", "2.rtf", "3.rtf"]
    assert called(calls) == [4, 1, 2]


def test_papers_that_hang_one_after_the_other_are_given_up_but_not_libreoffice(stand_in):
    calls = stand_in(hangs="good")
    converted = convert.to_pdf(notes(*["good"] * 9), seconds=0.1)
    assert (len(converted.papers), len(converted.findings)) == (0, 9)
    assert called(calls) == [9, 1, 8, 1]  # the last is a paper of ours
    assert convert.to_pdf(notes("other"), seconds=5).findings == ()


def test_a_libreoffice_that_always_hangs_is_asked_no_more(stand_in, monkeypatch):
    calls = stand_in(hangs=".")
    convert.to_pdf(notes("good", "good"), seconds=0.1)
    asked = called(calls)
    assert [finding.code for finding in convert.to_pdf(notes("good", "good"), seconds=0.1).findings] == ["E511"] * 2
    assert called(calls) == asked == [2, 1, 1, 1]
    monkeypatch.setattr(convert, "_hung", set())  # another process
    convert.to_pdf(notes("good"), seconds=0.1)
    assert called(calls) == [*asked, 1]


def test_an_interruption_starts_no_further_libreoffice(stand_in):
    calls = stand_in(hangs="good")

    def interrupt(signum: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        with pytest.raises(KeyboardInterrupt):
            convert.to_pdf(notes(*["good"] * 9), seconds=60)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    time.sleep(1)
    assert called(calls) == [9]
