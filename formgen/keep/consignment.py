"""The list of a transfer (移交清单): what the sender says of each dossier, and whether a list can be worked with."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

from formgen.bag import digests
from formgen.keep import access, register, texts
from formgen.keep.register import Entry
from formgen.messages import MaterialError
from formgen.model import Finding, Place

LIST, MANIFEST = "transfer.json", "manifest-sha256.txt"
ROWS, HELD, CONTINUES = "档案", "暂停销毁", "承接档号"
COUNTED = ("件数", "页数", "字节数")
_COUNT, _DIGEST = re.compile(r"[0-9]{0,15}"), re.compile(r"[0-9a-f]{64}")


def row(entry: Entry, octets: int, hold: str) -> dict[str, str]:
    """What a list says of a dossier; ``hold`` is why it may not be destroyed (暂停销毁), empty when it may.

    The last day is the one that was sealed or decided; what the settings of one archive ask binds no other.
    """
    return {
        "档号": entry.number,
        "档案编号": entry.case_no,
        "撤档日期": entry.withdrawn_on,
        "到期日": max(entry.last_day, entry.extended_to),
        "件数": entry.items,
        "页数": entry.pages,
        "字节数": str(octets),
        "包摘要": entry.digest,
        CONTINUES: entry.continues,
        HELD: hold,
    }


def read(folder: Path) -> dict:
    """The list of a transfer, every value of it fit to be used.

    Raises FormgenError when it cannot be read, is not the one that was packed, or says something that cannot be.
    """
    try:
        raw = (folder / LIST).read_bytes()
        facts = json.loads(raw)
        manifest = (folder / MANIFEST).read_text(encoding="utf-8")
    except (OSError, ValueError) as wrong:
        raise MaterialError(Finding("E796", Place(folder.name), {"file": LIST})) from wrong
    if f"{digests.of_bytes(raw, ('sha256',))[0]}  {LIST}\n" not in manifest:
        raise MaterialError(Finding("E709", Place(LIST), {"algorithm": "sha256"}))
    if wrong_places := tuple(_faults(facts)):
        raise MaterialError(*(Finding("E942", Place(LIST), {"where": where}) for where in wrong_places))
    return facts


def _faults(facts: object) -> Iterator[str]:
    """Where a list is not as a list must be, e.g. 档案[2].件数: every place before anything is copied."""
    if not isinstance(facts, dict):
        yield ROWS
        return
    yield from (name for name, is_fit in _HEAD.items() if not is_fit(facts.get(name)))
    rows = facts.get(ROWS)
    if not isinstance(rows, list) or not rows:
        yield ROWS
        return
    for place, each in enumerate(rows, start=1):
        fit = _ROW.items() if isinstance(each, dict) else ()
        yield from (f"{ROWS}[{place}].{name}" for name, is_fit in fit if not is_fit(each.get(name)))
        if not fit:
            yield f"{ROWS}[{place}]"
    yield from _twice([each for each in rows if isinstance(each, dict)])


def _twice(rows: list[Mapping]) -> Iterator[str]:
    counted = Counter(str(each.get("档号")) for each in rows)
    yield from (f"{ROWS}[{at}].档号" for at, each in enumerate(rows, 1) if counted[str(each.get("档号"))] > 1)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and str(date.fromisoformat(value)) == value
    except ValueError:
        return False


def _is_word(value: object) -> bool:
    """A text for the log: somebody or something is named, and no number of a person."""
    return isinstance(value, str) and not texts.is_blank(value) and not access.tells(value)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and register.is_number(value) and register.written(value) == value


def _matches(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _may_lack(is_fit: Callable[[object], bool]) -> Callable[[object], bool]:
    """Fit, empty or not there at all."""
    return lambda value: value in (None, "") or is_fit(value)


_HEAD: Mapping[str, Callable[[object], bool]] = {
    **dict.fromkeys(("移交单号", "移交单位", "接收单位", "移交原因"), _is_word),
    "移交日期": _is_day,
    "移交方检验": lambda value: isinstance(value, dict) and all(isinstance(each, str) for each in value.values()),
}
_ROW: Mapping[str, Callable[[object], bool]] = {
    "档号": _is_number,
    "档案编号": lambda value: isinstance(value, str),
    **dict.fromkeys(("撤档日期", "到期日"), _is_day),
    **dict.fromkeys(COUNTED, _matches(_COUNT)),
    "包摘要": _matches(_DIGEST),
    CONTINUES: _may_lack(_is_number),
    HELD: _may_lack(_is_word),
}
