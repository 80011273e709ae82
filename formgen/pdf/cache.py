"""Drawn glyphs kept in the user's cache folder, so that a batch of any size draws each character once a machine.

The folder is a convenience: absent, read-only or damaged it only costs time. ``FORMGEN_CACHE`` names another one; empty
turns it off.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = "FORMGEN_CACHE"
VERSION = "1"  # raise when outlines are drawn otherwise
OFTEN = 64  # new glyphs after which they are kept, so that a worker that is killed has not drawn in vain


class Drawer:
    """Draws the glyphs of one font or takes them from the folder."""

    def __init__(self, identity: str, draw: Callable[[str], bytes]) -> None:
        self._draw = draw
        folder = cache_folder()
        self._path = folder / f"{identity}.{VERSION}.glyphs" if folder else None
        self._known = _read(self._path)
        self._new: dict[str, bytes] = {}

    def plain(self, name: str) -> bytes:
        """The glyph's record, uncompressed."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._new[name] = self._draw(name)
            if len(self._new) >= OFTEN:
                self.save()
        return known

    def save(self) -> None:
        """Write what is new beside what others wrote meanwhile: whole or not at all."""
        if not self._new or self._path is None:
            return
        everything = {**_read(self._path), **self._new}
        self._new = {}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            _replace(self._path, _pack(everything))
        except OSError:
            self._path = None


def cache_folder() -> Path | None:
    """Where glyphs are kept, None when there is no such place."""
    if FOLDER in os.environ:
        return Path(os.environ[FOLDER]) if os.environ[FOLDER] else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base, "formgen", "glyphs") if base else None
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "formgen", "glyphs")
    except RuntimeError:  # no home folder
        return None


def _pack(glyphs: dict[str, bytes]) -> bytes:
    """Digest, a line of JSON with names and lengths, then the records."""
    index = json.dumps([[name, len(glyphs[name])] for name in sorted(glyphs)], ensure_ascii=False).encode()
    body = index + b"\n" + b"".join(glyphs[name] for name in sorted(glyphs))
    return hashlib.sha256(body).digest() + body


def _read(path: Path | None) -> dict[str, bytes]:
    try:
        whole = path.read_bytes() if path else b""
    except OSError:
        return {}
    body = whole[32:]
    if hashlib.sha256(body).digest() != whole[:32]:
        return {}
    index, _, records = body.partition(b"\n")
    glyphs, at = {}, 0
    for name, length in json.loads(index):
        glyphs[name] = records[at : at + length]
        at += length
    return glyphs


def _replace(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
