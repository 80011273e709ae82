"""Gaps that branches leave: Word opens no cell, header, note or text box without a paragraph, no table without rows.

A template may make all paragraphs of a cell conditional; a paper that then lacks them all gets one blank paragraph.
"""

from __future__ import annotations

import re

#: parts of a Word package that are printed
PRINTED = re.compile(r"word/(?:document|header|footer|footnotes|endnotes)\d*\.xml")
_BLANK = b"<w:p/>"
_NO_ROWS = re.compile(rb"<w:tbl(?: [^>]*)?>(?:(?!<w:tr[ >]|<w:tbl[ >]).)*?</w:tbl>", re.DOTALL)
_HOLDS = rb"(?:tc|hdr|ftr|footnote|endnote|txbxContent)"
_EMPTY = re.compile(
    rb"(<w:%b(?: [^>]*)?(?<!/)>(?:\s*<w:tcPr(?:/>|[ >](?:(?!</w:tcPr>).)*</w:tcPr>))?|</w:tbl>)\s*(?=</w:%b>)"
    % (_HOLDS, _HOLDS),
    re.DOTALL,
)
_CLOSED = re.compile(rb"<w:(tc|hdr|ftr|footnote|endnote|txbxContent)((?: [^>]*?)?)/>")


def mended(part: bytes) -> bytes:
    """The part without tables that have no rows, and with a blank paragraph where one has to stand."""
    whole = _CLOSED.sub(rb"<w:\1\2></w:\1>", _NO_ROWS.sub(b"", part))
    return _EMPTY.sub(rb"\1" + _BLANK, whole)
