"""Logs nobody can edit unseen: JSON lines, each holding the digest of the line before (sha256, canonical JSON).

A chain alone cannot show that its tail was cut, so the head (count and digest) also stands in ``heads.json``. That file
could be put back together with the logs, so a mark of all heads is printed on every paper that people sign.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from formgen import write
from formgen.messages import FormgenError
from formgen.model import Finding, Place

START = "0" * 64
HEADS = "heads.json"
_FIXED = frozenset(("seq", "prev", "hash"))


@dataclass(frozen=True, slots=True)
class Head:
    """How many lines a log has and the digest of the last one."""

    count: int
    digest: str


def canonical(value: object) -> bytes:
    """JSON with sorted keys and no blanks, UTF-8: the same value always gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def append(path: Path, *added: Mapping[str, object]) -> Head:
    """Add entries to a log and sync it; the new head. Raises FormgenError when the log does not fit its head."""
    with _locked(path.parent):
        heads = _heads(path.parent)
        last = _mended(path, heads.get(path.name, Head(0, START)))
        with path.open("ab") as log:
            for entry in added:
                body = {key: value for key, value in entry.items() if key not in _FIXED}
                line = {**body, "seq": last.count + 1, "prev": last.digest}
                last = Head(last.count + 1, hashlib.sha256(canonical(line)).hexdigest())
                log.write(canonical({**line, "hash": last.digest}) + b"\n")
            log.flush()
            os.fsync(log.fileno())
        heads[path.name] = last
        _write_heads(path.parent, heads)
    return last


def entries(path: Path) -> Iterator[dict]:
    """The entries of a log, oldest first; none when there never was a log. A torn last line is left out.

    Raises FormgenError, before the first entry, for a log that is lost, edited or cut: nothing is decided by one.
    """
    _whole(path, _heads(path.parent).get(path.name, Head(0, START)))
    yield from map(json.loads, _lines(path))


def check(path: Path) -> tuple[Finding, ...]:
    """What is wrong with a log: lines edited, added, cut, put in another order, or fewer than its head says."""
    unnamed = Head(0, START) if (path.parent / HEADS).exists() else None
    known = _heads(path.parent).get(path.name, unnamed)
    if not path.exists():
        return (Finding("E735", Place(path.name), {"count": str(known.count)}),) if known and known.count else ()
    found = [Finding("W735", Place(path.name))] if _is_torn(path) else []
    last, passes = Head(0, START), not known or known.count == 0
    for problem, last in _walk(path):
        passes = passes or last == known
        if problem:
            found.append(Finding(problem, Place(path.name), {"line": str(last.count)}))
    if known and not passes:
        found.append(Finding("E735", Place(path.name), {"count": str(known.count)}))
    if known and last.count > known.count:
        found.append(Finding("E736", Place(path.name), {"count": str(known.count)}))
    return tuple(found)


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a log that were written to their end, one in memory at a time; none without a file."""
    if not path.exists():
        return
    with path.open("rb") as log:
        yield from (raw[:-1] for raw in log if raw.endswith(b"\n"))


def _is_torn(path: Path) -> bool:
    """Whether a power cut left a last line without its end."""
    with path.open("rb") as log:
        size = log.seek(0, os.SEEK_END)
        log.seek(max(0, size - 1))
        return log.read() not in (b"", b"\n")


def _walk(path: Path) -> Iterator[tuple[str, Head]]:
    """Each whole line of a log: the code of what is wrong with it, or nothing, and the head it would make."""
    last = Head(0, START)
    for raw in _lines(path):
        problem, digest = _line(raw, last.count + 1, last.digest)
        last = Head(last.count + 1, digest)
        yield problem, last


def _line(raw: bytes, number: int, previous: str) -> tuple[str, str]:
    """The code of what is wrong with a line, or nothing, and the digest it hands on."""
    try:
        entry = json.loads(raw)
        stated = str(entry.pop("hash"))
    except (ValueError, KeyError, AttributeError, TypeError):
        return "E733", hashlib.sha256(raw).hexdigest()
    if hashlib.sha256(canonical(entry)).hexdigest() != stated:
        return "E733", stated
    if entry.get("prev") != previous or entry.get("seq") != number:
        return "E734", stated
    return "", stated


def _heads(folder: Path) -> dict[str, Head]:
    path = folder / HEADS
    if not path.exists():
        return {}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {name: Head(entry["count"], entry["digest"]) for name, entry in raw.items()}
    except (ValueError, LookupError, TypeError, AttributeError) as wrong:
        raise FormgenError(Finding("E715", Place(HEADS))) from wrong


def heads(folder: Path) -> Mapping[str, Head]:
    """The stated heads of all logs of a folder by file name. Raises FormgenError when they cannot be read."""
    return _heads(folder)


def lost(folder: Path) -> tuple[Finding, ...]:
    """Whether the heads themselves are gone, and with them what shows that a log was cut or taken away."""
    return () if (folder / HEADS).exists() else (Finding("E700", Place(HEADS)),)


def mark(folder: Path) -> str:
    """All heads of a folder in one short word to be printed: name and count of each log, 16 digits of their digest.

    Empty when there are no logs. Raises FormgenError when the heads cannot be read.
    """
    known = _heads(folder)
    counts = (f"{Path(name).stem}{head.count}" for name, head in sorted(known.items()))
    return "-".join((*counts, _digest_of(known))) if known else ""


def check_mark(folder: Path, printed: str) -> tuple[Finding, ...]:
    """Whether the logs still begin with the lines they had when a mark was printed; the finding says that not."""
    *counts, digest = printed.strip().split("-")
    named = [re.fullmatch(r"([a-z]+)(\d+)", each) for each in counts]
    if not counts or not all(named):
        return (Finding("E716", Place(printed[:80])),)
    stated = {f"{match[1]}.jsonl": _up_to(folder / f"{match[1]}.jsonl", int(match[2])) for match in named if match}
    return () if _digest_of(stated) == digest else (Finding("E716", Place(printed[:80])),)


def _digest_of(stated: Mapping[str, Head]) -> str:
    listed = {name: [head.count, head.digest] for name, head in stated.items()}
    return hashlib.sha256(canonical(listed)).hexdigest()[:16]


def _up_to(path: Path, count: int) -> Head:
    """The head that a log had when it was so many lines long, by its lines as they are now."""
    digest = START
    for _, head in islice(_walk(path), count):
        digest = head.digest
    return Head(count, digest)


def _write_heads(folder: Path, stated: Mapping[str, Head]) -> None:
    raw = {name: {"count": head.count, "digest": head.digest} for name, head in sorted(stated.items())}
    write.put(folder / HEADS, canonical(raw) + b"\n")


def _mended(path: Path, last: Head) -> Head:
    """The head to go on from. A line that a power cut tore is taken away; one written before its head was is taken up.

    Raises FormgenError when the log does not fit.
    """
    now = _whole(path, last)
    if path.exists() and _is_torn(path):
        raw = path.read_bytes()
        write.put(path, raw[: raw.rfind(b"\n") + 1])
    return now


def _whole(path: Path, stated: Head) -> Head:
    """The head on disk; lines written before a power cut may follow the stated one.

    Raises FormgenError when the log is gone, broken, or does not hold the stated head.
    """
    if stated.count and not path.exists():
        raise FormgenError(Finding("E786", Place(path.name)))
    last, passes = Head(0, START), stated.count == 0
    for problem, last in _walk(path):
        passes = passes or last == stated
        if problem:
            passes = False
            break
    if not passes:
        raise FormgenError(Finding("E787", Place(path.name)))
    return last


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One writer at a time, where the system has advisory locks."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows: one archivist, one program
        yield
        return
    try:
        lock = (folder / ".lock").open("ab")
    except OSError as fault:
        raise write.trouble(fault, folder / ".lock") from fault
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
