"""The catalogue of fields: key ↔ Excel heading ↔ template tag, from ``data/fields.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from formgen.messages import FormgenError
from formgen.model import Finding, Place

_FILE = Place("fields.toml")
TYPES = frozenset(
    (
        *("text", "name", "case_no", "id", "card", "phone", "date", "year", "money", "decimal", "integer"),
        *("choice", "choices", "flag", "folder"),
    )
)
PUBLISH = frozenset(("never", "show", "mask-name", "mask-id"))
_KNOWN = frozenset(
    (
        *("tag", "unit", "aliases", "type", "choices", "same", "unclear", "open", "required", "key", "negative"),
        *("publish", "note"),
    )
)
#: pairs of brackets as NFKC leaves them
_BRACKETS = ("()", "[]", "{}", "【】", "〔〕", "〖〗")
_UNIT = re.compile("|".join(rf"\{left}[^\{left}\{right}]*\{right}" for left, right in map(tuple, _BRACKETS)))
_EDGES = re.compile("[" + re.escape("".join(_BRACKETS)) + "]")
_DROP = re.compile(r"[\s*﹡∗＊]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field: ``key`` is its name in Python, ``tag`` its heading without unit and its name in Word.

    ``choices`` of a flag are its two words, the first meaning true; ``same`` are other words for a choice, ``unclear``
    words that may mean several of them. ``is_key`` marks what a row means nothing without.
    """

    key: str
    sheet: str
    tag: str
    type: str
    unit: str = ""
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    same: Mapping[str, str] = field(default_factory=dict, hash=False)
    unclear: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    is_open: bool = False
    is_required: bool = False
    is_key: bool = False
    may_be_negative: bool = False
    publish: str = "never"
    note: str = ""

    @property
    def heading(self) -> str:
        """The heading as the blank workbook writes it: tag, unit in brackets, star when the papers need it."""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{self.tag}{unit}{'*' if self.is_required else ''}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook: its key in Python, its title in Excel and its fields in the order they are written."""

    key: str
    title: str
    is_needed: bool
    fields: tuple[Field, ...]

    def by_key(self, key: str) -> Field:
        """The field with that key. Raises KeyError."""
        return {field.key: field for field in self.fields}[key]

    def keys(self) -> frozenset[str]:
        """The keys of all fields."""
        return frozenset(field.key for field in self.fields)

    def headings(self) -> Mapping[str, Field]:
        """Every heading and alias, normalised, to its field."""
        return {normal(name): field for field in self.fields for name in (field.tag, *field.aliases)}


def normal(heading: str) -> str:
    """A heading as it is compared: NFKC, without blanks, line breaks, stars and a unit in brackets of any kind.

    A heading that is all in brackets loses only these.
    """
    plain = unicodedata.normalize("NFKC", heading)
    return _DROP.sub("", _UNIT.sub("", plain)) or _DROP.sub("", _EDGES.sub("", plain))


@cache
def catalogue() -> Mapping[str, Sheet]:
    """All sheets by key, in workbook order. Raises FormgenError when the catalogue contradicts itself."""
    raw = tomllib.loads((files("formgen") / "data" / "fields.toml").read_text(encoding="utf-8"))
    return {key: _sheet(key, table) for key, table in raw.items()}


def sheets() -> Iterator[Sheet]:
    """All sheets in workbook order."""
    return iter(catalogue().values())


def _sheet(key: str, table: dict) -> Sheet:
    made = tuple(_field(key, name, entry) for name, entry in table["fields"].items())
    sheet = Sheet(key, table["sheet"], bool(table.get("must", False)), made)
    names = [normal(name) for field in made for name in (field.tag, *field.aliases)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FormgenError(Finding("E903", _FILE, {"sheet": sheet.title, "heading": twice[0]}))
    return sheet


def _field(sheet: str, key: str, entry: dict) -> Field:
    if unknown := set(entry) - _KNOWN:
        raise FormgenError(Finding("E904", _FILE, {"key": f"{sheet}.{key}", "name": sorted(unknown)[0]}))
    if entry["type"] not in TYPES or entry.get("publish", "never") not in PUBLISH:
        raise FormgenError(Finding("E905", _FILE, {"key": f"{sheet}.{key}"}))
    choices = tuple(entry.get("choices", ("是", "否") if entry["type"] == "flag" else ()))
    same = entry.get("same", {})
    unclear = {word: tuple(meant) for word, meant in entry.get("unclear", {}).items()}
    if not {*same.values(), *(word for meant in unclear.values() for word in meant)} <= set(choices):
        raise FormgenError(Finding("E906", _FILE, {"key": f"{sheet}.{key}"}))
    return Field(
        key=key,
        sheet=sheet,
        tag=entry["tag"],
        type=entry["type"],
        unit=entry.get("unit", ""),
        aliases=tuple(entry.get("aliases", ())),
        choices=choices,
        same=same,
        unclear=unclear,
        is_open=entry.get("open", False),
        is_required=entry.get("required", False),
        is_key=entry.get("key", False),
        may_be_negative=entry.get("negative", False),
        publish=entry.get("publish", "never"),
        note=entry.get("note", ""),
    )
