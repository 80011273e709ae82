"""What a run is asked to do, what it is lent, and what it did."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from formgen import masks
from formgen.batch import results
from formgen.batch.records import FAILED, INVALID, MADE
from formgen.model import Finding

UNKNOWN_TAG = "W434"
_WARNING = re.compile(r'"code": ?"(W\d+)"')
TOLD = 200  # changes and errors that a tally names one by one; the log and the workbooks name them all


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user chose; ``papers`` None means all, ``only`` empty means every case."""

    papers: frozenset[str] | None = None
    only: frozenset[str] = frozenset()
    missing: str = "mark"
    jobs: int = 2
    is_pdf: bool = False
    is_dry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the command line lends to a run: a place to tell progress, a wish to stop, a clock, the hour."""

    tell: Callable[[int, int], None] = lambda done, total: None
    is_stopped: Callable[[], bool] = lambda: False
    seconds: Callable[[], float] = lambda: 0.0
    now: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An error of one case, and whose it is: its number, or the row of one without, and the masked name."""

    case_no: str
    name: str
    finding: Finding


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a run did. total = made + failed + skipped; ``kept`` of the made ones were as the last run left them, the
    papers of the ``same`` are those they had, made again or not.

    ``chosen`` cases were asked for; the others were not touched and count as skipped, whatever stands of them.
    ``findings`` belong to no single case, ``wrong`` are the first of the ``errors`` of cases, ``told`` the first of
    the changes that this run found and made, ``warned`` how often each warning was met.
    """

    total: int = 0
    chosen: int = 0
    states: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    same: int = 0
    papers: int = 0
    is_interrupted: bool = False
    has_bug: bool = False
    findings: list[Finding] = field(default_factory=list)
    errors: int = 0
    wrong: list[Wrong] = field(default_factory=list)
    told: list[Finding] = field(default_factory=list)
    warned: Counter[str] = field(default_factory=Counter)

    @property
    def made(self) -> int:
        """Cases whose papers stand."""
        return self.states[MADE]

    @property
    def failed(self) -> int:
        """Cases with errors of the material, or that could not be finished."""
        return self.states[INVALID] + self.states[FAILED]

    @property
    def skipped(self) -> int:
        """Cases nobody asked for, or that an interruption left."""
        return self.total - self.made - self.failed

    @property
    def common_errors(self) -> int:
        """Errors of the workbook or of shared papers that make no case fail."""
        return sum(finding.is_error for finding in self.findings)

    @property
    def has_errors(self) -> bool:
        """Whether the user's material is to be mended."""
        return self.failed > 0 or self.common_errors > 0

    def wonder(self, record: dict, added: Container[str]) -> None:
        """Take in the tags of templates that nobody knows, each once however many cases print it.

        ``added`` are the columns that the clerk added: their tags are known though this case has nothing there.
        """
        unknown = (told for told in record["findings"] if told["code"] == UNKNOWN_TAG)
        for found in (results.finding(told) for told in unknown if told["values"]["tag"] not in added):
            if found not in self.findings:
                self.findings.append(found)

    def warn(self, record: str) -> None:
        """Count the warnings of a case by its record, which is read for nothing else here."""
        self.warned.update(_WARNING.findall(record))

    def blame(self, record: dict) -> None:
        """Take in the errors of a case by its record."""
        wrong = [told for told in record["findings"] if told["code"].startswith("E")]
        self.errors += len(wrong)
        name = masks.name(record["name"])
        room = TOLD - len(self.wrong)
        self.wrong += [Wrong(record["case"], name, results.finding(told)) for told in wrong[:room]]
