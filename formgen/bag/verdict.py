"""Whether a folder is a complete and unchanged bag; every fault by its path (RFC 8493, drafts 0.93–0.97)."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from formgen.bag import digests, tagfiles
from formgen.bag.contents import Listing, listing
from formgen.bag.tagfiles import Declaration, Info, Malformed, Manifest
from formgen.model import Finding, Place

SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini", "._.ds_store"))
_SYSTEM_ENDINGS = tuple(SYSTEM_FILES)
_WEAK = frozenset(("md5", "sha1"))


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
    except (FileNotFoundError, NotADirectoryError):
        return Verdict(folder, (Finding("E701", Place("bagit.txt")),))
    except Malformed as wrong:
        return Verdict(folder, (wrong.finding,))
    except OSError as fault:
        return Verdict(folder, (_unreadable(Path(fault.filename or ".").name, fault),))
    found += [Finding("E713", Place(path)) for path in held.special]
    present = {path for path in held.files if path.startswith("data/")}
    lost = _complete(held, present, manifests, declared, found)
    _fetched(tags, held, declared, found)
    octets = sum(map(held.files.__getitem__, present))
    found += _oxum(info, octets, len(present), lost)
    if digest:
        found += _fixity(tags, held, manifests, algorithms, jobs)
    return Verdict(folder, tuple(found), declared.version, info, len(present), octets, held)


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
    if all(listed.is_tag for listed in read):
        found.append(Finding("E703", Place("manifest-sha512.txt")))
    if not any(listed.is_tag for listed in read):
        found.append(Finding("W712", Place("tagmanifest-sha512.txt")))
    return read, found


def _info(tags: _Tags, held: Listing, declared: Declaration) -> tuple[Info, list[Finding]]:
    name = next((name for name in ("bag-info.txt", "package-info.txt") if name in held.files), "")
    if not name:
        return Info(), []
    read = tagfiles.info(name, tags[name], declared)
    return read, list(read.findings)


def _complete(
    held: Listing, present: Set[str], manifests: Sequence[Manifest], declared: Declaration, found: list[Finding]
) -> set[str]:
    """Compare the manifests with the disk, add to ``found``; the listed files whose loss a draft forgives.

    ``present`` is the payload that is there. Of a whole bag only sets are compared, no path is looked at by itself.
    """
    payload = [listed for listed in manifests if not listed.is_tag]
    named = set().union(*(listed.entries for listed in payload))
    tags = set().union(*(listed.entries for listed in manifests if listed.is_tag))
    twins = _twins(named, found)
    forgiven: set[str] = set()
    for path in sorted((named | tags).difference(held.files, held.special)):
        if not declared.is_final and path in named and (_is_system(path) or twins.get(_folded(path), set()) & present):
            found.append(Finding("W706" if _is_system(path) else "W704", Place(path)))
            forgiven.add(path)
        else:
            found.append(Finding("E707", Place(path)))
    found += [Finding("E708", Place(path)) for path in sorted(present - named)]
    for listed in payload if declared.is_final else ():
        short = sorted(named.difference(listed.entries))
        found += [Finding("E711", Place(path), {"manifest": listed.name}) for path in short]
    found += _unlisted(held.files.keys() - present, tags) if tags else []
    found += [Finding("W706", Place(path)) for path in sorted(filter(_is_system, named & present))]
    if named and not present:
        found.append(Finding("E718", Place("data")))
    return forgiven


def _unlisted(loose: Set[str], tags: Set[str]) -> list[Finding]:
    """The files beside data/ that no tag manifest lists; a tag manifest lists itself nowhere."""
    own = {path for path in loose if path.startswith("tagmanifest-") and "/" not in path}
    return [Finding("W708", Place(path)) for path in sorted(loose - tags - own)]


def _is_system(path: str) -> bool:
    folded = path.casefold()
    return folded.endswith(_SYSTEM_ENDINGS) and folded.rpartition("/")[2] in SYSTEM_FILES


def _folded(path: str) -> str:
    return path.casefold() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _twins(paths: set[str], found: list[Finding]) -> dict[str, set[str]]:
    """Names that are one file on Windows or a Mac, by their folded form; each pair is a warning."""
    if len(set(map(_folded, paths))) == len(paths):
        return {}
    counted = Counter(map(_folded, paths))
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
    for kind in (False, True):
        lists = [listed for listed in chosen if listed.is_tag is kind]
        names = tuple(listed.algorithm for listed in lists)
        paths = sorted(set().union(*(listed.entries for listed in lists)).intersection(held.files))
        known = [(path, digests.of_bytes(tags[path], names)) for path in paths if path in tags]
        unread = [path for path in paths if path not in tags]
        for path, computed in chain(known, digests.of_files(tags.folder, unread, names, sizes=held.files, jobs=jobs)):
            if isinstance(computed, OSError):
                found.append(_unreadable(path, computed))
                continue
            # a path that a manifest of a draft does not list is right there with any digest
            wrong = [m.algorithm for m, is_ in zip(lists, computed, strict=True) if m.entries.get(path, is_) != is_]
            if wrong:
                found.append(Finding("E709", Place(path), {"algorithm": "、".join(wrong)}))
    return found


def _unreadable(path: str, fault: OSError) -> Finding:
    return Finding("E712", Place(path), {"reason": fault.strerror or type(fault).__name__})
