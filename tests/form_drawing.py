"""Small forms for tests, drawn in the test that needs them."""

from formgen.pdf import file as pdf_file
from formgen.pdf.page import Drawing, Pages


def text_field(
    name: str, rect: tuple[float, float, float, float], extra: str = "", style: str = "/SimSun 12 Tf 0 g"
) -> bytes:
    """The entries of a text field."""
    return b"/Type/Annot/Subtype/Widget/FT/Tx/F 4/T%b/Rect[%b]/DA(%b)%b" % (
        *(pdf_file.text(name), pdf_file.numbers(rect).encode(), style.encode(), extra.encode()),
    )


def tick_field(name: str, rect: tuple[float, float, float, float], state: str, extra: str = "") -> bytes:
    """The entries of a check box whose ticked state has that name."""
    look = f"/MK<</BC[0]/CA(4)>>/AS/Off/AP<</N<</{state} 2 0 R/Off 2 0 R>>>>"
    return b"/Type/Annot/Subtype/Widget/FT/Btn/F 4/T%b/Rect[%b]%b%b" % (
        *(pdf_file.text(name), pdf_file.numbers(rect).encode(), look.encode(), extra.encode()),
    )


def choice_field(name: str, rect: tuple[float, float, float, float], options: tuple[str, ...], flags: int) -> bytes:
    """The entries of a combo box (flags 1 << 17) or of a list box (0, or 1 << 21 for several)."""
    listed = b"".join(map(pdf_file.text, options))
    return b"/Type/Annot/Subtype/Widget/FT/Ch/F 4/Ff %d/T%b/Rect[%b]/Opt[%b]/DA(/SimSun 12 Tf 0 g)" % (
        *(flags, pdf_file.text(name), pdf_file.numbers(rect).encode(), listed),
    )


def form(*fields: bytes, size: tuple[float, float] = (400, 300)) -> bytes:
    """A page with these fields and one word on it."""
    pages = Pages()
    page: Drawing = pages.page(size)
    pages.write(page, 10, size[1] - 15, "表", 10)
    page.fields += fields
    return pages.finish(title="试验表")
