"""可用性: every file opens, in an open format, without a lock."""

from __future__ import annotations

from collections.abc import Iterable

from formgen import messages
from formgen.keep import fitness, pages
from formgen.keep.properties import Check, Outcome, Subject, judged, passed, untested

_BASIS = "DA/T 70-2018 可用性"
_PDFA = b"pdfaid:part"


def readable(subject: Subject) -> Outcome:
    """The metadata can be read."""
    paths = (path for path in subject.listing.files if path.startswith(("metadata/", "data/export/")))
    return judged(_closed(paths, subject), "元数据和录入信息均可读取")


def opens(subject: Subject) -> Outcome:
    """The content can be opened."""
    return judged(_closed(subject.records(), subject), f"{len(subject.records())} 个文件均可打开")


def formats(subject: Subject) -> Outcome:
    """The formats are on the list."""
    allowed = subject.policy.formats["allowed"]
    return judged(
        (f"{path} 不是长期保存格式" for path in subject.records() if fitness.ending(path) not in allowed),
        "格式均在清单内",
    )


def archival(subject: Subject) -> Outcome:
    """Every item of pages has them in PDF/A; the claim in the file itself is read, a validation is not run here.

    Sound, film and plain text are kept as they are.
    """
    items = {path.split("/")[2] for path in subject.records()}
    made = {p.split("/")[2] for p in subject.records() if p.endswith(".pdf") and _PDFA in subject.read(p)}
    paged = {p.split("/")[2] for p in subject.records() if fitness.ending(p) in pages.OFFICE | pages.COUNTED}
    lost = sorted(items & paged - made)
    if not made and lost:
        return untested("未转换为 PDF/A：本机没有转换工具，仅存原件")
    return judged((f"第 {folder.split('-')[0]} 件未转换为 PDF/A" for folder in lost), f"{len(made)} 件有 PDF/A 版式")


def environment(subject: Subject) -> Outcome:
    """The software that made the bag is recorded."""
    return (
        passed("见 premis-events.jsonl 的 agent")
        if b'"agent"' in subject.read("metadata/premis-events.jsonl")
        else (untested("没有软硬件环境记录"))
    )


def unlocked(subject: Subject) -> Outcome:
    """No encryption and no packing that is not public stands in the way."""
    wrong = (path for path in subject.records() if fitness.is_locked(path, subject.read(path)))
    return judged(wrong, "无加密、无非公开压缩")


def _closed(paths: Iterable[str], subject: Subject) -> list[str]:
    """The files of a bag that cannot be opened, with the reason."""
    told = ((path, fitness.closed(path, subject.read(path))) for path in paths)
    return sorted(f"{path}{messages.words(why)}" for path, why in told if why)


CHECKS = (
    Check("可用性", "元数据可读", _BASIS, readable),
    Check("可用性", "内容可打开", _BASIS, opens),
    Check("可用性", "格式在清单内", _BASIS + "；DA/T 47", formats),
    Check("可用性", "长期保存版式（PDF/A）", _BASIS + "；DA/T 47", archival),
    Check("可用性", "软硬件环境", _BASIS, environment),
    Check("可用性", "无加密和压缩障碍", _BASIS, unlocked),
)
