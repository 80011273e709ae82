"""Branches that take every paragraph of a cell leave one blank paragraph, or Word would not open the paper."""

from __future__ import annotations

import pytest

from formgen import word
from formgen.model import Document
from formgen.word import proof
from tests.smallest import docx, member, p, row, table, tc

INNER = p("{%p if 有 %}") + p("内容") + p("{%p endif %}")
NESTED = table(row("{%tr if 有 %}"), row("内容"), row("{%tr endif %}"), columns=1)
SLOW = table(row("{%tc for 甲 in 列 %}", "{{ 甲 }}", "{%tc endfor %}"), columns=1)
BOX = "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"


def cell(inner: str) -> str:
    return tc("甲").replace(p("甲"), inner)


GAPS = {
    "cell": (docx(table(row(cell(INNER), "旁"), columns=2)), "word/document.xml", "</w:tcPr><w:p/></w:tc>"),
    "header": (docx(p("体"), header=INNER), "word/header1.xml", "><w:p/></w:hdr>"),
    "text box": (docx(BOX.format(INNER) + p("体")), "word/document.xml", "<w:txbxContent><w:p/></w:txbxContent>"),
    "nested table": (docx(table(row(cell(NESTED), "旁"), columns=2)), "word/document.xml", "</w:tcPr><w:p/></w:tc>"),
    "last paragraph": (
        docx(table(row(cell(table(row("内"), columns=1) + INNER), "旁"), columns=2)),
        "word/document.xml",
        "</w:tbl><w:p/></w:tc>",
    ),
    "footnote": (
        docx(p("体"), footnotes=f'<w:footnote w:id="1">{INNER}</w:footnote>'),
        "word/footnotes1.xml",
        "<w:p/>",
    ),
    "table": (docx(NESTED + p("体")), "word/document.xml", "<w:body><w:p>"),
    "slow": (docx(table(row(cell(INNER), "旁"), columns=2) + SLOW), "word/document.xml", "</w:tcPr><w:p/></w:tc>"),
}


@pytest.mark.parametrize("name", GAPS)
def test_a_paper_keeps_a_paragraph_where_word_needs_one(name):
    content, part, left = GAPS[name]
    template = word.WordTemplate("a.docx", content)
    assert template.trial().is_proved
    empty = template.fill({"有": "", "列": []}).content
    assert left in member(empty, part)
    assert proof.prove(Document("a", "", "a.docx", empty), template.expected({"有": "", "列": []})) == ()
    assert "内容" in member(template.fill({"有": "是", "列": []}).content, part)


def test_what_is_there_gets_no_blank_paragraph():
    full = word.WordTemplate("a.docx", GAPS["cell"][0]).fill({"有": "是"}).content
    assert "<w:p/>" not in member(full, "word/document.xml")


@pytest.mark.parametrize(
    "body",
    [
        "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid></w:tbl><w:p/>",
        f"<w:tbl><w:tr>{cell('')}</w:tr></w:tbl>",
        "<w:tbl><w:tr><w:tc></w:tc></w:tr></w:tbl>",
        f"<w:tbl><w:tr>{cell(table(row('内'), columns=1))}</w:tr></w:tbl>",
        BOX.format(""),
    ],
)
def test_a_paper_that_word_does_not_open_is_caught(body):
    found = proof.prove(Document("a", "", "a.docx", docx(body)), ())
    assert [each.code for each in found] == ["E638"]
