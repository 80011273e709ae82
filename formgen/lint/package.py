"""What a template file holds beside its text: is it a Word file at all, and does anything in it act by itself."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from formgen.model import Finding, Place

MOST_BYTES = 60_000_000  # unpacked, all parts together
MOST_RATIO = 300
MOST_PARTS = 3000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT_PARTS = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
#: fields that fetch or run something when the paper is opened
_ACTING = re.compile(r"\s*(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|MACROBUTTON|DATABASE|RD)\b", re.I)
_MERGE = re.compile(r"\s*MERGEFIELD\s+(\"[^\"]*\"|\S+)", re.I)
_SAFE_TARGET = re.compile(r"(?:https?|mailto|tel):", re.I)


class NoTemplate(Exception):
    """The file cannot be checked further; ``finding`` says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Template:
    """A template file taken apart: its members (of XML the content too), and the trees of the parts that hold text."""

    name: str
    members: dict[str, bytes]
    trees: dict[str, Any]


def opened(name: str, content: bytes) -> Template:
    """The template taken apart. Raises NoTemplate when it is no sound Word file."""
    if content.startswith(_OLE):
        raise NoTemplate(_bad(name, "E401", "X961"))
    try:
        members = _members(name, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        raise NoTemplate(_bad(name, "E401", "X962")) from None
    if "word/document.xml" not in members and not any(_TEXT_PARTS.fullmatch(each) for each in members):
        raise NoTemplate(_bad(name, "E401", "X963"))
    trees = {}
    for part in sorted(each for each in members if _TEXT_PARTS.fullmatch(each)):
        trees[part] = _tree(name, part, members[part])
    return Template(name, members, trees)


def hazards(template: Template) -> Iterator[Finding]:
    """Everything in the package that acts by itself or tells what it should not, in the order of its parts."""
    place = Place(file=template.name)
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in template.members):
        yield Finding("E422", place)
    if any(name.startswith(("word/embeddings/", "word/activeX/")) for name in template.members):
        yield Finding("E426", place)
    if any(name.startswith("word/comments") for name in template.members):
        yield Finding("W427", place)
    for name, member in sorted(template.members.items()):
        if name.endswith(".rels"):
            yield from _relations(template.name, name, member)
    for part, tree in template.trees.items():
        yield from _inside(template.name, part_name(part), tree)


def part_name(part: str) -> str:
    """What a clerk calls that part."""
    for key, words in (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注")):
        if part.startswith(f"word/{key}"):
            return words
    return "正文"


def merge_fields(tree: Any) -> list[str]:
    """The names of Word's own mail merge fields in a part."""
    return [found[1].strip('"') for code in instructions(tree) if (found := _MERGE.match(code))]


def instructions(tree: Any) -> list[str]:
    """The codes of all fields of a part; a code that is split over runs is joined."""
    codes = [element.get(_W + "instr") or "" for element in tree.iter(_W + "fldSimple")]
    open_codes: list[str] = []
    for element in tree.iter(_W + "fldChar", _W + "instrText"):
        if element.tag == _W + "instrText":
            if open_codes:
                open_codes[-1] += element.text or ""
            else:
                codes.append(element.text or "")
            continue
        kind = element.get(_W + "fldCharType")
        if kind == "begin":
            open_codes.append("")
        elif open_codes and kind in ("separate", "end"):
            codes.append(open_codes.pop() if kind == "end" else open_codes[-1])
    return [code for code in (*codes, *open_codes) if code.strip()]


def _members(name: str, content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()
        names = [entry.filename for entry in entries]
        size = sum(entry.file_size for entry in entries)
        if size > MOST_BYTES or len(entries) > MOST_PARTS or size > max(len(content) * MOST_RATIO, 10_000_000):
            raise NoTemplate(_bad(name, "E402", "X964"))
        if len(set(names)) < len(names):
            raise NoTemplate(_bad(name, "E402", "X965"))
        members = {}
        for entry in entries:
            is_text = entry.filename.endswith((".xml", ".rels"))
            members[entry.filename] = package.read(entry) if is_text else b""
        return members


def _tree(name: str, part: str, member: bytes) -> Any:
    if b"<!DOCTYPE" in member[:4096] or b"<!ENTITY" in member:
        raise NoTemplate(_bad(name, "E402", "X966"))
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        return etree.fromstring(member, parser)
    except etree.XMLSyntaxError:
        raise NoTemplate(Finding("E409", Place(file=name, sheet=part_name(part)))) from None


def _bad(name: str, code: str, why: str) -> Finding:
    return Finding(code, Place(file=name), {"why": why})


def _relations(file: str, name: str, member: bytes) -> Iterator[Finding]:
    try:
        root = etree.fromstring(member, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        yield Finding("E409", Place(file=file, sheet=name))
        return
    for relation in root:
        if not isinstance(relation.tag, str):
            continue
        kind = (relation.get("Type") or "").rpartition("/")[2]
        target = relation.get("Target") or ""
        is_link = kind == "hyperlink" and _SAFE_TARGET.match(target)
        if relation.get("TargetMode") == "External" and not is_link:
            yield Finding("E423", Place(file=file), {"kind": kind, "target": target[:60]})
        elif kind == "aFChunk":
            yield Finding("E425", Place(file=file))


def _inside(file: str, where: str, tree: Any) -> Iterator[Finding]:
    place = Place(file=file, sheet=where)
    for code in dict.fromkeys(instructions(tree)):
        if found := _ACTING.match(code):
            yield Finding("E424", place, {"field": found[1].upper()})
    changes = sum(1 for _ in tree.iter(_W + "ins", _W + "del", _W + "moveFrom", _W + "moveTo"))
    if changes:
        yield Finding("W428", place, {"count": str(changes)})
