"""The repository's own settings held against what there is to set: a name nobody reads would change nothing unseen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

FONDS = re.compile(r"[0-9A-Za-z]{1,10}")
_CODE, _MATERIAL = re.compile(r"[A-Z]\d{0,3}"), re.compile(r"\d\d")
Wrong = Mapping[str, str]
Kind = Callable[[object], Wrong]  # what is wrong with a value, in the words of a message; empty when nothing is


def faults(own: Mapping, shipped: Mapping[str, Mapping]) -> Iterator[Wrong]:
    """The values for a message about each name that is unknown and each value that cannot be, in the file's order.

    ``shipped`` are the tables of the program: what they name may be set, and nothing else.
    """
    codes = tuple(sorted({*shipped["materials"], *_named(own.get("materials"))}))
    for table, entries in own.items():
        if table not in shipped:
            yield {"key": f"[{table}]", **_unknown(shipped)}
        elif not isinstance(entries, dict):
            yield {"key": f"[{table}]", "why": "I655"}
        else:
            yield from _of_table(table, entries, shipped[table], codes)


def _of_table(table: str, entries: Mapping, ours: Mapping, codes: tuple[str, ...]) -> Iterator[Wrong]:
    for name, value in entries.items():
        kind = _kind(table, name, ours, codes)
        wrong = kind(value) if kind else _unknown(_KINDS.get(table, ours))
        if wrong:
            yield {"key": f"[{table}] {name}", **wrong}


def _kind(table: str, name: str, ours: Mapping, codes: tuple[str, ...]) -> Kind | None:
    """What a value of that name must be; None for a name that is not read."""
    if table in ("words", "forms"):
        return _one_of(*codes)
    if table == "materials" and _MATERIAL.fullmatch(name):
        return _table({"title": _text, "needed": _flag, "exit": _flag}, () if name in ours else ("title",))
    return _KINDS.get(table, {}).get(name)


def _named(materials: object) -> tuple[str, ...]:
    return tuple(materials) if isinstance(materials, dict) else ()


def _unknown(known: Mapping) -> Wrong:
    return {"why": "I656", "known": "、".join(known)}


def _text(value: object) -> Wrong:
    return {} if isinstance(value, str) and value.strip() else {"why": "I651"}


def _texts(value: object) -> Wrong:
    return {} if isinstance(value, list) and not any(map(_text, value)) else {"why": "I654"}


def _flag(value: object) -> Wrong:
    return {} if isinstance(value, bool) else {"why": "I657"}


def _whole(least: int, most: int) -> Kind:
    """A whole number; true and false are none, though Python counts with them."""

    def judge(value: object) -> Wrong:
        is_fit = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return {} if is_fit else {"why": "I650", "least": str(least), "most": str(most)}

    return judge


def _one_of(*known: str) -> Kind:
    return lambda value: {} if value in known else {"why": "I652", "known": "、".join(known)}


def _written(pattern: re.Pattern[str], example: str, *, may_be_empty: bool = False) -> Kind:
    """A text of that shape, which the message shows by an example."""

    def fits(value: object) -> bool:
        return isinstance(value, str) and bool(pattern.fullmatch(value) or (may_be_empty and not value))

    return lambda value: {} if fits(value) else {"why": "I653", "example": example}


def _table(kinds: Mapping[str, Kind], needed: tuple[str, ...] = ()) -> Kind:
    """A table inside a table; the first thing that is wrong in it."""

    def judge(value: object) -> Wrong:
        if not isinstance(value, dict):
            return {"why": "I655"}
        if any(name not in kinds for name in value):
            return _unknown(kinds)
        given = {**dict.fromkeys(needed), **value}
        return next((wrong for name, each in given.items() if (wrong := kinds[name](each))), {})

    return judge


_REQUESTER = _table({"title": _text, "rule": _text})
_KINDS: Mapping[str, Mapping[str, Kind]] = {
    "retention": {
        "code": _written(_CODE, "D10"),
        "years": _whole(1, 999),
        "trigger": _text,
        "action": _one_of("REVIEW"),
        "authority": _text,
        "security": _text,
        "on_reopen": _one_of("new", "suspend"),
    },
    "duties": {
        **dict.fromkeys(("sync", "funds", "notice"), _whole(1, 999)),
        **dict.fromkeys(("sync_authority", "funds_authority", "notice_authority"), _text),
    },
    "withdrawal": {"approved": _texts, "cancelled": _texts},
    "numbers": {
        "fonds": _written(FONDS, "J045", may_be_empty=True),
        "category": _written(FONDS, "WS"),
        "subject": _written(FONDS, "KN"),
        "width": _whole(2, 6),
        "item_width": _whole(1, 6),
    },
    "verify": {"share": _whole(1, 120), "stale_days": _whole(1, 99999)},
    "formats": {"allowed": _texts, "refused": _texts},
    "access": dict.fromkeys(("union", "worker", "outside"), _REQUESTER),
}
