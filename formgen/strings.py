"""The shared strings of a workbook, kept as one compact table: some bytes of text and one offset a string."""

from __future__ import annotations

import re
from array import array

from formgen.xmlparts import feed, local, parser
from formgen.zips import Package, Refused

MAX_TEXT = 40_000  # characters of one cell; Excel itself stops at 32,767
MAX_BLOB = 400_000_000  # bytes of all strings together
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Text with the _xHHHH_ escapes of OOXML decoded."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Strings:
    """All shared strings; ``get`` answers None for an index that does not exist."""

    def __init__(self) -> None:
        self._blob = bytearray()
        self._ends = array("Q", [0])
        self._recent: dict[int, str] = {}

    @classmethod
    def read(cls, part: str, package: Package) -> Strings:
        """The strings of `part`; none when `part` is empty. Raises Refused when the part is damaged."""
        made = cls()
        if part:
            collector = _Collector(made, part)
            for chunk in package.chunks(part):
                feed(collector.parser, chunk, part)
            feed(collector.parser, b"", part, last=True)
        return made

    def add(self, text: str) -> None:
        """Put one more string at the end. Raises Refused when there are too many."""
        self._blob += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._blob))
        if len(self._blob) > MAX_BLOB:
            raise Refused("E108")

    def get(self, index: int) -> str | None:
        """The string of that number, None when there is none."""
        text = self._recent.get(index)
        if text is None and 0 <= index < len(self._ends) - 1:
            text = self._blob[self._ends[index] : self._ends[index + 1]].decode("utf-8", "surrogatepass")
            if len(self._recent) > 4096:
                self._recent.clear()
            self._recent[index] = text
        return text

    def close(self) -> None:
        """Forget everything."""
        self._blob = bytearray()
        self._recent.clear()


class _Collector:
    """Expat handlers that put the text of each ``si`` together, its phonetic hints left out."""

    def __init__(self, into: Strings, part: str) -> None:
        self._into, self._part = into, part
        self._pieces: list[str] = []
        self._taking = False
        self._phonetic = False
        self.parser = parser(part)
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, _: object) -> None:
        name = local(name)
        if name == "si":
            self._pieces.clear()
        elif name == "rPh":
            self._phonetic = True
        self._taking = name == "t" and not self._phonetic

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "si":
            text = "".join(self._pieces)
            self._into.add(unescape(text))
        elif name == "rPh":
            self._phonetic = False
        self._taking = False

    def _text(self, text: str) -> None:
        if self._taking:
            self._pieces.append(text)
