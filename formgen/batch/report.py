"""汇总/报告.html: one self-contained page that opens without a network; names masked, no number of a person in it.

The page is the same for the same batch. What only concerns the latest run (seconds, what changed) stands in
运行记录/本次.js, which the page shows when it lies there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from formgen import masks, write
from formgen.batch import results
from formgen.model import Finding

LATEST = "本次.js"
_TIERS = {"全总级": "#9c2a22", "省总级": "#c8692b", "市总级": "#b7991f", "待定": "#2b6199", "不符合": "#7a8794"}
_STATES = {"auto": "#2f7d4f", "human": "#2b6199", "insufficient": "#b7791f", "blocked": "#7a8794", "invalid": "#9c2a22"}
_LINE = 28  # from one bar to the next, in the units of a page's pixels
_WRONG = 5  # errors and warnings of a case that the page shows
_MADE = ("W4", "W5", "W6")  # what is met while papers are made, not what the check of the workbook says


@dataclass(frozen=True, slots=True)
class _Chart:
    """The measures of a bar chart, as wide as it is shown: its labels, its longest bar, room for the numbers."""

    labels: int
    bars: int
    numbers: int


_NARROW, _BROAD = _Chart(90, 220, 70), _Chart(240, 420, 140)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the page says of the whole batch: the workbook, its digest, titles of the papers by id, findings."""

    title: str
    digest: str
    papers: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


@dataclass(slots=True)
class Counts:
    """What the page counts of the records."""

    states: Counter[str] = field(default_factory=Counter)
    tiers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    until: str = ""

    def add(self, record: dict) -> None:
        """Count one record."""
        self.states[record["state"]] += 1
        self.tiers[record["decision"]["tier"]] += 1
        self.statuses[record["decision"]["status"]] += 1
        self.until = max(self.until, record["until"])
        self.due.update(record["due"])
        self.made.update(results.made(record))


def put(path: Path, head: Head, counts: Counts, records: Iterable[dict]) -> None:
    """Write the page of `records`, which are counted already. Raises FormgenError when the disk refuses."""
    before, after = _page(head, counts)
    with write.stream(path) as out:
        out.write(before.encode())
        for number, record in enumerate(records):
            out.write((",\n" if number else "\n").encode() + _json(_case(record)).encode())
        out.write(after.encode())


def latest(seconds: float, ended: str, told: Iterable[str]) -> bytes:
    """The side file that tells of the latest run: its seconds, how it ended and one sentence a change."""
    return f"latest({_json({'seconds': f'{seconds:.1f}', 'ended': ended, 'told': list(told)})});\n".encode()


def _page(head: Head, counts: Counts) -> tuple[str, str]:
    """The page before and after the list of cases."""
    words = results.STATUS | {name: results.STATE[name] for name in ("failed", "skipped")}
    shown = {name: counts.made[name] for name in head.papers if counts.due[name]}
    page = Template((files("formgen") / "data" / "report.html").read_text(encoding="utf-8")).substitute(
        title=escape(head.title),
        digest=head.digest[:16],
        until=f"规则截至 {counts.until} · " if counts.until else "",
        cards="".join(_cards(counts)),
        tiers=_bars({name: counts.tiers[name] for name in _TIERS}, _TIERS),
        states=_bars({results.STATUS[name]: counts.statuses[name] for name in _STATES}, dict(_by_word(_STATES))),
        papers=_bars({head.papers[name]: made for name, made in shown.items()}, {}, wholes=_due(head, counts)),
        findings=_findings(head.findings),
        cases="\0",
        words=_json(words),
    )
    before, after = page.split("\0")
    return before, after


def _due(head: Head, counts: Counts) -> dict[str, int]:
    return {head.papers[name]: counts.due[name] for name in head.papers if counts.due[name]}


def _by_word(colours: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    return ((results.STATUS[name], colour) for name, colour in colours.items())


def _cards(counts: Counts) -> Iterator[str]:
    failed = counts.states["invalid"] + counts.states["failed"]
    numbers = (
        ("全部", sum(counts.states.values()), ""),
        ("已制作", counts.states["made"], "good"),
        ("有误", failed, "bad" if failed else ""),
        ("未做", counts.states["skipped"], ""),
        ("应制文书", counts.due.total(), ""),
        ("已制文书", counts.made.total(), ""),
    )
    for label, number, style in numbers:
        yield f'<div class="card {style}"><span class="soft">{label}</span><b>{number:,}</b></div>'


def _bars(counts: Mapping[str, int], colours: Mapping[str, str], *, wholes: Mapping[str, int] | None = None) -> str:
    """A bar chart as inline SVG; with `wholes` each bar stands in the outline of what is due."""
    chart, most = _BROAD if wholes is not None else _NARROW, max([*counts.values(), *(wholes or {}).values(), 1])
    lines = []
    for number, (label, count) in enumerate(counts.items()):
        top, whole, left = number * _LINE, (wholes or {}).get(label), chart.labels + 8
        wide, end = chart.bars * count / most, chart.bars * max(count, whole or 0) / most
        lines.append(f'<text x="{chart.labels}" y="{top + 17}" text-anchor="end">{escape(label)}</text>')
        if whole is not None:
            lines.append(f'<rect x="{left}" y="{top + 4}" width="{end:.1f}" height="18" fill="#dde3ea"/>')
        colour = colours.get(label, "#2f7d4f")
        lines.append(f'<rect x="{left}" y="{top + 4}" width="{wide:.1f}" height="18" fill="{colour}"/>')
        said = f"{count:,}" if whole is None else f"{whole:,} / {count:,}"
        lines.append(f'<text x="{left + end + 8:.1f}" y="{top + 17}">{said}</text>')
    size = chart.labels + 8 + chart.bars + chart.numbers, max(1, len(counts)) * _LINE
    box = f'viewBox="0 0 {size[0]} {size[1]}" style="max-width:{size[0]}px"'
    return f'<svg {box} role="img">{"".join(lines)}</svg>'


def _findings(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return ""
    said = results.sentences([_told(finding) for finding in findings[:100]])
    lines = "".join(f"<li>{escape(sentence)}</li>" for sentence in said)
    return f"<section><h2>整份台账的问题</h2><ul class='flat'>{lines}</ul></section>"


def _told(finding: Finding) -> dict:
    place = {"sheet": finding.place.sheet, "cell": finding.place.cell, "heading": finding.place.heading}
    return {
        "code": finding.code,
        "place": place,
        "values": {k: masks.hide_numbers(v) for k, v in finding.values.items()},
    }


def _case(record: dict) -> list:
    decision = record["decision"]
    return [
        record["case"],
        masks.name(record["name"]),
        record["union"],
        decision["tier"],
        decision["status"],
        decision["branch"] or "",
        decision["post"]["yuan"] if decision["post"] else "",
        decision["score"] or "",
        record["state"],
        len(record["due"]),
        len(results.made(record)),
        masks.hide_numbers("：".join(part for part in record["reason"] if part)),
        results.next_step(record),
        _problems(record["findings"]),
    ]


def _problems(found: list[dict]) -> list[str]:
    """The errors of a case and what making its papers warned of, as sentences; the list of findings has them all."""
    shown = [told for told in found if told["code"].startswith(("E", *_MADE))]
    said = results.sentences(shown)
    more = len(said) - _WRONG
    return [*said[:_WRONG], *([f"……另有 {more} 条，见问题清单"] if more > 0 else [])]


def _json(value: object) -> str:
    """JSON that may stand inside a script of a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
