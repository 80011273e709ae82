"""The room a run works in: what others left half done is swept out, what must not outlive it has a place of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from formgen import write
from formgen.model import Finding, Place
from formgen.read import Unreadable
from formgen.xlsx import file_digest

NOTES = "运行记录"
FOLDERS = (".", "案件", "公示", "汇总", NOTES)


def is_file(path: Path) -> bool:
    """Whether there is a file; False where the system refuses to tell, and reading it will say why."""
    try:
        return path.is_file()
    except OSError:
        return False


def must_be_nameable(workbook: Path) -> None:
    """Raise Unreadable for a name that no text can hold: bytes of GBK, say, where the system takes names for UTF-8."""
    shown = os.fsencode(workbook.name).decode(errors="replace")
    if shown != workbook.name:
        raise Unreadable((Finding("E131", Place(shown)),))


@contextmanager
def swept(out: Path) -> Iterator[None]:
    """Take away what an interrupted run, or a worker that died in this one, left half done. Refuses linked folders."""
    for folder in FOLDERS:
        if (out / folder).is_symlink():
            write.make_folder(out / folder)  # raises, and says why
        write.sweep(out / folder)
    try:
        yield
    finally:
        for folder in FOLDERS:
            write.sweep(out / folder)


@contextmanager
def scratch(out: Path) -> Iterator[Path]:
    """A folder below `out` for what must not outlive the run; libraries put their temporary files there too.

    Openpyxl writes every sheet to a temporary file first, and a roster is nothing for the system's public folder.
    """
    folder, before = out / f"{write.TEMP}run", tempfile.tempdir
    write.make_folder(folder)
    tempfile.tempdir = str(folder)
    try:
        yield folder
    except OSError as error:
        raise write.trouble(error, Path(str(error.filename or out))) from error
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)


def snapshot(workbook: Path, scratch: Path) -> Path:
    """A copy of the workbook, under its own name, that nobody else changes while we read it."""
    copy = scratch / workbook.name
    try:
        shutil.copyfile(workbook, copy)
    except OSError as error:
        raise write.trouble(error, copy) from error
    return copy


def digest(path: Path) -> str:
    """The SHA-256 of a file, empty when it cannot be read."""
    with suppress(OSError):
        return file_digest(path)
    return ""
