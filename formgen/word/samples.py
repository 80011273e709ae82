"""A made-up record for a template: lists where it loops, dictionaries where it asks for fields, hard text elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jinja2 import nodes

from formgen.word.filters import CATALOGUE, FILTERS

HARD = "甲&乙<丙>“引”\"'𠮷]]>"
BROKEN = "一行\n二行\t列"
ITEMS = 3


@dataclass(slots=True)
class Need:
    """What a template does with a value: its fields, its items, and a sample that its filters can read."""

    fields: dict[str, Need] = field(default_factory=dict)
    item: Need | None = None
    sample: object = None


def sample(trees: Iterable[nodes.Template], *, with_breaks: bool = False) -> dict[str, object]:
    """A record that gives every tag of the syntax trees a value, with line breaks and tabs if asked."""
    top = Need()
    for tree in trees:
        _walk(tree, {}, top)
    return {tag: _made(need, BROKEN if with_breaks else HARD, tag) for tag, need in top.fields.items()}


def _made(need: Need, text: str, name: str) -> object:
    if need.item is not None:
        return [_made(need.item, text, f"{name}{at}") for at in range(ITEMS)]
    if need.fields:
        return {tag: _made(each, text, tag) for tag, each in need.fields.items()}
    return need.sample if need.sample is not None else name + text


def _walk(node: nodes.Node, scope: Mapping[str, Need], top: Need) -> None:
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        listed = _need(node.iter, scope, top)
        if listed is not None:
            listed.item = listed.item or Need()
        _walk(node.iter, scope, top)
        inner = {**scope, node.target.name: listed.item if listed and listed.item else Need(), "loop": Need()}
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            _walk(child, inner, top)
        return
    if isinstance(node, nodes.Filter) and node.node is not None:
        _note(node, _need(node.node, scope, top))
    if isinstance(node, nodes.Compare | nodes.Add | nodes.Sub | nodes.Mul):
        _note_number(node, scope, top)
    if isinstance(node, nodes.Name | nodes.Getattr):
        _need(node, scope, top)
    for child in node.iter_child_nodes():
        _walk(child, scope, top)


def _need(node: nodes.Node, scope: Mapping[str, Need], top: Need) -> Need | None:
    if isinstance(node, nodes.Name):
        return scope[node.name] if node.name in scope else top.fields.setdefault(node.name, Need())
    if isinstance(node, nodes.Getattr):
        holder = _need(node.node, scope, top)
        return None if holder is None else holder.fields.setdefault(node.attr, Need())
    return None


def _note(node: nodes.Filter, need: Need | None) -> None:
    named = FILTERS.get(node.name)
    own = next((each for each in CATALOGUE.values() if FILTERS[each.name] is named), None)
    if need is not None and own is not None and isinstance(own.sample, str) and own.sample and need.sample is None:
        need.sample = own.sample


def _note_number(node: nodes.Node, scope: Mapping[str, Need], top: Need) -> None:
    if any(isinstance(each.value, int) for each in node.find_all(nodes.Const)):
        for name in (*node.find_all(nodes.Name), *node.find_all(nodes.Getattr)):
            need = _need(name, scope, top)
            if need is not None and not need.fields and name.__dict__.get("name") != "loop":
                need.sample = 5
