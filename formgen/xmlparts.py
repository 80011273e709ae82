"""Small XML parts of a package through expat: no document type, no entities, no namespaces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.parsers import expat

from formgen.zips import Package, Refused

MAX_DEPTH = 256


def parser(part: str) -> expat.XMLParserType:
    """A parser that refuses document types, and with them every entity. Raises Refused while it parses."""
    made = expat.ParserCreate()
    made.buffer_text = True

    def refuse(*_: object) -> None:
        raise Refused("E109", part=part)

    made.StartDoctypeDeclHandler = refuse
    made.EntityDeclHandler = refuse
    return made


def feed(made: expat.XMLParserType, chunk: bytes, part: str, *, last: bool = False) -> None:
    """Parse a piece. Raises Refused when it is not well-formed."""
    try:
        made.Parse(chunk, last)
    except expat.ExpatError as wrong:
        raise Refused("E113", part=part) from wrong


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def elements(package: Package, part: str, wanted: set[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The wanted elements of a part in document order: (name, attributes), both without prefixes.

    Raises Refused when the part is absent or not well-formed.
    """
    found: list[tuple[str, Mapping[str, str]]] = []

    def start(name: str, attrs: dict[str, str]) -> None:
        if (name := local(name)) in wanted:
            found.append((name, {local(key): value for key, value in attrs.items()}))

    made = parser(part)
    made.StartElementHandler = start
    for chunk in package.chunks(part):
        feed(made, chunk, part)
        yield from found
        found.clear()
    feed(made, b"", part, last=True)
    yield from found
