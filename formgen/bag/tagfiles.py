"""The tag files of a BagIt bag as values: bagit.txt, bag-info.txt, manifests, fetch.txt (RFC 8493, drafts 0.93–0.97).

Pure: bytes in, values and findings out; nothing here opens a file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from formgen.model import Finding, Place

_LINES = re.compile(r"\r\n|\n|\r")
_ENTRY = re.compile(r"([0-9A-Fa-f]+)[ \t]+(\*?)(\S.*)")
_HEX = b"0123456789abcdef"
_PLAIN = re.compile(r"\w[\w-]*(?:[./][\w-]+)*(?:\n\w[\w-]*(?:[./][\w-]+)*)*", re.ASCII)  # paths, a line each
_STRICT = re.compile(r"BagIt-Version: (\d+)\.(\d+)(?:\r\n|\n|\r)Tag-File-Character-Encoding: ([\w.:-]+)(?:\r\n|\n|\r)?")
_LOOSE = re.compile(r"BagIt-Version:[ \t]*(\d+)\.(\d+)[ \t]*\s+Tag-File-Character-Encoding:[ \t]*([\w.:-]+)\s*")
_PERCENT = re.compile(r"%(0[AaDd]|25)")
_DRIVE = re.compile(r"[A-Za-z]:|[~%\\/]")


class Malformed(ValueError):
    """A tag file that cannot be read; ``finding`` says which and why."""

    def __init__(self, finding: Finding):
        super().__init__(finding.code)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Declaration:
    """What bagit.txt declares: the version of the format and the encoding of the other tag files."""

    version: tuple[int, int]
    encoding: str

    @property
    def is_final(self) -> bool:
        """Whether the bag follows BagIt 1.0 (RFC 8493) and not one of its drafts."""
        return self.version >= (1, 0)


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest: its file name, algorithm and digest by path (both as they are compared: lower case, decoded)."""

    name: str
    algorithm: str
    entries: Mapping[str, str]
    findings: tuple[Finding, ...] = ()

    @property
    def is_tag(self) -> bool:
        """Whether it lists tag files and not payload."""
        return self.name.startswith("tag")


@dataclass(frozen=True, slots=True)
class Info:
    """bag-info.txt: (label, value) in order; a label may stand more than once and its case does not matter."""

    pairs: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def get(self, label: str) -> str | None:
        """The last value of that label, None when there is none."""
        found = [value for name, value in self.pairs if name.casefold() == label.casefold()]
        return found[-1] if found else None


@lru_cache(maxsize=8)  # nearly all bags declare the same two lines
def declaration(raw: bytes) -> Declaration:
    """What bagit.txt declares. Raises Malformed: 1.0 allows exactly two lines, drafts some blanks."""
    text = raw.decode("utf-8", errors="replace")
    loose = _LOOSE.fullmatch(text)
    if not loose or (loose and (int(loose[1]), int(loose[2])) >= (1, 0) and not _STRICT.fullmatch(text)):
        raise Malformed(Finding("E702", Place("bagit.txt")))
    try:
        encoding = codecs.lookup(loose[3]).name
        "".encode(encoding)  # refuses what is registered as a codec but is none of text, such as hex
    except (LookupError, UnicodeError):
        raise Malformed(Finding("E714", Place("bagit.txt"), {"encoding": loose[3]})) from None
    return Declaration((int(loose[1]), int(loose[2])), encoding)


def decoded(name: str, raw: bytes, encoding: str) -> str:
    """The text of a tag file. Raises Malformed when it is not in the declared encoding."""
    try:
        return raw.decode(encoding)
    except UnicodeError:
        raise Malformed(Finding("E714", Place(name), {"encoding": encoding})) from None


def manifest(name: str, raw: bytes, declared: Declaration) -> Manifest:
    """A manifest or tag manifest by its file name. Raises Malformed when it is not in the declared encoding."""
    is_tag = name.startswith("tag")
    text = decoded(name, raw, declared.encoding)
    algorithm = name.rpartition("-")[2].removesuffix(".txt").lower()
    if (plain := _plain(text, is_tag=is_tag)) is not None:
        return Manifest(name, algorithm, plain)
    entries: dict[str, str] = {}
    found: list[Finding] = []
    for number, line in enumerate(_LINES.split(text), start=1):
        if not line.strip():
            continue
        match = _ENTRY.fullmatch(line)
        if not match:
            found.append(Finding("E704", Place(name), {"line": str(number)}))
            continue
        digest, path = match[1].lower(), unescaped(match[3].rstrip(), declared)
        if match[2]:
            found.append(Finding("W702", Place(name), {"line": str(number)}))
        if path.startswith("./"):
            path = path[2:]
            found.append(Finding("W701", Place(name), {"line": str(number)}))
        if not is_inside(path, is_tag=is_tag):
            found.append(Finding("E706", Place(name), {"line": str(number), "path": path}))
            continue
        if path in entries:
            is_same = entries[path] == digest and not declared.is_final
            found.append(Finding("W703" if is_same else "E705", Place(name), {"path": path}))
        entries.setdefault(path, digest)
    return Manifest(name, algorithm, entries, tuple(found))


def _plain(text: str, *, is_tag: bool) -> dict[str, str] | None:
    """The entries of a manifest with nothing odd in it, as most are; None when it must be read line by line.

    All digests and all paths are looked at in one go each: a line at a time costs three times as much.
    """
    *lines, rest = text.split("\n")
    width = text.find(" ")
    digests = [line[:width] for line in lines]
    paths = [line[width + 2 :] for line in lines]
    listed = "\n".join(paths)
    if (
        rest
        or {line[width : width + 2] for line in lines} != {"  "}
        or "".join(digests).encode(errors="replace").translate(None, _HEX)
    ):
        return None
    if not _PLAIN.fullmatch(listed) or (f"\n{listed}".count("\ndata/") != (0 if is_tag else len(lines))):
        return None
    entries = dict(zip(paths, digests, strict=True))
    return entries if len(entries) == len(lines) else None


def fetch_list(raw: bytes, declared: Declaration) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """The payload paths that fetch.txt promises, and what is wrong with its lines. Raises Malformed."""
    paths, found = [], []
    for number, line in enumerate(_LINES.split(decoded("fetch.txt", raw, declared.encoding)), start=1):
        parts = line.split(None, 2)
        if not parts:
            continue
        path = unescaped(parts[2].rstrip(), declared).removeprefix("./") if len(parts) == 3 else ""
        if not path:
            found.append(Finding("E704", Place("fetch.txt"), {"line": str(number)}))
        elif not is_inside(path, is_tag=False):
            found.append(Finding("E706", Place("fetch.txt"), {"line": str(number), "path": path}))
        else:
            paths.append(path)
    return tuple(paths), tuple(found)


def info(name: str, raw: bytes, declared: Declaration) -> Info:
    """bag-info.txt (package-info.txt before 0.96) with folded lines joined. Raises Malformed."""
    pairs: list[tuple[str, str]] = []
    found: list[Finding] = []
    for number, line in enumerate(_LINES.split(decoded(name, raw, declared.encoding)), start=1):
        label, colon, value = line.partition(":")
        if not line.strip():
            continue
        if line[0] in " \t" and pairs:
            pairs[-1] = (pairs[-1][0], f"{pairs[-1][1]} {line.strip()}")
        elif colon and label.strip() and not (declared.is_final and label != label.strip()):
            pairs.append((label.strip(), value.strip()))
        else:
            found.append(Finding("E704", Place(name), {"line": str(number)}))
    return Info(tuple(pairs), tuple(found))


def is_inside(path: str, *, is_tag: bool) -> bool:
    """Whether a listed path stays inside the bag on every system, and, for a payload manifest, inside data/."""
    parts = path.replace("\\", "/").split("/")
    if _DRIVE.match(path) or ".." in parts or "" in parts:
        return False
    return is_tag != path.startswith("data/")


def escaped(path: str) -> str:
    """A path as a 1.0 manifest writes it: CR, LF and % percent-encoded."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def unescaped(path: str, declared: Declaration) -> str:
    """A path as it stands on disk; drafts encoded only the line breaks."""
    if "%" not in path:
        return path
    return _PERCENT.sub(
        lambda match: (
            match[0] if match[1] == "25" and not declared.is_final else bytes.fromhex(match[1]).decode("ascii")
        ),
        path,
    )


def manifest_texts(kind: str, listed: Mapping[str, Sequence[str]], algorithms: Sequence[str]) -> dict[str, bytes]:
    """The manifests or tag manifests (``kind``) by file name, of digests by path, an algorithm each as there.

    They are sorted by path, and ``sha256sum -c`` reads them too.
    """
    rows = [(escaped(path), listed[path]) for path in sorted(listed)]
    return {
        f"{kind}-{name}.txt": "".join([f"{found[place]}  {path}\n" for path, found in rows]).encode("utf-8")
        for place, name in enumerate(algorithms)
    }


def info_text(pairs: Sequence[tuple[str, str]]) -> bytes:
    """bag-info.txt of (label, value). Raises ValueError when one holds a line break, which would forge a label."""
    if any("\n" in part or "\r" in part for pair in pairs for part in pair):
        raise ValueError("bag-info.txt: line break in a label or value")
    return "".join(f"{label}: {value}\n" for label, value in pairs).encode("utf-8")
