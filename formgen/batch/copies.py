"""The PDF beside each Word paper (``run --pdf``), where this machine can make one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from formgen.model import Document, Finding
from formgen.pdf import convert


def of(
    documents: Sequence[Document], *, titles: Mapping[str, str] | None = None
) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """A PDF of each Word paper, at the same path with the other ending; ``titles`` is by form id.

    Papers that are PDF already need none. Without LibreOffice a finding (W503) names the papers that have no PDF; one
    that cannot be converted is an error (E511). Equal papers give equal bytes.
    """
    word = {document.path: document for document in documents if document.path.endswith(".docx")}
    named = {path: (titles or {}).get(document.form, "") for path, document in word.items()}
    converted = convert.to_pdf({path: document.content for path, document in word.items()}, titles=named)
    made = tuple(
        replace(word[path], path=path_of(word[path]), content=content) for path, content in converted.papers.items()
    )
    return made, tuple(replace(finding, case_no=_subject(documents)) for finding in converted.findings)


def path_of(document: Document) -> str:
    """The path of the PDF of a Word paper."""
    return str(PurePosixPath(document.path).with_suffix(".pdf"))


def word_path_of(document: Document) -> str:
    """The path of the Word paper that a PDF comes from."""
    return str(PurePosixPath(document.path).with_suffix(".docx"))


def _subject(documents: Sequence[Document]) -> str:
    """The case all documents belong to, empty when they belong to several."""
    subjects = {document.subject for document in documents}
    return subjects.pop() if len(subjects) == 1 else ""
