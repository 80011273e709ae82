"""What a bag says about itself: bag-info, retention, concordance of paper and electronic copies, events."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from formgen import __version__
from formgen.keep import chain, still
from formgen.keep.dossier import Dossier
from formgen.keep.items import Item
from formgen.keep.policy import Policy
from formgen.keep.retention import Duty, Retention, duty

PROFILE = "metadata/profile.json"
OPEN, UNSET = "未撤档", "未定全宗"
PAID, ENTERED = "发放救助", "录入帮扶资金使用情况"
CONCORDANCE = ("件号", "题名", "纸质页数", "电子页数", "纸质更新日", "电子更新日", "工作日差", "结论", "核对人")


def facts(dossier: Dossier, number: str, kept: Retention, policy: Policy) -> dict[str, str]:
    """The retention facts by their labels; a day that does not exist is 未撤档, never a guess."""
    years = policy.years
    return {
        "External-Identifier": number or dossier.case_no,
        "Retention-Code": policy.code,
        "Retention-Period": f"P{years}Y",
        "Retention-Trigger": str(policy.retention["trigger"]),
        "Retention-Start": _day(kept.start),
        "Retention-Last-Day": _day(kept.last_day),
        "Disposal-Eligible-From": _day(kept.eligible_from),
        "Disposal-Action": str(policy.retention["action"]),
        "Retention-Authority": str(policy.retention["authority"]),
        "Withdrawal-Reason": dossier.withdrawal_reason or ("" if dossier.is_open else "未注明"),
        "Withdrawal-Approval": dossier.withdrawal_approval,
        "Security-Class": str(policy.retention["security"]),
        "Contains-Personal-Data": "true",
        "Paper-Original-Location": dossier.paper_place,
        "Holders": "；".join(dossier.holders),
        "Successor-Of": dossier.predecessor,
        "Accounting-Reference": dossier.accounting,
    }


def info(dossier: Dossier, number: str, kept: Retention, policy: Policy) -> list[tuple[str, str]]:
    """bag-info.txt: (label, value), without empty values, without a name of the household."""
    stated = facts(dossier, number, kept, policy)
    day = kept.start or dossier.filed_on or dossier.applied_on
    fonds = dossier.fonds or UNSET
    head = [
        ("Source-Organization", dossier.fonds_unit or "未注明"),
        ("External-Identifier", stated.pop("External-Identifier")),
        ("Bag-Group-Identifier", f"{fonds}-{kept.start.year if kept.start else OPEN}"),
        ("Bagging-Date", _day(day)),
        ("Bag-Software-Agent", f"formgen {__version__}"),
        ("BagIt-Profile-Identifier", "urn:formgen:bagit-profile:1"),
    ]
    return head + [(label, value) for label, value in stated.items() if value]


def retention_json(stated: Mapping[str, str]) -> bytes:
    """The retention facts for machines."""
    return json.dumps(stated, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8") + b"\n"


def duties(dossier: Dossier, policy: Policy) -> tuple[Duty, ...]:
    """The working-day duties of 第十三条（二） that this dossier's days let us count."""
    law = policy.duties
    return (
        duty(
            "纸质与电子档案同步",
            dossier.paper_changed_on,
            dossier.electronic_changed_on,
            int(law["sync"]),
            str(law["sync_authority"]),
        ),
        duty(
            "帮扶资金使用情况录入",
            dossier.paid_on,
            dossier.funds_entered_on,
            int(law["funds"]),
            str(law["funds_authority"]),
        ),
    )


def concordance(items: Sequence[Item], dossier: Dossier, policy: Policy) -> bytes:
    """The table of paper and electronic copies (第九条（一）, 第十三条（二）); what nobody counted stays empty."""
    sync = duties(dossier, policy)[0]
    verdict = {True: "同步", False: f"超过{sync.limit}个工作日", None: "未检测"}[sync.is_met]
    rows = [
        (
            item.place,
            item.paper.title,
            item.paper.pages,
            item.paper.pages,
            _day(sync.start, ""),
            _day(sync.done, ""),
            sync.used,
            verdict,
            "",
        )
        for item in items
    ]
    return still.csv_text(CONCORDANCE, rows)


def events(dossier: Dossier, number: str, items: Sequence[Item]) -> tuple[dict[str, str], ...]:
    """What was done with the dossier, in order, in the words of PREMIS (type) and DA/T 46 (业务行为)."""
    on = dossier.withdrawn_on or dossier.filed_on or dossier.applied_on
    life = [
        ("creation", "申请", dossier.applied_on, "第八条（一）"),
        ("registration", "建档", dossier.filed_on, "第八条"),
        ("publication", "公示", dossier.notice_from, "第八条（二）"),
        ("payment reference", PAID, dossier.paid_on, "第十八条"),
        ("registration of funds", ENTERED, dossier.funds_entered_on, "第十三条（二）"),
        ("withdrawal", "撤档", dossier.withdrawn_on, dossier.withdrawal_approval or "第十三条"),
    ]
    made = [_event(kind, act, day, basis) for kind, act, day, basis in life if day]
    converted = [item for item in items if item.paper.converted]
    made += [_event("format conversion", item.paper.converted, on, item.number) for item in converted]
    made.append(_event("message digest calculation", "计算 SHA-256、SHA-512 摘要", on, "RFC 8493"))
    made.append(_event("ingestion", "封包" if number else "生成工作包", on, number or dossier.case_no))
    return tuple(made)


def events_text(made: Sequence[Mapping[str, str]]) -> bytes:
    """The events, one JSON object a line."""
    return b"".join(chain.canonical(event) + b"\n" for event in made)


def _event(kind: str, act: str, on: date | None, basis: str) -> dict[str, str]:
    return {
        "eventType": kind,
        "业务行为": act,
        "行为时间": _day(on),
        "行为依据": basis,
        "agent": f"formgen {__version__}",
    }


def _day(on: date | None, unknown: str = OPEN) -> str:
    return unknown if on is None else on.isoformat()
