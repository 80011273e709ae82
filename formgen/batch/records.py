"""The record of a case: what the journal, the result workbook, the report and run.json tell of it; plain JSON.

It holds names, as the result workbook does, and nobody's ID, card or phone number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date

from formgen import decide, masks
from formgen.batch import reason, stage
from formgen.check import Checked
from formgen.household import Case
from formgen.model import Decision, Finding
from formgen.papers import agenda, publicity
from formgen.papers.forms import Form

MADE, INVALID, FAILED, SKIPPED = "made", "invalid", "failed", "skipped"


def name_of(checked: Checked) -> str:
    """The case number, or the row of one whose number cannot be used."""
    return checked.case_no if checked.case else f"第{checked.row}行"


def is_nameless(name: str) -> bool:
    """Whether ``name_of`` had only the row to go by."""
    return name.startswith("第") and name.endswith("行")


def record_of(
    checked: Checked, decision: Decision, state: str, papers: list[list], due: Iterable[Form], found: Iterable[Finding]
) -> dict:
    """The record of a case; ``papers`` are [form, path, SHA-256, bytes] each, ``found`` what making them met."""
    told = {name: value for name, value in decide.as_json(decision).items() if name != "clauses"}
    case = checked.case
    return {
        "case": name_of(checked),
        "row": checked.row,
        "name": (case.name if case else "") or "",
        "union": (case.union if case else "") or "",
        "state": state,
        "decision": told,
        "body": decision.body,
        "stage": stage.of(case, decision) if case else "",
        "until": decision.rules_until.isoformat() if decision.rules_until else "",
        "reason": list(reason.told(decision, case)),
        "due": [form.id for form in due],
        "papers": papers,
        "findings": [_told(finding) for finding in (*checked.findings, *found)],
        "posted": _posted(case, decision) if state in (MADE, SKIPPED) else None,
        "point": _point(case, decision) if state in (MADE, SKIPPED) else None,
    }


def settled(record: dict) -> Decision:
    """The decision as far as a record tells of it; what papers of several cases need."""
    told = record["decision"]
    return Decision(
        case_no=told["case"],
        tier=told["tier"],
        status=told["status"],
        branch=told["branch"],
        branches=tuple(told["branches"]),
        aid_candidates=tuple(told["aid_candidates"]),
        funds=tuple(told["funds"]),
        flags=tuple(told["flags"]),
        rules_until=date.fromisoformat(record["until"]) if record["until"] else None,
    )


def _point(case: Case | None, decision: Decision) -> list | None:
    """The case as the agenda of the meeting shows it, without the digits of anybody's number."""
    point = agenda.point(case, decision) if case else None
    return [[masks.hide_numbers(value) for value in point.values], point.rules_until] if point else None


def _posted(case: Case | None, decision: Decision) -> dict | None:
    """The household as the notice of its union shows it: published facts only."""
    entry = publicity.entry(case, decision) if case and not publicity.is_settled(case) else None
    return {name: value for name, value in asdict(entry).items() if value is not None} if entry else None


def _told(finding: Finding) -> dict:
    place = finding.place
    where = {"file": place.file, "sheet": place.sheet, "cell": place.cell, "heading": place.heading}
    shown = {name: masks.hide_numbers(value) for name, value in finding.values.items()}
    return {"code": finding.code, "place": {k: v for k, v in where.items() if v}, "values": shown}
