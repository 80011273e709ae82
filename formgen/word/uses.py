"""What a tag does with the fields it names: asks whether one holds, compares it, goes through it, prints it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import nodes

#: filters that make a number of what stands before them, and those whose result is never the value itself
_COUNTS = frozenset(("数值", "长度", "length", "count"))
_OWN = _COUNTS | {"勾选", "分格"}
_EQUAL = frozenset(("eq", "ne"))
_WITHIN = frozenset(("in", "notin"))


class Use(NamedTuple):
    """One thing done with the field ``name``; ``words`` are what it is held against.

    ``how`` is truth (the field is a condition by itself), number (compared with a number), order (with another text),
    equal (with a word, or with a list of words), within (a word is looked for in it), name (compared with another
    name), tick, each (a loop goes through it) or print.
    """

    how: str
    name: str
    words: tuple[str, ...] = ()


def uses(tree: nodes.Template) -> Iterator[Use]:
    """Everything the syntax tree of a tag does with fields."""
    for test in (*(each.test for each in tree.find_all(nodes.If)), *(e.test for e in tree.find_all(nodes.CondExpr))):
        yield from _truths(test)
    for loop in tree.find_all(nodes.For):
        if name := dotted(loop.iter):
            yield Use("each", name)
        if loop.test is not None:
            yield from _truths(loop.test)
    for compare in tree.find_all(nodes.Compare):
        yield from _compared(compare)
    for called in tree.find_all(nodes.Filter):
        if called.name == "勾选" and called.node is not None and (name := dotted(called.node)):
            yield Use("tick", name, tuple(map(str, _constants(called.args))))
    for output in tree.find_all(nodes.Output):
        for each in output.nodes:
            yield from _printed(each)


def printed(tree: nodes.Template) -> Iterator[str]:
    """The names whose values are printed as they are."""
    return (use.name for use in uses(tree) if use.how == "print")


def dotted(node: nodes.Node) -> str:
    """The name an expression consists of, 成员.姓名 with its field; empty for any other expression."""
    if isinstance(node, nodes.Name):
        return node.name
    before = dotted(node.node) if isinstance(node, nodes.Getattr) else ""
    return f"{before}.{node.attr}" if before and isinstance(node, nodes.Getattr) else ""


def _truths(test: nodes.Node) -> Iterator[Use]:
    """The fields that are conditions by themselves in a test."""
    if isinstance(test, nodes.And | nodes.Or):
        yield from _truths(test.left)
        yield from _truths(test.right)
    elif isinstance(test, nodes.Not):
        yield from _truths(test.node)
    elif name := dotted(test):
        yield Use("truth", name)


def _compared(compare: nodes.Compare) -> Iterator[Use]:
    left: nodes.Node = compare.expr
    for operand in compare.ops:
        yield from _pair(left, operand.op, operand.expr)
        left = operand.expr


def _pair(left: nodes.Node, sign: str, right: nodes.Node) -> Iterator[Use]:
    if sign in _WITHIN:
        yield from _within(left, right)
        return
    for one, other in ((left, right), (right, left)):
        if (name := _field(one)) and _is_number(other):
            yield Use("number", name)
        elif (name := dotted(one)) and sign not in _EQUAL:
            yield Use("order", name)
        elif name and isinstance(other, nodes.Const) and isinstance(other.value, str):
            yield Use("equal", name, (other.value,))
    if sign in _EQUAL and dotted(left) and dotted(right):
        yield Use("name", dotted(left), (dotted(right),))


def _within(left: nodes.Node, right: nodes.Node) -> Iterator[Use]:
    """``left`` in ``right``: a field among words, or a word in a field."""
    if (name := dotted(left)) and isinstance(right, nodes.List | nodes.Tuple):
        yield Use("equal", name, tuple(map(str, _constants(right.items))))
    elif (name := dotted(right)) and isinstance(left, nodes.Const):
        yield Use("within", name, (str(left.value),))
    elif (name := dotted(right)) and dotted(left):
        yield Use("name", name, (dotted(left),))


def _constants(found: list[nodes.Expr]) -> Iterator[object]:
    return (each.value for each in found if isinstance(each, nodes.Const))


def _field(node: nodes.Node) -> str:
    """The name that an expression is about when its filters leave it a text."""
    if isinstance(node, nodes.Filter) and node.name not in _OWN and node.node is not None:
        return _field(node.node)
    return dotted(node)


def _is_number(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Const):
        return isinstance(node.value, int | float) and not isinstance(node.value, bool)
    if isinstance(node, nodes.Neg):
        return _is_number(node.node)
    return (isinstance(node, nodes.Filter) and node.name in _COUNTS) or dotted(node).startswith("loop.")


def _printed(node: nodes.Node) -> Iterator[Use]:
    if isinstance(node, nodes.CondExpr):
        yield from _printed(node.expr1)
        if node.expr2 is not None:
            yield from _printed(node.expr2)
    elif name := _field(node):
        yield Use("print", name)
