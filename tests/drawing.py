"""A small pen for Word templates: paragraphs, runs and tables as the OOXML that Word itself would write, and no more.

Every element stands in the order of the schema (ECMA-376 part 1, 17.3 and 17.4), because Word refuses what LibreOffice
forgives. The package holds only what a paper needs, since bytes per file are the speed limit of a batch.
"""
# ruff: noqa: E501 - an element of XML is read as one line

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from formgen.papers.pictures import CODE

MM = 1440 / 25.4
EDGE = 4.5  # millimetres that printers leave white at the edge of a page
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FANG, HEI, SONG, KAI, SIGN = "仿宋_GB2312", "黑体", "宋体", "楷体_GB2312", "Segoe UI Symbol"
#: font → (name of the same face elsewhere, family)
FACES = {FANG: "FangSong", HEI: "SimHei", SONG: "SimSun", KAI: "KaiTi", "方正小标宋简体": "SimSun", SIGN: "MS Gothic"}


@dataclass(frozen=True)
class Page:
    """Margins in millimetres (top, right, bottom, left); ``grid`` is the 22 × 28 grid of GB/T 9704."""

    margins: tuple[float, float, float, float] = (37, 26, 35, 28)
    grid: bool = True
    landscape: bool = False

    @property
    def width(self) -> int:
        """The width of the text in twentieths of a point."""
        return round(((297 if self.landscape else 210) - self.margins[1] - self.margins[3]) * MM)


LETTER = Page()
FORM = Page((25, 24, 20, 26), grid=False)
NOTE = Page((30, 24, 25, 26), grid=False)
REASONS = Page((20, 24, 16, 26), grid=False)
CARDS = Page((18, 17, 18, 18), grid=False)
SHEET = Page((18, 20, 16, 22), grid=False)
WIDE = Page((20, 18, 18, 18), grid=False, landscape=True)


def run(text: str, *, style: str = "", bold: bool = False, under: bool = False, font: str = "", half: int = 0) -> str:
    """A run of text; a line break in ``text`` is a line break on paper."""
    look = f'<w:rStyle w:val="{style}"/>' if style else ""
    look += f'<w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}"/>' if font else ""
    look += "<w:b/>" if bold else ""
    look += f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if half else ""
    look += '<w:u w:val="single"/>' if under else ""
    parts = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}{parts}</w:r>"


def blank(text: str) -> str:
    """A value on the underlined blank of a letter."""
    return run(text, under=True)


def box(tier: str) -> str:
    """A box to tick and its word."""
    return run(f"{{{{ {tier}框 }}}}", style="Sign") + run(tier)


def para(
    *runs: str, style: str = "", keep: bool = False, together: bool = False, page: bool = False, before: int = 0,
    after: int = 0, first: int | None = None, left: int = 0, right: int = 0, align: str = "", tabs: Sequence[tuple[str, int]] = (),
    frame: str = "", line: int = 0,
) -> str:  # fmt: skip
    """A paragraph; a bare string becomes a run.

    ``keep`` holds it on the page of the next paragraph; ``line`` is the exact height of its lines in twentieths of a point.
    """
    look = f'<w:pStyle w:val="{style}"/>' if style else ""
    look += "<w:keepNext/>" if keep else ""
    look += "<w:keepLines/>" if together else ""
    look += "<w:pageBreakBefore/>" if page else ""
    look += frame
    if tabs:
        look += "<w:tabs>" + "".join(f'<w:tab w:val="{kind}" w:pos="{at}"/>' for kind, at in tabs) + "</w:tabs>"
    if before or after or line:
        exact = f' w:line="{line}" w:lineRule="exact"' if line else ""
        look += f'<w:spacing w:before="{before}" w:after="{after}"{exact}/>'
    if first is not None or left or right:
        look += f'<w:ind w:left="{left}" w:right="{right}"'
        look += (
            ""
            if first is None
            else f' w:firstLineChars="{first}" w:firstLine="{first * 3}"'
            if first
            else ' w:firstLineChars="0" w:firstLine="0"'
        )
        look += "/>"
    look += f'<w:jc w:val="{align}"/>' if align else ""
    body = "".join(
        "<w:r><w:tab/></w:r>" if each == "\t" else each if each.startswith("<w:") else run(each) for each in runs
    )
    return f"<w:p>{f'<w:pPr>{look}</w:pPr>' if look else ''}{body}</w:p>"


@dataclass(frozen=True)
class Cell:
    """A table cell: its paragraphs, the grid columns it spans, how it merges downwards (restart, continue or empty).

    ``open`` names the side (top or bottom) without a line.
    """

    body: str
    span: int = 1
    merge: str = ""
    valign: str = "center"
    open: str = ""


def label(text: str, *, span: int = 1, merge: str = "") -> Cell:
    """A printed label of a table."""
    return Cell("".join(para(line, style="Label") for line in text.split("\n")), span, merge)


def value(*runs: str, span: int = 1, align: str = "center", style: str = "Value") -> Cell:
    """A cell that holds a value."""
    return Cell(para(*runs, style=style, align=align if align != "center" else ""), span)


def left(*runs: str, span: int = 1) -> Cell:
    """A cell whose value is read as text."""
    return value(*runs, span=span, style="Text", align="")


def row(*cells: Cell, height: int = 0, exact: bool = False, head: bool = False) -> tuple[tuple[Cell, ...], str]:
    """A row that never splits over pages; ``height`` is the least height in twentieths of a point."""
    look = "<w:cantSplit/>"
    look += (
        f'<w:trHeight w:val="{height}"{" w:hRule=" + chr(34) + "exact" + chr(34) if exact else ""}/>' if height else ""
    )
    look += "<w:tblHeader/>" if head else ""
    return cells, f"<w:trPr>{look}</w:trPr>"


def each(item: str, rows: str, *body: tuple[tuple[Cell, ...], str], columns: int) -> list[tuple[tuple[Cell, ...], str]]:
    """Rows that are repeated for every row of a list."""
    return [
        row(Cell(para(f"{{%tr for {item} in {rows} %}}", style="Text"), columns)),
        *body,
        row(Cell(para("{%tr endfor %}", style="Text"), columns)),
    ]


def table(widths: Sequence[int], rows: Sequence[tuple[tuple[Cell, ...], str]], *, borders: bool = True) -> str:
    """A table of fixed column widths; all rows but the last are kept from tearing away from a following signature."""
    total = sum(widths)
    edge = "".join(
        f'<w:{side} w:val="single" w:sz="{8 if side in ("top", "left", "bottom", "right") else 4}" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    look = f'<w:tblW w:w="{total}" w:type="dxa"/><w:jc w:val="center"/>'
    look += f"<w:tblBorders>{edge}</w:tblBorders>" if borders else ""
    look += '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr>{look}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(_row(widths, each) for each in rows)}</w:tbl>"


def _row(widths: Sequence[int], made: tuple[tuple[Cell, ...], str]) -> str:
    cells, look = made
    at, text = 0, ""
    for cell in cells:
        width = sum(widths[at : at + cell.span])
        at += cell.span
        shape = f'<w:tcW w:w="{width}" w:type="dxa"/>'
        shape += f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else ""
        shape += ('<w:vMerge w:val="restart"/>' if cell.merge == "restart" else "<w:vMerge/>") if cell.merge else ""
        shape += f'<w:tcBorders><w:{cell.open} w:val="nil"/></w:tcBorders>' if cell.open else ""
        shape += f'<w:vAlign w:val="{cell.valign}"/>' if cell.valign != "top" else ""
        text += f"<w:tc><w:tcPr>{shape}</w:tcPr>{cell.body}</w:tc>"
    assert at == len(widths), f"{at} of {len(widths)} columns: {text[:200]}"
    return f"<w:tr>{look}{text}</w:tr>"


def field(code: str) -> str:
    """A field that Word computes, with 1 as the text it shows until then."""
    steps = ("begin", None, "separate", "1", "end")
    text = ""
    for step in steps:
        if step is None:
            text += f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        elif step == "1":
            text += "<w:r><w:t>1</w:t></w:r>"
        else:
            text += f'<w:r><w:fldChar w:fldCharType="{step}"/></w:r>'
    return text


def footer(subject: str, paper: str) -> str:
    """The footer: whose paper, which paper, page n of m, and the QR code where form.toml asks for one."""
    pages = run("第 ") + field("PAGE") + run(" 页 共 ") + field("NUMPAGES") + run(" 页")
    return f"{HEAD}<w:ftr {W}>{code()}{para(f'{subject}　文书：{paper}　', pages, style='Footer')}</w:ftr>"


def code() -> str:
    """The QR code in the lower right corner of an upright page, outside the text, so that no line moves for it."""
    x, y = (round((size - CODE - edge) * MM) for size, edge in ((210, EDGE + 1.5), (297, EDGE)))
    # no w:w: a frame of fixed width loses 3 mm of its picture in LibreOffice
    frame = f'<w:framePr w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:x="{x}" w:y="{y}"/>'
    return (
        para("{%p if 二维码 %}", style="Footer")
        + para("{{ 二维码 }}", style="Footer", frame=frame)
        + para("{%p endif %}", style="Footer")
    )


def section(page: Page) -> str:
    """The properties of the only section: A4, margins, footer, grid."""
    long, short = round(297 * MM), round(210 * MM)
    wide, high = (long, short) if page.landscape else (short, long)
    top, right, bottom, left_ = (round(side * MM) for side in page.margins)
    turn = ' w:orient="landscape"' if page.landscape else ""
    grid = '<w:docGrid w:type="lines" w:linePitch="579"/>' if page.grid else ""
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="{wide}" w:h="{high}"{turn}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left_}" w:header="850" w:footer="{round(bottom * 0.55)}" w:gutter="0"/>'
        f"{grid}</w:sectPr>"
    )


def _style(name: str, title: str, *, font: str, half: int, look: str = "", bold: bool = False, based: str = "") -> str:
    face = f'<w:rFonts w:ascii="{font}" w:eastAsia="{font}" w:hAnsi="{font}" w:cs="{font}"/>'
    rule = f'<w:rPr>{face}{"<w:b/>" if bold else ""}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
    default = ' w:default="1"' if name == "Body" else ""
    base = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{title}"/>{base}<w:qFormat/><w:pPr>{look}</w:pPr>{rule}</w:style>'


def styles(page: Page) -> str:
    """The styles of a paper: only those that the templates use."""
    line = (
        '<w:spacing w:line="579" w:lineRule="exact"/>'
        if page.grid
        else '<w:spacing w:line="400" w:lineRule="atLeast"/>'
    )
    flat = '<w:snapToGrid w:val="0"/><w:spacing w:line="300" w:lineRule="atLeast"/>'
    made = (
        _style("Body", "Normal", font=FANG, half=32 if page.grid else 28, look=line + '<w:jc w:val="both"/>')
        + _style("Title", "Title", font="方正小标宋简体", half=44, bold=True, based="Body",
                 look='<w:keepNext/><w:spacing w:before="120" w:after="240" w:line="640" w:lineRule="atLeast"/><w:jc w:val="center"/>')
        + _style("SheetTitle", "Sheet Title", font=SONG, half=36, bold=True, based="Body",
                 look='<w:keepNext/><w:spacing w:before="0" w:after="160" w:line="480" w:lineRule="atLeast"/><w:jc w:val="center"/>')
        + _style("ListTitle", "List Title", font=HEI, half=32, based="Body", look='<w:keepNext/><w:spacing w:after="120"/><w:jc w:val="center"/>')
        + _style("Text1", "Letter", font=FANG, half=32 if page.grid else 28, based="Body", look=f'<w:ind w:firstLineChars="200" w:firstLine="{640 if page.grid else 560}"/>')
        + _style("Head", "heading 1", font=HEI, half=32 if page.grid else 28, based="Body", look="<w:keepNext/>")
        + _style("Label", "Table Label", font=HEI, half=24, look=flat + '<w:jc w:val="center"/>')
        + _style("Value", "Table Value", font=FANG, half=24, look=flat + '<w:jc w:val="center"/>')
        + _style("Text", "Table Text", font=FANG, half=24, look=flat + '<w:jc w:val="left"/>')
        + _style("Small", "Table Note", font=FANG, half=21, look=flat + '<w:jc w:val="left"/>')
        + _style("Footer", "footer", font=SONG, half=18, look='<w:snapToGrid w:val="0"/><w:jc w:val="center"/>')
    )  # fmt: skip
    sign = f'<w:style w:type="character" w:styleId="Sign"><w:name w:val="Sign"/><w:rPr><w:rFonts w:ascii="{SIGN}" w:eastAsia="{SIGN}" w:hAnsi="{SIGN}"/></w:rPr></w:style>'
    lang = '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault></w:docDefaults>'
    return f"{HEAD}<w:styles {W}>{lang}{made}{sign}</w:styles>"


def fonts() -> str:
    """The font table, which tells Word the other name of each face."""
    made = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for name, other in FACES.items()
    )
    return f"{HEAD}<w:fonts {W}>{made}</w:fonts>"


TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def save(path: Path, body: str, *, title: str, foot: str, page: Page = LETTER) -> None:
    """Write a template with the same bytes every time; Word wants a paragraph after the last table of a body."""
    if body.endswith("</w:tbl>"):
        body += para("", style="Small")
    parts = {
        "document": "document.main",
        "styles": "styles",
        "fontTable": "fontTable",
        "settings": "settings",
        "footer1": "footer",
    }
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{TYPES}.{kind}+xml"/>' for name, kind in parts.items()
    )
    links = {
        "rId1": ("styles", "styles"),
        "rId2": ("footer", "footer1"),
        "rId3": ("fontTable", "fontTable"),
        "rId4": ("settings", "settings"),
    }
    relations = "".join(
        f'<Relationship Id="{key}" Type="{REL}/{kind}" Target="{name}.xml"/>' for key, (kind, name) in links.items()
    )
    members = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{REL}/officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title><dc:creator>formgen</dc:creator></cp:coreProperties>',
        "word/_rels/document.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
        "word/styles.xml": styles(page),
        "word/fontTable.xml": fonts(),
        "word/settings.xml": f'{HEAD}<w:settings {W}><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        "word/footer1.xml": foot,
        "word/document.xml": f"{HEAD}<w:document {W} {R}><w:body>{body}{section(page)}</w:body></w:document>",
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in members.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            package.writestr(entry, text.encode())
