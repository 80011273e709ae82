"""Glyphs for PDF: outlines made quadratic once, kept, and glued into one small TrueType font a document.

A glyph is drawn, turned into quadratic curves and deflated on its own the first time it is needed. A document's font is
then only a concatenation: deflate blocks that end on a byte border (full flush) may be joined, so nothing is compressed
twice and the bytes do not depend on which deflate library is installed.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import fontTools
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from formgen.pdf.cache import Drawer
from formgen.pdf.fonts import Face, Glyph

TOLERANCE = 0.001  # of an em: how far a quadratic curve may leave the cubic one
_PACKED_END = b"\x03\x00"  # an empty last block ends a deflate stream
_ZLIB_HEADER = b"\x78\x01"
_MAGIC = 0xB1B0AFBA
_DAY = 3_061_152_000  # 2001-01-01 in seconds since 1904: a date there must be, and it must not change


class Outline(NamedTuple):
    """A glyph record ready to be glued: ``plain`` padded to four bytes, ``packed`` the same deflated, its checksum."""

    plain: bytes
    packed: bytes
    checksum: int
    advance: int
    bearing: int
    points: int
    contours: int


class Subset:
    """The glyphs one document uses of one face, numbered as they come; ``code`` is what a content stream writes."""

    __slots__ = ("_codes", "face", "glyphs", "name")

    def __init__(self, face: Face, name: str) -> None:
        self.face = face
        self.name = name  # resource name in content streams
        self.glyphs: list[Glyph] = []
        self._codes: dict[str, str] = {}

    def code(self, glyph: Glyph) -> str:
        """Four hexadecimal digits that show the glyph; the same character always has the same code."""
        code = self._codes.get(glyph.char)
        if code is None:
            self.glyphs.append(glyph)
            code = self._codes[glyph.char] = f"{len(self.glyphs):04X}"
        return code

    @property
    def font_name(self) -> str:
        """The name with the six letters that mark a subset, made from the characters in it."""
        rest = zlib.crc32("".join(glyph.char for glyph in self.glyphs).encode("utf-32-be"))
        letters = ""
        for _ in range(6):
            rest, letter = divmod(rest, 26)
            letters += chr(65 + letter)
        return f"{letters}+{self.face.name}"

    def objects(self, number: int) -> list[bytes]:
        """The five PDF objects of the font, to be numbered ``number`` and up; the first is the one to refer to."""
        return _font_objects(self, number)


def _font_objects(subset: Subset, number: int) -> list[bytes]:
    name = subset.font_name
    outlines = [outline(subset.face, glyph.name) for glyph in subset.glyphs]
    font, length = glue(subset.face, outlines)
    unicode_map = _to_unicode(subset.glyphs)
    widths = " ".join(f"{glyph.width:.10g}" for glyph in subset.glyphs)
    top = (
        f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
        f"/DescendantFonts[{number + 1} 0 R]/ToUnicode {number + 4} 0 R>>"
    )
    descendant = (
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        f"/Supplement 0>>/FontDescriptor {number + 2} 0 R/DW 1000/W[1[{widths}]]/CIDToGIDMap/Identity>>"
    )
    return [
        top.encode(),
        descendant.encode(),
        f"<</Type/FontDescriptor/FontName/{name}{_measures(subset.face)}/FontFile2 {number + 3} 0 R>>".encode(),
        b"<</Filter/FlateDecode/Length %d/Length1 %d>>stream\n%b\nendstream" % (len(font), length, font),
        b"<</Length %d>>stream\n%b\nendstream" % (len(unicode_map), unicode_map),
    ]


@cache
def _measures(face: Face) -> str:
    head, hhea = face.font["head"], face.font["hhea"]
    scale = 1000 / face.units
    box = " ".join(str(round(value * scale)) for value in (head.xMin, head.yMin, head.xMax, head.yMax))
    ascent, descent = round(hhea.ascent * scale), round(hhea.descent * scale)
    return f"/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {ascent}/Descent {descent}/CapHeight 733/StemV 80"


def _to_unicode(glyphs: list[Glyph]) -> bytes:
    lines = [f"<{code:04X}><{glyph.char.encode('utf-16-be').hex()}>" for code, glyph in enumerate(glyphs, 1)]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
        f"1 begincodespacerange<0000><FFFF>endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict/CMap defineresource pop end end"
    ).encode()


def glue(face: Face, outlines: Iterable[Outline]) -> tuple[bytes, int]:
    """A TrueType font of .notdef and these glyphs, as a finished zlib stream, and its length when inflated."""
    records = [outline(face, ".notdef"), *outlines]
    offsets = [0]
    for record in records:
        offsets.append(offsets[-1] + len(record.plain))
    tables = {
        b"head": _head(face),
        b"hhea": _hhea(face, len(records)),
        b"hmtx": b"".join(struct.pack(">Hh", record.advance, record.bearing) for record in records),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": _maxp(records),
    }
    front = _front(tables, offsets[-1], sum(record.checksum for record in records) & 0xFFFFFFFF)
    whole = b"".join((front, *(record.plain for record in records)))
    end = _PACKED_END + struct.pack(">I", zlib.adler32(whole))
    return b"".join((_ZLIB_HEADER, _deflate(front), *(record.packed for record in records), end)), len(whole)


def _front(tables: dict[bytes, bytes], glyf_length: int, glyf_checksum: int) -> bytes:
    """Everything before the outlines: table directory and the small tables, with the checksum of the whole set."""
    count = len(tables) + 1
    position = 12 + 16 * count
    entries = {}
    body = b""
    for tag, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        entries[tag] = (_checksum(padded), position + len(body), len(table))
        body += padded
    entries[b"glyf"] = (glyf_checksum, position + len(body), glyf_length)
    directory = struct.pack(">IHHHH", 0x00010000, count, 64, 2, count * 16 - 64)
    directory += b"".join(struct.pack(">4sIII", tag, *entries[tag]) for tag in sorted(entries))
    total = _checksum(directory) + sum(entry[0] for entry in entries.values())
    at = entries[b"head"][1] - position + 8
    return directory + body[:at] + struct.pack(">I", (_MAGIC - total) & 0xFFFFFFFF) + body[at + 4 :]


@cache
def _head(face: Face) -> bytes:
    """The head table with a fixed date, with long offsets, checksum still zero."""
    head = face.font["head"]
    box = (head.xMin, head.yMin, head.xMax, head.yMax)
    return struct.pack(
        ">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, face.units, _DAY, _DAY, *box, 0, 8, 2, 1, 0
    )


@cache
def _hhea(face: Face, count: int) -> bytes:
    hhea = face.font["hhea"]
    measures = (hhea.ascent, hhea.descent, 0, hhea.advanceWidthMax & 0xFFFF)
    return struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, *measures, *(0,) * 3, 1, *(0,) * 7, count)


def _maxp(records: list[Outline]) -> bytes:
    points = max(record.points for record in records)
    contours = max(record.contours for record in records)
    return struct.pack(">IHHHHHHHHHHHHHH", 0x10000, len(records), points, contours, 0, 0, 1, *(0,) * 8)


_drawers: dict[Face, Drawer] = {}
_outlines: dict[tuple[Face, str], Outline] = {}


def outline(face: Face, name: str) -> Outline:
    """The record of that glyph, drawn once a process and, where there is a cache folder, once a machine."""
    known = _outlines.get((face, name))
    if known is None:
        if face not in _drawers:
            identity = f"{face.identity}-{fontTools.version}"  # another version may draw otherwise
            _drawers[face] = Drawer(identity, lambda glyph_name: draw(face, glyph_name))
        known = _outlines[face, name] = _record(face, name, _drawers[face].plain(name))
    return known


def save_outlines() -> None:
    """Keep what was newly drawn in the user's cache folder; nothing happens where that is not possible."""
    for drawer in _drawers.values():
        drawer.save()


def _record(face: Face, name: str, plain: bytes) -> Outline:
    advance = face.font["hmtx"][name][0]
    contours, bearing = struct.unpack(">hh", plain[:4]) if plain else (0, 0)
    points = struct.unpack(">H", plain[8 + 2 * contours : 10 + 2 * contours])[0] + 1 if contours else 0
    return Outline(plain, _deflate(plain), _checksum(plain), advance, bearing, points, contours)


def draw(face: Face, name: str) -> bytes:
    """The glyf record of a glyph with quadratic curves only, without instructions, padded; empty for a blank one."""
    recording = DecomposingRecordingPen(face.glyph_set)
    face.glyph_set[name].draw(recording)
    pen = TTGlyphPen(None)
    is_cubic = "glyf" not in face.font
    recording.replay(Cu2QuPen(pen, TOLERANCE * face.units, reverse_direction=is_cubic) if is_cubic else pen)
    plain = pen.glyph(dropImpliedOnCurves=True).compile(None, recalcBBoxes=True)
    return plain + b"\0" * (-len(plain) % 4)


def _deflate(plain: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH)


def _checksum(padded: bytes) -> int:
    return sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
