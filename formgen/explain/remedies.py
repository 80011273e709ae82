"""What would change a decision, in sentences: what the decision says, else the reasons of a refusal turned round."""

from __future__ import annotations

from collections.abc import Iterable

from formgen.messages import words
from formgen.model import Clause, Decision
from formgen.rules.anhui.verdict import BAN

UNTRUE = f"{BAN}.不实申报"
OF_A_BODY = ".集体研究"
#: precondition that bars → the sentence that says how it is met
_MET_BY = {
    "75号一.稳定": "C828", "75号一.证明": "C820", "75号一.工资": "C829", "75号一.户籍": "C830", "75号一": "C820",
    "75号二": "C821", "5(一)5": "C822",
}  # fmt: skip
_WIDEST = "5(三)"
BY_THE_FIGURES = (None, "5")  # the branches of a refusal that more receipts can turn


def remedies(decision: Decision, reasons: Iterable[Clause], *, lang: str = "zh") -> tuple[str, ...]:
    """One sentence a way out, nearest first; empty where nothing better is to be had."""
    found = [words(change.code, change.values, lang=lang) for change in decision.changes]
    for clause in reasons:
        if clause.id in _MET_BY:
            found.append(words(_MET_BY[clause.id], lang=lang))
        elif clause.id == "7(七)" or clause.id.endswith(OF_A_BODY):
            found.append(words("C827", lang=lang))
        elif clause.id.startswith("7("):
            found.append(words("C824", {"article": clause.article}, lang=lang))
    if decision.tier == "不符合" and not found:
        found += _by_the_figures(decision, lang) if decision.branch in BY_THE_FIGURES else [words("C826", lang=lang)]
    return tuple(dict.fromkeys(found))


def _by_the_figures(decision: Decision, lang: str) -> list[str]:
    """The widest limit there is; no receipt is known to reach it."""
    limit = next((clause.right for clause in decision.clauses if clause.id == _WIDEST and clause.right), None)
    return [words("C825", {"amount": limit}, lang=lang)] if limit else [words("C826", lang=lang)]
