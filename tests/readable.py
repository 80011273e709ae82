"""A Word paper as a text a reviewer can read in a diff: page, styles, footer, paragraphs, tables."""

from __future__ import annotations

import io
import re
import zipfile
from xml.etree import ElementTree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MM = 1440 / 25.4


def readable(content: bytes) -> str:
    """The whole paper in lines."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        body = ElementTree.fromstring(package.read("word/document.xml")).find(f"{W}body")
        styles = ElementTree.fromstring(package.read("word/styles.xml"))
        feet = [ElementTree.fromstring(package.read(n)) for n in names if re.fullmatch(r"word/footer\d*\.xml", n)]
        pictures = [name for name in names if name.startswith("word/media/")]
    lines = [_page(body.find(f"{W}sectPr")), *_styles(styles, body), *(f"页脚 {_text(foot)}" for foot in feet)]
    lines += [f"图片 {len(pictures)} 张"] if pictures else []
    return "\n".join([*lines, "", *_blocks(body)]) + "\n"


def words(content: bytes) -> str:
    """The printed words of the body without blanks."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    return re.sub(r"[\s⇥⏎]", "", _text(body))


def _text(element: ElementTree.Element) -> str:
    marks = {f"{W}t": None, f"{W}br": "⏎", f"{W}tab": "⇥"}
    return "".join(
        (each.text or "") if marks[each.tag] is None else marks[each.tag]
        for each in element.iter()
        if each.tag in marks and not _is_stop(each)
    )


def _is_stop(element: ElementTree.Element) -> bool:
    return element.tag == f"{W}tab" and element.get(f"{W}pos") is not None


def _page(section: ElementTree.Element) -> str:
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    sides = " ".join(
        f"{side}{int(margins.get(W + key)) / MM:.0f}"
        for side, key in zip("上右下左", ("top", "right", "bottom", "left"), strict=True)
    )
    return f"纸张 {int(size.get(W + 'w')) / MM:.0f}×{int(size.get(W + 'h')) / MM:.0f} 毫米，页边距 {sides}"


def _styles(styles: ElementTree.Element, body: ElementTree.Element) -> list[str]:
    used = {each.get(f"{W}val") for each in body.iter(f"{W}pStyle")} | {"Body"}
    made = []
    for style in styles.iter(f"{W}style"):
        fonts, size = style.find(f"{W}rPr/{W}rFonts"), style.find(f"{W}rPr/{W}sz")
        if style.get(f"{W}styleId") in used and fonts is not None and size is not None:
            bold = " 加粗" if style.find(f"{W}rPr/{W}b") is not None else ""
            made.append(
                f"样式 {style.get(W + 'styleId')} {fonts.get(W + 'eastAsia')} {int(size.get(W + 'val')) / 2:g} 磅{bold}"
            )
    return made


def _blocks(body: ElementTree.Element) -> list[str]:
    lines = []
    for block in body:
        if block.tag == f"{W}p":
            lines.append(_paragraph(block))
        elif block.tag == f"{W}tbl":
            lines += [*(_row(row) for row in block.findall(f"{W}tr")), ""]
    return lines


def _paragraph(paragraph: ElementTree.Element) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    flags = "".join(
        sign
        for sign, tag in (("→", "keepNext"), ("↧", "pageBreakBefore"))
        if paragraph.find(f"{W}pPr/{W}{tag}") is not None
    )
    return f"[{'Body' if style is None else style.get(W + 'val')}{flags}] {_text(paragraph)}".rstrip()


def _row(row: ElementTree.Element) -> str:
    head = "表头 " if row.find(f"{W}trPr/{W}tblHeader") is not None else ""
    whole = "" if row.find(f"{W}trPr/{W}cantSplit") is not None else "（可断页）"
    cells = ("／".join(_text(paragraph) for paragraph in cell.findall(f"{W}p")) for cell in row.findall(f"{W}tc"))
    return f"{head}{whole}| {' | '.join(cells)} |"
