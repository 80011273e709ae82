"""Filling PDF forms: what comes out, and what is said instead of coming out."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from formgen import pdf
from formgen.papers import forms
from formgen.pdf import PdfForm
from tests.form_drawing import form, text_field, tick_field

CARD = {
    "职工姓名": "欧阳䶮",
    "卡主": "欧阳䶮",
    "银行卡号": "6222021234567890123",
    "开户银行": "某某银行A&B<C支行",
    "档案编号": "T-0001",
}


@pytest.fixture
def card() -> PdfForm:
    return pdf.load(forms.home() / "bank-card" / "template.pdf")


def codes(filled: pdf.Filled) -> list[str]:
    return [finding.code for finding in filled.findings]


def words(content: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_card_number_has_a_cell_for_each_digit(card):
    number = next(field for field in card.fields if field.name == "银行卡号")
    assert (number.max_length, number.is_comb) == (19, True)


@pytest.mark.parametrize("mode", ["editable", "readonly", "flat"])
def test_equal_values_give_equal_bytes(card, mode):
    again = PdfForm(forms.home() / "bank-card" / "template.pdf")
    assert card.fill(CARD, mode=mode).content == again.fill(dict(reversed(CARD.items())), mode=mode).content


def test_a_flat_form_has_no_fields_and_all_its_words(card):
    content = card.fill(CARD, mode="flat").content
    assert PdfReader(io.BytesIO(content)).get_fields() is None
    for value in CARD.values():
        assert value in words(content)


def test_a_readonly_form_keeps_its_values_and_locks_every_field(card):
    fields = PdfForm(card.fill(CARD).content).fields
    assert all(field.is_readonly for field in fields)
    assert {field.name: field.value for field in fields if field.value} == CARD


def test_an_editable_form_stays_open(card):
    assert not any(field.is_readonly for field in PdfForm(card.fill(CARD, mode="editable").content).fields)


@pytest.mark.parametrize("char", "䶮㛃𬍛𬭎")
def test_rare_characters_of_names_can_be_read_back(card, char):
    assert f"王{char}" in words(card.fill({"职工姓名": f"王{char}"}, mode="flat").content)


def test_an_unknown_field_is_named_and_nothing_is_made(card):
    filled = card.fill({"姓名": "王某"})
    assert (filled.content, codes(filled)) == (b"", ["E502"])
    assert filled.findings[0].values == {"field": "姓名"}


def test_a_character_no_font_has_is_named_and_nothing_is_made(card):
    filled = card.fill({"职工姓名": "王\U0003134a"})
    assert (filled.content, codes(filled)) == (b"", ["E503"])
    assert "U+3134A" in filled.findings[0].values["character"]


@pytest.mark.parametrize("word", ["مُحَمَّد", "שלום"])
def test_scripts_that_cannot_be_set_letter_by_letter_are_refused(card, word):
    assert "E503" in codes(card.fill({"职工姓名": word}))


def test_a_number_longer_than_its_cells_is_refused(card):
    assert codes(card.fill({"银行卡号": "6" * 20})) == ["E505"]


def test_a_text_too_long_for_the_smallest_print_is_refused(card):
    filled = card.fill({"开户银行": "某" * 400})
    assert (filled.content, codes(filled)) == (b"", ["E504"])


def test_all_faults_are_told_at_once(card):
    filled = card.fill({"姓名": "王", "银行卡号": "6" * 20, "职工姓名": "\U0003134a"})
    assert sorted(codes(filled)) == ["E502", "E503", "E505"]


def test_no_finding_repeats_the_value(card):
    filled = card.fill({"银行卡号": "62220212345678901234"})
    assert "62220212345678901234" not in repr(filled.findings)


def test_invisible_characters_are_taken_out_and_told(card):
    filled = card.fill({"职工姓名": "欧\u200b阳\ufeff䶮\x07"}, mode="flat")
    assert codes(filled) == ["W502"]
    assert "欧阳䶮" in words(filled.content)


def test_a_compatibility_ideograph_of_a_name_stays_itself(card):
    content = card.fill({"职工姓名": "王\uf92c"}).content
    assert next(field.value for field in PdfForm(content).fields if field.name == "职工姓名") == "王\uf92c"


def test_a_check_box_takes_the_on_state_the_form_has():
    ticks = PdfForm(form(tick_field("同意", (10, 10, 30, 30), "#E6#98#AF")))
    assert ticks.fields[0].choices == (("是", "是"),)
    for value in (True, "是", "√"):
        assert PdfForm(ticks.fill({"同意": value}).content).fields[0].value == "是"
    assert PdfForm(ticks.fill({"同意": "否"}).content).fields[0].value == "Off"


def test_a_check_box_refuses_a_word_it_does_not_have():
    filled = PdfForm(form(tick_field("同意", (10, 10, 30, 30), "Yes"))).fill({"同意": "也许"})
    assert codes(filled) == ["E506"]


def test_one_field_in_two_places_is_filled_in_both():
    twice = PdfForm(form(text_field("编号", (10, 10, 90, 30)), text_field("编号", (10, 50, 90, 70))))
    assert len(twice.fields[0].rects) == 2
    assert words(twice.fill({"编号": "T-77"}, mode="flat").content).count("T-77") == 2


def test_values_in_a_pdf_string_survive_brackets_and_backslashes():
    odd = PdfForm(form(text_field("文", (10, 10, 300, 30))))
    assert PdfForm(odd.fill({"文": r"a(b)\c"}).content).fields[0].value == r"a(b)\c"


def test_a_line_break_in_the_value_is_a_line_break_on_paper():
    lines = PdfForm(form(text_field("文", (10, 10, 300, 90), "/Ff 4096")))
    content = lines.fill({"文": "第一行\n第二行"}, mode="flat").content
    assert "第一行\n第二行" in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def changed(content: bytes, change) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(pdf.Unfillable) as caught:
        PdfForm(content, name="表.pdf")
    assert "表.pdf" in str(caught.value)
    return caught.value.finding.code


ONE = form(text_field("文", (10, 10, 300, 30)))


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7\n", b"not a pdf at all", ONE[:200], ONE[:-900]])
def test_a_broken_file_is_told_as_such(broken):
    assert refusal(broken) in ("E501", "E509")


def test_a_locked_file_is_told_as_such():
    assert refusal(changed(ONE, lambda writer: writer.encrypt("geheim"))) == "E507"


def test_a_file_without_fields_is_told_as_such():
    assert refusal(form()) == "E509"


def test_a_form_that_is_xfa_only_is_told_as_such():
    def only_xfa(writer):
        from pypdf.generic import ArrayObject, DictionaryObject, NameObject

        xfa = DictionaryObject({NameObject("/XFA"): ArrayObject(), NameObject("/Fields"): ArrayObject()})
        writer.root_object[NameObject("/AcroForm")] = xfa

    assert refusal(changed(form(), only_xfa)) == "E510"


def test_scripts_of_a_template_do_not_reach_the_paper():
    def arm(writer):
        from pypdf.generic import DictionaryObject, NameObject, TextStringObject

        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('x')")}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
        writer.pages[0]["/Annots"][0].get_object()[NameObject("/A")] = DictionaryObject(action)

    armed = changed(ONE, arm)
    assert b"JavaScript" in armed
    for mode in ("editable", "readonly", "flat"):
        assert b"JavaScript" not in PdfForm(armed).fill({"文": "好"}, mode=mode).content


def test_a_template_is_read_again_when_it_has_changed(tmp_path: Path):
    path = tmp_path / "template.pdf"
    path.write_bytes(ONE)
    first = pdf.load(path)
    assert pdf.load(path) is first
    path.write_bytes(form(text_field("新文", (10, 10, 300, 30))))
    assert pdf.load(path).fields[0].name == "新文"


def printed(path: Path) -> str:
    """The words of a Word file, without placeholders, blanks and page numbers."""
    import re
    import zipfile

    with zipfile.ZipFile(path) as package:
        parts = [package.read(f"word/{name}.xml").decode() for name in ("document", "footer1")]
    found = "".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", part)) for part in parts)
    return "".join(re.sub(r"{{.*?}}", "", found).split())


def test_the_word_side_and_the_fillable_side_of_the_bank_card_sheet_say_the_same():
    home = forms.home() / "bank-card"
    assert sorted(words((home / "template.pdf").read_bytes())) == sorted(printed(home / "template.docx"))


def test_the_bank_card_sheet_calls_itself_by_its_chinese_title_only():
    import re

    printed_words = words((forms.home() / "bank-card" / "template.pdf").read_bytes())
    assert "09银行卡信息表" in printed_words and not re.search("[A-Za-z]{2,}", printed_words)


def test_every_placeholder_of_the_word_side_is_a_field_of_the_fillable_side():
    import re
    import zipfile

    home = forms.home() / "bank-card"
    with zipfile.ZipFile(home / "template.docx") as package:
        text = package.read("word/document.xml").decode() + package.read("word/footer1.xml").decode()
    placeholders = set(re.findall(r"{{ (\w+) }}", text))
    card = pdf.load(home / "template.pdf")
    assert placeholders == {field.name for field in (*card.fields, *card.frames)} and len(placeholders) == 10


def frame(name: str, rect: tuple[float, float, float, float]) -> bytes:
    from formgen.pdf.fields import NewField, entries

    return entries(NewField(name=name, rect=rect, kind="picture"))


def two_colours(width: int, height: int, turn: int = 0) -> bytes:
    """A JPEG whose upper half is red and lower half blue, as a camera held so would write it."""
    image = pytest.importorskip("PIL.Image")
    picture = image.new("RGB", (width, height), "blue")
    picture.paste("red", (0, 0, width, height // 2))
    back = {0: 0, 6: 90, 3: 180, 8: 270}[turn]
    stored = picture.rotate(back, expand=True)
    about = stored.getexif()
    if turn:
        about[0x0112] = turn
    buffer = io.BytesIO()
    stored.save(buffer, "JPEG", exif=about, quality=95)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["readonly", "flat"])
@pytest.mark.parametrize("turn", [0, 3, 6, 8])
def test_a_scan_stands_upright_and_whole_in_its_frame(mode, turn):
    pdfium = pytest.importorskip("pypdfium2")
    framed = PdfForm(form(text_field("文", (10, 10, 90, 30)), frame("扫描", (100, 100, 200, 160))))
    assert [about.name for about in framed.frames] == ["扫描"] and [about.name for about in framed.fields] == ["文"]
    scan = two_colours(80, 40, turn)
    content = framed.fill({"扫描": scan}, mode=mode).content
    assert scan in content
    document = pdfium.PdfDocument(content)
    document.init_forms()
    drawn = document[0].render(scale=1, may_draw_forms=True).to_pil().convert("RGB")
    upper, lower, above = drawn.getpixel((150, 160)), drawn.getpixel((150, 180)), drawn.getpixel((150, 143))
    assert upper[0] > 200 > upper[2] and lower[2] > 200 > lower[0] and above == (255, 255, 255)


def test_a_frame_without_a_scan_stays_as_it_is():
    framed = PdfForm(form(text_field("文", (10, 10, 90, 30)), frame("扫描", (100, 100, 200, 160))))
    filled = framed.fill({"文": "好", "扫描": ""}, mode="flat")
    assert filled.content and filled.findings == ()


def test_a_scan_that_is_no_picture_is_refused():
    framed = PdfForm(form(frame("扫描", (100, 100, 200, 160))))
    assert codes(framed.fill({"扫描": b"GIF89a"})) == ["E523"]
    assert codes(framed.fill({"扫描": "words"})) == ["E508"]
