"""Draws the shipped Word templates: ``python -m tests.draw_templates [form …]``.

The .docx files are the source that clerks edit; this is how they were drawn first, kept to draw them anew. The wording is
that of the documents of the Anhui workers' service centre, verbatim.
"""
# ruff: noqa: E501 - a row of a table is read as one line

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

from tests.drawing import (  # fmt: skip
    CARDS,
    FORM,
    NOTE,
    REASONS,
    SHEET,
    Cell,
    blank,
    box,
    each,
    footer,
    label,
    left,
    para,
    row,
    run,
    save,
    table,
    value,
)

HOME = Path(__file__).parents[1] / "templates"
EXAMPLE = HOME.parent / "docs/examples/national-file"
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
    save(HOME / "application/template.docx", body, title="个人申请书", foot=footer(CASE, "01 个人申请书"))


def checklist() -> None:
    """建档材料: the nine of the service centre's first page, with what the record says of each."""
    heads = ("序号", "材料", "状态", "说明", "依据", "原件\n已核")
    body = (
        para("安徽省职工服务中心困难职工帮扶救助", style="SheetTitle", after=0)
        + para("建档材料", style="SheetTitle")
        + para("职工姓名：{{ 职工姓名 }}　　所属工会：{{ 所属工会 }}", style="Text", after=80)
        + table((560, 3050, 1000, 1950, 2080, 860), [
            row(*(label(text) for text in heads), height=640, head=True),
            *each("项", "材料清单",
                  row(value("{{ 项.序号 }}"), left("{{ 项.材料 }}"), value("{{ 项.状态 }}"), small("{{ 项.说明 }}"),
                      small("{{ 项.依据 }}"), value(run("□", style="Sign")), height=860), columns=6),
        ])
        + para("状态按台账记载；原件核对后留存复印件。依据中的条、附件指皖工发〔2017〕51号，75号指皖工办发〔2018〕75号（规则截至 {{ 规则截至 }}）。", style="Small", before=80)
        + checked_by()
    )  # fmt: skip
    save(
        HOME / "checklist/template.docx",
        body,
        title="困难职工帮扶救助建档材料",
        foot=footer(CASE, "00 建档材料清单"),
        page=SHEET,
    )


def opinion(title: str, tag: str, span: int) -> Cell:
    """An opinion with room for its seal; its date stands in the row below, so that a long one takes the room itself."""
    text = para(f"{{% if {tag} %}}{{{{ {tag} }}}}{{% endif %}}", style="Text", before=60)
    return Cell(para(title, style="Text") + text, span, valign="top", open="bottom")


def dated(day: str, span: int) -> Cell:
    """The date at the foot of an opinion."""
    text = f"{{% if {day} %}}{{{{ {day} }}}}{{% else %}}{HAND_DATE}{{% endif %}}"
    return Cell(para(text, style="Text", right=240, align="right"), span, open="top")


def review() -> None:
    """困难职工帮扶救助（建档）申请表."""
    widths = (900, 1120, 460, 500, 760, 1200, 1130, 880, 1080, 1500)
    rows = [
        row(label("职工\n姓名"), value("{{ 职工姓名 }}"), label("性\n别"), value("{{ 性别 }}"), label("工作\n单位"),
            value("{{ 工作单位 }}", span=2), label("身份证\n号码"), value("{{ 身份证号码 }}", span=2), height=1100),
        row(label("家庭\n住址"), left("{{ 家庭住址 }}", span=6), label("联系\n电话"), value("{{ 联系电话 }}", span=2), height=900),
        row(label("建档计\n算方式"), value("{% if 建档计算方式 %}{{ 建档计算方式 }}{% else %}待核{% endif %}", span=7), label("月人均\n收入"), value("{% if 月人均收入 %}{{ 月人均收入 }}元{% else %}待核{% endif %}"), height=900),
        row(label("建档\n级别"), value(box("全总级"), "    ", box("省总级"), span=6), label("市总级\n档案"), value(box("市总级"), span=2), height=760),
        row(label("申请\n类别"), value(box("助学救助"), "        ", box("生活救助"), "        ", box("大病救助"), span=9), height=760),
        row(label("家庭\n困难\n状况"), Cell(para("{% if 家庭困难状况栏 %}{{ 家庭困难状况栏 }}{% endif %}", style="Text"), 9), height=2240),
        row(label("审\n核\n意\n见", merge="restart"),
            opinion("基层（单位）工会意见(盖章）", "基层工会意见栏", 5),
            opinion("上级工会或产业、直属工会意见（盖章）", "上级工会意见栏", 4), height=2320),
        row(label("", merge="continue"), dated("基层工会意见日期", 5), dated("上级工会意见日期", 4), height=460),
        row(label("", merge="continue"), opinion("省职工服务中心意见（盖章）", "服务中心意见栏", 9), height=1830),
        row(label("", merge="continue"), dated("服务中心意见日期", 9), height=460),
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
         foot=footer(CASE, "04 建档申请表"), page=SHEET)  # fmt: skip


def authorization() -> None:
    """家庭经济状况核对承诺授权书."""
    columns = (2400, 1800, 3300, 1560)
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
         foot=footer(CASE, "02 核对承诺授权书"), page=FORM)  # fmt: skip


def notice() -> None:
    """公示 with its list and the list of 注五."""
    plain = (680, 1480, 4200, 2480)
    family = (680, 1200, 3180, 1440, 2340)
    body = (
        para("公　示", style="Title")
        + para(
            "根据《安徽工会困难职工档案管理办法》，", blank(" {{ 公示单位 }} "), "（单位）", blank(" {{ 人数 }} "),
            "名职工，经过申报、审核，符合建档条件，拟实施帮扶救助，现予以公示（名单附后），如有异议，请在{{ 公示开始 }}至{{ 公示结束 }}（不少于{{ 公示工作日 }}个工作日）内提出意见。",
            style="Text1",
        )
        + para("监督电话：{{ 监督电话 }}", style="Text1", keep=True)
        + para("单位（加章）", keep=True, before=870, left=5200)
        + para("{{ 公示开始 }}", left=5000)
        + para("公示人员信息", style="ListTitle", before=240)
        + table(plain, [
            row(*(label(text) for text in ("序号", "姓名", "单位", "致困原因")), height=560, head=True),
            *each("人", "名单", row(value("{{ 人.序号 }}"), value("{{ 人.姓名 }}"), left("{{ 人.单位 }}"), value("{{ 人.致困原因 }}"), height=420), columns=4),
        ])
        + para("家庭成员、收入来源构成及困难情况", style="ListTitle", before=240)
        + table(family, [
            row(*(label(text) for text in ("序号", "姓名", "家庭成员（与职工的关系、就业或就读现状）", "收入来源构成", "困难情况")), height=560, head=True),
            *each("人", "名单",
                  row(value("{{ 人.序号 }}"), value("{{ 人.姓名 }}"), left("{{ 人.家庭成员 }}"), left("{{ 人.收入来源 }}"), left("{{ 人.困难情况 }}"), height=420),
                  columns=5),
        ])
        + para("", style="Small", line=20)  # what Word wants after a table, too low to open a page of its own
    )  # fmt: skip
    save(HOME / "notice/template.docx", body, title="公示", foot=footer("{{ 公示单位 }}", "07 公示"))


def identity() -> None:
    """家庭成员身份证明材料: a frame for each side of each card, a page for the household register."""
    half = 4950
    frame = row(
        Cell(para("{% if 人.证件正面 %}{{ 人.证件正面 }}{% else %}（身份证人像面）{% endif %}", style="Value")),
        Cell(para("{% if 人.证件背面 %}{{ 人.证件背面 }}{% else %}（身份证国徽面）{% endif %}", style="Value")), height=3060,
    )  # fmt: skip
    caption = row(
        left("{{ 人.序号 }}、{{ 人.姓名 }}　与户主关系：{{ 人.与户主关系 }}　身份证号码：{{ 人.身份证号码 }}", span=2),
        height=360,
    )
    body = (
        para("家庭成员身份证明材料（身份证、户口本复印件）", style="SheetTitle")
        + table((half, half), each("人", "身份证框", *kept(caption, frame), columns=2))
        + para("户口本复印件", style="ListTitle", page=True)
        + para("{%p for 页 in 户口本扫描 %}") + para("{{ 页.图 }}", align="center", after=120) + para("{%p endfor %}")
        + para("{%p if 户口本空框 %}")
        + table((9900,), [row(Cell(para("（户口本首页、户主页）", style="Value")), height=5900), row(Cell(para("（家庭成员页）", style="Value")), height=5900)])
        + para("{%p endif %}")
        + para("", style="Small")
    )  # fmt: skip
    save(
        HOME / "identity/template.docx",
        body,
        title="家庭成员身份证明材料",
        foot=footer(CASE, "03 身份证明"),
        page=CARDS,
    )


def income() -> None:
    """收入证明材料: the three rules and every income line."""
    columns = (480, 1000, 760, 860, 1080, 880, 920, 1080, 1180, 1280)
    heads = (
        "序号",
        "姓名",
        "关系",
        "类别",
        "年收入\n（元）",
        "个人所\n得税",
        "五险\n一金",
        "计入\n（元）",
        "证明",
        "说明",
    )
    tags = ("序号", "姓名", "关系", "类别", "年收入", "个人所得税", "五险一金", "计入", "证明", "说明")
    body = (
        para("收入证明材料", style="SheetTitle")
        + rules(
            "（1）上一年度或近12个月银行流水、单位工资发放清单（有一即可，工资清单需盖单位财务章），农民工需提供与用人单位签订的劳动合同或建档前6个月社保缴费证明（有一即可）。",
            "（2）困难职工、农民工家庭成员中有工作能力但处于非就业状态，按照当地最低工资计算收入。有特殊情况的，提供相关证明材料（如残疾证、病历等）。",
            "（3）家庭人口数认定：以户口本上人数为准，如不在同一户口本上但长期共同居住生活在一起的，需上门走访核实。",
        )
        + table(columns, [
            row(*(label(text) for text in heads), height=640, head=True),
            *each("项", "收入明细", row(*(small(f"{{{{ 项.{tag} }}}}") for tag in tags), height=480), columns=10),
            row(label("合　计", span=4), value("{% if 家庭年总收入 %}{{ 家庭年总收入 }} 元{% else %}待核{% endif %}", span=6), height=520),
            row(label("家庭人口", span=4), value("{% if 计入人口 %}{{ 计入人口 }} 人{% else %}待核{% endif %}", span=6), height=520),
            row(label("家庭人均月收入", span=4), value("{% if 扣除前计算方式 %}{{ 扣除前计算方式 }}{% else %}待核{% endif %}", span=6), height=520),
        ])
        + para("收入年度：{% if 收入年度 %}{{ 收入年度 }}{% else %}待核{% endif %} 年（申请年的上一年度）。证明材料原件核对后，复印件附后。", style="Small", before=80)
        + checked_by()
    )  # fmt: skip
    save(
        HOME / "income/template.docx",
        body,
        title="收入证明材料",
        foot=footer(CASE, "05 收入证明"),
        page=SHEET,
    )


def expenses() -> None:
    """刚性支出证明材料: the three rules and every expense with what counts."""
    columns = (480, 1080, 1180, 760, 1180, 1180, 1480, 2180)
    heads = ("序号", "姓名", "类别", "年度", "申报\n（元）", "扣除\n（元）", "证明", "未全部扣除的原因")
    tags = ("序号", "姓名", "类别", "年度", "申报", "扣除", "证明", "说明")
    body = (
        para("刚性支出证明材料", style="SheetTitle")
        + rules(
            "（1）教育支出：上一年度内子女上大学（附收费标准或缴费凭证）。",
            "（2）医疗支出：上一年度内医疗发票（计算医保目录内的个人自付部分），出院小结。",
            "（3）意外支出：突发事件、意外伤害、重大疾病等支出（相关单位证明）。",
        )
        + table(columns, [
            row(*(label(text) for text in heads), height=640, head=True),
            *each("项", "支出明细", row(*(small(f"{{{{ 项.{tag} }}}}") for tag in tags), height=480), columns=8),
            row(label("扣除合计", span=4), value("{% if 刚性支出合计 %}{{ 刚性支出合计 }} 元{% else %}待核{% endif %}", span=4), height=520),
            row(label("建档计算方式", span=4), value("{% if 建档计算方式 %}{{ 建档计算方式 }}{% else %}待核{% endif %}", span=4), height=520),
        ])
        + para("票据、证明原件核对后，复印件附后。", style="Small", before=80)
        + checked_by()
    )  # fmt: skip
    save(
        HOME / "expenses/template.docx",
        body,
        title="刚性支出证明材料",
        foot=footer(CASE, "06 刚性支出"),
        page=SHEET,
    )


def means_check() -> None:
    """信息比对（比对情况材料）: the three checks, the exclusions and the exceptions."""
    body = (
        para("信息比对（比对情况材料）", style="SheetTitle")
        + para("职工姓名：{{ 职工姓名 }}　　身份证号码：{{ 身份证号码 }}", style="Text", after=80)
        + table((2600, 1100, 5800), [
            row(*(label(text) for text in ("项目", "是否查询", "结果")), height=520, head=True),
            *each("项", "比对结果", row(left("{{ 项.项目 }}"), value("{{ 项.已查 }}"), left("{{ 项.结果 }}"), height=760), columns=3),
        ])
        + para(
            "比对日期：{% if 信息比对.比对日期 %}{{ 信息比对.比对日期 }}{% else %}    年  月  日{% endif %}　　走访人：{% if 信息比对.走访人 %}{{ 信息比对.走访人 }}{% else %}        {% endif %}"
            "　　走访日期：{% if 信息比对.走访日期 %}{{ 信息比对.走访日期 }}{% else %}    年  月  日{% endif %}", style="Text", before=120, after=120,
        )
        + para("{%p if 排除情形 %}")
        + para("不建档情形（第七条）及例外（75号三）", style="Head", before=120)
        + table((1900, 3900, 3700), [
            row(*(label(text) for text in ("条款", "规定", "核对结果")), height=520, head=True),
            *each("项", "排除情形", row(small("{{ 项.条款 }}"), small("{{ 项.规定 }}"), small("{{ 项.情况 }}"), height=480), columns=3),
        ])
        + para("{%p endif %}")
        + para(UNTIL, style="Small", before=60)
        + para("比对单位（盖章）：", "\t", "经办人（签字）：", keep=True, before=480, tabs=[("left", 5200)])
        + para("", "\t", "年    月    日", before=240, tabs=[("left", 6400)])
    )  # fmt: skip
    save(
        HOME / "means-check/template.docx",
        body,
        title="信息比对",
        foot=footer(CASE, "08 信息比对"),
        page=SHEET,
    )


def aid_request() -> None:
    """在档困难职工申请救助表 (附件注六（二）)."""
    widths = (1700, 3100, 1700, 3000)

    def wide(name: str, text: str, height: int) -> tuple:
        return row(
            label(name),
            Cell(para(f"{{% if 本次申请.{text} %}}{{{{ 本次申请.{text} }}}}{{% endif %}}", style="Text"), 3),
            height=height,
        )

    body = (
        para("在档困难职工申请救助表", style="SheetTitle")
        + table(widths, [
            row(label("职工姓名"), value("{{ 职工姓名 }}"), label("身份证号码"), value("{{ 身份证号码 }}"), height=620),
            row(label("工作单位"), left("{{ 工作单位 }}"), label("申请日期"), value("{{ 本次申请.申请日期 }}"), height=620),
            row(label("家庭困难\n现状"), value(run("{{ 减轻框 }}", style="Sign"), run("减轻      "), run("{{ 加重框 }}", style="Sign"), run("加重      "), run("{{ 无变化框 }}", style="Sign"), run("无变化"), span=3), height=620),
            wide("原因（收入增\n加或减少状况）", "变化原因", 1300),
            wide("帮扶救助意向", "帮扶意向", 800),
            wide("家庭住址\n有无变化", "住址变化", 620),
            wide("联系电话\n有无变化", "电话变化", 620),
            wide("银行卡\n有无变化", "银行卡变化", 620),
            row(label("本人诚信\n承诺"), Cell(
                para("本人保证以上情况和提交的材料真实有效，并愿意接受审核。", style="Text")
                + para("申请人（签字）：                    年    月    日", style="Text", before=480, left=3000), 3), height=1500),
            row(label("所在单位或社\n区（街道、乡\n镇）工会意见"), Cell(
                para("（盖章）", style="Text", before=900, left=4400) + para(HAND_DATE, style="Text", left=4800), 3), height=1900),
            row(label("县区帮扶（服\n务）中心核查\n意见"), Cell(
                para("（盖章）", style="Text", before=900, left=4400) + para(HAND_DATE, style="Text", left=4800), 3), height=1900),
        ])
    )  # fmt: skip
    save(
        HOME / "aid-request/template.docx",
        body,
        title="在档困难职工申请救助表",
        foot=footer(CASE, "10 在档救助申请"),
        page=SHEET,
    )


def refusal() -> None:
    """不予建档告知书 (第十九条)."""
    body = (
        para("不予建档告知书", style="Title")
        + para(blank("{{ 职工姓名 }}"), "：")
        + para("您{{ 申请日期 }}提出的困难职工建档申请，经审核，不符合建档条件。根据《安徽工会困难职工档案管理实施办法》（皖工发〔2017〕51号）第十九条，现将结果反馈给您并说明原因：", style="Text1")
        + table((480, 1480, 4040, 3270), [
            row(*(label(text) for text in ("序\n号", "条款", "规定", "您家的情况")), height=520, head=True),
            *each("条", "不予建档理由", row(*(small(f"{{{{ 条.{name} }}}}", line=280) for name in ("序号", "条款", "规定", "情况")), height=480), columns=4),
        ])
        + para("{%p if 建档计算方式 %}") + para("按建档计算方式：{{ 建档计算方式 }}", style="Text1", before=60) + para("{%p endif %}")
        + para("{%p if 低保线 %}") + para("当地月低保标准 {{ 低保线 }} 元（{{ 低保线依据 }}）。", style="Text1") + para("{%p endif %}")
        + para("{%p if 改变条件 %}") + para("下列情况会改变结果：", style="Text1", before=60, keep=True)
        + para("{%p for 条 in 改变条件 %}") + para("{{ 条.序号 }}．{{ 条.内容 }}。", style="Text1") + para("{%p endfor %}") + para("{%p endif %}")
        + para("如对本结果有异议，可以向{{ 异议工会 }}提出；情况有变化时，可以重新申请。（规则截至 {{ 规则截至 }}）", style="Text1", before=60, keep=True)
        + para("提出异议的电话：{{ 异议电话 }}", style="Text1", keep=True)
        + para("{{ 所属工会 }}（盖章）", keep=True, before=320, left=4200)
        + para("年    月    日", keep=True, left=5200)
        + para("送达日期：{% if 告知送达日期 %}{{ 告知送达日期 }}{% else %}    年  月  日{% endif %}", "\t", "收到人（签字）：", before=300, tabs=[("left", 4600)])
    )  # fmt: skip
    save(
        HOME / "refusal/template.docx",
        body,
        title="不予建档告知书",
        foot=footer(CASE, "11 不予建档告知书"),
        page=REASONS,
    )


def missing() -> None:
    """补充材料清单: only what can change the result."""
    body = (
        para("补充材料清单", style="Title")
        + para(blank("{{ 职工姓名 }}"), "：")
        + para("您{{ 申请日期 }}提出的困难职工建档申请已经收到。下列材料会影响审核结果，请补交（没有列出的材料目前不影响结果）：", style="Text1")
        + table((620, 3930, 1900, 1420, 1200), [
            row(*(label(text) for text in ("序号", "需补的材料", "为谁、哪一项", "由谁提供", "已补")), height=520, head=True),
            *each("项", "补充材料",
                  row(small("{{ 项.序号 }}"), Cell(para("{{ 项.材料 }}", style="Text") + para("依据：{{ 项.依据 }}", style="Small")),
                      small("{{ 项.说明 }}"), small("{{ 项.提供 }}"), value(run("□", style="Sign")), height=560), columns=5),
        ])
        + para("{%p if 可能级别 %}") + para("补齐后可能的结果：{{ 可能级别 }}。", style="Text1", before=120) + para("{%p endif %}")
        + para("（规则截至 {{ 规则截至 }}）", style="Text1")
        + para("联系人：{% if 基层工会联系人 %}{{ 基层工会联系人 }}{% endif %}　电话：{% if 基层工会联系电话 %}{{ 基层工会联系电话 }}{% endif %}", style="Text1", before=120, keep=True)
        + para("{{ 所属工会 }}（盖章）", keep=True, before=579, left=4200)
        + para("年    月    日", left=5200)
    )  # fmt: skip
    save(
        HOME / "missing/template.docx",
        body,
        title="补充材料清单",
        foot=footer(CASE, "12 补充材料清单"),
        page=NOTE,
    )


def minutes() -> None:
    """集体研究材料: the cases a body has to decide."""
    widths = (1900, 2900, 1900, 2800)
    body = (
        para("困难职工建档集体研究材料", style="SheetTitle")
        + para("（会议纪要草稿）", align="center")
        + para("会议时间：    年  月  日　　地点：                会议名称：                      ", style="Text", before=120)
        + para("主持人：            记录人：            参加人：                                  ", style="Text", before=120, after=120)
        + para("提请研究 {{ 件数 }} 件。规则截至 {{ 规则截至 }}。", style="Text", after=120)
        + table(widths, each(
            "案", "案件列表", *kept(
            row(label("{{ 案.序号 }}．{{ 案.档案编号 }}"), value("{{ 案.职工姓名 }}"), label("工作单位"), left("{{ 案.工作单位 }}"), height=560),
            row(label("拟定级别"), value("{{ 案.拟定级别 }}"), label("决定机构"), left("{{ 案.决定机构 }}"), height=480),
            row(label("月人均收入"), value("{{ 案.月人均收入 }}"), label("低保线"), value("{{ 案.低保线 }}"), height=480),
            row(label("计算方式"), left("{{ 案.计算方式 }}", span=3), height=480),
            row(label("困难状况"), left("{{ 案.困难状况 }}", span=3), height=480),
            row(label("救助类别建议"), left("{{ 案.救助类别建议 }}"), label("可用资金"), left("{{ 案.可用资金 }}"), height=480),
            row(label("待研究问题"), left("{{ 案.待研究问题 }}", span=3), height=480),
            row(label("研究意见"), Cell(para("□同意    □不同意    核定级别：          救助类别：            纪要编号：            ", style="Text", before=240), 3), height=900),
            ), columns=4,
        ))
        + para("参会人员（签字）：", keep=True, before=360)
        + para("（盖章）        年    月    日", before=579, left=4400)
    )  # fmt: skip
    save(
        HOME / "minutes/template.docx",
        body,
        title="困难职工建档集体研究材料",
        foot=footer("汇总", "集体研究材料"),
        page=SHEET,
    )


def kept(*rows: tuple) -> list[tuple]:
    """Rows that stay on one page: every paragraph but those of the last row holds on to the next."""
    style = re.compile('(<w:pStyle w:val="[^"]+"/>)(?!<w:keepNext/>)')
    held = [
        (tuple(replace(cell, body=style.sub(r"\1<w:keepNext/>", cell.body)) for cell in cells), look)
        for cells, look in rows[:-1]
    ]
    return [*held, rows[-1]]


def national_file() -> None:
    """困难职工档案表, the example of docs/adding-a-paper.md: what a clerk draws in Word."""
    widths = (1130, 1290, 1130, 1000, 1130, 1150, 1130, 1560)

    def pairs(*names: tuple[str, str], height: int = 480) -> tuple:
        return row(*(cell for name, tag in names for cell in (label(name), value(f"{{{{ {tag} }}}}"))), height=height)

    def signed(name: str, tag: str) -> tuple:
        text = f"{{% if {tag} %}}{{{{ {tag} }}}}{{% endif %}}"
        seal = para("（盖章）      年    月    日", style="Text", before=500, left=4200)
        return row(label(name), Cell(para(text, style="Text") + seal, 7), height=1300)

    rows = [
        pairs(("职工编号", "职工编号"), ("困难类别", "困难类别"), ("姓名", "职工姓名"), ("性别", "性别")),
        pairs(("民族", "民族"), ("政治面貌", "政治面貌"), ("健康状况", "健康状况"), ("婚姻状况", "婚姻状况")),
        row(label("身份证号"), value("{{ 身份证号码 }}", span=3), label("户口类型"), value("{{ 户口类型 }}"), label("劳模类型"), value("{{ 劳模类型 }}"), height=480),
        pairs(("住房类型", "住房类型"), ("建筑面积", "建筑面积"), ("工作状态", "人员类别"), ("联系电话", "联系电话")),
        row(label("工作单位"), left("{{ 工作单位 }}", span=3), label("家庭住址"), left("{{ 家庭住址 }}", span=3), height=480),
        row(label("主要致困\n原因"), value("{{ 主要致困原因 }}", span=3), label("次要致困\n原因"), value("{{ 次要致困原因|默认(\"无\") }}", span=3), height=560),
        row(label("家庭年度\n总收入"), value("{{ 家庭年总收入 }}元", span=3), label("家庭月人\n均收入"), value("{{ 月人均收入 }}元", span=3), height=560),
        row(label("姓名"), label("关系"), label("身份证号", span=3), label("就业状况"), label("单位或学校", span=2), height=460),
        *each("成员", "共同生活成员",
              row(value("{{ 成员.姓名 }}"), value("{{ 成员.与户主关系 }}"), value("{{ 成员.身份证号码 }}", span=3), value("{{ 成员.就业状况 }}"), left("{{ 成员.单位或学校 }}", span=2), height=420),
              columns=8),
        row(label("开户银行"), left("{{ 开户银行 }}", span=3), label("银行卡号"), value("{{ 银行卡号 }}", span=3), height=480),
        row(label("本人承诺"), Cell(para("本人保证提交的材料真实有效，并愿意接受审核。", style="Text") + para("签字：                年    月    日", style="Text", before=160, left=4200), 7), height=620),
        signed("基层工会\n意见", "基层工会意见栏"),
        signed("上级工会\n意见", "上级工会意见栏"),
        signed("服务中心\n意见", "服务中心意见栏"),
    ]  # fmt: skip
    body = (
        para("困难职工档案表", style="SheetTitle")
        + table(widths, rows)
        + para(UNTIL, style="Small", before=60)
        + attached()
    )
    save(
        EXAMPLE / "template.docx",
        body,
        title="困难职工档案表",
        foot=footer(CASE, "20 困难职工档案表"),
        page=SHEET,
    )


def rules(*texts: str) -> str:
    """The rules as the documents print them, above a table."""
    return "".join(para(text, style="Text", after=60) for text in texts) + para("", style="Small")


def small(text: str, *, line: int = 0) -> Cell:
    """A narrow cell; ``line`` as in ``para``."""
    return Cell(para(text, style="Small", line=line))


def checked_by() -> str:
    """Who checked the originals, by hand."""
    return (
        para("经办人（签字）：", "\t", "审核人（签字）：", keep=True, before=480, tabs=[("left", 5200)])
        + para("单位工会（盖章）：", "\t", "年    月    日", before=240, tabs=[("left", 6400)])
    )  # fmt: skip


def attached() -> str:
    """The attached page, absent when everything found room."""
    return (
        para("{%p if 附页 %}")
        + para("附　页", style="SheetTitle", page=True)
        + para("{%p for 页 in 附页 %}")
        + para("{{ 页.标题 }}", style="Head", before=120)
        + para("{{ 页.内容 }}", align="left")
        + para("{%p endfor %}")
        + para("{%p endif %}")
    )


PAPERS = {
    "checklist": checklist,
    "application": application,
    "authorization": authorization,
    "identity": identity,
    "review": review,
    "income": income,
    "expenses": expenses,
    "notice": notice,
    "means-check": means_check,
    "aid-request": aid_request,
    "refusal": refusal,
    "missing": missing,
    "minutes": minutes,
    "national-file": national_file,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or PAPERS:
        PAPERS[name]()
