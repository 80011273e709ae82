"""The same picture in every viewer: poppler, pdfium and mupdf compared field by field, as ink and as text."""

import io
import subprocess
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from formgen import pdf
from formgen.papers import forms
from formgen.pdf import PdfForm
from tests import viewers
from tests.form_drawing import form, text_field, tick_field

pytestmark = pytest.mark.skipif(bool(viewers.missing()), reason=f"viewers are missing: {viewers.missing()}")
SIZE = (400, 300)
ALIKE = 0.3  # edges are smoothed differently; another glyph or place differs by more than half


def radio(rect: tuple[float, float, float, float], state: str) -> bytes:
    return tick_field("选", rect, state, extra="/Ff 49152").replace(b"/CA(4)", b"/CA(l)")


FIELDS = {
    "Chinese": (text_field("中文", (10, 250, 190, 275)), "中文", "合肥市总工会困难职工"),
    "rare characters": (text_field("生僻", (210, 250, 390, 275)), "生僻", "䶮㛃𬍛𬭎"),
    "long text": (
        text_field("长文", (10, 180, 190, 240), "/Ff 4096"),
        "长文",
        "因病致困，家庭支出远大于收入（见附件），" * 3,
    ),
    "comb": (
        text_field("卡号", (210, 215, 390, 240), "/Ff 16777216/MaxLen 19/MK<</BC[0]>>"),
        "卡号",
        "6222021234567890123",
    ),
    "centred": (text_field("居中", (210, 180, 390, 205), "/Q 1/MK<</BC[0]/BG[0.9]>>"), "居中", "居中的字"),
    "tick": (tick_field("勾", (20, 140, 40, 160), "On"), "勾", True),
    "turned field": (text_field("竖", (350, 20, 380, 160), "/MK<</R 90>>"), "竖", "竖排栏目文字"),
    "coloured": (text_field("红", (60, 140, 190, 165), style="/SimHei 14 Tf 0.8 0 0 rg"), "红", "红色黑体"),
}


def sample() -> bytes:
    return form(
        *(entry for entry, _, _ in FIELDS.values()), radio((210, 140, 230, 160), "a"), radio((250, 140, 270, 160), "b")
    )


def turned(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.pages[0].rotate(90)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module", params=["readonly", "flat"])
def pictures(request, tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("viewers")
    values = {name: value for _, name, value in FIELDS.values()} | {"选": "b"}
    drawn = {}
    for kind, content in {"plain": sample(), "turned": turned(sample())}.items():
        path = folder / f"{kind}.pdf"
        path.write_bytes(PdfForm(content).fill(values, mode=request.param).content)
        drawn[kind] = {name: draw(path, 1) for name, draw in viewers.ALL.items()}
    empty = folder / "empty.pdf"
    empty.write_bytes(PdfForm(sample()).fill({}, mode="flat").content)
    drawn["empty"] = {name: draw(empty, 1) for name, draw in viewers.ALL.items()}
    return drawn


def place(entry: bytes) -> tuple[float, float, float, float]:
    left, bottom, right, top = map(float, entry.split(b"/Rect[")[1].split(b"]")[0].split())
    return left, SIZE[1] - top, right, SIZE[1] - bottom


@pytest.mark.parametrize("what", FIELDS)
@pytest.mark.parametrize("other", ["pdfium", "mupdf"])
def test_each_kind_of_field_looks_alike(pictures, what, other):
    box = place(FIELDS[what][0])
    first, second = (viewers.ink(pictures["plain"][name], box) for name in ("poppler", other))
    assert sum(first) > 3, "nothing was drawn"
    assert viewers.difference(first, second) < ALIKE


@pytest.mark.parametrize("viewer", viewers.ALL)
def test_the_chosen_radio_button_has_a_dot_and_the_other_has_none(pictures, viewer):
    def dot(left: float) -> float:
        return max(viewers.ink(pictures["plain"][viewer], (left + 7, SIZE[1] - 153, left + 13, SIZE[1] - 147)))

    assert dot(250) > 0.9 and dot(210) < 0.1


@pytest.mark.parametrize("other", ["pdfium", "mupdf"])
def test_a_turned_page_looks_alike(pictures, other):
    first, second = (viewers.ink(pictures["turned"][name]) for name in ("poppler", other))
    assert sum(first) > 100
    assert viewers.difference(first, second) < ALIKE


@pytest.mark.parametrize("viewer", viewers.ALL)
def test_the_comparison_would_see_a_missing_value(pictures, viewer):
    box = place(FIELDS["Chinese"][0])
    filled, empty = (viewers.ink(pictures[kind][viewer], box) for kind in ("plain", "empty"))
    assert viewers.difference(filled, empty) > 0.9


CARD = {
    "职工姓名": "欧阳䶮㛃𬍛𬭎",
    "银行卡号": "6222021234567890123",
    "开户银行": "某某银行A&B<C支行",
    "卡主": "欧阳䶮㛃𬍛𬭎",
}


@pytest.fixture(scope="module", params=["readonly", "flat"])
def card(request, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("card") / "card.pdf"
    template = pdf.load(forms.home() / "bank-card" / "template.pdf")
    path.write_bytes(template.fill(CARD, mode=request.param).content)
    return path


@pytest.mark.parametrize("other", ["pdfium", "mupdf"])
def test_the_bank_card_sheet_is_the_same_picture(card, other):
    first, second = (viewers.ink(viewers.ALL[name](card, 1)) for name in ("poppler", other))
    assert viewers.difference(first, second) < ALIKE


def test_the_bank_card_sheet_has_every_font_inside(card):
    listed = subprocess.run(["pdffonts", card], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert listed
    for line in listed:
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


def read_by(program: str, path: Path) -> str:
    if program == "pdfium":
        return pypdfium2.PdfDocument(path)[0].get_textpage().get_text_bounded()
    command = {"poppler": ["pdftotext", "-layout", path, "-"], "mupdf": ["mutool", "draw", "-q", "-F", "text", path]}
    return subprocess.run(command[program], capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("program", viewers.ALL)
def test_the_bank_card_sheet_can_be_read_back(card, program):
    if program == "pdfium" and PdfReader(card).get_fields():  # it reads the text of pages, not that of fields
        card.with_name("flat.pdf").write_bytes(PdfForm(card).fill({}, mode="flat").content)
        card = card.with_name("flat.pdf")
    text = "".join(read_by(program, card).split())
    for value in CARD.values():
        assert value in text
