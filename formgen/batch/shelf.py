"""One case folder on disk: what stands there, what is put there, what is taken away; nothing of the user's is lost."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from formgen import write
from formgen.model import Document

ASIDE = "运行记录/改动过的文件"


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def is_intact(root: Path, papers: Iterable[tuple[str, str]]) -> bool:
    """Whether every (path, digest) below `root` is there with exactly those bytes."""
    return all(_digest_of(root / path) == expected for path, expected in papers)


def listing(base: Path, folder: str | None) -> tuple[tuple[str, str], ...]:
    """Name and digest of every file of a folder of scans below `base`; empty without one."""
    place = (base / folder).resolve() if folder else base
    if not folder or not place.is_relative_to(base.resolve()) or not place.is_dir():
        return ()
    return tuple((path.name, _digest_of(path) or "") for path in sorted(place.iterdir()))


@dataclass(frozen=True, slots=True)
class Stored:
    """What ``store`` did: ``staged`` maps a temporary folder to its name to be, ``aside`` are the paths set aside."""

    staged: Mapping[Path, Path]
    aside: tuple[str, ...] = ()


def store(root: Path, documents: Collection[Document], before: Mapping[str, str]) -> Stored:
    """Put papers on disk; those of a new folder are only staged, those of an existing one put file by file.

    `before` maps paths to the digests of the last run. A file that somebody changed since is copied to 运行记录 first.
    Raises FormgenError when the disk refuses.
    """
    targets = {write.below(root, document.path): document for document in documents}
    folders = sorted({target.parent for target in targets})
    if len(folders) == 1 and not folders[0].exists() and not folders[0].is_symlink():
        write.make_folder(folders[0].parent)
        contents = {target.name: document.content for target, document in targets.items()}
        return Stored({write.stage(folders[0], contents): folders[0]})
    for folder in folders:
        write.make_folder(folder)
    put = [_store(root, target, document, before) for target, document in targets.items()]
    return Stored({}, tuple(filter(None, put)))


def clear(root: Path, folder: str, stale: Collection[str], before: Mapping[str, str]) -> tuple[str, ...]:
    """Take the files named `stale` out of a case folder, and the folder when nothing is left; the paths taken.

    A file that somebody changed since the last run is copied to 运行记录 first.
    """
    place = write.below(root, folder)
    if place.is_symlink() or not place.is_dir():
        return ()
    there = {entry.name for entry in place.iterdir()}
    for name in sorted(there & set(stale)):
        found = _digest_of(place / name)
        if found is not None and found != before.get(f"{folder}/{name}"):
            _set_aside(root, place / name, found)
        write.remove(place / name)
    if there <= set(stale):
        place.rmdir()
    return tuple(f"{folder}/{name}" for name in sorted(there & set(stale)))


def _store(root: Path, target: Path, document: Document, before: Mapping[str, str]) -> str:
    found, made = _digest_of(target), digest(document.content)
    if found == made:
        return ""
    is_edited = found is not None and found != before.get(document.path)
    if is_edited:
        _set_aside(root, target, found or "")
    write.put(target, document.content, via=root)  # whatever a kill leaves lies where it is swept away
    return document.path if is_edited else ""


def _set_aside(root: Path, target: Path, found: str) -> None:
    folder = root / ASIDE / target.parent.name
    write.make_folder(folder)
    write.put(folder / f"{found[:8]}-{target.name}", target.read_bytes(), via=root)


def _digest_of(path: Path) -> str | None:
    """The digest of a file, None when it is absent or no plain file."""
    if path.is_symlink() or not path.is_file():
        return None
    return digest(path.read_bytes())
