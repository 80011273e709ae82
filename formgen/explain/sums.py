"""The sum behind a decision in words: who counts, what came in, what is deducted and why less than claimed."""

from __future__ import annotations

from collections.abc import Iterator

from formgen.household import Case, Fen
from formgen.messages import words
from formgen.model import Amount, Decision, ExpenseLine, Figures, IncomeLine
from formgen.rules.anhui.numerals import rounded, yuan

MINUS = "－"
#: The clauses that compare the income before, and after, rigid expenses.
BEFORE = ("5(一)1.收入", "5(一)2后段.扣前", "5(一)3.扣前", "75号六")
AFTER = ("5(一)2后段.扣后", "5(二)", "5(三)")


def told(case: Case | None, decision: Decision, *, lang: str = "zh") -> Iterator[str]:
    """The title and the lines of the sum; nothing where the household could not be added up."""
    figures, line = decision.figures, decision.line
    if figures is None:
        return
    yield words("X856", lang=lang)
    yield words("X857", {"size": str(figures.size), "year": str(figures.income_year)}, lang=lang)
    yield from (f"  {_income(income, case, lang)}" for income in figures.incomes)
    yield from (f"  {_expense(expense, case, lang)}" for expense in figures.expenses)
    if figures.pre:
        sum_ = {"sum": signed(figures.pre.total), "size": str(figures.size)}
        yield words("X858", {**sum_, "result": a_head(figures.pre, decision, BEFORE)}, lang=lang)
    if figures.post:
        yield words("X859", {"sum": formula(figures), "result": a_head(figures.post, decision, AFTER)}, lang=lang)
    if line:
        values = {"line": yuan(line.value), "area": line.area, "since": line.since.isoformat(), "source": line.source}
        yield words("X860", values, lang=lang)


def formula(figures: Figures) -> str:
    """The sum of the form: （62320－35300－4700）÷12÷3; the months and persons are those of the divisor."""
    terms = MINUS.join(signed(fen) for fen in (figures.income_total or 0, *(fen for _, fen in figures.deducted)))
    return f"（{terms}）÷12÷{figures.size}" if figures.deducted else f"{terms}÷12÷{figures.size}"


def signed(fen: Fen) -> str:
    """An amount as a term of a sum: a negative one in brackets."""
    return yuan(fen) if fen >= 0 else f"（{MINUS}{yuan(-fen)}）"


def a_head(amount: Amount, decision: Decision, ids: tuple[str, ...]) -> str:
    """A month's yuan a head to 0.01, with the digits of the clause where rounding would contradict its verdict."""
    plain = rounded(amount.total, 100 * amount.divisor)
    found = [clause.left for clause in decision.clauses if clause.id in ids]
    return max((text for text in found if len(text.partition(".")[2]) > 2), key=len, default=plain)


def person(label: str, case: Case | None) -> str:
    """Whose row it is, by relation; with the number in row order where several stand in that relation (女1)."""
    relation = label.rstrip("0123456789")
    alike = sum(member.relation == relation for member in case.members) if case else 0
    return relation if alike == 1 else label


def why_less(line: ExpenseLine, *, lang: str = "zh") -> str:
    """Why less than claimed counts of an expense, empty where all does: what was taken off, or the rule."""
    if not line.reason:
        return ""
    parts = "、".join(words("X959", {"name": name, "amount": yuan(fen)}, lang=lang) for name, fen in line.less)
    return words(line.reason, {"less": parts}, lang=lang)


def why_counted(line: IncomeLine, *, lang: str = "zh") -> str:
    """How an income came to its amount, empty where it counts as it stands: imputed, net of tax, or left out."""
    if line.imputed_by:
        return words("X957", {"article": line.imputed_by}, lang=lang)
    if line.reason:
        return words(line.reason, lang=lang)
    taken = (line.claimed or 0) - (line.counted or 0)
    if taken <= 0 or taken != (line.tax or 0) + (line.insurance or 0):
        return ""
    parts = (("个人所得税", line.tax), ("五险一金", line.insurance))
    less = "、".join(words("X959", {"name": name, "amount": yuan(fen)}, lang=lang) for name, fen in parts if fen)
    return words("X958", {"gross": yuan(line.claimed or 0), "less": less}, lang=lang)


def _income(line: IncomeLine, case: Case | None, lang: str) -> str:
    why = why_counted(line, lang=lang)
    values = {"whose": _whose(line, case), "counted": _known(line.counted, lang), "why": f"（{why}）" if why else ""}
    year = next((row.year for row in case.incomes if row.row == line.row), None) if case else None
    if not line.reason or line.counted != 0 or line.claimed is None or year is None:
        return words("X862", values, lang=lang)
    return words("X999", {**values, "claimed": yuan(line.claimed), "year": str(year)}, lang=lang)


def _expense(line: ExpenseLine, case: Case | None, lang: str) -> str:
    why = why_less(line, lang=lang)
    amounts = {"claimed": _known(line.claimed, lang), "counted": _known(line.counted, lang)}
    values = {"whose": _whose(line, case), **amounts, "why": f"（{why}）" if why else ""}
    return words("X863", values, lang=lang)


def _whose(line: IncomeLine | ExpenseLine, case: Case | None) -> str:
    return " ".join(part for part in (person(line.person, case), line.kind) if part)


def _known(fen: Fen | None, lang: str) -> str:
    return words("X861", lang=lang) if fen is None else yuan(fen)
