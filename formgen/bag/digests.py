"""Digests of files: every algorithm in one reading, many files over threads (hashlib frees the interpreter lock)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path

FIRST = 1 << 16  # small files in one reading without a large buffer
BLOCK = 1 << 20
SHARE, OCTETS = 256, 1 << 23  # files or octets a thread is handed at a time: handing out work costs nothing beside them
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

Digests = tuple[str, ...]


def known(algorithm: str) -> bool:
    """Whether this Python can compute the digest of that name (as manifests write it: lower case, no hyphen)."""
    return algorithm in hashlib.algorithms_available and not algorithm.startswith("shake")


@cache
def _new(algorithm: str) -> Callable:
    """What begins a digest; the named constructors of hashlib are quicker than its ``new``."""
    own = getattr(hashlib, algorithm, None) if algorithm in hashlib.algorithms_guaranteed else None
    return partial(own, usedforsecurity=False) if own else partial(hashlib.new, algorithm, usedforsecurity=False)


def of_bytes(content: bytes, algorithms: Sequence[str]) -> Digests:
    """The digests of bytes in memory, hexadecimal, in the order of ``algorithms``."""
    return tuple([_new(name)(content).hexdigest() for name in algorithms])


def of_file(path: str | Path, algorithms: Sequence[str]) -> Digests:
    """The digests of a file, hexadecimal, read once. Symbolic links are not followed. Raises OSError."""
    handle = os.open(path, _OPEN)
    try:
        block = os.read(handle, FIRST)
        if len(block) < FIRST:  # an ordinary file gives less than was asked for only at its end
            return of_bytes(block, algorithms)
        hashes = [_new(name)(block) for name in algorithms]
        while block := os.read(handle, BLOCK):
            for running in hashes:
                running.update(block)
        return tuple(running.hexdigest() for running in hashes)
    finally:
        os.close(handle)


def content(path: str) -> bytes:
    """The whole of a small file; links are not followed. Raises OSError."""
    handle = os.open(path, _OPEN)
    try:
        parts = [os.read(handle, FIRST)]
        while len(parts[-1]) == FIRST or (len(parts) > 1 and parts[-1]):
            parts.append(os.read(handle, BLOCK))
        return b"".join(parts)
    finally:
        os.close(handle)


def copy(source: Path, target: Path, algorithms: Sequence[str]) -> tuple[Digests, int]:
    """Copy a file that does not exist yet; its digests and size in octets, from the same reading. Raises OSError."""
    hashes = [_new(name)() for name in algorithms]
    size = 0
    handle = os.open(source, _OPEN)
    with os.fdopen(handle, "rb", buffering=0) as reader, target.open("xb", buffering=0) as writer:
        while block := reader.read(BLOCK):
            for running in hashes:
                running.update(block)
            writer.write(block)
            size += len(block)
    return tuple(running.hexdigest() for running in hashes), size


def of_files(
    root: Path | str,
    paths: Iterable[str],
    algorithms: Sequence[str],
    *,
    sizes: Mapping[str, int] | None = None,
    jobs: int = 0,
) -> Iterator[tuple[str, Digests | OSError]]:
    """Each path below ``root`` with its digests, or with the error that kept it from being read, in the given order.

    ``sizes`` in octets, where they are known, make few large files shares of their own. ``jobs`` threads; 0 = one a
    core. What is one share is read in the calling thread: starting threads would cost more.
    """
    base = f"{root}{os.sep}"

    def measure(share: Sequence[str]) -> list[tuple[str, Digests | OSError]]:
        return [(path, _tried(base + path, algorithms)) for path in share]

    shares = list(_shares(paths, sizes or {}))
    workers = min(jobs or os.cpu_count() or 1, len(shares))
    if workers < 2:
        for share in shares:
            yield from measure(share)
        return
    with ThreadPoolExecutor(workers) as pool:
        for measured in pool.map(measure, shares):
            yield from measured


def _shares(paths: Iterable[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    share: list[str] = []
    octets = 0
    for path in paths:
        share.append(path)
        octets += sizes.get(path, 0)
        if len(share) >= SHARE or octets >= OCTETS:
            yield share
            share, octets = [], 0
    if share:
        yield share


def _tried(path: str, algorithms: Sequence[str]) -> Digests | OSError:
    try:
        return of_file(path, algorithms)
    except OSError as fault:
        return fault
