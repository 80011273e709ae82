"""Whether a withdrawn dossier may be sealed: decided, its withdrawal told in full, and a fonds to number it under.

A number is permanent and a sealed bag never changes, so everything that would have to be mended later stops here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from formgen import days, fields
from formgen.keep import policy
from formgen.keep.dossier import Dossier
from formgen.keep.policy import Policy
from formgen.model import Finding, Place


def refusals(dossier: Dossier, rules: Policy) -> tuple[Finding, ...]:
    """Why a withdrawn dossier gets no number yet.

    Undecided, withdrawn before it began, an empty cell about the withdrawal, no usable fonds.
    """
    return (*_undecided(dossier), *_misdated(dossier), *_untold(dossier, rules), *_unnumbered(dossier))


def warnings(dossier: Dossier) -> tuple[Finding, ...]:
    """What a dossier is sealed without although most have it: the number of an approval that the law does not ask."""
    return () if dossier.withdrawal_approval else (_of_case("W725", "withdrawal_approval", dossier),)


def _undecided(dossier: Dossier) -> Iterator[Finding]:
    decision = dossier.decision or {}
    if decision.get("status") == "insufficient":
        lacks = "、".join(map(str, decision.get("missing") or ()))  # type: ignore[call-overload]
        yield Finding("E727", Place(), {"missing": lacks}, dossier.case_no)
    elif decision.get("status") == "human":
        yield Finding("E765", Place(sheet=fields.catalogue()["resolution"].title), {}, dossier.case_no)


def _misdated(dossier: Dossier) -> Iterator[Finding]:
    """A withdrawal before the household applied: from a mistyped year the ten years would be counted."""
    began = max((day for day in (dossier.applied_on, dossier.filed_on) if day), default=None)
    if began and dossier.withdrawn_on and dossier.withdrawn_on < began:
        values = {"day": days.printed(dossier.withdrawn_on), "began": days.printed(began)}
        yield replace(_of_case("E799", "withdrawn_on", dossier), values=values)


def _untold(dossier: Dossier, rules: Policy) -> Iterator[Finding]:
    if not dossier.withdrawal_reason:
        yield _of_case("E728", "withdrawal_reason", dossier)
    elif not dossier.withdrawal_approval and _asks_approval(dossier, rules):
        yield _of_case("E728", "withdrawal_approval", dossier)


def _asks_approval(dossier: Dossier, rules: Policy) -> bool:
    """Whether the law lets this withdrawal stand only with the consent of the union above (第十三条（一）5)."""
    return any(word in dossier.withdrawal_reason for word in rules.withdrawal["approved"])


def _of_case(code: str, key: str, dossier: Dossier) -> Finding:
    sheet = fields.catalogue()["case"]
    tag = next(field.tag for field in sheet.fields if field.key == key)
    return Finding(code, Place(sheet=sheet.title, heading=tag), {"column": tag}, dossier.case_no)


def _unnumbered(dossier: Dossier) -> Iterator[Finding]:
    """No fonds, or a fonds or category that no number could be read back from."""
    if not dossier.fonds:
        yield _of_union("E729", "fonds", dossier)
        return
    for key in ("fonds", "category"):
        if not policy.is_fonds(getattr(dossier, key)):
            yield _of_union("E767", key, dossier)


def _of_union(code: str, key: str, dossier: Dossier) -> Finding:
    sheet = fields.catalogue()["union"]
    tag = next(field.tag for field in sheet.fields if field.key == key)
    values = {"union": dossier.fonds_unit, "column": tag}
    return Finding(code, Place(sheet=sheet.title, heading=tag), values, dossier.case_no)
