"""What is not known: the items asked for, and a world in which each of them has been given a value.

The rules ask a world. Where the case is silent the world answers with the value picked for it, or notes that the item
must be tried both ways; ``unknowns`` then goes through the worlds one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from formgen import law
from formgen.law import Local

#: How a truth nobody knows is tried.
BOTH = (True, False)


class Item(NamedTuple):
    """Something missing: ``name`` as it is told (表!列 or 表!列(key)), its row, and what it is about.

    ``about`` is "income" or "members" where the branch of an insufficient case depends on it, else empty.
    """

    name: str
    row: int = 0
    about: str = ""


class World:
    """One way things could be: a value for each unknown that was asked, and those still to be tried."""

    __slots__ = ("asked", "picks")

    def __init__(self, picks: Mapping[Item, object] | None = None) -> None:
        self.picks = picks or {}
        self.asked: list[tuple[Item, tuple]] = []

    def ask(self, item: Item, options: tuple) -> object:
        """The value picked for an unknown item; an item not yet picked is noted and reads as its first option."""
        if item in self.picks:
            return self.picks[item]
        self.asked.append((item, options))
        return options[0]

    def choice(self, local: Local, subject: str) -> object:
        """The city's choice of a subject; what nobody decided, or two rows contradict, is asked."""
        word = local.choices[subject]
        if word is not None:
            return word
        return self.ask(Item(f"当地设置!取值({subject})"), tuple(law.subjects()[subject]["choices"]))


def every(*truths: bool | None) -> bool | None:
    """Kleene's and: False as soon as one is False, else None as soon as one is unknown."""
    if False in truths:
        return False
    return None if None in truths else True


def either(*truths: bool | None) -> bool | None:
    """Kleene's or: True as soon as one is True, else None as soon as one is unknown."""
    if True in truths:
        return True
    return None if None in truths else False
