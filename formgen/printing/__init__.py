"""Print jobs: the papers of an output folder as one PDF for the printer, with separators, bookmarks and a page map."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from formgen.model import Finding, Place
from formgen.papers.forms import FOLDERS, Form
from formgen.pdf import PdfForm, Unfillable
from formgen.pdf import clean as pdf_clean
from formgen.pdf.form import BROKEN
from formgen.pdf.objects import array, dictionary, integer
from formgen.pdf.plan import LANGUAGE, disarm, entitle
from formgen.printing import sheets as printing_sheets
from formgen.printing.plan import BLANK, PAPER, Leaf, Printable, entries, plan

WORD_KINDS = (".docx", ".xlsx")


@dataclass(frozen=True, slots=True)
class Job:
    """A print job: the PDF, its page map as plain data for JSON, and what is to be said."""

    content: bytes = field(repr=False)
    page_map: Mapping[str, Any]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How the job is wanted. ``only`` names cases, empty means all; ``copies`` is by form id."""

    by: str = "case"
    duplex: bool = False
    separators: bool = True
    marks: bool = True
    only: frozenset[str] = frozenset()
    copies: Mapping[str, int] = field(default_factory=dict)


def job(folder: Path, known: Iterable[Form], wish: Wish, *, title: str = "") -> Job:
    """The print job of an output folder made with ``run --pdf``; equal folders give equal bytes.

    A paper that is there in Word only, or whose PDF is broken, is named in the findings and left out.
    """
    findings: list[Finding] = []
    sources: dict[str, PdfReader] = {}
    papers = []
    for paper, path in _papers(folder, list(known), wish, findings):
        reader = _opened(path)
        if reader is None:
            findings.append(Finding("E512", Place(file=paper.file), {"name": paper.file}))
            continue
        sources[paper.file] = reader
        papers.append(Printable(paper.group, paper.form, paper.title, paper.file, len(reader.pages), paper.copies))
    leaves = plan(papers, by=wish.by, duplex=wish.duplex, separators=wish.separators)
    content = _bound(leaves, sources, wish, title) if papers else b""
    return Job(content, _page_map(leaves, wish), tuple(findings))


def unknown_cases(folder: Path, only: Iterable[str]) -> tuple[str, ...]:
    """The case numbers that have no folder here."""
    return tuple(sorted(name for name in only if not (folder / FOLDERS["case"] / name).is_dir()))


def _papers(
    folder: Path, known: Sequence[Form], wish: Wish, findings: list[Finding]
) -> Iterable[tuple[Printable, Path]]:
    """Every PDF of the folder of which a copy is wanted, with what it is, cases first, in the order of names."""
    waiting: list[str] = []
    for place in FOLDERS.values():
        for path in sorted((folder / place).rglob("*")):
            relative = path.relative_to(folder).as_posix()
            group = _group(relative, place)
            if wish.only and group not in wish.only:
                continue
            paper = _printable(relative, group, place, known, wish)
            if not paper.copies:
                continue  # nobody wants it: no pages, no separator, no warning
            if path.suffix.lower() == ".docx" and not path.with_suffix(".pdf").exists():
                waiting.append(relative)
            if path.suffix.lower() == ".pdf":
                yield paper, path
    if waiting:
        values = {"count": str(len(waiting)), "papers": "、".join(waiting[:5]) + ("…" if len(waiting) > 5 else "")}
        findings.append(Finding("W504", values=values))


def _group(relative: str, place: str) -> str:
    """Whose paper it is: the case, the union that stands before the last dash of a notice's name, or the batch."""
    name = relative.split("/")[1]
    if place == FOLDERS["case"]:
        return name
    return name.rpartition("-")[0] or place if place == FOLDERS["union"] else place


def _printable(relative: str, group: str, place: str, known: Sequence[Form], wish: Wish) -> Printable:
    name = Path(relative).stem
    found = next((form for form in known if FOLDERS[form.per] == place and name.endswith(Path(form.file).stem)), None)
    form_id, title, copies = (found.id, found.title, found.copies) if found else (name, name, 1)
    return Printable(group, form_id, title, relative, 0, wish.copies.get(form_id, copies))


def _opened(path: Path) -> PdfReader | None:
    """The PDF without form fields, so that many forms in one file cannot fill each other; None when it is broken."""
    content = path.read_bytes()
    try:
        content = PdfForm(content, name=path.name).fill({}, mode="flat").content
    except Unfillable as refusal:
        if refusal.finding.code not in ("E509", "E510"):
            return None
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        return reader if len(reader.pages) else None
    except BROKEN:
        return None


def _bound(leaves: Sequence[Leaf], sources: Mapping[str, PdfReader], wish: Wish, title: str) -> bytes:
    """All pages in one file."""
    drawn = PdfReader(io.BytesIO(printing_sheets.draw(leaves, by=wish.by, duplex=wish.duplex)))
    writer = PdfWriter()
    last_size = printing_sheets.A4
    for leaf, sheet in zip(leaves, drawn.pages, strict=True):
        if leaf.kind == PAPER and leaf.paper:
            page = writer.add_page(sources[leaf.paper.file].pages[leaf.page - 1])
            last_size = (float(page.mediabox.width), float(page.mediabox.height))
            if wish.marks:
                _mark(writer, page, sheet)
        elif leaf.kind == BLANK:
            writer.add_blank_page(*last_size)
        else:
            writer.add_page(sheet)
    _bookmark(writer, leaves, wish.by)
    disarm(writer)
    entitle(writer, LANGUAGE)
    preferences = dictionary(writer.root_object["/ViewerPreferences"])
    preferences[NameObject("/PrintScaling")] = NameObject("/None")
    preferences[NameObject("/Duplex")] = NameObject("/DuplexFlipLongEdge" if wish.duplex else "/Simplex")
    return pdf_clean.rewritten(writer, title)


def _mark(writer: PdfWriter, page: PageObject, sheet: PageObject) -> None:
    """Lay the drawn mark over the page, upright for the reader also when the page is turned."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    left, bottom = float(page.mediabox.left), float(page.mediabox.bottom)
    turned = {
        0: f"1 0 0 1 {left + width - printing_sheets.A4[0]:.3f} {bottom + height - printing_sheets.A4[1]:.3f}",
        90: f"0 1 -1 0 {left + printing_sheets.A4[1]:.3f} {bottom + height - printing_sheets.A4[0]:.3f}",
        180: f"-1 0 0 -1 {left + printing_sheets.A4[0]:.3f} {bottom + printing_sheets.A4[1]:.3f}",
        270: f"0 -1 1 0 {left + width - printing_sheets.A4[1]:.3f} {bottom + printing_sheets.A4[0]:.3f}",
    }[integer(page.get("/Rotate")) % 360]
    resources = DictionaryObject(dictionary(page.get("/Resources")))
    xobjects = DictionaryObject(dictionary(resources.get("/XObject")))
    xobjects[NameObject("/FormgenMark")] = writer._add_object(_as_shape(writer, sheet))
    resources[NameObject("/XObject")] = xobjects
    page[NameObject("/Resources")] = resources
    contents = page.get("/Contents")
    old = list(array(contents)) or ([page.raw_get("/Contents")] if contents is not None else [])
    around = [_stream(writer, "q\n"), *old, _stream(writer, f"\nQ q {turned} cm /FormgenMark Do Q")]
    page[NameObject("/Contents")] = ArrayObject(around)


def _as_shape(writer: PdfWriter, sheet: PageObject) -> StreamObject:
    shape = StreamObject()
    content = sheet.get_contents()
    shape.set_data(content.get_data() if content is not None else b"")
    shape[NameObject("/Type")], shape[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    shape[NameObject("/BBox")] = ArrayObject(sheet.mediabox)
    shape[NameObject("/Resources")] = sheet.raw_get("/Resources").clone(writer)
    return shape


def _stream(writer: PdfWriter, content: str) -> Any:
    made = StreamObject()
    made.set_data(content.encode("ascii"))
    return writer._add_object(made)


def _bookmark(writer: PdfWriter, leaves: Sequence[Leaf], by: str) -> None:
    """A bookmark a household (or form) with one below it a paper."""
    above: Any = None
    group = ""
    for at, leaf in enumerate(leaves):
        if leaf.kind != PAPER or leaf.page != 1 or not leaf.paper:
            continue
        heading, below = leaf.paper.group, leaf.paper.title
        if by == "form":
            heading, below = below, heading
        if above is None or heading != group:
            group, above = heading, writer.add_outline_item(title=heading, page_number=at)
        copy = f"（{leaf.copy}/{leaf.paper.copies}）" if leaf.paper.copies > 1 else ""
        writer.add_outline_item(title=below + copy, page_number=at, parent=above)


def _page_map(leaves: Sequence[Leaf], wish: Wish) -> dict[str, Any]:
    return {
        "by": wish.by,
        "duplex": wish.duplex,
        "pages": len(leaves),
        "sheets": leaves[-1].sheet if leaves else 0,
        "papers": [
            {
                "sheets": [entry.first, entry.last],
                "case": entry.paper.group,
                "form": entry.paper.form,
                "file": entry.paper.file,
                "copy": entry.copy,
                "pages": entry.paper.pages,
            }
            for entry in entries(leaves)
        ],
    }
