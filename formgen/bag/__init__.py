"""BagIt bags: make one, write one from memory, validate any (RFC 8493, drafts 0.93–0.97).

``validate`` names every missing, changed, extra and unreadable file by its path. It is stricter than the RFC where a
bag would not be the same on another system: links, paths that leave the bag and twin names are errors in a 1.0 bag.
"""

from __future__ import annotations

import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from formgen.bag import digests, tagfiles
from formgen.bag.tagfiles import Declaration, Info, Malformed, Manifest
from formgen.model import Finding, Place

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini", "._.ds_store"))
_WEAK = frozenset(("md5", "sha1"))


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder: size in octets and time of change in ns by path, and the paths of links and devices."""

    files: Mapping[str, int]
    special: tuple[str, ...] = ()
    times: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of validating one bag; ``held`` is what lay there, None when it could not be listed."""

    folder: Path
    findings: tuple[Finding, ...]
    version: tuple[int, int] | None = None
    info: Info = field(default_factory=Info)
    files: int = 0
    octets: int = 0
    held: Listing | None = None

    @property
    def is_valid(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.is_error for finding in self.findings)

    def paths(self, *codes: str) -> tuple[str, ...]:
        """The paths, below the bag, of the findings with one of these codes."""
        return tuple(finding.place.file for finding in self.findings if finding.code in codes)


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
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{path}/")
                elif entry.is_file(follow_symlinks=False):
                    facts = entry.stat(follow_symlinks=False)
                    files[path], times[path] = facts.st_size, facts.st_mtime_ns
                else:
                    special.append(path)
    return Listing(files, tuple(sorted(special)), times)


def make(folder: Path, info: Sequence[tuple[str, str]] = (), *, jobs: int = 0) -> None:
    """Turn a folder into a bag in place: its content goes below data/. Raises OSError and FileExistsError for a bag."""
    if (folder / "bagit.txt").exists():
        raise FileExistsError(str(folder / "bagit.txt"))
    inner = folder / ".formgen-tmp-data"
    held_before = sorted(folder.iterdir())
    inner.mkdir()
    for entry in held_before:
        entry.rename(inner / entry.name)
    inner.rename(folder / "data")
    held = listing(folder / "data")
    measured = digests.of_files(folder / "data", sorted(held.files), ALGORITHMS, jobs=jobs)
    payload = {f"data/{path}": _read(found) for path, found in measured}
    close(folder, payload, sum(held.files.values()), info)


def write(
    folder: Path,
    payload: Mapping[str, bytes | Path],
    tags: Mapping[str, bytes] | None = None,
    info: Sequence[tuple[str, str]] = (),
) -> None:
    """Write a new bag into a folder that does not exist yet: payload (paths below data/), further tag files, info.

    A Path is copied and digested in one reading. Raises OSError; what was written until then stays for the caller.
    """
    filled = fill(folder, payload)
    known = {path: found for path, (found, _) in filled.items()}
    close(folder, known, sum(size for _, size in filled.values()), info, add_tags(folder, tags or {}))


def fill(folder: Path, payload: Mapping[str, bytes | Path]) -> dict[str, tuple[digests.Digests, int]]:
    """Begin a new bag with its payload only; digests and size in octets by path below the bag. Raises OSError."""
    (folder / "data").mkdir(parents=True)
    made: set[str] = set()
    return {f"data/{path}": _put(folder, f"data/{path}", source, made) for path, source in sorted(payload.items())}


def add_tags(folder: Path, tags: Mapping[str, bytes]) -> dict[str, digests.Digests]:
    """Put further tag files into a bag that is not closed yet; their digests by path. Raises OSError."""
    made: set[str] = set()
    return {path: _put(folder, path, content, made)[0] for path, content in sorted(tags.items())}


def close(
    folder: Path,
    payload: Mapping[str, digests.Digests],
    octets: int,
    info: Sequence[tuple[str, str]],
    tags: Mapping[str, digests.Digests] | None = None,
) -> None:
    """Write bagit.txt, bag-info.txt with Payload-Oxum, and the manifests of both kinds."""
    pairs = (*(pair for pair in info if pair[0] != "Payload-Oxum"), ("Payload-Oxum", f"{octets}.{len(payload)}"))
    own = {"bagit.txt": DECLARATION, "bag-info.txt": tagfiles.info_text(pairs)}
    for place, name in enumerate(ALGORITHMS):
        own[f"manifest-{name}.txt"] = tagfiles.manifest_text((path, found[place]) for path, found in payload.items())
    listed = {**(tags or {}), **{name: digests.of_bytes(content, ALGORITHMS) for name, content in own.items()}}
    for place, name in enumerate(ALGORITHMS):
        own[f"tagmanifest-{name}.txt"] = tagfiles.manifest_text((path, found[place]) for path, found in listed.items())
    made = {str(folder)}
    for name, content in own.items():
        _put(folder, name, content, made)


def validate(folder: Path, *, algorithms: Iterable[str] | None = None, digest: bool = True, jobs: int = 0) -> Verdict:
    """Whether a folder is a complete and unchanged bag, of any version; every fault is a finding with its path.

    ``algorithms`` limits the digests that are computed (default: all listed); without ``digest`` only names, sizes and
    Payload-Oxum are compared. Raises nothing for a damaged bag.
    """
    tags = _Tags(folder)
    try:
        held = listing(folder)
        declared = tagfiles.declaration(tags["bagit.txt"])
        manifests, found = _manifests(tags, held, declared)
        info, more = _info(tags, held, declared)
        found += more
    except FileNotFoundError:
        return Verdict(folder, (Finding("E701", Place("bagit.txt")),))
    except NotADirectoryError:
        return Verdict(folder, (Finding("E701", Place("bagit.txt")),))
    except Malformed as wrong:
        return Verdict(folder, (wrong.finding,))
    except OSError as fault:
        return Verdict(folder, (_unreadable(Path(fault.filename or ".").name, fault),))
    found += [Finding("E713", Place(path)) for path in held.special]
    lost = _complete(held, manifests, declared, found)
    _fetched(tags, held, declared, found)
    present = [path for path in held.files if path.startswith("data/")]
    octets = sum(held.files[path] for path in present)
    found += _oxum(info, octets, len(present), lost)
    if digest:
        found += _fixity(tags, held, manifests, algorithms, jobs)
    return Verdict(folder, tuple(found), declared.version, info, len(present), octets, held)


def _put(folder: Path, path: str, source: bytes | Path, made: set[str]) -> tuple[digests.Digests, int]:
    target = folder / path
    if (parent := str(target.parent)) not in made:
        target.parent.mkdir(parents=True, exist_ok=True)
        made.add(parent)
    if isinstance(source, Path):
        return digests.copy(source, target, ALGORITHMS)
    with target.open("xb") as file:
        file.write(source)
    return digests.of_bytes(source, ALGORITHMS), len(source)


def _read(found: digests.Digests | OSError) -> digests.Digests:
    if isinstance(found, OSError):
        raise found
    return found


class _Tags(dict[str, bytes]):
    """The tag files of a bag as they are asked for; each is read once, for its meaning and its digest."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = str(folder)

    def __missing__(self, name: str) -> bytes:
        self[name] = read = digests.content(f"{self.folder}/{name}")
        return read


def _manifests(tags: _Tags, held: Listing, declared: Declaration) -> tuple[list[Manifest], list[Finding]]:
    found: list[Finding] = []
    read: list[Manifest] = []
    for name in sorted(path for path in held.files if "/" not in path and path.endswith(".txt")):
        if not name.startswith(("manifest-", "tagmanifest-")):
            continue
        listed = tagfiles.manifest(name, tags[name], declared)
        found += listed.findings
        if not digests.known(listed.algorithm):
            found.append(Finding("W707", Place(name), {"algorithm": listed.algorithm}))
            continue
        if listed.algorithm in _WEAK:
            found.append(Finding("W710", Place(name), {"algorithm": listed.algorithm}))
        read.append(listed)
    if not any(listed.name.startswith("manifest-") for listed in read):
        found.append(Finding("E703", Place("manifest-sha512.txt")))
    if not any(listed.name.startswith("tag") for listed in read):
        found.append(Finding("W712", Place("tagmanifest-sha512.txt")))
    return read, found


def _info(tags: _Tags, held: Listing, declared: Declaration) -> tuple[Info, list[Finding]]:
    name = next((name for name in ("bag-info.txt", "package-info.txt") if name in held.files), "")
    if not name:
        return Info(), []
    read = tagfiles.info(name, tags[name], declared)
    return read, list(read.findings)


def _complete(held: Listing, manifests: Sequence[Manifest], declared: Declaration, found: list[Finding]) -> set[str]:
    """Compare the manifests with the disk, add to ``found``; the listed files whose loss a draft forgives."""
    payload = [listed for listed in manifests if listed.name.startswith("manifest-")]
    named = {path for listed in payload for path in listed.entries}
    tags = {path for listed in manifests if listed.name.startswith("tag") for path in listed.entries}
    twins = _twins(named, found)
    forgiven: set[str] = set()
    for path in sorted((named | tags) - held.files.keys() - set(held.special)):
        system = path.rpartition("/")[2].casefold() in SYSTEM_FILES
        if not declared.is_final and path in named and (system or twins.get(_folded(path), set()) & held.files.keys()):
            found.append(Finding("W706" if system else "W704", Place(path)))
            forgiven.add(path)
        else:
            found.append(Finding("E707", Place(path)))
    for path in sorted(path for path in held.files if path.startswith("data/") and path not in named):
        found.append(Finding("E708", Place(path)))
    if declared.is_final:
        for listed in payload:
            short = sorted(path for path in named - listed.entries.keys())
            found += [Finding("E711", Place(path), {"manifest": listed.name}) for path in short]
    found += _unlisted(held, tags, bool(tags))
    found += [Finding("W706", Place(path)) for path in sorted(named & held.files.keys()) if _is_system(path)]
    if not any(path.startswith("data/") for path in held.files) and named:
        found.append(Finding("E718", Place("data")))
    return forgiven


def _unlisted(held: Listing, tags: set[str], has_tags: bool) -> list[Finding]:
    own = {path for path in held.files if path.startswith("tagmanifest-") and "/" not in path}
    loose = sorted(path for path in held.files if not path.startswith("data/") and path not in tags and path not in own)
    return [Finding("W708", Place(path)) for path in loose] if has_tags else []


def _is_system(path: str) -> bool:
    return path.rpartition("/")[2].casefold() in SYSTEM_FILES


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _twins(paths: set[str], found: list[Finding]) -> dict[str, set[str]]:
    """Names that are one file on Windows or a Mac, by their folded form; each pair is a warning."""
    counted = Counter(map(_folded, paths))
    if len(counted) == len(paths):
        return {}
    twins: dict[str, set[str]] = {}
    for path in sorted(paths):
        if counted[_folded(path)] > 1:
            twins.setdefault(_folded(path), set()).add(path)
            found.append(Finding("W705", Place(path)))
    return twins


def _fetched(tags: _Tags, held: Listing, declared: Declaration, found: list[Finding]) -> None:
    if "fetch.txt" not in held.files:
        return
    try:
        promised, wrong = tagfiles.fetch_list(tags["fetch.txt"], declared)
    except Malformed as fault:
        found.append(fault.finding)
        return
    found += wrong
    found += [Finding("E717" if path not in held.files else "W711", Place(path)) for path in promised]


def _oxum(info: Info, octets: int, count: int, lost: set[str]) -> list[Finding]:
    stated = info.get("Payload-Oxum")
    if stated is None:
        return []
    fits = {f"{octets}.{count + extra}" for extra in (0, len(lost))}
    return (
        [] if stated in fits else [Finding("E710", Place("bag-info.txt"), {"is": f"{octets}.{count}", "was": stated})]
    )


def _fixity(
    tags: _Tags, held: Listing, manifests: Sequence[Manifest], algorithms: Iterable[str] | None, jobs: int
) -> list[Finding]:
    """Compute what the manifests list and compare; each file is read once for all its algorithms."""
    wanted = None if algorithms is None else set(algorithms)
    chosen = [listed for listed in manifests if wanted is None or listed.algorithm in wanted]
    found: list[Finding] = []
    for places, paths in _groups(held, chosen).items():
        names = tuple(chosen[place].algorithm for place in places)
        expected = [chosen[place].entries for place in places]
        read = [(path, digests.of_bytes(tags[path], names)) for path in paths if path in tags]
        unread = [path for path in paths if path not in tags] if read else paths
        for path, computed in chain(read, digests.of_files(Path(tags.folder), unread, names, jobs=jobs)):
            if isinstance(computed, OSError):
                found.append(_unreadable(path, computed))
            elif computed != tuple([entries[path] for entries in expected]):
                wrong = [name for name, is_, was in zip(names, computed, expected, strict=True) if is_ != was[path]]
                found.append(Finding("E709", Place(path), {"algorithm": "、".join(wrong)}))
    return found


def _groups(held: Listing, chosen: Sequence[Manifest]) -> dict[tuple[int, ...], list[str]]:
    """The listed files that are there, by the manifests that list them; in a 1.0 bag all payload is one group."""
    every = [listed.entries.keys() for listed in chosen]
    groups: dict[tuple[int, ...], list[str]] = {}
    for path in sorted(set().union(*every) & held.files.keys()):
        groups.setdefault(tuple([place for place, keys in enumerate(every) if path in keys]), []).append(path)
    return groups


def _unreadable(path: str, fault: OSError) -> Finding:
    return Finding("E712", Place(path), {"reason": fault.strerror or type(fault).__name__})
