import random  # noqa: TID251 - seeded: the same amounts in every run
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen import money

#: What the two rules leave open and cn2an decides otherwise: no 整 after 角, and no 零 between 万 or 亿 and a
#: following 仟, though 0 stands between (支付结算办法附一 prints both ways: ￥107,000.53 壹拾万零柒仟元伍角叁分).
OPEN_ZERO = re.compile("(?<=[万亿])零(?=[壹贰叁肆伍陆柒捌玖]仟)")


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (140950, "壹仟肆佰零玖元伍角整"),  # the examples of 支付结算办法附一 and neighbours
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万零柒仟元伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (6232000, "陆万贰仟叁佰贰拾元整"),
        (1000, "壹拾元整"),
        (10000100, "壹拾万零壹元整"),
        (1000000000000, "壹佰亿元整"),
        (1000000010000, "壹佰亿零壹佰元整"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (-12345, "负壹佰贰拾叁元肆角伍分"),
    ],
)
def test_an_amount_in_capitals(fen, words):
    assert money.capitals(fen) == words


def test_an_amount_beyond_the_words_is_refused():
    assert money.capitals(10**18 - 1).startswith("玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿")
    with pytest.raises(ValueError, match="too large"):
        money.capitals(10**18)


@given(st.integers(-(10**15), 10**15))
def test_figures_say_the_amount_to_the_fen(fen):
    for text in (money.yuan(fen), money.thousands(fen).replace(",", "")):
        whole, _, cents = text.lstrip("-").partition(".")
        assert int(whole) * 100 + int(cents or 0) == abs(fen)
        assert text.startswith("-") == (fen < 0)
        assert len(cents) in (0, 2)


def test_figures_read_as_expected():
    assert [money.yuan(fen) for fen in (6232000, 6232050, 5, -5)] == ["62320", "62320.50", "0.05", "-0.05"]
    assert [money.thousands(fen) for fen in (6232000, 123456789, 5)] == ["62,320.00", "1,234,567.89", "0.05"]


@given(st.integers(0, 10**18 - 1))
def test_capitals_can_be_read_back(fen):
    assert read_back(money.capitals(fen)) == fen


@given(st.integers(0, 10**18 - 1))
def test_capitals_never_hold_two_zeros_together_nor_end_in_one(fen):
    words = money.capitals(fen)
    assert "零零" not in words
    assert not re.search("零[万亿元整]", words) or words == "零元整"
    assert words.endswith("整") == (fen % 10 == 0)


def test_capitals_agree_with_cn2an_on_a_thousand_amounts():
    assert differences(1_000) == []


@pytest.mark.slow
def test_capitals_agree_with_cn2an_on_a_hundred_thousand_amounts():
    assert differences(100_000) == []


def differences(count):
    cn2an = pytest.importorskip("cn2an", reason="cn2an is missing: nothing to compare the capitals with")
    rng = random.Random(count)
    amounts = [an_amount(rng) for _ in range(count)]
    return [fen for fen in amounts if as_cn2an(money.capitals(fen)) != cn2an.an2cn(money.yuan(fen), "rmb")]


def an_amount(rng):
    fen = rng.randrange(10 ** rng.randrange(1, 16))
    if rng.random() < 0.3:
        return fen - fen % 100
    if rng.random() < 0.5:
        return int("".join(digit if rng.random() < 0.5 else "0" for digit in str(fen)))
    return fen


def as_cn2an(words):
    return OPEN_ZERO.sub("", words).replace("角整", "角")


def read_back(words):
    whole, yuan_word, rest = words.removesuffix("整").rpartition("元")
    cents = sum(
        "零壹贰叁肆伍陆柒捌玖".index(digit) * {"角": 10, "分": 1}[unit]
        for digit, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest)
    )
    return (read_integer(whole) if yuan_word else 0) * 100 + cents


def read_integer(words):
    for name, unit in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        high, found, low = words.rpartition(name)
        if found:
            return read_integer(high) * unit + (read_integer(low) if low else 0)
    return "零壹贰叁肆伍陆柒捌玖".index(words.lstrip("零")) if words.strip("零") else 0
