"""The styles of the clerk's workbook for its annotated copy: his own kept, ours for coloured cells added."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from formgen.xlsx.xmlparts import Parser, local
from formgen.xlsx.zips import Package, Refused

#: Colours of our own, a shade beside the usual ones, so that a copy that is checked again can be told from its clerk's.
COLOURS = {"E": "FFFFC7C9", "W": "FFFFEB9A", "R": "FFC6EFCC"}
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KEPT = ("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "colors")
_FAMILIES = (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main", "")
_LARGEST = 4_000_000  # bytes of a styles part; beyond it the copy goes without its clerk's styles
_NONE = (
    "<styleSheet><fonts><font><sz val='11'/><name val='宋体'/></font></fonts><fills><fill><patternFill/></fill>"
    "<fill><patternFill patternType='gray125'/></fill></fills><borders><border/></borders><cellStyleXfs><xf/>"
    "</cellStyleXfs><cellXfs><xf/></cellXfs><cellStyles><cellStyle name='Normal' xfId='0' builtinId='0'/></cellStyles>"
    "</styleSheet>"
)

Element = ElementTree.Element


class CopyStyles:
    """Style numbers for the copy: ``of`` gives the clerk's own style, coloured and guarded as wanted."""

    def __init__(self, package: Package, part: str) -> None:
        self._root = _read(package, part)
        for usual in _plain(ElementTree.fromstring(_NONE)):  # Excel wants every list, and one entry at least
            if not len(own := _child(self._root, usual.tag)):
                own.extend(usual)
        fills, formats, fonts, borders = (_child(self._root, name) for name in ("fills", "cellXfs", "fonts", "borders"))
        self._formats, self._own = formats, len(formats)
        self._known: dict[tuple[int, str, bool, bool, bool], int] = {}
        self._clear(fills)
        self._fills = {weight: _add_fill(fills, colour) for weight, colour in COLOURS.items()}
        bold = ElementTree.SubElement(fonts, "font")
        for name, value in (("b", "1"), ("sz", "14"), ("name", "宋体")):
            ElementTree.SubElement(bold, name, {"val": value})
        self._bold = len(fonts) - 1
        self._box = _add_box(borders)

    def of(
        self, style: int, *, colour: str = "", is_quoted: bool = False, is_wrapped: bool = False, is_boxed: bool = False
    ) -> int:
        """The number of the clerk's style, with one of our colours, marked as text, wrapped, boxed."""
        style = style if style < self._own else 0
        if not (colour or is_quoted or is_wrapped or is_boxed):
            return style
        known = (style, colour, is_quoted, is_wrapped, is_boxed)
        if known not in self._known:
            made = ElementTree.fromstring(ElementTree.tostring(self._formats[style]))
            if colour:
                made.set("fillId", str(self._fills[colour]))
                made.set("applyFill", "1")
            if is_quoted:
                made.set("quotePrefix", "1")
            if is_wrapped:
                for old in made.findall("alignment"):
                    made.remove(old)
                made.insert(0, Element("alignment", {"vertical": "top", "wrapText": "1"}))
                made.set("applyAlignment", "1")
            if is_boxed:
                made.set("borderId", str(self._box))
                made.set("applyBorder", "1")
            self._known[known] = self._add(made)
        return self._known[known]

    def title(self) -> int:
        """The number of a style for titles."""
        return self._add(Element("xf", {"numFmtId": "0", "fontId": str(self._bold), "fillId": "0", "applyFont": "1"}))

    def xml(self) -> str:
        """The whole part."""
        inner = "".join(_written(child) for child in self._root)
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{MAIN}">{inner}</styleSheet>'
        )

    def _add(self, made: Element) -> int:
        self._formats.append(made)
        return len(self._formats) - 1

    def _clear(self, fills: Element) -> None:
        """Take the colours of an earlier annotation off the clerk's styles."""
        ours = {
            str(at)
            for at, fill in enumerate(fills)
            if any(c.get("rgb") in COLOURS.values() for c in fill.iter("fgColor"))
        }
        for one in self._formats:
            if one.get("fillId") in ours:
                one.set("fillId", "0")


def _child(root: Element, name: str) -> Element:
    """The child of that name, made at its place when there is none."""
    found = root.find(name)
    if found is None:
        found = Element(name)
        root.insert(sum(_KEPT.index(other.tag) < _KEPT.index(name) for other in root), found)
    return found


def _add_fill(fills: Element, colour: str) -> int:
    pattern = ElementTree.SubElement(ElementTree.SubElement(fills, "fill"), "patternFill", {"patternType": "solid"})
    ElementTree.SubElement(pattern, "fgColor", {"rgb": colour})
    return len(fills) - 1


def _add_box(borders: Element) -> int:
    box = ElementTree.SubElement(borders, "border")
    for side in ("left", "right", "top", "bottom"):
        edge = ElementTree.SubElement(box, side, {"style": "thin"})
        ElementTree.SubElement(edge, "color", {"rgb": "FFA6A6A6"})
    return len(borders) - 1


def _read(package: Package, part: str) -> Element:
    """The styles of the workbook without extensions, or the plainest there are."""
    content = b""
    try:
        if part:
            Parser(part, start=lambda *_: None).read(package)
            content = b"".join(package.chunks(part))
    except Refused:
        content = b""
    usable = content if 0 < len(content) <= _LARGEST else _NONE.encode()
    return _plain(ElementTree.fromstring(usable))


def _plain(root: Element) -> Element:
    """The element with names of the main vocabulary only, so that no prefix of an extension is left hanging."""
    made = Element(
        local(root.tag.replace("}", ":")), {name: value for name, value in root.attrib.items() if "}" not in name}
    )
    made.extend(_plain(child) for child in root if _is_main(child))
    made.attrib.pop("count", None)
    if made.tag == "styleSheet":
        made[:] = [child for child in made if child.tag in _KEPT]
    return made


def _is_main(child: Element) -> bool:
    family, found, name = str(child.tag).rpartition("}")
    return family.lstrip("{") in _FAMILIES and (name if found else child.tag) != "extLst"


def _written(one: Element) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in one.attrib.items())
    inner = "".join(_written(child) for child in one)
    return f"<{one.tag}{attributes}>{inner}</{one.tag}>" if inner else f"<{one.tag}{attributes}/>"
