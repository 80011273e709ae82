"""The template language: Jinja without calls, without attributes of objects, with our filters only.

A template comes from a stranger, so its syntax tree is vetted before anything of it runs: names, fields of
dictionaries, ``for``, ``if``, literals, comparisons, our filters and a few tests. Whatever else is a ``Breach``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from formgen.word import filters
from formgen.word.filters import FILTERS

#: tests behind ``is``; all of them look at the value only
TESTS = frozenset({"defined", "undefined", "none", "true", "false", "even", "odd", "divisibleby", "string", "number"})
LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})
OPERATORS = frozenset({"eq", "ne", "lt", "lteq", "gt", "gteq", "in", "notin"})
SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}
_PLAIN = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Const, nodes.Compare),
    *(nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Filter, nodes.Test, nodes.Getattr),
    *(nodes.Getitem, nodes.Concat, nodes.Add, nodes.Sub, nodes.Mul, nodes.Neg, nodes.List, nodes.Tuple, nodes.Keyword),
    nodes.Assign,
)
LONGEST = 200  # nodes below one another; deeper trees are no template
LOOPS = 4  # loops inside one another; each multiplies what the others print


@dataclass(frozen=True, slots=True)
class Breach:
    """What a template may not do: ``kind`` is call, node, name, field, filter, test or depth; ``what`` names it."""

    kind: str
    what: str
    line: int


class Environment(ImmutableSandboxedEnvironment):
    """Jinja with autoescape, our filters, no globals, and attributes that are only ever keys of a dictionary."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = dict(FILTERS)
        self.tests = {name: test for name, test in self.tests.items() if name in TESTS | OPERATORS}

    def getattr(self, obj: object, attribute: str) -> object:
        """The value under that key of a dictionary, of ``loop`` its counters; else undefined."""
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if type(obj).__name__ == "LoopContext" and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """The value under a key of a dictionary or an index of a list; else undefined."""
        if isinstance(obj, dict) and argument in obj:
            return obj[argument]
        if isinstance(obj, list | tuple | str) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(obj=obj, name=str(argument))


def breaches(tree: nodes.Template) -> Iterator[Breach]:
    """Everything in the syntax tree that a template may not do, in its order."""
    stack: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while stack:
        node, depth, loops = stack.pop()
        loops += isinstance(node, nodes.For)
        if depth > LONGEST or loops > LOOPS:
            yield Breach("depth", "太多层", node.lineno)
            return
        if (breach := _breach(node)) is not None:
            yield breach
        stack += [(child, depth + 1, loops) for child in reversed(list(node.iter_child_nodes()))]


def _breach(node: nodes.Node) -> Breach | None:
    if isinstance(node, nodes.Call):
        return Breach("call", _name(node.node), node.lineno)
    if not isinstance(node, _PLAIN):
        return Breach("node", type(node).__name__, node.lineno)
    if isinstance(node, nodes.Name | nodes.Getattr) and _name(node).startswith("_"):
        return Breach("name", _name(node), node.lineno)
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return Breach("filter", node.name, node.lineno)
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        return Breach("test", node.name, node.lineno)
    if isinstance(node, nodes.Mul) and not all(_is_counter(side) for side in (node.left, node.right)):
        return Breach("node", "Mul", node.lineno)
    return None


def _is_counter(node: nodes.Node) -> bool:
    """Whether this is an integer literal or a counter of the loop: a product of anything else can fill the memory."""
    if isinstance(node, nodes.Const):
        return isinstance(node.value, int)
    return isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "loop"


def _name(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return node.attr
    return type(node).__name__


def compared(sign: str, left: Any, right: Any) -> bool:
    """Whether a comparison holds; values that cannot be compared are not less, not more and not in one another."""
    try:
        return _COMPARE[sign](left, right)
    except TypeError:
        return sign == "not in"


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "in": lambda left, right: left in right,
    "not in": lambda left, right: left not in right,
}


def added(sign: str, left: Any, right: Any) -> object:
    """The sum, difference or product of whole numbers, two texts one after the other, None of anything else."""
    if isinstance(left, float) or isinstance(right, float):
        return None  # a float is made to be compared; its sum would print digits that nobody wrote
    if isinstance(left, int) and isinstance(right, int):
        return left + right if sign == "+" else left - right if sign == "-" else left * right
    return filters.text(left) + filters.text(right) if sign == "+" else None
