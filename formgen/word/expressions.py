"""Expressions of the template language as Python code on the raw values of a record.

What is undefined is None here. Values that cannot be compared or added give false or nothing, never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes
from jinja2.tests import TESTS

from formgen.word import filters, sandbox
from formgen.word.fallback import label
from formgen.word.record import Record, Row, prepare
from formgen.word.source import NotCompilable

_COUNTERS = {
    "index": "(i{n} + 1)",
    "index0": "i{n}",
    "revindex": "(n{n} - i{n})",
    "revindex0": "(n{n} - i{n} - 1)",
    "first": "(i{n} == 0)",
    "last": "(i{n} == n{n} - 1)",
    "length": "n{n}",
}
_SUMS = {nodes.Add: "+", nodes.Sub: "-", nodes.Mul: "*"}


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of the loops around an expression, each with the number of its loop and the tag it goes through."""

    loops: Mapping[str, int] = field(default_factory=dict)
    roots: Mapping[str, str] = field(default_factory=dict)
    innermost: int = 0

    def number(self, name: str) -> int | None:
        """The number of the loop whose item has that name, None when it is a tag of the record."""
        return self.loops.get(name)

    def inside(self, name: str, number: int, tag: str) -> Scope:
        """The scope inside one more loop, through the list under that tag."""
        return Scope({**self.loops, name: number}, {**self.roots, name: tag}, number)


def value(node: nodes.Node, scope: Scope) -> str:
    """The code of the raw value of an expression. Raises NotCompilable."""
    write = _WRITERS.get(type(node))
    if write is None:
        raise NotCompilable("W451", type(node).__name__)
    return write(node, scope)


def test(node: nodes.Node, scope: Scope) -> str:
    """The code of whether an expression holds."""
    return value(node, scope)


def root(node: nodes.Node, scope: Scope) -> str:
    """The tag of the record that an expression is about; empty when it has none."""
    first = next((each.name for each in (*_self(node), *node.find_all(nodes.Name)) if each.name != "loop"), "")
    return scope.roots.get(first, first)


def _self(node: nodes.Node) -> tuple[nodes.Name, ...]:
    return (node,) if isinstance(node, nodes.Name) else ()


def uses_fields(loop: nodes.For, name: str) -> bool:
    """Whether fields of the loop's item are asked for."""
    return any(isinstance(each.node, nodes.Name) and each.node.name == name for each in loop.find_all(nodes.Getattr))


def _name(node: nodes.Name, scope: Scope) -> str:
    if node.name == "loop":
        raise NotCompilable("W451", "loop")
    number = scope.number(node.name)
    return f"g({node.name!r})" if number is None else f"r{number}"


def _const(node: nodes.Const, scope: Scope) -> str:
    return repr(node.value)


def _attribute(node: nodes.Getattr, scope: Scope) -> str:
    if isinstance(node.node, nodes.Name) and node.node.name == "loop":
        if node.attr not in _COUNTERS or not scope.innermost:
            raise NotCompilable("W451", f"loop.{node.attr}")
        return _COUNTERS[node.attr].format(n=scope.innermost)
    return f"field({value(node.node, scope)}, {node.attr!r})"


def _element(node: nodes.Getitem, scope: Scope) -> str:
    return f"element({value(node.node, scope)}, {value(node.arg, scope)})"


def _filter(node: nodes.Filter, scope: Scope) -> str:
    if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
        raise NotCompilable("W451", node.name)
    args = [value(node.node, scope), *(value(each, scope) for each in node.args)]
    args += [f"{each.key}={value(each.value, scope)}" for each in node.kwargs]
    return f"unfit({node.name!r}, {label(node.node)!r}, {', '.join(args)})"


def _conditional(node: nodes.CondExpr, scope: Scope) -> str:
    other = value(node.expr2, scope) if node.expr2 is not None else "None"
    return f"({value(node.expr1, scope)} if {value(node.test, scope)} else {other})"


def _compare(node: nodes.Compare, scope: Scope) -> str:
    pairs, left = [], value(node.expr, scope)
    for operand in node.ops:
        right = value(operand.expr, scope)
        sign = sandbox.SIGNS[operand.op]
        pairs.append(f"({left} {sign} {right})" if sign in ("==", "!=") else f"compare({sign!r}, {left}, {right})")
        left = right
    return f"({' and '.join(pairs)})"


def _and(node: nodes.And, scope: Scope) -> str:
    return f"({value(node.left, scope)} and {value(node.right, scope)})"


def _or(node: nodes.Or, scope: Scope) -> str:
    return f"({value(node.left, scope)} or {value(node.right, scope)})"


def _not(node: nodes.Not, scope: Scope) -> str:
    return f"(not {value(node.node, scope)})"


def _test(node: nodes.Test, scope: Scope) -> str:
    if node.name in ("defined", "undefined"):
        return f"({'not ' if node.name == 'undefined' else ''}{_is_there(node.node, scope)})"
    args = [value(node.node, scope), *(value(each, scope) for each in node.args)]
    return f"says({node.name!r}, {', '.join(args)})"


def _is_there(node: nodes.Node, scope: Scope) -> str:
    if isinstance(node, nodes.Name):
        return f"({node.name!r} in k.raw)" if scope.number(node.name) is None else "True"
    if isinstance(node, nodes.Getattr):
        return f"has({value(node.node, scope)}, {node.attr!r})"
    return "True"


def _concat(node: nodes.Concat, scope: Scope) -> str:
    return f"concat({', '.join(value(each, scope) for each in node.nodes)})"


def _sum(node: Any, scope: Scope) -> str:
    return f"add({_SUMS[type(node)]!r}, {value(node.left, scope)}, {value(node.right, scope)})"


def _negative(node: nodes.Neg, scope: Scope) -> str:
    return f"add('-', 0, {value(node.node, scope)})"


def _list(node: nodes.List | nodes.Tuple, scope: Scope) -> str:
    return f"({''.join(value(each, scope) + ', ' for each in node.items)})"


_WRITERS: dict[type, Callable[[Any, Scope], str]] = {
    nodes.Name: _name,
    nodes.Const: _const,
    nodes.Getattr: _attribute,
    nodes.Getitem: _element,
    nodes.Filter: _filter,
    nodes.CondExpr: _conditional,
    nodes.Compare: _compare,
    nodes.And: _and,
    nodes.Or: _or,
    nodes.Not: _not,
    nodes.Test: _test,
    nodes.Concat: _concat,
    nodes.Add: _sum,
    nodes.Sub: _sum,
    nodes.Mul: _sum,
    nodes.Neg: _negative,
    nodes.List: _list,
    nodes.Tuple: _list,
}


def _field(holder: object, name: str) -> object:
    return holder.get(name) if isinstance(holder, dict) else None


def _has(holder: object, name: str) -> bool:
    return isinstance(holder, dict) and name in holder


def _item(holder: Any, key: Any) -> object:
    if isinstance(holder, dict):
        return holder.get(key)
    is_there = isinstance(holder, list | tuple | str) and isinstance(key, int) and -len(holder) <= key < len(holder)
    return holder[key] if is_there else None


_TESTS: dict[str, Callable[..., Any]] = dict(TESTS)  # type: ignore[arg-type]


def _says(name: str, *args: Any) -> bool:
    try:
        return bool(_TESTS[name](*args))
    except TypeError:
        return False


def _only(item: object) -> bytes:
    return item if isinstance(item, bytes) else b""


def _row(item: object, record: Record) -> Row:
    return item if item.__class__ is Row else Row({}, record, "")


def names() -> Mapping[str, Callable[..., Any]]:
    """The functions that the code of expressions calls, by name."""
    return {
        "field": _field,
        "has": _has,
        "element": _item,
        "compare": sandbox.compared,
        "add": sandbox.added,
        "says": _says,
        "concat": lambda *parts: "".join(filters.text(part) for part in parts),
        "only": _only,
        "row": _row,
        "prepare": prepare,
    }
