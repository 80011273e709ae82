# ruff: noqa: E501 - a template reads best on one line
"""The mistakes people make in templates: each the smallest docx that has it, its place, and the words that are told."""

import io
import zipfile

import docx as python_docx
import pytest

from formgen import lint, messages
from formgen.lint import edit as lint_edit
from formgen.lint import places
from tests.smallest import docx, member, p, row, table, tc

KNOWN = dict.fromkeys(
    [
        "职工姓名",
        "身份证号码",
        "性别",
        "家庭住址",
        "开户银行",
        "家庭成员",
        "家庭成员.姓名",
        "家庭成员.与户主关系",
        "家庭人口",
    ],
    "",
)
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{}</w:instrText></w:r>'
    '<w:r><w:instrText>{}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
BOX = "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def relation(kind: str, target: str) -> str:
    return f'<Relationship Id="rId9" Type="{REL}{kind}" Target="{target}" TargetMode="External"/>'


#: name → (template, code, place, what is told)
MISTAKES = {
    "full-width": (docx(p("本人｛｛职工姓名｝｝同意")), "E404", "正文第1段", "｛｛职工姓名｝｝ 用了全角或弯的括号"),
    "mixed widths": (docx(p("｛{职工姓名}}")), "E404", "正文第1段", "用了全角或弯的括号"),
    "full-width block": (docx(p("｛％ if 性别 ％｝")), "E404", "正文第1段", "｛％ if 性别 ％｝ 用了全角"),
    "single": (docx(p("甲") + p("住{家庭住址}")), "E403", "正文第2段", "{家庭住址} 只有一层花括号"),
    "three braces": (docx(p("本人{{{ 职工姓名 }}}同意")), "E630", "正文第1段", "改为 {{ 职工姓名 }}"),
    "a brace too many at the end": (docx(p("本人{{ 职工姓名 }}}同意")), "E630", "正文第1段", "多了花括号"),
    "one equals sign": (docx(p('{% if 性别 = "男" %}甲{% endif %}')), "E408", "正文第1段", '改为 {% if 性别 == "男" %}'),
    "unseen sign": (docx(p("{{ 职工\u200b姓名 }}")), "E408", "正文第1段", "看不见的字符 U+200B，改为 {{ 职工姓名 }}"),
    "unseen sign between braces": (docx(p("{\u200b{ 职工姓名 }}")), "E641", "正文第1段", "看不见的字符 U+200B"),
    "not closed": (docx(p("本人{{ 职工姓名}授权")), "E403", "正文第1段", "改为 {{ 职工姓名 }}"),
    "open end": (docx(p("本人{{ 职工姓名")), "E410", "正文第1段", "只有 {{"),
    "over two paragraphs": (docx(p("{{ 职工") + p("姓名 }}")), "E410", "正文第1段", "拆在了两段里"),
    "no end": (docx(p("{% if 性别 %}男")), "E405", "正文第1段", "没有配对的 endif"),
    "no start": (docx(p("男{% endif %}")), "E405", "正文第1段", "没有配对的 if"),
    "crossed": (docx(p("{% if 性别 %}{% for 人 in 家庭成员 %}{% endif %}{% endfor %}")), "E405", "正文第1段", "没有配对"),
    "for in a row": (
        docx(table(row("{% for 人 in 家庭成员 %}", ""), row("{{ 人.姓名 }}", ""), row("{% endfor %}", ""), columns=2)),
        "E412",
        "正文表1行1格1",
        "位于表格行内，会产生空行",
    ),
    "for over two cells": (
        docx(table(row("{% for 人 in 家庭成员 %}{{ 人.姓名 }}", "{{ 人.与户主关系 }}{% endfor %}"), columns=2)),
        "E637",
        "正文表1行1格1",
        "上面加一行写 {%tr for … %}，下面加一行写 {%tr endfor %}",
    ),
    "if over two cells": (
        docx(table(row("{% if 家庭住址 %}甲", "乙{% endif %}"), columns=2)), "E637", "正文表1行1格1", "会打乱表格"
    ),
    "words in a row of a tag": (
        docx(table(row("合计{%tr for 人 in 家庭成员 %}", "多少"), row("{{ 人.姓名 }}", ""), row("{%tr endfor %}", ""), columns=2)),
        "E633",
        "正文表1行1格1",
        "会丢失：合计 多少。 → {%tr … %} 要独占一行",
    ),
    "a merged cell beside a row loop": (
        docx(
            table(
                row(tc("家庭成员", '<w:vMerge w:val="restart"/>'), "{%tr for 人 in 家庭成员 %}"),
                row(tc("", "<w:vMerge/>"), "{{ 人.姓名 }}"),
                row(tc("", "<w:vMerge/>"), "{%tr endfor %}"),
                columns=2,
            )
        ),
        "E633",
        "正文表1行1格2",
        "会丢失：家庭成员。",
    ),
    "words in a text box of a row of a tag": (
        docx(table(row("{%tr if 性别 %}", f"<w:tc>{BOX.format(p('框里'))}</w:tc>"), row("甲", ""), row("{%tr endif %}", ""), columns=2)),
        "E633",
        "正文表1行1格1",
        "会丢失：框里。",
    ),
    "words beside a paragraph tag": (
        docx(p("{%p if 性别 %}另附证明") + p("甲") + p("{%p endif %}")), "E633", "正文第1段", "会丢失：另附证明。 → {%p … %} 要独占一段"
    ),
    "a block of paragraph tags in one": (
        docx(p("{%p if 性别 %}甲{%p endif %}")), "E633", "正文第1段", "会丢失：{%p if 性别 %}甲。"
    ),
    "words in a cell of a tag": (
        docx(table(row("姓名{%tc for 人 in 家庭成员 %}", "{{ 人.姓名 }}", "{%tc endfor %}"), columns=1)),
        "E633",
        "正文表1行1格1",
        "会丢失：姓名。",
    ),
    "tr outside a table": (docx(p("{%tr if 性别 %}") + p("{%tr endif %}")), "E411", "正文第1段", "写在表格外面"),
    "blank paragraph": (docx(p("{% if 性别 %}") + p("男") + p("{% endif %}")), "W415", "正文第1段", "会留下空段"),
    "unknown field": (docx(table(row("甲", "{{ 身份征号码 }}"), columns=2)), "W421", "正文表1行1格2", "是否为 身份证号码？"),
    "heading": (docx(p("{{ 身份证号 }}")), "W421", "正文第1段", "是否为 身份证号码？"),
    "unknown column": (
        docx(p("{% for 人 in 家庭成员 %}{{ 人.户主关系 }}{% endfor %}")),
        "W421",
        "正文第1段",
        "是否为 与户主关系？",
    ),
    "a field of a row after its loop": (
        docx(p("{% for 人 in 家庭成员 %}{{ 人.姓名 }}{% endfor %}{{ 人.与户主关系 }}")),
        "W685",
        "正文第1段",
        "写在 {%tr for 人 in 家庭成员 %} 和 {%tr endfor %} 之间",
    ),
    "a column of a list outside a loop": (docx(p("{{ 家庭成员.姓名 }}")), "W685", "正文第1段", "写成 {{ 行.姓名 }}"),
    "blank in a name": (docx(p("{{ 家庭 住址 }}")), "E408", "正文第1段", "改为 {{ 家庭住址 }}"),
    "unit in a name": (docx(p("{{ 家庭人口（人） }}")), "E408", "正文第1段", "改为 {{ 家庭人口 }}"),
    "digit first": (docx(p("{{ 2024年 }}")), "E408", "正文第1段", "名字不能以数字开头"),
    "minus": (docx(p("{{ 身份证-号 }}")), "E408", "正文第1段", "不能有减号"),
    "full-width bar": (docx(p("{{ 职工姓名｜掩码 }}")), "E408", "正文第1段", "改为 {{ 职工姓名|掩码 }}"),
    "unknown filter": (docx(p("{{ 职工姓名|大写 }}")), "E406", "正文第1段", "是否为 大写金额？"),
    "call": (docx(p("{{ 职工姓名.upper() }}")), "E407", "正文第1段", "不能写 upper"),
    "escape": (docx(p("{{ 职工姓名.__class__ }}")), "E407", "正文第1段", "__class__"),
    "docxtemplater": (docx(p("{#职工姓名}{/职工姓名}")), "W414", "正文第1段", "别的软件的标签"),
    "poi-tl": (docx(p("{{@照片}}")), "W414", "正文第1段", "{{@照片}} 是别的软件"),
    "carbone": (docx(p("{d.name}")), "W414", "正文第1段", "{d.name} 是别的软件"),
    "dollar": (docx(p("${职工姓名}")), "W414", "正文第1段", "${职工姓名} 是别的软件"),
    "guillemets": (docx(p("«职工姓名»")), "W414", "正文第1段", "«职工姓名» 是别的软件"),
    "mail merge": (docx(FIELD.format(" MERGE", "FIELD 姓名 ")), "W414", "正文", "MERGEFIELD 姓名"),
    "header": (docx(p("甲"), header=p("{{ 性别")), "E410", "页眉第1段", "只有 {{"),
    "footer": (docx(p("甲"), footer=p("{性别}")), "E403", "页脚第1段", "{性别}"),
    "footnote": (docx(p("甲"), footnotes=f'<w:footnote w:id="1">{p("{性别}")}</w:footnote>'), "E403", "脚注第1段", "{性别}"),
    "text box": (docx(BOX.format(p("{性别}"))), "E403", "正文第1段文本框", "{性别}"),
    "split over runs": (
        docx("<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>性别}</w:t></w:r></w:p>"), "E403", "正文第1段", "{性别}"
    ),
    "macros": (docx(p("甲"), parts={"word/vbaProject.bin": b"x"}), "E422", "", "模板带有宏"),
    "external picture": (docx(p("甲"), relations=relation("image", "file:///c:/a.png")), "E423", "", "引用了外部内容"),
    "remote template": (docx(p("甲"), relations=relation("attachedTemplate", "http://x/a.dotm")), "E423", "", "attachedTemplate"),
    "DDE over two runs": (docx(FIELD.format(" DDEA", "UTO c:\\\\cmd ")), "E424", "正文", "DDEAUTO"),
    "INCLUDEPICTURE": (docx('<w:p><w:fldSimple w:instr="INCLUDEPICTURE &quot;http://x&quot;"/></w:p>'), "E424", "正文", "INCLUDEPICTURE"),
    "altChunk": (
        docx(p("甲"), relations=f'<Relationship Id="rId9" Type="{REL}aFChunk" Target="a.html"/>'), "E425", "", "altChunk"
    ),
    "OLE": (docx(p("甲"), parts={"word/embeddings/a.bin": b"x"}), "E426", "", "对象或控件"),
    "comments": (docx(p("甲"), parts={"word/comments.xml": b"<x/>"}), "W427", "", "批注"),
    "tracked changes": (docx(f"<w:p><w:ins>{p('甲')[5:-6]}</w:ins></w:p>"), "W428", "正文", "1 处修订"),
    "no tag": (docx(p("甲")), "W418", "", "没有一个标签"),
    "not a zip": (b"hello", "E401", "", "另存为 .docx"),
    "old doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "E401", "", "旧版 .doc"),
    "cut off": (docx(p("甲"))[:-40], "E401", "", "已损坏"),
    "broken xml": (docx("<w:p>"), "E409", "正文", "内部已损坏"),
    "entities": (docx(p("甲"), parts={"word/header9.xml": b"<!DOCTYPE x><x/>"}), "E402", "", "XML 声明"),
    "cannot be compiled": (
        docx(table(row("{%tc for 人 in 家庭成员 %}", "{{ 人.姓名 }}", "{%tc endfor %}"), columns=1)), "W455", "", "docxtpl"
    ),
}  # fmt: skip


def told(content: bytes, **more: object) -> list[str]:
    return [messages.sentence(problem.finding) for problem in lint.check("a.docx", content, known=KNOWN, **more)]


@pytest.mark.parametrize("name", MISTAKES)
def test_every_mistake_is_told_with_its_place_and_remedy(name):
    content, code, place, words = MISTAKES[name]
    problems = lint.check("a.docx", content, known=KNOWN)
    chosen = [each.finding for each in problems if each.finding.code == code]
    assert chosen, [each.finding.code for each in problems]
    assert chosen[0].place.sheet == place
    assert any(words in messages.sentence(finding) for finding in chosen)
    for lang in messages.LANGUAGES:
        assert all(messages.sentence(finding, lang=lang) for finding in chosen)


def test_a_sound_template_has_no_problems():
    good = docx(
        p("{{ 职工姓名 }}{% for 人 in 家庭成员 %}{{ loop.index }}{{ 人.姓名 }}{% endfor %}集合{1,2}{甲：{{ 性别 }}}")
    )
    assert told(good) == []


def test_all_problems_are_told_at_once():
    assert len(told(docx(p("{性别}｛｛性别｝｝{{ 性别|无此 }}{{ 甲乙丙 }}")))) == 4


def test_words_around_a_problem_are_shown():
    found = lint.check(
        "a.docx", docx(p("一二三四五六七八九十一二三四五六{性别}一二三四五六七八九十一二三四五六")), known=KNOWN
    )
    assert found[0].finding.place.heading == "〔…二三四五六七八九十一二三四五六{性别}一二三四五六七八九十一二三四五…〕"


def test_the_sample_shows_tags_without_a_value():
    found = told(docx(p("{{ 职工姓名 }}{{ 性别 }}")), sample={"职工姓名": "张三", "性别": ""})
    assert len(found) == 1
    assert "W429" in found[0]
    assert "性别" in found[0]


REPAIRS = {
    "本人{{{ 职工姓名 }}}同意": "本人{{ 职工姓名 }}同意",
    "本人{{ 职工姓名 }}}同意": "本人{{ 职工姓名 }}同意",
    "{{ 职工\u200b姓名 }}": "{{ 职工姓名 }}",
    "{\u200b{ 职工姓名 }\u200b}": "{{ 职工姓名 }}",
    '{% if 性别 = "男" %}男{% elif 性别 = "女" %}女{% endif %}': '{% if 性别 == "男" %}男{% elif 性别 == "女" %}女{% endif %}',
    "本人｛｛职工姓名｝｝同意": "本人{{ 职工姓名 }}同意",
    "住{家庭住址}": "住{{ 家庭住址 }}",
    "{{ 职工姓名}": "{{ 职工姓名 }}",
    "{{ 身份证号 }}": "{{ 身份证号码 }}",
    "{{ 家庭 住址 }}": "{{ 家庭住址 }}",
    "${职工姓名}与«性别»": "{{ 职工姓名 }}与{{ 性别 }}",
    "{{ 职工姓名｜掩码 }}": "{{ 职工姓名|掩码 }}",
    "｛％ if 性别 ％｝男｛％ endif ％｝": "{% if 性别 %}男{% endif %}",
}


@pytest.mark.parametrize("wrong", REPAIRS)
def test_plain_mistakes_are_repaired(wrong):
    content, made = lint_edit.repaired("a.docx", docx(p(wrong)), known=KNOWN)
    assert python_docx.Document(io.BytesIO(content)).paragraphs[0].text == REPAIRS[wrong]
    assert {finding.code for finding in made} == {"R417"}
    assert told(content) == []


def test_row_loops_are_repaired():
    content, _ = lint_edit.repaired("a.docx", MISTAKES["for in a row"][0], known=KNOWN)
    assert "{%tr for 人 in 家庭成员 %}" in member(content, "word/document.xml")
    assert told(content) == []


def test_a_repair_over_several_runs_keeps_the_look_of_the_first():
    runs = "<w:r><w:rPr><w:b/></w:rPr><w:t>甲{性</w:t></w:r><w:r><w:t>别}乙</w:t></w:r>"
    content, _ = lint_edit.repaired("a.docx", docx(f"<w:p>{runs}</w:p>"), known=KNOWN)
    texts = [(run.text, run.bold) for run in python_docx.Document(io.BytesIO(content)).paragraphs[0].runs]
    assert texts == [("甲{{ 性别 }}", True), ("乙", None)]


@pytest.mark.parametrize("doubtful", ["{无人知道}", "{{ 身份征号码 }}", "{{ 性别", "{d.name}"])
def test_what_is_doubtful_is_left_alone(doubtful):
    content = docx(p(doubtful))
    assert lint_edit.repaired("a.docx", content, known=KNOWN) == (content, ())


def test_problems_are_marked_with_comments_and_highlights():
    content = docx(p("甲{性别}乙") + p("{{ 无人知道 }}"), header=p("{{ 坏"))
    problems = lint.check("a.docx", content, known=KNOWN)
    marked = lint_edit.annotated(content, problems)
    opened = python_docx.Document(io.BytesIO(marked))
    lit = [run.text for paragraph in opened.paragraphs for run in paragraph.runs if run.font.highlight_color]
    assert lit == ["{性别}", "{{ 无人知道 }}"]
    comments = member(marked, "word/comments.xml")
    assert comments.count("<w:comment ") == 3
    for words in ("E403", "W421", "页眉第1段 E410"):
        assert words in comments
    assert [paragraph.text for paragraph in opened.paragraphs] == ["甲{性别}乙", "{{ 无人知道 }}"]


def test_comments_that_were_there_stay():
    first = lint_edit.annotated(docx(p("{性别}")), lint.check("a.docx", docx(p("{性别}")), known=KNOWN))
    second = lint_edit.annotated(first, lint.check("a.docx", first, known=KNOWN))
    assert member(second, "word/comments.xml").count("<w:comment ") == 3
    with zipfile.ZipFile(io.BytesIO(second)) as package:
        assert len(set(package.namelist())) == len(package.namelist())


def test_a_bomb_is_refused_before_it_is_unpacked():
    content = docx(p("甲"), parts={"word/media/a.png": b"\0" * 80_000_000})
    assert [problem.finding.code for problem in lint.check("a.docx", content, known=KNOWN)] == ["E402"]


@pytest.mark.parametrize(
    "where, said",
    [
        ("正文第3段", "body, paragraph 3"),
        ("正文表2行4格1", "body, table 2, row 4, cell 1"),
        ("页眉表1行1格2第2段文本框第1段", "header, table 1, row 1, cell 2, paragraph 2, text box, paragraph 1"),
        ("", ""),
    ],
)
def test_a_place_is_said_in_english_too(where, said):
    assert places.in_english(where) == said
