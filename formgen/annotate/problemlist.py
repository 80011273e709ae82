"""The sheet 问题清单: counts that add up, each kind of problem with the way to mend it, and every one with its link."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import quoteattr

from formgen import messages
from formgen.annotate.copysheet import PRINTED, row_height, text_content
from formgen.annotate.copystyles import MAIN, CopyStyles
from formgen.annotate.notes import Comparison, Note, Notes
from formgen.annotate.redmarks import HEAD
from formgen.xlsx.sheetxml import letters

TITLE = "问题清单"
MANY = 50_000  # lines of the list; Excel allows 65,530 links a sheet
_WIDTHS = (7, 7, 10, 11, 14, 16, 40, 36, 36)  # together what an A4 page across holds in legible type
_KINDS = (
    "级别",
    "代码",
    "数量",
    "先看这里",
    "工作表",
    "列名",
    "问题（第一处）",
    "在 Excel 里怎样改",
    "在 WPS 里怎样改",
)
_LINES = ("级别", "代码", "工作表", "单元格", "档案编号", "列名", "问题", "怎样改", "改好打√")


def problem_list(
    notes: Notes, styles: CopyStyles, titles: Mapping[str, str], compared: Comparison | None
) -> tuple[str, int]:
    """The XML of the sheet and the row of its list's heading; `titles` are the clerk's own by normalised ones."""
    page = _Page(styles)
    page.line([TITLE], style=styles.title())
    for text in _summary(notes, compared):
        page.line([text])
    page.line([])
    page.line(_KINDS, style=page.head)
    for note, number in notes.kinds():
        page.line(_kind(note, number, notes.lang), colour=note.weight, link=(4, note, titles))
    page.line([])
    head = last = page.line(_LINES, style=page.head)
    for note in notes.all(MANY):
        last = page.line(_line(note, notes.lang), colour=note.weight, link=(4, note, titles))
    if notes.counts.total() > MANY:
        page.line([f"另有 {notes.counts.total() - MANY} 条没有列出，见各表的“问题说明”列。"])
    return page.xml(head, last), head


def _summary(notes: Notes, compared: Comparison | None) -> Iterator[str]:
    counts, total, invalid = notes.counts, notes.total, notes.invalid
    yield f"共 {total} 户：{total - invalid} 户可用，{invalid} 户有错。"
    yield f"共 {counts.total()} 条：错误 {counts['E']}（红），警告 {counts['W']}（黄），已修正 {counts['R']}（绿）。"
    if compared:
        yield f"与上次相比：已改好 {compared.mended} 条，还剩 {compared.left} 条，新出现 {compared.new} 条。"
    yield "请在这份副本或原来的台账中改正，再运行一次 formgen check；点“单元格”一栏可跳到出错的地方。"


def _kind(note: Note, number: int, lang: str) -> list[str]:
    how = messages.catalogue(lang)[note.code].get("how", "I201")
    by_excel, by_wps = (messages.words(how, lang=lang, part=part) for part in ("what", "do"))
    weight = messages.WEIGHTS[lang].get(note.weight, "")
    if note.weight == "R":
        by_excel = by_wps = "程序已按所列修正，不必再改；想改原表时照抄新值即可。"
    return [weight, note.code, str(number), note.cell, note.sheet, note.heading, note.what, by_excel, by_wps]


def _line(note: Note, lang: str) -> list[str]:
    weight = messages.WEIGHTS[lang].get(note.weight, "")
    return [weight, note.code, note.sheet, note.cell, note.case_no, note.heading, note.what, note.remedy, ""]


class _Page:
    """Rows of text on their way into the sheet."""

    def __init__(self, styles: CopyStyles) -> None:
        self._styles = styles
        self._rows: list[str] = []
        self._links: list[str] = []
        self.head = styles.of(0, colour="W", is_wrapped=True, is_boxed=True)

    def line(
        self,
        texts: list[str] | tuple[str, ...],
        *,
        style: int | None = None,
        colour: str = "",
        link: tuple[int, Note, Mapping[str, str]] | None = None,
    ) -> int:
        """The number of the row added; `colour` goes on its first cell, `link` names a column and where it leads to."""
        number = len(self._rows) + 1
        is_line = len(texts) > 1
        usual = self._styles.of(0, is_wrapped=is_line, is_boxed=is_line) if style is None else style
        first = self._styles.of(0, colour=colour, is_wrapped=True, is_boxed=True) if colour else usual
        cells = [
            f'<c r="{letters(at)}{number}" s="{first if at == 1 else usual}"{text_content(text) if text else "/>"}'
            for at, text in enumerate(texts, start=1)
        ]
        height = f' ht="{row_height(zip(texts, _WIDTHS, strict=False))}" customHeight="1"' if len(texts) > 1 else ""
        self._rows.append(f'<row r="{number}"{height}>{"".join(cells)}</row>')
        if link and link[1].cell and link[1].sheet in link[2]:
            title = link[2][link[1].sheet].replace("'", "''")
            target = link[1].cell if link[1].column else f"A{link[1].cell}"
            where = quoteattr(f"'{title}'!{target}")
            self._links.append(f'<hyperlink ref="{letters(link[0])}{number}" location={where}/>')
        return number

    def xml(self, head: int, last: int) -> str:
        """The whole sheet; the list in the rows `head` to `last` can be filtered and begins a page of its own."""
        columns = "".join(
            f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, start=1)
        )
        links = f"<hyperlinks>{''.join(self._links)}</hyperlinks>" if self._links else ""
        return (
            f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView tabSelected="1" workbookViewId="0"/></sheetViews>'
            f"<cols>{columns}</cols><sheetData>{''.join(self._rows)}</sheetData>"
            f'<autoFilter ref="A{head}:{letters(len(_LINES))}{last}"/>{links}'
            f'{PRINTED}<rowBreaks count="1" manualBreakCount="1"><brk id="{head - 1}" max="16383" man="1"/></rowBreaks>'
            "</worksheet>"
        )
