"""The sample workbooks that come with the program, and the scans that one of them names."""

from __future__ import annotations

from pathlib import Path

ENCLOSURES = "样例附件"


def sample(name: str) -> bytes | None:
    """A shipped workbook of the input folder, None when this installation has none of that name."""
    path = _shipped(name)
    return path.read_bytes() if path and path.is_file() else None


def enclosures() -> dict[str, bytes]:
    """The scans of the sample by their path beside it, 样例附件/…; none when this installation has none."""
    folder = _shipped(ENCLOSURES)
    held = sorted(path for path in folder.rglob("*") if path.is_file()) if folder else ()
    return {f"{ENCLOSURES}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in held if folder}


def _shipped(name: str) -> Path | None:
    """A file or folder of the input folder, in the package or beside it; None when it is in neither."""
    package = Path(__file__).resolve().parent
    places = (package / "input" / name, package.parent / "input" / name)
    return next((path for path in places if path.exists()), None)
