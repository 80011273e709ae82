"""A decision in words: the result, the sum, each clause with its sentence, what is missing, what would change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from formgen.explain import clauses
from formgen.household import Case
from formgen.messages import sentence, words
from formgen.model import Amount, Decision, ExpenseLine, Figures, Finding, IncomeLine
from formgen.rules.anhui.numerals import rounded, yuan
from formgen.rules.anhui.verdict import BAN
from formgen.rules.provision import sentences


def in_short(decision: Decision, *, lang: str = "zh", findings: Iterable[Finding] = ()) -> str:
    """One line: case, tier, status, article, per-head figures; below it what is missing, to be looked at, or wrong."""
    figures = decision.figures
    parts = [decision.case_no, decision.tier, _say(STATUSES[decision.status], lang), article(decision.branch) or "—"]
    for code, amount in (("X845", figures and figures.pre), ("X846", figures and figures.post)):
        if amount:
            parts.append(_say(code, lang, amount=rounded(amount.total, amount.divisor * 100)))
    if decision.line:
        parts.append(_say("X839", lang, amount=yuan(decision.line.value)))
    below = [
        *(_say("X847", lang, name=item(name, lang=lang)) for name in decision.missing),
        *(_say("X848", lang, flag=flagged(flag, lang=lang)) for flag in decision.flags),
        *(_say("X849", lang, told=told) for told in _found(decision, tuple(findings), lang)),
    ]
    return "\n    ".join(["  ".join(parts), *below])


STATUSES = {"auto": "X840", "human": "X841", "insufficient": "X842", "blocked": "X843", "invalid": "X844"}


def explain(case: Case | None, decision: Decision, *, lang: str = "zh", findings: Iterable[Finding] = ()) -> str:
    """The decision as a person would say it, several lines.

    ``findings`` are those of the workbook's check; what the decision names by code is told in their sentences.
    """
    parts = [
        _result(decision, lang),
        *_sum(decision, lang),
        *_clauses(decision, lang),
        *_missing(decision, lang),
        *_changes(decision, lang),
        *_remarks(decision, tuple(findings), lang),
    ]
    return "\n".join(parts)


def _say(code: str, lang: str, **values: str) -> str:
    return words(code, values, lang=lang)


def _result(decision: Decision, lang: str) -> str:
    """The result in one sentence, with the sentence of law where the household is refused."""
    cap = next((clause.right for clause in decision.clauses if clause.id == "5(三)"), "")
    if decision.branch == "5" and decision.figures and decision.figures.post and cap:
        post = _a_head(decision.figures.post, decision, AFTER)
        return _say("X877", lang, case=decision.case_no, tier=decision.tier, post=post, cap=cap)
    quote = next((clause.quote for clause in decision.clauses if clause.id == decision.branch), "")
    if decision.status == "blocked" and decision.branch == BAN:
        quote = sentences()["8(一)不实"].words  # the clause of that number is the pledge, which may be signed
    values = {
        "case": decision.case_no,
        "tier": decision.tier,
        "branch": article(decision.branch) or _say("X850", lang),
        "body": decision.body,
        "quote": f"“{quote}”" if quote else "",
    }
    return _say(RESULTS[decision.status], lang, **values)


RESULTS = {"auto": "X851", "human": "X852", "insufficient": "X853", "blocked": "X854", "invalid": "X855"}


def article(branch: str | None) -> str:
    """A branch as one would say it: 5(一)2前段 → 第五条（一）2前段, 75号六 → 75号文第六条; empty for None."""
    if not branch:
        return ""
    if branch.startswith("75号"):
        return f"75号文第{branch[3:]}条"
    number = {"5": "第五条", "6": "第六条", "7": "第七条", "8": "第八条"}.get(branch[0], branch[0])
    return number + branch[1:].replace("(", "（").replace(")", "）")


def _sum(decision: Decision, lang: str) -> Iterator[str]:
    """The sum with its figures: who counts, what came in, what is deducted."""
    figures, line = decision.figures, decision.line
    if figures is None:
        return
    yield ""
    yield _say("X856", lang)
    yield _say("X857", lang, size=str(figures.size), year=str(figures.income_year))
    for income in figures.incomes:
        yield "  " + _income(income, lang)
    for expense in figures.expenses:
        yield "  " + _expense(expense, lang)
    if figures.pre:
        total = yuan(figures.pre.total)
        yield _say("X858", lang, sum=total, size=str(figures.size), result=_a_head(figures.pre, decision, BEFORE))
    if figures.post:
        yield _say("X859", lang, sum=formula(figures), result=_a_head(figures.post, decision, AFTER))
    if line:
        values = {"line": yuan(line.value), "area": line.area, "since": line.since.isoformat(), "source": line.source}
        yield _say("X860", lang, **values)


def formula(figures: Figures) -> str:
    """The sum of the form: （62320－35300－4700）÷12÷3; the months and persons are those of the divisor."""
    parts = "－".join(yuan(fen) for fen in (figures.income_total or 0, *(fen for _, fen in figures.deducted)))
    return f"（{parts}）÷12÷{figures.size}"


#: The clauses that compare the income before, and after, rigid expenses.
BEFORE = ("5(一)1.收入", "5(一)2后段.扣前", "5(一)3.扣前", "75号六")
AFTER = ("5(一)2后段.扣后", "5(二)", "5(三)")


def _a_head(amount: Amount, decision: Decision, ids: tuple[str, ...]) -> str:
    """A month's yuan a head to 0.01, with the digits of the clause where rounding would contradict its verdict."""
    plain = rounded(amount.total, 100 * amount.divisor)
    told = [clause.left for clause in decision.clauses if clause.id in ids]
    return max((text for text in told if len(text.partition(".")[2]) > 2), key=len, default=plain)


def _income(line: IncomeLine, lang: str) -> str:
    counted = _say("X861", lang) if line.counted is None else yuan(line.counted)
    why = "；".join(part for part in (line.imputed_by, _reason(line.reason, lang)) if part)
    return _say("X862", lang, person=line.person, kind=line.kind, counted=counted, why=f"（{why}）" if why else "")


def _expense(line: ExpenseLine, lang: str) -> str:
    counted = _say("X861", lang) if line.counted is None else yuan(line.counted)
    claimed = _say("X861", lang) if line.claimed is None else yuan(line.claimed)
    why = _reason(line.reason, lang)
    return _say("X863", lang, kind=line.kind, claimed=claimed, counted=counted, why=f"（{why}）" if why else "")


def _reason(code: str, lang: str) -> str:
    return words(code, lang=lang) if code else ""


def _clauses(decision: Decision, lang: str) -> Iterator[str]:
    """Each clause under its article and sentence, in article order."""
    if not decision.clauses:
        return
    yield ""
    yield _say("X864", lang)
    line = decision.line.value if decision.line else None
    for (article, quote), found in groupby(decision.clauses, key=lambda clause: (clause.article, clause.quote)):
        yield f"  {article}：“{quote}”"
        for clause in found:
            said = clauses.said(clause, line, lang=lang)
            yield "    " + _say("X868", lang, mark=clauses.mark(clause, lang=lang), said=said)


def _missing(decision: Decision, lang: str) -> Iterator[str]:
    if decision.missing:
        yield ""
        yield _say("X869", lang, possible="、".join(decision.possible))
        yield from (f"  {item(name, lang=lang)}" for name in decision.missing)


def item(name: str, *, lang: str = "zh") -> str:
    """A missing item as a clerk would say it: 支出!证明材料(医疗) → “支出”表“医疗”一行的“证明材料”."""
    sheet, _, rest = name.partition("!")
    column, _, row = rest.removesuffix(")").partition("(")
    if not row:
        return _say("X878", lang, sheet=sheet, column=column)
    return _say("X880" if sheet == "当地设置" else "X879", lang, sheet=sheet, column=column, row=row)


def _changes(decision: Decision, lang: str) -> Iterator[str]:
    if decision.changes:
        yield ""
        yield _say("X870", lang)
        yield from ("  " + words(change.code, change.values, lang=lang) for change in decision.changes)


def _remarks(decision: Decision, findings: tuple[Finding, ...], lang: str) -> Iterator[str]:
    yield ""
    yield from (_say("X871", lang, codes=told) for told in _found(decision, findings, lang))
    yield from (_say("X848", lang, flag=flagged(flag, lang=lang)) for flag in decision.flags)
    if decision.aid_candidates:
        yield _say("X872", lang, aid="、".join(decision.aid_candidates))
    if decision.funds:
        yield _say("X873", lang, funds="、".join(decision.funds))
    if decision.rules_until:
        yield _say("X874", lang, until=decision.rules_until.isoformat())


def flagged(flag: str, *, lang: str = "zh") -> str:
    """A flag as its sentence with the code behind it; the code alone where it has none."""
    return _say("X913", lang, said=words(FLAGS[flag], lang=lang), flag=flag) if flag in FLAGS else flag


def _found(decision: Decision, findings: tuple[Finding, ...], lang: str) -> Iterator[str]:
    """What the decision names by code: the sentences of the workbook's check, or those of the law."""
    for code in decision.findings:
        told = [sentence(finding, lang=lang) for finding in findings if finding.code == code]
        yield from told or [_finding(code, lang)]


def _finding(code: str, lang: str) -> str:
    """A finding of the law itself in full; one of a cell, told without its place, by its code alone."""
    if not code.startswith(("E80", "W80")):
        return code
    return f"{code} {words(code, lang=lang)} {words(code, lang=lang, part='do')}"


FLAGS = {
    "AMB-01": "X881",
    "AMB-02": "X882",
    "AMB-03": "X883",
    "AMB-05": "X885",
    "AMB-06": "X886",
    "AMB-07": "X887",
    "AMB-08": "X888",
    "AMB-09": "X889",
    "AMB-12": "X892",
    "AMB-13": "X893",
    "AMB-20": "X894",
    "AMB-21": "X896",
    "AMB-26": "X895",
}
