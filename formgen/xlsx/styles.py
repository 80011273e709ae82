"""What a cell's style says about its value: whether it is a date, a percentage, text, or quoted by an apostrophe."""

from __future__ import annotations

import re
from dataclasses import dataclass

from formgen.xlsx.xmlparts import Parser, local
from formgen.xlsx.zips import Package

#: Built-in formats that are dates, the Chinese block 27–36 and 50–58 included (ECMA-376 part 1, 18.8.30).
DATE_FORMATS = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
TIME_FORMATS = frozenset((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56))
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Style:
    """What counts of a cell format."""

    is_date: bool = False
    is_percent: bool = False
    is_text: bool = False
    is_quoted: bool = False


PLAIN = Style()


def read_styles(part: str, package: Package) -> tuple[Style, ...]:
    """The styles by number; one plain style when the workbook has no styles. Raises Refused when damaged."""
    codes: dict[int, str] = {}
    found: list[Style] = []
    inside = [False]

    def start(name: str, attrs: dict[str, str]) -> None:
        """Take in a number format or, inside the list of cell formats, one of those."""
        name = local(name)
        if name == "numFmt":
            codes[_number(attrs.get("numFmtId"))] = attrs.get("formatCode", "")
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            quoted = attrs.get("quotePrefix", "") in ("1", "true")
            found.append(_style(_number(attrs.get("numFmtId")), codes, quoted))

    def end(name: str) -> None:
        if local(name) == "cellXfs":
            inside[0] = False

    if part:
        Parser(part, start=start, end=end).read(package)
    return tuple(found) or (PLAIN,)


def _style(number: int, codes: dict[int, str], quoted: bool) -> Style:
    code = codes.get(number, "")
    is_date = is_date_code(code) if code else number in DATE_FORMATS
    return Style(is_date, "%" in code or number in (9, 10), number == 49 or code == "@", quoted)


def is_date_code(code: str) -> bool:
    """Whether a format code shows a day: a y, an e or a d, or an m beside them, outside quotes and brackets."""
    bare = _LITERAL.sub("", code.split(";")[0]).casefold()
    return ("general" not in bare and any(letter in bare for letter in "yd")) or bool(
        re.fullmatch(r"[em年月日/.\- ]*e[em年月日/.\- ]*", bare)
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
