"""BagIt bags: make one, write one from memory, validate any (RFC 8493, drafts 0.93–0.97).

``validate`` names every missing, changed, extra and unreadable file by its path. It is stricter than the RFC where a
bag would not be the same on another system: links, paths that leave the bag and twin names are errors in a 1.0 bag.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from formgen.bag import contents, digests, tagfiles
from formgen.bag.contents import Listing, listing
from formgen.bag.verdict import SYSTEM_FILES, Verdict, validate

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

__all__ = [
    "ALGORITHMS",
    "SYSTEM_FILES",
    "Listing",
    "Verdict",
    "add_tags",
    "close",
    "fill",
    "listing",
    "make",
    "validate",
    "write",
]


def make(folder: Path, info: Sequence[tuple[str, str]] = (), *, jobs: int = 0) -> None:
    """Turn a folder into a bag in place: its content goes below data/. Raises OSError and FileExistsError for a bag."""
    if (folder / "bagit.txt").exists():
        raise FileExistsError(str(folder / "bagit.txt"))
    inner = folder / ".formgen-tmp-data"
    held_before = list(folder.iterdir())
    inner.mkdir()
    for entry in held_before:
        entry.rename(inner / entry.name)
    inner.rename(folder / "data")
    held = listing(folder / "data")
    measured = digests.of_files(folder / "data", sorted(held.files), ALGORITHMS, sizes=held.files, jobs=jobs)
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
    own |= tagfiles.manifest_texts("manifest", payload, ALGORITHMS)
    listed = {**(tags or {}), **{name: digests.of_bytes(content, ALGORITHMS) for name, content in own.items()}}
    own |= tagfiles.manifest_texts("tagmanifest", listed, ALGORITHMS)
    for name, content in own.items():
        contents.put(f"{folder}/{name}", content)


def _put(folder: Path, path: str, source: bytes | Path, made: set[str]) -> tuple[digests.Digests, int]:
    """Write or copy a file into a bag; its digests and its size in octets. ``made`` are the folders that exist."""
    target = folder / path
    if (parent := str(target.parent)) not in made:
        target.parent.mkdir(parents=True, exist_ok=True)
        made.add(parent)
    if isinstance(source, Path):
        return digests.copy(source, target, ALGORITHMS)
    contents.put(str(target), source)
    return digests.of_bytes(source, ALGORITHMS), len(source)


def _read(found: digests.Digests | OSError) -> digests.Digests:
    if isinstance(found, OSError):
        raise found
    return found
