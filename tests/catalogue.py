"""The compiled catalogue of click's own words; ``python -m tests.catalogue`` writes it anew from the .po beside it."""

from __future__ import annotations

import ast
import struct
from pathlib import Path

import formgen

SOURCE = Path(formgen.__file__).parent / "data/locale/zh/LC_MESSAGES/click.po"
COMPILED = SOURCE.with_suffix(".mo")
_KEYS = {"msgid": "one", "msgid_plural": "many", "msgstr": "said", "msgstr[0]": "said"}


def entries(text: str) -> dict[str, str]:
    """What is said → how we say it; singular and plural of a message are joined as gettext joins them."""
    found: dict[str, str] = {}
    for block in text.split("\n\n"):
        parts = {"one": "", "many": "", "said": ""}
        key = ""
        for line in block.splitlines():
            word, _, quoted = line.partition(" ")
            if word in _KEYS:
                key, line = _KEYS[word], quoted
            if line.startswith('"'):
                parts[key] += ast.literal_eval(line)
        name = f"{parts['one']}\0{parts['many']}" if parts["many"] else parts["one"]
        found[name] = parts["said"]
    return found


def compiled(found: dict[str, str]) -> bytes:
    """The entries in the binary form of gettext: sorted, no hash table."""
    pairs = [(name.encode(), said.encode()) for name, said in sorted(found.items())]
    first = 28 + 16 * len(pairs)
    texts, tables = bytearray(), [bytearray(), bytearray()]
    for table, column in zip(tables, zip(*pairs, strict=True), strict=True):
        for text in column:
            table += struct.pack("<II", len(text), first + len(texts))
            texts += text + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, first)
    return head + tables[0] + tables[1] + texts


if __name__ == "__main__":
    COMPILED.write_bytes(compiled(entries(SOURCE.read_text(encoding="utf-8"))))
