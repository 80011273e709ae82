"""Provisions: small functions that carry the sentence of law they read, and the register of all of them.

The docstring of a provision is its sentence, verbatim; ``cites`` names it in ``data/sentences.toml``; a test keeps both
alike.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

Function = TypeVar("Function", bound=Callable)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of law: its id, the instrument and the article it stands in, and its words."""

    id: str
    instrument: str
    article: str
    words: str

    @property
    def place(self) -> str:
        """Instrument and article as they are cited, e.g. 皖工发〔2017〕51号 第五条（一）3."""
        return f"{self.instrument} {self.article}"


@dataclass(frozen=True, slots=True)
class Provision:
    """A function of the rules with the sentences it reads and the readings (AMB-nn) it rests on."""

    name: str
    module: str
    cites: tuple[str, ...]
    readings: tuple[str, ...]
    sentence: str


_REGISTER: dict[str, Provision] = {}


def provision(*, cites: str | tuple[str, ...], readings: str = "") -> Callable[[Function], Function]:
    """Enter a function in the register of provisions under the ids of its sentences, the first being its docstring."""

    def enter(function: Function) -> Function:
        """The function itself, entered."""
        ids = (cites,) if isinstance(cites, str) else cites
        name = f"{function.__module__}.{function.__name__}"
        _REGISTER[name] = Provision(
            function.__name__, function.__module__, ids, tuple(readings.split()), function.__doc__ or ""
        )
        return function

    return enter


def register() -> tuple[Provision, ...]:
    """Every provision entered so far, in the order of their modules and lines."""
    return tuple(_REGISTER.values())


@cache
def sentences() -> Mapping[str, Sentence]:
    """Every cited sentence by its id."""
    raw = tomllib.loads((files("formgen") / "data" / "sentences.toml").read_text(encoding="utf-8"))
    return {id: Sentence(id, row["instrument"], row["article"], row["sentence"]) for id, row in raw.items()}
