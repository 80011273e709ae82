"""XML parts of a package through expat: no document type, no entities, no namespaces, no token without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from formgen.xlsx.zips import Package, Refused

MAX_TOKEN = 1_000_000  # bytes between two events; the longest cell text Excel allows is far shorter

Start = Callable[[str, dict[str, str]], None]


class Parser:
    """An expat parser that refuses document types, and with them every entity."""

    def __init__(self, part: str, *, start: Start, end: Callable[[str], None] | None = None) -> None:
        self._part = part
        self._fed = 0
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = start
        if end:
            self._expat.EndElementHandler = end
        self._expat.StartDoctypeDeclHandler = self._refuse
        self._expat.EntityDeclHandler = self._refuse

    def on_text(self, handler: Callable[[str], None]) -> None:
        """Hand the text between tags to `handler`."""
        self._expat.CharacterDataHandler = handler

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Parse a piece. Raises Refused when it is not well-formed or a token has no end."""
        try:
            self._expat.Parse(chunk, last)
        except (expat.ExpatError, ValueError) as wrong:
            raise Refused("E113", part=self._part) from wrong
        self._fed += len(chunk)
        if self._fed - self._expat.CurrentByteIndex > MAX_TOKEN:
            raise Refused("E108")

    def read(self, package: Package) -> None:
        """Parse the whole part. Raises Refused."""
        for chunk in package.chunks(self._part):
            self.feed(chunk)
        self.feed(b"", last=True)

    def _refuse(self, *_: object) -> None:
        raise Refused("E109", part=self._part)


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

    Parser(part, start=start).read(package)
    return iter(found)
