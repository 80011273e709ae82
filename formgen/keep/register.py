"""Archive numbers (档号): how one is written, and the register that never gives one out twice (DA/T 13-2022)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from formgen import write
from formgen.keep.policy import Policy
from formgen.messages import FormgenError, MaterialError
from formgen.model import Finding, Place

TAKEN, SEALED, DESTROYED = "已取号", "已封存", "已销毁"
HEADINGS = ("档号", "档案编号", "撤档日期", "到期日", "状态", "件数", "页数", "包摘要", "延长至", "承接档号")
_SUPPLEMENT = re.compile(r"-S\d\d$")
_NUMBER = re.compile(r"([0-9A-Za-z]+)-([0-9A-Za-z]+)[·.](\d{4})-([A-Z]\d*)-([0-9A-Za-z]+)-(\d{2,6})(-S\d\d)?")


@dataclass(frozen=True, slots=True)
class Number:
    """The parts of a number: 全宗号-门类·年度-保管期限-问题-案卷号."""

    fonds: str
    category: str
    year: int
    code: str
    subject: str
    file: int
    width: int = 4

    def __str__(self) -> str:
        return f"{self.fonds}-{self.category}·{self.year}-{self.code}-{self.subject}-{self.file:0{self.width}d}"

    @property
    def series(self) -> tuple[str, str, int, str, str]:
        """Everything before the running number: numbers of one series follow without gaps."""
        return self.fonds, self.category, self.year, self.code, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the register; days are ISO dates or empty. No names, no identity numbers.

    ``ruled_until`` is no part of the line: until when the settings of the repository ask it to be kept today.
    """

    number: str
    case_no: str
    withdrawn_on: str
    last_day: str
    state: str = TAKEN
    items: str = ""
    pages: str = ""
    digest: str = ""
    extended_to: str = ""
    continues: str = ""
    ruled_until: str = ""

    @property
    def kept_until(self) -> str:
        """The last day this dossier is kept: the longest of what was sealed, what was decided, what is asked now."""
        return max(self.last_day, self.extended_to, self.ruled_until)


def parsed(text: str) -> Number:
    """The number that a text or a folder name writes. Raises FormgenError when it is none."""
    match = _NUMBER.fullmatch(text)
    if not match:
        raise MaterialError(Finding("E797", values={"text": text[:40]}))
    fonds, category, year, code, subject, file = match.groups()[:6]
    return Number(fonds, category, int(year), code, subject, int(file), len(file))


def main_number(number: str) -> str:
    """The number of the dossier that a supplement (…-S01) belongs to; a dossier's own number as it is."""
    return number[:-4] if is_supplement(number) else number


def is_supplement(number: str) -> bool:
    """Whether a number or folder name is that of a supplement."""
    return _SUPPLEMENT.search(number) is not None


def is_number(text: str) -> bool:
    """Whether a text or folder name is a number."""
    return _NUMBER.fullmatch(text) is not None


def folder_name(number: str) -> str:
    """The number as a folder is called: ASCII only, so `·` becomes `.`."""
    return number.replace("·", ".")


def written(folder: str) -> str:
    """The number that a folder name stands for."""
    match = _NUMBER.fullmatch(folder)
    if not match:
        return folder
    return f"{parsed(folder)}{match[7] or ''}"


class Register:
    """The register of a repository, in memory; ``save`` writes it whole."""

    def __init__(self, path: Path, entries: Iterable[Entry]) -> None:
        self.path = path
        self._entries: dict[str, Entry] = {}
        self._by_case: dict[str, dict[str, Entry]] = {}
        self._last: dict[tuple[str, str, int, str, str], int] = {}
        for entry in entries:
            self.put(entry)

    def __iter__(self):
        return iter(sorted(self._entries.values(), key=lambda entry: entry.number))

    def get(self, number: str) -> Entry | None:
        """The entry of a number, None when it was never taken."""
        return self._entries.get(written(number))

    def of_case(self, case_no: str, withdrawn_on: str) -> Entry | None:
        """The entry of a case and its withdrawal, None when it has no number yet."""
        found = [e for e in self._entries_of(case_no) if e.withdrawn_on == withdrawn_on]
        return min(found, key=lambda entry: entry.number, default=None)

    def earlier(self, case_no: str, withdrawn_on: str) -> Entry | None:
        """The latest entry of the same case withdrawn before that day: a dossier opened again continues it."""
        found = [e for e in self._entries_of(case_no) if e.withdrawn_on < withdrawn_on]
        return max(found, key=lambda entry: entry.withdrawn_on, default=None)

    def latest(self, case_no: str) -> Entry | None:
        """The entry of a case that was withdrawn last, supplements apart; None when it has no number."""
        found = [entry for entry in self._entries_of(case_no) if not is_supplement(entry.number)]
        return max(found, key=lambda entry: (entry.withdrawn_on, entry.number), default=None)

    def family(self, number: str) -> tuple[Entry, ...]:
        """The entries of a dossier and of its supplements, by number; ``number`` may be that of any of them."""
        main = main_number(written(number))
        numbers = (main, *(f"{main}-S{place:02d}" for place in range(1, 100)))
        return tuple(entry for each in numbers if (entry := self._entries.get(each)))

    def of_year(self, year: int) -> tuple[Entry, ...]:
        """The entries of a year, by number."""
        return tuple(entry for entry in self if parsed(entry.number).year == year)

    def fonds(self) -> frozenset[str]:
        """Every 全宗号 under which a number was taken."""
        return frozenset(parsed(number).fonds for number in self._entries)

    def take(
        self, case_no: str, withdrawn_on: str, last_day: str, *, fonds: str, category: str, policy: Policy
    ) -> Entry:
        """A new number for a case, one higher than any ever taken in its series; a destroyed one stays taken."""
        year = int(withdrawn_on[:4])
        subject, width = str(policy.numbers["subject"]), int(policy.numbers["width"])
        wanted = Number(fonds, category, year, policy.code, subject, 1, width)
        number = str(replace(wanted, file=self._last.get(wanted.series, 0) + 1))
        before = self.earlier(case_no, withdrawn_on)
        entry = Entry(
            number=number,
            case_no=case_no,
            withdrawn_on=withdrawn_on,
            last_day=last_day,
            continues=before.number if before else "",
        )
        self.put(entry)
        return entry

    def put(self, entry: Entry) -> None:
        """Replace the entry of a number, or add one that another repository gave."""
        if (before := self._entries.get(entry.number)) is None:
            number = parsed(entry.number)
            self._last[number.series] = max(number.file, self._last.get(number.series, 0))
        elif before.case_no != entry.case_no:
            del self._by_case[before.case_no][entry.number]
        self._entries[entry.number] = entry
        self._by_case.setdefault(entry.case_no, {})[entry.number] = entry

    def _entries_of(self, case_no: str) -> list[Entry]:
        """The entries of a case by number, found without a walk through a register of many years."""
        return sorted(self._by_case.get(case_no, {}).values(), key=lambda entry: entry.number)

    def save(self) -> None:
        """Write the register whole or not at all. Raises FormgenError when the disk refuses."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(HEADINGS)
        rows.writerows(_row(entry) for entry in self)
        write.put(self.path, text.getvalue().encode("utf-8-sig"))


def load(path: Path) -> Register:
    """The register at `path`, empty when there is none. Raises FormgenError when it cannot be read."""
    return Register(path, entries(path))


def entries(path: Path) -> Iterator[Entry]:
    """The entries at `path` in the order they are written, one at a time. Raises FormgenError as ``load`` does."""
    if not path.exists():
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        try:
            if tuple(next(rows, ())) != HEADINGS:
                raise _torn(path)
            for row in rows:
                if len(row) != len(HEADINGS):
                    raise _torn(path)
                yield _entry(row)
        except (UnicodeDecodeError, csv.Error) as wrong:
            raise _torn(path) from wrong


def _torn(path: Path) -> FormgenError:
    return FormgenError(Finding("E770", Place(path.name)))


def gaps(numbers: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """The running numbers that are missing, by series as text; empty when every series runs from 1 without gaps."""
    seen: dict[str, set[int]] = {}
    for number in map(parsed, numbers):
        seen.setdefault(str(replace(number, file=0))[: -number.width].rstrip("-"), set()).add(number.file)
    missing = {series: tuple(sorted(set(range(1, max(files) + 1)) - files)) for series, files in seen.items()}
    return {series: files for series, files in missing.items() if files}


def _row(entry: Entry) -> tuple[str, ...]:
    return (
        entry.number,
        entry.case_no,
        entry.withdrawn_on,
        entry.last_day,
        entry.state,
        entry.items,
        entry.pages,
        entry.digest,
        entry.extended_to,
        entry.continues,
    )


def _entry(row: list[str]) -> Entry:
    keys = (
        "number",
        "case_no",
        "withdrawn_on",
        "last_day",
        "state",
        "items",
        "pages",
        "digest",
        "extended_to",
        "continues",
    )
    return Entry(**dict(zip(keys, row, strict=True)))
