"""The papers inside a dossier: cover (卷皮), catalogue (卷内目录), notes (备考表), to be printed, bound, signed."""

from __future__ import annotations

from datetime import date

from formgen.days import printed
from formgen.keep import items
from formgen.keep.dossier import Dossier
from formgen.keep.items import Item
from formgen.keep.paper import Paper
from formgen.keep.policy import Policy
from formgen.keep.retention import retention

UNKNOWN = "——"
TITLES = {"cover.docx": "卷皮", "items.docx": "卷内目录", "notes.docx": "备考表"}
SHARES = (0.05, 0.22, 0.1, 0.15, 0.21, 0.08, 0.05, 0.05, 0.09)  # of the nine columns of the catalogue


def of_dossier(dossier: Dossier, number: str, listed: tuple[Item, ...], policy: Policy) -> dict[str, bytes]:
    """The docx of cover, catalogue and notes, by the name they have in the bag without ending."""
    on = dossier.withdrawn_on
    return {
        "cover": cover(dossier, number, listed, policy).content(on),
        "items": catalogue(dossier, number, listed, policy).content(on),
        "notes": notes(dossier, number, listed, policy).content(on),
    }


def missing(dossier: Dossier, policy: Policy) -> tuple[str, ...]:
    """The titles of the materials a dossier must hold and this one does not (附件注六)."""
    held = {paper.code for paper in dossier.papers}
    return tuple(m.title for m in policy.needed(dossier.withdrawal_reason) if m.code not in held)


def cover(dossier: Dossier, number: str, listed: tuple[Item, ...], policy: Policy) -> Paper:
    """卷皮: what stands on the outside; the household's own name, because this paper never leaves the file."""
    kept = retention(dossier.withdrawn_on, policy.years)
    paper = Paper("困难职工档案")
    counted = items.pages(listed)
    paper.pairs(
        [
            ("题　　名", _title(dossier)),
            ("档　　号", number or "（未撤档，未取号）"),
            ("全宗名称", dossier.fonds_unit or UNKNOWN),
            ("全宗号", dossier.fonds or UNKNOWN),
            ("年　　度", str(kept.start.year) if kept.start else UNKNOWN),
            ("保管期限", f"{policy.code}（自撤档之日起{policy.years}年，第十四条）"),
            ("起止日期", f"{_day(dossier.applied_on)} 至 {_day(dossier.withdrawn_on)}"),
            ("撤档原因", dossier.withdrawal_reason or UNKNOWN),
            ("保管至", _day(kept.last_day) if kept.last_day else "未撤档，不起算"),
            ("件数、页数", f"{len(listed)} 件　{counted if counted is not None else UNKNOWN} 页"),
            ("密　　级", str(policy.retention["security"])),
            ("保管单位", "；".join(dossier.holders) or UNKNOWN),
            ("纸质存放", dossier.paper_place or UNKNOWN),
        ],
        height=13,
    )
    paper.footer(f"{number or dossier.case_no}　卷皮　不予外借（第十六条）")
    return paper


def catalogue(dossier: Dossier, number: str, listed: tuple[Item, ...], policy: Policy) -> Paper:
    """卷内目录: the nine columns of DA/T 22-2015 on a wide page, the first leaf of the bound dossier."""
    paper = Paper("卷　内　目　录", is_wide=True)
    paper.line(f"档号：{number or '（未撤档，未取号）'}　　题名：{_title(dossier)}", label=True)
    paper.table(items.HEADINGS, items.rows(listed, policy), SHARES, size=9)
    paper.footer(f"{number or dossier.case_no}　卷内目录")
    return paper


def notes(dossier: Dossier, number: str, listed: tuple[Item, ...], policy: Policy) -> Paper:
    """备考表: the state of the papers, who arranged and who checked them, by hand."""
    lacks = missing(dossier, policy)
    unpaged = [str(item.place) for item in listed if item.paper.pages is None]
    said = [
        f"本卷共 {len(listed)} 件。",
        f"缺少材料：{'、'.join(lacks)}。" if lacks else "附件注六所列材料齐全。",
        f"页数未计的件：{'、'.join(unpaged)}。" if unpaged else "",
        "修改、补充、移出、销毁情况：",
    ]
    paper = Paper("备　考　表")
    paper.pairs([("档　　号", number or "（未撤档，未取号）")], height=12)
    paper.pairs(
        [
            ("卷内文件情况说明", "\n".join(line for line in said if line)),
            ("整理人", ""),
            ("整理日期", "　　　　年　　月　　日"),
            ("检查人", ""),
            ("检查日期", "　　　　年　　月　　日"),
        ],
        height=16,
        first=100,
    )
    paper.footer(f"{number or dossier.case_no}　备考表")
    return paper


def _title(dossier: Dossier) -> str:
    entered = dossier.case.get("案件")
    name = entered.get("职工姓名") if isinstance(entered, dict) else None
    return f"{name}困难职工档案" if name else dossier.title


def _day(on: date | None) -> str:
    return UNKNOWN if on is None else printed(on)
