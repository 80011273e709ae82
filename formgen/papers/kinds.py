"""What the value of a tag is when a template reads it: a text, a number in words, one word of a list, a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from formgen import fields
from formgen.papers import tags, verdict
from formgen.papers.forms import PER

_NUMBERS = frozenset(("money", "integer", "decimal", "year"))
_WORDS = frozenset(("flag", "choice", "choices"))
#: tags that hold one row of a sheet, not a list of rows
_ROWS = frozenset(("信息比对", "工会", "本次申请"))
#: lists and rows whose columns are those of a sheet with another title
_SHEETS = {"共同生活成员": "家庭成员", "本次申请": "在档救助申请"}
#: tags that are true or false themselves, and pictures
_PLAIN = frozenset(("户口本空框", "名单另页", "二维码", "银行卡扫描", "开户行扫描"))
_TICKS = frozenset(f"{name}框" for name in (*verdict.TIERS, *verdict.AIDS))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a tag gives a template: ``name`` is text, number, flag, choice, choices, list, row or plain.

    Numbers are text too. ``words`` are all the words there can be, the first of a flag meaning yes; none where any
    word may stand. ``columns`` are those of a list or row.
    """

    name: str
    words: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def kind(tag: str, known: Mapping[str, str]) -> Kind | None:
    """The kind of a tag, 表.列 for a column; None of one that is not among ``known``."""
    if tag not in known:
        return None
    if columns := tuple(each.partition(".")[2] for each in known if each.startswith(f"{tag}.")):
        return Kind("row" if tag in _ROWS else "list", columns=columns)
    if tag in _PLAIN:
        return Kind("plain")
    if tag in _TICKS:
        return Kind("flag", (verdict.TICK, verdict.BOX))
    found = _catalogued().get(tag)
    return Kind("text") if found is None else _kind(found)


@cache
def tables() -> Mapping[str, Kind]:
    """The lists and rows of every kind of paper, by tag."""
    found: dict[str, Kind] = {}
    for per in PER:
        known = tags.known(per)
        found |= {tag: made for tag in known if (made := kind(tag, known)) and made.columns}
    return found


def _kind(field: fields.Field) -> Kind:
    if field.type in _WORDS:
        return Kind(field.type, () if field.is_open else field.choices)
    return Kind("number" if field.type in _NUMBERS else "text")


@cache
def _catalogued() -> Mapping[str, fields.Field]:
    """The fields by the tags they have: those of 案件 alone, those of other sheets behind the title of their list."""
    found: dict[str, fields.Field] = {}
    for sheet in fields.sheets():
        titles = [title for title, other in _SHEETS.items() if other == sheet.title]
        for field in sheet.fields:
            found |= {f"{title}.{field.tag}": field for title in (sheet.title, *titles)}
    return found | {field.tag: field for field in fields.catalogue()["case"].fields}
