"""The batch of a year: catalogues in four shapes, a batch manifest that ``sha256sum -c`` reads, gaps and duplicates."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from formgen import bag, write
from formgen.keep import catalogue, checks, proof, register, signature, still
from formgen.keep.catalogue import File, Year
from formgen.keep.properties import FAILED, Subject
from formgen.keep.register import DESTROYED, SEALED, Entry
from formgen.keep.repository import Repository
from formgen.messages import MaterialError
from formgen.model import Finding, Place


@dataclass(frozen=True, slots=True)
class Batch:
    """What was made of a year: the files written, the digest of the batch manifest, and what is to be told."""

    folder: Path
    paths: tuple[Path, ...]
    digest: str
    dossiers: int
    findings: tuple[Finding, ...]
    four: tuple[tuple[str, checks.Result], ...]
    is_signed: bool

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Every item of the four-property check that failed: which dossier, which item, why."""
        return tuple(
            Finding("E766", Place(number), {"code": item.code, "title": item.title, "evidence": item.evidence})
            for number, item in self.four
            if item.verdict == FAILED
        )


@dataclass(frozen=True, slots=True)
class Seal:
    """Certificate and private key of the unit, and further certificates between it and its root."""

    certificate: Path
    key: Path
    chain: Path | None = None


def make(repo: Repository, year: int, *, seal: Seal | None = None, ca: Path | None = None) -> Batch:
    """Make the batch of a year anew. Raises FormgenError when the year has no sealed bag or the disk refuses."""
    known = register.load(repo.register / "numbers.csv").of_year(year)
    if not known:
        raise MaterialError(Finding("E791", Place(repo.name), {"year": str(year)}))
    folder = repo.batch(year)
    write.make_folder(folder)
    path = folder / signature.BATCH
    listed = _standing(path, manifest(repo, year, known), known)
    proofs = signature.signed(listed, certificate=seal.certificate, key=seal.key, chain=seal.chain) if seal else {}
    told = _settle(path, listed, proofs)
    read = tuple(_read(repo, entry) for entry in known)
    digest = hashlib.sha256(listed).hexdigest()
    is_signed = _is_signed(path)
    four = _four(repo, year, known, ca)
    said = Year(year, read, digest, is_signed)
    made = {**catalogue.tables(said), **catalogue.papers(said, repo.policy), **_reports(year, four)}
    made["HOW-TO-VERIFY.txt"] = _manual(year)
    for name, content in made.items():
        write.put(folder / name, content)
    paths = tuple(sorted(each for each in folder.iterdir() if each.is_file()))
    return Batch(folder, paths, digest, len(known), (*told, *problems(repo, year, known)), four, is_signed)


def manifest(repo: Repository, year: int, known: Sequence[Entry]) -> bytes:
    """One line a sealed bag: the sha256 of its tag manifest, to be checked from the folder of the year."""
    lines = []
    for entry in known:
        if entry.state == SEALED:
            name = register.folder_name(entry.number)
            lines.append(f"{entry.digest}  {name}/{proof.TOP}\n")
    return "".join(sorted(lines, key=lambda line: line.split("  ")[1])).encode("utf-8")


def problems(repo: Repository, year: int, known: Sequence[Entry]) -> tuple[Finding, ...]:
    """Gaps and duplicates in the numbers of a year, bags lost or never registered, numbers taken and not sealed."""
    found = [
        Finding("E739", Place(series), {"files": "、".join(map(str, files))})
        for series, files in register.gaps(entry.number for entry in known).items()
    ]
    twice = Counter((entry.case_no, entry.withdrawn_on) for entry in known if not register.is_supplement(entry.number))
    found += [Finding("E740", Place(), {"count": str(n)}, case) for (case, _), n in twice.items() if n > 1 and case]
    for entry in known:
        folder = repo.year(year) / register.folder_name(entry.number)
        if entry.state == SEALED and not folder.is_dir():
            found.append(Finding("E730", Place(entry.number)))
        elif entry.state == register.TAKEN:
            found.append(Finding("W724", Place(entry.number)))
    names = {register.folder_name(entry.number) for entry in known}
    found += [Finding("E731", Place(f"{year}/{p.name}")) for p in repo.bags(year) if p.name not in names]
    return tuple(found)


def _read(repo: Repository, entry: Entry) -> File:
    """What the catalogue says of a dossier; a destroyed one has only its number and days left."""
    folder = repo.year(register.parsed(entry.number).year) / register.folder_name(entry.number)
    security = str(repo.policy.retention["security"])
    if entry.state == DESTROYED or not folder.is_dir():
        title = "（已销毁）" if entry.state == DESTROYED else "（缺失）"
        return File(entry, title, "", "", catalogue.eight(entry.withdrawn_on), (), security)
    subject = Subject(folder, repo.policy)
    title = next(iter(subject.stated("题名")), "")
    rows = tuple({**row, "题名": _masked(row.get("题名", ""), subject)} for row in subject.catalogue)
    started = str(subject.case.get("申请日期") or "")
    unit = subject.info.get("Source-Organization") or ""
    days = catalogue.eight(started), catalogue.eight(entry.withdrawn_on)
    return File(entry, title, unit, *days, rows, security)


def _masked(title: str, subject: Subject) -> str:
    """A title for outside the bag: titles of scans may hold the household's names, and those end with the bag."""
    for name in _names(subject):
        title = title.replace(name, "×" * len(name))
    return title


def _names(subject: Subject) -> list[str]:
    try:
        entered = json.loads(subject.read("data/export/case.json"))
        people = [entered["案件"].get("职工姓名"), *(member.get("姓名") for member in entered.get("家庭成员", []))]
    except (ValueError, KeyError, AttributeError):
        return []
    return sorted({name for name in people if name and len(name) > 1}, key=len, reverse=True)


def _four(
    repo: Repository, year: int, known: Sequence[Entry], ca: Path | None
) -> tuple[tuple[str, checks.Result], ...]:
    """The four-property check of every bag of the year at the 归档 stage."""
    folder = repo.batch(year)
    signed = signature.outcome(folder / signature.BATCH, folder, ca)
    made = []
    for entry in known:
        target = repo.year(year) / register.folder_name(entry.number)
        if entry.state == SEALED and target.is_dir():
            subject = Subject(target, repo.policy, verdict=bag.validate(target), signature=signed)
            made += [(entry.number, result) for result in checks.run(subject, stage="归档")]
    return tuple(made)


def _reports(year: int, four: Sequence[tuple[str, checks.Result]]) -> dict[str, bytes]:
    rows = [(n, r.code, r.property, r.title, r.basis, r.verdict, r.evidence) for n, r in four]
    said = [
        {"档号": number, "编号": r.code, "检测项": r.title, "结论": r.verdict, "证据": r.evidence} for number, r in four
    ]
    return {
        f"fourchecks-{year}.json": json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8") + b"\n",
        f"fourchecks-{year}.xlsx": still.workbook(
            [("四性检测", checks.HEADINGS, rows, (30, 12, 10, 26, 34, 10, 60))],
            title=f"{year}年四性检测报告",
            on=date(year, 12, 31),
        ),
    }


def _standing(path: Path, listed: bytes, known: Sequence[Entry]) -> bytes:
    """The batch manifest that stands from now on: a signed one as long as it only lists destroyed bags besides."""
    if not _is_signed(path):
        return listed
    gone = {register.folder_name(entry.number) for entry in known if entry.state == DESTROYED}
    before = path.read_bytes()
    kept = b"".join(line for line in before.splitlines(keepends=True) if _folder_in(line) not in gone)
    return before if kept == listed else listed


def _settle(path: Path, listed: bytes, proofs: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Write the batch manifest and what proves it; another one that stood there is set aside, and that is told."""
    found: tuple[Finding, ...] = ()
    if path.exists() and path.read_bytes() != listed:
        is_lost = _is_signed(path) and not proofs
        kept = signature.set_aside(path)
        place = Place(f"{path.parent.parent.name}/{path.parent.name}/{signature.EARLIER}/{kept.name}")
        found = (Finding("W740" if is_lost else "I658", place),)
    write.put(path, listed)
    for ending, content in proofs.items():
        write.put(path.with_name(f"{path.name}{ending}"), content)
    return found


def _is_signed(path: Path) -> bool:
    return path.with_name(f"{path.name}{signature.SIGNED}").exists()


def _folder_in(line: bytes) -> str:
    return line.decode("utf-8").split("  ", 1)[-1].split("/")[0]


def _manual(year: int) -> bytes:
    return (
        f"怎样验证这一批档案（{year}年）——不需要本程序\n\n"
        f"1. 整批：在 {year} 文件夹里运行\n     sha256sum -c _batch/{signature.BATCH}\n"
        "2. 一个包：在包的文件夹里运行\n     sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt\n"
        "   或者     bagit.py --validate 包的文件夹\n"
        "3. 元数据：xmllint --noout --schema schemas/eep.xsd metadata/dossier.xml\n"
        f"4. 签名（有 .p7s 时）：openssl cms -verify -binary -inform DER -in _batch/{signature.BATCH}.p7s "
        f"-content _batch/{signature.BATCH} -CAfile 根证书.pem -out /dev/null\n"
        f"5. 时间戳（有 .tsr 时）：openssl ts -verify -data _batch/{signature.BATCH} "
        f"-in _batch/{signature.BATCH}.tsr -CAfile 时间戳根证书.pem\n"
        "6. 加密副本（有 _sealed 时）：先用 age -d 解开当年密钥，再用它解开 .tar.age，tar -xf 后按第 2 步验证。\n"
        "7. 没有 .p7s 就是未签名：以打印在目录、移交单上并有人签字的批次摘要为准。\n"
        f"8. 以前的批次清单和它的签名、时间戳在 _batch/{signature.EARLIER}，照第 4、5 步验证；"
        "文件名开头是清单摘要的前 16 位。\n"
    ).encode()
