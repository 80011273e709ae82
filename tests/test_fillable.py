"""Papers that are PDF forms: the attached page, and the proof that a form prints the values of its own case."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, StreamObject

from formgen import messages, pdf
from formgen.model import Document
from formgen.papers import compose, fillable, forms
from formgen.pdf import convert, reading
from formgen.pdf.attached import attach
from formgen.word import proof
from tests.form_drawing import choice_field, form, text_field, tick_field

CARD = next(form for form in forms.load(forms.home()) if form.id == "bank-card")
TAGS = {
    "职工姓名": "欧阳䶮",
    "卡主": "欧阳䶮",
    "身份证号码": "11010119900307001X",
    "银行卡号": "6222021234567890123",
    "开户银行": "某某银行示例支行",
    "工作单位": "示例市机械厂",
    "联系电话": "13800000000",
    "档案编号": "T-0001",
}
LONG = "某某银行股份有限公司示例市分行营业部" * 30


def filled(**more: str) -> tuple[Document | None, list[str]]:
    document, findings = compose.fill(CARD, TAGS | more, "T-0001")
    return document, [finding.code for finding in findings]


def pages(content: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def test_a_text_too_long_for_its_field_stands_on_an_attached_page_and_the_field_says_so():
    document, codes = filled(开户银行=LONG)
    assert document is not None and codes == ["W517"]
    values = {field.name: field.value for field in pdf.PdfForm(document.content).fields}
    assert values["开户银行"] == "见附页" and values["银行卡号"] == TAGS["银行卡号"]
    first, second = pages(document.content)
    assert second.startswith("附页") and "开户银行" + LONG in second and "T-0001" in second and LONG not in first


def test_what_fits_needs_no_attached_page():
    document, codes = filled()
    assert document is not None and codes == [] and len(pages(document.content)) == 1


def test_a_number_with_a_digit_too_many_is_no_matter_for_an_attached_page():
    assert filled(银行卡号="6" * 20, 开户银行=LONG) == (None, ["E505"])


def test_the_attached_page_is_the_same_twice_and_goes_on_where_it_is_full():
    whole = pdf.load(forms.home() / "bank-card" / "template.pdf").fill(TAGS).content
    texts = [("开户银行", "某某\n" * 60)]
    first, second = (attach(whole, texts, title="表", subject="T-0001") for _ in range(2))
    assert first == second and [text[:2] for text in pages(first)[1:]] == ["附页", "附页", "附页"]


@pytest.mark.parametrize("mode", ["editable", "readonly", "flat"])
def test_a_filled_form_is_read_back_from_its_bytes(mode):
    content = pdf.load(forms.home() / "bank-card" / "template.pdf").fill(TAGS, mode=mode).content
    text = "".join(reading.printed(content).split())
    assert [value for value in TAGS.values() if value not in text] == []
    assert "申请人本人银行卡卡号及开户行复印件" in text


def test_a_form_with_the_values_of_another_case_is_refused():
    content = pdf.load(forms.home() / "bank-card" / "template.pdf").fill(TAGS | {"档案编号": "T-0002"}).content
    paper = Document("bank-card", "T-0001", "案件/T-0001/09-银行卡信息表.pdf", content)
    found = proof.prove(paper, ["T-0001", "欧阳䶮"], pdf_text=reading.printed)
    assert [(finding.code, finding.values["count"]) for finding in found] == [("E441", "1")]


def test_a_value_that_is_stored_but_not_shown_is_not_taken_for_printed():
    one = pdf.PdfForm(form(text_field("文", (10, 10, 300, 30))))
    content = one.fill({"文": "T-0001"}).content
    assert reading.printed(content).endswith("\nT-0001")
    assert "T-0001" not in reading.printed(content.replace(b"/AP<<", b"/XX<<"))


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"text", b"%PDF-1.7\nstartxref\n99999\n%%EOF\n"])
def test_what_cannot_be_read_back_prints_nothing(broken):
    assert reading.printed(broken) == ""


def test_a_paper_with_invisible_characters_is_proved_by_what_it_shows():
    document, codes = filled(职工姓名="欧\u200b阳䶮\ufeff")
    assert document is not None and codes == ["W502"]


def test_a_form_with_fields_of_other_names_is_proved_by_its_tags(tmp_path: Path):
    path = tmp_path / "template.pdf"
    path.write_bytes(form(text_field("Text1", (10, 10, 300, 30))))
    other = replace(CARD, template=path, fields=(("Text1", "开户银行"),))
    document, findings = compose.fill(other, TAGS, "T-0001")
    assert document is not None and findings == () and TAGS["开户银行"] in reading.printed(document.content)


@pytest.mark.office
@pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: papers are not converted")
def test_a_converted_paper_is_read_back_from_its_bytes(tmp_path: Path):
    import docx

    word, words = docx.Document(), "欧阳䶮㛃𬍛𬭎 T-0001 11010119900307001X"
    word.add_paragraph(words)
    word.save(str(tmp_path / "a.docx"))
    content = convert.to_pdf({"a.docx": tmp_path / "a.docx"}).papers["a.docx"]
    assert reading.printed(content).strip() == words


BOX, LIST, SEVERAL = 1 << 17, 0, 1 << 21
CHOICES = form(
    choice_field("sex", (10, 200, 90, 220), ("A", "B"), BOX),
    choice_field("causes", (10, 100, 90, 180), ("ill", "disabled", "alone"), SEVERAL),
    tick_field("ill", (100, 200, 110, 210), "Yes"),
    tick_field("alone", (100, 180, 110, 190), "On"),
)
TAGGED = (("sex", "性别"), ("causes", "致困原因"), ("ill", "致困原因"), ("alone", "致困原因"))
OPTIONS = (
    ("sex", (("男", "A"), ("女", "B"))),
    ("causes", (("患病", "ill"), ("残疾", "disabled"), ("单亲", "alone"))),
    ("ill", (("患病", "Yes"),)),
    ("alone", (("单亲", "On"),)),
)


def own_form(folder: Path, content: bytes, **more: object) -> forms.Form:
    path = folder / "template.pdf"
    path.write_bytes(content)
    return replace(CARD, template=path, **more)


def test_the_words_of_a_column_become_the_options_of_the_form(tmp_path: Path):
    own = own_form(tmp_path, CHOICES, fields=TAGGED, options=OPTIONS)
    document, findings = compose.fill(own, {"性别": "女", "致困原因": "患病、残疾"}, "T-0001")
    assert document is not None and findings == ()
    written = {field["/T"]: field["/V"] for field in map(dict, fields_of(document.content))}
    assert written == {"sex": "B", "causes": ["ill", "disabled"], "ill": "/Yes", "alone": "/Off"}


def fields_of(content: bytes) -> list:
    return [each.get_object() for each in PdfReader(io.BytesIO(content)).pages[0]["/Annots"]]


def test_a_list_box_takes_several_words_of_its_own(tmp_path: Path):
    words = ("患病", "残疾", "单亲")
    own = own_form(tmp_path, form(choice_field("致困原因", (10, 100, 90, 180), words, SEVERAL)), fields=())
    document, findings = compose.fill(own, {"致困原因": "患病、单亲"}, "T-0001")
    assert document is not None and findings == ()
    assert fields_of(document.content)[0]["/I"] == [0, 2]


def test_a_word_without_an_option_names_the_paper_and_the_field(tmp_path: Path):
    own = own_form(tmp_path, CHOICES, fields=TAGGED)
    document, findings = compose.fill(own, {"性别": "女", "致困原因": ""}, "T-0001")
    assert document is None
    assert [(each.code, each.place.file, each.place.heading) for each in findings[:1]] == [("E506", own.file, "sex")]


def test_what_a_form_must_print_is_told_in_one_order_and_by_field(tmp_path: Path):
    rects = [(10, at, 300, at + 20) for at in (200, 170, 140, 110)]
    own = own_form(
        tmp_path,
        form(*(text_field(name, rect) for name, rect in zip("甲乙丙丁", rects, strict=True))),
        fields=tuple((name, f"标签{name}") for name in "甲乙丙丁"),
    )
    asked = fillable.expected(own, own.template, {f"标签{name}": name * 3 for name in "甲乙丙丁"})
    assert list(asked.items()) == [("甲甲甲", "甲"), ("乙乙乙", "乙"), ("丙丙丙", "丙"), ("丁丁丁", "丁")]
    (found,) = proof.prove(Document("a", "", "a.pdf", b"%PDF"), asked, pdf_text=lambda content: "甲甲甲丁丁丁")
    assert (found.code, found.values["why"]) == ("E441", "“乙”、“丙”")
    assert "少印了 2 处内容（“乙”、“丙”）" in messages.sentence(found)


def test_the_order_of_what_must_be_printed_does_not_change_from_run_to_run():
    code = (
        "from formgen.papers import fillable, forms\n"
        "card = next(form for form in forms.load(forms.home()) if form.id == 'bank-card')\n"
        f"print(list(fillable.expected(card, card.template, {TAGS!r})))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


@pytest.mark.parametrize("filters", ["/ASCII85Decode/FlateDecode", "/ASCIIHexDecode", "/LZWDecode", "/FlateDecode"])
def test_the_fields_of_a_page_of_another_maker_are_read_whatever_its_own_stream(tmp_path: Path, filters: str):
    own = own_form(tmp_path, _repacked(form(text_field("开户银行", (10, 10, 300, 30))), filters), fields=())
    document, findings = compose.fill(own, TAGS, "T-0001")
    assert document is not None and findings == ()
    assert "表" in reading.printed(document.content) or filters in ("/LZWDecode", "/FlateDecode")


def _repacked(content: bytes, filters: str) -> bytes:
    """The form with its page stream packed in another way; what no filter can unpack is broken."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    page = writer.pages[0]
    drawn = (
        page["/Contents"].get_object() if not isinstance(page["/Contents"], list) else page["/Contents"][0].get_object()
    )
    raw = drawn.get_data()
    packed = {
        "/ASCII85Decode/FlateDecode": base64.a85encode(zlib.compress(raw)) + b"~>",
        "/ASCIIHexDecode": raw.hex().encode() + b">",
    }.get(filters, b"broken")
    made = StreamObject()
    made._data = packed
    made[NameObject("/Filter")] = ArrayObject(map(NameObject, re.findall(r"/\w+", filters)))
    page[NameObject("/Contents")] = writer._add_object(made)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_a_broken_form_is_named_by_its_folder(tmp_path: Path):
    path = tmp_path / "银行卡" / "template.pdf"
    path.parent.mkdir()
    path.write_bytes(b"")
    with pytest.raises(pdf.Unfillable) as refused:
        pdf.load(path)
    assert refused.value.finding.place.file == "银行卡/template.pdf"
