"""Draws the shipped Word templates: ``python -m tests.draw_templates [form …]``.

The .docx files are the source that clerks edit; this is how they were drawn first, kept to draw them anew. The wording is
that of the documents of the Anhui workers' service centre, verbatim.
"""
# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import sys
from pathlib import Path

from tests.drawing import (
    SHEET,
    Cell,
    blank,
    box,
    footer,
    label,
    left,
    para,
    row,
    save,
    table,
    value,
)  # fmt: skip

HOME = Path(__file__).parents[1] / "templates"
CASE = "档案编号 {{ 档案编号 }}"
UNTIL = "规则截至 {{ 规则截至 }}"
HAND_DATE = "      年    月    日"


def application() -> None:
    """个人申请书."""
    body = (
        para("个人申请书", style="Title")
        + para(blank("{{ 收文工会 }}"), "：", before=579)
        + para(
            "本人", blank(" {{ 职工姓名 }} "), "，家庭人口", blank(" {{ 家庭人口 }} "), "人，因", blank(" {{ 致困说明 }} "),
            "导致家庭生活困难，特申请工会帮扶救助。", style="Text1",
        )
        + para("申请人（签字）：", keep=True, before=1158, left=4000)
        + para("年     月     日", before=579, left=5300)
    )  # fmt: skip
    save(
        HOME / "application/template.docx", body, title="个人申请书", foot=footer(CASE, "01 个人申请书（application）")
    )


def opinion(title: str, tag: str, day: str, height: int) -> str:
    """An opinion with room for its seal and date."""
    return (
        para(title, style="Text")
        + para(f"{{% if {tag} %}}{{{{ {tag} }}}}{{% endif %}}", style="Text", before=60)
        + para(
            f"{{% if {day} %}}{{{{ {day} }}}}{{% else %}}{HAND_DATE}{{% endif %}}",
            style="Text",
            before=height,
            right=240,
            align="right",
        )
    )


def review() -> None:
    """困难职工帮扶救助（建档）申请表."""
    widths = (920, 1150, 480, 520, 780, 1190, 1110, 900, 2450)
    rows = [
        row(label("职工\n姓名"), value("{{ 职工姓名 }}"), label("性\n别"), value("{{ 性别 }}"), label("工作\n单位"),
            value("{{ 工作单位 }}", span=2), label("身份证\n号码"), value("{{ 身份证号码 }}"), height=950),
        row(label("家庭\n住址"), left("{{ 家庭住址 }}", span=6), label("联系\n电话"), value("{{ 联系电话 }}"), height=900),
        row(label("建档计\n算方式"), value("{{ 建档计算方式 }}", span=6), label("月人均\n收入"), value("{{ 月人均收入 }}元"), height=900),
        row(label("建档\n级别"), value(box("全总级"), "    ", box("省总级"), span=6), label("市总级\n档案"), value(box("市总级")), height=760),
        row(label("申请\n类别"), value(box("助学救助"), "        ", box("生活救助"), "        ", box("大病救助"), span=8), height=700),
        row(label("家庭\n困难\n状况"), Cell(para("{% if 家庭困难状况栏 %}{{ 家庭困难状况栏 }}{% endif %}", style="Text"), 8), height=2300),
        row(label("审\n核\n意\n见", merge="restart"),
            Cell(opinion("基层（单位）工会意见(盖章）", "基层工会意见栏", "基层工会意见日期", 1300), 5, valign="top"),
            Cell(opinion("上级工会或产业、直属工会意见（盖章）", "上级工会意见栏", "上级工会意见日期", 1300), 3, valign="top"), height=3000),
        row(label("", merge="continue"),
            Cell(opinion("省职工服务中心意见（盖章）", "服务中心意见栏", "服务中心意见日期", 1300), 8, valign="top"), height=2700),
    ]  # fmt: skip
    contact = "基层（单位）工会联系人及电话：{% if 基层工会联系人 %}{{ 基层工会联系人 }}　{% endif %}{% if 基层工会联系电话 %}{{ 基层工会联系电话 }}{% endif %}"
    body = (
        para("安徽省职工服务中心困难职工帮扶救助（建档）申请表", style="SheetTitle")
        + para(contact, "\t", "年    月    日", style="Text", tabs=[("right", 9500)], after=60)
        + table(widths, rows)
        + para(UNTIL, style="Small", before=60)
        + attached()
    )
    save(HOME / "review/template.docx", body, title="困难职工帮扶救助（建档）申请表",
         foot=footer(CASE, "04 建档申请表（review）"), page=SHEET)  # fmt: skip


def attached() -> str:
    """The attached page, absent when everything found room."""
    return (
        para("{%p if 附页 %}")
        + para("附　页", style="SheetTitle", page=True)
        + para("{%p for 页 in 附页 %}")
        + para("{{ 页.标题 }}", style="Head", before=120)
        + para("{{ 页.内容 }}")
        + para("{%p endfor %}")
        + para("{%p endif %}")
    )


PAPERS = {"application": application, "review": review}

if __name__ == "__main__":
    for name in sys.argv[1:] or PAPERS:
        PAPERS[name]()
