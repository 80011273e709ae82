"""The filters of Word templates: what a clerk writes behind the bar, {{ 核定救助金额|大写金额 }}.

Filters are pure; an empty value stays empty, so that it is marked as missing. Money is yuan when it is written as
text and fen when it is a number. ``Unfit`` says that a filter cannot read its value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import wraps
from typing import Any

from formgen import masks, money

TICKED, UNTICKED = "☑", "□"
DIGITS = "〇一二三四五六七八九"
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d{2})(\d{2})")
_NO = frozenset({"", "否", "无", "没有", "不", "0", "false", "no"})


class Unfit(ValueError):
    """A filter cannot read its value; ``filter`` names it. The value is never told, it may be personal."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.filter = name


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its explanation and an example that a test runs; ``sample`` is a value it is made for."""

    name: str
    explain: str
    example: str
    sample: object
    shown: str


CATALOGUE: dict[str, Filter] = {}  # by Chinese name, in the order of the manual
FILTERS: dict[str, Callable[..., Any]] = {}


def _filter(
    *names: str, explain: str, example: str, sample: object, shown: str, empty_too: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter a function under its names; empty values pass by it unless ``empty_too``, a ValueError becomes Unfit."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself, entered with its care."""

        @wraps(function)
        def careful(value: Any, *args: Any, **more: Any) -> Any:
            """The filter on a value it can read. Raises Unfit."""
            if is_empty(value) and not empty_too:
                return value
            try:
                return function(value, *args, **more)
            except (ValueError, TypeError, InvalidOperation, IndexError, OverflowError):
                raise Unfit(names[0]) from None

        CATALOGUE[names[0]] = Filter(names[0], explain, example, sample, shown)
        FILTERS.update(dict.fromkeys(names, careful))
        return careful

    return enter


def is_empty(value: object) -> bool:
    """Whether a value says nothing: None, undefined, empty text or list; 0 and False say something."""
    return not value and not isinstance(value, int)


def is_table(value: object) -> bool:
    """Whether a value is a row or a list of rows, which has no words of its own."""
    return isinstance(value, dict) or (isinstance(value, list | tuple) and any(map(is_table, value)))


def text(value: object) -> str:
    """A value as it is printed: flags as 是 and 否, lists with 、 between, None and rows as nothing."""
    if isinstance(value, str):
        return value
    if is_table(value):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(text(each) for each in value if not is_empty(each))
    return "" if is_empty(value) else str(value)


def _fen(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    fen = _decimal(value) * 100
    if fen != fen.to_integral_value():
        raise ValueError
    return int(fen)


def _decimal(value: object) -> Decimal:
    plain = unicodedata.normalize("NFKC", text(value)).replace(",", "").strip().lstrip("¥￥").removesuffix("元")
    found = Decimal(plain)
    if not found.is_finite():
        raise ValueError
    return found


def _day(value: object) -> tuple[int, int, int]:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", text(value)).strip())
    if found is None:
        raise ValueError
    year, month, day = (int(part) for part in found.groups() if part is not None)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        raise ValueError
    return year, month, day


def _tens(number: int) -> str:
    """A number below a hundred in words (十一)."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (
        "" if tens and not ones else DIGITS[ones]
    )


@_filter("大写金额", explain="金额大写", example='"6232.5"|大写金额', sample="6232.5", shown="陆仟贰佰叁拾贰元伍角整")
def _capitals(value: object) -> str:
    return money.capitals(_fen(value))


@_filter("金额", explain="元，带千分位，写到分", example='"6232.5"|金额', sample="6232.5", shown="6,232.50")
def _amount(value: object) -> str:
    return money.thousands(_fen(value))


@_filter("元", explain="元，整数不写小数", example='"6232.00"|元', sample="6232.00", shown="6232")
def _yuan(value: object) -> str:
    return money.yuan(_fen(value))


@_filter(
    "千分位", explain="数字加千分位，小数照原样", example='"1234567.8"|千分位', sample="1234567.8", shown="1,234,567.8"
)
def _thousands(value: object) -> str:
    return f"{Decimal(text(value).replace(',', '')):,f}"


@_filter("小数", explain="四舍五入到几位小数，默认两位", example='"1.005"|小数(2)', sample="1.005", shown="1.01")
def _decimals(value: object, places: int = 2) -> str:
    return f"{Decimal(text(value).replace(',', '')).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"


@_filter(
    "数值",
    explain="写在判断里：当作数字比大小；空着或不是数字时大小都不成立，并报告 W684",
    example='"12"|数值',
    sample="12",
    shown="12",
    empty_too=True,
)
def _number(value: object) -> int | float:
    """The number a text says; a float serves to compare only, and does so exactly up to fifteen digits."""
    found = _decimal(value)  # a ValueError when it says none: what nobody knows is not 0
    return int(found) if found == found.to_integral_value() else float(found)


@_filter(
    "年月日", explain="日期写成 2019年3月1日", example='"2019-03-01"|年月日', sample="2019-03-01", shown="2019年3月1日"
)
def _plain_day(value: object) -> str:
    year, month, day = _day(value)
    return f"{year}年{month}月{day}日"


@_filter(
    "中文日期",
    explain="日期写成汉字",
    example='"2019-03-11"|中文日期',
    sample="2019-03-11",
    shown="二〇一九年三月十一日",
)
def _chinese_day(value: object) -> str:
    year, month, day = _day(value)
    return f"{''.join(DIGITS[int(digit)] for digit in str(year))}年{_tens(month)}月{_tens(day)}日"


@_filter("年", explain="日期里的年", example='"2019-03-01"|年', sample="2019-03-01", shown="2019")
def _year(value: object) -> str:
    return str(_day(value)[0])


@_filter("月", explain="日期里的月", example='"2019-03-01"|月', sample="2019-03-01", shown="3")
def _month(value: object) -> str:
    return str(_day(value)[1])


@_filter("日", explain="日期里的日", example='"2019-03-01"|日', sample="2019-03-01", shown="1")
def _day_of_month(value: object) -> str:
    return str(_day(value)[2])


@_filter(
    "勾选",
    explain="是所给的词（多选时含有它）就打勾；不给词时，值为“是”就打勾",
    example='"男"|勾选("男")',
    sample="男",
    shown="☑",
    empty_too=True,
)
def _tick(value: object, *words: str) -> str:
    held = value if isinstance(value, list | tuple) else text(value).split("、")
    said = {text(each).strip() for each in held}
    is_ticked = bool(said & set(words)) if words else not said <= _NO
    return TICKED if is_ticked else UNTICKED


@_filter(
    "掩码",
    explain="遮住姓名、证件号码、卡号、电话的中间；种类可写明：姓名、证件、卡号、电话",
    example='"13812345678"|掩码("电话")',
    sample="13812345678",
    shown="138****5678",
)
def _mask(value: object, kind: str = "") -> str:
    plain = text(value)
    hide = {"姓名": masks.name, "证件": masks.id_number, "卡号": masks.card, "电话": masks.phone}
    return hide[kind or _kind(plain)](plain) if not kind or kind in hide else _unknown(kind)


def _unknown(kind: str) -> str:
    raise ValueError(kind)


def _kind(plain: str) -> str:
    solid = re.sub(r"\s|-", "", plain)
    if re.fullmatch(r"\d{17}[\dXx]|\d{15}", solid):
        return "证件"
    if re.fullmatch(r"\d{12,}", solid):
        return "卡号"
    return "电话" if re.fullmatch(r"[\d()（）+]{5,}", solid) else "姓名"


@_filter(
    "默认", "default", "d", explain="空白时写别的话", example='""|默认("无")', sample="", shown="无", empty_too=True
)
def _default(value: object, other: object = "", _always: bool = True) -> object:
    return other if is_empty(value) else value


@_filter(
    "分格",
    explain="拆成一个个字，用来循环填格；可写明格数，不足补空",
    example='"6222"|分格(5)',
    sample="6222",
    shown="6、2、2、2",
)
def _cells(value: object, count: int = 0) -> tuple[str, ...]:
    signs = tuple(text(value))
    if count and len(signs) > count:
        raise ValueError
    return signs + ("",) * (min(count, 100) - len(signs))


@_filter(
    "第", explain="第几个字（一格一字）；没有就是空白", example='"6222"|第(1)', sample="6222", shown="6", empty_too=True
)
def _nth(value: object, number: int) -> str:
    return text(value)[number - 1 : number] if number > 0 else ""


@_filter(
    "分组", explain="每几个字空一格，默认四个", example='"6222021234"|分组', sample="6222021234", shown="6222 0212 34"
)
def _groups(value: object, size: int = 4) -> str:
    plain = re.sub(r"\s", "", text(value))
    return " ".join(plain[at : at + size] for at in range(0, len(plain), size))


@_filter(
    "顿号连接",
    explain="几项之间加顿号",
    example='["患病", "残疾"]|顿号连接',
    sample=("患病", "残疾"),
    shown="患病、残疾",
)
def _enumerate(value: object) -> str:
    return text(value)


@_filter(
    "join", explain="几项之间加所给的字", example='["患病", "残疾"]|join("；")', sample=("患病",), shown="患病；残疾"
)
def _join(value: object, between: str = "") -> str:
    return between.join(text(each) for each in (value if isinstance(value, list | tuple) else text(value)))


@_filter(
    "长度", "length", "count", explain="字数或项数", example='"困难"|长度', sample="困难", shown="2", empty_too=True
)
def _length(value: object) -> int:
    return 0 if is_empty(value) else len(value if isinstance(value, list | tuple | dict) else text(value))


@_filter("首", "first", explain="第一项或第一个字", example='["甲", "乙"]|首', sample=("甲",), shown="甲")
def _first(value: Any) -> object:
    return value[0]


@_filter("末", "last", explain="最后一项或最后一个字", example='["甲", "乙"]|末', sample=("甲",), shown="乙")
def _last(value: Any) -> object:
    return value[-1]


@_filter(
    "替换", "replace", explain="把一个词换成另一个", example='"2019年"|替换("年", "")', sample="2019年", shown="2019"
)
def _replace(value: object, old: str, new: str) -> str:
    if len(new) > 100 or not old:
        raise ValueError
    return text(value).replace(old, new)


@_filter("去空格", "trim", explain="去掉两端空白", example='" 张三 "|去空格', sample=" 张三 ", shown="张三")
def _trim(value: object) -> str:
    return text(value).strip()


@_filter("大写字母", "upper", explain="字母改大写", example='"11x"|大写字母', sample="11x", shown="11X")
def _upper(value: object) -> str:
    return text(value).upper()


@_filter("小写字母", "lower", explain="字母改小写", example='"11X"|小写字母', sample="11X", shown="11x")
def _lower(value: object) -> str:
    return text(value).lower()


@_filter(
    "文字", "e", "escape", "string", explain="照原样，当作文字", example='"甲<乙"|文字', sample="甲<乙", shown="甲<乙"
)
def _as_text(value: object) -> str:
    return text(value)
