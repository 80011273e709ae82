"""Where characters go: line breaks, shrinking, cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen.pdf import fonts
from formgen.pdf.layout import FLOOR, NOT_FIRST, NOT_LAST, Block, Box, break_lines, lay, width_of

SONG = fonts.stack("宋").glyph


def glyphs(text: str) -> list:
    return [SONG(char) for char in text]


def lines(block: Block) -> list[str]:
    return ["".join(glyph.char for glyph in line.glyphs) for line in block.lines]


def broken(text: str, ems: float) -> list[str]:
    return ["".join(glyph.char for glyph in line) for line in break_lines(glyphs(text), ems * 1000)]


def test_a_closing_mark_does_not_open_a_line():
    assert broken("本人承诺，以上属实。", 4) == ["本人承", "诺，以上", "属实。"]


def test_an_opening_mark_does_not_end_a_line():
    assert broken("依据文件《办法》办理", 5) == ["依据文件", "《办法》办", "理"]


def test_a_number_stays_whole_where_it_can():
    assert broken("卡号为622202尾号", 5)[:2] == ["卡号为", "622202尾"]


def test_a_word_longer_than_the_line_is_cut_rather_than_lost():
    assert "".join(broken("a" * 60, 5)) == "a" * 60


@given(st.text(alphabet="工会困难职工，。《》（）0123 ab", min_size=1, max_size=60), st.integers(4, 20))
def test_lines_keep_every_character_but_blanks_and_never_exceed_the_width(text, ems):
    rows = break_lines(glyphs(text), ems * 1000)
    assert "".join(glyph.char for row in rows for glyph in row).replace(" ", "") == text.replace(" ", "")
    assert all(width_of(row) <= ems * 1000 + 1e-6 for row in rows)


@given(st.text(alphabet="工会困难职工，。《》", min_size=1, max_size=40))
def test_no_line_begins_or_ends_with_a_forbidden_mark_where_it_can_be_helped(text):
    for before, after in zip(rows := broken(text, 8), rows[1:], strict=False):
        helpless = all(a in NOT_LAST or b in NOT_FIRST for a, b in zip(before, before[1:] + after[0], strict=True))
        assert helpless or (after[0] not in NOT_FIRST and before[-1] not in NOT_LAST)


def test_a_single_line_shrinks_before_it_breaks():
    block = lay("安徽省合肥市包河区", Box(width=100, height=30, size=12), SONG)
    assert (lines(block), block.overflow) == (["安徽省合肥市包河区"], False)
    assert block.size == pytest.approx(100 / 9)


def test_a_line_that_would_be_tiny_becomes_two():
    block = lay("安徽省合肥市包河区某某街道某某社区", Box(width=100, height=30, size=12), SONG)
    assert len(block.lines) == 2 and block.size > 9


def test_what_does_not_fit_the_smallest_print_overflows():
    assert lay("某" * 200, Box(width=100, height=20, size=12), SONG).overflow
    assert not lay("某" * 16, Box(width=100, height=20, size=12), SONG).overflow


def test_print_never_falls_below_the_floor():
    assert lay("某" * 30, Box(width=100, height=60, size=12, is_multiline=True), SONG).size >= FLOOR


@pytest.mark.parametrize(("align", "expected"), [(0, 0.0), (1, 40.0), (2, 80.0)])
def test_quadding_moves_the_line(align, expected):
    block = lay("工会", Box(width=100, height=20, size=10, align=align), SONG)
    assert block.lines[0].x == pytest.approx(expected)


def test_each_character_of_a_comb_stands_in_the_middle_of_its_cell():
    block = lay("123", Box(width=100, height=20, size=10, cells=10), SONG)
    centres = [line.x + width_of(line.glyphs) * block.size / 2000 for line in block.lines]
    assert centres == pytest.approx([5, 15, 25])
