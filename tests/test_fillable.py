"""Papers that are PDF forms: the attached page, and the proof that a form prints the values of its own case."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from formgen import pdf
from formgen.model import Document
from formgen.papers import compose, forms
from formgen.pdf import convert, reading
from formgen.pdf.attached import attach
from formgen.word import proof
from tests.form_drawing import form, text_field

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
    assert filled(银行卡号="6" * 20, 开户银行=LONG) == (None, ["E504", "E505"])


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
