"""What a tag asks of a column that its values cannot do is told before it prints a wrong paper."""

from __future__ import annotations

import pytest

from formgen import lint, messages
from formgen.batch import gaps
from formgen.lint import edit as lint_edit
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.papers import compose, kinds, tags
from formgen.word import WordTemplate
from tests.smallest import docx, member, p, row, table

KNOWN = tags.known()


def found(text: str) -> list[tuple[str, str]]:
    """The problems of a template of one paragraph: code and sentence."""
    problems = lint.check("a.docx", docx(p(text)), known=KNOWN)
    return [(each.finding.code, messages.sentence(each.finding)) for each in problems]


def fixed(text: str) -> str:
    content, _ = lint_edit.repaired("a.docx", docx(p(text)), known=KNOWN)
    return member(content, "word/document.xml")


MISUSES = {
    "{% if 低保户 %}是{% endif %}": ("E631", '低保户 == "是"'),
    "{% if not 低保户 %}是{% endif %}": ("E631", '低保户 == "是"'),
    '{% if 性别 == "男" and 低保户 %}是{% endif %}': ("E631", '低保户 == "是"'),
    '{% if 性别 == "男" %}甲{% elif 低保户 %}乙{% endif %}': ("E631", '低保户 == "是"'),
    '{{ "☑" if 低保户 else "□" }}': ("E631", '低保户 == "是"'),
    "{% if 公示异议 %}有{% endif %}": ("E631", '公示异议 == "有"'),
    "{% if 全总级框 %}是{% endif %}": ("E631", '全总级框 == "☑"'),
    "{% for 人 in 家庭成员 %}{% if 人.共同生活 %}同住{% endif %}{% endfor %}": ("E631", '人.共同生活 == "是"'),
    "{% if 家庭人口 > 2 %}多{% endif %}": ("E632", "家庭人口|数值"),
    "{% if 家庭人口 == 3 %}三{% endif %}": ("E632", "家庭人口|数值"),
    "{% if 100 &lt;= 储蓄 %}多{% endif %}": ("E632", "储蓄|数值"),
    "{% if 储蓄|默认(0) > 100 %}多{% endif %}": ("E632", "储蓄|数值"),
    "{% if 储蓄 > 投资性净资产 %}多{% endif %}": ("E632", "储蓄|数值"),
    "{% if 月人均收入 > 700 %}多{% endif %}": ("E632", "月人均收入|数值"),
    '{% if 性别 == "男性" %}男{% endif %}': ("W680", "可填的是：男、女"),
    '{% if 低保户 == "有" %}是{% endif %}': ("W680", "可填的是：是、否"),
    '{% if 性别 in ("男", "女士") %}有{% endif %}': ("W680", "“女士”"),
    '{{ 性别|勾选("男性") }}': ("W680", "可填的是：男、女"),
    '{% if "生病" in 致困原因 %}病{% endif %}': ("W680", "可填的是：患病"),
    '{% if 致困原因 == "患病" %}病{% endif %}': ("W681", '致困原因|勾选("患病") 或 "患病" in 致困原因'),
    "{% for 因 in 致困原因 %}{{ 因 }}{% endfor %}": ("E640", '致困原因|勾选("患病")'),
    "{% if 性别 == 男 %}男{% endif %}": ("E634", '改为 "男"'),
    "{{ 家庭成员 }}": ("E635", "用 {%tr for 行 in 家庭成员 %}"),
    '{{ 家庭成员|默认("无") }}': ("E635", "不能整个印出来"),
    "{{ 家庭成员|首 }}": ("E635", "不能整个印出来"),
    "{% for 人 in 家庭成员 %}{{ 人 }}{% endfor %}": ("E635", "不能整个印出来"),
    "{{ 工会 }}": ("E636", "{{ 工会.工会名称 }}"),
}


@pytest.mark.parametrize("text", MISUSES)
def test_a_misuse_of_a_column_is_told_with_what_to_write(text):
    code, words = MISUSES[text]
    told = found(text)
    assert {each for each, _ in told} == {code}
    assert any(words in said for _, said in told)


@pytest.mark.parametrize(
    "text",
    [
        '{% if 低保户 == "是" %}是{% endif %}',
        "{% if 家庭人口|数值 > 2 %}多{% endif %}",
        '{% if 家庭人口 == "3" %}三{% endif %}',
        "{% if 储蓄 %}{{ 储蓄 }}{% endif %}",
        '{% if "患病" in 致困原因 %}病{% endif %}',
        '{{ 致困原因|勾选("患病") }}{{ 低保户|勾选 }}',
        '{% for 人 in 家庭成员 %}{{ loop.index }}{% if 人.与户主关系 == "儿媳" %}{{ 人.姓名 }}{% endif %}{% endfor %}',
        "{% for 字 in 银行卡号|分格(19) %}{{ 字 }}{% endfor %}",
        "{% if 家庭成员|长度 > 3 %}{{ 家庭成员|长度 }}{% endif %}",
        "{% if 二维码 %}有{% endif %}{% if 户口本空框 %}框{% endif %}",
        "{% if 性别 == 人员类别 %}同{% endif %}",
        '{% if 申请日期 > "2019-01-01" %}后{% endif %}',
    ],
)
def test_a_sound_use_of_a_column_is_not_told(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("{% if 低保户 %}是{% endif %}", '{% if 低保户 == "是" %}'),
        ("{% if 家庭人口 &gt; 2 %}多{% endif %}", "{% if 家庭人口|数值 &gt; 2 %}"),
        ("{% if 性别 == 男 %}男{% endif %}", '{% if 性别 == "男" %}'),
        ("{% if not 低保户 %}否{% endif %}", "{% if not 低保户 %}"),
    ],
)
def test_what_is_plain_is_repaired(wrong, right):
    assert right in fixed(wrong)


def test_a_yes_no_column_keeps_its_word():
    assert kinds.kind("低保户", KNOWN) == kinds.Kind("flag", ("是", "否"))


@pytest.mark.parametrize(
    ("value", "printed", "codes"),
    [
        ("3", "多", []),
        ("1,000.5元", "多", []),
        ("2", "少", []),
        (None, "少", ["W684"]),
        ("待核", "少", ["W684"]),
    ],
)
@pytest.mark.parametrize("extra", ["", table(row("{%tc for 甲 in 表 %}", "{{ 甲 }}", "{%tc endfor %}"), columns=1)])
def test_a_number_is_compared_as_a_number_and_an_unknown_one_is_told(value, printed, codes, extra):
    template = WordTemplate("a.docx", docx(p("{% if 人口|数值 > 2 %}多{% else %}少{% endif %}") + extra))
    filled = template.fill({"人口": value, "表": []})
    assert f"<w:t>{printed}" in member(filled.content, "word/document.xml").replace(' xml:space="preserve"', "")
    assert [each.code for each in filled.findings] == codes
    if codes and template.is_compiled:
        assert "“人口”" in messages.sentence(filled.findings[0])


def test_a_template_that_prints_a_table_is_refused_before_the_first_page(tmp_path):
    path = tmp_path / "档案表" / "template.docx"
    path.parent.mkdir()
    path.write_bytes(docx(p("{{ 家庭成员 }}")))
    with pytest.raises(FormgenError) as refused:
        compose.template(path)
    assert (refused.value.finding.code, refused.value.finding.place.file) == ("E635", "档案表/template.docx")


@pytest.mark.parametrize("extra", ["", table(row("{%tc for 甲 in 列 %}", "{{ 甲 }}", "{%tc endfor %}"), columns=1)])
def test_a_row_never_shows_its_inside(extra):
    text = "{{ 表 }}{{ 表|首 }}{% for 行 in 表 %}{{ 行 }}{% endfor %}{{ 表|join }}"
    template = WordTemplate("a.docx", docx(p(text) + extra))
    filled = template.fill({"表": [{"姓名": "李明远"}], "列": []})
    assert "明远" not in member(filled.content, "word/document.xml")
    assert "表" in filled.missing


def test_a_number_that_is_lacking_is_told_once_at_its_cell():
    lacking = Finding("W684", Place("甲/template.docx"), {"tag": "储蓄"})
    told = list(gaps.of_case([lacking, lacking], 7, {"案件": {"储蓄": "AF"}}))
    assert [each.place for each in told] == [Place("", "案件", "AF7", "储蓄")]
