"""Read a template once: docxtpl's own steps, run over marks in place of values.

Every printed expression and every end of a branch becomes a mark of two non-characters round a number; docxtpl then
does to this text all that it would do to a rendered one. What comes out is the package as docxtpl would write it, with
the marks where values and branches go.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import Part
from docxtpl import DocxTemplate
from jinja2 import meta, nodes
from lxml import etree

from formgen.word import notes, sandbox
from formgen.word.fallback import Refused

OPEN, CLOSE = "\ufdd0", "\ufdd1"
MARK = re.compile(f"{OPEN}([0-9]+){CLOSE}")
_STEP = re.compile(f"({OPEN}[0-9]+{CLOSE})|<(/?)([^\\s/>!?]+)[^>{OPEN}]*?(/?)(?:>|(?={OPEN}))")
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")  # as docxtpl renders them
#: what python-docx raises when a file is no Word document
NO_WORD = (PackageNotFoundError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, OSError)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCPR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DEPTH = {"if": 1, "for": 1, "endif": -1, "endfor": -1}


class NotCompilable(Exception):
    """The template needs docxtpl itself; ``code`` is that of the message that says why."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code} {what}".strip())
        self.code, self.what = code, what


class NoWord(ValueError):
    """The file is no Word document."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at a mark: out (a printed expression), id (a drawing's number) or an end of a branch or loop.

    Kinds of ends: if, elif, else, endif, for, forelse, endfor. ``node`` is the expression, the test or the loop.
    """

    kind: str
    node: nodes.Node | None = None


@dataclass(frozen=True, slots=True)
class Breaks:
    """What docxtpl puts in place of a tab, new paragraph, line break and page break at one mark."""

    tab: str
    paragraph: str
    line: str
    page: str


@dataclass(frozen=True, slots=True)
class Source:
    """The traced template: its package, its marks by number, the breaks at printed marks, the tags it asks
    for, and the syntax trees of its parts in docxtpl's order.
    """

    members: dict[str, bytes]
    marks: tuple[Mark, ...]
    breaks: dict[int, Breaks]
    roots: frozenset[str]
    trees: tuple[nodes.Template, ...]


RAW = ("\t", "", "\n", "")  # breaks outside the text of a run: blanks that Word does not print


def trace(content: bytes) -> Source:
    """Trace the template. Raises NoWord, NotCompilable, Refused and jinja2.TemplateSyntaxError."""
    tracer = Tracer(io.BytesIO(content))
    try:
        tracer.init_docx()
        tracer.docx.core_properties.author  # noqa: B018 - read now what could not be read later
    except NO_WORD:
        raise NoWord from None
    tracer.render({}, sandbox.Environment(), autoescape=True)
    made = io.BytesIO()
    tracer.save(made)
    with zipfile.ZipFile(made) as package:
        members = {name: package.read(name) for name in package.namelist()}
    return Source(members, tuple(tracer.marks), tracer.breaks, frozenset(tracer.roots), tuple(tracer.trees))


class Tracer(DocxTemplate):
    """docxtpl that sets marks instead of rendering."""

    def __init__(self, template_file: io.BytesIO) -> None:
        super().__init__(template_file)
        self.marks: list[Mark] = []
        self.breaks: dict[int, Breaks] = {}
        self.roots: set[str] = set()
        self.trees: list[nodes.Template] = []

    def render_xml_part(self, src_xml: str, part: Part, context: Any, jinja_env: Any = None) -> str:
        """The part's XML with marks; what docxtpl does after rendering is done to it."""
        tree = jinja_env.parse(re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml))
        linear = re.sub(r"\n<w:p([ >])", r"<w:p\1", self._linear(tree))
        for written, meant in (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}")):
            linear = linear.replace(written, meant)
        self._learn_breaks(linear)
        return self.resolve_listing(linear)

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Set marks in the properties that docxtpl renders."""
        properties = self.docx.core_properties
        for name in PROPERTIES:
            linear = self._linear(jinja_env.parse(getattr(properties, name)))
            if len(linear) > 255:
                raise NotCompilable("W453", name)
            self.breaks |= {int(number): Breaks(*RAW) for number in MARK.findall(linear)}
            setattr(properties, name, linear)

    def render_footnotes(self, context: Any, jinja_env: Any = None) -> None:
        """Set marks in footnotes and endnotes."""
        notes.fill(self, context, jinja_env)

    def fix_tables(self, xml: str) -> Any:
        """The tree of the body, parsed strictly; raises NotCompilable where a table's grid depends on the record."""
        try:
            depths = self._depths(etree.fromstring(xml, etree.XMLParser(resolve_entities=False)))
        except etree.XMLSyntaxError:
            raise NotCompilable("W454") from None
        for table in [element for element in depths if element.tag == _W + "tbl"]:
            self._check_grid(table, depths)
        return super().fix_tables(xml)

    def fix_docpr_ids(self, tree: Any) -> None:
        """Number the drawings; where their number depends on the record, a mark numbers them."""
        depths = self._depths(tree)
        drawings = [element for element in depths if element.tag == _DOCPR]
        if not any(depths[drawing] for drawing in drawings):
            super().fix_docpr_ids(tree)
            return
        for drawing in drawings:
            drawing.attrib["id"] = self._mark("id")

    def _mark(self, kind: str, node: nodes.Node | None = None) -> str:
        self.marks.append(Mark(kind, node))
        return f"{OPEN}{len(self.marks) - 1}{CLOSE}"

    def _linear(self, tree: nodes.Template) -> str:
        for breach in sandbox.breaches(tree):
            raise Refused(breach)
        self.trees.append(tree)
        self.roots |= meta.find_undeclared_variables(tree)
        return "".join(self._texts(tree.body))

    def _texts(self, body: Iterable[nodes.Node]) -> Iterator[str]:
        for node in body:
            if isinstance(node, nodes.Output):
                for each in node.nodes:
                    yield self._data(each) if isinstance(each, nodes.TemplateData) else self._mark("out", each)
            elif isinstance(node, nodes.If):
                yield from self._choice(node)
            elif isinstance(node, nodes.For) and not node.recursive and isinstance(node.target, nodes.Name):
                yield from self._loop(node)
            else:
                raise NotCompilable("W451", type(node).__name__)

    def _data(self, data: nodes.TemplateData) -> str:
        if OPEN in data.data or CLOSE in data.data:
            raise NotCompilable("W452")
        return data.data

    def _choice(self, node: nodes.If) -> Iterator[str]:
        yield self._mark("if", node.test)
        yield from self._texts(node.body)
        for other in node.elif_:
            yield self._mark("elif", other.test)
            yield from self._texts(other.body)
        if node.else_:
            yield self._mark("else")
            yield from self._texts(node.else_)
        yield self._mark("endif")

    def _loop(self, node: nodes.For) -> Iterator[str]:
        yield self._mark("for", node)
        yield from self._texts(node.body)
        if node.else_:
            yield self._mark("forelse")
            yield from self._texts(node.else_)
        yield self._mark("endfor")

    def _learn_breaks(self, linear: str) -> None:
        """Ask docxtpl what it makes of the four breaks at every printed mark; where it would break the XML, a line."""
        stacks = {mark: stack for mark, stack in _stacks(linear) if self.marks[int(mark[1:-1])].kind == "out"}
        probe = MARK.sub(lambda found: _probe(found.group()) if found.group() in stacks else found.group(), linear)
        pieces = re.split(f"({OPEN}[0-9]+{CLOSE})", self.resolve_listing(probe))
        between: dict[str, list[str]] = {mark: [] for mark in stacks}
        for mark, text in zip(pieces[1::2], pieces[2::2], strict=True):
            if mark in stacks:
                between[mark].append(text)
        for mark, stack in stacks.items():
            if len(between[mark]) != 5:
                raise NotCompilable("W457")
            tab, paragraph, line, page = between[mark][:4]
            if stack[-2:] != ("w:r", "w:t"):
                tab, paragraph, line, page = RAW
            elif stack[-3:] != ("w:p", "w:r", "w:t"):
                paragraph, page = line, line
            self.breaks[int(mark[1:-1])] = Breaks(tab, paragraph, line, page)

    def _depths(self, tree: Any) -> dict[Any, int]:
        """Every element with the number of branches and loops it stands in."""
        depth, depths = 0, {}
        for event, element in etree.iterwalk(tree, events=("start", "end")):
            if event == "start":
                depths[element] = depth
                depth += self._steps(element.text)
            else:
                depth += self._steps(element.tail)
        return depths

    def _steps(self, text: str | None) -> int:
        found = MARK.findall(text) if text and OPEN in text else ()
        return sum(_DEPTH.get(self.marks[int(number)].kind, 0) for number in found)

    def _check_grid(self, table: Any, depths: dict[Any, int]) -> None:
        """Every row, or one that is always there, must fill the grid, or docxtpl has to mend it in each paper."""
        always, ever, narrow = (0, 0), (0, 0), False
        columns = len(table.findall(f"{_W}tblGrid/{_W}gridCol"))
        for row in table.iter(_W + "tr"):
            texts = (row.text, *(child.tail for child in row))
            if any(self._has_end(text) for text in texts):
                raise NotCompilable("W455")
            cells = row.findall(_W + "tc")
            size = (len(cells), sum(_span(cell) for cell in cells))
            narrow |= size[1] != columns
            ever = max(ever[0], size[0]), max(ever[1], size[1])
            if depths[row] == depths[table]:
                always = max(always[0], size[0]), max(always[1], size[1])
        if always != ever and narrow:
            raise NotCompilable("W456")

    def _has_end(self, text: str | None) -> bool:
        return any(self.marks[int(number)].kind != "out" for number in MARK.findall(text or ""))


def _stacks(linear: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every mark with the innermost elements around it."""
    stack: list[str] = []
    for found in _STEP.finditer(linear):
        mark, is_end, name, is_empty = found.groups()
        if mark:
            yield mark, tuple(stack[-3:])
        elif is_end:
            del stack[-1:]
        elif not is_empty:
            stack.append(name)


def _probe(mark: str) -> str:
    return f"{mark}\t{mark}\a{mark}\n{mark}\f{mark}"


def _span(cell: Any) -> int:
    found = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = "1" if found is None else found.get(_W + "val") or "1"
    if not value.isdigit():
        raise NotCompilable("W455")
    return int(value)
