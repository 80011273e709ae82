"""汇总/审核结果.xlsx: a row a case, in the order of the workbook; every cell is text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from formgen import messages, write
from formgen.batch import stage
from formgen.explain import flagged
from formgen.explain.wanting import item
from formgen.model import Finding, Place
from formgen.xlsx import grid
from formgen.xlsx.grid import Column

TITLE = "审核结果"
STATUS = {
    "auto": "按规则判定",
    "human": "须集体研究",
    "insufficient": "材料待补",
    "blocked": "不予建档",
    "invalid": "数据有矛盾",
}
STATE = {"made": "已制作", "invalid": "未制作（台账有误）", "failed": "未完成", "skipped": "本次未做"}
#: What a meeting reads on paper comes first; the rest is for the screen.
COLUMNS = (
    Column("档案编号", 14),
    Column("职工姓名", 10),
    Column("所属工会", 20, is_wrapped=True),
    Column("级别", 8),
    Column("状态", 11),
    Column("条款", 12),
    Column("扣除前月人均收入", 10),
    Column("扣除后月人均收入", 10),
    Column("低保线", 8),
    Column("困难系数", 9),
    Column("依据", 40, is_wrapped=True),
    Column("缺少材料", 24, is_wrapped=True),
    Column("下一步", 36, is_wrapped=True),
    Column("全部条款", 16, is_wrapped=True, is_printed=False),
    Column("可能级别", 18, is_wrapped=True),
    Column("可申请救助", 22, is_wrapped=True),
    Column("资金来源", 22, is_wrapped=True),
    Column("提示", 40, is_wrapped=True),
    Column("文书", 20),
    Column("应制", 6),
    Column("已制", 6),
    Column("问题", 60, is_wrapped=True),
    Column("台账行", 8),
)
_SHOWN = 20  # findings of a case that are written out; 问题清单 holds them all


def put(path: Path, records: Iterable[dict]) -> int:
    """Write the workbook of `records`; the number of cases. Raises FormgenError when the disk refuses."""
    with write.stream(path) as out:
        return grid.write(out, TITLE, COLUMNS, rows(records))


def rows(records: Iterable[dict]) -> Iterator[tuple[str, ...]]:
    """The cells of each record, in the order of ``COLUMNS``."""
    for record in records:
        decision = record["decision"]
        settled = {row["matter"] for row in decision.get("resolutions", ())}
        yield (
            record["case"],
            record["name"],
            record["union"],
            decision["tier"],
            STATUS[decision["status"]],
            decision["branch"] or "",
            _yuan(decision["pre"]),
            _yuan(decision["post"]),
            _yuan(decision["line"]),
            decision["score"] or "",
            "：".join(part for part in record["reason"] if part),
            _joined(map(item, decision["missing"])),
            next_step(record),
            _joined(decision["branches"]),
            _joined(decision["possible"]),
            _joined(decision["aid_candidates"]),
            _joined(decision["funds"]),
            "\n".join(flagged(flag, settled) for flag in decision["flags"]),
            STATE[record["state"]],
            str(len(record["due"])),
            str(len(made(record))),
            _told(record["findings"]),
            str(record["row"]),
        )


def made(record: dict) -> set[str]:
    """The papers that were made, by id; one that is there as Word and as PDF is one paper."""
    return {paper[0] for paper in record["papers"]}


def next_step(record: dict, *, lang: str = "zh") -> str:
    """What the clerk does next about this case."""
    decision = record["decision"]
    values = {
        "body": record["body"] or "本级工会",
        "missing": _joined(item(name, lang=lang) for name in decision["missing"]) or "—",
    }
    if record["state"] in ("failed", "skipped"):
        return messages.words("I616" if record["state"] == "failed" else "I617", lang=lang)
    code = {"auto": "I611", "human": "I612", "insufficient": "I613", "blocked": "I614", "invalid": "I615"}
    chosen = "I614" if decision["tier"] == "不符合" else code[decision["status"]]
    return messages.words(stage.NEXT.get(record["stage"], chosen), values, lang=lang)


def finding(told: dict) -> Finding:
    """A finding as it stands in a record."""
    return Finding(told["code"], Place(**told["place"]), told["values"])


def sentences(findings: Iterable[dict], *, lang: str = "zh") -> list[str]:
    """Errors first, then the rest, each as one line without the file's name."""
    ordered = sorted(findings, key=lambda told: not told["code"].startswith("E"))
    places = [{**told, "place": {k: v for k, v in told["place"].items() if k != "file"}} for told in ordered]
    return [messages.sentence(finding(told), lang=lang) for told in places]


def _told(findings: list[dict]) -> str:
    said = sentences(findings)
    more = [f"……另有 {len(said) - _SHOWN} 条，见问题清单"] if len(said) > _SHOWN else []
    return "\n".join(said[:_SHOWN] + more)


def _joined(words: Iterable[str]) -> str:
    return "、".join(words)


def _yuan(amount: dict | None) -> str:
    return amount["yuan"] if amount else ""
