"""Read-back proof: what a paper prints, read from its bytes again, against what it was asked to print.

The bytes are unpacked and parsed anew, by nothing that took part in making them. A value is looked for without
blanks, so that line breaks and the borders of runs do not matter. What a Word paper prints stands in its body,
headers, footers, footnotes and text boxes; what a PDF prints is told by a reader of the caller's.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from operator import methodcaller
from xml.parsers import expat

from formgen.model import Document, Finding, Place

#: parts of a Word package that are printed
_PRINTED = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
_FIRST = methodcaller("group", 1)
_TEXT = re.compile(rb"<w:(?:t(?: [^>]*)?>([^<]*)</w:t>|(?:p|br|cr|tab|tc)[ />])")
#: what no paper prints: tags that were not replaced, words and numbers of programs, lost glyphs
_TRACE = re.compile(
    r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|[{｛][^\W\d_][\w.|]*[}｝]|\?\?\?|\ufffd|\d[eE]\+\d\d?|\d{4}-\d\d-\d\d 00:00:00"
    r"|#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?)|(?<![A-Za-z0-9_.])(?:None|nan|NaN|NaT|Undefined)(?![A-Za-z0-9_])"
)
_ROW = re.compile(rb"<w:tr[ >](?:(?!<w:tr[ >]).)*?</w:tr>", re.DOTALL)
_LETTER = re.compile(rb">[^<\s]")
_SEEN = re.compile(rb"<w:(?:drawing|pict|object|sym|vMerge)[ />]")
#: one of them stands in every trace; looked for first, because it is quick
_HINTS = ("{", "}", "｛", "｝", "???", "\ufffd", "#", "+", "None", "nan", "NaN", "NaT", "Undefined", " 00:00:00")
LIMIT = 200_000_000  # bytes of printed parts; no paper is larger

Extract = Callable[[bytes], str]


def prove(
    document: Document,
    expected: Iterable[str],
    *,
    blank_rows: int | None = None,
    pdf_text: Extract | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with a paper: it cannot be read, it lacks an expected value, it prints what no paper prints.

    ``expected`` are the values and the fixed words the paper must print; what looks like a trace of a program is none
    where the record itself holds it. ``blank_rows`` is how many table rows may be wholly blank, None for any number.
    ``pdf_text`` reads the printed text of a PDF; without it only Word papers are proved. Codes E440 to E443.
    """
    place = Place(file=document.path)
    try:
        parts = () if document.content.startswith(b"%PDF") else tuple(_parts(document.content))
        text = "\n".join(map(_word_text, parts)) if parts else _pdf(document.content, pdf_text)
    except Unreadable as wrong:
        return (Finding("E440", place, {"why": str(wrong)}),)
    if text is None:
        return ()
    found = list(_faults(text, tuple(_squeezed(each) for each in expected), place))
    if blank_rows is not None and (blank := sum(map(_blank_rows, parts))) > blank_rows:
        found.append(Finding("E443", place, {"count": str(blank - blank_rows)}))
    return tuple(found)


class Unreadable(ValueError):
    """A paper's bytes cannot be read again."""


def _pdf(content: bytes, pdf_text: Extract | None) -> str | None:
    if not content.startswith(b"%PDF"):
        raise Unreadable("没有正文")
    return pdf_text(content) if pdf_text else None


def _parts(content: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for member in package.infolist():
                if _PRINTED.fullmatch(member.filename):
                    if member.file_size > LIMIT:
                        raise Unreadable("文件过大")
                    yield package.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as wrong:
        raise Unreadable("文件不完整") from wrong


def _word_text(part: bytes) -> str:
    """The printed text of one part, parsed strictly; paragraphs, cells, tabs and breaks end a word."""
    try:
        expat.ParserCreate().Parse(part, True)
    except expat.ExpatError as wrong:
        raise Unreadable("XML 不完整") from wrong
    text = b"".join([b"\n" if words is None else words for words in map(_FIRST, _TEXT.finditer(part))])
    return unescape(text.decode("utf-8"))


def _blank_rows(part: bytes) -> int:
    return sum(_WRITTEN.search(row.group()) is None for row in _ROW.finditer(part))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _faults(text: str, expected: tuple[str, ...], place: Place) -> Iterator[Finding]:
    solid = _squeezed(text)
    if lost := [each for each in expected if each not in solid]:
        lengths = "、".join(str(len(each)) for each in lost[:5])
        yield Finding("E441", place, {"count": str(len(lost)), "lengths": lengths})
    if not any(hint in text for hint in _HINTS):
        return
    for sign in dict.fromkeys(found.group() for found in _TRACE.finditer(text)):
        if not any(_squeezed(sign) in each for each in expected):
            yield Finding("E442", place, {"sign": sign[:20]})
