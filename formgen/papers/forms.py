"""The papers there are: every ``templates/<id>/form.toml`` as a Form. Adding a paper needs no Python, only a folder."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
    the leak gate. ``fields`` maps fields of a PDF form to tags, ``options`` the words of such a tag to what the field
    calls them; ``columns`` are headings of the user's own that it prints. ``template`` is the file that is filled,
    None for a workbook made by program.
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
    options: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
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


def faults(listed: Iterable[Path]) -> tuple[Finding, ...]:
    """Everything wrong with these form.toml files, each by itself and beside its neighbours."""
    found: list[Finding] = []
    good: dict[Path, list[Form]] = {}
    for path in listed:
        try:
            good.setdefault(path.parent.parent, []).append(_form(path))
        except FormgenError as wrong:
            found += (wrong.finding, *wrong.more)
    for neighbours in good.values():
        found += (_bare(form) for form in neighbours if form.template is None and form.kind != "xlsx")
        found += (_twin(form, other) for form, other in _twins(neighbours))
    return tuple(found)


def tags_of(raw: Mapping[str, object]) -> dict[str, str]:
    """Field of a PDF form → tag, as a form.toml says it."""
    return {name: each["tag"] if isinstance(each, dict) else str(each) for name, each in _fields(raw).items()}


def options_of(raw: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """Field of a PDF form → words of its tag → what the form calls them, as a form.toml says it."""
    return {name: dict(each["options"]) for name, each in _fields(raw).items() if _is_table(each) and "options" in each}


def _fields(raw: Mapping[str, object]) -> dict:
    found = raw.get("fields", {})
    return found if isinstance(found, dict) else {}


def _is_table(each: object) -> bool:
    """Whether an entry of [fields] is a table of a tag and its options, all of them words."""
    if not isinstance(each, dict) or not isinstance(each.get("tag"), str) or not set(each) <= {"tag", "options"}:
        return False
    options = each.get("options", {})
    return isinstance(options, dict) and all(isinstance(word, str) for word in options.values())


@cache
def _load(folder: Path) -> tuple[Form, ...]:
    found = [_form(path) for path in sorted(folder.glob("*/form.toml"))]
    if not found:
        raise FormgenError(Finding("E462", Place(folder.name)))
    for form, other in _twins(found):
        raise FormgenError(_twin(form, other))
    return tuple(sorted(found, key=lambda form: (form.number or "99", form.id)))


def _twins(found: Iterable[Form]) -> Iterable[tuple[Form, Form]]:
    seen: dict[tuple[str, str], Form] = {}
    for form in found:
        other = seen.setdefault((form.per, form.file.casefold()), form)
        if other is not form:
            yield form, other


def _bare(form: Form) -> Finding:
    return Finding("E474", Place(form.folder.name), {"kind": form.kind})


def _twin(form: Form, other: Form) -> Finding:
    return _fault(form.folder / "form.toml", "E463", other=other.id)


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
        fields=tuple(tags_of(raw).items()),
        options=tuple((name, tuple(words.items())) for name, words in options_of(raw).items()),
        columns=tuple(raw.get("columns", ())),
    )


def _check(path: Path, raw: dict) -> None:
    """Raise FormgenError for everything wrong with a form.toml, the first as its finding and the others as notes."""
    if found := [*_unreadable(path, raw)] or [*_contradictions(path, raw)]:
        raise FormgenError(*found)


def _unreadable(path: Path, raw: dict) -> Iterator[Finding]:
    """Entries that are missing, unknown or no such thing as they should be."""
    yield from (_fault(path, "E464", key=key) for key in ("title", "per", "when", "file") if key not in raw)
    for key, value in raw.items():
        if key not in _KEYS:
            yield _fault(path, "E465", key=key, known="、".join(_KEYS))
        elif not isinstance(value, _KEYS[key]):
            yield _fault(path, "E466", key=key)
    for name, each in _fields(raw).items():
        if not isinstance(each, str) and not _is_table(each):
            yield _fault(path, "E642", field=name)


def _contradictions(path: Path, raw: dict) -> Iterator[Finding]:
    """Entries whose values cannot be, alone or beside the others."""
    kind = raw.get("kind", raw["file"].rpartition(".")[2])
    if raw["per"] not in PER:
        yield _fault(path, "E467", key="per", choices="、".join(PER))
    if kind not in KINDS:
        yield _fault(path, "E468", choices="、".join(KINDS))
    if not names.is_safe(raw["file"]):
        yield _fault(path, "E469")
    if raw.get("qr") and kind != "docx":
        yield _fault(path, "E470")
    if raw.get("public") and raw["per"] != "union":
        yield _fault(path, "E471")
    yield from (_fault(path, "E472", result=str(text)) for text in raw["when"] if not _is_result(text))
    needs = (str(name) for name in raw.get("needs", ()))
    yield from (_fault(path, "E473", key=name) for name in needs if name not in Case.__dataclass_fields__)


def _fault(path: Path, code: str, **values: str) -> Finding:
    return Finding(code, Place(names.shown(path)), values)


def _is_result(text: object) -> bool:
    tier, _, status = str(text).partition("/")
    return tier in TIERS and status in STATUSES


def _leading_digits(file: str) -> str:
    match = re.match(r"\d+", file)
    return match.group() if match else ""
