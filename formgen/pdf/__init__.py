"""Fillable PDF forms: a template read once, filled many times with Chinese that looks the same everywhere.

>>> form = load(Path("templates/bank-card/template.pdf"))        # doctest: +SKIP
>>> form.fill({"职工姓名": "欧阳䶮", "银行卡号": "6222021234567890123"}).content   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from formgen import names
from formgen.model import Finding, Place
from formgen.pdf.form import BROKEN, Node, PdfField, Unfillable, copy_of, is_xfa, nodes_of, open_form
from formgen.pdf.plan import Plan, plan_of
from formgen.pdf.values import Entry, entry_of

__all__ = ["Filled", "Mode", "PdfField", "PdfForm", "Unfillable", "load"]

Mode = Literal["editable", "readonly", "flat"]
_PLANS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled form: its bytes, empty when an error among the findings kept it from being made."""

    content: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()


class PdfForm:
    """A form that has been read; ``fill`` may be called as often as one likes."""

    def __init__(self, source: Path | bytes, *, name: str = "") -> None:
        """Read the form. Raises Unfillable, a FormgenError, when it is broken, locked, XFA only or no form."""
        self.name = name or (names.shown(source) if isinstance(source, Path) else "")  # all are called template.pdf
        self._reader = open_form(source, name=self.name)
        try:
            self._nodes = {node.about.name: node for node in nodes_of(copy_of(self._reader))}
        except BROKEN as wrong:
            raise Unfillable(Finding("E501", Place(file=self.name), {"reason": type(wrong).__name__})) from wrong
        if not self._nodes:
            raise Unfillable(Finding("E510" if is_xfa(self._reader) else "E509", Place(file=self.name)))
        self._plans: dict[tuple[str, frozenset[str]], Plan] = {}

    @property
    def fields(self) -> tuple[PdfField, ...]:
        """The fields that are drawn and take words or ticks, in page order."""
        return tuple(node.about for node in self._nodes.values() if node.about.kind != "picture")

    @property
    def frames(self) -> tuple[PdfField, ...]:
        """The frames for pictures; ``fill`` takes the bytes of a JPEG or PNG for them."""
        return tuple(node.about for node in self._nodes.values() if node.about.kind == "picture")

    def fill(self, values: Mapping[str, str | bool | bytes], *, mode: Mode = "readonly", title: str = "") -> Filled:
        """The form with these values; fields that are not named stay as they are.

        An unknown field, a character no font has, a value too long or not among the choices is an error among the
        findings, and then there is no content. ``flat`` leaves no fields, ``readonly`` locks them all.
        """
        entries, findings = self._entries(values)
        if any(finding.is_error for finding in findings):
            return Filled(b"", findings)
        plan = self._plan(mode, frozenset(entry.node.about.name for entry in entries))
        return Filled(plan.write(entries, title or self.name), findings)

    def _entries(self, values: Mapping[str, str | bool | bytes]) -> tuple[list[Entry], tuple[Finding, ...]]:
        entries, findings = [], []
        for name in [name for name in values if name not in self._nodes]:
            findings.append(Finding("E502", Place(file=self.name, heading=name), {"field": name}))
        for name, node in self._nodes.items():
            if name in values:
                entry, found = entry_of(node, values[name], self._place(node))
                findings += found
                if entry is not None:
                    entries.append(entry)
        return entries, tuple(findings)

    def _place(self, node: Node) -> Place:
        return Place(file=self.name, heading=node.about.name)

    def _plan(self, mode: Mode, given: frozenset[str]) -> Plan:
        key = (mode, given)
        plan = self._plans.get(key)
        if plan is None:
            if len(self._plans) >= _PLANS_KEPT:
                self._plans.clear()
            try:
                plan = self._plans[key] = plan_of(self._reader, mode=mode, given=given)
            except BROKEN as wrong:
                raise Unfillable(Finding("E501", Place(file=self.name), {"reason": type(wrong).__name__})) from wrong
        return plan


def load(path: Path) -> PdfForm:
    """The form in that file, read once as long as the file stays. Raises Unfillable when it cannot be filled."""
    try:
        state = path.stat()
    except OSError as wrong:
        raise Unfillable(Finding("E501", Place(file=names.shown(path)), {"reason": type(wrong).__name__})) from wrong
    return _loaded(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _loaded(path: Path, _changed: int, _size: int) -> PdfForm:
    return PdfForm(path)
