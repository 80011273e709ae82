"""The figures of the law: dated, cited, by area; numbers of the documents, standards of a place, choices of a city.

Nothing here decides. A figure nobody set is None, never the last known value and never a wider area's.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path

from formgen import tomlfile
from formgen.household import Setting, Standard
from formgen.messages import FormgenError
from formgen.model import Finding, Line, Place

#: The figures of a place, as the attributes of ``Standard`` name them.
FIGURES = ("subsistence_line", "minimum_wage", "rural_income", "housing_area")
_FIGURE_KEYS = frozenset(("since", "value", "unit", "source", "checked"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated entry of a figure or choice; ``value`` is None where two entries of one day contradict each other."""

    since: date
    value: int | Decimal | str | None
    source: str
    area: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """Everything in force for one case: numbers of the documents, figures of its places, choices of its city.

    Figures are None when nobody set them. ``choices`` maps a subject to its word or number, None when undecided.
    Multiples are (numerator, denominator). ``notice_days`` are the working days a notice is posted at least, by the
    documents or, where it asks for more, by the city. ``has_supplement`` says whether 75号 applies on the day.
    """

    on: date
    has_supplement: bool
    line: Line | None
    home_line: Line | None
    wage: Line | None
    rural: Line | None
    housing: Decimal | None
    choices: Mapping[str, str | None]
    near: tuple[int, int]
    accident: tuple[int, int]
    provincial: tuple[int, int]
    city: tuple[int, int] | None
    months_below: int
    homes: int
    refusals: int
    banned_years: int
    notice_days: int
    labour_months: int
    excepted_homes: int
    excepted_cars: int
    car_price: int


@dataclass(frozen=True, slots=True)
class Law:
    """The law with the figures and choices of its places; ``findings`` name rows that could not be used.

    ``digest`` is a SHA-256 over every number, figure and choice: two equal digests decide alike.
    """

    figures: Mapping[tuple[str, str], tuple[Entry, ...]]
    settings: Mapping[tuple[str, str], tuple[Entry, ...]]
    findings: tuple[Finding, ...]
    digest: str
    _cache: dict = field(default_factory=dict, repr=False, compare=False)

    @property
    def until(self) -> date:
        """The last day up to which the rules were collected."""
        return _pack()["pack"]["until"]

    def local(self, area: str | None, home: str | None, on: date) -> Local:
        """What is in force on a day for a case of ``area`` whose family lives in ``home`` (None: the same)."""
        key = (area, home, on)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = self._local(area or "", home or area or "", on)
        return found

    def _local(self, area: str, home: str, on: date) -> Local:
        choices = {subject: self._choice(subject, area, on) for subject in subjects()}
        housing = _in_force(self.figures.get(("housing_area", area), ()), on)
        return Local(
            on=on,
            has_supplement=on >= _pack()["pack"]["supplement_since"],
            line=self._line("subsistence_line", _with_city(area), on),
            home_line=self._line("subsistence_line", _with_city(home), on),
            wage=self._line("minimum_wage", _with_province(home), on),
            rural=self._line("rural_income", (home,), on),
            housing=housing.value if housing and isinstance(housing.value, Decimal) else None,
            choices=choices,
            city=_city_multiple(choices["市总级倍数"], on),
            notice_days=int(Decimal(choices["公示工作日"] or _constant("notice_days", on))),
            **_numbers(on),
        )

    def _line(self, figure: str, areas: tuple[str, ...], on: date) -> Line | None:
        for area in areas:
            entry = _in_force(self.figures.get((figure, area), ()), on)
            if entry is not None:
                return (
                    Line(entry.value, entry.since, entry.source, entry.area) if isinstance(entry.value, int) else None
                )
        return None

    def _choice(self, subject: str, area: str, on: date) -> str | None:
        for place in _with_city(area):
            chosen = _in_force(self.settings.get((subject, place), ()), on)
            if chosen is not None:
                return str(chosen.value) if chosen.value is not None else None
        return subjects()[subject].get("default", _NUMBER_UNSET if subjects()[subject].get("number") else None)


#: What a number nobody set reads as; None is kept for rows that contradict each other.
_NUMBER_UNSET = ""


def load(standards: Iterable[Standard] = (), settings: Iterable[Setting] = (), *, folder: Path | None = None) -> Law:
    """The law, overlaid with the rows of 当地标准 and 当地设置.

    ``folder`` holds figures of places as TOML files named by their GB/T 2260 code, the package's own when None, which
    ships none. Raises FormgenError when our own files contradict themselves; rows of the workbook that cannot be used
    become findings.
    """
    figures = _folder_figures(folder or Path(str(files("formgen") / "rules" / "figures")))
    findings: list[Finding] = []
    rows: dict[tuple[str, str], list[Entry]] = {}
    for row in standards:
        for figure in FIGURES:
            value = getattr(row, figure)
            if value is not None:
                published = Entry(row.since, value, row.source or "", row.area)
                _add(rows, (figure, row.area), published, findings, Place("", "当地标准", str(row.row)))
    chosen: dict[tuple[str, str], list[Entry]] = {}
    for choice in settings:
        entry = _chosen(choice, findings)
        if entry is not None:
            place = Place("", "当地设置", str(choice.row))
            _add(chosen, (choice.subject, choice.area), entry, findings, place)
    merged = {key: _overlaid(figures.get(key, ()), rows.get(key, ())) for key in {**figures, **rows}}
    made = {key: _overlaid((), entries) for key, entries in chosen.items()}
    return Law(merged, made, tuple(findings), _digest(merged, made))


def _chosen(row: Setting, findings: list[Finding]) -> Entry | None:
    known = subjects().get(row.subject)
    place = Place("", "当地设置", str(row.row))
    if known is None:
        findings.append(Finding("E801", place, {"subject": row.subject}))
        return None
    word = row.choice.strip()
    is_good = _is_allowed(word, known, row.since)
    if not is_good:
        findings.append(Finding("E802", place, {"subject": row.subject, "allowed": _allowed(known, row.since)}))
    elif known.get("effect") == "none":
        findings.append(Finding("W803", place, {"subject": row.subject}))
    return Entry(row.since, word if is_good else None, row.source or "", row.area)


def _is_allowed(word: str, known: Mapping, on: date) -> bool:
    """Whether a choice is one of its subject's words, or a number as large as the documents ask."""
    if known.get("text"):
        return True
    if not known.get("number"):
        return word in known["choices"]
    number = _number(word)
    if number is None or "least" not in known:
        return number is not None
    return number == int(number) and number >= int(_constant(known["least"], on))


def _allowed(known: Mapping, on: date) -> str:
    if "least" in known:
        return f"不小于 {_constant(known['least'], on)} 的整数"
    return "数字" if known.get("number") else " / ".join(known["choices"])


def _add(rows: dict, key: tuple[str, str], entry: Entry, findings: list[Finding], place: Place) -> None:
    """Add an entry; a second one of the same day is told, and makes the figure unusable when the values differ."""
    before = rows.setdefault(key, [])
    for index, other in enumerate(before):
        if other.since == entry.since:
            findings.append(Finding("E803", place, {"area": entry.area, "since": entry.since.isoformat()}))
            if other.value != entry.value:
                before[index] = Entry(other.since, None, other.source, other.area)
            return
    before.append(entry)


def _overlaid(base: Iterable[Entry], over: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted({**{e.since: e for e in base}, **{e.since: e for e in over}}.values(), key=lambda e: e.since))


def _in_force(entries: Iterable[Entry], on: date) -> Entry | None:
    """The last entry that had begun by ``on``; None when there is none yet."""
    found = None
    for entry in entries:
        if entry.since > on:
            break
        found = entry
    return found


def city_of(area: str) -> str:
    """The part of an area up to its first 市: 合肥市包河区 → 合肥市; the area itself when it names no city."""
    return area[: area.index("市") + 1] if "市" in area else area


def _with_city(area: str) -> tuple[str, ...]:
    return (area, city_of(area))


def _with_province(area: str) -> tuple[str, ...]:
    """Whose minimum wage counts: the county's, else that of the city or province that set it."""
    return (area, city_of(area), area[: area.index("省") + 1]) if "省" in area else _with_city(area)


def _city_multiple(choice: str | None, on: date) -> tuple[int, int] | None:
    if choice is None:
        return None
    return _ratio(choice or str(_constant("city", on)))


def _ratio(number: str) -> tuple[int, int]:
    fraction = Fraction(number)
    return fraction.numerator, fraction.denominator


def _number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value > 0 else None


def _numbers(on: date) -> dict:
    """The numbers of the documents on a day; those that came later read as in their first entry and are not asked."""
    counts = ("months_below", "homes", "refusals", "banned_years", "labour_months", "excepted_homes", "excepted_cars")
    multiples = (("near", "near_line"), ("accident", "accident"), ("provincial", "provincial"))
    made: dict = {name: _ratio(_constant(key, on)) for name, key in multiples}
    made |= {name: int(_constant(name, on)) for name in counts}
    return made | {"car_price": int(Decimal(_constant("car_price", on)) * 100)}


def _constant(name: str, on: date) -> str:
    entries = _pack()[name]
    begun = [entry for entry in entries if entry.get("since", date.min) <= on]
    return (begun or entries[:1])[-1]["value"]


def figure(name: str) -> Mapping[str, object]:
    """One number of the documents with unit and source, as it stands in ``figures/anhui.toml``."""
    return _pack()[name][-1]


def pack_name() -> str:
    """The name of the rules and the instruments they come from."""
    pack = _pack()["pack"]
    return f"{pack['name']}（{pack['main']}、{pack['supplement']}）"


@cache
def _pack() -> Mapping:
    raw = tomllib.loads((files("formgen") / "rules" / "figures" / "anhui.toml").read_text(encoding="utf-8"))
    for name, entries in raw.items():
        if name != "pack":
            _check_entries("anhui.toml", name, entries)
    return raw


@cache
def subjects() -> Mapping[str, dict]:
    """Every choice a city may make: subject → its words, what holds without one, and the doubt it settles."""
    return tomllib.loads((files("formgen") / "rules" / "settings.toml").read_text(encoding="utf-8"))


def _check_entries(file: str, name: str, entries: list[dict]) -> None:
    days = [entry.get("since") for entry in entries]
    if len(set(days)) != len(days):
        raise FormgenError(Finding("E809", Place(file), {"name": name}))
    for entry in entries:
        if unknown := set(entry) - _FIGURE_KEYS:
            raise FormgenError(Finding("E810", Place(file), {"name": name, "key": sorted(unknown)[0]}))
        if not entry.get("source") or "value" not in entry:
            raise FormgenError(Finding("E811", Place(file), {"name": name}))


def _folder_figures(folder: Path) -> dict[tuple[str, str], tuple[Entry, ...]]:
    """Figures of places from ``<code>.toml`` files: area = "…" and lists of entries by figure."""
    found: dict[tuple[str, str], tuple[Entry, ...]] = {}
    for path in sorted(folder.glob("[0-9]*.toml")):
        raw = tomlfile.read(path)
        area = raw.pop("area", None)
        if not area or (unknown := set(raw) - set(FIGURES)):
            wrong = "area" if not area else sorted(unknown)[0]
            raise FormgenError(Finding("E812", Place(path.name), {"name": wrong}))
        for name, entries in raw.items():
            _check_entries(path.name, name, entries)
            if any("since" not in entry for entry in entries) or (name, area) in found:
                raise FormgenError(Finding("E813", Place(path.name), {"name": name}))
            made = [Entry(e["since"], _figure_value(name, e["value"]), e["source"], area) for e in entries]
            found[(name, area)] = _overlaid((), made)
    return found


def _figure_value(name: str, value: object) -> int | Decimal:
    amount = Decimal(str(value))
    return amount if name == "housing_area" else int(amount * 100)


def _digest(figures: Mapping, settings: Mapping) -> str:
    parts = [repr(_pack()), repr(sorted(subjects())), repr(sorted(figures.items())), repr(sorted(settings.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
