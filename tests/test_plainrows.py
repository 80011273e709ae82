"""Rows read by the expression and rows read by expat are the same rows."""

from __future__ import annotations

import random  # noqa: TID251 — damage at random, the same every time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formgen.xlsx import Workbook
from formgen.xlsx.plainrows import rows
from formgen.xlsx.sheetxml import Layout, SheetParser
from formgen.xlsx.strings import Strings
from formgen.xlsx.zips import Refused
from tests.sheets import MAIN

ROOT = Path(__file__).resolve().parent.parent


def shared() -> Strings:
    made = Strings()
    for text in ("是", "a&b", "", "长" * 50_000):
        made.add(text)
    return made


def pieces(xml: str, size: int):
    content = xml.encode()
    return iter([content[at : at + size] for at in range(0, len(content), size)])


def by_expat(xml: str) -> list[object]:
    try:
        return list(SheetParser(shared(), "s", Layout()).rows(iter([xml.encode()])))
    except Refused as refused:
        return [refused.code]


def both(xml: str, size: int) -> list[object]:
    try:
        return list(rows(pieces(xml, size), shared(), "s"))
    except Refused as refused:
        return [refused.code]


def page(inner: str) -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">'
    return f"{head}<sheetData>{inner}</sheetData><a/></worksheet>"


ODD_ROWS = [
    "",
    '<row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1" spans="1:2" ht="20.5" customHeight="1" hidden="1"><c r="A1" s="2"/>'
    '<c r="B1" s="1" t="s"><v>0</v></c></row>',
    '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="s"><v>9</v></c>'
    '<c r="C1" t="s"><v>3</v></c><c r="D1" t="s"/></row>',
    '<row r="2"><c r="A2" t="str"><f>1+1</f><v>a&amp;b_x0041_</v></c><c r="B2"><f t="shared" si="0"/></c></row>',
    '<row r="1"><c r="A1"><f aca="false">A2</f><v/></c><c r="C1" t="e"><v>#N/A</v></c>'
    '<c r="D1" t="b"><v>1</v></c></row>',
    '<row r="1"/><row r="2"/><row r="5"><c r="A5"><v>1</v></c></row>',
    "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c></row>',
    '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh s'
    'b="0" eb="1"><t>x</t></rPh></is></c></row>',
    '<row r="1"><!-- <row r="7"/> -->'
    '<c r="A1"><v>1</v></c></row><!-- </row> --><row r="2"><c r="A2"><v>2</v></c></row>',
    '<row r="1"><c r="A1" t="str"><v><![CDATA[<c r="B1">]]></v></c></row>',
    '<row r="1"><c r="A1" t="str"><v>&#65;&lt;</v></c></row>',
    '<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>',
    '<row r="1"><c r="A1" t="str"><v>]]></v></c></row>',
    '<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>',
    '<row r="1"><c r="A1" t="str"><v>a\r\nb</v></c></row>',
    '<row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><c r="B1"><v>1</v></c></c></row>',
    '<row r="1"><c r="A1"><v>1</v></row>',
    '<row r="1"><c r="A1" t="zz"><v>1</v></c></row>',
    "<row r='1'><c r='A1'><v>1</v></c></row>",
    f'<row r="1"><c r="A1" t="str"><v>{"长" * 50_000}</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row></sheetData><sheetData><row r="2"><c r="A2"><v>2</v></c></row>',
]


@pytest.mark.parametrize("size", [7, 1000, 1 << 20])
@pytest.mark.parametrize("inner", ODD_ROWS)
def test_both_ways_give_the_same_rows(inner, size):
    assert both(page(inner), size) == by_expat(page(inner))


piece = st.sampled_from(
    [part for row in ODD_ROWS[1:] for part in (row, row[:30], row[-20:])]
    + ["<row>", "</row>", '<c r="A1">', "</c>", "&", "<", "a"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(piece, max_size=5), st.integers(3, 400))
def test_no_mixture_of_rows_is_read_in_two_ways(parts, size):
    xml = page("".join(parts))
    assert both(xml, size) == by_expat(xml)


@pytest.mark.parametrize("name", ["样例.xlsx", "问题样例.xlsx"])
def test_the_samples_read_the_same_both_ways(name):
    with Workbook(ROOT / "input" / name) as book:
        for part in book.sheets:
            xml = b"".join(book.package.chunks(part.part))
            slow = SheetParser(book._strings, part.part, Layout()).rows(iter([xml]))
            assert list(book.rows(part)) == list(slow)


@pytest.mark.slow
def test_a_damaged_file_gives_a_sentence_and_never_a_traceback(tmp_path):
    """Bytes of the sample changed at random: whatever comes of it, the reader answers or refuses."""
    from formgen import check, read

    sound = (ROOT / "input" / "问题样例.xlsx").read_bytes()
    chance = random.Random(1)
    path = tmp_path / "a.xlsx"
    for _ in range(1500):
        content = bytearray(sound)
        for _ in range(chance.choice((1, 3, 30))):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content[: chance.choice((len(content), chance.randrange(len(content))))])
        try:
            with read.open_book(path) as book:
                assert sum(1 for _ in check.households(book)) == book.total
        except read.Unreadable as refused:
            assert refused.findings
