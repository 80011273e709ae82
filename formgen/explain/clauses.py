"""One test of the law as a sentence: what was found, what it is measured against, and by how much they differ."""

from __future__ import annotations

from decimal import Decimal

from formgen.household import Fen
from formgen.messages import words
from formgen.model import Clause, Decision
from formgen.rules.anhui.evidence import CAR, SPECIAL_CAR
from formgen.rules.anhui.numerals import yuan
from formgen.rules.anhui.resolutions import SINGLE

#: Clause → the message that says its fact: ``what`` when it is so, ``no`` when it is not, ``open`` while it is unknown.
#: Of a comparison of money it is the name of the household's figure.
_SAID = {
    "5(一)1.收入": "X920",
    "5(一)1.低保户": "X921",
    "5(一)1.救助后仍困难": "X922",
    "5(一)2前段.月数": "X923",
    "5(一)2前段.政府救助": "X924",
    "5(一)2前段.特别困难": "X922",
    "5(一)2后段.扣前": "X920",
    "5(一)2后段.支出": "X925",
    "5(一)2后段.扣后": "X926",
    "5(一)3.扣前": "X920",
    "5(一)3.事件": "X927",
    "5(一)3.赔付": "X919",
    "5(一)3.救治费用": "X825",
    "5(一)3.支出": "X928",
    "5(一)3": "X926",
    "5(一)3.字面": "X929",
    "5(一)3.只扣意外": "X826",
    "5(一)4.扣前": "X920",
    "5(一)4.特别困难": "X922",
    "5(一)4": "X930",
    "5(一)4.资产不除以12": "X931",
    "5(一)4.集体研究": "X827",
    "5(一)5": "X932",
    "5(二)": "X926",
    "5(三)": "X926",
    "7(一)": "X933",
    "7(二)": "X934",
    "7(三)": "X935",
    "7(四)": "X936",
    "7(五)": "X937",
    "7(六)": "X938",
    "7(七)": "X939",
    "75号一.稳定": "X940",
    "75号一.证明": "X828",
    "75号一.工资": "X829",
    "75号一.户籍": "X830",
    "75号二": "X941",
    "75号二.三必查": "X942",
    "75号二.走访": "X995",
    "75号三.7(一)": "X943",
    "75号三.7(三)": "X944",
    "75号六": "X920",
    "8(一)": "X945",
}
MARKS = {True: "X865", False: "X866", None: "X867"}
BARS = {True: "X875", False: "X876", None: "X867"}
#: clauses that stand beside for comparison and decide nothing
REFERENCES = ("5(一)3.字面", "5(一)4.资产不除以12")
STOP = "75号六"
_CENT = Decimal("0.01")


def is_bar(clause: Clause) -> bool:
    """Whether the clause is an exclusion: that it holds speaks against the household."""
    return clause.id.startswith("7(")


def is_presumed(clause: Clause) -> bool:
    """Whether the exclusion is a presumption the household may disprove: nobody saw the car in use (AMB-12)."""
    return is_bar(clause) and clause.holds is True and clause.left.startswith(CAR)


def is_reference(clause: Clause) -> bool:
    """Whether the clause stands beside for comparison only and decides nothing."""
    return clause.id in REFERENCES


def mark(clause: Clause, decision: Decision | None = None, *, lang: str = "zh") -> str:
    """How the clause came out: holds, fails, open; of an exclusion whether it is the case; empty for a body's word.

    Of an income that goes to a body the ``decision`` knows whether it has been there.
    """
    if not clause.op:
        return ""
    if is_reference(clause):
        return words("X831", lang=lang)
    if clause.id == STOP and clause.holds is False:
        return words("X996" if decision and is_studied(decision) else "X832", lang=lang)
    part = "presumed" if is_presumed(clause) else "what"
    return words((BARS if is_bar(clause) else MARKS)[clause.holds], lang=lang, part=part)


def is_studied(decision: Decision) -> bool:
    """Whether a body has decided what it alone can decide (一事一议)."""
    return any(row.matter == SINGLE for row in decision.resolutions)


def marked(clause: Clause, line: Fen | None, decision: Decision | None = None, *, lang: str = "zh") -> str:
    """The mark and the sentence of a clause together."""
    told, sentence = mark(clause, decision, lang=lang), said(clause, line, lang=lang)
    return words("X868", {"mark": told, "said": sentence}, lang=lang) if told and sentence else told or sentence


def said(clause: Clause, line: Fen | None, *, lang: str = "zh") -> str:
    """What was found, as a sentence without full stop. ``line`` is the subsistence line in fen, where it is known."""
    year = (
        words(_relation(clause), _figures(clause, line, lang), lang=lang, part="year") if _is_of_money(clause) else ""
    )
    return in_brief(clause, line, lang=lang) + year


def in_brief(clause: Clause, line: Fen | None, *, lang: str = "zh") -> str:
    """The same without the household's year, as a letter tells it."""
    if not clause.op:
        return clause.left
    if _is_of_money(clause):
        return words(_relation(clause), _figures(clause, line, lang), lang=lang)
    values = {"left": clause.left, "right": clause.right, "between": clause.between}
    return words(_SAID[clause.id], values, lang=lang, part=_part(clause))


def _is_of_money(clause: Clause) -> bool:
    """Whether a month's yuan a head are compared."""
    return clause.op in ("<=", ">") and clause.id.rpartition(".")[2] != "支出"


def _part(clause: Clause) -> str:
    if is_bar(clause):
        return _part_of_bar(clause)
    if clause.id == "5(一)3.事件":
        return {True: "what", False: "no", None: "open"}[clause.holds]
    if not clause.left or clause.holds is None:
        return "unsettled" if clause.left else "open"
    if clause.op == "=":
        return "what" if clause.left == "是" else "no"
    return "no" if clause.holds is False else "what"


def _part_of_bar(clause: Clause) -> str:
    """What is told of an exclusion: the case, not so, open, found but not settled, presumed, or so but excused."""
    if clause.holds is None:
        return "unsettled" if clause.left else "open"
    is_found = int(clause.left) >= int(clause.right) if clause.op == ">=" else clause.left not in ("否", "")
    if clause.holds:
        return "presumed" if is_presumed(clause) else "what"
    if not is_found:
        return "no"
    return "special" if clause.left == SPECIAL_CAR else "excused"


def _figures(clause: Clause, line: Fen | None, lang: str) -> dict[str, str]:
    """A month's yuan a head beside the line, or a multiple of it."""
    return {
        "subject": words(_SAID[clause.id], lang=lang),
        "left": clause.left,
        "standard": _standard(clause.right, line, lang),
        "right": clause.right,
        "margin": _plain(clause.margin_yuan),
        "year": _plain(clause.gap_year_yuan),
    }


def _plain(yuan: str) -> str:
    """How far apart, without sign and without zeros behind the point that say nothing."""
    return yuan.lstrip("-").removesuffix(".00")


def _relation(clause: Clause) -> str:
    """The message of a comparison: below, equal, above; without a figure what is certain nevertheless."""
    if not clause.left:
        is_above = clause.holds if clause.op == ">" else clause.holds is False
        return "X908" if clause.holds is None else "X910" if is_above else "X909"
    margin = Decimal(clause.margin_yuan)
    return "X905" if margin > 0 else "X907" if margin < 0 else "X906"


def _standard(right: str, line: Fen | None, lang: str) -> str:
    """The subsistence line, or how many times of it the standard is."""
    once = Decimal(yuan(line)) if line else Decimal(0)
    if not once or abs(Decimal(right) - once) < _CENT:
        return words("X911", lang=lang)
    times = (Decimal(right) / once).quantize(_CENT)
    return words("X912", {"times": f"{times.normalize():f}"}, lang=lang)
