"""Money as it is written: int fen in, words and figures out, exact to the fen."""

from __future__ import annotations

from formgen.household import Fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ((10**8, "亿"), (10**4, "万"))
LIMIT = 10**16  # yuan; the words end at 仟万亿


def yuan(fen: Fen) -> str:
    """The amount in yuan: no decimals when it is whole, else two ("62320", "62320.50")."""
    return _figures(fen, "" if fen % 100 == 0 else ".", separator="")


def thousands(fen: Fen) -> str:
    """The amount in yuan with separators, always written to the fen ("62,320.00").

    会计基础工作规范 第五十二条（一）: 一律填写到角分；无角分的，角位和分位可写“00”。
    """
    return _figures(fen, ".", separator=",")


def capitals(fen: Fen) -> str:
    """The amount in capitals ("陆万贰仟叁佰贰拾元伍角整"), without the leading 人民币.

    会计基础工作规范 第五十二条（三）（四）、支付结算办法附一《正确填写票据和结算凭证的基本规定》三、四:
    到元或者角为止的写“整”，有分的不写；中间的一个或几个“0”写一个“零”。两处可写可不写的，元位是“0”而角位不是“0”时
    不写“零”，万位是“0”而千位不是“0”时写。
    Raises ValueError from ten quadrillion yuan on.
    """
    whole, rest = divmod(abs(fen), 100)
    if whole >= LIMIT:
        raise ValueError("amount too large to be written in capitals")
    words = (_integer(whole) + "元" if whole else "") + _cents(*divmod(rest, 10), after_yuan=bool(whole))
    return ("负" if fen < 0 else "") + (words or "零元整")


def _figures(fen: Fen, point: str, *, separator: str) -> str:
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:{separator}}{f'{point}{rest:02}' if point else ''}"


def _cents(jiao: int, fen: int, *, after_yuan: bool) -> str:
    if not jiao and not fen:
        return "整" if after_yuan else ""
    if not jiao:
        return ("零" if after_yuan else "") + DIGITS[fen] + "分"
    return DIGITS[jiao] + "角" + (DIGITS[fen] + "分" if fen else "整")


def _integer(number: int) -> str:
    for unit, name in GROUPS:
        high, low = divmod(number, unit)
        if high:
            gap = low and (low < unit // 10 or high % 10 == 0)
            return _integer(high) + name + ("零" if gap else "") + (_integer(low) if low else "")
    return _group(number)


def _group(number: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + PLACES[place]
        gap = digit == 0
    return words
