"""The shared strings of a workbook, kept as one compact table: some bytes of text and one offset a string."""

from __future__ import annotations

import re
from array import array

from formgen.xlsx.plainxml import Blocks, is_utf8, resolved
from formgen.xlsx.xmlparts import Parser, local
from formgen.xlsx.zips import Package, Refused

MAX_TEXT = 40_000  # characters of one cell; Excel itself stops at 32,767
MAX_BLOB = 200_000_000  # bytes of all strings together
_RECENT = 8192  # strings kept ready: words of a list come again and again
_PLAIN = re.compile(r'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>|(.)', re.DOTALL)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescape(text: str) -> str:
    """Text with the _xHHHH_ escapes of OOXML decoded."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Strings(dict[str, "str | None"]):
    """All shared strings by their number as the cells write it; None for one that does not exist or is too long."""

    def __init__(self) -> None:
        super().__init__()
        self._blob = bytearray()
        self._ends = array("Q", [0])

    @classmethod
    def read(cls, part: str, package: Package) -> Strings:
        """The strings of `part`; none when `part` is empty. Raises Refused when the part is damaged."""
        made = cls()
        if part:
            _read(made, part, package)
        return made

    def add(self, text: str) -> None:
        """Put one more string at the end. Raises Refused when there are too many."""
        self._blob += text.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._blob))
        if len(self._blob) + 8 * len(self._ends) > MAX_BLOB:
            raise Refused("E108")

    def __missing__(self, number: str) -> str | None:
        index = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
        if not 0 <= index < len(self._ends) - 1:
            return None
        if len(self) >= _RECENT:
            self.clear()
        text = self._blob[self._ends[index] : self._ends[index + 1]].decode("utf-8", "surrogatepass")
        return self.setdefault(number, text if len(text) <= MAX_TEXT else None)

    def close(self) -> None:
        """Forget everything."""
        self.clear()
        self._blob, self._ends = bytearray(), array("Q", [0])


def _read(into: Strings, part: str, package: Package) -> None:
    """Strings in their plain form by a regular expression; expat goes on from the first that is not."""
    chunks = package.chunks(part)
    collector = _Collector(into, part)
    head = next(chunks, b"")
    cut = head.find(b"<si>")
    rest = head
    if cut > 0 and is_utf8(head):
        collector.parser.feed(head[:cut])
        blocks = Blocks(head[cut:], chunks, b"</si>")
        if collector.is_at_strings:
            _read_plain(into, blocks)
        rest = blocks.rest
    collector.parser.feed(rest)
    for chunk in chunks:
        collector.parser.feed(chunk)
    collector.parser.feed(b"", last=True)


def _read_plain(into: Strings, blocks: Blocks) -> None:
    for text in blocks:
        found = _PLAIN.findall(text)
        if any(other for _, other in found):
            blocks.put_back(text)
            return
        for string, _ in found:
            into.add(unescape(resolved(string)))


class _Collector:
    """Expat handlers that put the text of each ``si`` together, its phonetic hints left out."""

    def __init__(self, into: Strings, part: str) -> None:
        self._into = into
        self._pieces: list[str] = []
        self._length = 0
        self._is_taking = self._is_phonetic = self.is_at_strings = False
        self.parser = Parser(part, start=self._start, end=self._end)
        self.parser.on_text(self._text)

    def _start(self, name: str, _: object) -> None:
        name = local(name)
        if name == "si":
            self._pieces, self._length = [], 0
        elif name == "rPh":
            self._is_phonetic = True
        self._is_taking = name == "t" and not self._is_phonetic
        self.is_at_strings = name == "sst"

    def _end(self, name: str) -> None:
        name = local(name)
        if name == "si":
            self._into.add(unescape("".join(self._pieces)))
        elif name == "rPh":
            self._is_phonetic = False
        self._is_taking = False

    def _text(self, text: str) -> None:
        if self._is_taking and self._length <= MAX_TEXT:
            self._pieces.append(text)
            self._length += len(text)
