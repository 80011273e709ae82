"""Papers as pages for the long term: PDF/A-2b beside each original, many papers in one call of LibreOffice.

Nothing is pretended: a paper that cannot be converted here keeps its original only and the catalogue says so.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from formgen.keep import frames
from formgen.keep.dossier import Dossier, File, Paper
from formgen.pdf import convert, pdfa

NOT_CONVERTED = "未转换为PDF/A"
CONVERTED = "已转换为PDF/A-2b"
ARCHIVE = "archive.pdf"
OFFICE = frozenset(("docx", "xlsx"))
PICTURES = frames.ENDINGS
COUNTED = PICTURES | {"pdf"}


@dataclass(frozen=True, slots=True)
class Source:
    """What one PDF/A is made from: an office paper, a PDF, or pictures; ``kind`` is docx, xlsx, pdf or jpg."""

    title: str
    kind: str
    contents: tuple[bytes, ...] = field(repr=False)


def is_possible() -> bool:
    """Whether this machine can make PDF/A at all."""
    return pdfa.is_available()


def archived(sources: Mapping[str, Source]) -> dict[str, bytes]:
    """The PDF/A-2b of every source that could be made, under its key; office papers go through one call together."""
    if not is_possible():
        return {}
    office = {f"{at}.{s.kind}": key for at, (key, s) in enumerate(sources.items()) if s.kind in OFFICE}
    printed = convert.to_pdf({name: sources[key].contents[0] for name, key in office.items()}).papers
    ready = {office[name]: content for name, content in printed.items()}
    ready |= {key: source.contents[0] for key, source in sources.items() if source.kind == "pdf"}
    made = {key: pdfa.archive(content, title=sources[key].title, name=key)[0] for key, content in ready.items()}
    made |= {
        key: pdfa.scans(source.contents, title=source.title, name=key)[0]
        for key, source in sources.items()
        if source.kind in PICTURES
    }
    return {key: content for key, content in made.items() if content}


def of_dossiers(dossiers: Sequence[Dossier]) -> list[Dossier]:
    """The same dossiers with a PDF/A-2b beside every paper that could be converted, and its pages counted."""
    sources = {
        f"{at}-{place}": source
        for at, dossier in enumerate(dossiers)
        for place, paper in enumerate(dossier.papers)
        if (source := _source(paper))
    }
    made = archived(sources)
    return [
        replace(
            dossier,
            papers=tuple(_with(paper, made.get(f"{at}-{place}")) for place, paper in enumerate(dossier.papers)),
        )
        for at, dossier in enumerate(dossiers)
    ]


def of_slips(slips: Mapping[str, tuple[str, bytes]]) -> dict[str, bytes]:
    """The PDF/A-2b of drawn papers by their keys; each is (title, docx), and only those two decide its bytes."""
    return archived({key: Source(title, "docx", (content,)) for key, (title, content) in slips.items()})


def count(name: str, content: bytes) -> int | None:
    """How many pages a PDF or picture has; None for other kinds and for what cannot be read."""
    ending = name.rpartition(".")[2].lower()
    if ending in PICTURES:
        return frames.count(content)
    if ending != "pdf":
        return None
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return len(PdfReader(io.BytesIO(content)).pages)
    except (PyPdfError, ValueError, KeyError, OSError):
        return None


def text(content: bytes) -> str:
    """The words of a PDF without blanks; empty for one that cannot be read."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        printed = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    except (PyPdfError, ValueError, KeyError, OSError):
        return ""
    return "".join("".join(printed).split())


def _source(paper: Paper) -> Source | None:
    """What the PDF/A of a paper is made from; None for sound, film and mixed kinds."""
    kinds = {file.name.rpartition(".")[2].lower() for file in paper.files}
    if paper.printed is not None:
        return Source(paper.title, "pdf", (paper.printed,))
    if len(paper.files) == 1 and kinds <= OFFICE | {"pdf"}:
        return Source(paper.title, kinds.pop(), (_bytes(paper.files[0].content),))
    if kinds and kinds <= PICTURES:
        return Source(
            paper.title, "jpg", tuple(page for file in paper.files for page in frames.of(_bytes(file.content)))
        )
    return None


def _with(paper: Paper, made: bytes | None) -> Paper:
    if made is None:
        return replace(paper, converted=paper.converted or NOT_CONVERTED)
    files = (*paper.files, File(ARCHIVE, made))
    return replace(paper, files=files, pages=count(ARCHIVE, made), converted=CONVERTED)


def _bytes(content: bytes | Path) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content
