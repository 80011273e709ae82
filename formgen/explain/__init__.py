"""A decision in words: the result, the sum, each clause with its sentence, what is missing, what would change it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from itertools import groupby

from formgen.explain import clauses, sums
from formgen.explain.grounds import branch, grounds, resolved
from formgen.explain.remedies import OF_A_BODY, UNTRUE, remedies
from formgen.explain.sums import AFTER, a_head
from formgen.explain.wanting import lacking
from formgen.household import Case
from formgen.messages import sentence, words
from formgen.model import Clause, Decision, Finding
from formgen.rules.anhui.aid import CENTRAL
from formgen.rules.anhui.numerals import rounded, yuan
from formgen.rules.anhui.resolutions import EXAMPLE
from formgen.rules.anhui.tiers import PENDING


def in_short(
    decision: Decision, case: Case | None = None, *, lang: str = "zh", findings: Iterable[Finding] = ()
) -> str:
    """One line: case, tier, status, article, per-head figures; below it what is missing, to be looked at, or wrong."""
    figures = decision.figures
    parts = [decision.case_no, decision.tier, _say(STATUSES[decision.status], lang), article(decision.branch) or "—"]
    for code, amount in (("X845", figures and figures.pre), ("X846", figures and figures.post)):
        if amount:
            parts.append(_say(code, lang, amount=rounded(amount.total, amount.divisor * 100)))
    if decision.line:
        parts.append(_say("X839", lang, amount=yuan(decision.line.value)))
    settled = matters(decision)
    below = [
        *(resolved(row, lang=lang) for row in decision.resolutions),
        *(_say("X847", lang, name=lacking(name, case, decision, lang=lang)) for name in decision.missing),
        *(_say("X848", lang, flag=flagged(flag, settled, lang=lang)) for flag in decision.flags),
        *(_say("X849", lang, told=told) for told in _found(decision, tuple(findings), lang)),
    ]
    return "\n    ".join(["  ".join(parts), *below])


STATUSES = {"auto": "X840", "human": "X841", "insufficient": "X842", "blocked": "X843", "invalid": "X844"}


def explain(case: Case | None, decision: Decision, *, lang: str = "zh", findings: Iterable[Finding] = ()) -> str:
    """The decision as a person would say it, several lines.

    ``findings`` are those of the workbook's check; what the decision names by code is told in their sentences.
    """
    refused = grounds(decision, case, lang=lang)
    sections = (
        sums.told(case, decision, lang=lang),
        _resolutions(case, lang),
        _clauses(decision, refused, lang),
        _missing(case, decision, lang),
        _changes(decision, refused, lang),
    )
    parts = [_result(decision, refused, lang)]
    for number, (title, *lines) in enumerate(found for found in map(list, sections) if found):
        parts += ["", _say("X834", lang, number=words("X835", lang=lang)[number], title=title), *lines]
    return "\n".join([*parts, *_remarks(decision, tuple(findings), lang)])


def _say(code: str, lang: str, **values: str) -> str:
    return words(code, values, lang=lang)


def _result(decision: Decision, refused: Iterable[Clause], lang: str) -> str:
    """The result in one sentence, with the sentence of law, or the body's word, where the household is refused."""
    cap = next((clause.right for clause in decision.clauses if clause.id == "5(三)"), "")
    if decision.branch == "5" and decision.figures and decision.figures.post and cap:
        post = a_head(decision.figures.post, decision, AFTER)
        return _say("X877", lang, case=decision.case_no, tier=decision.tier, post=post, cap=cap)
    own = [clause for clause in refused if branch(clause) == decision.branch]
    values = {
        "case": decision.case_no,
        "tier": decision.tier,
        "branch": article(decision.branch) or _say("X850", lang),
        "body": decision.body,
        "quote": _say("X837", lang, quote=own[0].quote) if own else "",
        "said": own[0].left if own and own[0].id.endswith((OF_A_BODY, UNTRUE)) else "",
    }
    if values["said"]:
        return _say("X836", lang, **values)
    return _say(_code(decision), lang, **values)


def _code(decision: Decision) -> str:
    """The message of a result: apart stand what a body has decided, and a tier that it has only to agree to."""
    if decision.status == "human" and decision.tier != PENDING:
        return "X956"
    if decision.status == "auto" and decision.branch == clauses.STOP:
        return "X960"
    return RESULTS[decision.status]


RESULTS = {"auto": "X851", "human": "X852", "insufficient": "X853", "blocked": "X854", "invalid": "X855"}


def article(branch: str | None) -> str:
    """A branch as one would say it: 5(一)2前段 → 第五条（一）2前段, 75号六 → 75号文第六条; empty for None."""
    if not branch:
        return ""
    if branch.startswith("75号"):
        return f"75号文第{branch[3:]}条"
    number = {"5": "第五条", "6": "第六条", "7": "第七条", "8": "第八条"}.get(branch[0], branch[0])
    return number + branch[1:].replace("(", "（").replace(")", "）")


def _resolutions(case: Case | None, lang: str) -> Iterator[str]:
    """What bodies decided, each row of 集体研究 as a sentence."""
    rows = [row for row in case.resolutions if row.agreed is not None] if case else []
    if rows:
        yield _say("X955", lang)
        yield from (f"  {resolved(row, lang=lang)}" for row in rows)


def _clauses(decision: Decision, refused: Iterable[Clause], lang: str) -> Iterator[str]:
    """Each clause under its article and sentence, in article order; last what was refused without a comparison."""
    others = [clause for clause in refused if clause not in decision.clauses]
    found = [*decision.clauses, *others]
    if not found:
        return
    yield _say("X864", lang)
    line = decision.line.value if decision.line else None
    for _, group in groupby(found, key=branch):
        first, *rest = group
        quoted = {first.quote}
        yield f"  {first.article}：“{first.quote}”"
        for clause in (first, *rest):
            other = "" if clause.quote in quoted else f"（{clause.article}：“{clause.quote}”）"
            quoted.add(clause.quote)
            yield f"    {clauses.marked(clause, line, decision, lang=lang)}{other}"


def _missing(case: Case | None, decision: Decision, lang: str) -> Iterator[str]:
    if decision.missing:
        yield _say("X869", lang, possible="、".join(decision.possible))
        yield from (f"  {lacking(name, case, decision, lang=lang)}" for name in decision.missing)


def _changes(decision: Decision, refused: Iterable[Clause], lang: str) -> Iterator[str]:
    found = remedies(decision, refused, lang=lang)
    if found:
        yield _say("X870", lang)
        yield from (f"  {sentence}" for sentence in found)


def _remarks(decision: Decision, findings: tuple[Finding, ...], lang: str) -> Iterator[str]:
    yield ""
    yield from (_say("X871", lang, codes=told) for told in _found(decision, findings, lang))
    settled = matters(decision)
    yield from (_say("X848", lang, flag=flagged(flag, settled, lang=lang)) for flag in decision.flags)
    if decision.aid_candidates:
        yield _say("X872", lang, aid="、".join(decision.aid_candidates))
    if decision.funds:
        yield _funds(decision, lang)
    if decision.rules_until:
        yield _say("X874", lang, until=decision.rules_until.isoformat())


def _funds(decision: Decision, lang: str) -> str:
    """The funds in question; those of the centre wait until the reading they rest on is settled (AMB-03)."""
    waits = OF_EXAMPLE in decision.flags and CENTRAL in decision.funds
    named = "、".join(fund for fund in decision.funds if not (waits and fund == CENTRAL))
    return words("X873", {"funds": named, "held": CENTRAL}, lang=lang, part="held" if waits else "what")


def matters(decision: Decision) -> tuple[str, ...]:
    """What bodies have decided of the case, as ``settled`` of a flag."""
    return tuple(row.matter for row in decision.resolutions if row.matter)


def flagged(flag: str, settled: Container[str] = (), *, lang: str = "zh") -> str:
    """A flag as its sentence with the code behind it; the code alone where it has none.

    ``settled`` are the matters bodies have decided: what they decided is not asked of them again.
    """
    said = doubt(flag, settled, lang=lang)
    return _say("X913", lang, said=said, flag=flag) if said else flag


def doubt(flag: str, settled: Container[str] = (), *, lang: str = "zh") -> str:
    """The sentence of a flag alone; empty where it has none."""
    part = "settled" if flag == OF_EXAMPLE and EXAMPLE in settled else "what"
    return words(FLAGS[flag], lang=lang, part=part) if flag in FLAGS else ""


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


OF_EXAMPLE = "AMB-03"  # whether 第五条（一）3 deducts as example 1 does
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
