"""Handing archives over (第十二条; 档发〔2012〕7号): bags with a list and the registration form, in two originals.

The receiver verifies everything against the sender's list before anything is taken in, and countersigns.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from formgen import bag, write
from formgen.bag import Verdict, digests
from formgen.days import printed
from formgen.keep import chain, checks, consignment, holds, period, proof, receipts, register, still, texts
from formgen.keep.consignment import COUNTED, LIST, MANIFEST
from formgen.keep.paper import Paper
from formgen.keep.properties import FAILED, PASSED, Outcome, Subject
from formgen.keep.register import SEALED, TAKEN, Entry
from formgen.keep.repository import Repository
from formgen.messages import MaterialError
from formgen.model import Finding, Place

HEADINGS = ("序号", "档号", "撤档日期", "到期日", "件数", "页数", "字节数", "包摘要")
SHARES = (0.06, 0.23, 0.11, 0.11, 0.07, 0.07, 0.1, 0.25)
ITEMS = ("准确性", "完整性", "可用性", "安全性", "载体外观", "数字摘要\n（SHA-256）")
_PROPERTY = {"准确性": "真实性", "完整性": "完整性", "可用性": "可用性", "安全性": "安全性"}


@dataclass(frozen=True, slots=True)
class Sent:
    """A transfer that was packed: its number, folder, papers, what kept bags back, the sha256 of its list."""

    number: str
    folder: Path
    papers: tuple[Path, ...]
    findings: tuple[Finding, ...] = ()
    digest: str = ""


def send(
    repo: Repository,
    entries: Sequence[Entry],
    target: Path,
    *,
    sender: str,
    receiver: str,
    reason: str,
    on: date,
    at: str,
) -> Sent:
    """Pack sealed bags into `target` with the list and both originals of the form; log it. Bags here stay.

    A dossier goes with its supplements, whichever was named. Nothing is packed when one bag does not verify or the
    register says other days than a bag: the findings say which. Raises FormgenError.
    """
    number = receipts.number(repo, "transfer", on)
    if unfit := texts.refusals(Place(), {"sender": sender, "to": receiver, "reason": reason}):
        return Sent(number, target, (), unfit)
    entries = _together(period.known(repo), entries)
    verdicts = {entry.number: bag.validate(_folder(repo, entry)) for entry in entries}
    wrong = tuple(finding for entry in entries for finding in _sent_faults(repo, entry, verdicts[entry.number]))
    if wrong or not entries:
        return Sent(number, target, (), wrong)
    folder = target / number
    if folder.exists():
        raise MaterialError(Finding("E795", values={"name": folder.name}))
    parties = {"移交单位": sender, "接收单位": receiver, "移交原因": reason}
    facts = {"移交单号": number, **parties, "移交日期": str(on), **_described(repo, entries, verdicts)}
    write.need_space(target if target.exists() else target.parent, sum(v.octets for v in verdicts.values()) * 2)
    _pack(repo, entries, folder, facts)
    papers = _papers(repo, number, facts, on, at)
    _log(repo, "移交", facts, at, str(folder.name))
    return Sent(number, folder, papers, digest=receipts.digest(facts))


def _described(repo: Repository, entries: Sequence[Entry], verdicts: Mapping[str, Verdict]) -> dict[str, object]:
    """What the list says of the dossiers, and what the sender's own check of them found."""
    held = holds.current(repo)
    listed = [consignment.row(e, verdicts[e.number].octets, held.get(e.number, "")) for e in entries]
    subjects = {e.number: Subject(_folder(repo, e), repo.policy, verdict=verdicts[e.number]) for e in entries}
    four = {number: checks.run(subject, stage="移交") for number, subject in subjects.items()}
    return {"档案": listed, "移交方检验": _tested(four)}


def _together(known: register.Register, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The dossiers with all that belongs to them: a supplement alone says nothing, and both end on one day."""
    mains = dict.fromkeys(register.main_number(entry.number) for entry in entries)
    return tuple(entry for main in mains for entry in known.family(main) if entry.state == SEALED)


def _sent_faults(repo: Repository, entry: Entry, verdict: Verdict) -> Iterator[Finding]:
    """Why a bag cannot be handed over: the receiver would refuse it, and the sender can still mend it."""
    place = Place(entry.number)
    if not _folder(repo, entry).is_dir():
        yield Finding("E730", place)
        return
    if not verdict.is_valid:
        yield Finding("E748", place)
    if not _is_sealed_one(repo, entry):
        yield Finding("E732", place)
    elif period.stated(verdict.info) != period.registered(entry):
        yield Finding("E753", place)


def _pack(repo: Repository, entries: Sequence[Entry], folder: Path, facts: dict) -> None:
    """Copy the bags into the folder, with the list and a manifest that `sha256sum -c` reads."""
    write.make_folder(folder)
    for entry in entries:
        shutil.copytree(_folder(repo, entry), folder / register.folder_name(entry.number))
    write.put(folder / LIST, receipts.facts_text(facts))
    lines = [f"{receipts.digest(facts)}  {LIST}\n"]
    lines += [f"{e.digest}  {register.folder_name(e.number)}/{proof.TOP}\n" for e in entries]
    write.put(folder / MANIFEST, "".join(sorted(lines)).encode())


def receive(repo: Repository, folder: Path, *, on: date, at: str, printed: str = "") -> Sent:
    """Verify a transfer against its list, then take its bags in under their own numbers and countersign.

    All or nothing: one changed, lost, extra or already known bag, and nothing is taken in. ``printed`` is the digest
    on the sender's signed form, or how it begins: who could change the list could also change what lies beside it.
    Raises FormgenError.
    """
    facts = consignment.read(folder)
    listed: list[dict] = facts["档案"]
    holds.current(repo)  # a log that cannot be gone on with is told before anything is copied
    known = register.load(repo.register / "numbers.csv")
    found = [Finding("E716", Place(LIST))] if not receipts.digest(facts).startswith(printed.casefold()) else []
    found += [finding for row in listed for finding in _received_faults(repo, folder, row, known)]
    names = {register.folder_name(row["档号"]) for row in listed}
    found += [Finding("E731", Place(p.name)) for p in sorted(folder.iterdir()) if p.is_dir() and p.name not in names]
    number = receipts.number(repo, "receive", on)
    if found:
        return Sent(number, folder, (), tuple(found))
    sent = Outcome(PASSED, "逐包摘要与移交清单一致")
    four = {}
    for row in listed:
        target = _take(repo, folder, row, known, at)
        four[row["档号"]] = checks.run(Subject(target, repo.policy, sent=sent), stage="移交")
    holds.take_over(repo, {row["档号"]: row.get(consignment.HELD) or "" for row in listed}, at=at)
    countersigned = {**facts, "接收单号": number, "接收日期": str(on), "接收方检验": _tested(four)}
    papers = _papers(repo, number, countersigned, on, at)
    _log(repo, "接收", countersigned, at, folder.name)
    known.save()  # last: what a crash leaves out is taken in by the next try, or filled in from the log
    return Sent(number, folder, papers, digest=receipts.digest(facts))


def _received_faults(repo: Repository, folder: Path, row: Mapping[str, str], known: register.Register) -> list[Finding]:
    bag_folder = folder / register.folder_name(row["档号"])
    place = Place(row["档号"])
    if not bag_folder.is_dir():
        return [Finding("E949", place)]
    if (entry := known.get(row["档号"])) is not None and entry.state != TAKEN:
        return [Finding("E749", place)]
    verdict = bag.validate(bag_folder)
    found = [
        Finding(f.code, Place(f"{bag_folder.name}/{f.place.file}"), f.values) for f in verdict.findings if f.is_error
    ]
    if not found and digests.of_file(bag_folder / proof.TOP, ("sha256",))[0] != row["包摘要"]:
        found.append(Finding("E732", place))
    start, last = period.stated(verdict.info)
    if not found and (row["撤档日期"] != start or row["到期日"] < last):
        found.append(Finding("E753", place))
    if not found and proof.digest_if_any(repo.bag(row["档号"])) not in ("", row["包摘要"]):
        found.append(Finding("E731", place))
    return found


def _take(repo: Repository, folder: Path, row: Mapping[str, str], known: register.Register, at: str) -> Path:
    """Copy a bag in, unless an interrupted taking has done so, and register it; an extension is logged here too."""
    target = repo.bag(row["档号"])
    if not target.exists():
        temp = target.with_name(f"{write.TEMP}{target.name}")
        write.make_folder(target.parent)
        shutil.rmtree(temp, ignore_errors=True)
        shutil.copytree(folder / target.name, temp)
        temp.rename(target)
    _, last = period.stated(bag.validate(target, digest=False).info)
    if is_longer := row["到期日"] > last:
        line = period.extension(row["档号"], row["到期日"], reason="移交前已延长", by="接收", at=at)
        chain.append(repo.log("disposal"), line)
    entry = Entry(
        number=row["档号"],
        case_no=row["档案编号"],
        withdrawn_on=row["撤档日期"],
        last_day=last,
        extended_to=row["到期日"] if is_longer else "",
        state=SEALED,
        items=str(row["件数"]),
        pages=str(row["页数"]),
        digest=row["包摘要"],
        continues=row.get(consignment.CONTINUES) or "",
    )
    known.put(entry)
    return target


def _folder(repo: Repository, entry: Entry) -> Path:
    return repo.year(register.parsed(entry.number).year) / register.folder_name(entry.number)


def _is_sealed_one(repo: Repository, entry: Entry) -> bool:
    try:
        return proof.digest(_folder(repo, entry)) == entry.digest
    except OSError:
        return False


def _tested(four: Mapping[str, Sequence[checks.Result]]) -> dict[str, str]:
    """The lines of the registration form: each property in one sentence; what only a person can see stays open."""
    said = {}
    for title, prop in _PROPERTY.items():
        results = [result for group in four.values() for result in group if result.property == prop]
        wrong = sum(result.verdict == FAILED for result in results)
        missing = sum(result.verdict not in (PASSED, FAILED) for result in results)
        said[title] = f"检测 {len(results)} 项次，不合格 {wrong}，未检测 {missing}"
    return said


def _log(repo: Repository, event: str, facts: Mapping[str, object], at: str, place: str) -> None:
    listed = facts["档案"]
    entry = {
        "at": at,
        "event": event,
        "单号": facts.get("接收单号") or facts["移交单号"],
        "移交单位": facts["移交单位"],
        "接收单位": facts["接收单位"],
        "档号": [row["档号"] for row in listed],  # type: ignore[attr-defined]
        "各包摘要": {row["档号"]: row["包摘要"] for row in listed},  # type: ignore[attr-defined]
        "单据摘要": receipts.digest(facts),
        "位置": place,
    }
    chain.append(repo.log("custody"), entry)


def _papers(repo: Repository, number: str, facts: Mapping, on: date, at: str) -> tuple[Path, ...]:
    rows = [
        (n, r["档号"], r["撤档日期"], r["到期日"], *(int(r[k]) if r[k] else None for k in COUNTED), r["包摘要"])
        for n, r in enumerate(facts["档案"], start=1)
    ]
    table = still.workbook([("移交清单", HEADINGS, rows, (6, 30, 12, 12, 8, 8, 14, 68))], title="档案移交清单", on=on)
    drawn = {f"-{copy}": _form(facts, on, copy) for copy in (1, 2)} | {"-list": _listing(facts, rows)}
    return receipts.put(repo, number, facts, drawn, on, {"-list.xlsx": table}, at=at)


def _form(facts: Mapping, on: date, copy: int) -> Paper:
    """电子档案移交与接收登记表, one of the two originals."""
    listed = facts["档案"]
    paper = Paper("电子档案移交与接收登记表")
    octets = sum(int(row["字节数"]) for row in listed)
    paper.pairs(
        [
            ("交接工作名称", f"困难职工档案移交（{facts['移交单号']}）"),
            ("内容描述", f"困难职工原始档案，一户一包（BagIt 1.0）；原因：{facts['移交原因']}"),
            ("移交电子档案数量", f"{len(listed)} 卷　{sum(int(row['件数'] or 0) for row in listed)} 件"),
            ("移交数据量", f"{octets / 2**30:.3f} GB（{octets} 字节）"),
            ("载体起止顺序号", ""),
            ("载体类型、规格", ""),
        ],
        height=10,
    )
    received = facts.get("接收方检验", {})
    rows = [(title, _result(facts["移交方检验"], title, facts), _result(received, title, facts)) for title in ITEMS]
    paper.table(("检验内容", "移交单位", "接收单位"), rows, (0.2, 0.4, 0.4), size=10)
    paper.table(
        ("", f"移交单位：{facts['移交单位']}", f"接收单位：{facts['接收单位']}"),
        [
            ("填表人（签名）", "", ""),
            ("审核人（签名）", "", ""),
            ("监交人（签名）", "", ""),
            ("单位印章及日期", "\n\n", "\n\n"),
        ],
        (0.2, 0.4, 0.4),
        size=10,
    )
    paper.line(f"本表一式两份，此为第 {copy} 份；移交日期 {_day(facts['移交日期'])}" + _received_on(facts))
    return paper


def _received_on(facts: Mapping) -> str:
    return f"，接收日期 {_day(facts['接收日期'])}。" if facts.get("接收日期") else "。"


def _day(text: str) -> str:
    return printed(date.fromisoformat(text))


def _result(tested: Mapping[str, str], title: str, facts: Mapping) -> str:
    if not tested:
        return ""
    if title.startswith("数字摘要"):
        return f"逐包核对 {len(facts['档案'])} 包，见移交清单"
    return tested.get(title, "（人工检查填写）")


def _held(facts: Mapping) -> str:
    """The dossiers that the receiver may not destroy before the hold is released, each with its reason."""
    held = (f"{row['档号']}　{row[consignment.HELD]}" for row in facts["档案"] if row.get(consignment.HELD))
    return "\n".join(held) or "无"


def _listing(facts: Mapping, rows: Sequence[tuple]) -> Paper:
    """移交清单: who hands over to whom, signed on the first page, and the table as long as it is."""
    paper = Paper("档案移交清单", is_wide=True)
    paper.pairs(
        [
            ("移交单号", facts["移交单号"]),
            ("移交单位、接收单位", f"{facts['移交单位']}　移交　{facts['接收单位']}"),
            ("数量", f"{len(rows)} 卷　{sum(int(row['件数'] or 0) for row in facts['档案'])} 件"),
            ("暂停销毁", _held(facts)),
        ],
        share=0.25,
    )
    paper.signatures("移交人", "接收人", "监交人")
    paper.line("")
    paper.table(HEADINGS, [(*row[:-1], f"{row[-1][:32]} {row[-1][32:]}") for row in rows], SHARES, size=9)
    return paper
