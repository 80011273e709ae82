"""The publicity notice: one a grassroots union, its period in working days, its list from the projection alone.

第八条（二）: 公示时间不少于5个工作日; a city may ask for more (AMB-15). The day of posting is not counted; the last day
is printed on it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from formgen import workdays
from formgen.check.posting import last_day
from formgen.household import Union
from formgen.messages import FormgenError
from formgen.model import Document, Finding, Place
from formgen.papers import compose, leaks, publicity
from formgen.papers.forms import Form
from formgen.papers.printed import day
from formgen.papers.publicity import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice before it is written: who posts it, whom it names, from when until when.

    ``days`` are the working days it is posted at least, the most that the place of any of them asks for. ``start`` and
    ``end`` are None while nobody has said when it is posted. An earlier notice of the union is not ``is_latest``.
    """

    union: str
    hotline: str | None
    entries: tuple[Entry, ...]
    days: int
    start: date | None = None
    end: date | None = None
    is_latest: bool = True

    @property
    def take_down(self) -> date | None:
        """The day it must be taken down: the day after the last one."""
        return self.end + timedelta(days=1) if self.end else None

    def tags(self) -> dict[str, object]:
        """The tags of the template; there are no others."""
        return {
            "公示单位": self.union,
            "人数": str(len(self.entries)),
            "公示开始": day(self.start) if self.start else None,
            "公示结束": day(self.end) if self.end else None,
            "公示工作日": str(self.days),
            "监督电话": self.hotline,
            "二维码": None,
            "名单另页": False,  # templates of working folders made before the list began below the seal still ask
            "名单": tuple(_row(number, each) for number, each in enumerate(self.entries, 1)),
        }


def plan(
    entries: Iterable[Entry], unions: Mapping[str, Union], *, start: date | None = None
) -> tuple[tuple[Notice, ...], tuple[Finding, ...]]:
    """The notices of a batch, unions in the order they first appear, and what the union must see to.

    One a union and day of posting: who is added later gets a notice of their own, and the one that was posted stays as
    it was. The one that is still to be posted comes first, then the latest. ``start`` goes before 公示开始日期; where a
    union has households that were never posted, it is theirs, and a posting that was over by then stays as it was.
    Raises workdays.UnknownYear when the period leaves the table of holidays.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.union, []).append(entry)
    notices, found = [], []
    for name, group in groups.items():
        found += _posted_again(name, group, start)
        for place, (first, posted) in enumerate(_by_day(group, start)):
            notice, findings = _planned(name, posted, unions.get(name), first)
            notices.append(replace(notice, is_latest=place == 0))
            found += findings
    return tuple(notices), tuple(found)


def write(
    form: Form, notices: Sequence[Notice], secrets: Iterable[leaks.Secret], *, missing: str = "mark"
) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """The notices as papers; one in which the gate finds anything private is held back with a finding E662.

    ``secrets`` are those of every case of the batch, posted or not. Raises FormgenError when the template asks for a
    tag that is none of a notice's.
    """
    made: dict[str, Document] = {}
    allowed: dict[str, tuple[str, ...]] = {}
    found: list[Finding] = []
    for notice, path in zip(notices, paths(form, notices), strict=True):
        paper, findings = compose.fill(form, notice.tags(), notice.union, missing=missing)
        _refuse_private(form, findings)
        if paper is not None:
            paper = replace(paper, path=path)
            made[paper.path] = paper
            allowed[paper.path] = _open_words(notice)
        told = [_of_notice(each, notice.union, paper) for each in findings]
        found += [each for each in told if each not in found]  # one missing cell of a union, on each of its notices
    gate = leaks.Gate({path: leaks.printed(paper.content) for path, paper in made.items()}, allowed)
    for leak in dict.fromkeys(gate.find(secrets)):
        made.pop(leak.path, None)
        found.append(Finding("E662", Place(file=leak.path), {"kind": leak.kind}, leak.case_no))
    return tuple(made.values()), tuple(found)


def paths(form: Form, notices: Iterable[Notice]) -> tuple[str, ...]:
    """Where each notice goes below the output folder; an earlier one of a union ends with the day it was posted."""
    taken: list[str] = []
    for notice in notices:
        path = form.path(notice.union)
        taken.append(_free(path if notice.is_latest else f"{path.removesuffix('.docx')}-{notice.start}.docx", taken))
    return tuple(taken)


def _posted_again(name: str, group: list[Entry], start: date | None) -> list[Finding]:
    """A note where a start on the command line posts anew what was posted before, for nobody new is on the notice."""
    ended = [last for entry in group if entry.starts and (last := last_of(entry))]
    is_again = start is not None and len(ended) == len(group) and max(ended) < start
    return [Finding("I637", values={"union": name, "last": day(max(ended))})] if is_again else []


def _by_day(group: list[Entry], start: date | None) -> list[tuple[date | None, list[Entry]]]:
    """The households of a union by the day of posting; the day nobody has said yet comes first, then the latest."""
    has_new = any(entry.starts is None for entry in group)
    days: dict[date | None, list[Entry]] = {}
    for entry in group:
        ended = last_of(entry) if start and has_new else None
        own = start is None or (ended is not None and ended < start)
        days.setdefault(entry.starts if own else start, []).append(entry)
    return sorted(days.items(), key=lambda item: item[0] or date.max, reverse=True)


def last_of(entry: Entry) -> date | None:
    """The last day a household was or is posted by its own days; None without them, or where days off are unknown."""
    if entry.starts is None:
        return None
    try:
        return max(last_day(entry.starts, entry.days), entry.ends or entry.starts)
    except workdays.UnknownYear:
        return None


def _of_notice(finding: Finding, union: str, paper: Document | None) -> Finding:
    """A finding about one notice that says which: a value that is missing by its union, a gap by the file it is in."""
    if finding.code == "E430":
        tag = finding.values["tag"]
        return Finding("E669", Place(heading=tag), {"union": union, "tag": tag})
    if finding.code == "W660" and paper is not None:
        return replace(finding, place=Place(file=paper.path))
    return finding


def _free(path: str, taken: Container[str]) -> str:
    """The path, followed by -2, -3 … where two unions share a safe name."""
    stem, number = path.removesuffix(".docx"), 1
    while path in taken:
        number += 1
        path = f"{stem}-{number}.docx"
    return path


def _refuse_private(form: Form, findings: Iterable[Finding]) -> None:
    """Stop before the first page when the template asks for what a notice must not know."""
    for finding in findings:
        if finding.code == "W434":
            tag = finding.values["tag"]
            raise FormgenError(Finding("E475", finding.place, {"tag": tag}))


def _planned(name: str, group: list[Entry], union: Union | None, first: date | None) -> tuple[Notice, list[Finding]]:
    found = [] if first else [Finding("W663", values={"union": name})]
    least = max(entry.days for entry in group)
    end = last_day(first, least) if first else None
    longest = max((entry.ends for entry in group if entry.ends and entry.starts == first), default=None)
    if end and longest and longest < end:
        values = {"union": name, "given": day(longest), "days": str(least), "day": day(end)}
        found.append(Finding("W665", values=values))
    if end and longest and longest > end:
        end = longest
    entries, hotline = publicity.told_apart(group), union.hotline if union else None
    return Notice(union=name, hotline=hotline, entries=entries, days=least, start=first, end=end), found


def _row(number: int, entry: Entry) -> dict[str, object]:
    return {
        "序号": str(number),
        "姓名": entry.name,
        "单位": entry.employer,
        "致困原因": entry.causes,
        "家庭成员": entry.family,
        "收入来源": entry.incomes,
        "困难情况": entry.hardship,
    }


def _open_words(notice: Notice) -> tuple[str, ...]:
    """What is posted on purpose and may also stand in a private cell: a worker may live at the factory gate."""
    employers = {entry.employer for entry in notice.entries}
    return (notice.union, *re.split(r"[、,，;；/或 ]+", notice.hotline or ""), *sorted(employers))
