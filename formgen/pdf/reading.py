"""What a PDF of ours prints, read from its bytes again: for the proof that a paper shows its own case's values.

A quick reader of the files this room writes: a plain cross-reference table, text in hexadecimal codes, fonts that say
what each code means. It takes nothing from the parts that made the file. Text of other makers that stands otherwise is
passed over, so what it does not find in a foreign file may be there all the same.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ENTRIES = re.compile(rb"(\d{10}) \d{5} n")
_PAGE = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")
_REFERENCE = re.compile(rb"(\d+)\s+0\s+R")
_NAMED = re.compile(rb"/([^\s/<>\[\]()]+)\s+(\d+)\s+0\s+R")
_NORMAL = re.compile(rb"/AP\s*<<\s*/N\s+(\d+)\s+0\s+R")
_SHOWN = re.compile(
    rb"/([^\s/]+)\s+[-.\d]+\s+Tf|<([0-9A-Fa-f\s]*)>\s*Tj|\[((?:<[^>]*>|[^\]<])*)\]\s*TJ|/([^\s/]+)\s+Do"
)
_CODES = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_SINGLE = re.compile(rb"beginbfchar(.*?)endbfchar", re.S)
_RANGE = re.compile(rb"beginbfrange(.*?)endbfrange", re.S)
_PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_TRIPLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_FILTERS = re.compile(rb"/Filter\s*(?:\[[^\]]*\]|/\w+)")
_FILTER = re.compile(rb"/(\w+)")
_LIMIT = 50_000_000  # bytes of one unpacked stream
_DEEPEST = 8


def printed(content: bytes) -> str:
    """The text of every page and of the fields on it, a line a stream; empty when the file cannot be read so."""
    file = _File(content)
    try:
        return "\n".join(piece for number in file.pages() for piece in file.texts(number))
    except (zlib.error, ValueError, RecursionError):
        return ""


class _File:
    """The objects of one file by number."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._starts: dict[int, int] = {}
        self._known: dict[int, dict[bytes, str]] = {}  # font → what its codes mean
        found = _TABLE.search(content, max(0, len(content) - 64))
        table = content[int(found.group(1)) :] if found else b""
        for number, line in enumerate(table.split(b"\n")[2:]):
            entry = _ENTRIES.match(line)
            if entry:
                self._starts[number] = int(entry.group(1))

    def pages(self) -> list[int]:
        return [number for number in self._starts if _PAGE.search(self._head(number))]

    def texts(self, page: int) -> Iterator[str]:
        """The text the page draws, then that of each field on it."""
        head = self._head(page)
        fonts, shapes = self._resources(head)
        drawn = b"\n".join(self._stream(number) for number in self._listed(head, b"/Contents"))
        yield self._text(drawn, fonts, shapes, 0)
        for number in self._listed(head, b"/Annots"):
            look = _NORMAL.search(self._head(number))
            if look:
                yield self._shape(int(look.group(1)), 0)

    def _shape(self, number: int, depth: int) -> str:
        fonts, shapes = self._resources(self._head(number))
        return self._text(self._stream(number), fonts, shapes, depth)

    def _text(self, drawn: bytes, fonts: dict[bytes, int], shapes: dict[bytes, int], depth: int) -> str:
        found: list[str] = []
        meanings: dict[bytes, str] = {}
        for token in _SHOWN.finditer(drawn):
            font, codes, several, shape = token.groups()
            if font is not None:
                meanings = self._meanings(fonts.get(font))
            elif shape is not None and shape in shapes and depth < _DEEPEST:
                found.append(self._shape(shapes[shape], depth + 1))
            elif meanings:
                for piece in (codes,) if several is None else _CODES.findall(several):
                    found.append(_decoded(piece, meanings))
        return "".join(found)

    def _meanings(self, font: int | None) -> dict[bytes, str]:
        if font is None:
            return {}
        if font not in self._known:
            listed = self._listed(self._head(font), b"/ToUnicode")
            self._known[font] = _meanings_of(self._stream(listed[0])) if listed else {}
        return self._known[font]

    def _resources(self, head: bytes) -> tuple[dict[bytes, int], dict[bytes, int]]:
        """Fonts and shapes by name."""
        inner = self._entry(head, b"/Resources")
        return self._names(inner, b"/Font"), self._names(inner, b"/XObject")

    def _names(self, head: bytes, key: bytes) -> dict[bytes, int]:
        return {name: int(number) for name, number in _NAMED.findall(self._entry(head, key))}

    def _entry(self, head: bytes, key: bytes) -> bytes:
        """The dictionary under a key, whether it stands there or is referred to."""
        found = re.search(re.escape(key) + rb"\s*(?:(\d+)\s+0\s+R|<<)", head)
        if not found:
            return b""
        return self._head(int(found.group(1))) if found.group(1) else _balanced(head, found.end())

    def _listed(self, head: bytes, key: bytes) -> list[int]:
        """The numbers a key refers to, one or an array of them, which may be an object of its own."""
        found = re.search(re.escape(key) + rb"\s*(?:\[([^\]]*)\]|(\d+)\s+0\s+R)", head)
        if not found:
            return []
        if found.group(2):
            inner = self._head(int(found.group(2))).strip()
            return _numbers(inner) if inner.startswith(b"[") else [int(found.group(2))]
        return _numbers(found.group(1))

    def _head(self, number: int) -> bytes:
        """An object without its stream."""
        start = self._starts.get(number)
        if start is None:
            return b""
        end = self._content.find(b"endobj", start)
        stream = self._content.find(b"stream", start, end)
        return self._content[self._content.find(b"obj", start) + 3 : stream if stream >= 0 else end]

    def _stream(self, number: int) -> bytes:
        head = self._head(number)
        length = re.search(rb"/Length\s+(\d+)(?!\s+\d+\s+R)", head)
        if not length:
            return b""
        at = self._content.find(b"stream", self._starts[number]) + 6
        at += 2 if self._content[at : at + 2] == b"\r\n" else 1
        return _unpacked(head, self._content[at : at + int(length.group(1))])


def _unpacked(head: bytes, packed: bytes) -> bytes:
    """What a stream holds; nothing of one that is packed in another way or broken, so that the others are read."""
    found = _FILTERS.search(head)
    for name in _FILTER.findall(found.group()[7:]) if found else ():
        unpack = _UNPACKERS.get(name)
        try:
            packed = unpack(packed) if unpack else b""
        except (zlib.error, ValueError):
            return b""
    return packed


def _flate(packed: bytes) -> bytes:
    return zlib.decompressobj().decompress(packed, _LIMIT)


def _ascii85(packed: bytes) -> bytes:
    return base64.a85decode(packed.strip().removeprefix(b"<~").partition(b"~")[0])


def _hex(packed: bytes) -> bytes:
    digits = b"".join(packed.partition(b">")[0].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("latin-1"))


_UNPACKERS: Mapping[bytes, Callable[[bytes], bytes]] = {
    **dict.fromkeys((b"FlateDecode", b"Fl"), _flate),
    **dict.fromkeys((b"ASCII85Decode", b"A85"), _ascii85),
    **dict.fromkeys((b"ASCIIHexDecode", b"AHx"), _hex),
}


def _balanced(head: bytes, at: int) -> bytes:
    """What stands in a dictionary whose opening brackets end at ``at``."""
    depth, end = 1, at
    for found in re.finditer(rb"<<|>>", head[at:]):
        depth += 1 if found.group() == b"<<" else -1
        if not depth:
            end = at + found.start()
            break
    return head[at:end]


def _numbers(listed: bytes) -> list[int]:
    return [int(number) for number in _REFERENCE.findall(listed)]


def _decoded(codes: bytes, meanings: dict[bytes, str]) -> str:
    plain = b"".join(codes.split()).upper()
    width = len(next(iter(meanings)))
    return "".join([meanings.get(plain[at : at + width], "\ufffd") for at in range(0, len(plain), width)])


@lru_cache(maxsize=64)
def _meanings_of(listed: bytes) -> dict[bytes, str]:
    """What each code of a font means, by its hexadecimal digits."""
    found = {}
    for block in _SINGLE.findall(listed):
        found.update({code.upper(): _word(word) for code, word in _PAIR.findall(block)})
    for block in _RANGE.findall(listed):
        for first, last, start, each in _TRIPLE.findall(block):
            words = [_word(word) for word in _CODES.findall(each)] or _following(start, int(last, 16) - int(first, 16))
            for at, word in enumerate(words):
                found[b"%0*X" % (len(first), int(first, 16) + at)] = word
    return found


def _following(start: bytes, more: int) -> list[str]:
    word = _word(start)
    return [word[:-1] + chr(ord(word[-1]) + at) for at in range(min(more, 0xFFFF) + 1)]


def _word(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")
