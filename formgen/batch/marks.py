"""A short mark of every cell of a case: the next run can say which cells changed, and no value is kept."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import cache
from operator import attrgetter
from typing import Any

from formgen import fields
from formgen.household import Case

_ROWS = (
    ("members", "member"),
    ("incomes", "income"),
    ("expenses", "expense"),
    ("means", "means"),
    ("vehicles", "vehicle"),
    ("resolutions", "resolution"),
    ("requests", "request"),
)


def of(case: Case) -> bytes:
    """Four bytes a cell, sheet by sheet after the number of its rows, 0 for an empty cell; led by the columns' own."""
    marks = [_layout(), *_row(case, "case")]
    marks.append(zlib.crc32(repr(sorted(case.extra.items())).encode("utf-8", "surrogatepass")))
    for attribute, sheet in _ROWS:
        held = getattr(case, attribute)
        rows = held if isinstance(held, tuple) else (held,) if held is not None else ()
        marks.append(len(rows))
        for row in rows:
            marks += _row(row, sheet)
    return struct.pack(f"<{len(marks)}I", *marks)


def changed(before: bytes, after: bytes) -> tuple[str, ...]:
    """The cells that differ, as 表!列 with the row of the household; another number of rows as 表（2→3行）.

    Empty when one side has no marks, or was marked by a version that knew other columns.
    """
    if before[:4] != after[:4] or not after:
        return ()
    found: list[str] = []
    for (title, names, old), (_, _, new) in zip(_sheets(before), _sheets(after), strict=True):
        if len(old) != len(new):
            found.append(f"{title}（{len(old)}→{len(new)}行）")
            continue
        for number, (left, right) in enumerate(zip(old, new, strict=True), start=1):
            where = f"(第{number}行)" if len(old) > 1 else ""
            found += [f"{title}!{name}{where}" for name, a, b in zip(names, left, right, strict=True) if a != b]
    return tuple(found)


def _row(row: object, sheet: str) -> list[int]:
    return [
        0 if value is None or value == () else zlib.crc32(repr(value).encode("utf-8", "surrogatepass"))
        for value in _reader(sheet)(row)
    ]


@cache
def _reader(sheet: str) -> Any:
    return attrgetter(*(key for key, _ in _columns(sheet)))


@cache
def _layout() -> int:
    sheets = ("case", *(sheet for _, sheet in _ROWS))
    return zlib.crc32(repr([_columns(sheet) for sheet in sheets]).encode())


@cache
def _columns(sheet: str) -> tuple[tuple[str, str], ...]:
    """Key and tag of the columns that are marked; the case number names the household and is none of its facts."""
    return tuple((field.key, field.tag) for field in fields.catalogue()[sheet].fields if field.key != "case_no")


def _sheets(marks: bytes) -> Iterator[tuple[str, tuple[str, ...], list[tuple[int, ...]]]]:
    """Title, names of columns and rows of marks, sheet by sheet."""
    numbers = struct.unpack(f"<{len(marks) // 4}I", marks)[1:]
    names = tuple(tag for _, tag in _columns("case"))
    at = len(names) + 1
    yield fields.catalogue()["case"].title, (*names, "其他列"), [numbers[:at]]
    for _, sheet in _ROWS:
        names = tuple(tag for _, tag in _columns(sheet))
        count, at = numbers[at], at + 1
        yield (
            fields.catalogue()[sheet].title,
            names,
            [numbers[at + n * len(names) :][: len(names)] for n in range(count)],
        )
        at += count * len(names)
