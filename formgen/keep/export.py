"""A sealed dossier as one EEP file of DA/T 48-2009, for archives that take XML: its metadata with every file in base64.

The bag stays what is kept. The standard is for text and still images: sound and film are named and not encoded.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from formgen import bag, write
from formgen.keep import chain, eep, proof, register, texts
from formgen.keep.register import Entry
from formgen.keep.repository import Repository
from formgen.model import Finding, Place

EVENT = "导出EEP"
MEDIA = frozenset(("wav", "mp3", "mp4"))
FORMAT = "本EEP根据中华人民共和国档案行业标准DA/T 48-2009《基于XML的电子文件封装规范》生成"
KIND = "本封装包包含电子文件数据及其元数据，原始封装，未经修改"
ENCODING = (
    "本封装包中“编码数据”元素存储的是计算机文件二进制流的Base64编码，有关Base64编码规则参见IETF RFC 2045多用途邮件"
    "扩展（MIME）第一部分：互联网信息体格式。当提取和显现封装在编码数据元素中的计算机文件时，应对Base64编码进行反编码，并依据封装包中"
    "“反编码关键字”元素中记录的值还原计算机文件的扩展名"
)


@dataclass(frozen=True, slots=True)
class Exported:
    """The files that were written, and what kept dossiers back or was left out of a file."""

    paths: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()


def write_all(repo: Repository, entries: Sequence[Entry], target: Path, *, by: str, reason: str, at: str) -> Exported:
    """Write an EEP file a dossier into `target` and log it; nothing when one bag is not what was sealed.

    Raises FormgenError when the disk refuses.
    """
    wrong = texts.refusals(Place(), {"by": by, "reason": reason})
    wrong += () if entries else (Finding("E798", Place()),)
    wrong += tuple(_fault(repo, entry) for entry in entries if not _is_whole(repo.bag(entry.number), entry))
    if wrong:
        return Exported((), wrong)
    write.make_folder(target)
    paths, found = [], []
    for entry in entries:
        content, left = package(repo.bag(entry.number))
        path = target / f"{register.folder_name(entry.number)}-eep.xml"
        write.put(path, content)
        paths.append(path)
        if left:
            found.append(Finding("W729", Place(entry.number), {"count": str(left)}))
        line = {"at": at, "event": EVENT, "档号": entry.number, "文件摘要": hashlib.sha256(content).hexdigest()}
        chain.append(repo.log("custody"), {**line, "经办": by, "理由": reason})
    return Exported(tuple(paths), tuple(found))


def package(folder: Path) -> tuple[bytes, int]:
    """One bag as an EEP, and how many files of sound or film are only named in it. Raises OSError."""
    root = eep.parsed((folder / "metadata/dossier.xml").read_bytes())
    _of(root, "封装包格式描述").text = FORMAT
    signed = _of(root, "被签名对象")
    _of(signed, "封装包类型描述").text = KIND
    made = _of(signed, "封装包创建时间")
    made.text = f"{made.text}T00:00:00"
    kept = signed.find(f"{{{eep.OWN}}}保管")
    until = kept.findtext(f"{{{eep.OWN}}}Retention-Last-Day") if kept is not None else None
    if kept is not None:  # a block of our own: the standard has no place for it but a note
        signed.remove(kept)
    entities = list(root.iter(eep.named("文件实体")))
    left = sum(_encode(entity, place, folder) for place, entity in enumerate(entities, start=1))
    if until:
        entities[0].append(_made("附注", f"保管至 {until}"))
    _number(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True), left


def _encode(entity: etree._Element, place: int, folder: Path) -> int:
    """Put the files of one item into its metadata; how many are named only."""
    held = entity.find(eep.named("文件数据"))
    if held is None:
        return 0
    entity.remove(held)
    left = 0
    documents = _made("文件数据")
    for number, stated in enumerate(list(held), start=1):
        path = _of(stated, "计算机文件名").text or ""
        digest = f"文档{number} SHA-256 {_of(stated, '摘要值').text}"
        if path.rpartition(".")[2] in MEDIA:
            left += 1
            entity.append(_made("附注", f"{path} 是音像，不编码，见档案包；{digest}"))
        else:
            entity.append(_made("附注", digest))
            documents.append(_document(stated, f"修改0-文件{place}-文档{number}", number, (folder / path).read_bytes()))
    if len(documents):
        entity.append(documents)
    return left


def _document(stated: etree._Element, name: str, number: int, content: bytes) -> etree._Element:
    """One computer file: what is known of it and its bytes. The first of an item is the main one."""
    path, ending = (_of(stated, tag).text or "" for tag in ("计算机文件名", "格式信息"))
    facts = _made("电子属性")
    for tag, value in (
        ("格式信息", ending),
        ("计算机文件名", path.rpartition("/")[2]),
        ("计算机文件大小", len(content)),
    ):
        facts.append(_made(tag, str(value)))
    code = _made("编码", 编码ID=f"{name}-文档数据1-编码1")
    code.append(facts)
    code.append(_made("编码描述", ENCODING))
    code.append(_made("反编码关键字", f"base64-{ending}"))
    code.append(_made("编码数据", base64.b64encode(content).decode("ascii"), 编码数据ID=f"{name}-编码数据1"))
    held = _made("文档数据", 文档数据ID=f"{name}-文档数据1")
    held.append(code)
    document = _made("文档")
    for tag, value in (
        ("文档标识符", name),
        ("文档序号", number),
        ("文档主从声明", "附属文档" if number > 1 else "主文档"),
    ):
        document.append(_made(tag, str(value)))
    document.append(held)
    return document


def _number(root: etree._Element) -> None:
    """Give acts and bodies the identifiers by which the standard ties them to the dossier."""
    whole = root.findtext(f".//{eep.named('电子文件号')}") or ""
    for place, act in enumerate(root.iter(eep.named("业务实体")), start=1):
        named = (("业务标识符", f"业务{place}"), ("机构人员标识符", "机构1"), ("文件标识符", whole))
        for at, (tag, value) in enumerate(named):
            act.insert(at, _made(tag, value))
    for place, body in enumerate(root.iter(eep.named("机构人员实体")), start=1):
        body.insert(0, _made("机构人员标识符", f"机构{place}"))


def _fault(repo: Repository, entry: Entry) -> Finding:
    return Finding("E748" if repo.bag(entry.number).is_dir() else "E730", Place(entry.number))


def _is_whole(folder: Path, entry: Entry) -> bool:
    try:
        return bag.validate(folder).is_valid and proof.digest(folder) == entry.digest
    except OSError:
        return False


def _of(parent: etree._Element, tag: str) -> etree._Element:
    """The child of that name. Raises KeyError: our own schema asks for it."""
    found = parent.find(eep.named(tag))
    if found is None:
        raise KeyError(tag)
    return found


def _made(tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.Element(eep.named(tag), attributes)
    element.text = text
    return element
