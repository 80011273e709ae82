"""A zip package opened with care: what the bytes really are, how large they would become, one name one part.

Nothing here knows spreadsheets. A file that cannot be opened raises ``Refused`` with a code of the message catalogue.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

MAX_FILE = 500_000_000  # bytes on disk
MAX_TOTAL = 3_000_000_000  # bytes unpacked, all parts together; parts are streamed, never held whole
MAX_RATIO = 200  # unpacked ÷ packed; what Excel writes stays below 60
RATIO_FREE = 10_000_000  # a small part may be as repetitive as it likes
MAX_PARTS = 10_000
CHUNK = 1 << 17
LOCK = "~$"  # what the name of the file begins with that Excel and WPS leave beside an open workbook
_NAMED = 5  # workbooks of a folder that a message names

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptionInfo".encode("utf-16-le")
#: What the standard library raises on a damaged archive.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    LookupError,
    OverflowError,
)


class Refused(Exception):
    """A file that cannot be read: ``code`` of the message catalogue and the ``values`` of its sentence."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class Package:
    """The parts of a zip package by name, read as streams; names are compared without regard to case."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises Refused when it is no sound zip, is protected by a password or would grow too large."""
        _sniff(path)
        try:
            self._zip = zipfile.ZipFile(path)
        except DAMAGE as wrong:
            raise Refused("E107", size=f"{path.stat().st_size:,}") from wrong
        try:
            self._parts = _survey(self._zip.infolist(), path.stat().st_size)
        except Refused:
            self._zip.close()
            raise

    def close(self) -> None:
        """Let the file go."""
        self._zip.close()

    def names(self) -> tuple[str, ...]:
        """The names of all parts as they are written, in the order of the archive."""
        return tuple(info.filename for info in self._parts.values())

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return _plain(name) in self._parts

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece. Raises Refused when the part is absent or damaged."""
        info = self._parts.get(_plain(name))
        if info is None:
            raise Refused("E113", part=name)
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except DAMAGE as wrong:
            raise Refused("E113", part=name) from wrong


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def _sniff(path: Path) -> None:
    """Raise Refused, with the true kind of the file, for all that does not begin like a zip."""
    try:
        size = _size(path)
        with path.open("rb") as stream:
            head = stream.read(4096)
            encrypted = head.startswith(_OLE) and _contains(stream, _ENCRYPTED)
    except (FileNotFoundError, NotADirectoryError) as wrong:
        raise Refused("E101") from wrong
    except PermissionError as wrong:
        raise Refused("E122") from wrong
    except OSError as wrong:
        raise Refused("E130", reason=wrong.strerror or str(wrong.errno)) from wrong
    if size == 0:
        raise Refused("E102")
    if size > MAX_FILE:
        raise Refused("E108")
    if head.startswith(_OLE):
        raise Refused("E104" if encrypted else "E103")
    if not head.startswith(b"PK"):
        raise Refused(_kind_of_text(head), size=f"{size:,}")


def _size(path: Path) -> int:
    """The size of a plain file, in bytes. Raises Refused for a folder, a device or a lock file, and OSError."""
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        books = sorted(one.name for one in path.glob("*.xls[xm]") if not one.name.startswith(LOCK))
        named = "、".join(books[:_NAMED]) + (" …" if len(books) > _NAMED else "")
        raise Refused("E126", books=named) if books else Refused("E127")
    if not stat.S_ISREG(about.st_mode):  # a pipe would make us wait for ever, a device may never end
        raise Refused("E128")
    if path.name.startswith(LOCK):
        raise Refused("E129", name=path.name.removeprefix(LOCK))
    return about.st_size


def _contains(stream, needle: bytes) -> bool:
    stream.seek(0)
    tail = b""
    while chunk := stream.read(CHUNK):
        if needle in tail + chunk:
            return True
        tail = chunk[-len(needle) :]
    return False


def _kind_of_text(head: bytes) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<html" in text or b"<table" in text or text.startswith(b"<!doctype html"):
        return "E106"
    if text.startswith(b"<?xml") or text.startswith(b"<"):
        return "E121"
    binary = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return "E107" if binary else "E105"


def _survey(infos: list[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
    """The parts by plain name. Raises Refused for doubles, passwords and packages that would grow out of bounds."""
    parts = {_plain(info.filename): info for info in infos if not info.filename.endswith("/")}
    names = [_plain(info.filename) for info in infos if not info.filename.endswith("/")]
    if len(parts) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused("E110", part=twice)
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("E104")
    total = sum(info.file_size for info in infos)
    steep = any(i.file_size > RATIO_FREE and i.file_size > MAX_RATIO * max(i.compress_size, 1) for i in infos)
    if total > MAX_TOTAL or steep or len(infos) > MAX_PARTS or (total > RATIO_FREE and total > MAX_RATIO * size):
        raise Refused("E108")
    return parts
