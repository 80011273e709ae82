"""Papers as pages for the long term: PDF/A-2b made elsewhere in the program, counted here; nothing pretended."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

NOT_CONVERTED = "未转换为PDF/A"
CONVERTED = "已转换为PDF/A-2b"
PICTURES = frozenset(("jpg", "jpeg", "png"))
COUNTED = PICTURES | {"pdf"}


def archived(name: str, content: bytes) -> bytes | None:
    """The PDF/A-2b of a docx, xlsx or PDF, None where this machine cannot make one."""
    return None


def scanned(pictures: Sequence[Path]) -> bytes | None:
    """The PDF/A-2b around scans, None where one of them is no picture or this machine cannot make one."""
    return None


def count(name: str, content: bytes) -> int | None:
    """How many pages a PDF or picture has; None for other kinds and for what cannot be read."""
    ending = name.rpartition(".")[2].lower()
    if ending in PICTURES:
        return 1
    if ending != "pdf":
        return None
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return len(PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, OSError):
        return None
