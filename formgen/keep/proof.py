"""What stands for a whole bag: the digest of its tag manifest, and the digests of its files as the bag lists them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

from formgen.bag import digests

TOP = "tagmanifest-sha512.txt"
SM3 = "metadata/sm3sums.txt"


def digest(folder: Path) -> str:
    """The sha256 of the tag manifest: it changes with every byte of the bag. Raises OSError when there is none."""
    return digests.of_file(f"{folder}/{TOP}", ("sha256",))[0]


def digest_if_any(folder: Path) -> str:
    """The same, empty when there is none or it cannot be read."""
    try:
        return digest(folder)
    except OSError:
        return ""


def sm3_faults(folder: Path, held: Container[str]) -> tuple[str, ...]:
    """The listed files, of those ``held`` in the bag, whose SM3 is another one now; none without list or SM3.

    BagIt tools do not read that list, so it proves something only because it is computed again here.
    """
    if SM3 not in held or not digests.known("sm3"):
        return ()
    try:
        lines = digests.content(f"{folder}/{SM3}").decode("utf-8", errors="replace").splitlines()
    except OSError:  # said of the file itself, by the manifests that list it
        return ()
    listed = {name: value for value, _, name in (line.partition("  ") for line in lines) if name in held}
    measured = digests.of_files(folder, listed, ("sm3",), jobs=1)
    return tuple(name for name, found in measured if not isinstance(found, OSError) and found[0] != listed[name])


def digests_of(folder: Path) -> Mapping[str, str]:
    """sha256 by path below data/, as the bag's own manifest lists it. Raises OSError."""
    lines = (folder / "manifest-sha256.txt").read_text(encoding="utf-8").splitlines()
    return {path.removeprefix("data/"): value for value, path in (line.split("  ", 1) for line in lines)}
