"""The slow way, docxtpl itself in our sandbox: for templates that cannot be compiled, and as their oracle."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jinja2
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage, RichText
from jinja2 import nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from formgen.word import filters, gaps, notes, sandbox
from formgen.word.values import Picture, Rich, clean, mark, reddened

OPEN, CLOSE = "\ufdd2", "\ufdd3"  # non-characters round the mark of a missing value until it gets its run
_MARK = re.compile(f"{OPEN}([^{CLOSE}]*){CLOSE}")
_RUN = re.compile(r"<w:r(?: [^>]*)?>(?:(?!</w:r>).)*" + OPEN + r".*?</w:r>", re.DOTALL)
_TEXT = re.compile(r"(<w:t(?: [^>]*)?>)(.*?)(</w:t>)", re.DOTALL)


@dataclass(slots=True)
class Session:
    """What one rendering met: the policy for missing values and their labels, broken values, filters that failed."""

    policy: str = "mark"
    missing: dict[str, None] = field(default_factory=dict)
    undefined: dict[str, None] = field(default_factory=dict)
    dirty: dict[str, tuple[tuple[str, ...], bool]] = field(default_factory=dict)
    unfit: dict[tuple[str, str], None] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)


class Refused(ValueError):
    """The template asks for what the sandbox forbids; ``breach`` says what."""

    def __init__(self, breach: sandbox.Breach) -> None:
        super().__init__(f"{breach.kind}: {breach.what}")
        self.breach = breach


class Environment(sandbox.Environment):
    """The sandbox whose printed values go through ``show`` and whose loops take nothing for an empty list."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.filters = {name: self._guarded(name, one) for name, one in self.filters.items()}
        self.filters |= {"_show": self._show, "_each": lambda value: value if value else (), "_add": _added}
        self.filters["_compare"] = lambda left, sign, right: sandbox.compared(sign, left, right)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> jinja2.Template:
        """The template of a source, vetted, with every printed value shown by our rules. Raises Refused."""
        tree = self.parse(source)
        for breach in sandbox.breaches(tree):
            raise Refused(breach)
        return super().from_string(shown(tree), globals, template_class)

    def _mark(self, label: str) -> str:
        return f"{OPEN}{mark(label)}{CLOSE}" if self.autoescape else mark(label)

    def _guarded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(value: Any, *args: Any, **more: Any) -> Any:
            try:
                return function(value, *args, **more)
            except filters.Unfit:
                self.session.unfit[name, ""] = None
                return filters.text(value)

        return guarded

    def _show(self, value: Any, label: str) -> Any:
        if isinstance(value, Markup) or hasattr(value, "__html__"):
            return value
        if isinstance(value, jinja2.Undefined):
            self.session.undefined[label] = None
        if filters.is_empty(value) or filters.is_table(value):
            self.session.missing[label] = None
            return self._mark(label) if self.session.policy == "mark" and label else ""
        cleaned = clean(filters.text(value))
        self.session.printed[cleaned.text] = label
        if not self.autoescape:
            return cleaned.text.translate({7: "", 12: ""})
        if cleaned.removed or cleaned.is_broken:
            self.session.dirty[label] = (cleaned.removed, cleaned.is_broken)
        return cleaned.text


#: filters that say themselves what stands for a missing value
SPEAKING = frozenset({"默认", "default", "d", "勾选", "长度", "length", "count"})


def shown(tree: nodes.Template) -> nodes.Template:
    """The tree with every printed expression behind ``_show`` and its label, every loop behind ``_each``."""
    tree = _Careful().visit(tree)
    for output in tree.find_all(nodes.Output):
        output.nodes = [_shown(each) for each in output.nodes]
    for loop in tree.find_all(nodes.For):
        loop.iter = _through("_each", loop.iter)
    return tree


class _Careful(NodeTransformer):
    """Puts sums and comparisons that never fail in place of Jinja's own."""

    def _sum(self, node: Any, sign: str) -> nodes.Filter:
        self.generic_visit(node)
        return _through("_add", node.left, nodes.Const(sign), node.right)

    def visit_Add(self, node: nodes.Add) -> nodes.Filter:
        """The careful sum."""
        return self._sum(node, "+")

    def visit_Sub(self, node: nodes.Sub) -> nodes.Filter:
        """The careful difference."""
        return self._sum(node, "-")

    def visit_Mul(self, node: nodes.Mul) -> nodes.Filter:
        """The careful product."""
        return self._sum(node, "*")

    def visit_Compare(self, node: nodes.Compare) -> nodes.Expr:
        """The careful comparison; equality cannot fail and stays."""
        self.generic_visit(node)
        if len(node.ops) != 1 or node.ops[0].op in ("eq", "ne"):
            return node
        sign = nodes.Const(sandbox.SIGNS[node.ops[0].op])
        return _through("_compare", node.expr, sign, node.ops[0].expr)


def _shown(node: nodes.Node) -> Any:
    if isinstance(node, nodes.CondExpr):
        other = _shown(node.expr2) if node.expr2 is not None else nodes.Const("")
        return nodes.CondExpr(node.test, _shown(node.expr1), other, lineno=node.lineno)
    is_fixed = isinstance(node, nodes.Const | nodes.TemplateData)
    return node if is_fixed else _through("_show", node, nodes.Const(label(node)))


def _through(name: str, node: Any, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno)


def label(node: nodes.Node) -> str:
    """The tag a printed expression is about: its first name with its fields; empty for an expression without a name."""
    if isinstance(node, nodes.Getattr):
        before = label(node.node)
        return f"{before}.{node.attr}" if before else node.attr
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Filter) and (node.name in SPEAKING or _is_later_cell(node)):
        return ""
    return next((found for child in node.iter_child_nodes() if (found := label(child))), "")


def _is_later_cell(node: nodes.Filter) -> bool:
    """Whether this prints the second or a later sign of a value: a missing one is marked in its first cell only."""
    return node.name == "第" and not (node.args and isinstance(node.args[0], nodes.Const) and node.args[0].value == 1)


def _added(left: Any, sign: str, right: Any) -> object:
    return sandbox.added(sign, left, right)


class Merger(DocxTemplate):
    """docxtpl with the mark of missing values as a run of its own."""

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Render the properties as what they are, text: docxtpl would escape them twice."""
        jinja_env.autoescape = False
        super().render_properties(context, jinja_env)
        jinja_env.autoescape = True

    def render_footnotes(self, context: Any, jinja_env: Any = None) -> None:
        """Render the footnotes, and the endnotes that docxtpl leaves."""
        notes.fill(self, context, jinja_env)

    def resolve_listing(self, xml: str) -> str:
        """The rendered XML with tabs and breaks as docxtpl makes them, marks of missing values as red runs."""
        if OPEN in xml:
            xml = _MARK.sub("", _RUN.sub(_split, xml)) if "<w:t" in xml else xml
        return super().resolve_listing(xml)


def _split(run: re.Match[str]) -> str:
    found = re.search(r"<w:rPr>.*?</w:rPr>", run.group(), re.DOTALL)
    look = found.group() if found else ""
    red = rf'</w:t></w:r><w:r>{reddened(look)}<w:t>\1</w:t></w:r><w:r>{look}<w:t xml:space="preserve">'
    return _TEXT.sub(lambda text: text[1] + _MARK.sub(red, text[2]) + text[3], run.group())


def render(content: bytes, context: Mapping[str, object], session: Session) -> bytes:
    """The package docxtpl makes of the template ``content``. Raises Refused and jinja2.TemplateError."""
    return rendered(content, context, Environment(session))


def rendered(content: bytes, context: Mapping[str, object], environment: jinja2.Environment) -> bytes:
    """The same in an environment of the caller's."""
    merger = Merger(io.BytesIO(content))
    merger.init_docx()
    values = {tag: _native(value, merger) for tag, value in context.items()}
    merger.render(values, environment, autoescape=True)
    made = io.BytesIO()
    merger.save(made)
    return _whole(made.getvalue())


def _whole(content: bytes) -> bytes:
    """The package with what branches left out and Word needs."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = old.read(name)
            new.writestr(name, gaps.mended(member) if gaps.PRINTED.fullmatch(name) else member)
    return made.getvalue()


def _native(value: object, merger: Merger) -> object:
    """The value as docxtpl knows it: rich text and pictures as its own classes, all else as it is."""
    if isinstance(value, Rich):
        return rich(value)
    if isinstance(value, Picture):
        return InlineImage(merger, io.BytesIO(value.content), width=Mm(value.width), height=Mm(value.height))
    if isinstance(value, dict):
        return {key: _native(each, merger) for key, each in value.items()}
    return [_native(each, merger) for each in value] if isinstance(value, list | tuple) else value


def rich(value: Rich) -> RichText:
    """The rich text of docxtpl for ours."""
    look = {"bold": value.bold, "italic": value.italic, "underline": value.underline, "color": value.color or None}
    return RichText(clean(value.text).text, size=value.size or None, font=value.font or None, **look)


def rich_xml(value: Rich) -> str:
    """The runs of a rich text, with docxtpl's tabs and breaks."""
    xml = rich(value).xml
    return DocxTemplate.resolve_listing(None, f"<w:p>{xml}</w:p>")[len("<w:p>") : -len("</w:p>")]
