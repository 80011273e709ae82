"""The end of a dossier: due, proposed, approved by somebody else, executed before two witnesses (鉴定、销毁).

This module lists and proposes and approves; ``execution`` destroys. Never early, never held, never by one person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from formgen import bag
from formgen.days import months_after, printed
from formgen.keep import chain, holds, period, proof, receipts, register, retention, still, texts
from formgen.keep.opinion import is_destruction
from formgen.keep.paper import Paper
from formgen.keep.properties import Subject
from formgen.keep.register import DESTROYED, SEALED, Entry
from formgen.keep.repository import Repository
from formgen.messages import MaterialError
from formgen.model import Finding, Place

PROPOSED, APPROVED, BEGUN, DONE = "鉴定提出", "批准销毁", "开始销毁", "销毁完毕"
STATES = {"due": "到期可鉴定", "held": "暂停销毁", "kept": "未到期", "open": "未撤档", "gone": "已销毁"}
HEADINGS = (
    "序号",
    "档号",
    "题名",
    "所属年度",
    "页数",
    "应保管期限",
    "已保管期限",
    "撤档日",
    "到期日",
    "鉴定意见",
    "备注",
)
SHARES = (0.04, 0.18, 0.12, 0.07, 0.05, 0.08, 0.08, 0.09, 0.09, 0.09, 0.11)


@dataclass(frozen=True, slots=True)
class Due:
    """One dossier as of a day: its state by the words of STATES, and until when it is kept."""

    number: str
    case_no: str
    state: str
    withdrawn_on: str
    kept_until: str
    note: str = ""


def due(repo: Repository, on: date) -> tuple[Due, ...]:
    """Every dossier of the repository as of a day; open ones have no end and can never be destroyed."""
    held = holds.standing(repo, on)
    mains = frozenset(map(register.main_number, held))
    listed = [_due(entry, held, mains, on) for entry in period.known(repo)]
    return (*listed, *(Due("", name, STATES["open"], "", "") for name in repo.unsealed()))


def at_hand(listed: Sequence[Due], on: date, months: int) -> tuple[Due, ...]:
    """Those whose time is up on a day, held ones too, and those whose last day comes within so many months of it."""
    until = str(months_after(on, months))
    states = (STATES["due"], STATES["held"])
    return tuple(
        each
        for each in listed
        if each.state in states or (months and each.state == STATES["kept"] and each.kept_until <= until)
    )


def ready(listed: Sequence[Due], year: int) -> tuple[str, ...]:
    """The numbers of a year that may be appraised: due, and no supplement or main dossier of theirs is kept longer."""
    waiting = {
        register.main_number(each.number) for each in listed if each.state not in (STATES["due"], STATES["gone"])
    }
    due_now = (each.number for each in listed if each.state == STATES["due"])
    return tuple(n for n in due_now if register.parsed(n).year == year and register.main_number(n) not in waiting)


def counted(listed: Sequence[Due]) -> Mapping[str, int]:
    """How many dossiers are in each of the STATES, by its key."""
    return {key: sum(each.state == state for each in listed) for key, state in STATES.items()}


def refusals(
    repo: Repository, entry: Entry | None, number: str, held: Mapping[str, str], on: date
) -> tuple[Finding, ...]:
    """Why a dossier may not be destroyed on that day: unknown, not withdrawn, too early, held, changed, gone.

    ``held`` are the dossiers that must stay, as ``holds.standing`` knows them.
    """
    place = Place(number)
    if entry is None or entry.state == DESTROYED:
        return (Finding("E744", place),)
    if not entry.withdrawn_on or not entry.last_day:
        return (Finding("E750", place),)
    found = []
    if str(on) <= entry.kept_until:
        found.append(Finding("E751", place, {"until": entry.kept_until}))
    main = register.main_number(entry.number)
    if reasons := {f"{each} {why}" for each, why in held.items() if register.main_number(each) == main}:
        found.append(Finding("E752", place, {"holds": "、".join(sorted(reasons))}))
    folder = repo.bag(entry.number)
    verdict = bag.validate(folder)
    if not verdict.is_valid or folder.is_symlink():  # what lies elsewhere could not be destroyed with its bag
        found.append(Finding("E748" if folder.is_dir() else "E730", place))
    elif proof.digest(folder) != entry.digest:
        found.append(Finding("E732", place))
    elif period.stated(verdict.info) != period.registered(entry):
        found.append(Finding("E753", place))
    return tuple(found)


def propose(
    repo: Repository, numbers: Sequence[str], *, by: str, opinion: str, on: date, at: str
) -> tuple[str, tuple[Finding, ...]]:
    """Draw up 鉴定意见表 and 销毁清册 for dossiers that are due; the list's number, empty when one may not go."""
    known = period.known(repo)
    listed = _with_supplements(known, numbers)
    held = holds.standing(repo, on)
    found = tuple(finding for number in listed for finding in refusals(repo, known.get(number), number, held, on))
    found += texts.refusals(Place(), {"by": by, "opinion": opinion})
    found += () if is_destruction(opinion) else (Finding("E941"),)
    if found or not listed:
        return "", found or (Finding("E754", Place()),)
    number = receipts.number(repo, "disposal", on)
    rows = [_row(repo, place, _known(known, each), opinion, on) for place, each in enumerate(listed, start=1)]
    facts = {
        "清册号": number,
        "提出人": by,
        "鉴定日期": str(on),
        "鉴定意见": opinion,
        "档案": [dict(zip(HEADINGS, row, strict=True)) for row in rows],
        "包摘要": {each: _known(known, each).digest for each in listed},
        "依据": str(repo.policy.retention["authority"]),
    }
    _write(repo, number, facts, rows, on, at)
    entry = {"at": at, "event": PROPOSED, "清册号": number, "提出人": by, "清册摘要": receipts.digest(facts)}
    chain.append(repo.log("disposal"), {**entry, "卷数": len(listed)})
    return number, ()


def approve(repo: Repository, number: str, *, by: str, decision: str, at: str) -> tuple[Finding, ...]:
    """Approve a list and freeze its digest; why not: same person, changed list, decided before, no document."""
    events = story(repo, number)
    proposed = next((entry for entry in events if entry["event"] == PROPOSED), None)
    if proposed is None:
        return (Finding("E755", Place(number)),)
    found = []
    if texts.same_person(by, str(proposed["提出人"])):
        found.append(Finding("E756", Place(number)))
    if list_digest(repo, number) != proposed["清册摘要"]:
        found.append(Finding("E757", Place(number)))
    if any(entry["event"] == APPROVED for entry in events):
        found.append(Finding("E758", Place(number)))
    if texts.is_blank(decision):
        found.append(Finding("E759", Place(number)))
    found += texts.refusals(Place(number), {"by": by}, decision)
    if not found:
        entry = {"at": at, "event": APPROVED, "清册号": number, "批准人": by, "批准文号": decision}
        chain.append(repo.log("disposal"), {**entry, "清册摘要": proposed["清册摘要"]})
    return tuple(found)


def extend(repo: Repository, number: str, until: date, *, reason: str, by: str, at: str) -> tuple[Finding, ...]:
    """Keep a dossier and all its supplements longer because it still has value; why not, when no day would be later.

    They fall due together (``refusals`` of one hold back all), so the number of any of them stands for all.
    """
    known = period.known(repo)
    if unfit := texts.refusals(Place(number), {"reason": reason, "by": by}):
        return unfit
    family = tuple(entry for entry in known.family(number) if entry.state == SEALED)
    if not family:
        return (Finding("E744", Place(number)),)
    latest = max(entry.kept_until for entry in family)
    short = [entry for entry in family if entry.kept_until < str(until)]
    if not short or str(until) < latest:
        return (Finding("E760", Place(number), {"until": latest}),)
    lines = (period.extension(entry.number, str(until), reason=reason, by=by, at=at) for entry in short)
    chain.append(repo.log("disposal"), *lines)
    for entry in short:
        known.put(replace(entry, extended_to=str(until)))
    known.save()
    return ()


def story(repo: Repository, number: str) -> tuple[dict, ...]:
    """What the log says of a disposal list, oldest first."""
    return tuple(entry for entry in chain.entries(repo.log("disposal")) if entry.get("清册号") == number)


def list_digest(repo: Repository, number: str) -> str:
    """The sha256 of the list as it lies on disk now; empty when it is gone."""
    path = repo.receipts / f"{number}.json"
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _with_supplements(known: register.Register, numbers: Sequence[str]) -> tuple[str, ...]:
    """The numbers with their supplements: they fall due together and are destroyed together."""
    mains = {register.main_number(register.written(number)) for number in numbers}
    held = [entry.number for main in mains for entry in known.family(main) if entry.state != DESTROYED]
    return tuple(sorted({*held, *(main for main in mains if known.get(main) is None)}))


def _known(known: register.Register, number: str) -> Entry:
    entry = known.get(number)
    if entry is None:
        raise MaterialError(Finding("E790", values={"number": number}))
    return entry


def _due(entry: Entry, held: Mapping[str, str], mains: Container[str], on: date) -> Due:
    """One dossier as of a day; ``mains`` are those of which a part is held."""
    if entry.state == DESTROYED:
        state = STATES["gone"]
    elif not entry.withdrawn_on:
        state = STATES["open"]
    elif str(on) <= entry.kept_until:
        state = STATES["kept"]
    else:
        state = STATES["held" if register.main_number(entry.number) in mains else "due"]
    note = f"延长至 {entry.extended_to}" if entry.extended_to else held.get(entry.number, "")
    return Due(entry.number, entry.case_no, state, entry.withdrawn_on, entry.kept_until, note)


def _row(repo: Repository, place: int, entry: Entry, opinion: str, on: date) -> tuple[still.Cell, ...]:
    title = next(iter(Subject(repo.bag(entry.number), repo.policy).stated("题名")), "困难职工档案")
    start = date.fromisoformat(entry.withdrawn_on)
    year = str(register.parsed(entry.number).year)
    sealed_for = retention.full_years(start, date.fromisoformat(entry.last_day))
    note = f"已延长，原到期日 {entry.last_day}" if entry.kept_until > entry.last_day else ""
    spans = (f"{sealed_for}年", f"{retention.full_years(start, on)}年", entry.withdrawn_on, entry.kept_until)
    return place, entry.number, title, year, entry.pages, *spans, opinion, note


def _write(
    repo: Repository, number: str, facts: Mapping, rows: Sequence[tuple[still.Cell, ...]], on: date, at: str
) -> None:
    opinion = Paper("档案鉴定意见表")
    opinion.pairs(
        [
            ("清册号", number),
            ("数量", f"{len(rows)} 卷"),
            ("鉴定依据", f"{facts['依据']}：自撤档之日起保管{_periods(facts)}，已满"),
            ("鉴定意见", str(facts["鉴定意见"])),
            ("提出人", str(facts["提出人"])),
            ("鉴定小组负责人", "\n\n\n　　　　　　　　签名：　　　　　　年　　月　　日"),
            ("批准意见", "\n\n\n　　　　　　　　批准人：　　　　　年　　月　　日"),
        ],
        height=18,
    )
    listed = Paper("档案鉴定销毁清册", is_wide=True)
    listed.pairs(_cover(number, rows, on), share=0.25, height=12)
    listed.signatures("鉴定小组负责人", "批准人", "监销人一", "监销人二")
    listed.next_page()
    listed.line(f"档案鉴定销毁清册　{number}", label=True)
    listed.table(HEADINGS, rows, SHARES, size=9)
    table = still.workbook(
        [("销毁清册", HEADINGS, rows, (6, 32, 22, 10, 8, 12, 12, 12, 12, 16, 24))],
        title=f"档案鉴定销毁清册 {number}",
        on=on,
    )
    receipts.put(repo, number, facts, {"-opinion": opinion, "-list": listed}, on, {"-list.xlsx": table}, at=at)


def _periods(facts: Mapping) -> str:
    """The periods that the dossiers of a list were sealed for, each once: 10年、30年."""
    return "、".join(sorted({str(row["应保管期限"]) for row in facts["档案"]}, key=len))


def _cover(number: str, rows: Sequence[tuple[still.Cell, ...]], on: date) -> list[tuple[str, str]]:
    """What stands on the cover of a list, above the signatures."""
    fonds = sorted({register.parsed(str(row[1])).fonds for row in rows})
    pages = [int(str(row[4])) for row in rows if row[4]]
    counted = f"{sum(pages)} 页" if len(pages) == len(rows) else "页数未计全"
    return [
        ("清册号", number),
        ("全宗号", "、".join(fonds)),
        ("数量", f"{len(rows)} 卷　{counted}"),
        ("鉴定日期", printed(on)),
        ("本清册的保管期限", "永久（Y）"),
    ]
