"""How far a household has come after its decision, by the days that the clerk has entered.

第八条（二）至（四）: posted, reported, filed; 第九条: filed before aid; 第十三条: withdrawn; 第十九条: a refusal is
told to the applicant.
"""

from __future__ import annotations

from formgen.household import Case
from formgen.model import Decision
from formgen.papers.publicity import is_granted

#: stage → the message that says what the clerk does next
NEXT = {
    "withdrawn": "I640",
    "objection": "I635",
    "posted": "I641",
    "cleared": "I642",
    "filed": "I643",
    "granted": "I644",
    "paid": "I645",
    "informed": "I646",
}


def of(case: Case, decision: Decision) -> str:
    """One of NEXT, or empty for a household of which nothing but the decision is known."""
    if case.withdrawn_on:
        return "withdrawn"
    if decision.tier == "不符合":
        return "informed" if case.informed_on else ""
    if not is_granted(decision):
        return ""
    if case.objection:
        return "objection"
    if case.filed_on:
        return "paid" if case.paid_on else "granted" if case.aid_amount else "filed"
    if case.notice_from:
        return "posted" if case.objection is None else "cleared"
    return ""
