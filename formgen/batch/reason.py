"""The one clause that decides a case, as the result workbook and the report tell it."""

from __future__ import annotations

from decimal import Decimal

from formgen.explain import article, clauses
from formgen.explain.grounds import branch, grounds, resolved
from formgen.explain.remedies import BY_THE_FIGURES
from formgen.household import Case
from formgen.model import Clause, Decision


def told(decision: Decision, case: Case | None = None) -> tuple[str, ...]:
    """Article of the clause that decides and how it came out; the branch alone where no clause does, else nothing."""
    clause = deciding(decision, case)
    if clause is not None:
        said = clauses.said(clause, decision.line.value if decision.line else None)
        said = "，".join([said, *_exception_open(clause, decision)])
        mark = "" if clause.holds and not clauses.is_bar(clause) else clauses.mark(clause, decision)
        whole = f"{said}（{mark}）" if mark else said
        return clause.article, "；".join([whole, *_decided(decision, said)])
    return (article(decision.branch),) if decision.branch else ()


def _decided(decision: Decision, said: str) -> list[str]:
    """What bodies decided of the case, each with its day and minutes, unless the reason is that very word."""
    return [text for row in decision.resolutions if (text := resolved(row)) not in said]


def _exception_open(bar: Clause, decision: Decision) -> list[str]:
    """What the exception to an exclusion still waits for; it settles both."""
    found = (one for one in decision.clauses if one.id == f"75号三.{bar.id}" and one.holds is None)
    return [clauses.said(one, None) for one in found]


def deciding(decision: Decision, case: Case | None = None) -> Clause | None:
    """The clause a case turns on: what bars or fails for a refusal, what is open for an insufficient case.

    For a tier granted, and a question for people, it is the narrowest test of its branch. None when there is none.
    """
    name = decision.branch or next(iter(decision.branches), None)
    own = [clause for clause in decision.clauses if branch(clause) == name and not clauses.is_reference(clause)]
    if decision.status == "insufficient":
        return next(iter([c for c in own if not _is_met(c)] + _open(decision)), None)
    refused = grounds(decision, case)
    if refused and decision.branch in BY_THE_FIGURES:
        return refused[-1]
    if refused:
        return next((c for c in refused if branch(c) == name), refused[0])
    return min(own, key=lambda clause: (not clause.holds, not clause.margin_yuan, _width(clause)), default=None)


def _is_met(clause: Clause) -> bool:
    """Whether a clause stands in nobody's way: a condition that holds, an exclusion that does not."""
    return clause.holds is not clauses.is_bar(clause) and clause.holds is not None


def _open(decision: Decision) -> list[Clause]:
    """The undecided clauses that still matter, comparisons of money first, and last the papers not there yet."""
    failed = [c for c in decision.clauses if c.id.startswith("5(") and c.holds is False]
    dead = {branch(c) for c in failed if not clauses.is_reference(c)}
    found = [c for c in decision.clauses if c.holds is None and branch(c) not in dead]
    wanting = [c for c in decision.clauses if c.id.startswith(("75号二", "8(")) and c.holds is False]
    return sorted(found, key=lambda clause: clause.op != "<=") + wanting


def _width(clause: Clause) -> Decimal:
    """How far the clause is from failing: the narrowest test is the telling one."""
    return abs(Decimal(clause.margin_yuan)) if clause.margin_yuan else Decimal(0)
