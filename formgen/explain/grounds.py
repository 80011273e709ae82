"""The clauses a refusal rests on: what bars, what fails, or what a body said (第十九条 asks for the reasons)."""

from __future__ import annotations

from datetime import date

from formgen.days import printed
from formgen.explain.clauses import is_bar, is_reference
from formgen.explain.remedies import BY_THE_FIGURES, OF_A_BODY, UNTRUE
from formgen.household import Case, Resolution
from formgen.messages import words
from formgen.model import Clause, Decision
from formgen.rules.anhui import resolutions
from formgen.rules.anhui.verdict import AUTHORIZATION, BAN, SINGLE_STUDY
from formgen.rules.provision import sentences

#: preconditions that bar where they fail (75号一, 75号二, 第五条（一）5 before 75号)
PRECONDITIONS = ("75号一", "75号二", "5(一)5")
TO_BE_MADE_UP = ("75号二.三必查", "75号二.走访")  # never a ground by themselves
#: branch → the sentence that stands for it, where it goes by another name
_CITED = {AUTHORIZATION: "75号二走访", BAN: "8(一)不实"}
#: branch of a refusal by a body → the matter it refused
_MATTERS = {SINGLE_STUDY: resolutions.SINGLE, AUTHORIZATION: resolutions.SPECIAL}


def grounds(decision: Decision, case: Case | None = None, *, lang: str = "zh") -> tuple[Clause, ...]:
    """The clauses a refusal rests on, in the order of the law; empty where nothing is refused.

    A bar rests on every precondition that fails, every exclusion found and the exception that does not help; a
    refusal by the figures on the first condition that fails in each branch of 第五条; a ban, and what a body refused,
    on its sentence and the fact itself, which only the ``case`` knows.
    """
    if decision.tier != "不符合":
        return ()
    if decision.branch == BAN:
        return _banned(case, lang)
    if decision.status == "blocked":
        barred = tuple(clause for clause in decision.clauses if _bars(clause))
        found = (*barred, *_exception_refused(case, lang)) or _of_branch(decision, lang)
        return found or _either_way(decision, case, lang)
    if decision.branch in _MATTERS:
        return _refused(str(decision.branch), case, lang)
    return _first_failures(decision) or _of_branch(decision, lang)


def branch(clause: Clause) -> str:
    """The branch a clause belongs to: 5(一)2后段.扣前 → 5(一)2后段."""
    return clause.id.partition(".")[0]


def _bars(clause: Clause) -> bool:
    """Whether an exclusion applies, an exception to one does not help, or a precondition fails."""
    if is_bar(clause):
        return clause.holds is True
    return clause.holds is False and branch(clause) in (*PRECONDITIONS, "75号三") and clause.id not in TO_BE_MADE_UP


def _first_failures(decision: Decision) -> tuple[Clause, ...]:
    """The first condition that fails in each branch of 第五条, where the figures refuse."""
    first: dict[str, Clause] = {}
    if decision.branch in BY_THE_FIGURES:
        for clause in decision.clauses:
            if clause.id.startswith("5(") and clause.holds is False and not is_reference(clause):
                first.setdefault(branch(clause), clause)
    return tuple(first.values())


def _banned(case: Case | None, lang: str) -> tuple[Clause, ...]:
    """The sentence on untrue declarations; of a ban the register holds the year."""
    year = str(case.dishonest_year) if case and case.dishonest_year else ""
    said = words("X914", {"year": year}, lang=lang, part="what" if year else "no")
    return (_sentence(UNTRUE, _CITED[BAN], said),)


def _refused(name: str, case: Case | None, lang: str) -> tuple[Clause, ...]:
    row = _last(_MATTERS[name], case)
    said = resolved(row, lang=lang) if row else words("X916", lang=lang)
    return (_sentence(f"{name}{OF_A_BODY}", _CITED.get(name, name), said),)


def _exception_refused(case: Case | None, lang: str) -> tuple[Clause, ...]:
    """The body's word on an exception to 第七条 that it refused."""
    row = _last(resolutions.EXCEPTION, case)
    if row is None or row.agreed:
        return ()
    return (_sentence(f"75号三{OF_A_BODY}", "75号三原因", resolved(row, lang=lang)),)


def _either_way(decision: Decision, case: Case | None, lang: str) -> tuple[Clause, ...]:
    """The grounds of a refusal that stands whatever an open bar turns out to be: a body's no, and the open bars."""
    rows = {name: _last(matter, case) for name, matter in _MATTERS.items()}
    refused = [name for name, row in rows.items() if row and not row.agreed]
    bars = [clause for clause in decision.clauses if clause.holds is None and is_bar(clause)]
    return (*(clause for name in refused for clause in _refused(name, case, lang)), *bars)


def _last(matter: str, case: Case | None) -> Resolution | None:
    """The last row on a matter that suffices."""
    rows = (row for row in case.resolutions if row.matter == matter) if case else ()
    return max((row for row in rows if resolutions.is_sufficient(row)), key=_day, default=None)


def _day(row: Resolution) -> date:
    return row.decided_on or date.min


def resolved(row: Resolution, *, lang: str = "zh") -> str:
    """What a body decided, as a sentence: which body, when, under which minutes, yes or no, and to which tier."""
    values = {
        "matter": row.matter or "",
        "body": row.body or "",
        "day": printed(row.decided_on) if row.decided_on else "",
        "minutes": words("X917", {"minutes": row.minutes}, lang=lang) if row.minutes else "",
        "tier": words("X918", {"tier": row.tier}, lang=lang) if row.tier and row.agreed else "",
    }
    return words("X915", values, lang=lang, part="what" if row.agreed else "no")


def _of_branch(decision: Decision, lang: str) -> tuple[Clause, ...]:
    """The sentence of the branch, where no clause was written for it."""
    name = decision.branch or ""
    cited = _CITED.get(name, name)
    return (_sentence(name, cited, words("X833", lang=lang)),) if cited in sentences() else ()


def _sentence(id: str, cited: str, said: str) -> Clause:
    """A ground that is no comparison: ``left`` is the whole sentence."""
    known = sentences()[cited]
    return Clause(id, known.place, known.words, said, "", "", False)
