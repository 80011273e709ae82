import io

import pytest
from docxtpl import DocxTemplate

from formgen import word
from formgen.model import Document
from formgen.word import proof
from tests.smallest import docx, p, row, table


def paper(content: bytes) -> Document:
    return Document("form", "AH-0001", "案件/AH-0001/01-个人申请书.docx", content)


def plain(template: bytes, **record: object) -> bytes:
    """What docxtpl makes of it as its users write it."""
    made = io.BytesIO()
    tpl = DocxTemplate(io.BytesIO(template))
    tpl.render(record)
    tpl.save(made)
    return made.getvalue()


def codes(content: bytes, *expected: str, **more: object) -> list[str]:
    return [finding.code for finding in proof.prove(paper(content), expected, **more)]


NAME = docx(p("姓名：{{ 姓名 }}，家庭困难。"))


def test_a_whole_paper_passes():
    template = word.WordTemplate("a", NAME)
    record = {"姓名": "甲&乙<丙>\n二\t行\u3000𠮷"}
    assert codes(template.fill(record).content, *template.expected(record), blank_rows=template.blank_rows) == []


def test_fact_1_text_deleted_by_an_ampersand_is_caught():
    assert codes(plain(NAME, 姓名="甲&乙"), "甲&乙", "，家庭困难。") == ["E441"]


def test_fact_1_a_document_emptied_by_a_tag_in_a_value_is_caught():
    assert "E441" in codes(
        plain(docx(p("{{ 姓名 }}") + p("后文"))[:], 姓名="</w:t></w:r></w:p><w:p>甲"), "</w:t>", "后文"
    )


def test_fact_2_a_value_cut_by_a_lone_surrogate_is_caught():
    made = io.BytesIO()
    tpl = DocxTemplate(io.BytesIO(NAME))
    tpl.render({"姓名": "张\ud842三"}, autoescape=True)
    tpl.save(made)
    assert codes(made.getvalue(), "张〓三", "，家庭困难。") == ["E441"]


@pytest.mark.parametrize(
    ("value", "sign"),
    [
        (None, "None"),
        (float("nan"), "nan"),
        ("2025-01-02 00:00:00", "2025-01-02 00:00:00"),
        (1.1010119900101123e17, "3e+17"),
        ("#N/A", "#N/A"),
    ],
)
def test_fact_3_words_of_programs_are_caught(value, sign):
    found = proof.prove(paper(plain(NAME, 姓名=value)), ["姓名："])
    assert [finding.code for finding in found] == ["E442"]
    assert found[0].values["sign"][-5:] in sign or sign in found[0].values["sign"]


def test_fact_3_an_undefined_name_printed_as_nothing_is_caught():
    assert codes(plain(NAME), "张三") == ["E441"]


def test_fact_4_all_lost_values_are_counted_at_once():
    found = proof.prove(paper(plain(docx(p("{{ 甲 }}{{ 乙 }}尾")))), ["张三", "某路"])
    assert [finding.values["count"] for finding in found] == ["2"]


@pytest.mark.parametrize("written", ["｛｛姓名｝｝", "{姓名}", "｛姓名｝", "{ {姓名} }", "{_{ 姓名 }_}"])
def test_fact_5_tags_that_stayed_are_caught(written):
    assert "E442" in codes(plain(docx(p(written))))


def test_fact_6_blank_rows_of_a_loop_without_tr_are_caught():
    rows = [row("{% for 人 in 家人 %}", ""), row("{{ 人.姓名 }}", "乙"), row("{% endfor %}", "")]
    template = word.WordTemplate("a", docx(table(*rows, row("", "签名"), row("", ""), columns=2)))
    record = {"家人": [{"姓名": "张"}, {"姓名": "李"}]}
    assert codes(template.fill(record).content, *template.expected(record), blank_rows=template.blank_rows) == ["E443"]


def test_rows_blank_by_design_pass():
    rows = [row("{%tr for 人 in 家人 %}", ""), row("{{ 人.姓名 }}", ""), row("{%tr endfor %}", "")]
    template = word.WordTemplate("a", docx(table(*rows, row("", ""), columns=2)))
    record = {"家人": [{"姓名": None}, {"姓名": "李"}]}
    assert codes(template.fill(record).content, *template.expected(record), blank_rows=template.blank_rows) == []


def test_rows_with_properties_of_their_own_are_not_blank():
    rows = row("甲", "乙").replace("<w:tr>", "<w:tr><w:trPr><w:trHeight/></w:trPr>")
    template = word.WordTemplate("a", docx(table(rows, columns=2) + p("{{ 姓名 }}")))
    assert codes(template.fill({"姓名": "张"}).content, blank_rows=template.blank_rows) == []


def pdf(text: str):
    return {"pdf_text": lambda content: text}


def test_fact_7_question_marks_for_chinese_in_a_form_are_caught():
    assert codes(b"%PDF-1.7", "张三", **pdf("姓名 ???")) == ["E441", "E442"]


def test_fact_8_a_tick_that_stayed_off_is_caught():
    assert codes(b"%PDF-1.7", "☑生活救助", **pdf("□生活救助")) == ["E441"]


def test_fact_9_a_merged_form_that_keeps_one_of_two_values_is_caught():
    assert codes(b"%PDF-1.7", "AAA", "BBB", **pdf("BBB BBB")) == ["E441"]


def test_fact_9_a_lost_header_is_caught():
    assert codes(docx(p("体"), header=p("眉一")), "眉一", "眉二") == ["E441"]


def test_fact_10_a_pdf_of_raw_bytes_is_caught():
    assert codes(b"%PDF-1.7", "张三", **pdf("PK word/document.xml")) == ["E441"]


def test_what_the_record_itself_holds_is_no_trace():
    template = word.WordTemplate("a", NAME)
    record = {"姓名": "None {{ 姓名 }} ???"}
    assert codes(template.fill(record).content, *template.expected(record)) == []


@pytest.mark.parametrize("where", ["header", "footer", "footnotes"])
def test_values_outside_the_body_are_read(where):
    wrap = f'<w:footnote w:id="1">{p("{{ 姓名 }}")}</w:footnote>' if where == "footnotes" else p("{{ 姓名 }}")
    template = word.WordTemplate("a", docx(p("体"), **{where: wrap}))
    content = template.fill({"姓名": "张三"}).content
    assert codes(content, "张三", "体") == []
    assert codes(content, "李四") == ["E441"]


@pytest.mark.parametrize("content", [b"", b"PK\3\4 broken", docx(p("体"))[:-30], docx("<w:p>").replace(b"x", b"x")])
def test_a_torn_paper_is_caught(content):
    assert codes(content) == ["E440"]


def test_findings_hold_no_value():
    found = proof.prove(paper(NAME), ["110101199003074258"])
    assert "110101199003074258" not in repr(found)


def test_a_bare_greater_sign_in_the_text_of_a_template_hides_nothing():
    template = docx("<w:p><w:r><w:t>张三 -> 李四</w:t></w:r></w:p>")
    assert codes(template, "张三", "李四") == []


@pytest.mark.parametrize("extra", ["", table(row("{%tc for 甲 in 列 %}", "{{ 甲 }}", "{%tc endfor %}"), columns=1)])
def test_what_is_lacking_is_named_by_its_tag(extra):
    template = word.WordTemplate("a", docx(p("姓名{{ 姓名 }}{{ 住址 }}") + extra))
    asked = template.expected({"姓名": "张三", "住址": "某街", "列": []})
    (found,) = proof.prove(paper(docx(p("姓名 张三"))), asked)
    assert found.values["why"] == "“住址”"
