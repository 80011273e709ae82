# ruff: noqa: E501 - a template reads best on one line
"""The smallest Word files, written part by part, so that a test shows all there is in its template."""

from __future__ import annotations

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
V = "urn:schemas-microsoft-com:vml"
NAMES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:mc="{MC}" xmlns:v="{V}"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"


def p(text: str, look: str = "") -> str:
    """A paragraph of one run; `look` goes into its properties."""
    properties = f"<w:rPr>{look}</w:rPr>" if look else ""
    return f"<w:p><w:r>{properties}<w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(cell if cell.startswith("<w:tc>") else tc(cell) for cell in cells) + "</w:tr>"


def tc(text: str, properties: str = "") -> str:
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/>{properties}</w:tcPr>{p(text)}</w:tc>'


def table(*rows: str, columns: int) -> str:
    grid = '<w:gridCol w:w="2000"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def docx(
    body: str,
    *,
    header: str = "",
    footer: str = "",
    footnotes: str = "",
    endnotes: str = "",
    title: str = "",
    parts: dict[str, bytes] | None = None,
    types: str = "",
    relations: str = "",
) -> bytes:
    """A package of that body with the parts named; `parts`, `types` and `relations` add what else is wanted."""
    members: dict[str, str | bytes] = {}
    kinds, rels, refs = "", "", ""
    for number, (name, root, inner) in enumerate(
        (
            ("header", "hdr", header),
            ("footer", "ftr", footer),
            ("footnotes", "footnotes", footnotes),
            ("endnotes", "endnotes", endnotes),
        ),
        start=11,
    ):
        if not inner:
            continue
        members[f"word/{name}1.xml"] = f"{HEAD}<w:{root} {NAMES}>{inner}</w:{root}>"
        kinds += f'<Override PartName="/word/{name}1.xml" ContentType="{_TYPE.format(name)}"/>'
        rels += f'<Relationship Id="rId{number}" Type="{_REL.format(name)}" Target="{name}1.xml"/>'
        refs += f'<w:{name}Reference w:type="default" r:id="rId{number}"/>' if not name.endswith("notes") else ""
    section = f'<w:sectPr>{refs}<w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    members["word/document.xml"] = f"{HEAD}<w:document {NAMES}><w:body>{body}{section}</w:body></w:document>"
    members["word/_rels/document.xml.rels"] = _rels(rels + relations)
    members["_rels/.rels"] = _rels(
        f'<Relationship Id="rId1" Type="{_REL.format("officeDocument")}" Target="word/document.xml"/>'
        '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
        'core-properties" Target="docProps/core.xml"/>'
    )
    members["docProps/core.xml"] = _core(title)
    members["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE.format("document.main")}"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{kinds}{types}</Types>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**members, **(parts or {})}.items():
            package.writestr(name, content)
    return made.getvalue()


def member(package: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return opened.read(name).decode("utf-8")


def _rels(inner: str) -> str:
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'


def _core(title: str) -> str:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>某人</dc:creator><cp:lastModifiedBy>某人</cp:lastModifiedBy>"
        '<dcterms:created xsi:type="dcterms:W3CDTF">2020-02-02T02:02:02Z</dcterms:created></cp:coreProperties>'
    )
