"""New fields for a page: their entries as a file holds them, and the fonts a viewer may edit them with."""

from __future__ import annotations

from dataclasses import dataclass

from formgen.pdf import file as pdf_file

FONTS = {"宋": "SimSun", "仿宋": "FangSong", "楷": "KaiTi", "黑": "SimHei", "小标宋": "SimSun"}
MULTILINE, PUSH, COMB = 1 << 12, 1 << 16, 1 << 24
_GB = "<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewField:
    """A field to be made. ``kind`` is text, check or picture; ``rect`` in points: left, bottom, right, top."""

    name: str
    rect: tuple[float, float, float, float]
    page: int = 0
    kind: str = "text"
    role: str = "宋"
    size: float = 0.0
    align: int = 0
    is_multiline: bool = False
    cells: int = 0


def entries(field: NewField, *, on: int = 0, off: int = 0, parent: int = 0) -> bytes:
    """The entries of the field and its widget in one, without the brackets of the dictionary.

    ``on`` and ``off`` are the numbers of a check box's two appearances; with a ``parent`` it is one place of several
    of that field.
    """
    named = b"/Parent %d 0 R" % parent if parent else _named(field)
    start = b"/Type/Annot/Subtype/Widget/F 4%b/Rect[%b]" % (named, pdf_file.numbers(field.rect).encode())
    if field.kind == "check":
        looks = b"/AS/Off/AP<</N<</Yes %d 0 R/Off %d 0 R>>>>" % (on, off)
        return start + b"/FT/Btn/V/Off/DA(/ZaDb 0 Tf 0 g)/MK<</BG[1]/BC[0]/CA(4)>>/BS<</W 0.6>>" + looks
    if field.kind == "picture":
        return start + b"/FT/Btn/Ff %d/MK<</TP 1>>" % PUSH
    style = f"/DA(/{FONTS[field.role]} {field.size:g} Tf 0 g)/Q {field.align}"
    flags = (MULTILINE if field.is_multiline else 0) | (COMB if field.cells else 0)
    limit = f"/MaxLen {field.cells}/MK<</BC[0]>>/BS<</W 0.5>>" if field.cells else ""
    return start + f"/FT/Tx{style}/Ff {flags}{limit}".encode()


def parent(field: NewField, kids: list[int]) -> bytes:
    """The object of a field that stands in several places."""
    kind = b"Tx" if field.kind == "text" else b"Btn"
    return b"<</FT/%b%b/Kids[%b]>>" % (kind, _named(field), b" ".join(b"%d 0 R" % kid for kid in kids))


def _named(field: NewField) -> bytes:
    return b"/T%b/TU%b" % (pdf_file.text(field.name), pdf_file.text(field.name))


def form(numbers: list[int]) -> bytes:
    """The form dictionary over the fields of these numbers.

    Its fonts are named, not embedded: they are for the hand that edits the form in a viewer; what is filled by program
    brings its own.
    """
    listed = b" ".join(b"%d 0 R" % number for number in numbers)
    named = "".join(f"/{name}{_font(name)}" for name in dict.fromkeys(FONTS.values()))
    ticks = "/ZaDb<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>"
    return b"<</Fields[%b]/DA(/SimSun 0 Tf 0 g)/DR<</Font<<%b>>>>>>" % (listed, (named + ticks).encode())


def _font(name: str) -> str:
    descriptor = (
        f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[-8 -145 1000 859]/ItalicAngle 0"
        "/Ascent 859/Descent -141/CapHeight 683/StemV 91>>"
    )
    below = f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo{_GB}/DW 1000/FontDescriptor{descriptor}>>"
    return f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/UniGB-UTF16-H/DescendantFonts[{below}]>>"
