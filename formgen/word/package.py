"""A Word package that is mostly ready: unchanged members stay as deflated bytes, changed ones are spliced in.

Members are sorted by name ([Content_Types].xml comes first that way), times are those of 1980-01-01, so that the same
record gives the same bytes. ISA-L deflates where it is installed, zlib elsewhere.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence

try:
    from isal import isal_zlib

    crc32 = isal_zlib.crc32

    def deflate(content: bytes) -> bytes:
        """The content as a raw deflate stream."""
        return isal_zlib.compress(content, 1, wbits=-15)

except ImportError:
    crc32 = zlib.crc32

    def deflate(content: bytes) -> bytes:
        """The content as a raw deflate stream."""
        return zlib.compress(content, 6, wbits=-15)


_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5HI")  # up to the offset
_OFFSET = struct.Struct("<I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _DEFLATED, _TIME, _DAY = 20, 0x800, 8, 0, 0x21  # 0x21 is 1980-01-01


class Package:
    """A package whose members named in ``changed`` differ from paper to paper; the others are deflated once."""

    def __init__(self, members: Mapping[str, bytes], changed: Collection[str]) -> None:
        """Deflate what never changes, as small as it goes."""
        self.changed = tuple(name for name in sorted(members) if name in changed)
        self._members = tuple(
            (name.encode("utf-8"), None if name in changed else _ready(name.encode("utf-8"), members[name]))
            for name in sorted(members)
        )

    def spliced(self, contents: Sequence[bytes], more: Mapping[str, bytes] | None = None) -> bytes:
        """The whole package; ``contents`` are the changed members in the order of ``changed``.

        ``more`` are members of this paper alone: new ones, or others in place of unchanged ones.
        """
        pieces: list[bytes] = []
        central: list[bytes] = []
        fresh = iter(contents)
        at = 0
        for name, ready in self._with(more) if more else self._members:
            if ready is None:
                content = next(fresh)
                packed = deflate(content)
                sums = crc32(content), len(packed), len(content)
                head, entry = _local(name, *sums), _entry(name, *sums)
                pieces += (head, packed)
                size = len(head) + len(packed)
            else:
                member, entry = ready
                pieces.append(member)
                size = len(member)
            central += (entry, _OFFSET.pack(at), name)
            at += size
        listing = b"".join(central)
        count = len(central) // 3
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(listing), at, 0)
        return b"".join((*pieces, listing, end))

    def _with(self, more: Mapping[str, bytes]) -> Iterator[tuple[bytes, tuple[bytes, bytes] | None]]:
        """All members with those of one paper among them, in their order."""
        own = dict(self._members) | {name.encode("utf-8"): _quick(name.encode("utf-8"), more[name]) for name in more}
        yield from sorted(own.items(), key=lambda member: member[0])


def _quick(name: bytes, content: bytes) -> tuple[bytes, bytes]:
    """A member of one paper, with its header, and its entry in the listing."""
    packed = deflate(content)
    sums = crc32(content), len(packed), len(content)
    return _local(name, *sums) + packed, _entry(name, *sums)


def _ready(name: bytes, content: bytes) -> tuple[bytes, bytes]:
    """A member that never changes, with its header, and its entry in the listing."""
    packed = zlib.compress(content, 9, wbits=-15)
    sums = zlib.crc32(content), len(packed), len(content)
    return _local(name, *sums) + packed, _entry(name, *sums)


def _local(name: bytes, crc: int, packed: int, size: int) -> bytes:
    return _LOCAL.pack(b"PK\3\4", _VERSION, _UTF8, _DEFLATED, _TIME, _DAY, crc, packed, size, len(name), 0) + name


def _entry(name: bytes, crc: int, packed: int, size: int) -> bytes:
    head = (b"PK\1\2", _VERSION, _VERSION, _UTF8, _DEFLATED, _TIME, _DAY)
    return _CENTRAL.pack(*head, crc, packed, size, len(name), 0, 0, 0, 0, 0)
