"""The catalogue inside a dossier (卷内目录): one item (件) a paper, numbered, with its files and pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from formgen.keep import still
from formgen.keep.dossier import Dossier, File, Paper
from formgen.keep.pages import NOT_CONVERTED
from formgen.keep.policy import Policy

HEADINGS = ("序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注")  # DA/T 22-2015
WIDTHS = (6, 34, 16, 20, 40, 11, 8, 7, 20)


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item of a dossier; ``folder`` is its place below data/."""

    place: int
    number: str
    folder: str
    paper: Paper

    def path(self, file: File) -> str:
        """The path of one of its files below data/."""
        return f"{self.folder}/{file.name}"


def numbered(dossier: Dossier, number: str, policy: Policy) -> tuple[Item, ...]:
    """The items of a dossier in order; ``number`` is the dossier's own and stands before each item's."""
    width = int(policy.numbers["item_width"])
    return tuple(
        Item(place, f"{number}-{place:0{width}d}", f"records/{place:0{width}d}-{paper.code}", paper)
        for place, paper in enumerate(dossier.in_order(), start=1)
    )


def rows(items: tuple[Item, ...], policy: Policy) -> list[tuple[still.Cell, ...]]:
    """The nine columns of DA/T 22-2015; days as eight digits, unknown pages empty."""
    return [
        (
            item.place,
            item.number,
            item.paper.document_no,
            item.paper.responsible,
            item.paper.title,
            day(item.paper.dated),
            str(policy.retention["security"]),
            item.paper.pages,
            _note(item.paper),
        )
        for item in items
    ]


def _note(paper: Paper) -> str:
    """What an archivist should know of an item: that it is a scan, or has its original only; nothing in the rule."""
    said = ("扫描件" if paper.is_scan else "", NOT_CONVERTED if paper.converted == NOT_CONVERTED else "")
    return "；".join(part for part in said if part)


def day(on: date | None) -> str:
    """A day as catalogues write it: 20261120; empty when unknown."""
    return "" if on is None else on.strftime("%Y%m%d")


def pages(items: tuple[Item, ...]) -> int | None:
    """The pages of the whole dossier; None as long as one item's are unknown."""
    counted = [item.paper.pages for item in items]
    known = [count for count in counted if count is not None]
    return sum(known) if len(known) == len(counted) else None


def tables(items: tuple[Item, ...], number: str, policy: Policy, on: date | None) -> dict[str, bytes]:
    """The catalogue as items.csv and items.xlsx, by path below data/."""
    made = rows(items, policy)
    return {
        "catalog/items.csv": still.csv_text(HEADINGS, made),
        "catalog/items.xlsx": still.workbook([("卷内目录", HEADINGS, made, WIDTHS)], title=f"卷内目录 {number}", on=on),
    }
