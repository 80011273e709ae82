"""Draws the shipped Word templates: ``python -m tests.draw_templates [form …]``.

The .docx files are the source that clerks edit; this is how they were drawn first, kept to draw them anew. The wording is
that of the documents of the Anhui workers' service centre, verbatim.
"""
# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import sys
from pathlib import Path

from tests.drawing import FORM, LETTER, SHEET, WIDE, Cell, blank, box, each, footer, label, left, para, row, run, save, table, value

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


def authorization() -> None:
    """家庭经济状况核对承诺授权书."""
    columns = (2500, 1900, 3400, 1650)
    rows = [
        row(*(label(text) for text in ("姓名", "与户主关系", "身份证号码", "指模")), height=560, head=True),
        *each("成员", "授权成员",
              row(left("{{ 成员.序号 }}、{{ 成员.姓名 }}"), value("{{ 成员.与户主关系 }}"), value("{{ 成员.身份证号码 }}"), value(""), height=680),
              columns=4),
        *each("空行", "授权空行", row(left("{{ 空行.序号 }}、"), value(""), value(""), value(""), height=680), columns=4),
    ]  # fmt: skip
    body = (
        para("家庭经济状况核对承诺授权书", style="SheetTitle")
        + para(
            "本家庭已提出申请", blank("   困难职工  "), "救助，本家庭同意取得此授权书的有关部门及其工作人员向所有涉及到本家庭经济状况信息的部门或机构查询、核对本家庭财产和收入状况。"
            "亦同意所有涉及到本家庭经济状况信息的部门或机构将所掌握的资料和信息提供给有关救助部门。", style="Text1",
        )
        + para("特此授权。", style="Text1")
        + para("查询所涉及的家庭成员（包含共同生活的家庭成员及法定赡养人、抚养人、扶养人）：", keep=True, after=60)
        + table(columns, rows)
        + para("授权家庭：（职工本人签字）", "\t", "授权单位：（盖章）", keep=True, before=240, tabs=[("left", 5200)])
        + para("联系电话：{{ 联系电话 }}", "\t", "年    月    日", before=120, tabs=[("left", 6400)])
        + para("承　诺", style="Head", before=200, align="center")
        + para(
            "本人及家庭保证所提交的材料真实有效，并愿意接受审核。如故意不如实申报，愿按《安徽工会困难职工档案管理实施办法》（皖工发〔2017〕51号）"
            "第八条（一），取消当年和下一年度困难职工建档申报资格、作不诚信记录并与相关救助挂钩。", style="Text1", keep=True, together=True,
        )
        + para("承诺人（职工本人签字）：", "\t", "年    月    日", before=160, tabs=[("left", 6400)])
    )  # fmt: skip
    save(HOME / "authorization/template.docx", body, title="家庭经济状况核对承诺授权书",
         foot=footer(CASE, "02 核对承诺授权书（authorization）"), page=FORM)  # fmt: skip


def notice() -> None:
    """公示 with its list and the list of 注五."""
    plain = (700, 1600, 4300, 2240)
    family = (700, 1400, 3540, 1500, 1700)
    body = (
        para("公　示", style="Title")
        + para(
            "根据《安徽工会困难职工档案管理办法》，", blank(" {{ 公示单位 }} "), "（单位）", blank(" {{ 人数 }} "),
            "名职工，经过申报、审核，符合建档条件，拟实施帮扶救助，现予以公示（名单附后），如有异议，请在{{ 公示开始 }}至{{ 公示结束 }}（不少于5个工作日）内提出意见。",
            style="Text1",
        )
        + para("监督电话：{{ 监督电话 }}", style="Text1", keep=True)
        + para("单位（加章）", keep=True, before=1158, left=5200)
        + para("{{ 公示开始 }}", left=5000)
        + para("{%p if 名单另页 %}") + para("公示人员信息", style="ListTitle", page=True)
        + para("{%p else %}") + para("公示人员信息", style="ListTitle", before=360) + para("{%p endif %}")
        + table(plain, [
            row(*(label(text) for text in ("序号", "姓名", "单位", "致困原因")), height=560, head=True),
            *each("人", "名单", row(value("{{ 人.序号 }}"), value("{{ 人.姓名 }}"), left("{{ 人.单位 }}"), value("{{ 人.致困原因 }}"), height=420), columns=4),
        ])
        + para("家庭成员、收入来源构成及困难情况", style="ListTitle", before=360)
        + table(family, [
            row(*(label(text) for text in ("序号", "姓名", "家庭成员（与职工的关系、就业或就读现状）", "收入来源构成", "困难情况")), height=560, head=True),
            *each("人", "名单",
                  row(value("{{ 人.序号 }}"), value("{{ 人.姓名 }}"), left("{{ 人.家庭成员 }}"), left("{{ 人.收入来源 }}"), left("{{ 人.困难情况 }}"), height=420),
                  columns=5),
        ])
    )  # fmt: skip
    save(HOME / "notice/template.docx", body, title="公示", foot=footer("{{ 公示单位 }}", "07 公示（notice）"))


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


PAPERS = {"application": application, "authorization": authorization, "review": review, "notice": notice}

if __name__ == "__main__":
    for name in sys.argv[1:] or PAPERS:
        PAPERS[name]()
