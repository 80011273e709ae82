"""四性检测: all checks of a stage over one bag, and the report; what was not run says 未检测 and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from formgen.keep import authenticity, completeness, safety, usability
from formgen.keep.properties import FAILED, PROPERTIES, STAGES, UNTESTED, Check, Result, Subject

CHECKS: tuple[Check, ...] = (*authenticity.CHECKS, *completeness.CHECKS, *usability.CHECKS, *safety.CHECKS)
HEADINGS = ("档号", "编号", "属性", "检测项", "依据", "结论", "证据")
_LETTERS = dict(zip((*STAGES, *PROPERTIES), ("GD", "YJ", "CQ", "ZS", "WZ", "KY", "AQ"), strict=True))


def run(subject: Subject, *, stage: str) -> tuple[Result, ...]:
    """Every check of the stage (归档, 移交 or 长期保存) in order."""
    made = []
    counted = dict.fromkeys(PROPERTIES, 0)
    for check in CHECKS:
        counted[check.property] += 1
        if stage not in check.stages:
            continue
        outcome = check.look(subject)
        code = f"{_LETTERS[stage]}-{_LETTERS[check.property]}-{counted[check.property]:02d}"
        made.append(Result(code, check.property, check.title, check.basis, outcome.verdict, outcome.evidence))
    return tuple(made)


def report_text(results: Sequence[Result]) -> bytes:
    """The report as JSON; the codes are our own numbering of the items of DA/T 70-2018."""
    said = {"标准": "DA/T 70-2018", "编号说明": "编号为程序自定", "结论": verdict(results)}
    return (
        json.dumps({**said, "项目": [asdict(r) for r in results]}, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"
    )


def verdict(results: Sequence[Result]) -> str:
    """All in one word: 不合格 when one item failed, else 合格, with the number of items that were not run."""
    missing = sum(result.verdict == UNTESTED for result in results)
    wrong = sum(result.verdict == FAILED for result in results)
    return f"{'不合格' if wrong else '合格'}（不合格 {wrong} 项，未检测 {missing} 项）"


__all__ = ["CHECKS", "HEADINGS", "STAGES", "Result", "Subject", "report_text", "run", "verdict"]
