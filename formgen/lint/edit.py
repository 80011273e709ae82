"""Change a template file by what its check found: repair what is plain, or mark every problem with a comment.

The file itself stays; both return the bytes of a new one.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from lxml import etree

from formgen.lint import Problem, check
from formgen.lint.package import part_name
from formgen.lint.places import W
from formgen.messages import words
from formgen.model import Finding, Place

ROUNDS = 5  # a repair may uncover another
_XML = "{http://www.w3.org/XML/1998/namespace}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
AUTHOR, MOMENT = "formgen", "2000-01-01T00:00:00Z"


def repaired(name: str, content: bytes, *, known: Mapping[str, str]) -> tuple[bytes, tuple[Finding, ...]]:
    """The template with every plain repair made, and each repair as R417, old → new. Nothing to repair: as it was."""
    made: list[Finding] = []
    for _ in range(ROUNDS):
        plain = [problem for problem in check(name, content, known=known) if problem.repair is not None]
        chosen = _apart(plain)
        if not chosen:
            break
        for problem in chosen:
            made.append(_repair(problem))
        content = _rewritten(content, _parts(chosen))
    return content, tuple(made)


def annotated(content: bytes, problems: Sequence[Problem], *, lang: str = "zh") -> bytes:
    """The template with a comment and a highlight at each problem of its body; the others in a comment at its head."""
    body = [each for each in problems if each.paragraph is not None and part_name(each.paragraph.part) == "正文"]
    others = [each for each in problems if each not in body]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        main = next((each for each in package.namelist() if each.startswith("word/document")), "")
        members = {each: package.read(each) for each in package.namelist()}
    if not main:
        return content
    tree = _tree(body, members[main])
    comments = _comments(members)
    numbers = count(1 + max((int(each.get(W + "id", "0")) for each in comments), default=-1))
    for problem in reversed(body):
        _mark(problem, _comment(comments, next(numbers), [problem], lang))
    if others:
        number = _comment(comments, next(numbers), others, lang)
        head = next(tree.iter(W + "p"), None)
        if head is not None:
            _reference(head, number, *([*head.iter(W + "r")][:1] * 2))
    return _rewritten(content, {main: _bytes(tree)} | _with_comments(members, main, comments))


def _apart(problems: Iterable[Problem]) -> list[Problem]:
    """The repairs that do not overlap, from the end of each paragraph, so that places stay true."""
    chosen: list[Problem] = []
    taken: dict[tuple[str, int], int] = {}
    for problem in sorted(problems, key=lambda each: -each.end):
        paragraph = problem.paragraph
        if paragraph is None or problem.end > taken.get((paragraph.part, paragraph.number), problem.end):
            continue
        taken[paragraph.part, paragraph.number] = problem.start
        chosen.append(problem)
    return chosen


def _repair(problem: Problem) -> Finding:
    paragraph, new = problem.paragraph, problem.repair or ""
    if paragraph is None:
        raise ValueError("a repair stands in a paragraph")
    old = paragraph.text[problem.start : problem.end]
    is_first = True
    for at, element in paragraph.texts:
        text = element.text or ""
        left, right = max(problem.start - at, 0), min(problem.end - at, len(text))
        if left >= right:
            continue
        element.text = text[:left] + (new if is_first else "") + text[right:]
        element.set(_XML + "space", "preserve")
        is_first = False
    place = Place(file=problem.finding.place.file, sheet=problem.finding.place.sheet)
    return Finding("R417", place, {"old": old, "new": new})


def _parts(problems: Iterable[Problem]) -> dict[str, bytes]:
    """The changed parts of the problems' paragraphs."""
    found = {}
    for problem in problems:
        if problem.paragraph is not None:
            found[problem.paragraph.part] = _bytes(problem.paragraph.texts[0][1].getroottree().getroot())
    return found


def _tree(problems: Sequence[Problem], member: bytes) -> Any:
    for problem in problems:
        if problem.paragraph is not None and problem.paragraph.texts:
            return problem.paragraph.texts[0][1].getroottree().getroot()
    return etree.fromstring(member, etree.XMLParser(resolve_entities=False))


def _mark(problem: Problem, number: int) -> None:
    """Highlight the runs of a problem and set its comment round them."""
    if problem.paragraph is None:
        return
    runs = [run for at, element in problem.paragraph.texts if (run := _cut(problem, at, element)) is not None]
    for run in runs:
        properties = run.find(W + "rPr")
        if properties is None:
            properties = etree.Element(W + "rPr")
            run.insert(0, properties)
        for old in properties.findall(W + "highlight"):
            properties.remove(old)
        etree.SubElement(properties, W + "highlight", {W + "val": "yellow"})
    if runs:
        _reference(runs[0].getparent(), number, runs[0], runs[-1])


def _cut(problem: Problem, at: int, element: Any) -> Any:
    """The run that holds this text's share of a problem, cut off from the rest where the run holds nothing else."""
    text, run = element.text or "", element.getparent()
    left, right = max(problem.start - at, 0), min(problem.end - at, len(text))
    if left >= right:
        return None
    others = [child for child in run if child is not element and child.tag != W + "rPr"]
    if others:
        return run
    for piece, before in ((text[:left], True), (text[right:], False)):
        if piece:
            twin = copy.deepcopy(run)
            twin.tail = None
            _set(twin.find(W + "t"), piece)
            run.addprevious(twin) if before else run.addnext(twin)
    _set(element, text[left:right])
    return run


def _set(element: Any, text: str) -> None:
    element.text = text
    element.set(_XML + "space", "preserve")


def _reference(paragraph: Any, number: int, first: Any = None, last: Any = None) -> None:
    """A comment from one run of a paragraph to another, or at the paragraph's end."""
    start = etree.Element(W + "commentRangeStart", {W + "id": str(number)})
    end = etree.Element(W + "commentRangeEnd", {W + "id": str(number)})
    sign = etree.Element(W + "r")
    etree.SubElement(sign, W + "commentReference", {W + "id": str(number)})
    if first is None or last is None:
        paragraph.extend([start, end, sign])
        return
    first.addprevious(start)
    last.addnext(sign)
    last.addnext(end)


def _comment(comments: Any, number: int, problems: Iterable[Problem], lang: str) -> int:
    made = etree.SubElement(
        comments, W + "comment", {W + "id": str(number), W + "author": AUTHOR, W + "date": MOMENT, W + "initials": "f"}
    )
    for problem in problems:
        finding = problem.finding
        place = f"{finding.place.sheet} " if problem.paragraph is None or finding.place.sheet.startswith("页") else ""
        text = f"{place}{finding.code} {words(finding.code, finding.values, lang=lang)}"
        text += words(finding.code, finding.values, lang=lang, part="do")
        run = etree.SubElement(etree.SubElement(made, W + "p"), W + "r")
        etree.SubElement(run, W + "t").text = text
    return number


def _comments(members: Mapping[str, bytes]) -> Any:
    if member := members.get("word/comments.xml"):
        return etree.fromstring(member, etree.XMLParser(resolve_entities=False))
    return etree.Element(W + "comments", nsmap={"w": W[1:-1]})


def _with_comments(members: Mapping[str, bytes], main: str, comments: Any) -> dict[str, bytes]:
    """The comments part, with its type and its relation from the body where they are not there yet."""
    changed = {"word/comments.xml": _bytes(comments)}
    if "word/comments.xml" in members:
        return changed
    types = etree.fromstring(members["[Content_Types].xml"])
    etree.SubElement(types, _TYPES + "Override", PartName="/word/comments.xml", ContentType=_COMMENTS_TYPE)
    name = f"word/_rels/{main.rpartition('/')[2]}.rels"
    empty = f'<Relationships xmlns="{_RELS[1:-1]}"/>'.encode()
    relations = etree.fromstring(members.get(name, empty))
    etree.SubElement(relations, _RELS + "Relationship", Id="rIdFormgen", Type=_COMMENTS, Target="comments.xml")
    return changed | {"[Content_Types].xml": _bytes(types), name: _bytes(relations)}


def _bytes(root: Any) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _rewritten(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The package with some members changed or added; the others byte for byte, times fixed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys((*old.namelist(), *changed)):
            member = changed[name] if name in changed else old.read(name)
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), member, zipfile.ZIP_DEFLATED)
    return made.getvalue()
