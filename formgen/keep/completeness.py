"""完整性: nothing that belongs to the dossier is absent, and the numbering has no gaps."""

from __future__ import annotations

import json
import re
from datetime import date

from formgen import workdays
from formgen.keep import pages, register, retention
from formgen.keep.metadata import ENTERED, PAID
from formgen.keep.properties import Check, Outcome, Subject, failed, judged, passed, untested

_BASIS = "DA/T 70-2018 完整性"
_FOLDER = re.compile(r"data/records/(\d+)-(\d\d)/")
REVIEW = "12"
_NEEDED = ("电子文件号", "题名", "日期", "密级", "计算机文件名", "计算机文件大小", "格式信息")


def amount(subject: Subject) -> Outcome:
    """The number of items and the total size as stated."""
    folders = {match[1] for path in subject.records() if (match := _FOLDER.match(path))}
    wrong = (
        [] if len(folders) == len(subject.catalogue) else [f"目录 {len(subject.catalogue)} 件，实有 {len(folders)} 件"]
    )
    if subject.is_closed and "E710" in {finding.code for finding in subject.fixity.findings}:
        wrong.append("总字节数与 Payload-Oxum 不符")
    return judged(wrong, f"{len(folders)} 件，与目录相符")


def mandatory(subject: Subject) -> Outcome:
    """The mandatory metadata are there."""
    lost = [name for name in _NEEDED if not subject.stated(name)]
    return judged((f"缺少元数据 {name}" for name in lost), "必备元数据齐全")


def gapless(subject: Subject) -> Outcome:
    """Item numbers follow from 1 without gaps."""
    found = sorted({int(match[1]) for path in subject.records() if (match := _FOLDER.match(path))})
    lost = sorted(set(range(1, max(found, default=0) + 1)) - set(found))
    return judged((f"缺第 {place} 件" for place in lost), f"件号 1 至 {max(found, default=0)} 连续")


def process(subject: Subject) -> Outcome:
    """The events of the file's life are recorded."""
    lines = _events(subject)
    return passed(f"过程信息 {len(lines)} 条") if lines else failed("没有过程信息，或过程信息无法读取")


def catalogued(subject: Subject) -> Outcome:
    """Each line of the catalogue has content."""
    held = {int(match[1]) for path in subject.records() if (match := _FOLDER.match(path))}
    lost = [row for row in subject.catalogue if not row.get("序号", "").isdigit() or int(row["序号"]) not in held]
    return judged((f"目录第 {row.get('序号')} 行没有实体" for row in lost), "目录与实体一致")


def materials(subject: Subject) -> Outcome:
    """The materials that 附件注六 asks for; what a supplement brought counts for the dossier it belongs to."""
    if register.is_supplement(subject.number):
        return passed("补充包，材料与原档案合并计算")
    held = {match[2] for path in subject.records() if (match := _FOLDER.match(path))}
    for added in subject.folder.parent.glob(f"{subject.folder.name}-S[0-9][0-9]/data/records/*"):
        held.add(added.name.rpartition("-")[2])
    reason = str(subject.case.get("撤档原因") or "")
    lost = [m.title for m in subject.policy.needed(reason) if m.code not in held]
    return judged((f"缺{title}" for title in lost), "附件注六所列材料齐全")


def paged(subject: Subject) -> Outcome:
    """The pages that the catalogue states, against those of the PDF."""
    wrong, seen = [], 0
    for path in (p for p in subject.records() if p.endswith("/archive.pdf")):
        match = _FOLDER.match(path)
        row = next((r for r in subject.catalogue if match and r.get("序号") == str(int(match[1]))), {})
        counted = pages.count(path, subject.read(path))
        seen += 1
        if row.get("页数") != str(counted):
            wrong.append(f"{path} 实为 {counted} 页，目录写 {row.get('页数') or '空'}")
    return judged(wrong, f"{seen} 份 PDF 的页数与目录一致") if seen else untested("没有 PDF，页数由人工核对")


def publicity(subject: Subject) -> Outcome:
    """The publicity lasted long enough."""
    first, last = _day(subject.case.get("公示开始日期")), _day(subject.case.get("公示结束日期"))
    if first is None or last is None:
        return untested("没有公示起止日期")
    least = int(subject.policy.duties["notice"])
    try:
        is_long = retention.notice_is_long_enough(first, last, least)
    except workdays.UnknownYear as unknown:
        return untested(f"{unknown.year} 年放假安排未收录")
    return passed(f"{first} 至 {last}") if is_long else failed(f"{first} 至 {last} 不足 {least} 个工作日")


def in_step(subject: Subject) -> Outcome:
    """Paper and electronic file were brought in step in time, as the concordance says."""
    rows = subject.read("metadata/concordance.csv").decode("utf-8-sig", errors="replace")
    if "超过" in rows:
        return failed("纸质与电子档案未在规定的工作日内同步")
    return passed("纸质与电子档案按期同步") if "同步" in rows else untested("没有纸质、电子更新日期")


def funded(subject: Subject) -> Outcome:
    """The use of funds was entered in time."""
    acts = {str(event.get("业务行为")): _day(event.get("行为时间")) for event in _events(subject)}
    law = subject.policy.duties
    entered = retention.duty("", acts.get(PAID), acts.get(ENTERED), int(law["funds"]), str(law["funds_authority"]))
    if entered.start is None or entered.done is None:
        return untested("没有发放日期" if entered.start is None else "没有资金录入日期")
    if entered.is_met is None:
        return untested("这几年的放假安排未收录")
    said = f"发放后第 {entered.used} 个工作日录入，应在 {entered.limit} 个工作日内"
    return passed(said) if entered.is_met else failed(said)


def reviewed(subject: Subject) -> Outcome:
    """Papers of the yearly review, where the household was on file for a year or longer."""
    first, last = _day(subject.case.get("建档日期")), _day(subject.case.get("撤档日期"))
    held = {path.split("/")[2] for path in subject.records()}
    if count := sum(folder.endswith(f"-{REVIEW}") for folder in held):
        return passed(f"年度复核材料 {count} 件")
    if first and last and last < retention.corresponding(first, 1):
        return passed("在档不满一年")
    return untested("卷内没有年度复核材料，是否每年复核由人工核对")


def _events(subject: Subject) -> list[dict]:
    """The recorded events; none where they cannot be read."""
    try:
        return [json.loads(line) for line in subject.read("metadata/premis-events.jsonl").splitlines()]
    except ValueError:
        return []


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


CHECKS = (
    Check("完整性", "件数、总量相符", _BASIS, amount),
    Check("完整性", "必备元数据", _BASIS + "；GB/T 18894-2016", mandatory),
    Check("完整性", "件号连续性", _BASIS, gapless),
    Check("完整性", "过程信息", _BASIS, process),
    Check("完整性", "目录与实体一致", _BASIS, catalogued),
    Check("完整性", "建档材料齐全", "皖工发〔2017〕51号附件注六", materials),
    Check("完整性", "页数相符", _BASIS, paged),
    Check("完整性", "公示期限", "皖工发〔2017〕51号第八条（二）", publicity),
    Check("完整性", "纸质与电子档案同步", "皖工发〔2017〕51号第十三条（二）", in_step),
    Check("完整性", "帮扶资金录入", "皖工发〔2017〕51号第十三条（二）", funded),
    Check("完整性", "年度复核", "皖工发〔2017〕51号第十三条（二）", reviewed),
)
