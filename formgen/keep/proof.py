"""What stands for a whole bag: the digest of its tag manifest, and the digests of its files as the bag lists them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from formgen.bag import digests

TOP = "tagmanifest-sha512.txt"


def digest(folder: Path) -> str:
    """The sha256 of the tag manifest: it changes with every byte of the bag. Raises OSError when there is none."""
    return digests.of_file(folder / TOP, ("sha256",))[0]


def digests_of(folder: Path) -> Mapping[str, str]:
    """sha256 by path below data/, as the bag's own manifest lists it. Raises OSError."""
    lines = (folder / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    return {path.removeprefix("data/"): value for value, path in (line.split("  ", 1) for line in lines)}
