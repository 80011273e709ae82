"""XML as office programs write it, cut into whole elements that one regular expression can read.

A block is handed out only when it holds nothing that XML forbids, changes or expands; plain references (&amp; …) may
stand in it. What is not plain stays with the caller, byte for byte, for a real parser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CONTROLS = bytes(code for code in range(32) if code not in (9, 10))
_MAX_WAIT = 1 << 20  # bytes without the end of an element
_UTF8 = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml[^>]*encoding=["'](?i:utf-8)["'][^>]*\?>|<\?xml(?:(?!encoding)[^>])*\?>|<[^?])"""
)
_FOREIGN = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
_REFERENCE = re.compile("&(amp|lt|gt|quot|apos);")
_REFERENCES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


class Blocks:
    """Blocks of whole elements that end with ``end``; ``rest`` holds the bytes read and not handed out."""

    def __init__(self, rest: bytes, chunks: Iterator[bytes], end: bytes) -> None:
        self.rest, self._chunks, self._end = rest, chunks, end

    def __iter__(self) -> Iterator[str]:
        """Blocks of text as long as they are plain and there are any."""
        while True:
            cut = self.rest.rfind(self._end) + len(self._end)
            if cut < len(self._end):
                if not self._more():
                    return
                continue
            text = plain_text(self.rest[:cut])
            if text is None:
                return
            self.rest = self.rest[cut:]
            yield text

    def put_back(self, text: str) -> None:
        """Take the end of the last block back."""
        self.rest = text.encode() + self.rest

    def _more(self) -> bool:
        chunk = next(self._chunks, b"") if len(self.rest) < _MAX_WAIT else b""
        self.rest += chunk
        return bool(chunk)


def is_utf8(head: bytes) -> bool:
    """Whether a part says, or says nothing against it, that it is written in UTF-8."""
    return _UTF8.match(head) is not None


def plain_text(block: bytes) -> str | None:
    """The block as text, None when something in it needs a real parser."""
    if len(block.translate(None, _CONTROLS)) != len(block):
        return None
    if any(mark in block for mark in (b"]]>", b"<!", b"<?", b"\xef\xbf\xbe", b"\xef\xbf\xbf")):
        return None
    try:
        text = block.decode()
    except UnicodeDecodeError:
        return None
    return None if "&" in text and _FOREIGN.search(text) else text


def resolved(text: str) -> str:
    """Text with its plain references resolved."""
    return _REFERENCE.sub(lambda found: _REFERENCES[found[1]], text) if "&" in text else text
