import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import nodes

from formgen import word
from formgen.word import filters, sandbox
from tests.smallest import docx, member, p

MANUAL = Path(__file__).parent.parent / "docs" / "filters.md"


@pytest.mark.parametrize("own", filters.CATALOGUE.values(), ids=filters.CATALOGUE)
def test_every_example_of_the_manual_prints_what_it_says(own):
    template = word.WordTemplate("a", docx(p(escape(f"{{{{ {own.example} }}}}尾", quote=False))))
    assert f">{escape(own.shown)}尾<" in member(template.fill({}).content, "word/document.xml")


@pytest.mark.parametrize("own", filters.CATALOGUE.values(), ids=filters.CATALOGUE)
def test_every_filter_stands_in_the_manual_with_its_example(own):
    assert (
        f"| {own.name} | {own.explain} | `{{{{ {own.example.replace('|', chr(92) + '|')} }}}}` | {own.shown} |"
        in MANUAL.read_text(encoding="utf-8")
    )


def test_every_name_of_a_filter_is_told_in_the_manual():
    manual = MANUAL.read_text(encoding="utf-8")
    assert [name for name in filters.FILTERS if f"{name}" not in manual] == []


@pytest.mark.parametrize("name", filters.FILTERS)
@given(
    value=st.one_of(
        st.none(), st.text(max_size=30), st.integers(), st.booleans(), st.lists(st.text(max_size=5), max_size=3)
    )
)
def test_a_filter_answers_or_says_it_cannot_read(name, value):
    tree = sandbox.Environment().parse(f"{{{{ x|{name} }}}}")
    assert tree.find(nodes.Filter) is not None
    args = {"第": (1,), "替换": ("a", "b"), "replace": ("a", "b")}.get(name, ())
    try:
        made = filters.FILTERS[name](value, *args)
    except filters.Unfit as wrong:
        assert str(value) not in str(wrong) or not str(value).strip() or len(str(value)) < 3
        return
    assert isinstance(filters.text(made), str)


@pytest.mark.parametrize(
    "name",
    sorted(
        set(filters.FILTERS) - filters.FILTERS.keys()
        & {"默认", "default", "d", "勾选", "长度", "length", "count", "第"}
    ),
)
def test_an_empty_value_stays_empty_so_that_it_is_marked(name):
    for nothing in (None, "", ()):
        assert filters.FILTERS[name](nothing) is nothing


@given(st.integers(0, 10**15))
def test_money_as_text_and_as_fen_is_the_same(fen):
    yuan = f"{fen // 100}.{fen % 100:02}"
    for name in ("大写金额", "金额", "元"):
        assert filters.FILTERS[name](yuan) == filters.FILTERS[name](fen)


@pytest.mark.parametrize(
    "written", ["2019-03-01", "2019/3/1", "2019.3.1", "2019年3月1日", "20190301", "２０１９－０３－０１"]
)
def test_days_are_read_as_people_write_them(written):
    assert filters.FILTERS["年月日"](written) == "2019年3月1日"


@pytest.mark.parametrize(
    ("value", "words", "shown"),
    [
        *(
            ("男", ("男",), "☑"),
            ("女", ("男",), "□"),
            ("患病、残疾", ("残疾",), "☑"),
            (["患病"], ("患病", "残疾"), "☑"),
        ),
        *((None, ("男",), "□"), ("是", (), "☑"), ("否", (), "□"), (True, (), "☑"), (False, (), "□"), (0, (), "□")),
    ],
)
def test_ticks(value, words, shown):
    assert filters.FILTERS["勾选"](value, *words) == shown


def test_no_filter_takes_the_memory():
    with pytest.raises(filters.Unfit):
        filters.FILTERS["替换"]("a" * 1000, "a", "b" * 1000)
    assert len(filters.FILTERS["分格"]("a", 10**9)) == 100


def test_the_manual_has_no_tag_that_cannot_be_read():
    for tag in re.findall(r"`(\{\{.*?\}\})`", MANUAL.read_text(encoding="utf-8")):
        sandbox.Environment().parse(tag.replace("\\|", "|"))
