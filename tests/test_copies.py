"""The PDF beside each Word paper."""

import pytest

from formgen.batch import copies
from formgen.model import Document
from formgen.papers import forms
from formgen.pdf import convert

PAPER = (forms.home() / "application" / "template.docx").read_bytes()
CASE = (
    Document("application", "T-1", "案件/T-1/01-个人申请书.docx", PAPER),
    Document("bank-card", "T-1", "案件/T-1/09-银行卡信息表.pdf", b"%PDF-1.7"),
)


@pytest.mark.office
@pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: papers are not converted")
def test_a_word_paper_gets_a_pdf_beside_it_and_a_pdf_form_none():
    made, findings = copies.of(CASE, titles={"application": "个人申请书"})
    assert [(paper.form, paper.path) for paper in made] == [("application", "案件/T-1/01-个人申请书.pdf")]
    assert made[0].content.startswith(b"%PDF-") and findings == ()


def test_without_libreoffice_the_case_is_told_which_papers_have_no_pdf(monkeypatch):
    monkeypatch.setenv(convert.PROGRAM, "no-such-program")
    convert.program.cache_clear()
    try:
        made, findings = copies.of(CASE)
    finally:
        convert.program.cache_clear()
    assert made == ()
    assert [(finding.code, finding.case_no, finding.values["count"]) for finding in findings] == [("W503", "T-1", "1")]
