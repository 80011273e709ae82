"""The properties of a paper: no name but the program's, no time but one; the same record gives the same bytes."""

from __future__ import annotations

from lxml import etree

CORE = "docProps/core.xml"
AUTHOR = "formgen"
MOMENT = "2000-01-01T00:00:00Z"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_MARK = "\ufdd0"


def settled(name: str, member: bytes) -> bytes:
    """The member; of the core properties with fixed author and times. An author that is a tag of the template stays."""
    if name != CORE:
        return member
    root = etree.fromstring(member, etree.XMLParser(resolve_entities=False))
    fixed = {_TERMS + "created": MOMENT, _TERMS + "modified": MOMENT, _CP + "lastModifiedBy": AUTHOR}
    for element in root:
        if element.tag in fixed:
            element.text = fixed[element.tag]
        elif element.tag == _DC + "creator" and _MARK not in (element.text or ""):
            element.text = AUTHOR
        elif element.tag in (_CP + "revision", _CP + "lastPrinted"):
            root.remove(element)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
