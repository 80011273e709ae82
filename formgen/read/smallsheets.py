"""The sheets that belong to no household: 工会, 当地标准, 当地设置, read whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from formgen.household import Setting, Standard, Union
from formgen.model import Finding
from formgen.read.nouns import typed
from formgen.read.presumed import is_empty
from formgen.read.sheets import SheetRow, Tab

#: What a row means nothing without.
_NEEDED = {
    "union": ("name",),
    "standard": ("area", "since"),
    "setting": ("area", "subject", "choice", "since"),
}
#: What may stand on one row only.
_UNIQUE = {"union": ("name",), "standard": ("area", "since"), "setting": ("area", "subject", "since")}


def unions(tabs: Mapping[str, Tab], findings: list[Finding]) -> dict[str, Union]:
    """The unions by name, the first of a name; what is wrong is added to `findings`."""
    found: dict[str, Union] = {}
    for row, values in _rows(tabs, "union", findings):
        found.setdefault(values["name"], Union(row=row.number, **values))
    return {name: replace(union, higher_phone=_phone(found.get(union.higher or ""))) for name, union in found.items()}


def _phone(union: Union | None) -> str | None:
    return (union.hotline or union.phone) if union else None


def standards(tabs: Mapping[str, Tab], findings: list[Finding]) -> tuple[Standard, ...]:
    """The figures of places; what is wrong is added to `findings`."""
    return tuple(Standard(row=row.number, **values) for row, values in _rows(tabs, "standard", findings))


def settings(tabs: Mapping[str, Tab], findings: list[Finding]) -> tuple[Setting, ...]:
    """The choices of cities; what is wrong is added to `findings`."""
    return tuple(Setting(row=row.number, **values) for row, values in _rows(tabs, "setting", findings))


def _rows(tabs: Mapping[str, Tab], key: str, findings: list[Finding]) -> Iterator[tuple[SheetRow, dict[str, Any]]]:
    """The rows that mean something, typed."""
    seen: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
    for row in tabs[key].rows() if key in tabs else ():
        values, found = typed(row)
        findings += found
        for one in row.tab.required + tuple(field for field in row.tab.fields.values() if field.is_key):
            if is_empty(row, one.key):
                code = "W211" if one.key in _NEEDED[key] else "W201"
                findings.append(Finding(code, row.place(one.key), {"heading": one.tag}))
        same = tuple(values.get(one) for one in _UNIQUE[key])
        if None not in same and same in seen and seen[same][1] != values:
            first = row.tab.fields[_UNIQUE[key][0]]
            findings.append(Finding("E316", row.place(first.key), {"row": str(seen[same][0])}))
        seen.setdefault(same, (row.number, values))
        if all(one in values for one in _NEEDED[key]):
            yield row, values
