"""The nouns of the four-property check (四性检测): a bag to look at, a check, its result. DA/T 70-2018."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree

from formgen import bag
from formgen.bag import Listing, Verdict, tagfiles
from formgen.keep.dossier import Dossier
from formgen.keep.eep import NAMESPACE
from formgen.keep.policy import Policy

PASSED, FAILED, UNTESTED = "合格", "不合格", "未检测"
STAGES = ("归档", "移交", "长期保存")
PROPERTIES = ("真实性", "完整性", "可用性", "安全性")
_DECLARED = tagfiles.Declaration((1, 0), "utf-8")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check came to, with the evidence in one sentence."""

    verdict: str
    evidence: str


@dataclass(frozen=True)
class Subject:
    """A bag to be checked, closed or just being made. What was never written answers with nothing."""

    folder: Path
    policy: Policy
    dossier: Dossier | None = None
    is_closed: bool = True
    verdict: Verdict | None = None
    signature: Outcome | None = None
    sent: Outcome | None = None
    process: Outcome | None = None

    @cached_property
    def listing(self) -> Listing:
        """Everything in the bag."""
        return bag.listing(self.folder)

    @cached_property
    def fixity(self) -> Verdict:
        """The bag validated, once."""
        return self.verdict or bag.validate(self.folder)

    def read(self, path: str) -> bytes:
        """A file of the bag; empty when it is not there or cannot be read."""
        try:
            return (self.folder / path).read_bytes() if path in self.listing.files else b""
        except OSError:
            return b""

    @cached_property
    def catalogue(self) -> tuple[dict[str, str], ...]:
        """The rows of the catalogue inside."""
        text = self.read("data/catalog/items.csv").decode("utf-8-sig", errors="replace")
        return tuple(csv.DictReader(text.splitlines()))

    @cached_property
    def case(self) -> dict:
        """The row of 案件 as entered; empty when it cannot be read."""
        try:
            entered = json.loads(self.read("data/export/case.json"))
        except ValueError:
            return {}
        row = entered.get("案件") if isinstance(entered, dict) else None
        return row if isinstance(row, dict) else {}

    @cached_property
    def per_head(self) -> str:
        """The month's income a head in yuan that the decision came to; empty when it is unknown."""
        try:
            figure = json.loads(self.read("data/export/decision.json"))["post"]
        except (ValueError, KeyError, TypeError):
            return ""
        return str(figure["yuan"]) if figure else ""

    @cached_property
    def info(self) -> tagfiles.Info:
        """bag-info.txt; empty while the bag is not closed."""
        try:
            return tagfiles.info("bag-info.txt", self.read("bag-info.txt"), _DECLARED)
        except tagfiles.Malformed:
            return tagfiles.Info()

    @cached_property
    def number(self) -> str:
        """The number of the dossier as its metadata writes it; empty for a working bag."""
        return next(iter(self.stated("档号值")), "")

    def stated(self, element: str) -> tuple[str, ...]:
        """The texts of all elements of that name in dossier.xml."""
        if self._xml is None:
            return ()
        return tuple(found.text or "" for found in self._xml.iter(f"{{{NAMESPACE}}}{element}"))

    @cached_property
    def _xml(self) -> etree._Element | None:
        raw = self.read("metadata/dossier.xml")
        try:
            return etree.fromstring(raw, etree.XMLParser(resolve_entities=False, no_network=True)) if raw else None
        except etree.XMLSyntaxError:
            return None

    def records(self) -> tuple[str, ...]:
        """The paths of all files of items."""
        return tuple(sorted(path for path in self.listing.files if path.startswith("data/records/")))


@dataclass(frozen=True, slots=True)
class Check:
    """One item of the report: its property, title, basis, and the function that looks at a bag."""

    property: str
    title: str
    basis: str
    look: Callable[[Subject], Outcome] = field(repr=False)
    stages: tuple[str, ...] = STAGES


@dataclass(frozen=True, slots=True)
class Result:
    """One item as it came out; ``code`` is stage-property-number, numbered by us."""

    code: str
    property: str
    title: str
    basis: str
    verdict: str
    evidence: str


def passed(evidence: str) -> Outcome:
    """A check that was run and found nothing."""
    return Outcome(PASSED, evidence)


def failed(evidence: str) -> Outcome:
    """A check that was run and found something."""
    return Outcome(FAILED, evidence)


def untested(reason: str) -> Outcome:
    """A check that was not run, and why."""
    return Outcome(UNTESTED, reason)


def judged(faults: Iterable[str], good: str) -> Outcome:
    """Passed with `good` when there is no fault, else failed with the first faults."""
    found = list(faults)
    if not found:
        return passed(good)
    more = f" 等{len(found)}处" if len(found) > 5 else ""
    return failed("；".join(found[:5]) + more)
