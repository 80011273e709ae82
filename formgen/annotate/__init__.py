"""The annotated copy of a workbook: the clerk's own sheets as values, wrong cells coloured, and a first sheet 问题清单.

Written fresh, part by part: no formula, no macro, no link to anything outside comes over from the clerk's file.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from formgen import fields
from formgen.annotate.copysheet import RELATIONS, CopySheet
from formgen.annotate.copystyles import MAIN, CopyStyles
from formgen.annotate.notes import Comparison, Mark, Notes
from formgen.annotate.problemlist import TITLE, problem_list
from formgen.annotate.redmarks import HEAD, blocks_of, comments, drawing
from formgen.read.sheets import Tab
from formgen.xlsx import Workbook
from formgen.xlsx.sheetxml import TEXT
from formgen.xlsx.xmlparts import Parser
from formgen.xlsx.zips import Refused

_TIME = (1980, 1, 1, 0, 0, 0)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_SPREADSHEET = f"{_OFFICE}.spreadsheetml"
_THEME = "xl/theme/theme1.xml"


def write(
    out: IO[bytes],
    workbook: Workbook,
    notes: Notes,
    *,
    tabs: Mapping[str, Tab],
    compared: Comparison | None = None,
) -> None:
    """Write the annotated copy to `out`. Raises Refused when the workbook can no longer be read.

    `tabs` are our own sheets among its sheets, surveyed, by title; `compared` how this check differs from the last.
    """
    styles = CopyStyles(workbook.package, workbook.styles_part)
    sheets = [part for part in workbook.sheets if fields.normal(part.title) != TITLE]
    titles = {fields.normal(part.title): part.title for part in sheets}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        listing, head = problem_list(notes, styles, titles, compared)
        _put(package, "xl/worksheets/sheet1.xml", listing)
        drawn, block = [], 1
        for number, part in enumerate(sheets, start=2):
            copy = CopySheet(workbook, part, notes, styles, tabs.get(part.title))
            with package.open(_member(f"xl/worksheets/sheet{number}.xml"), "w", force_zip64=True) as stream:
                copy.write(stream)
            if copy.marks:
                drawn.append(number)
                _put_marks(package, number, copy, block)
                block += blocks_of(copy.marks)
        has_theme = _copy_theme(package, workbook)
        _put(package, "xl/styles.xml", styles.xml())
        listed = [(TITLE, False), *((part.title, part.is_hidden) for part in sheets)]
        repeated = {TITLE: head, **{title: tab.heading.row for title, tab in tabs.items()}}
        _put_frame(package, listed, _print_titles(listed, repeated), drawn, has_theme, workbook.is_1904)


def marks_of(path: Path) -> Counter[Mark] | None:
    """The findings that a workbook's own 问题清单 lists; None when it has no such sheet or cannot be read."""
    try:
        with Workbook(path) as workbook:
            part = next((one for one in workbook.sheets if fields.normal(one.title) == TITLE), None)
            return _listed(workbook, part) if part else None
    except Refused:
        return None


def _listed(workbook: Workbook, part) -> Counter[Mark]:
    """The lines below the heading of the list; columns as ``problemlist`` writes them."""
    found: Counter[Mark] = Counter()
    is_below = False
    for row in workbook.rows(part):
        cells = {cell.column: cell.text for cell in row.cells if cell.kind == TEXT}
        if is_below and cells.get(2):
            sheet = fields.normal(cells.get(3, ""))
            found[(cells[2], sheet, cells.get(6, ""), cells.get(5, "") or cells.get(4, ""))] += 1
        is_below = is_below or (cells.get(2), cells.get(4)) == ("代码", "单元格")
    return found


def _put_marks(package: zipfile.ZipFile, number: int, copy: CopySheet, block: int) -> None:
    _put(package, f"xl/comments{number}.xml", comments(copy.marks))
    _put(package, f"xl/drawings/vmlDrawing{number}.vml", drawing(copy.marks, block))
    links = (
        f'<Relationship Id="r1" Type="{RELATIONS}/vmlDrawing" Target="../drawings/vmlDrawing{number}.vml"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/comments" Target="../comments{number}.xml"/>'
    )
    _put(package, f"xl/worksheets/_rels/sheet{number}.xml.rels", _links(links))


def _copy_theme(package: zipfile.ZipFile, workbook: Workbook) -> bool:
    """Whether the clerk's theme, on which his colours rest, could be taken over."""
    try:
        if workbook.theme_part:
            Parser(workbook.theme_part, start=lambda *_: None).read(workbook.package)
            _put(package, _THEME, b"".join(workbook.package.chunks(workbook.theme_part)))
            return True
    except Refused:
        return False
    return False


def _put_frame(
    package: zipfile.ZipFile,
    listed: list[tuple[str, bool]],
    names: str,
    drawn: list[int],
    has_theme: bool,
    is_1904: bool,
) -> None:
    """The parts that hold the others together."""
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{at}" r:id="r{at}"' + (' state="hidden"/>' if is_hidden else "/>")
        for at, (title, is_hidden) in enumerate(listed, start=1)
    )
    days = '<workbookPr date1904="1"/>' if is_1904 else ""
    _put(
        package,
        "xl/workbook.xml",
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{days}<sheets>{sheets}</sheets>{names}</workbook>',
    )
    last = len(listed)
    links = "".join(
        f'<Relationship Id="r{at}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, last + 1)
    )
    links += f'<Relationship Id="r{last + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    links += f'<Relationship Id="r{last + 2}" Type="{RELATIONS}/theme" Target="theme/theme1.xml"/>' if has_theme else ""
    _put(package, "xl/_rels/workbook.xml.rels", _links(links))
    _put(
        package,
        "_rels/.rels",
        _links(f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'),
    )
    _put(package, "[Content_Types].xml", _types(last, drawn, has_theme))


def _print_titles(listed: list[tuple[str, bool]], headings: Mapping[str, int]) -> str:
    """The names that repeat the heading row of a sheet on every page, and of the clerk's wide ones the first column."""
    names = ""
    for at, (title, _) in enumerate(listed):
        if row := headings.get(title, 0):
            sheet = "'" + title.replace("'", "''") + "'!"
            first = f"{sheet}$A:$A," if at else ""
            where = escape(f"{first}{sheet}${row}:${row}")
            names += f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">{where}</definedName>'
    return f"<definedNames>{names}</definedNames>"


def _types(sheets: int, drawn: list[int], has_theme: bool) -> str:
    parts = [("xl/workbook.xml", f"{_SPREADSHEET}.sheet.main+xml"), ("xl/styles.xml", f"{_SPREADSHEET}.styles+xml")]
    parts += [(f"xl/worksheets/sheet{at}.xml", f"{_SPREADSHEET}.worksheet+xml") for at in range(1, sheets + 1)]
    parts += [(f"xl/comments{at}.xml", f"{_SPREADSHEET}.comments+xml") for at in drawn]
    parts += [(_THEME, f"{_OFFICE}.theme+xml")] if has_theme else []
    listed = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts)
    usual = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="vml" ContentType="{_OFFICE}.vmlDrawing"/>'
    )
    return f'{HEAD}<Types xmlns="{_PACKAGE}/content-types">{usual}{listed}</Types>'


def _links(inner: str) -> str:
    return f'{HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _put(package: zipfile.ZipFile, name: str, content: str | bytes) -> None:
    package.writestr(_member(name), content)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _TIME)
    info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
    return info
