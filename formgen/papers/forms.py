"""The papers there are: every ``templates/<id>/form.toml`` as a Form. Adding a paper needs no Python, only a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formgen import names, tomlfile
from formgen.household import Case
from formgen.messages import FormgenError
from formgen.model import Decision, Finding, Place

PER = ("case", "union", "batch")
KINDS = ("docx", "pdf", "xlsx")
TIERS = ("全总级", "省总级", "市总级", "不符合", "待定", "*")
STATUSES = ("auto", "human", "insufficient", "blocked", "invalid", "archive", "*")
FOLDERS = {"case": "案件", "union": "公示", "batch": "汇总"}
_KEYS = {
    "title": str, "basis": str, "per": str, "when": list, "file": str, "copies": int, "number": str,
    "kind": str, "qr": bool, "needs": list, "public": bool, "scans": list, "fields": dict, "columns": list,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The definition of one paper.

    ``per`` says for what one paper is made: case, union or batch. ``when`` lists results as 全总级/auto, * is any.
    ``needs`` names attributes of the case that must not be empty. ``public`` papers see published fields only and pass
    the leak gate. ``fields`` maps fields of a PDF form to tags, ``columns`` are headings of the
    user's own that it prints; ``template`` is the file that is filled, None for a workbook made by program.
    """

    id: str
    title: str
    basis: str
    per: str
    when: tuple[str, ...]
    file: str
    folder: Path
    template: Path | None = None
    copies: int = 1
    number: str = ""
    kind: str = "docx"
    qr: bool = False
    needs: tuple[str, ...] = ()
    public: bool = False
    scans: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()

    def is_due(self, decision: Decision, case: Case) -> bool:
        """Whether this paper is made for the case: its result is listed and what the paper needs is there."""
        return any(_fits(pattern, decision) for pattern in self.when) and all(
            getattr(case, name) not in (None, ()) for name in self.needs
        )

    def path(self, subject: str) -> str:
        """Where the paper goes below the output folder; ``subject`` is the case number, the union or empty."""
        if self.per == "union":
            return f"{FOLDERS['union']}/{names.safe(subject)}-{self.file}"
        return f"{FOLDERS[self.per]}/{names.safe(subject)}/{self.file}" if self.per == "case" else f"汇总/{self.file}"


def home() -> Path:
    """The folder of the shipped papers: inside the installed package, else beside it. Raises FormgenError."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    raise FormgenError(Finding("E461", Place("templates")))


def in_use(near: Path | None = None) -> Path:
    """The templates of a working folder (``formgen init`` makes one), else the shipped ones.

    The working folder is the one that one stands in, else that of ``near``, a workbook or an output folder: its own
    folder or the one above it.
    """
    shipped = home()
    around = near.resolve().parents[:2] if near else ()
    for own in (folder / "templates" for folder in (Path.cwd(), *around)):
        if own.resolve() != shipped and any(own.glob("*/form.toml")):
            return own
    return shipped


def load(folder: Path | None = None, *, near: Path | None = None) -> tuple[Form, ...]:
    """Every form of ``folder``, or of the one ``in_use``, by number. Raises FormgenError on a faulty form.toml."""
    return _load((folder or in_use(near)).resolve())


@cache
def _load(folder: Path) -> tuple[Form, ...]:
    found = [_form(path) for path in sorted(folder.glob("*/form.toml"))]
    if not found:
        raise FormgenError(Finding("E462", Place(folder.name)))
    for form, other in _twins(found):
        raise _fault(form.folder / "form.toml", "E463", other=other.id)
    return tuple(sorted(found, key=lambda form: (form.number or "99", form.id)))


def _twins(found: Iterable[Form]) -> Iterable[tuple[Form, Form]]:
    seen: dict[tuple[str, str], Form] = {}
    for form in found:
        other = seen.setdefault((form.per, form.file.casefold()), form)
        if other is not form:
            yield form, other


def _fits(pattern: str, decision: Decision) -> bool:
    tier, _, status = pattern.partition("/")
    return tier in ("*", decision.tier) and status in ("*", decision.status)


def _form(path: Path) -> Form:
    raw = tomlfile.read(path)
    _check(path, raw)
    kind = raw.get("kind", raw["file"].rpartition(".")[2])
    template = path.parent / f"template.{kind}"
    return Form(
        id=path.parent.name,
        title=raw["title"],
        basis=raw.get("basis", ""),
        per=raw["per"],
        when=tuple(raw["when"]),
        file=raw["file"],
        folder=path.parent,
        copies=raw.get("copies", 1),
        number=raw.get("number") or _leading_digits(raw["file"]),
        kind=kind,
        template=template if template.is_file() else None,
        qr=raw.get("qr", False),
        needs=tuple(raw.get("needs", ())),
        public=raw.get("public", False),
        scans=tuple(raw.get("scans", ())),
        fields=tuple(raw.get("fields", {}).items()),
        columns=tuple(raw.get("columns", ())),
    )


def _check(path: Path, raw: dict) -> None:
    for key in ("title", "per", "when", "file"):
        if key not in raw:
            raise _fault(path, "E464", key=key)
    for key, value in raw.items():
        if key not in _KEYS:
            raise _fault(path, "E465", key=key, known="、".join(_KEYS))
        if not isinstance(value, _KEYS[key]):
            raise _fault(path, "E466", key=key)
    if raw["per"] not in PER:
        raise _fault(path, "E467", key="per", choices="、".join(PER))
    if raw.get("kind", raw["file"].rpartition(".")[2]) not in KINDS:
        raise _fault(path, "E468", choices="、".join(KINDS))
    if not names.is_safe(raw["file"]):
        raise _fault(path, "E469")
    if raw.get("qr") and raw.get("kind", raw["file"].rpartition(".")[2]) != "docx":
        raise _fault(path, "E470")
    if raw.get("public") and raw["per"] != "union":
        raise _fault(path, "E471")
    if strange := [text for text in raw["when"] if not _is_result(text)]:
        raise _fault(path, "E472", result=str(strange[0]))
    if unknown := [name for name in raw.get("needs", ()) if name not in Case.__dataclass_fields__]:
        raise _fault(path, "E473", key=str(unknown[0]))


def _fault(path: Path, code: str, **values: str) -> FormgenError:
    return FormgenError(Finding(code, Place(names.shown(path)), values))


def _is_result(text: object) -> bool:
    tier, _, status = str(text).partition("/")
    return tier in TIERS and status in STATUSES


def _leading_digits(file: str) -> str:
    match = re.match(r"\d+", file)
    return match.group() if match else ""
