"""The catalogues of a year, 案卷目录 and 归档文件目录 (DA/T 22-2015), as xlsx, csv, XML and papers with a cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from formgen.keep import items, pages, register, signature, slips, still
from formgen.keep.paper import Paper
from formgen.keep.policy import Policy
from formgen.keep.register import DESTROYED, Entry

FILES = ("序号", "档号", "题名", "年度", "保管期限", "起始日期", "撤档日期", "到期日", "件数", "页数", "密级", "备注")
FILE_SHARES = (0.05, 0.2, 0.14, 0.05, 0.08, 0.09, 0.09, 0.09, 0.05, 0.05, 0.05, 0.06)
FILE_WIDTHS = (6, 30, 22, 8, 9, 12, 12, 12, 7, 7, 7, 16)
COVER = 12  # millimetres: a row of the cover
_NS = "urn:formgen:catalogue:1"


@dataclass(frozen=True, slots=True)
class File:
    """One dossier of the year as the catalogue lists it, and the rows of its items."""

    entry: Entry
    title: str
    unit: str
    started: str
    ended: str
    rows: tuple[dict[str, str], ...]
    security: str


@dataclass(frozen=True, slots=True)
class Year:
    """What the catalogues of a year are made of; ``digest`` is that of the batch manifest, in hex."""

    year: int
    files: tuple[File, ...]
    digest: str
    is_signed: bool

    @property
    def name(self) -> str:
        """What the files of the catalogue are called, without ending."""
        return f"catalog-{self.year}"

    @property
    def on(self) -> date:
        """The day that stands for the clock."""
        return date(self.year, 12, 31)

    @property
    def signed(self) -> str:
        """Whether the batch is signed, in words."""
        return "已签名" if self.is_signed else signature.UNSIGNED

    def file_rows(self) -> list[tuple[still.Cell, ...]]:
        """The rows of 案卷目录, one a dossier."""
        return [_file_row(place, file) for place, file in enumerate(self.files, start=1)]

    def item_rows(self) -> list[tuple[still.Cell, ...]]:
        """The rows of 归档文件目录, one an item, in the nine columns of the standard."""
        return [
            tuple(still.number(row.get(name, "")) for name in items.HEADINGS)
            for file in self.files
            for row in file.rows
        ]


def tables(said: Year) -> dict[str, bytes]:
    """Both catalogues as xlsx, csv and XML, by file name."""
    rows, paged = said.file_rows(), said.item_rows()
    note = f"批次摘要（SHA-256）：{said.digest}　　{said.signed}"
    sheets = [("案卷目录", FILES, rows, FILE_WIDTHS), ("归档文件目录", items.HEADINGS, paged, items.WIDTHS)]
    book = still.workbook(sheets, title=_title(said, "案卷目录"), on=said.on, notes=(note,))
    return {
        f"{said.name}.xlsx": book,
        f"{said.name}.csv": still.csv_text(FILES, rows),
        f"{said.name}-items.csv": still.csv_text(items.HEADINGS, paged),
        f"{said.name}.xml": _xml(said),
    }


def papers(said: Year, policy: Policy) -> dict[str, bytes]:
    """Both catalogues as docx, and as PDF where it can be made, to be printed, signed and bound; by file name."""
    files = _drawn(said, "案卷目录", policy, (FILES, said.file_rows(), FILE_SHARES))
    own = _drawn(said, "归档文件目录", policy, (items.HEADINGS, said.item_rows(), slips.SHARES))
    drawn = {said.name: (_title(said, "案卷目录"), files), f"{said.name}-items": (_title(said, "归档文件目录"), own)}
    made = {f"{name}.docx": content for name, (_, content) in drawn.items()}
    return made | {f"{name}.pdf": content for name, content in pages.of_slips(drawn).items()}


def eight(day: str) -> str:
    """An ISO day as catalogues write it: 20261120."""
    return day.replace("-", "")


def _drawn(
    said: Year, kind: str, policy: Policy, table: tuple[Sequence[str], Sequence[Sequence[still.Cell]], Sequence[float]]
) -> bytes:
    """One catalogue as docx: a cover as DA/T 22 has it, signed by who made it and who checked it, and the table."""
    paper = Paper(_title(said, kind), is_wide=True)
    paper.pairs(_cover(said, policy), share=0.25, height=COVER)
    paper.line(f"批次摘要（SHA-256）：{said.digest[:16]}…（全文见电子目录）　　{said.signed}")
    paper.signatures("编制人", "审核人")
    paper.next_page()
    paper.line(_title(said, kind), label=True)
    paper.table(*table, size=9)
    paper.code(said.digest)
    paper.footer(f"{_title(said, kind)}　批次摘要 {said.digest[:16]}")
    return paper.content(said.on)


def _cover(said: Year, policy: Policy) -> list[tuple[str, str]]:
    numbers = [register.parsed(file.entry.number) for file in said.files]
    units = dict.fromkeys(file.unit for file in said.files if file.unit)
    return [
        ("全宗号", "、".join(sorted({number.fonds for number in numbers}))),
        ("全宗名称", "、".join(units) or slips.UNKNOWN),
        ("年度", str(said.year)),
        ("保管期限", "、".join(sorted({number.code for number in numbers}))),
        ("机构（问题）", f"困难职工原始档案（{policy.numbers['subject']}）"),
        ("卷数、件数", f"{len(said.files)} 卷　{sum(int(file.entry.items or 0) for file in said.files)} 件"),
    ]


def _title(said: Year, kind: str) -> str:
    return f"{said.year}年困难职工档案{kind}"


def _file_row(place: int, file: File) -> tuple[still.Cell, ...]:
    entry = file.entry
    parts = register.parsed(entry.number)
    return (
        place,
        entry.number,
        file.title,
        parts.year,
        parts.code,
        file.started,
        file.ended,
        eight(entry.kept_until),
        still.number(entry.items),
        still.number(entry.pages),
        file.security,
        DESTROYED if entry.state == DESTROYED else ("补充包" if register.is_supplement(entry.number) else ""),
    )


def _xml(said: Year) -> bytes:
    root = etree.Element(f"{{{_NS}}}案卷目录", {"年度": str(said.year), "批次摘要": said.digest}, nsmap={None: _NS})  # type: ignore[dict-item]
    for file, cells in zip(said.files, said.file_rows(), strict=True):
        entry = etree.SubElement(root, f"{{{_NS}}}案卷")
        for heading, value in zip(FILES, cells, strict=True):
            etree.SubElement(entry, f"{{{_NS}}}{heading}").text = "" if value is None else str(value)
        for row in file.rows:
            item = etree.SubElement(entry, f"{{{_NS}}}文件")
            for heading in items.HEADINGS:
                etree.SubElement(item, f"{{{_NS}}}{heading}").text = row.get(heading, "")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
