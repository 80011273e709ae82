"""Draw the Word side of the bank-card sheet: python -m tests.draw_bank_card

Its fillable side is made from it:
formgen template import templates/bank-card/template.docx -o templates/bank-card --update
"""

from __future__ import annotations

from pathlib import Path

from tests.drawing import NOTE, Cell, blank, field, label, para, row, run, save, table, value

HOME = Path(__file__).parents[1] / "templates" / "bank-card"
TITLE = "申请人本人银行卡卡号及开户行复印件"
COLUMNS = (1500, 2600, 1500, 3600)
WIDTH = sum(COLUMNS)
LINE, CARD = 640, 3300  # heights in twentieths of a point: a row, a card with room around it


def footer() -> str:
    """The footer; the case number stands last, where it has room."""
    pages = run("第 ") + field("PAGE") + run(" 页 共 ") + field("NUMPAGES") + run(" 页　")
    subject = run("文书：09 银行卡信息表　档案编号 {{ 档案编号 }}")
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    name = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return f"{head}<w:ftr {name}>{para(pages, subject, style='Footer', align='left')}</w:ftr>"


def frame(words: str, scan: str) -> Cell:
    """A frame to paste a copy in, or for its scan."""
    return Cell(para(words, style="Value") + para(f"{{{{ {scan} }}}}", style="Value"), 2)


def draw() -> None:
    """Write templates/bank-card/template.docx."""
    rows = [
        row(label("申请人姓名"), value("{{ 职工姓名 }}"), label("身份证号码"), value("{{ 身份证号码 }}"), height=LINE),
        row(label("工作单位"), value("{{ 工作单位 }}", span=3), height=LINE),
        row(label("户　　名"), value("{{ 卡主 }}"), label("联系电话"), value("{{ 联系电话 }}"), height=LINE),
        row(label("开户银行"), value("{{ 开户银行 }}", span=3), height=LINE),
        row(label("银行卡号"), value("{{ 银行卡号 }}", span=3), height=LINE),
    ]
    frames = [
        row(
            frame("银行卡复印件粘贴处（卡号面）", "银行卡扫描"),
            frame("开户行、户名凭证粘贴处", "开户行扫描"),
            height=CARD,
        ),
    ]
    body = (
        para(TITLE, style="SheetTitle", after=240)
        + table(COLUMNS, rows)
        + para("户名须为申请人本人；开户银行请填写到支行。", style="Small", before=80, after=160)
        + table((WIDTH // 4,) * 4, frames)
        + para("以上银行卡为申请人本人所有，卡号、户名和开户银行与复印件一致。", style="Text", before=320)
        + para("申请人（签名）：", blank("　" * 10), style="Text", before=480, left=4600)
        + para("年　　　月　　　日", style="Text", before=320, left=6200)
    )
    save(HOME / "template.docx", body, title=TITLE, foot=footer(), page=NOTE)


if __name__ == "__main__":
    draw()
