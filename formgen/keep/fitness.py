"""Whether a file can be kept: it opens, nothing locks it, its format is one for the long term, it holds no program.

What is sealed never changes, so this is asked before a number is taken, and again by the four-property check.
"""

from __future__ import annotations

import io
import json
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from lxml import etree

from formgen.keep import eep
from formgen.keep.dossier import Dossier
from formgen.keep.policy import Policy
from formgen.model import Finding, Place

EMPTY, BROKEN, LOCKED, FOREIGN, ACTIVE = "R711", "R712", "R713", "R714", "R715"
_OLE = b"\xd0\xcf\x11\xe0"
_PROGRAMS = (b"MZ", b"\x7fELF")
_ACTIVE = (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/EmbeddedFile ")
_FAULTS = (ValueError, LookupError, OSError, RuntimeError, TypeError, AttributeError, EOFError, SyntaxError)


def refusals(dossier: Dossier, policy: Policy) -> tuple[Finding, ...]:
    """Why the papers of a dossier cannot be sealed, by the names they have outside the bag."""
    return tuple(
        Finding("E719", Place(file.origin or file.name), {"why": why}, dossier.case_no)
        for paper in dossier.papers
        for file in paper.files
        if (why := unfit(file.name, _bytes(file.content), policy))
    )


def unfit(name: str, content: bytes, policy: Policy) -> str:
    """The code of what is wrong with a file of an item; empty when it can be kept."""
    if is_active(name, content, policy):
        return ACTIVE
    if ending(name) not in policy.formats["allowed"]:
        return FOREIGN
    return LOCKED if is_locked(name, content) else closed(name, content)


def closed(name: str, content: bytes) -> str:
    """The code of what keeps a file from being opened; empty when it opens, or nothing here can open it."""
    if not content:
        return EMPTY
    look = _OPENERS.get(ending(name))
    try:
        return "" if look is None or look(content) else BROKEN
    except _faults():
        return BROKEN


def is_locked(name: str, content: bytes) -> bool:
    """Whether a password stands before the content."""
    if ending(name) in ("docx", "xlsx"):
        return content[:4] == _OLE or any(part.flag_bits & 1 for part in _parts(content))
    return ending(name) == "pdf" and b"/Encrypt" in content[-4096:]


def is_active(name: str, content: bytes, policy: Policy) -> bool:
    """Whether a file is a program, or holds macros or scripts."""
    if ending(name) in policy.formats["refused"] or content[:2] == _PROGRAMS[0] or content[:4] == _PROGRAMS[1]:
        return True
    if ending(name) == "pdf":
        return any(mark in content for mark in _ACTIVE)
    is_office = ending(name) in ("docx", "xlsx")
    return is_office and any(part.filename.lower().endswith("vbaproject.bin") for part in _parts(content))


def ending(name: str) -> str:
    """The ending of a name or path, in small letters."""
    return name.rpartition(".")[2].lower()


def _pdf(content: bytes) -> bool:
    from pypdf import PdfReader

    return bool(PdfReader(io.BytesIO(content)).pages)


def _package(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.testzip() is None


def _picture(content: bytes) -> bool:
    from PIL import Image

    with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as image:
        image.load()
    return True


def _json(content: bytes) -> bool:
    for line in content.splitlines() if content.count(b"\n{") else [content]:
        json.loads(line)
    return True


def _xml(content: bytes) -> bool:
    eep.parsed(content)
    return True


def _parts(content: bytes) -> list[zipfile.ZipInfo]:
    """The parts of a package; none of what is no package."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return package.infolist()
    except zipfile.BadZipFile:
        return []


def _faults() -> tuple[type[Exception], ...]:
    """What the libraries that open files raise over damaged ones."""
    from PIL import Image
    from pypdf.errors import PyPdfError

    damaged = (PyPdfError, etree.XMLSyntaxError, zipfile.BadZipFile, struct.error, zlib.error)
    return (*_FAULTS, *damaged, Image.DecompressionBombError)


def _bytes(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content


_OPENERS: Mapping[str, Callable[[bytes], bool]] = MappingProxyType(
    {
        "pdf": _pdf,
        **dict.fromkeys(("docx", "xlsx"), _package),
        **dict.fromkeys(("jpg", "jpeg", "png", "tif", "tiff"), _picture),
        **dict.fromkeys(("json", "jsonl"), _json),
        "xml": _xml,
    }
)
