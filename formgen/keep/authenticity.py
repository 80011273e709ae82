"""真实性: the content is what was sealed, and the metadata tell the truth about it."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter

from formgen.keep import eep, pages, register
from formgen.keep.properties import PASSED, Check, Outcome, Subject, failed, judged, passed, untested

_TAGS = re.compile(rb"<[^>]+>")
_BASIS = "DA/T 70-2018 真实性"
_MADE = re.compile(r"-(01|04)/original\.docx$|-09/archive\.pdf$")
PRINTED = {"01": ("职工姓名",), "04": ("职工姓名", "身份证号码", "月人均收入"), "09": ("银行卡号",)}  # by material


def fixity(subject: Subject) -> Outcome:
    """Digests of every file against both manifests."""
    if not subject.is_closed:
        return passed("封包时逐件计算 SHA-256 与 SHA-512，封包后整包自检，不符即放弃")
    wrong = [f"{f.place.file}（{f.code}）" for f in subject.fixity.findings if f.is_error]
    return judged(wrong, f"{subject.fixity.files} 个文件的摘要与清单一致")


def signature(subject: Subject) -> Outcome:
    """The electronic signature and time stamp over the batch or the bag, where there are any."""
    return subject.signature or untested("未签名：没有单位证书，以打印在目录和移交单上的摘要为准")


def number(subject: Subject) -> Outcome:
    """The archive number against its pattern."""
    if not subject.number and (subject.dossier is None or subject.dossier.is_open):
        return untested("未撤档，未取档号")
    return judged([] if register.is_number(subject.number) else [f"档号“{subject.number}”不合规则"], subject.number)


def schema(subject: Subject) -> Outcome:
    """Length, type, domain and format of the metadata against the schema."""
    return judged(eep.faults(subject.read("metadata/dossier.xml")), "dossier.xml 符合 eep.xsd")


def electronic(subject: Subject) -> Outcome:
    """Name, size and format that the metadata state, against the files."""
    named, sizes = subject.stated("计算机文件名"), subject.stated("计算机文件大小")
    wrong = [p for p, size in zip(named, sizes, strict=False) if str(subject.listing.files.get(p)) != size]
    return judged((f"{path} 的大小与元数据不符" for path in wrong), f"{len(named)} 个文件的名称、大小与元数据一致")


def linked(subject: Subject) -> Outcome:
    """Every file of an item stands in the metadata, and every one in the metadata is there."""
    named, held = set(subject.stated("计算机文件名")), set(subject.records())
    return judged(sorted(named ^ held), f"元数据与 {len(held)} 个文件一一对应")


def repeated(subject: Subject) -> Outcome:
    """No number stands for two items."""
    twice = [number for number, count in Counter(subject.stated("档号值")).items() if count > 1]
    return judged(twice, "档号、件号无重复")


def agrees(subject: Subject) -> Outcome:
    """The case as entered against the text of the papers made from it: name, identity and card number, the amount."""
    entered = {tag: str(subject.case.get(tag) or "") for tag in ("职工姓名", "身份证号码", "银行卡号")}
    entered["月人均收入"] = subject.per_head
    papers = [path for path in subject.records() if _MADE.search(path)]
    if not entered["职工姓名"] or not papers:
        return untested("没有可对照的申请书、申请表文本")
    wrong = []
    for path in papers:
        text = _text(path, subject.read(path))
        wrong += [f"{path} 中没有录入的{tag}" for tag in PRINTED[path.split("/")[2][-2:]] if entered[tag] not in text]
    return judged(wrong, f"{len(papers)} 份文书与录入信息一致")


def as_sent(subject: Subject) -> Outcome:
    """The bag is the one the sender listed."""
    return subject.sent or untested("不在移交环节")


def _text(path: str, content: bytes) -> str:
    """The words of a paper without blanks; empty for one that cannot be read."""
    if path.endswith(".pdf"):
        return pages.text(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            printed = _TAGS.sub(b"", package.read("word/document.xml")).decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, KeyError):
        return ""
    return "".join(html.unescape(printed).split())


CHECKS = (
    Check("真实性", "固化信息有效性", _BASIS, fixity),
    Check("真实性", "电子签名、时间戳有效性", _BASIS + "；DA/T 97-2023", signature),
    Check("真实性", "档号规范性", _BASIS + "；DA/T 13-2022", number),
    Check("真实性", "元数据长度、类型、格式、值域", _BASIS + "；DA/T 46-2009", schema),
    Check("真实性", "电子属性与文件一致", _BASIS, electronic),
    Check("真实性", "元数据与内容关联", _BASIS, linked),
    Check("真实性", "档号重复性", _BASIS, repeated),
    Check("真实性", "录入信息与文书一致", "皖工发〔2017〕51号第九条（一）", agrees),
    Check("真实性", "信息包与移交清单一致", _BASIS, as_sent, ("移交",)),
)

__all__ = ["CHECKS", "PASSED", "failed"]
