"""What lies in a folder, links not followed, and new files in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder: size in octets and time of change in ns by path, and the paths of links and devices."""

    files: Mapping[str, int]
    special: tuple[str, ...] = ()
    times: Mapping[str, int] = field(default_factory=dict)


def listing(folder: Path) -> Listing:
    """Everything below a folder, links not followed; empty folders are not kept by BagIt and not listed."""
    files: dict[str, int] = {}
    times: dict[str, int] = {}
    special: list[str] = []
    waiting = [""]
    while waiting:
        below = waiting.pop()
        with os.scandir(f"{folder}/{below}") as entries:
            for entry in entries:
                path = below + entry.name
                if entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    files[path], times[path] = facts.st_size, facts.st_mtime_ns
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                else:
                    special.append(path)
    return Listing(files, tuple(sorted(special)), times)


def put(path: str, content: bytes) -> None:
    """Write a file that does not exist yet. Raises OSError."""
    handle = os.open(path, _NEW, 0o666)  # half the cost of a file object, which counts in bags of a few small files
    try:
        left = memoryview(content)
        while left:
            left = left[os.write(handle, left) :]
    finally:
        os.close(handle)
