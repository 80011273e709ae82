"""The one clause that decides a case, as the result workbook and the report tell it."""

from __future__ import annotations

from decimal import Decimal

from formgen.explain import article, clauses
from formgen.model import Clause, Decision
from formgen.papers.reasons import grounds
from formgen.papers.remedies import BY_THE_FIGURES


def told(decision: Decision) -> tuple[str, ...]:
    """Article of the clause that decides and how it came out; the branch alone where no clause does, else nothing."""
    clause = deciding(decision)
    if clause is not None:
        said = clauses.said(clause, decision.line.value if decision.line else None)
        is_plain = clause.holds and not clauses.is_bar(clause)
        return clause.article, said if is_plain else f"{said}（{clauses.mark(clause)}）"
    return (article(decision.branch),) if decision.branch else ()


def deciding(decision: Decision) -> Clause | None:
    """The clause a case turns on: what bars or fails for a refusal, what is open for an insufficient case.

    For a tier granted, and a question for people, it is the narrowest test of its branch. None when there is none.
    """
    branch = decision.branch or next(iter(decision.branches), None)
    own = [clause for clause in decision.clauses if _branch(clause) == branch]
    if decision.status == "insufficient":
        return next(iter([c for c in own if not _is_met(c)] + _open(decision)), None)
    refused = grounds(decision)
    if refused and decision.branch in BY_THE_FIGURES:
        return refused[-1]
    if refused:
        return next((c for c in refused if c in own), None)
    return min(own, key=lambda clause: (not clause.holds, not clause.margin_yuan, _width(clause)), default=None)


def _branch(clause: Clause) -> str:
    return clause.id.partition(".")[0]


def _is_met(clause: Clause) -> bool:
    """Whether a clause stands in nobody's way: a condition that holds, an exclusion that does not."""
    return clause.holds is not clauses.is_bar(clause) and clause.holds is not None


def _open(decision: Decision) -> list[Clause]:
    """The undecided clauses that still matter, comparisons of money first, and last the papers not there yet."""
    dead = {_branch(c) for c in decision.clauses if c.id.startswith("5(") and c.holds is False}
    found = [c for c in decision.clauses if c.holds is None and _branch(c) not in dead]
    wanting = [c for c in decision.clauses if c.id.startswith(("75号二", "8(")) and c.holds is False]
    return sorted(found, key=lambda clause: clause.op != "<=") + wanting


def _width(clause: Clause) -> Decimal:
    """How far the clause is from failing: the narrowest test is the telling one."""
    return abs(Decimal(clause.margin_yuan)) if clause.margin_yuan else Decimal(0)
