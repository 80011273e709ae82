"""Pages drawn by program: text, lines and fields at given places, with their fonts embedded.

Used for what has no template of its own: separator sheets, page maps, page numbers, and the drawing of form templates.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from formgen.messages import FormgenError
from formgen.model import Finding
from formgen.pdf import fields as pdf_fields
from formgen.pdf import file as pdf_file
from formgen.pdf import fonts
from formgen.pdf.appearance import Typeset
from formgen.pdf.file import number, numbers
from formgen.pdf.layout import LEADING, break_lines, width_of

MM = 72 / 25.4
A4 = (595.276, 841.89)


@dataclass(slots=True)
class Drawing:
    """The content of one page; places are points from the lower left corner."""

    size: tuple[float, float] = A4
    operators: list[str] = field(default_factory=list)
    fields: list[bytes] = field(default_factory=list)  # entries of widgets, without the page

    def rectangle(self, x: float, y: float, width: float, height: float, *, thick: float = 0.75) -> None:
        """An outline."""
        self.operators.append(f"{number(thick)} w {numbers((x, y, width, height))} re S")

    def line(self, x0: float, y0: float, x1: float, y1: float, *, thick: float = 0.75, dash: str = "") -> None:
        """A straight line; ``dash`` as PDF writes it, e.g. "[3 2] 0"."""
        style = f"{dash} d " if dash else ""
        self.operators.append(f"q {number(thick)} w {style}{numbers((x0, y0))} m {numbers((x1, y1))} l S Q")


class Pages:
    """Drawn pages of one file, sharing their fonts."""

    def __init__(self) -> None:
        self.typeset = Typeset()
        self.drawings: list[Drawing] = []

    def page(self, size: tuple[float, float] = A4) -> Drawing:
        """A new empty page."""
        self.drawings.append(Drawing(size))
        return self.drawings[-1]

    def write(
        self, drawing: Drawing, x: float, y: float, text: str, size: float, *, role: str = "宋", align: int = 0
    ) -> float:
        """Set one line with its baseline at y; ``align`` 0 begins, 1 centres, 2 ends at x. Returns its width."""
        glyphs = self._glyphs(text, role)
        width = width_of(glyphs) * size / 1000
        show = f"{numbers((x - width * align / 2, y))} Td\n{self.typeset.show(tuple(glyphs), size)}"
        is_thin = role == "小标宋" and not fonts.is_true_to(role)
        heavier = f"q 2 Tr {number(size / 50)} w " if is_thin else "q "  # an outline makes up for the bold face
        drawing.operators.append(f"{heavier}BT {show}\nET Q")
        return width

    def fitting(self, text: str, size: float, width: float, *, role: str = "宋") -> float:
        """The size at which the text takes no more than ``width``; ``size`` where it does so already."""
        natural = width_of(self._glyphs(text, role)) * size / 1000
        return size if natural <= width else size * width / natural

    def paragraph(
        self, drawing: Drawing, x: float, y: float, text: str, size: float, width: float, *, role: str = "宋"
    ) -> float:
        """Set text broken to ``width`` from the baseline y down. Returns the baseline of the next line."""
        for line in break_lines(self._glyphs(text, role), width * 1000 / size):
            show = self.typeset.show(tuple(line), size)
            drawing.operators.append(f"BT {numbers((x, y))} Td\n{show}\nET")
            y -= size * LEADING * 1.2
        return y

    def _glyphs(self, text: str, role: str) -> list[fonts.Glyph]:
        stack = fonts.stack(role)
        if gone := stack.missing(text):
            raise FormgenError(Finding("E526", values={"character": gone[0]}))
        return [glyph for char in text if (glyph := stack.glyph(char))]

    def finish(self, *, title: str = "", language: str = "zh-CN") -> bytes:
        """The finished file."""
        objects: dict[int, bytes] = {}
        fonts_at, form_at, first = 3, 4, 5
        page_numbers = []
        following = first
        all_fields: list[int] = []
        for drawing in self.drawings:
            page_at, content_at, following = following, following + 1, following + 2
            page_numbers.append(page_at)
            widgets = []
            for entries in drawing.fields:
                objects[following] = b"<<%b/P %d 0 R>>" % (entries, page_at)
                widgets.append(following)
                following += 1
            all_fields += widgets
            objects[content_at] = pdf_file.stream("\n".join(drawing.operators).encode("ascii"))
            objects[page_at] = self._page(drawing, content_at, fonts_at, widgets)
        following = self._put_fonts(objects, fonts_at, following)
        kids = b" ".join(b"%d 0 R" % page for page in page_numbers)
        objects[2] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, len(page_numbers))
        form = b"/AcroForm %d 0 R" % form_at if all_fields else b""
        if all_fields:
            objects[form_at] = pdf_fields.form(all_fields)
        objects[1] = b"<</Type/Catalog/Pages 2 0 R/Lang(%b)/ViewerPreferences<</DisplayDocTitle true>>%b>>" % (
            language.encode(),
            form,
        )
        objects[following] = b"<</Title %b/Producer(formgen)>>" % pdf_file.text(title)
        base = pdf_file.base_of(objects, size=following + 1, root=1)
        return pdf_file.assemble(base, pdf_file.Parts(), info=following)

    def _page(self, drawing: Drawing, content: int, resources: int, widgets: list[int]) -> bytes:
        annotations = b"/Annots[%b]" % b" ".join(b"%d 0 R" % widget for widget in widgets) if widgets else b""
        box = numbers((0, 0, *drawing.size)).encode()
        about = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Resources %d 0 R/Contents %d 0 R%b>>"
        return about % (box, resources, content, annotations)

    def _put_fonts(self, objects: dict[int, bytes], fonts_at: int, following: int) -> int:
        names = []
        for subset in self.typeset.subsets:
            names.append(b"/%b %d 0 R" % (subset.name.encode(), following))
            for content in subset.objects(following):
                objects[following] = content
                following += 1
        objects[fonts_at] = b"<</Font<<%b>>>>" % b"".join(names)
        return following
