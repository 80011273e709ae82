"""One run at a time in an output folder: a lock of the system, gone with the process however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formgen import write
from formgen.messages import FormgenError
from formgen.model import Finding

_PATIENCE = 100  # tenths of a second: workers of a killed run may need a moment to notice


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock at `path` for the block. Raises FormgenError at once when another living run holds it."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise write.trouble(error, path) from error
    try:
        for _ in range(_PATIENCE):
            if _take(fd):
                break
            owner = _owner(fd)
            if owner and _is_alive(owner):
                raise FormgenError(Finding("E622", values={"process": str(owner)}))
            time.sleep(0.1)
        else:
            raise FormgenError(Finding("E623"))
        os.ftruncate(fd, 0)
        os.pwrite(fd, str(os.getpid()).encode(), 0) if hasattr(os, "pwrite") else os.write(
            fd, str(os.getpid()).encode()
        )
        yield
    finally:
        os.close(fd)


def _owner(fd: int) -> int:
    os.lseek(fd, 0, os.SEEK_SET)
    try:
        text = os.read(fd, 20)
    except OSError:  # Windows does not let one read what another has locked
        return 0
    return int(text) if text.isdigit() else 0


if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> bool:
        os.lseek(fd, 0, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _is_alive(pid: int) -> bool:
        return True

else:
    import fcntl

    def _take(fd: int) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _is_alive(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
