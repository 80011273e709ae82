"""Draw the fillable template of the bank-card sheet: python tests/draw_bank_card.py [FILE]

The sheet is drawn by program because its places are exact: nineteen cells for the number, frames of a card's own size.
"""

import sys
from pathlib import Path

from formgen.pdf_fields import NewField, entries
from formgen.pdf_page import A4, MM, Drawing, Pages

TEMPLATE = Path(__file__).parent.parent / "templates" / "bank-card" / "template.pdf"
TITLE = "申请人本人银行卡卡号及开户行复印件"
LEFT, RIGHT, TOP = 28 * MM, A4[0] - 26 * MM, A4[1] - 37 * MM
ROW, LABEL = 11 * MM, 30 * MM
CELLS = 19
CARD = (85.6 * MM, 54 * MM)


def add(page: Drawing, name: str, box: tuple[float, float, float, float], **style) -> None:
    """Add a text field; the box is left, bottom, width, height."""
    x, y, width, height = box
    page.fields.append(entries(NewField(name=name, rect=(x, y, x + width, y + height), **style)))


def row(pages: Pages, page: Drawing, y: float, cells: list[tuple[str, str, float]]) -> None:
    """A row of label and field pairs; each cell's width is that of label and field together."""
    x = LEFT
    for label, name, width in cells:
        page.rectangle(x, y, LABEL, ROW)
        page.rectangle(x + LABEL, y, width - LABEL, ROW)
        pages.write(page, x + LABEL / 2, y + ROW / 2 - 4.3, label, 12, role="黑", align=1)
        add(page, name, (x + LABEL + 2, y + 1.5, width - LABEL - 4, ROW - 3), role="仿宋", size=14)
        x += width


def card_number(pages: Pages, page: Drawing, y: float) -> None:
    """The number, one digit a cell."""
    width, height = RIGHT - LEFT, ROW * 1.15
    page.rectangle(LEFT, y, LABEL, height)
    page.rectangle(LEFT + LABEL, y, width - LABEL, height)
    pages.write(page, LEFT + LABEL / 2, y + height / 2 - 4.3, "银行卡号", 12, role="黑", align=1)
    cell = (width - LABEL) / CELLS
    for at in range(1, CELLS):
        x = LEFT + LABEL + at * cell
        page.line(x, y, x, y + height, thick=0.4)
    box = (LEFT + LABEL, y, width - LABEL, height)
    add(page, "银行卡号", box, role="黑", size=16, cells=CELLS)


def frames(pages: Pages, page: Drawing, top: float) -> None:
    """Room for the copies, of the size a card has."""
    gap = (RIGHT - LEFT) / 2
    for at, caption in enumerate(("银行卡复印件（卡号面）", "开户行、户名凭证复印件")):
        x = LEFT + at * gap + (gap - CARD[0] * 0.86) / 2
        page.line(x, top, x + CARD[0] * 0.86, top, dash="[3 2] 0", thick=0.5)
        for x0, y0, x1, y1 in (
            (x, top - CARD[1], x + CARD[0] * 0.86, top - CARD[1]),
            (x, top, x, top - CARD[1]),
            (x + CARD[0] * 0.86, top, x + CARD[0] * 0.86, top - CARD[1]),
        ):
            page.line(x0, y0, x1, y1, dash="[3 2] 0", thick=0.5)
        pages.write(page, x + CARD[0] * 0.43, top - CARD[1] / 2 - 4, caption, 10.5, role="宋", align=1)


def draw() -> bytes:
    pages = Pages()
    page = pages.page()
    pages.write(page, A4[0] / 2, TOP - 22, TITLE, 22, role="小标宋", align=1)
    width = RIGHT - LEFT
    y = TOP - 22 - 14 * MM - ROW
    row(
        pages,
        page,
        y,
        [("申请人姓名", "职工姓名", width / 2 - 8 * MM), ("身份证号码", "身份证号码", width / 2 + 8 * MM)],
    )
    row(pages, page, y - ROW, [("工作单位", "工作单位", width)])
    row(pages, page, y - 2 * ROW, [("户名", "户名", width / 2 - 8 * MM), ("联系电话", "联系电话", width / 2 + 8 * MM)])
    row(pages, page, y - 3 * ROW, [("开户银行", "开户银行", width)])
    card_number(pages, page, y - 3 * ROW - ROW * 1.15)
    below = y - 4.15 * ROW
    below = pages.paragraph(page, LEFT, below - 16, "户名须为申请人本人；开户银行请填写到支行。", 10.5, width)
    frame_top = below - 4 * MM
    frame = (LEFT, frame_top - CARD[1] - 10 * MM, width, CARD[1] + 10 * MM)
    page.rectangle(*frame)
    frames(pages, page, frame_top - 5 * MM)
    signature(pages, page, frame[1] - 12 * MM)
    footer(pages, page)
    return pages.finish(title=TITLE)


def signature(pages: Pages, page: Drawing, y: float) -> None:
    """The pledge and the lines left for the hand."""
    y = pages.paragraph(
        page, LEFT, y, "以上银行卡为申请人本人所有，卡号、户名和开户银行与复印件一致。", 12, RIGHT - LEFT
    )
    y -= 9 * MM
    start = LEFT + 62 * MM
    start += pages.write(page, start, y, "申请人（签名）：", 12)
    page.line(start, y - 2, RIGHT, y - 2, thick=0.5)
    pages.write(page, RIGHT, y - 12 * MM, "年　　　月　　　日", 12, align=2)


def footer(pages: Pages, page: Drawing) -> None:
    y = 15 * MM
    page.line(LEFT, y + 14, RIGHT, y + 14, thick=0.4)
    width = pages.write(page, LEFT, y, "档案编号：", 9)
    add(page, "档案编号", (LEFT + width, y - 5, 80 * MM, 15), size=9)
    pages.write(page, RIGHT, y, "09　第 1 页　共 1 页", 9, align=2)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TEMPLATE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(draw())
