"""A fillable template from a drawing, or from a form that is there already, with what form.toml must say of it."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, IndirectObject, NameObject

from formgen import fields
from formgen.model import Finding, Place
from formgen.pdf import PdfField, PdfForm, Unfillable, fonts
from formgen.pdf import clean as pdf_clean
from formgen.pdf import drawing as pdf_drawing
from formgen.pdf import fields as pdf_fields
from formgen.pdf import file as pdf_file
from formgen.pdf import lint as pdf_lint
from formgen.pdf.drawing import Mark
from formgen.pdf.fields import NewField
from formgen.pdf.form import BROKEN
from formgen.pdf.objects import array
from formgen.pdf.plan import LANGUAGE, disarm, entitle, serialised

_INSET = 1.5  # points between the lines of a cell and its field
_LINES = 3.2  # a cell this many lines high takes several lines; a lower one can still wrap
_CENTRED = 6.0  # points: a placeholder this near the middle of its cell was centred
_OPEN_WIDTH = 240.0  # points: a field without a cell around it and nothing to its right
_PICTURES = ("扫描", "照片")  # how the tag of a picture ends
_CELLS = {"card": 19, "id": 18}  # type of a tag → one character a cell, this many
_CELL_WIDTH = 12.0  # points: narrower cells are hard to read
_COLOURS = {"text": "#1f5fbf", "check": "#b8460e"}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import gives: the template, its fields, form.toml, a picture a page, and what is to be said."""

    template: bytes = field(repr=False)
    fields: tuple[PdfField, ...] = ()
    toml: str = ""
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = ()


def from_pdf(content: bytes, *, name: str, title: str, known: frozenset[str]) -> Imported:
    """The template of a PDF: its own fields where it has some, else fields where {{ 字段 }} and □ stand."""
    findings: list[Finding] = []
    try:
        PdfForm(content, name=name)
        template = content
    except Unfillable as refusal:
        if refusal.finding.code != "E509":
            return Imported(b"", findings=(refusal.finding,))
        template, findings = _drawn(content, name, title)
        if not template:
            return Imported(b"", findings=tuple(findings))
    findings += pdf_lint.check(name, template, known)
    form = PdfForm(template, name=name)
    pictures = _pictures(template, form.fields) if pdf_drawing.is_available() else ()
    return Imported(template, form.fields, form_toml(form.fields, title, known), pictures, tuple(findings))


def _drawn(content: bytes, name: str, title: str) -> tuple[bytes, list[Finding]]:
    """The drawing with fields in place of its marks; empty with an error when there is none or one cannot be taken."""
    place = Place(file=name)
    if not pdf_drawing.is_available():
        return b"", [Finding("E518", place)]
    try:
        drawing = pdf_drawing.read(content)
    except ValueError:
        return b"", [Finding("E501", place, {"reason": "PDF"})]
    if drawing.stuck:
        return b"", [Finding("E517", place, {"field": stuck}) for stuck in drawing.stuck]
    if not drawing.marks:
        return b"", [Finding("E509", place)]
    open_ends = [mark for mark in drawing.marks if mark.cell is None and not mark.is_square]
    findings = [Finding("W507", Place(file=name, heading=mark.name), {"field": mark.name}) for mark in open_ends]
    return add_fields(drawing.content, _fields(drawing.marks), title=title), findings


def _fields(marks: Sequence[Mark]) -> list[NewField]:
    """A field for each mark; squares of the same words are told apart by a number."""
    squares = Counter(mark.name for mark in marks if mark.is_square)
    count: Counter[str] = Counter()
    made = []
    for mark in marks:
        if mark.is_square:
            count[mark.name] += 1
            number = f"_{count[mark.name]}" if squares[mark.name] > 1 else ""
            made.append(NewField(name=mark.name + number, rect=mark.box, page=mark.page, kind="check"))
        else:
            made.append(_text(mark))
    return made


def _text(mark: Mark) -> NewField:
    left, bottom, right, top = mark.cell or _open_room(mark)
    before, after = mark.box[0] - left, right - mark.box[2]
    align = 1 if mark.cell and abs(before - after) < _CENTRED and before > _CENTRED else 0
    size = round(mark.size * 2) / 2
    if mark.name.endswith(_PICTURES):
        return NewField(name=mark.name, rect=(left, bottom, right, top), page=mark.page, kind="picture")
    cells = _CELLS.get(_types().get(mark.name, ""), 0)
    if cells and mark.cell and right - left >= cells * _CELL_WIDTH:
        return NewField(name=mark.name, rect=mark.cell, page=mark.page, role="黑", size=size, cells=cells)
    return NewField(
        name=mark.name,
        rect=(left + _INSET, bottom + _INSET / 2, right - _INSET, top - _INSET / 2),
        page=mark.page,
        role=fonts.role_of(mark.font),
        size=size,
        align=align,
        is_multiline=top - bottom > _LINES * (size or 12),
    )


def _types() -> dict[str, str]:
    """The type of each tag of a case."""
    return {each.tag: each.type for each in fields.catalogue()["case"].fields}


def _open_room(mark: Mark) -> tuple[float, float, float, float]:
    width = _OPEN_WIDTH if mark.room is None else min(_OPEN_WIDTH, max(mark.room - 2, mark.box[2] - mark.box[0]))
    return mark.box[0], mark.box[1] - 2, mark.box[0] + width, mark.box[3] + 2


def add_fields(content: bytes, new: Sequence[NewField], *, title: str) -> bytes:
    """The PDF with these fields; fields of one name become one field in several places. Raises ValueError if broken."""
    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_clean.clean(content, title=title))))
    except BROKEN as wrong:
        raise ValueError("not a PDF") from wrong
    disarm(writer)
    entitle(writer, LANGUAGE)
    extra: dict[int, bytes] = {}
    first = len(writer._objects) + 1
    on, off, form = first, first + 1, first + 2
    extra[on] = _look("0.12 w 1 J 1 j 0.18 0.5 m 0.4 0.22 l 0.84 0.8 l S")
    extra[off] = _look("")
    tops = _put_fields(writer, new, extra, on, off)
    extra[form] = pdf_fields.form(tops)
    writer.root_object[NameObject("/AcroForm")] = IndirectObject(form, 0, writer)
    reference = writer.root_object.indirect_reference
    assert isinstance(reference, IndirectObject)
    info = max(extra) + 1
    objects = serialised(reference, writer, set()) | extra
    parts = pdf_file.Parts()
    parts.put(info, b"<</Title %b/Producer(formgen)>>" % pdf_file.text(title))
    return pdf_file.assemble(pdf_file.base_of(objects, size=info, root=reference.idnum), parts, info=info)


def _put_fields(writer: PdfWriter, new: Sequence[NewField], extra: dict[int, bytes], on: int, off: int) -> list[int]:
    """Number the fields and hang them on their pages. Returns the numbers the form lists."""
    names = Counter(each.name for each in new)
    above: dict[str, int] = {}
    kids: dict[str, list[int]] = {}
    tops, following = [], max(extra) + 2
    for each in new:
        if names[each.name] > 1 and each.name not in above:
            above[each.name] = following
            tops.append(following)
            following += 1
        page = writer.pages[each.page]
        own = pdf_fields.entries(each, on=on, off=off, parent=above.get(each.name, 0))
        assert page.indirect_reference is not None
        extra[following] = b"<<%b/P %d 0 R>>" % (own, page.indirect_reference.idnum)
        annotations = ArrayObject([*array(page.get("/Annots")), IndirectObject(following, 0, writer)])
        page[NameObject("/Annots")] = annotations
        if each.name in above:
            kids.setdefault(each.name, []).append(following)
        else:
            tops.append(following)
        following += 1
    for name, number in above.items():
        extra[number] = pdf_fields.parent(next(each for each in new if each.name == name), kids[name])
    return tops


def _look(mark: str) -> bytes:
    return pdf_file.stream(mark.encode(), b"/Type/XObject/Subtype/Form/BBox[0 0 1 1]")


def form_toml(made: Iterable[PdfField], title: str, known: frozenset[str]) -> str:
    """The text of form.toml: what the clerk must look over, and one line a field with what is known of it."""
    lines = [
        f"title = {_quoted(title)}",
        'basis = ""',
        'per = "case"                # case 一户一份、union 一会一份、batch 一批一份',
        'when = ["*/auto", "*/human", "*/insufficient", "*/blocked"]',
        f"file = {_quoted(title + '.pdf')}",
        "copies = 1",
        "",
        '# 域 = "标签"。可用的标签：formgen template fields',
        "[fields]",
    ]
    for about in made:
        if about.kind in ("button", "signature"):
            continue
        note = "" if about.name in known else "  <- 不是已知标签，请改成要填的标签"
        lines.append(f"{_quoted(about.name)} = {_quoted(about.name)}  # {_described(about)}{note}")
    return "\n".join(lines) + "\n"


def _described(about: PdfField) -> str:
    left, bottom, right, top = about.rects[0]
    parts = [about.kind, f"第 {about.pages[0]} 页", f"{right - left:.0f}×{top - bottom:.0f} 点"]
    parts += ["多行"] if about.is_multiline else []
    parts += [f"最多 {about.max_length} 字"] if about.max_length else []
    parts += [f"{len(about.rects)} 处"] if len(about.rects) > 1 else []
    parts += (
        ["选项 " + "、".join(shown for _, shown in about.choices)] if about.kind in ("radio", "choice", "list") else []
    )
    return "，".join(parts)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _pictures(template: bytes, made: Sequence[PdfField]) -> tuple[bytes, ...]:
    """A picture of each page that has fields, with the fields drawn in and named."""
    font = str(fonts.stack("黑").first.source.path)
    pages = sorted({page for about in made for page in about.pages})
    drawn = []
    for page in pages:
        boxes = [
            (rect, _COLOURS.get(about.kind, "#2b7a3d"), about.name)
            for about in made
            for at, rect in zip(about.pages, about.rects, strict=True)
            if at == page
        ]
        drawn.append(pdf_drawing.picture(template, page - 1, boxes, font))
    return tuple(drawn)
