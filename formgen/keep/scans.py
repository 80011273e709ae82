"""The folder of scans of one household (附件目录): which files belong to which material, in what order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from formgen.bag import SYSTEM_FILES
from formgen.keep import pages
from formgen.keep.dossier import File, Paper
from formgen.keep.policy import Policy
from formgen.model import Finding, Place

_CODED = re.compile(r"(\d{2})(?:[-_. ]+|$)(.*)")
_COUNTED = re.compile(r"[-_ （(]*(\d{1,3})[）)]?$")
_SAFE = re.compile(r"[a-z0-9]{1,5}")
OTHER = "15"


def papers(folder: Path, policy: Policy, case_no: str) -> tuple[tuple[Paper, ...], tuple[Finding, ...]]:
    """The papers of a folder, those of one material and title together, and what was left out.

    A file name begins with the material code (03-身份证1.jpg), or a word in it tells the material; else it is 其他.
    """
    found: list[Finding] = []
    groups: dict[tuple[str, str, str], list[Path]] = {}
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir() or p.is_symlink()):
        if path.name.casefold() in SYSTEM_FILES or path.name.startswith(("~$", "._")):
            found.append(Finding("W706", Place(path.name), {}, case_no))
        elif path.is_symlink():
            found.append(Finding("E713", Place(path.name), {}, case_no))
        else:
            groups.setdefault((*_kind(path, policy), _apart(path)), []).append(path)
    return tuple(_paper(code, title, held, policy) for (code, title, _), held in sorted(groups.items())), tuple(found)


def _apart(path: Path) -> str:
    """What keeps files of one title apart: pictures are pages of one item, a PDF or an office file is an item."""
    ending = path.suffix.lower().lstrip(".")
    if ending in pages.PICTURES:
        return ""
    return path.name if ending in pages.OFFICE | {"pdf"} else "other"


def _kind(path: Path, policy: Policy) -> tuple[str, str]:
    """The material code and the title without code and counting number; one we gave stands in [ ] (DA/T 22-2015)."""
    stem = _printable(path.stem)
    match = _CODED.fullmatch(stem)
    if match and match[1] in policy.materials:
        return match[1], _COUNTED.sub("", match[2]) or f"[{policy.materials[match[1]].title}]"
    code = next((code for word, code in policy.words.items() if word in stem), OTHER)
    return code, _COUNTED.sub("", stem) or f"[{policy.materials[code].title}]"


def _printable(name: str) -> str:
    """A file name as a title: what no paper can print, a line break or a byte of another encoding, is a blank."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())


def _paper(code: str, title: str, held: Iterable[Path], policy: Policy) -> Paper:
    files, counted = [], []
    for place, path in enumerate(sorted(held, key=_order), start=1):
        ending = path.suffix.lower().lstrip(".")
        files.append(File(f"p{place:02d}.{ending if _SAFE.fullmatch(ending) else 'bin'}", path, path.name))
        counted.append(pages.count(path.name, path.read_bytes()) if ending in pages.COUNTED else None)
    return Paper(
        code=code,
        title=title,
        files=tuple(files),
        pages=sum(n for n in counted if n) if None not in counted else None,
        is_scan=True,
    )


def _order(path: Path) -> tuple[int, str]:
    match = _COUNTED.search(path.stem)
    return (int(match[1]) if match else 0), path.name
