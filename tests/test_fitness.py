"""What could not be opened in ten years is not sealed: each damaged scan is named, with what is wrong."""

from __future__ import annotations

import io

import pytest

from formgen import messages
from formgen.keep import fitness, frames, pages, policy
from formgen.keep.dossier import File, Paper
from tests import dossiers

RULES = policy.default()
EMPTY, BROKEN, LOCKED, FOREIGN, ACTIVE = "R711", "R712", "R713", "R714", "R715"


def picture(kind: str, mode: str = "RGB", **options) -> bytes:
    from PIL import Image

    held = io.BytesIO()
    Image.effect_noise((64, 64), 40).convert(mode).save(held, kind, **options)
    return held.getvalue()


def blank_pdf(password: str = "") -> bytes:
    from pypdf import PdfWriter

    made, held = PdfWriter(), io.BytesIO()
    made.add_blank_page(100, 100)
    if password:
        made.encrypt(password)
    made.write(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("p01.jpg", b"", EMPTY),
        ("p01.jpg", picture("JPEG")[:300], BROKEN),
        ("p01.png", picture("PNG")[:300], BROKEN),
        ("p01.tif", picture("TIFF")[:60], BROKEN),
        ("p01.pdf", b"%PDF-1.4 no more", BROKEN),
        ("p01.pdf", b"no pdf at all", BROKEN),
        ("p01.docx", b"PK-no-zip", BROKEN),
        ("p01.pdf", blank_pdf("secret"), LOCKED),
        ("p01.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", LOCKED),
        ("p01.bin", b"x", FOREIGN),
        ("p01.bmp", b"BM", FOREIGN),
        ("p01.exe", b"MZ", ACTIVE),
        ("p01.jpg", b"MZ\x90", ACTIVE),
        ("p01.pdf", blank_pdf() + b"/JavaScript", ACTIVE),
        ("p01.jpg", picture("JPEG"), ""),
        ("p01.png", picture("PNG"), ""),
        ("p01.tif", picture("TIFF"), ""),
        ("p01.pdf", blank_pdf(), ""),
        ("p01.docx", dossiers.docx("甲"), ""),
        ("audio.mp3", b"ID3", ""),
    ],
)
def test_each_fault_of_a_file_has_its_own_word(name, content, why):
    assert fitness.unfit(name, content, RULES) == why


def scanned(content: bytes) -> Paper:
    return Paper(code="05", title="工资流水", files=(File("p01.jpg", content, "05-工资流水.jpg"),), is_scan=True)


def test_a_dossier_with_a_damaged_scan_takes_no_number_and_says_which_file(tmp_path):
    first = dossiers.dossier()
    broken = dossiers.dossier(papers=(*first.papers, scanned(picture("JPEG")[:300])))
    _, summary = dossiers.repository(tmp_path, [broken, dossiers.dossier("AH-0002")])
    (finding,) = summary.findings
    assert (finding.code, finding.place.file, finding.values) == ("E719", "05-工资流水.jpg", {"why": BROKEN})
    assert (summary.refused, summary.sealed) == (["AH-0001"], ["J045-WS·2026-D10-KN-0001"])
    assert "已损坏或不完整" in messages.sentence(finding)
    whole = dossiers.dossier(papers=(*first.papers, scanned(picture("JPEG"))))
    _, again = dossiers.repository(tmp_path, [whole])
    assert again.sealed == ["J045-WS·2026-D10-KN-0002"]


def test_a_damaged_scan_becomes_no_supplement(tmp_path):
    first = dossiers.dossier()
    dossiers.repository(tmp_path, [first])
    more = dossiers.dossier(papers=(*first.papers, scanned(b"")))
    _, summary = dossiers.repository(tmp_path, [more], supplement=True)
    assert (summary.supplements, summary.refused) == ([], ["AH-0001"])
    assert [finding.code for finding in summary.findings] == ["E719"]


def test_an_open_dossier_is_kept_with_whatever_it_has(tmp_path):
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=None, papers=(scanned(b""),))])
    assert summary.working == ["AH-0001"]


def test_the_pages_of_a_tiff_and_a_cmyk_picture_become_pages_a_pdf_can_hold():
    from PIL import Image

    held = io.BytesIO()
    pages_of = [Image.new("1", (60, 80)), Image.new("CMYK", (60, 80)), Image.new("RGBA", (60, 80))]
    pages_of[0].save(held, "TIFF", save_all=True, append_images=pages_of[1:])
    made = frames.of(held.getvalue())
    assert [Image.open(io.BytesIO(page)).mode for page in made] == ["1", "RGB", "RGB"]
    assert pages.count("p01.tif", held.getvalue()) == 3
    assert [Image.open(io.BytesIO(page)).format for page in frames.of(picture("JPEG", "CMYK"))] == ["PNG"]


def test_a_jpeg_is_taken_as_it_is():
    plain = picture("JPEG")
    assert frames.of(plain) == (plain,)


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_a_scan_of_any_kind_has_pages_in_pdf_a(kind):
    pytest.importorskip("pikepdf")
    mode = "CMYK" if kind == "JPEG" else "L"
    source = pages.Source("工资流水", "jpg", frames.of(picture(kind, mode)))
    assert b"pdfaid" in pages.archived({"x": source})["x"]
