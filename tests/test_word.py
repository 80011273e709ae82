# ruff: noqa: E501 - a template reads best on one line
import io
import string
import zipfile

import docx as python_docx
import pytest
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from formgen import word
from formgen.word import filters
from formgen.word.gaps import mended
from formgen.word.properties import settled
from formgen.word.trial import canonical
from tests.smallest import docx, member, p, row, table, tc

BOLD = '<w:rFonts w:eastAsia="仿宋"/><w:b/><w:sz w:val="28"/>'
TEXT_BOX = "<w:p><w:r><w:pict><v:textbox><w:txbxContent>{}</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
DRAWING = '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="7" name="图"/></wp:inline></w:drawing></w:r></w:p>'
FAMILY = table(
    row("姓名", "关系"),
    row("{%tr for 成员 in 家庭成员 %}", ""),
    row(
        "{{ loop.index }}/{{ loop.length }} {{ 成员.姓名 }}",
        "{% if loop.first %}户主{% else %}{{ 成员.关系 }}{% endif %}",
    ),
    row("{%tr endfor %}", ""),
    columns=2,
)
SHADED = table(row("{% cellbg 颜色 %}{{ 姓名 }}", "乙"), columns=2)
MERGED = table(
    row("甲", "乙"),
    row("{%tr for 成员 in 家庭成员 %}", ""),
    row("{% vm %}{{ 姓名 }}", "{{ 成员.姓名 }}"),
    row("{%tr endfor %}", ""),
    columns=2,
)
COLUMNS = table(row("{%tc for 成员 in 家庭成员 %}", "{{ 成员.姓名 }}", "{%tc endfor %}"), columns=1)
FEATURES = {
    "body": docx(p("姓名：{{ 姓名 }}，住 {{ 住址 }}。", BOLD)),
    "split runs": docx(
        "<w:p><w:r><w:t>{{ 姓</w:t></w:r><w:r><w:t>名 }}{</w:t></w:r><w:r><w:t>{ 住址 }}</w:t></w:r></w:p>"
    ),
    "rows": docx(FAMILY + p("尾")),
    "only rows of a loop": docx(
        table(
            row("{%tr for 成员 in 家庭成员 %}", ""), row("{{ 成员.姓名 }}", "乙"), row("{%tr endfor %}", ""), columns=2
        )
    ),
    "paragraphs": docx(p("{%p if 住址 %}") + p("有 {{ 住址 }}") + p("{%p else %}") + p("无") + p("{%p endif %}")),
    "runs": docx(p("{%r if 姓名 %}甲{%r endif %}{{r 住址 }}尾")),
    "comments": docx(p("{# 说明 #}{{ 姓名 }}") + p("{#p 整段 #}")),
    "trimmed": docx(p("甲{%- if 姓名 -%}") + p("乙{{ 姓名 }}") + p("{%- endif %}丙")),
    "chain": docx(p("{% if 姓名 == '张三' %}一{% elif 姓名 == '李四' %}二{% elif 住址 %}三{% else %}四{% endif %}")),
    "across paragraphs": docx(p("甲{% if 姓名 %}乙") + p("丙{% else %}丁") + p("戊{% endif %}己")),
    "inline": docx(p("{{ '☑' if 姓名 == '张三' else '□' }}{{ 姓名 if 住址 }}{{ 姓名 ~ '同志' }}")),
    "nested loops": docx(
        p("{%p for 成员 in 家庭成员 %}")
        + p("{{ 成员.姓名 }}{% for 字 in 成员.关系 %}[{{ 字 }}]{% endfor %}")
        + p("{%p endfor %}")
    ),
    "empty loop": docx(p("{% for 项 in 清单 %}{{ 项 }}；{% else %}没有{% endfor %}")),
    "filtered loop": docx(p("{% for 项 in 清单 if 项 != '乙' %}{{ loop.revindex }}{{ 项 }}{% endfor %}")),
    "header": docx(p("体{{ 姓名 }}"), header=p("眉{{ 姓名 }}", BOLD), footer=p("脚{{ 住址 }}")),
    "footnotes": docx(p("体"), footnotes=f'<w:footnote w:id="1">{p("注{{ 姓名 }}")}</w:footnote>'),
    "property": docx(p("体"), title="题{{ 姓名 }}"),
    "text box": docx(TEXT_BOX.format(p("框{{ 姓名 }}", BOLD)) + p("{{ 住址 }}")),
    "shading": docx(SHADED),
    "vertical merge": docx(MERGED),
    "drawings": docx(DRAWING + p("{%p if 姓名 %}") + DRAWING + p("{%p endif %}") + DRAWING),
    "escaped braces": docx(p("{_{ 姓名 }_} {_% if %_} {{ 姓名 }}")),
    "hyperlink": docx(f'<w:p><w:hyperlink w:anchor="x">{p("{{ 姓名 }}")[5:-6]}</w:hyperlink></w:p>'),
    "columns": docx(COLUMNS),
    "spanned": docx(table(row(tc("{% colspan 宽 %}{{ 姓名 }}"), "乙"), columns=3)),
}
SLOW = {"columns", "spanned"}
COMPILED = sorted(set(FEATURES) - SLOW)
LEGAL = st.text(st.characters(exclude_characters="\r\v\ufdd0\ufdd1\ufdd2\ufdd3", exclude_categories=["Cs"])).map(
    lambda text: "".join(sign for sign in text if sign in "\t\n\a\f" or (sign >= " " and sign not in "\ufffe\uffff"))
)
HARD = st.one_of(
    LEGAL,
    st.text(st.sampled_from("&<>\"'\n\t\a\f ]𠮷㐀张" + string.digits)),
    st.sampled_from(["张三", "李四", "", "&amp;", "\u00a0"]),
)
RECORDS = st.fixed_dictionaries(
    {
        "姓名": HARD,
        "住址": HARD,
        "颜色": st.sampled_from(["FF0000", "&\"'<>"]),
        "宽": st.just("2"),
        "清单": st.lists(HARD, max_size=3),
        "家庭成员": st.lists(st.fixed_dictionaries({"姓名": HARD, "关系": HARD}), max_size=3),
        "loop": HARD,
    }
)


def as_its_users_write_it(template: bytes, record: dict) -> dict[str, bytes]:
    """docxtpl's own paper; no sandbox of ours, no rules of ours."""
    plain = DocxTemplate(io.BytesIO(template))
    plain.render(record, Environment(), autoescape=True)
    made = io.BytesIO()
    plain.save(made)
    return members(made.getvalue())


def members(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def templates() -> dict[str, word.WordTemplate]:
    return {name: word.WordTemplate(name, content) for name, content in FEATURES.items()}


@pytest.mark.parametrize("name", COMPILED)
def test_every_part_equals_what_docxtpl_writes(name, templates):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(RECORDS)
    def equal(record):
        if name == "runs":
            record["住址"] = ""  # text outside a run is lost in Word; see the test of rich text
        if name == "property":  # docxtpl escapes properties twice
            record["姓名"] = "".join(sign for sign in record["姓名"] if sign not in "&<>\"'\a\f")
        if name == "hyperlink":  # where docxtpl itself breaks the XML at a paragraph or page break
            record["姓名"] = record["姓名"].translate({7: "", 12: ""})
        ours, theirs = (
            members(templates[name].fill(record, missing="blank").content),
            as_its_users_write_it(FEATURES[name], record),
        )
        assert ours.keys() == theirs.keys()
        for part in ours:
            if part.endswith((".xml", ".rels")):
                assert canonical(ours[part]) == canonical(mended(settled(part, theirs[part]))), part
            else:
                assert ours[part] == theirs[part]

    equal()


@pytest.mark.parametrize("name", COMPILED)
def test_the_trial_proves_every_branch(name, templates):
    template = templates[name]
    assert template.is_compiled
    trial = template.trial()
    assert trial.is_proved, trial
    assert template.is_compiled


@pytest.mark.parametrize("name", sorted(SLOW))
def test_what_cannot_be_compiled_is_filled_by_docxtpl_and_says_so(name, templates):
    template = templates[name]
    assert not template.is_compiled
    assert [finding.code for finding in template.findings] == ["W455"]
    record = {"姓名": "甲&乙", "宽": "2", "家庭成员": [{"姓名": "张"}, {"姓名": "李"}]}
    ours, theirs = members(template.fill(record).content), as_its_users_write_it(FEATURES[name], record)
    assert canonical(ours["word/document.xml"]) == canonical(theirs["word/document.xml"])


def test_a_paragraph_break_within_a_hyperlink_is_a_line_break(templates):
    xml = member(templates["hyperlink"].fill({"姓名": "甲\a乙\f丙"}).content, "word/document.xml")
    assert xml.count("<w:br/>") == 2
    canonical(xml.encode())


def test_the_same_record_gives_the_same_bytes_sorted_and_timeless(templates):
    record = {"姓名": "张三", "住址": "某路"}
    first = templates["header"].fill(record).content
    assert first == word.WordTemplate("again", FEATURES["header"]).fill(record).content
    with zipfile.ZipFile(io.BytesIO(first)) as opened:
        assert opened.namelist() == sorted(opened.namelist())
        assert opened.namelist()[0] == "[Content_Types].xml"
        assert {each.date_time for each in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_name_nobody(templates):
    core = member(templates["body"].fill({"姓名": "张三", "住址": "某路"}).content, "docProps/core.xml")
    assert "某人" not in core
    assert "2020-02-02" not in core


def test_a_missing_value_is_marked_in_red_and_keeps_its_font(templates):
    filled = templates["body"].fill({"姓名": None, "住址": "某路"})
    xml = member(filled.content, "word/document.xml")
    assert (
        '<w:rPr><w:rFonts w:eastAsia="仿宋"/><w:b/><w:color w:val="FF0000"/><w:sz w:val="28"/></w:rPr><w:t>【缺：姓名】</w:t>'
        in xml
    )
    assert filled.missing == ("姓名",)
    assert filled.findings == ()


def test_missing_values_may_be_left_blank(templates):
    filled = templates["body"].fill({"姓名": "", "住址": "某路"}, missing="blank")
    assert "缺" not in member(filled.content, "word/document.xml")
    assert filled.missing == ("姓名",)


def test_missing_values_may_be_errors(templates):
    filled = templates["body"].fill({"姓名": "", "住址": "某路"}, missing="error")
    assert [finding.code for finding in filled.findings] == ["E430"]


def test_a_tag_nobody_knows_is_reported(templates):
    filled = templates["body"].fill({"姓名": "张三"})
    assert [(finding.code, finding.values["tag"]) for finding in filled.findings] == [("W434", "住址")]
    assert filled.missing == ("住址",)


@pytest.mark.parametrize("name", ["body", "columns"])
def test_illegal_characters_are_taken_out_and_told(name):
    template = word.WordTemplate(name, docx(p("{{ 姓名 }}尾")) if name == "body" else docx(COLUMNS + p("{{ 姓名 }}尾")))
    filled = template.fill({"姓名": "张\x01三\ufffe", "家庭成员": []})
    assert "张三尾" in member(filled.content, "word/document.xml")
    assert [(finding.code, finding.values["signs"]) for finding in filled.findings] == [("W431", "U+0001、U+FFFE")]


@pytest.mark.parametrize("name", ["body", "columns"])
def test_a_lone_surrogate_is_an_error_and_loses_nothing_else(name):
    template = word.WordTemplate(name, docx(p("{{ 姓名 }}尾")) if name == "body" else docx(COLUMNS + p("{{ 姓名 }}尾")))
    filled = template.fill({"姓名": "张\ud842三", "家庭成员": []})
    assert "张〓三尾" in member(filled.content, "word/document.xml")
    assert [finding.code for finding in filled.findings] == ["E432"]


def test_carriage_returns_are_line_breaks(templates):
    record = {"姓名": "甲\r\n乙\v丙\r丁", "住址": "某路"}
    assert member(templates["body"].fill(record).content, "word/document.xml").count("<w:br/>") == 3


def test_a_value_is_never_read_as_a_tag(templates):
    record = {"姓名": "{{ 住址 }}{% if %}", "住址": "某路"}
    assert "{{ 住址 }}{% if %}" in member(templates["body"].fill(record).content, "word/document.xml")


def test_flags_and_lists_are_printed_in_chinese(templates):
    xml = member(templates["body"].fill({"姓名": True, "住址": ("甲", "乙")}).content, "word/document.xml")
    assert "姓名：是，住 甲、乙。" in xml


def test_a_record_serves_several_templates(templates):
    record = word.Record({"姓名": "甲&乙", "住址": "一\n二", "家庭成员": [{"姓名": "张", "关系": "子"}]})
    for name in ("body", "header", "rows", "body"):
        assert templates[name].fill(record).content == templates[name].fill(record.raw).content


def test_breaks_in_the_signs_of_a_text_in_a_loop_are_breaks(templates):
    record = {"家庭成员": [{"姓名": "张", "关系": "子\n女\x01"}]}
    filled = templates["nested loops"].fill(record)
    assert "<w:br/>" in member(filled.content, "word/document.xml")
    assert [finding.code for finding in filled.findings] == ["W431"]


def test_a_filter_that_cannot_read_its_value_prints_it_and_says_so():
    template = word.WordTemplate("a", docx(p("{{ 金额|大写金额 }}")))
    filled = template.fill({"金额": "若干"})
    assert "若干" in member(filled.content, "word/document.xml")
    assert [(finding.code, finding.values["filter"]) for finding in filled.findings] == [("W433", "大写金额")]


@pytest.mark.parametrize("name", ["body", "columns"])
def test_rich_text_keeps_its_look(name):
    template = word.WordTemplate(name, docx(p("{{r 说明 }}")) if name == "body" else docx(COLUMNS + p("{{r 说明 }}")))
    filled = template.fill({"说明": word.Rich("甲&乙\n丙", bold=True, color="FF0000"), "家庭成员": []})
    assert '<w:color w:val="FF0000"/><w:b/></w:rPr><w:t xml:space="preserve">甲&amp;乙</w:t><w:br/>' in member(
        filled.content, "word/document.xml"
    )


@pytest.mark.parametrize(
    "attack",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ 姓名.__class__ }}",
        "{{ 姓名.format(1) }}",
        "{{ ''|attr('__class__') }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{{ 家庭成员.clear() }}",
        "{{ range(9) }}",
        "{% set x = 姓名.upper() %}",
        "{{ '甲' * 999999999 }}",
        "{% macro m() %}{{ m() }}{% endmacro %}",
        "{{ _secret }}",
        "{{ 姓名|safe }}",
    ],
)
def test_a_template_can_run_nothing(attack):
    with pytest.raises(word_refused()):
        word.WordTemplate("a", docx(p(attack)))


def word_refused():
    from formgen.word.fallback import Refused

    return Refused


def test_attributes_of_objects_are_out_of_reach():
    class Thing:
        secret = "密"

    template = word.WordTemplate("a", docx(COLUMNS + p("{{ 物.secret }}")))
    assert "密" not in member(template.fill({"物": Thing(), "家庭成员": []}).content, "word/document.xml")


def test_filters_are_those_of_the_catalogue():
    template = word.WordTemplate("a", docx(p("{{ 金额|大写金额 }}、{{ 空|默认('无') }}、{{ 卡|第(1) }}{{ 卡|第(2) }}")))
    filled = template.fill({"金额": "1234.5", "空": None, "卡": None})
    assert "壹仟贰佰叁拾肆元伍角整、无、" in member(filled.content, "word/document.xml")
    assert filled.missing == ("卡",)
    assert filters.text(None) == ""


def png(color: bytes = b"\xff\0\0") -> bytes:
    """A picture of one point."""
    import struct
    import zlib

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" + color)) + chunk(b"IEND", b"")
    )


PHOTOS = docx(
    DRAWING + p("{{ 照片 }}") + p("{%p for 页 in 扫描 %}") + p("{{ 页.图 }}") + p("{%p endfor %}") + DRAWING,
    footer=p("码{{ 照片 }}"),
)


def test_pictures_are_drawn_as_docxtpl_draws_them():
    template = word.WordTemplate("a", PHOTOS)
    red, blue = word.Picture(png(), 20, 10), word.Picture(png(b"\0\0\xff"), 30, 15)
    record = {"照片": red, "扫描": [{"图": blue}, {"图": red}]}
    ours = template.fill(record).content
    assert template.is_compiled
    slow = word.WordTemplate("a", docx(COLUMNS + p("x")))
    slow._content = PHOTOS
    theirs = slow.fill(record).content
    for part in ("word/document.xml", "word/footer1.xml"):
        assert shapes(member(ours, part)) == shapes(member(theirs, part))
    assert sorted(each for each in members(ours) if "media" in each) == [
        "word/media/image1.png",
        "word/media/image2.png",
    ]


def shapes(xml: str) -> list[tuple[str, str]]:
    import re

    return re.findall(r'<wp:extent cx="(\d+)" cy="(\d+)"', xml)


def test_drawings_of_a_paper_have_numbers_of_their_own_and_files_of_their_own():
    import re

    template = word.WordTemplate("a", PHOTOS)
    blue = word.Picture(png(b"\0\0\xff"), 30, 15)
    made = template.fill({"照片": word.Picture(png(), 20, 10), "扫描": [{"图": blue}] * 3}).content
    numbers = re.findall(r'<wp:docPr [^>]*?id="(\d+)"', member(made, "word/document.xml"))
    assert numbers == [str(1001 + at) for at in range(6)]
    document = python_docx.Document(io.BytesIO(made))
    embedded = re.findall(r'r:embed="(rId\d+)"', member(made, "word/document.xml"))
    blobs = [document.part.related_parts[each].blob for each in embedded]
    assert blobs == [png()] + [png(b"\0\0\xff")] * 3
    with zipfile.ZipFile(io.BytesIO(made)) as opened:
        assert opened.namelist() == sorted(opened.namelist())


def test_a_picture_that_cannot_be_read_is_told_and_marked():
    template = word.WordTemplate("a", docx(p("甲{{ 照片 }}乙")))
    filled = template.fill({"照片": word.Picture(b"not a picture", 20, 10)})
    assert [finding.code for finding in filled.findings] == ["E436"]
    assert "【缺：照片】" in member(filled.content, "word/document.xml")


def test_a_template_whose_proof_fails_is_filled_by_docxtpl():
    template = word.WordTemplate("a", FEATURES["body"])
    template._compiled.shapes = {}  # as if the compiler had lost every branch
    template._compiled._careful = tuple(lambda *_: [b"<lost/>"] for _ in template._compiled._careful)
    assert not template.trial().is_proved
    assert not template.is_compiled
    assert [finding.code for finding in template.findings] == ["W460"]
    assert "甲&amp;乙" in member(template.fill({"姓名": "甲&乙", "住址": "某路"}).content, "word/document.xml")


@pytest.mark.parametrize("extra", ["", COLUMNS])
def test_endnotes_are_filled_as_footnotes_are(extra):
    notes = f'<w:endnote w:id="1">{p("尾{{ 姓名 }}")}</w:endnote>'
    template = word.WordTemplate("a", docx(p("体") + extra, endnotes=notes))
    filled = template.fill({"姓名": "张三", "清单": [], "家庭成员": []})
    assert template.is_compiled is not bool(extra)
    assert "尾张三" in member(filled.content, "word/endnotes1.xml")
