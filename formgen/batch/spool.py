"""Values kept on disk for a second look within one run: personal data that must not outlive it, in constant memory."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

from formgen import write

T = TypeVar("T")


class Spool(Generic[T]):
    """A file of values in a temporary folder of the run; written once, then read as often as needed."""

    def __init__(self, path: Path) -> None:
        """Begin an empty spool at `path`. Raises FormgenError when the disk refuses."""
        self._path = path
        try:
            self._out = path.open("wb")
        except OSError as error:
            raise write.trouble(error, path) from error

    def add(self, value: T) -> None:
        """Append one value."""
        try:
            pickle.dump(value, self._out, pickle.HIGHEST_PROTOCOL)
        except OSError as error:
            raise write.trouble(error, self._path) from error

    def __iter__(self) -> Iterator[T]:
        self._out.flush()
        with self._path.open("rb") as stream:
            while True:
                try:
                    yield pickle.load(stream)
                except EOFError:
                    return

    def close(self) -> None:
        """Let the file go; the folder's sweep removes it."""
        self._out.close()
