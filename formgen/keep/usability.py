"""可用性: every file opens, in an open format, without a lock."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec

from lxml import etree

from formgen.keep.properties import Check, Outcome, Subject, judged, passed, untested

_BASIS = "DA/T 70-2018 可用性"
_OLE = b"\xd0\xcf\x11\xe0"
_PDFA = b"pdfaid:part"


def readable(subject: Subject) -> Outcome:
    """The metadata can be read."""
    wrong = []
    for path in (p for p in subject.listing.files if p.startswith("metadata/") or p.startswith("data/export/")):
        if fault := _opens(path, subject.read(path)):
            wrong.append(f"{path}：{fault}")
    return judged(sorted(wrong), "元数据和录入信息均可读取")


def opens(subject: Subject) -> Outcome:
    """The content can be opened."""
    papers = subject.records()
    wrong = [f"{path}：{fault}" for path in papers if (fault := _opens(path, subject.read(path)))]
    return judged(wrong, f"{len(papers)} 个文件均可打开")


def formats(subject: Subject) -> Outcome:
    """The formats are on the list."""
    allowed = subject.policy.formats["allowed"]
    return judged(
        (f"{path} 不是长期保存格式" for path in subject.records() if _ending(path) not in allowed), "格式均在清单内"
    )


def archival(subject: Subject) -> Outcome:
    """Every item has pages in PDF/A; the claim in the file itself is read, a full validation is not run here."""
    items = {path.split("/")[2] for path in subject.records()}
    made = {p.split("/")[2] for p in subject.records() if p.endswith(".pdf") and _PDFA in subject.read(p)}
    sound = {p.split("/")[2] for p in subject.records() if _ending(p) in ("wav", "mp3", "mp4")}
    lost = sorted(items - made - sound)
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
    return judged((path for path in subject.records() if _locked(path, subject.read(path))), "无加密、无非公开压缩")


def _opens(path: str, content: bytes) -> str:
    """What keeps a file from being opened; empty when it opens."""
    look = _OPENERS.get(_ending(path))
    if not content:
        return "是空文件"
    try:
        return look(content) if look else ""
    except (ValueError, etree.XMLSyntaxError, zipfile.BadZipFile, OSError, KeyError, RuntimeError) as fault:
        return type(fault).__name__


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        return "" if PdfReader(io.BytesIO(content)).pages else "没有页"
    except PyPdfError as fault:
        return type(fault).__name__


def _zip(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return f"{package.testzip()} 损坏" if package.testzip() else ""


def _picture(content: bytes) -> str:
    if not find_spec("PIL"):
        return "" if content[:3] in (b"\xff\xd8\xff", b"\x89PN", b"II*", b"MM\x00") else "不是图像"
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        image.load()
    return ""


def _json(content: bytes) -> str:
    for line in content.splitlines() if content.count(b"\n{") else [content]:
        json.loads(line)
    return ""


def _xml(content: bytes) -> str:
    etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    return ""


def _locked(path: str, content: bytes) -> bool:
    if _ending(path) in ("docx", "xlsx"):
        return content[:4] == _OLE or any(_flags(content))
    return _ending(path) == "pdf" and b"/Encrypt" in content[-4096:]


def _flags(content: bytes) -> Iterator[bool]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield from (bool(entry.flag_bits & 1) for entry in package.infolist())
    except zipfile.BadZipFile:
        return


def _ending(path: str) -> str:
    return path.rpartition(".")[2].lower()


_OPENERS = {
    "pdf": _pdf,
    "docx": _zip,
    "xlsx": _zip,
    "jpg": _picture,
    "jpeg": _picture,
    "png": _picture,
    "tif": _picture,
    "tiff": _picture,
    "json": _json,
    "jsonl": _json,
    "xml": _xml,
}

CHECKS = (
    Check("可用性", "元数据可读", _BASIS, readable),
    Check("可用性", "内容可打开", _BASIS, opens),
    Check("可用性", "格式在清单内", _BASIS + "；DA/T 47", formats),
    Check("可用性", "长期保存版式（PDF/A）", _BASIS + "；DA/T 47", archival),
    Check("可用性", "软硬件环境", _BASIS, environment),
    Check("可用性", "无加密和压缩障碍", _BASIS, unlocked),
)
