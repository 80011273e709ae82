"""Files, whole or absent: whatever goes into an output folder goes through here.

A file is written under a temporary name in the folder it is meant for, synced, and renamed. A kill, a full disk or a
power cut at any point leaves the old file or the new one, and at most temporary names that ``sweep`` takes away.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from formgen import names
from formgen.messages import FormgenError
from formgen.model import Finding

TEMP = ".formgen-tmp-"
_BUFFER = 1 << 18
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_SHARING = (5, 32, 33)  # WinError of a file that Word, a scanner or a sync service holds open
_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
_counter = itertools.count()
_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if sys.platform == "linux" else None

_CODES = {
    errno.ENOSPC: "E608",
    errno.EDQUOT: "E609",
    errno.EROFS: "E610",
    errno.EACCES: "E611",
    errno.EPERM: "E611",
    errno.ENOENT: "E612",
    errno.ENOTDIR: "E613",
    errno.ENAMETOOLONG: "E614",
}
_OTHER, _HELD = "E615", "E616"


class Held(FormgenError):
    """Another program holds one file open; the other cases can go on."""


class Stream:
    """A file being written under a temporary name; bytes, buffered, seekable as ``zipfile`` needs it."""

    def __init__(self, fd: int) -> None:
        self._fd, self._held, self._size = fd, bytearray(), 0

    def write(self, content: bytes) -> int:
        """Append the bytes and give back their number."""
        self._held += content
        self._size += len(content)
        if len(self._held) >= _BUFFER:
            self.flush()
        return len(content)

    def flush(self) -> None:
        """Hand everything held to the system."""
        left = memoryview(bytes(self._held))
        self._held.clear()
        while left:
            left = left[os.write(self._fd, left) :]

    def tell(self) -> int:
        """The number of bytes written so far."""
        return self._size

    def fileno(self) -> int:
        """The descriptor, for syncing."""
        return self._fd


def put(path: Path, content: bytes, *, via: Path | None = None) -> None:
    """Make `path` hold `content`, whole or not at all. Raises FormgenError when the disk refuses.

    The temporary file lies in `via`, a folder of the same disk that is swept, else beside `path`.
    """
    with stream(path, via=via) as out:
        out.write(content)


@contextmanager
def stream(path: Path, *, via: Path | None = None) -> Iterator[Stream]:
    """A stream whose bytes become `path` when the block ends well, and vanish when it does not; folders are made.

    ``via`` as in ``put``. Raises FormgenError when the disk refuses.
    """
    temp = (via or path.parent) / f"{TEMP}{os.getpid()}-{next(_counter)}"
    try:
        if not path.parent.is_dir():
            make_folder(path.parent)
        out = Stream(os.open(temp, _NEW, 0o600))
        try:
            yield out
            out.flush()
            os.fsync(out.fileno())
        finally:
            os.close(out.fileno())
        _replace(temp, path)
        sync_folder(path.parent)
    except OSError as error:
        _forget(temp)
        raise trouble(error, path) from error
    except BaseException:
        _forget(temp)
        raise


def stage(folder: Path, contents: Mapping[str, bytes]) -> Path:
    """Write the files of a folder that does not exist yet under a temporary name; that name, for ``settle``.

    Raises FormgenError when the disk refuses.
    """
    temp = folder.with_name(f"{TEMP}{os.getpid()}-{next(_counter)}")
    try:
        temp.mkdir(0o700)
        for name, content in contents.items():
            fd = os.open(temp / name, _NEW, 0o600)
            try:
                _write_all(fd, content)
                if not _syncfs:
                    os.fsync(fd)
            finally:
                os.close(fd)
        if not _syncfs:
            sync_folder(temp)
    except OSError as error:
        shutil.rmtree(temp, ignore_errors=True)
        raise trouble(error, folder) from error
    return temp


def settle(staged: Mapping[Path, Path]) -> None:
    """Bring staged folders to the disk, then give each its own name, by one rename; maps temporary names to final ones.

    Syncing once for many folders costs a tenth of syncing each of their files. Raises FormgenError.
    """
    parents = {folder.parent for folder in staged.values()}
    try:
        for parent in parents if _syncfs else ():
            sync_disk(parent)
        for temp, folder in staged.items():
            _replace(temp, folder)
        for parent in parents:
            sync_folder(parent)
    except OSError as error:
        raise trouble(error, parents.pop()) from error


def remove(path: Path) -> None:
    """Remove a file of ours; nothing happens when it is gone already. Raises FormgenError."""
    try:
        path.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise trouble(error, path) from error


def remove_folder(path: Path) -> None:
    """Remove a folder of ours with all that is in it; nothing happens when it is gone already. Raises FormgenError."""
    try:
        shutil.rmtree(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise trouble(error, path) from error


def make_folder(path: Path) -> None:
    """Make a folder that only its owner may read, with its parents. Raises FormgenError for a link or a refusal."""
    if path.is_symlink():
        raise FormgenError(Finding("E617", values={"file": path.name}))
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError as error:
        raise FormgenError(Finding("E618", values={"file": path.name})) from error
    except OSError as error:
        raise trouble(error, path) from error


def output_folder(path: Path) -> Path:
    """The output folder, made when absent. Raises FormgenError for a link and for a folder everybody may write to."""
    make_folder(path)
    if os.name == "posix" and path.stat().st_mode & stat.S_IWOTH:
        raise FormgenError(Finding("E619", values={"file": path.name}))
    return path


def below(root: Path, relative: str) -> Path:
    """The path of an output below `root`. Raises FormgenError when a part of it is no safe name."""
    parts = PurePosixPath(relative).parts
    if not parts or not all(names.is_safe(part) for part in parts):
        raise FormgenError(Finding("E620", values={"file": relative[:80]}))
    return root.joinpath(*parts)


def sweep(folder: Path) -> int:
    """Remove what an interrupted run left half done in `folder` itself; the number of things removed."""
    left = [entry for entry in folder.iterdir() if entry.name.startswith(TEMP)] if folder.is_dir() else []
    for entry in left:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            remove(entry)
    return len(left)


def need_space(folder: Path, estimate: int) -> None:
    """Raise FormgenError before anything is written when `folder` has no room for about `estimate` bytes."""
    free = shutil.disk_usage(folder).free
    if free < estimate:
        room = {"free": str(free // 2**20), "need": str(estimate // 2**20 + 1)}
        raise FormgenError(Finding("E621", values={"file": folder.name, **room}))


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` outlive a power cut, where the system can."""
    if os.name != "posix":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def sync_disk(folder: Path) -> None:
    """Bring everything written on the disk of `folder` to it, where the system can do that at once."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        if _syncfs and _syncfs(fd) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(folder))
    finally:
        os.close(fd)


def trouble(error: OSError, path: Path) -> FormgenError:
    """The error of the system with what to do; names the file and no folder above it."""
    if getattr(error, "winerror", None) in _SHARING:
        return Held(Finding(_HELD, values={"file": path.name}))
    number = error.errno or 0
    values = {"file": path.name, "name": errno.errorcode.get(number, str(number))}
    return FormgenError(Finding(_CODES.get(number, _OTHER), values=values))


def _replace(temp: Path, path: Path) -> None:
    """Rename, waiting a little where Windows says that somebody holds the target."""
    for wait in _WAITS:
        try:
            temp.replace(path)
            return
        except OSError as error:
            if getattr(error, "winerror", None) not in _SHARING:
                raise
        time.sleep(wait)
    temp.replace(path)


def _write_all(fd: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(fd, left) :]


def _forget(temp: Path) -> None:
    with suppress(OSError):
        temp.unlink()
