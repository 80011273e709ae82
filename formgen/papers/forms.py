"""The papers there are: every ``templates/<id>/form.toml`` as a Form. Adding a paper needs no Python, only a folder."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from formgen import names
from formgen.household import Case
from formgen.model import Decision, FormgenError

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
    raise FormgenError(f"templates：{package} 旁边没有文书模板文件夹，请重新安装 formgen。")


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
        raise FormgenError(f"{folder}：没有文书（找不到 */form.toml），请检查模板文件夹。")
    for form, other in _twins(found):
        raise FormgenError(f"{form.folder / 'form.toml'}：file 与 {other.id} 相同，两份文书会互相覆盖，请改名。")
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
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise FormgenError(f"{path}：不是合法的 TOML 文件（{wrong}），请改正后重试。") from wrong
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
            raise FormgenError(f"{path}：缺少 {key}，请补上。")
    for key, value in raw.items():
        if key not in _KEYS:
            raise FormgenError(f"{path}：不认识的项 {key}，请删除或改正；可用：{'、'.join(_KEYS)}。")
        if not isinstance(value, _KEYS[key]):
            raise FormgenError(f"{path}：{key} 的写法不对，请参照其他文书的 form.toml。")
    if raw["per"] not in PER:
        raise FormgenError(f"{path}：per 应为 {'、'.join(PER)} 之一。")
    if raw.get("kind", raw["file"].rpartition(".")[2]) not in KINDS:
        raise FormgenError(f"{path}：file 的扩展名应为 {'、'.join(KINDS)} 之一。")
    if not names.is_safe(raw["file"]):
        raise FormgenError(f'{path}：file 不能含有路径或 < > : " / \\ | ? * 等字符。')
    if raw.get("qr") and raw.get("kind", raw["file"].rpartition(".")[2]) != "docx":
        raise FormgenError(f"{path}：只有 Word 文书能印二维码，请删去 qr = true。")
    if raw.get("public") and raw["per"] != "union":
        raise FormgenError(f'{path}：要张贴的文书（public = true）只能是 per = "union"，它看不到台账。')
    if strange := [text for text in raw["when"] if not _is_result(text)]:
        raise FormgenError(f"{path}：when 中的 {strange[0]} 不是“级别/状态”，如 全总级/auto、*/human。")
    if unknown := [name for name in raw.get("needs", ()) if name not in Case.__dataclass_fields__]:
        raise FormgenError(f"{path}：needs 中的 {unknown[0]} 不是案件的字段，请改正。")


def _is_result(text: object) -> bool:
    tier, _, status = str(text).partition("/")
    return tier in TIERS and status in STATUSES


def _leading_digits(file: str) -> str:
    match = re.match(r"\d+", file)
    return match.group() if match else ""
