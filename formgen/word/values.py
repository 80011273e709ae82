r"""What may stand in a Word paper: cleaned text, rich text and pictures, and the mark of a missing value.

A value is text as XML can hold it: line ends are \n, illegal characters are gone and told. In a value \n is a line
break, \t a tab, \a a new paragraph and \f a page break, as docxtpl has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape as html_escape

LOST = "〓"  # what is printed for a character that arrived broken: the printer's sign for a sort that is not there
BREAKS = "\t\a\n\f"
_LINE_END = re.compile("\r\n?|\v")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ILLEGAL = re.compile("[\x00-\x06\x08\x0e-\x1f\ufffe\uffff]")
#: anything that needs a second look before a value may be printed as it stands
SUSPECT = re.compile("[\x00-\x1f\ufffe\uffff\ud800-\udfff]")
#: where colour stands among the properties of a run (ISO/IEC 29500-1 17.3.2.28)
_AFTER = re.compile(
    "<w:(?:spacing|w|kern|position|sz|szCs|highlight|u|effect|bdr|shd|fitText|vertAlign|rtl|cs|em|lang|eastAsianLayout"
    "|specVanish|oMath|rPrChange)[ />]"
)
_COLOR = re.compile(r"<w:color(?: [^>]*)?/>|<w:color(?: [^>]*)?>.*?</w:color>", re.DOTALL)
_BLANKS = str.maketrans("\n\t", "  ", "\a\f")
RED = '<w:color w:val="FF0000"/>'


@dataclass(frozen=True, slots=True)
class Rich:
    """Text with a look of its own for ``{{r … }}``; ``color`` is RRGGBB, ``size`` half points."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = ""
    size: int = 0
    font: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for ``{{ … }}``: the bytes of a PNG or JPEG file and its size on paper in millimetres."""

    content: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A value that XML can hold, the code points that were taken out, and whether a character had arrived broken."""

    text: str
    removed: tuple[str, ...] = ()
    is_broken: bool = False


def clean(value: str) -> Cleaned:
    r"""The value with line ends as \n, without what XML forbids; a lone surrogate becomes 〓."""
    if SUSPECT.search(value) is None:
        return Cleaned(value)
    lines = _LINE_END.sub("\n", value)
    removed = tuple(sorted({f"U+{ord(sign):04X}" for sign in _ILLEGAL.findall(lines)}))
    whole = _ILLEGAL.sub("", lines)
    mended = _SURROGATE.sub(LOST, whole)
    return Cleaned(mended, removed, mended != whole)


def escape(text: str) -> str:
    """The text as it stands between two XML tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(text: str) -> str:
    """The text as it stands in an XML attribute, where XML makes blanks of breaks."""
    return html_escape(text).translate(_BLANKS)


def mark(label: str) -> str:
    """The words that stand in place of a missing value: of a field its last name."""
    return f"【缺：{label.rpartition('.')[2]}】"


def reddened(properties: str) -> str:
    """The properties of a run (``<w:rPr>…</w:rPr>`` or nothing) in red, at the place the schema gives to colour."""
    inner = _COLOR.sub("", re.sub(r"^<w:rPr[^>]*>|</w:rPr>$", "", properties)) if properties else ""
    later = _AFTER.search(inner)
    at = later.start() if later else len(inner)
    return f"<w:rPr>{inner[:at]}{RED}{inner[at:]}</w:rPr>"


def mark_run(label: str, properties: str) -> str:
    """The mark of a missing value as a red run of its own, to stand inside the text of a run with those properties."""
    return (
        f"</w:t></w:r><w:r>{reddened(properties)}<w:t>{escape(mark(label))}</w:t></w:r>"
        f'<w:r>{properties}<w:t xml:space="preserve">'
    )
