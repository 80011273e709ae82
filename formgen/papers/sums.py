"""Computed tags of the sum: the formula of 建档计算方式 and the tables of income and rigid expenses."""

from __future__ import annotations

from formgen.explain import sums
from formgen.household import Case, Expense, Fen, Income
from formgen.messages import words
from formgen.model import Amount, Decision, ExpenseLine, Figures, IncomeLine
from formgen.money import yuan
from formgen.papers.printed import month_yuan
from formgen.rules.anhui.flags import DISASTER_BRANCH
from formgen.rules.anhui.income import MONTHS

NONE, UNKNOWN = "—", "待核"
KNOWN = {
    "建档计算方式": "算式，如 （62320－35300－4700）÷12÷3＝620.00元（附：建档计算方式）；第五条（一）4用它自己的",
    "月人均收入": "扣除刚性支出后的月人均收入，两位小数（元）",
    "扣除前月人均收入": "第六条的家庭人均月收入，两位小数（元）",
    "扣除前计算方式": "第六条的算式",
    "家庭年总收入": "计入的年收入合计（元）",
    "刚性支出合计": "扣除的刚性支出合计（元）",
    "收入年度": "申请年的上一年度",
    "计入人口": "按规则计入的家庭人口数",
    "收入明细": "每人每项收入一行，用 {%tr for … %} 循环",
    "支出明细": "每项支出一行，用 {%tr for … %} 循环",
    **{
        f"收入明细.{column}": text
        for column, text in {
            "序号": "1、2、3…",
            "姓名": "家庭成员姓名",
            "关系": "与户主关系",
            "类别": "工资性、经营净、财产净、转移净",
            "年收入": "申报的年收入（元）",
            "个人所得税": "元",
            "五险一金": "个人缴纳部分，元",
            "计入": "计入家庭年总收入的金额（元）；未知为“待核”",
            "说明": "认定收入的条款，或未计入的原因",
            "证明": "证明材料，没有为“未附”",
        }.items()
    },
    **{
        f"支出明细.{column}": text
        for column, text in {
            "序号": "1、2、3…",
            "姓名": "为谁支出",
            "类别": "医疗、大学教育、意外…",
            "年度": "支出年度",
            "申报": "申报金额（元）",
            "扣除": "可扣除的金额（元）；未知为“待核”",
            "说明": "没有全部扣除的原因",
            "证明": "证明材料，没有为“未附”",
            "票据号": "票据号",
        }.items()
    },
}


def tags(case: Case, decision: Decision) -> dict[str, object]:
    """The computed tags of the sum; all None or empty when the household could not be added up."""
    figures = decision.figures
    if figures is None:
        return _NOTHING
    deducted = sum(fen for _, fen in figures.deducted)
    return {
        "建档计算方式": formula(case, decision),
        "月人均收入": month_yuan(figures.post) if figures.post else None,
        "扣除前月人均收入": month_yuan(figures.pre) if figures.pre else None,
        "扣除前计算方式": _before(figures),
        "家庭年总收入": _money(figures.income_total),
        "刚性支出合计": yuan(deducted) if figures.post else None,
        "收入年度": str(figures.income_year),
        "计入人口": str(figures.size),
        "收入明细": _incomes(case, figures),
        "支出明细": _expenses(case, figures),
    }


_NOTHING: dict[str, object] = {tag: () if tag.endswith("明细") else None for tag in KNOWN if "." not in tag}


def formula(case: Case, decision: Decision) -> str | None:
    """（62320－35300－4700）÷12÷3＝620.00元, with the household's own figures; None when the sum is not known.

    第五条（一）4 has a formula of its own, for this item alone.
    """
    figures = decision.figures
    if figures is None or figures.post is None or figures.income_total is None:
        return None
    if decision.branch == DISASTER_BRANCH:
        return _with_wealth(case, figures, figures.income_total)
    return f"{sums.formula(figures)}＝{month_yuan(figures.post)}元"


def _with_wealth(case: Case, figures: Figures, income: Fen) -> str | None:
    """（80000＋5000－62000）÷12÷3＝638.89元: income, investments and savings less what the accident cost."""
    costs = [line.counted for line in figures.expenses if line.for_event]
    if case.investments is None or case.savings is None or None in costs:
        return None
    spent = sum(fen for fen in costs if fen)
    added = "".join(f"＋{sums.signed(fen)}" for fen in (case.investments, case.savings) if fen)
    a_head = Amount(income + case.investments + case.savings - spent, MONTHS * figures.size)
    return f"（{sums.signed(income)}{added}{sums.MINUS}{sums.signed(spent)}）÷12÷{figures.size}＝{month_yuan(a_head)}元"


def _before(figures: Figures) -> str | None:
    if figures.pre is None or figures.income_total is None:
        return None
    return f"{sums.signed(figures.income_total)}÷12÷{figures.size}＝{month_yuan(figures.pre)}元"


def _money(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def _or_none(fen: int | None) -> str:
    return NONE if fen is None else yuan(fen)


def _counted(fen: int | None) -> str:
    return UNKNOWN if fen is None else yuan(fen)


def _proof(row: Income | Expense | None) -> str:
    if row is None or row.proof in (None, "无", "无法提供"):
        return "未附" if row is not None else NONE
    return str(row.proof)


def _incomes(case: Case, figures: Figures) -> tuple[dict[str, object], ...]:
    members = {member.row: member for member in case.members}
    rows = {income.row: income for income in case.incomes}
    return tuple(
        _income(number, line, members.get(line.member_row), rows.get(line.row))
        for number, line in enumerate(figures.incomes, 1)
    )


def _income(number: int, line: IncomeLine, member: object, row: Income | None) -> dict[str, object]:
    why = f"按{line.imputed_by}认定" if line.imputed_by else words(line.reason) if line.reason else ""
    return {
        "序号": str(number),
        "姓名": getattr(member, "name", None) or (row.name if row else None) or line.person,
        "关系": getattr(member, "relation", None) or line.person,
        "类别": line.kind or NONE,
        "年收入": _or_none(line.claimed),
        "个人所得税": _or_none(line.tax),
        "五险一金": _or_none(line.insurance),
        "计入": _counted(line.counted),
        "说明": why or NONE,
        "证明": _proof(row),
    }


def _expenses(case: Case, figures: Figures) -> tuple[dict[str, object], ...]:
    rows = {expense.row: expense for expense in case.expenses}
    return tuple(_expense(number, line, rows.get(line.row)) for number, line in enumerate(figures.expenses, 1))


def _expense(number: int, line: ExpenseLine, row: Expense | None) -> dict[str, object]:
    return {
        "序号": str(number),
        "姓名": (row.name if row else None) or line.person or NONE,
        "类别": line.kind or NONE,
        "年度": str(row.year) if row and row.year else NONE,
        "申报": _counted(line.claimed),
        "扣除": _counted(line.counted),
        "说明": sums.why_less(line) or NONE,
        "证明": _proof(row),
        "票据号": (row.receipt if row else None) or NONE,
    }
