"""Check a Word template: everything wrong with it at once, each with its place, in a clerk's words.

What can be seen in the text comes from ``lint_tags``, what stands around it from ``lint_package``. Here the tags of all
paragraphs are put together: blocks, loops, fields. Last the template is tried, if nothing forbids it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import jinja2

from formgen import word
from formgen.lint import columns
from formgen.lint.lost import lost
from formgen.lint.package import NoTemplate, Template, hazards, merge_fields, opened, part_name
from formgen.lint.places import Paragraph, paragraphs
from formgen.lint.tags import Fault, Tag, is_heading, nearest, tags
from formgen.model import Finding, Place
from formgen.papers import kinds
from formgen.word.fallback import Refused
from formgen.word.source import NoWord
from formgen.word.uses import Use

_ENDS = {"endif": "if", "endfor": "for"}
MOST = 200  # problems told of one template


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding with the paragraph it stands in, from which character to which, and its repair where that is plain."""

    finding: Finding
    paragraph: Paragraph | None = None
    start: int = 0
    end: int = 0
    repair: str | None = None


@dataclass(slots=True)
class _Open:
    """A block that has begun: its tag, where, and the name its loop gives to an item."""

    tag: Tag
    paragraph: Paragraph
    is_alone: bool
    items: Mapping[str, str] = field(default_factory=dict)


def check(
    name: str, content: bytes, *, known: Mapping[str, str], sample: Mapping[str, object] | None = None
) -> tuple[Problem, ...]:
    """Every problem of a template file, in reading order, then those of the trial. ``known`` maps tags to explanations.

    With a ``sample`` the template is filled with it, and what stays empty is told.
    """
    try:
        template = opened(name, content)
    except NoTemplate as wrong:
        return (Problem(wrong.finding),)
    reading = _Reading(template, known)
    problems = [*map(Problem, hazards(template)), *reading.problems()][:MOST]
    if not reading.count and not problems:
        problems.append(Problem(Finding("W418", Place(file=name))))
    elif reading.count and not any(problem.finding.is_error or problem.finding.code == "W414" for problem in problems):
        problems += map(Problem, _trial(name, content, sample))
    return tuple(problems)


def used(name: str, content: bytes) -> tuple[str, ...]:
    """The fields a template asks for, 表.列 for a column of a list, in reading order. Raises NoTemplate."""
    found: dict[str, None] = {}
    loops: dict[str, str] = {}
    for paragraph in paragraphs(opened(name, content)):
        for tag in tags(paragraph.text)[0]:
            for asked in tag.names:
                root, dot, rest = asked.partition(".")
                found[f"{loops[root]}{dot}{rest}" if root in loops else asked] = None
            if tag.target:
                loops[tag.target] = tag.source
    return tuple(each for each in found if not each.startswith("loop."))


class _Reading:
    """One reading of a template from its first paragraph to its last."""

    def __init__(self, template: Template, known: Mapping[str, str]) -> None:
        self.template, self.known = template, known
        self.blocks: list[_Open] = []
        self.past: dict[str, str] = {}  # the items of the loops read so far, each with its list
        self.count = 0  # tags read

    def problems(self) -> Iterator[Problem]:
        """Every problem of the text."""
        part = ""
        read: list[tuple[Paragraph, tuple[Tag, ...]]] = []
        for paragraph in paragraphs(self.template):
            if paragraph.part != part:
                yield from self._unclosed()
                part = paragraph.part
                yield from self._merge_fields(part)
            found, faults = tags(paragraph.text)
            self.count += len(found)
            read.append((paragraph, found))
            yield from (self._problem(fault, paragraph) for fault in faults)
            for tag in found:
                yield from self._tag(tag, paragraph)
        yield from self._unclosed()
        yield from (self._problem(fault, paragraph) for paragraph, fault in lost(read))

    def _problem(self, fault: Fault, paragraph: Paragraph) -> Problem:
        place = Place(
            file=self.template.name,
            sheet=part_name(paragraph.part) + paragraph.where,
            heading=paragraph.around(fault.start, fault.end),
        )
        return Problem(Finding(fault.code, place, fault.values), paragraph, fault.start, fault.end, fault.repair)

    def _merge_fields(self, part: str) -> Iterator[Problem]:
        place = Place(file=self.template.name, sheet=part_name(part))
        for name in dict.fromkeys(merge_fields(self.template.trees[part])):
            yield Problem(Finding("W414", place, {"tag": f"MERGEFIELD {name}"}))

    def _tag(self, tag: Tag, paragraph: Paragraph) -> Iterator[Problem]:
        words = [use for use in tag.uses if self._is_unquoted(use)]
        for name in tag.names:
            if not any(name in use.words for use in words):
                yield from self._name(name, tag, paragraph)
        yield from (self._problem(columns.unquoted(tag, use), paragraph) for use in words)
        yield from (self._problem(fault, paragraph) for fault in self._misuses(tag))
        if tag.scope in ("tr", "tc") and not paragraph.row:
            yield self._problem(Fault("E411", tag.start, tag.end, {"tag": tag.text, "scope": tag.scope}), paragraph)
        if tag.word in ("if", "for"):
            is_alone = paragraph.text.strip() == tag.text.strip()
            items = {tag.target: tag.source} if tag.target else {}
            self.past |= items
            self.blocks.append(_Open(tag, paragraph, is_alone, items))
        elif tag.word in ("elif", "else") and not self.blocks:
            yield self._problem(Fault("E405", tag.start, tag.end, {"tag": tag.text, "other": "if"}), paragraph)
        elif tag.word in _ENDS:
            yield from self._end(tag, paragraph)

    def _misuses(self, tag: Tag) -> Iterator[Fault]:
        """What the tag does with columns that their values cannot do."""
        for use in tag.uses:
            kind = kinds.kind(self._whole(use.name), self.known)
            if kind is not None and (fault := columns.fault(tag, use, kind)) is not None:
                yield fault

    def _is_unquoted(self, use: Use) -> bool:
        """Whether a known field is compared with a name that nobody knows."""
        if use.how != "name" or kinds.kind(self._whole(use.name), self.known) is None:
            return False
        return not any("." in word or word in self.known or word in self._items() for word in use.words)

    def _items(self) -> Mapping[str, str]:
        """The items of the loops that are open, each with its list."""
        return {target: source for block in self.blocks for target, source in block.items.items()}

    def _whole(self, name: str) -> str:
        """A name with its list in place of the loop's item."""
        root, dot, rest = name.partition(".")
        return f"{self._items().get(root, root)}{dot}{rest}"

    def _end(self, tag: Tag, paragraph: Paragraph) -> Iterator[Problem]:
        word = _ENDS[tag.word]
        if not self.blocks or self.blocks[-1].tag.word != word:
            yield self._problem(Fault("E405", tag.start, tag.end, {"tag": tag.text, "other": word}), paragraph)
            return
        begun = self.blocks.pop()
        is_alone = begun.is_alone and paragraph.text.strip() == tag.text.strip()
        if begun.tag.scope or tag.scope or begun.paragraph.number == paragraph.number:
            return
        if begun.paragraph.row == paragraph.row and begun.paragraph.cell != paragraph.cell:
            values = {"tag": begun.tag.text, "word": word}
            yield self._problem(Fault("E637", begun.tag.start, begun.tag.end, values), begun.paragraph)
            return
        code, scope = "", ""
        if begun.paragraph.row != paragraph.row and begun.paragraph.row and paragraph.row:
            code, scope = "E412", "{%tr"
        elif is_alone and begun.paragraph.row == paragraph.row:
            code, scope = "W415", "{%p"
        for each, at in ((begun.tag, begun.paragraph), (tag, paragraph)) if code else ():
            repair = each.text.replace("{%", scope, 1) if is_alone else None
            yield self._problem(Fault(code, each.start, each.end, {"tag": each.text, "word": each.word}, repair), at)

    def _unclosed(self) -> Iterator[Problem]:
        for begun in self.blocks:
            values = {"tag": begun.tag.text, "other": f"end{begun.tag.word}"}
            yield self._problem(Fault("E405", begun.tag.start, begun.tag.end, values), begun.paragraph)
        self.blocks = []

    def _name(self, name: str, tag: Tag, paragraph: Paragraph) -> Iterator[Problem]:
        """A problem when nobody knows the field; fields of a loop's item are those of its list."""
        root, _, rest = name.partition(".")
        items = self._items()
        if root == "loop" or (root in items and not rest):
            return
        whole = f"{items[root]}.{rest}" if root in items else name
        if rest and root not in items and (source := self.past.get(root) or self._list(root)):
            item = root if root in self.past else "行"
            values = {"name": name, "source": source, "item": item, "column": rest}
            yield self._problem(Fault("W685", tag.start, tag.end, values), paragraph)
            return
        if whole in self.known or (root in items and not self._has_columns(items[root])):
            return
        near = self._nearest(rest, items[root]) if root in items else nearest(name, self.known)
        shown = near.rpartition(".")[2] if root in items else near
        values = {"name": name, "hint": "X975" if near else "X976", "near": shown}
        is_same = root not in items and is_heading(name, near)
        repair = tag.text.replace(name, near, 1) if is_same else None
        yield self._problem(Fault("W421", tag.start, tag.end, values, repair), paragraph)

    def _nearest(self, column: str, source: str) -> str:
        """The column of the same list that was most likely meant."""
        columns = {each.removeprefix(source + "."): "" for each in self.known if each.startswith(source + ".")}
        near = nearest(column, columns)
        return f"{source}.{near}" if near else ""

    def _list(self, name: str) -> str:
        """The name itself when it is that of a list, else nothing."""
        kind = kinds.kind(name, self.known)
        return name if kind is not None and kind.name == "list" else ""

    def _has_columns(self, source: str) -> bool:
        return any(each.startswith(source + ".") for each in self.known)


def _trial(name: str, content: bytes, sample: Mapping[str, object] | None) -> Iterator[Finding]:
    """Compile the template, prove every branch against docxtpl, fill it with the sample."""
    place = Place(file=name)
    try:
        template = word.WordTemplate(name, content)
        template.trial()
    except Refused as wrong:
        yield Finding("E416", place, {"why": "X967", "what": wrong.breach.what})
        return
    except jinja2.TemplateError:
        yield Finding("E416", place, {"why": "X968"})
        return
    except NoWord:
        yield Finding("E401", place, {"why": "X969"})
        return
    yield from template.findings
    if sample is not None:
        filled = template.fill(sample)
        yield from (found for found in filled.findings if found.code != "W434")  # W421 tells it by place, W429 by name
        if filled.missing:
            yield Finding("W429", place, {"tags": "、".join(filled.missing)})
