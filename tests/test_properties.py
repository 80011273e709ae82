"""What holds for every identity number, card, phone and text that anybody may type."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formgen import cells, check, fields, masks, messages, read
from formgen.cells import dates, identity, texts
from formgen.cells.reading import number_text
from formgen.xlsx.sheetxml import NUMBER, TEXT, Cell
from formgen.xlsx.styles import PLAIN
from tests.sheets import book

CASE = {one.key: one for one in fields.catalogue()["case"].fields}
ID, CARD, PHONE = CASE["id_number"], CASE["card_number"], CASE["phone"]

born = st.dates(min_value=dates.written_day("1930-01-01")[0], max_value=dates.written_day("2018-12-31")[0])  # type: ignore[arg-type]


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(sorted(set(identity.PROVINCES) - {71, 81, 82, 83})))
    body = f"{area}{draw(st.integers(0, 9999)):04d}{draw(born):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + identity.check_digit(body)


def read_cell(kind: str, text: str, field: fields.Field):
    return cells.reading(Cell(1, kind, text), field, PLAIN)


def as_excel_keeps_it(digits: str) -> str:
    """What Excel stores when the digits are typed into a cell of the General format."""
    kept = digits[:15] + "0" * (len(digits) - 15)
    return f"{Decimal(kept):.14E}".replace("E+", "E+")


@given(id_numbers())
def test_a_sound_number_is_taken_as_it_is(number):
    made = read_cell(TEXT, number, ID)
    assert made.value == number
    assert [code for code, _ in made.notes] in ([], ["W202"])


@given(id_numbers().filter(lambda number: number.isdigit()), st.sampled_from(["excel", "integer", "text", "shown"]))
def test_an_identity_number_damaged_by_excel_is_always_an_error(number, way):
    written = {
        "excel": (NUMBER, as_excel_keeps_it(number)),
        "integer": (NUMBER, number),
        "text": (TEXT, as_excel_keeps_it(number)),
        "shown": (TEXT, f"{Decimal(number):.5E}"),
    }[way]
    made = read_cell(*written, ID)
    assert made.is_wrong
    assert made.value is None


@given(id_numbers().filter(lambda number: number.isdigit()))
def test_a_number_zeroed_and_turned_to_text_never_passes_unseen(number):
    made = read_cell(TEXT, number[:15] + "000", ID)
    assert made.is_wrong or [code for code, _ in made.notes] == ["W202"]


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_an_error(number, at, by):
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert read_cell(TEXT, wrong, ID).is_wrong


@given(st.text(max_size=40))
def test_a_repair_done_twice_is_done_once_and_every_one_is_listed(text):
    clean, repairs = texts.identifier(text)
    assert texts.identifier(clean) == (clean, [])
    assert bool(repairs) == (clean != text)
    for one in (texts.word, texts.prose, texts.person, texts.without_blanks):
        assert one(one(text)) == one(text)


@given(st.sampled_from(sorted(CASE)), st.text(max_size=30))
def test_a_value_read_is_read_again_without_a_note(key, text):
    field = CASE[key]
    made = read_cell(TEXT, text, field)
    if not isinstance(made.value, str) or any(code.startswith("W") for code, _ in made.notes):
        return
    again = read_cell(TEXT, made.value, field)
    assert (again.value, again.notes) == (made.value, ())


numbers = st.one_of(
    id_numbers(),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(r"62[0-9]{14,17}", fullmatch=True),
)
disguises = st.sampled_from(["{}", " {} ", "'{}", "电话{}", "{}。", "{}\u200b", "卡号:{}号"])


@settings(deadline=None)
@given(st.sampled_from(sorted(CASE)), numbers, disguises)
def test_no_number_appears_whole_in_a_message_wherever_it_was_typed(key, number, disguise):
    text = disguise.format(number)
    for kind in (TEXT, NUMBER):
        for code, values in read_cell(kind, text, CASE[key]).notes:
            said = messages.words(code, values) + messages.words(code, values, part="do")
            assert number not in re.sub(r"[\s\u200b]", "", said), (key, code)


@st.composite
def carelessly_typed(draw: st.DrawFn) -> tuple[str, str]:
    """A number, and the same with full-width digits, blanks between them and an apostrophe before it."""
    number = draw(numbers)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    typed = "".join(
        (one.translate(wide) if draw(st.booleans()) else one) + draw(st.sampled_from(["", "", " ", "\u3000", "\u200b"]))
        for one in number
    )
    return number, draw(st.sampled_from(["", "'", "‘"])) + typed


@given(carelessly_typed(), st.sampled_from([(ID, masks.id_number), (CARD, masks.card), (PHONE, masks.phone)]))
def test_every_repair_of_a_number_is_seen_and_shows_no_digit_that_the_mask_hides(typed, kind):
    (number, written), (field, mask) = typed, kind
    for code, values in read_cell(TEXT, written, field).notes:
        if code[0] == "R" and code != "R207":
            assert values["old"] != values["new"], code
        shown = unicodedata.normalize("NFKC", re.sub("〔U.....〕?|\\s", "", values.get("old", "")))
        assert len(re.findall(r"\d", shown)) <= len(re.findall(r"\d", mask(number)))


@settings(deadline=None, max_examples=25)
@given(st.dictionaries(st.sampled_from(sorted(one.tag for one in CASE.values())), numbers, min_size=1, max_size=4))
def test_no_number_appears_whole_in_any_sentence_about_a_household(changes):
    known: dict[str, list[dict[str, object]]] = {
        "工会": [{"工会名称": "别的", "监督电话": "12351"}],
        "当地标准": [{"地区": "别的", "生效日期": "2018-01-01", "月低保标准": 1, "依据文号": "示例"}],
        "收入": [{"档案编号": number, "姓名": number, "收入类别": number} for number in changes.values()],
    }
    with TemporaryDirectory() as folder, read.open_book(book(Path(folder) / "a.xlsx", known, **changes)) as opened:
        found = [*opened.findings, *(finding for one in check.households(opened) for finding in one.findings)]
    for finding in found:
        said = messages.sentence(finding)
        assert not [number for number in changes.values() if number in said], finding.code


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_every_amount_comes_back_to_the_fen(amount):
    for kind in (TEXT, NUMBER):
        assert read_cell(kind, str(amount), CASE["savings"]).value == int(amount * 100)
    assert read_cell(TEXT, f"{amount:,}", CASE["savings"]).value == int(amount * 100)


@given(st.floats(min_value=0, max_value=9_999_999_999).map(lambda value: round(value, 2)))
def test_the_noise_of_binary_fractions_is_not_an_amount(value):
    noisy = repr(Decimal(value).quantize(Decimal("1e-17")) if value < 1 else Decimal(value)).split("'")[1][:19]
    if "E" in noisy or "." not in noisy:
        return
    assert read_cell(NUMBER, noisy, CASE["savings"]).value in (round(value * 100), None) or value > 9_999_999


@given(born)
def test_a_day_is_the_same_in_all_its_forms(day):
    serial = (day - dates.serial_day("1000", is_1904=False)[0]).days + 1000  # type: ignore[operator]
    assert dates.serial_day(str(serial), is_1904=False) == (day, "")
    forms = (
        f"{day:%Y-%m-%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
    )
    assert {dates.written_day(form) for form in (*forms, in_numerals(day))} == {(day, "")}


def in_numerals(day) -> str:
    digits = "〇一二三四五六七八九"

    def small(n: int) -> str:
        if n < 10:
            return digits[n]
        return ("" if n < 20 else digits[n // 10]) + "十" + (digits[n % 10] if n % 10 else "")

    return f"{''.join(digits[int(d)] for d in str(day.year))}年{small(day.month)}月{small(day.day)}日"


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_a_number_is_shown_with_fifteen_digits_or_not_at_all(number):
    try:
        shown = number_text(str(number))
    except ValueError:
        return
    assert "E" not in shown
    if abs(number) >= 1:
        assert abs(Decimal(shown) - number) <= abs(number) * Decimal("1e-14")


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_examples_of_the_standard_hold(number):
    """GB 11643-1999, annex: both end in their check digit; the second was born before 1900."""
    assert identity.check_digit(number[:17]) == number[17]
