"""Our streaming reader of .xlsx: every cell as it is written, with its place, kind, style and formula mark.

Written because the usual libraries lose what a checker must see: error cells, formulas never calculated, the Chinese
date formats, hidden rows, rows outside a lying dimension. Namespaces are ignored: strict OOXML reads like any other.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from formgen.xlsx.plainrows import rows
from formgen.xlsx.sheetxml import Layout, Row
from formgen.xlsx.strings import Strings
from formgen.xlsx.styles import Style, read_styles
from formgen.xlsx.xmlparts import elements
from formgen.xlsx.zips import Package, Refused

_ACTIVE = {
    "vbaproject.bin": "宏",
    "externallinks/": "外部链接",
    "connections.xml": "数据连接",
    "embeddings/": "嵌入对象",
    "macrosheets/": "宏表",
    "activex/": "控件",
}


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook: its title, the part that holds it and whether the clerk can see it."""

    title: str
    part: str
    is_hidden: bool


class Workbook:
    """An .xlsx file opened for reading; use it as a context manager.

    ``package`` holds its parts, ``styles_part`` and ``theme_part`` name two of them ("" when absent), ``sheets`` in the
    clerk's order, ``styles`` by style number, ``day_styles`` the numbers of those that show days, ``is_1904`` when days
    are counted from 1904, ``active`` the Chinese names of active content, which is never run.
    """

    def __init__(self, path: Path) -> None:
        """Read all but the rows. Raises Refused when the file is not a sound workbook."""
        self.package = Package(path)
        try:
            self._open()
        except BaseException:
            self.package.close()
            raise

    def _open(self) -> None:
        main = self._main_part()
        self.is_1904 = False
        self.sheets = tuple(self._sheet_parts(main))
        self.styles_part = self._related(main, "styles", "styles.xml")
        self.theme_part = self._related(main, "theme", "theme/theme1.xml")
        self.styles: tuple[Style, ...] = read_styles(self.styles_part, self.package)
        self.day_styles = frozenset(at for at, style in enumerate(self.styles) if style.is_date)
        self._strings = Strings.read(self._related(main, "sharedStrings", "sharedStrings.xml"), self.package)
        lower = [name.casefold() for name in self.package.names()]
        self.active = tuple(word for mark, word in _ACTIVE.items() if any(mark in name for name in lower))

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the file and everything held for it go."""
        self.package.close()
        self._strings.close()

    def rows(self, sheet: SheetPart, layout: Layout | None = None) -> Iterator[Row]:
        """The rows of a sheet as they are written; `layout`, when given, is filled with what stands around them.

        Raises Refused when the sheet is damaged or beyond what Excel allows.
        """
        return rows(self.package.chunks(sheet.part), self._strings, sheet.part, layout)

    def _main_part(self) -> str:
        """The part that lists the sheets. Raises Refused when the package is some other document."""
        if self.package.has("mimetype") or self.package.has("word/document.xml"):
            raise Refused("E111")
        if not self.package.has("_rels/.rels"):
            raise Refused("E111")
        for _, found in elements(self.package, "_rels/.rels", {"Relationship"}):
            if found.get("Type", "").endswith("/officeDocument"):
                target = posixpath.normpath(found.get("Target", "").lstrip("/"))
                if target.casefold().endswith(".bin"):
                    raise Refused("E112")
                return target
        raise Refused("E111")

    def _targets(self, main: str) -> dict[str, tuple[str, str]]:
        """Relation id → (its kind, the part it points to)."""
        folder, name = posixpath.split(main)
        part = posixpath.join(folder, "_rels", f"{name}.rels")
        return {
            found.get("Id", ""): (found.get("Type", "").rpartition("/")[2], _resolve(folder, found.get("Target", "")))
            for _, found in elements(self.package, part, {"Relationship"})
        }

    def _related(self, main: str, kind: str, usual: str) -> str:
        """The part of that kind, or the name it usually has; empty when there is none."""
        for found, target in self._targets(main).values():
            if found == kind and self.package.has(target):
                return target
        guess = _resolve(posixpath.dirname(main), usual)
        return guess if self.package.has(guess) else ""

    def _sheet_parts(self, main: str) -> Iterator[SheetPart]:
        targets = self._targets(main)
        for name, found in elements(self.package, main, {"workbook", "workbookPr", "sheet"}):
            if name == "workbookPr":
                self.is_1904 = found.get("date1904", "") in ("1", "true", "on")
            elif name == "sheet":
                kind, part = targets.get(found.get("id", ""), ("", ""))
                if kind in ("worksheet", "") and self.package.has(part):
                    yield SheetPart(found.get("name", ""), part, found.get("state", "visible") != "visible")


def _resolve(folder: str, target: str) -> str:
    return posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target))


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hex. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
