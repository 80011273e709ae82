"""PDF files as bytes: text strings, streams, the cross-reference table, and an identifier made from the content.

Nothing here reads a clock or draws lots, so equal input gives equal bytes.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_FREE = b"0000000000 00000 f \n"
_ESCAPES = {ord("\\"): b"\\\\", ord("("): b"\\(", ord(")"): b"\\)", ord("\r"): b"\\r"}
_ESCAPED = {code: bytes((code,)) for code in range(256)} | _ESCAPES


@dataclass(slots=True)
class Base:
    """The part of a file that never changes: header and objects as ready bytes, with its cross-reference lines.

    Objects of a document are numbered from ``size`` or fill a number of ``gaps`` that was kept for them.
    """

    ready: bytes
    lines: list[bytes]
    root: int
    digest: bytes = b""

    @property
    def size(self) -> int:
        """One more than the highest number used."""
        return len(self.lines)


@dataclass(slots=True)
class Parts:
    """The objects of one document that are not in its base, in the order they will be written."""

    objects: list[tuple[int, bytes]] = field(default_factory=list)

    def put(self, number: int, content: bytes) -> None:
        """Add an object under a number."""
        self.objects.append((number, content))


def base_of(objects: Mapping[int, bytes], *, size: int, root: int) -> Base:
    """The base made of these objects; numbers below ``size`` that are not there stay free for a document."""
    lines = [b"0000000000 65535 f \n"] + [_FREE] * (size - 1)
    pieces, at = [HEADER], len(HEADER)
    for number in sorted(objects):
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
        lines[number] = b"%010d 00000 n \n" % at
        pieces.append(piece)
        at += len(piece)
    ready = b"".join(pieces)
    return Base(ready, lines, root, hashlib.sha256(ready).digest())


def assemble(base: Base, parts: Parts, *, info: int | None = None) -> bytes:
    """The whole file: the base, the document's objects, cross-reference table and trailer."""
    lines = list(base.lines)
    pieces, at = [], len(base.ready)
    for number, content in parts.objects:
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, content)
        if number >= len(lines):
            lines.extend([_FREE] * (number + 1 - len(lines)))
        lines[number] = b"%010d 00000 n \n" % at
        pieces.append(piece)
        at += len(piece)
    body = b"".join(pieces)
    mark = hashlib.sha256(base.digest + body).hexdigest()[:32].upper().encode()
    about = b"/Info %d 0 R" % info if info is not None else b""
    trailer = b"trailer\n<</Size %d/Root %d 0 R%b/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n"
    table = b"xref\n0 %d\n%b" % (len(lines), b"".join(lines))
    return b"".join((base.ready, body, table, trailer % (len(lines), base.root, about, mark, mark, at)))


def text(string: str) -> bytes:
    """A PDF text string: plain ASCII where that suffices, else UTF-16 with its mark."""
    if string.isascii():
        return literal(string.encode("ascii"))
    return b"<FEFF" + string.encode("utf-16-be").hex().upper().encode() + b">"


def literal(raw: bytes) -> bytes:
    """A PDF literal string of these bytes."""
    return b"(" + b"".join(_ESCAPED[code] for code in raw) + b")"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object; deflated where that pays."""
    if len(content) > 600:
        packed = zlib.compress(content, 6)
        return b"<<%b/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (entries, len(packed), packed)
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(content), content)


def numbers(values: Iterable[float]) -> str:
    """Numbers as PDF writes them: no exponent, at most three digits after the point."""
    return " ".join(number(value) for value in values)


def number(value: float) -> str:
    """One number as PDF writes it."""
    whole = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if whole in ("-0", "") else whole
