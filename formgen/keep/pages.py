"""Papers as pages for the long term: PDF/A-2b made elsewhere in the program, counted here; nothing pretended."""

from __future__ import annotations

import io
from functools import cache
from importlib.util import find_spec

from formgen.model import FormgenError

NOT_CONVERTED = "未转换为PDF/A"
CONVERTED = "已转换为PDF/A-2b"


def archived(name: str, content: bytes) -> bytes | None:
    """The PDF/A-2b of a docx, xlsx, PDF or picture, None where this machine cannot make one."""
    return None


def count(name: str, content: bytes) -> int | None:
    """How many pages a PDF or picture has; None for other kinds and for what cannot be read."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("jpg", "jpeg", "png"):
        return 1
    if ending != "pdf":
        return None
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return len(PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, OSError):
        return None


@cache
def can_convert() -> bool:
    """Whether this machine can make PDF/A."""
    return find_spec("formgen.pdfa") is not None


__all__ = ["CONVERTED", "NOT_CONVERTED", "FormgenError", "archived", "can_convert", "count"]
