import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen import masks

DIGITS = st.text("0123456789", min_size=1, max_size=20)
ANY_MASK = (masks.name, masks.id_number, masks.card, masks.phone)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小三", "欧**三"),
        ("张", "*"),
        ("", ""),
        (" 张 三 ", "张*"),
        ("古丽·买买提", "古****提"),
    ],
)
def test_a_name_keeps_its_ends(name, shown):
    assert masks.name(name) == shown


def test_an_identity_number_keeps_two_and_three():
    assert masks.id_number("34010219850307123X") == "34*************23X"
    assert masks.id_number("340102850307123") == "34**********123"
    assert masks.id_number("34010219") == "********"


def test_a_card_keeps_its_last_four():
    assert masks.card("6222 0212 0800 1234 567") == "***************4567"
    assert masks.card("1234567") == "*******"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800001234", "138****1234"),
        ("１３８００００１２３４", "138****1234"),
        ("0551-62345678", "055*-***" + "*5678"),
        ("62345678", "******78"),
        ("12345", "*****"),
    ],
)
def test_a_phone_number_keeps_its_ends(number, shown):
    assert masks.phone(number) == shown


@pytest.mark.parametrize("mask", ANY_MASK)
@given(text=st.text(max_size=30))
def test_a_mask_of_a_mask_is_the_same_mask(mask, text):
    assert mask(mask(text)) == mask(text)


@given(number=DIGITS)
def test_no_mask_shows_more_than_seven_digits_or_changes_the_length(number):
    for mask, most in ((masks.id_number, 5), (masks.card, 4), (masks.phone, 7)):
        shown = mask(number)
        assert len(shown) == len(number)
        assert sum(each.isdigit() for each in shown) <= most
        assert all(mine in (theirs, "*") for mine, theirs in zip(shown, number, strict=True))


@given(number=st.text("0123456789", min_size=17, max_size=17))
def test_people_of_one_county_and_one_age_look_the_same_but_for_the_end(number):
    assert masks.id_number(number + "X")[2:15] == "*" * 13


@given(before=st.text(max_size=10), number=st.text("0123456789", min_size=15, max_size=19), after=st.text(max_size=10))
def test_a_long_number_never_survives_in_a_text(before, number, after):
    hidden = masks.hide_numbers(before + number + after)
    assert number not in hidden
    assert not re.search(r"\d{15}", hidden)
    assert masks.hide_numbers(hidden) == hidden


@pytest.mark.parametrize(
    "number",
    [
        "34010219850307123X",
        "340102 19850307 1234",
        "6222021208001234567",
        "6222 0212 0800 1234 567",
        "13800001234",
        "+86 138 0000 1234",
        "138-0000-1234",
        "0551-62345678",
        "（0551）62345678",
        "１３８００００１２３４",
    ],
)
def test_a_number_in_a_text_is_hidden_whole(number):
    hidden = masks.hide_numbers(f"联系{number}，谢谢")
    assert not re.search(r"\d", hidden.replace("86", ""))
    assert hidden.startswith("联系") and hidden.endswith("，谢谢")


@pytest.mark.parametrize(
    "text",
    ["2019-03-01至2019-03-08", "年收入62320.50元", "皖工发〔2017〕51号 第五条", "20190301-20190308", "档案AH-000123"],
)
def test_dates_amounts_and_file_numbers_stay(text):
    assert masks.hide_numbers(text) == text
