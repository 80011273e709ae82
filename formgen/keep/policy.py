"""What law and standards ask of the archive, as data: ``data/keeping.toml`` and the repository's own settings."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from formgen import names, tomlfile, write
from formgen.keep import settings
from formgen.messages import FormgenError
from formgen.model import Finding, Place

_NUMBERS = re.compile(r"^[ \t]*\[[ \t]*numbers[ \t]*\][ \t]*(#.*)?(\r?\n|\Z)", re.MULTILINE)
_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_SET = re.compile(r"^[ \t]*fonds[ \t]*=.*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Material:
    """A kind of paper in a dossier (附件注六): its two-digit code, title and whether a dossier must hold it.

    One ``of_exit`` is asked only where a household got out of its hardship, neither of open dossiers nor of cancelled.
    """

    code: str
    title: str
    is_needed: bool = False
    of_exit: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one repository; each mapping is a table of keeping.toml."""

    retention: Mapping[str, str | int]
    duties: Mapping[str, str | int]
    numbers: Mapping[str, str | int]
    verify: Mapping[str, int]
    materials: Mapping[str, Material]
    forms: Mapping[str, str]
    words: Mapping[str, str]
    formats: Mapping[str, frozenset[str]]
    access: Mapping[str, Mapping[str, str]]
    withdrawal: Mapping[str, Sequence[str]]

    @property
    def years(self) -> int:
        """How many years a dossier is kept from the day of withdrawal (第十四条)."""
        return int(self.retention["years"])

    def needed(self, reason: str) -> tuple[Material, ...]:
        """The materials that a dossier must hold that was withdrawn for a reason; none was while it is empty."""
        is_exit = bool(reason) and not any(word in reason for word in self.withdrawal["cancelled"])
        return tuple(m for m in self.materials.values() if m.is_needed and (is_exit or not m.of_exit))

    @property
    def code(self) -> str:
        """The retention code as numbers and papers write it, e.g. D10."""
        return str(self.retention["code"])


@cache
def default() -> Policy:
    """The policy that comes with the program."""
    return _policy(_shipped())


def load(path: Path) -> Policy:
    """The policy of a repository: ours with what its own settings file changes.

    Raises FormgenError for a file that cannot be read, for every name in it that nothing reads and every value that
    cannot be, and for a retention shorter than the law's.
    """
    if not path.exists():
        return default()
    own, shipped, place = tomlfile.read(path), _shipped(), Place(names.shown(path))
    if wrong := tuple(settings.faults(own, shipped)):
        raise FormgenError(*(Finding("E943", place, values) for values in wrong))
    merged = {table: _merged(shipped[table], own.get(table, {})) for table in shipped}
    if merged["retention"]["years"] < shipped["retention"]["years"]:
        raise FormgenError(Finding("E792", place, {"years": str(shipped["retention"]["years"])}))
    return _policy(merged)


def _merged(ours: Mapping, own: Mapping) -> dict:
    """A table of ours with what another says otherwise; of an entry that is a table itself, too, only that."""
    changed = {
        name: {**ours[name], **value} if isinstance(value, dict) and name in ours else value
        for name, value in own.items()
    }
    return {**ours, **changed}


def is_fonds(text: str) -> bool:
    """Whether a text can be a 全宗号 or 门类代码: letters and digits, as numbers write them."""
    return settings.FONDS.fullmatch(text) is not None


def remember_fonds(path: Path, fonds: str) -> None:
    """Write the 全宗号 into a repository's settings, which name none yet; the rest of the file stays as it is.

    Raises FormgenError, the file untouched, where the text is written in a way that a line cannot be put into.
    """
    before = path.read_bytes().decode("utf-8") if path.exists() else ""
    line = f'fonds = "{fonds}"\n'
    if found := _NUMBERS.search(before):
        head, table = before[: found.end()].rstrip(), before[found.end() :]
        end = _TABLE.search(table)
        own, others = (table[: end.start()], table[end.start() :]) if end else (table, "")
        text = f"{head}\n{line}{_SET.sub('', own)}{others}"
    else:
        text = f"{before.rstrip()}\n\n[numbers]\n{line}".lstrip("\n")
    if not _adds_only(before, text, fonds):
        place = Place(names.shown(path))
        raise FormgenError(Finding("E793", place, {"file": path.name, "fonds": fonds}))
    write.put(path, text.encode("utf-8"))


def _adds_only(before: str, after: str, fonds: str) -> bool:
    """Whether a changed text of settings says what it said, and this 全宗号."""
    try:
        told, wanted = tomllib.loads(after), tomllib.loads(before)
    except tomllib.TOMLDecodeError:
        return False
    return told == {**wanted, "numbers": {**wanted.get("numbers", {}), "fonds": fonds}}


def _shipped() -> dict:
    return tomllib.loads((files("formgen") / "data" / "keeping.toml").read_text(encoding="utf-8"))


def _policy(raw: Mapping) -> Policy:
    materials = {
        code: Material(code, entry["title"], bool(entry.get("needed")), bool(entry.get("exit")))
        for code, entry in raw["materials"].items()
    }
    return Policy(
        retention=raw["retention"],
        duties=raw["duties"],
        numbers=raw["numbers"],
        verify=raw["verify"],
        materials=materials,
        forms=raw["forms"],
        words=raw["words"],
        formats={name: frozenset(endings) for name, endings in raw["formats"].items()},
        access=raw["access"],
        withdrawal=raw["withdrawal"],
    )
