"""Read-back proof: what a paper prints, read from its bytes again, against what it was asked to print.

The bytes are unpacked and parsed anew, by nothing that took part in making them. A value is looked for without
blanks, so that line breaks and the borders of runs do not matter. What a Word paper prints stands in its body,
headers, footers, footnotes and text boxes; what a PDF prints is told by a reader of the caller's.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.parsers import expat
from xml.sax.saxutils import unescape

from formgen.model import Document, Finding, Place

#: parts of a Word package that are printed
_PRINTED = re.compile(rb"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
#: what no paper prints: tags that were not replaced, words and numbers of programs, lost glyphs
_TRACE = re.compile(
    r"\{\{|\}\}|\{%|%\}|｛｛|｝｝|[{｛][^\W\d_][\w.|]*[}｝]|\?\?\?|\ufffd|\d[eE]\+\d\d?|\d{4}-\d\d-\d\d 00:00:00"
    r"|#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?)|(?<![A-Za-z0-9_.])(?:None|nan|NaN|NaT|Undefined)(?![A-Za-z0-9_])"
)
#: the text of a run, or with nothing in its group the end of a paragraph
_TEXT = re.compile(rb"<(?:w:t(?: [^>]*)?>([^<]*)|/w:p>)")
_LETTER = re.compile(rb">\s*[^<\s]")
_ROW = re.compile(rb"<w:tr(?= |>)")
_SEEN = re.compile(rb"<w:(?:drawing|pict|object|sym|vMerge)[ />]")
#: what Word does not open: a cell, header, footer, note or text box without a paragraph, a table without a row
_GAP = re.compile(
    rb"(?:</w:(?:tcPr|tblGrid|tbl)>|<w:tcPr/>)\s*</w:(?:tc|tbl)>"
    rb"|<w:(?:tc|hdr|ftr|footnote|endnote|txbxContent)(?: [^>]*)?"
    rb"(?:/>|>\s*</w:(?:tc|hdr|ftr|footnote|endnote|txbxContent)>)"
)
#: one of them stands in every trace; looked for first, because it is quick
_HINTS = ("{", "}", "｛", "｝", "???", "\ufffd", "#", "+", "None", "nan", "NaN", "NaT", "Undefined", " 00:00:00")
_ENTITIES = {"&quot;": '"', "&apos;": "'", "&#34;": '"', "&#39;": "'", "&#13;": "\r"}
_END = struct.Struct("<4s4H2IH")
_ENTRY = struct.Struct("<4s6H3I5H2I")
_LOCAL = struct.Struct("<4s5H3I2H")
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

    ``expected`` are the values and the fixed words the paper must print, as a mapping each with what it is called;
    what looks like a trace of a program is none where the record itself holds it. ``blank_rows`` is how many table rows
    may be wholly blank, None for any number. ``pdf_text`` reads the printed text of a PDF; without it only Word papers
    are proved. Codes E440 to E443, E638.
    """
    place = Place(file=document.path)
    try:
        parts = () if document.content.startswith(b"%PDF") else tuple(_parts(document.content))
        text = _words(parts) if parts else _pdf(document.content, pdf_text)
    except Unreadable as wrong:
        return (Finding("E440", place, {"why": str(wrong)}),)
    if text is None:
        return ()
    if any(map(_GAP.search, parts)):
        return (Finding("E638", place),)
    asked = tuple(expected)
    called = expected if isinstance(expected, Mapping) else {}
    found = list(_faults(text, parts, asked, place, called))
    if any(each.isspace() for each in asked):
        blank_rows = None  # a value of blanks alone leaves its row blank
    if blank_rows is not None and (blank := sum(map(_blank_rows, parts))) > blank_rows:
        found.append(Finding("E443", place, {"count": str(blank - blank_rows)}))
    return tuple(found)


class Unreadable(ValueError):
    """A paper's bytes cannot be read again; its text is the code of the reason."""


def _pdf(content: bytes, pdf_text: Extract | None) -> str | None:
    if not content.startswith(b"%PDF"):
        raise Unreadable("X978")
    return pdf_text(content) if pdf_text else None


def _parts(content: bytes) -> Iterator[bytes]:
    """The printed parts of a package, unpacked and checked against their sums. Raises Unreadable."""
    try:
        *_, count, _, at, _ = _END.unpack(content[-_END.size :])
        for _ in range(count):
            entry = _ENTRY.unpack_from(content, at)
            begin = at + _ENTRY.size
            name = content[begin : begin + entry[10]]
            at = begin + entry[10] + entry[11] + entry[12]
            if name.startswith(b"word/") and _PRINTED.fullmatch(name):
                yield _part(content, name, entry)
    except (struct.error, zlib.error) as wrong:
        raise Unreadable("X979") from wrong


def _part(content: bytes, name: bytes, entry: tuple) -> bytes:
    """One member by its entry in the listing: its method, sum and sizes stand at 4 and 7 to 9, its place at 16."""
    method, crc, packed, size, start = entry[4], *entry[7:10], entry[16]
    head = _LOCAL.unpack_from(content, start)
    begin = start + _LOCAL.size
    end = begin + head[9] + head[10]
    unpacker = zlib.decompressobj(-15)
    part = unpacker.decompress(content[end : end + packed], LIMIT) if method else content[end : end + packed]
    is_whole = (unpacker.eof or not method) and zlib.crc32(part) == crc and len(part) == size
    if not is_whole or content[begin : begin + head[9]] != name:
        raise Unreadable("X979")
    return part


def _words(parts: Iterable[bytes]) -> str:
    """The printed text of the parts, each parsed strictly, without the ends of paragraphs; finding those takes twice
    as long, and only a trace of a program makes them matter. Raises Unreadable.
    """
    runs: list[bytes] = []
    try:
        for part in parts:
            expat.ParserCreate().Parse(part, True)
            runs += [piece[piece.rfind(b">") + 1 :] for piece in part.split(b"</w:t>")[:-1]]
    except expat.ExpatError as wrong:
        raise Unreadable("X980") from wrong
    text = b"".join(runs).decode("utf-8")
    return unescape(text, _ENTITIES) if "&" in text else text


def _paragraphs(part: bytes) -> str:
    """The printed text of one part; paragraphs end a word."""
    return unescape(b"".join(text or b"\n" for text in _TEXT.findall(part)).decode("utf-8"), _ENTITIES)


def _blank_rows(part: bytes) -> int:
    """How many table rows hold nothing to be seen; of a row with a table in it, the text around that table."""
    rows = (piece.partition(b"</w:tr>")[0] for piece in _ROW.split(part)[1:])
    return sum(_LETTER.search(row) is None and _SEEN.search(row) is None for row in rows)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _faults(
    text: str, parts: tuple[bytes, ...], expected: tuple[str, ...], place: Place, called: Mapping[str, str]
) -> Iterator[Finding]:
    solid = _squeezed(text)
    lost = [each for each in expected if each not in text and _squeezed(each) not in solid]
    if lost and parts:  # a bare > in a text, which XML allows, hides what stands before it
        solid = _squeezed("".join(map(_paragraphs, parts)))
        lost = [each for each in lost if _squeezed(each) not in solid]
    if lost:
        lengths = "、".join(str(len(_squeezed(each))) for each in lost[:5])
        named = "、".join(dict.fromkeys(f"“{called[each]}”" for each in lost[:5] if called.get(each)))
        yield Finding("E441", place, {"count": str(len(lost)), "why": named or "X994", "lengths": lengths})
    if not any(hint in text for hint in _HINTS):
        return
    lines = "\n".join(map(_paragraphs, parts)) if parts else text
    for sign in dict.fromkeys(found.group() for found in _TRACE.finditer(lines)):
        if not any(_squeezed(sign) in _squeezed(each) for each in expected):
            yield Finding("E442", place, {"sign": sign[:20]})
