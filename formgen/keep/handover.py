"""档案交接: the named keeper leaves (第十五条); an inventory, the last verification, what is open, three to sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from formgen.keep import access, account, chain, holds, plan, receipts, register, sealing, texts
from formgen.keep.paper import Paper
from formgen.keep.register import DESTROYED, SEALED
from formgen.keep.repository import Repository
from formgen.messages import MaterialError
from formgen.model import Finding, Place

HEADINGS = ("年度", "卷", "件", "页", "盒", "补充包", "已销毁", "加密副本", "密钥")


def inventory(repo: Repository) -> list[tuple[int, int, int, int | str, str, int, int, int, str]]:
    """What the repository holds, a row a year; the boxes (盒) are counted and written in by hand."""
    known = register.load(repo.register / "numbers.csv")
    rows = []
    for year in sorted({register.parsed(entry.number).year for entry in known}):
        entries = known.of_year(year)
        kept = [entry for entry in entries if entry.state == SEALED]
        main = [entry for entry in kept if not register.is_supplement(entry.number)]
        pages = [entry.pages for entry in kept]
        rows.append(
            (
                year,
                len(main),
                sum(int(entry.items or 0) for entry in kept),
                sum(map(int, pages)) if all(pages) else "未计全",
                "",
                len(kept) - len(main),
                sum(entry.state == DESTROYED for entry in entries),
                len(list(repo.sealed(year).glob("*.tar.age"))) if repo.sealed(year).is_dir() else 0,
                "有" if sealing.has_key(repo, year) else "无",
            )
        )
    return rows


def make(
    repo: Repository, *, giver: str, taker: str, witness: str, matters: str, on: date, at: str
) -> tuple[str, tuple[Path, ...]]:
    """The papers of a hand-over and their number; the log keeps their digest, not the persons.

    Raises FormgenError, before anything is written, for a person not named, named twice, or named by a private number.
    """
    if unfit := _unfit(giver, taker, witness, matters):
        raise MaterialError(*unfit)
    number = receipts.number(repo, "handover", on)
    last = account.last_entry(repo)
    facts = {
        "交接单号": number,
        "交接日期": str(on),
        "移交人": giver,
        "接收人": taker,
        "监交人": witness,
        "清单": [dict(zip(HEADINGS, row, strict=True)) for row in inventory(repo)],
        "最近一次验证": dict(last) if last else None,
        "不符之处": [f.place.file for f in plan.stock(repo).findings()],
        "未结查阅": [str(entry["档号"]) for entry in access.unfinished(repo)],
        "暂停销毁": sorted(holds.current(repo)),
        "记录链": {name: [head.count, head.digest] for name, head in sorted(chain.heads(repo.register).items())},
        "未了事项": matters,
    }
    papers = receipts.put(repo, number, facts, {"": _paper(repo, facts)}, on, at=at)
    chain.append(repo.log("custody"), {"at": at, "event": "交接", "单号": number, "单据摘要": receipts.digest(facts)})
    return number, papers


def are_three(giver: str, taker: str, witness: str) -> bool:
    """Whether three texts name three persons, however they are written."""
    pairs = ((giver, taker), (giver, witness), (taker, witness))
    return not any(texts.same_person(*pair) for pair in pairs)


def _unfit(giver: str, taker: str, witness: str, matters: str) -> tuple[Finding, ...]:
    found = texts.refusals(Place(), {"from": giver, "to": taker, "witness": witness}, matters)
    return found if found or are_three(giver, taker, witness) else (Finding("E922"),)


def _paper(repo: Repository, facts: dict) -> Paper:
    paper = Paper("档案交接清单")
    paper.line("根据皖工发〔2017〕51号第十五条，档案管理人员调离工作岗位，办理以下档案交接手续。")
    rows = [tuple(row.values()) for row in facts["清单"]]
    paper.table(HEADINGS, rows, (0.11, 0.09, 0.1, 0.13, 0.09, 0.12, 0.12, 0.14, 0.1), size=11)
    last = facts["最近一次验证"]
    verified = f"{last['at'][:10]}　级别 {last['级别']}　变动 {last['变动']} 处" if last else "从未验证"
    paper.pairs(
        [
            ("最近一次验证", verified),
            ("验证报告摘要", f"{last['报告摘要'][:32]} {last['报告摘要'][32:]}" if last else "——"),
            ("不符之处", "、".join(facts["不符之处"]) or "无"),
            ("未结查阅", "、".join(facts["未结查阅"]) or "无"),
            ("暂停销毁", "、".join(facts["暂停销毁"]) or "无"),
            ("记录链", _heads(facts["记录链"])),
            ("钥匙、载体", ""),
            ("未了事项", facts["未了事项"] or "无"),
        ],
        share=0.22,
    )
    paper.signatures(*(f"{role}（{facts[role]}）签名" for role in ("移交人", "接收人", "监交人")))
    return paper


def _heads(stated: dict) -> str:
    return "\n".join(f"{name}：{count} 条，{digest[:16]}" for name, (count, digest) in stated.items()) or "无"
