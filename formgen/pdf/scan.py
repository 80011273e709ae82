"""Pictures as pages: the JPEG or PNG stays as it is, only a page is laid around it."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from formgen.pdf import file as pdf_file

A4 = (595.276, 841.89)  # points
_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG markers that give the size
_COLOURS = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"/DeviceCMYK"}
_TURNS = {3: 180, 6: 90, 8: 270}  # EXIF orientation → how far the page is turned
_LEAST_DENSITY = 100  # dots an inch; less is no scan of true size


class UnknownPicture(ValueError):
    """A picture is neither JPEG nor PNG, or damaged; ``page`` counts from 1."""

    def __init__(self, page: int) -> None:
        super().__init__(f"picture {page}")
        self.page = page


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what PDF must know of it; ``density`` is dots an inch, 0 when it does not say."""

    width: int
    height: int
    entries: bytes
    content: bytes
    density: float = 0.0
    turn: int = 0


def page_of_pictures(pictures: Sequence[bytes], *, title: str) -> bytes:
    """A file of one page a picture, at true size where the picture tells it, else as large as A4 allows."""
    objects: dict[int, bytes] = {}
    kids = []
    for at, content in enumerate(pictures):
        try:
            picture = read(content)
        except (struct.error, IndexError, KeyError, ValueError) as wrong:
            raise UnknownPicture(at + 1) from wrong
        page, drawing, image = 3 + 3 * at, 4 + 3 * at, 5 + 3 * at
        width, height = _size(picture)
        objects[image] = image_object(picture)
        objects[drawing] = pdf_file.stream(f"{pdf_file.numbers((width, 0, 0, height, 0, 0))} cm /S Do".encode())
        objects[page] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b]/Rotate %d/Contents %d 0 R%b>>" % (
            pdf_file.numbers((width, height)).encode(),
            picture.turn,
            drawing,
            b"/Resources<</XObject<</S %d 0 R>>>>" % image,
        )
        kids.append(b"%d 0 R" % page)
    objects[2] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(kids))
    objects[1] = b"<</Type/Catalog/Pages 2 0 R/Lang(zh-CN)>>"
    size = 3 + 3 * len(pictures)
    objects[size] = b"<</Title %b/Producer(formgen)>>" % pdf_file.text(title)
    return pdf_file.assemble(pdf_file.base_of(objects, size=size + 1, root=1), pdf_file.Parts(), info=size)


def image_object(picture: Picture) -> bytes:
    """The picture as an object of a PDF."""
    return b"<</Type/XObject/Subtype/Image/Width %d/Height %d%b/Length %d>>stream\n%b\nendstream" % (
        *(picture.width, picture.height, picture.entries, len(picture.content), picture.content),
    )


def opened(content: bytes) -> Picture | None:
    """The picture, None when it is neither JPEG nor PNG or is damaged."""
    try:
        return read(content)
    except (struct.error, IndexError, KeyError, ValueError):
        return None


def _size(picture: Picture) -> tuple[float, float]:
    fit = min(max(A4) / max(picture.width, picture.height), min(A4) / min(picture.width, picture.height))
    if picture.density >= _LEAST_DENSITY:
        fit = min(fit, 72 / picture.density)
    return picture.width * fit, picture.height * fit


def read(content: bytes) -> Picture:
    """The picture as PDF takes it. Raises ValueError, IndexError, KeyError or struct.error when it is damaged."""
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content.startswith(_PNG):
        return _png(content)
    raise ValueError("neither JPEG nor PNG")


def _jpeg(content: bytes) -> Picture:
    at, density, turn = 2, 0.0, 0
    while True:
        if content[at] != 0xFF:
            raise ValueError("lost in the JPEG")
        marker, length = content[at + 1], struct.unpack_from(">H", content, at + 2)[0]
        body = content[at + 4 : at + 2 + length]
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            unit, dots = body[7], struct.unpack_from(">H", body, 8)[0]
            density = dots * {1: 1.0, 2: 2.54}.get(unit, 0.0)
        elif marker == 0xE1 and body.startswith(b"Exif\0\0"):
            turn = _TURNS.get(_orientation(body[6:]), 0)
        elif marker in _FRAMES:
            bits, height, width, parts = struct.unpack_from(">BHHB", body)
            entries = b"/ColorSpace%b/BitsPerComponent %d/Filter/DCTDecode" % (_COLOURS[parts], bits)
            return Picture(width, height, entries, content, density, turn)
        at += 2 + length


def _orientation(tiff: bytes) -> int:
    """The orientation a camera wrote, 1 when it wrote none."""
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for at in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * at)
            if tag == 0x0112:
                return value
    except struct.error:
        pass
    return 1


def _png(content: bytes) -> Picture:
    """The picture with its own compressed rows; one with transparency or interlacing is first made plain."""
    head, palette, rows, density = b"", b"", [], 0.0
    at = 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            head = body
        elif kind == b"PLTE":
            palette = body
        elif kind == b"IDAT":
            rows.append(body)
        elif kind == b"pHYs" and body[8] == 1:
            density = struct.unpack_from(">I", body)[0] * 0.0254
        at += 12 + length
    width, height, bits, colour, _, _, interlace = struct.unpack(">IIBBBBB", head)
    if interlace or colour in (4, 6) or bits == 16:
        return _png(_plain(content))
    parts = 3 if colour == 2 else 1
    space = _COLOURS[parts]
    if colour == 3:
        space = b"[/Indexed/DeviceRGB %d<%b>]" % (len(palette) // 3 - 1, palette.hex().encode())
    parameters = b"/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>" % (parts, bits, width)
    entries = b"/ColorSpace%b/BitsPerComponent %d/Filter/FlateDecode%b" % (space, bits, parameters)
    return Picture(width, height, entries, b"".join(rows), density)


def _plain(content: bytes) -> bytes:
    """The picture on white paper, without interlacing. Raises ValueError where Pillow is missing."""
    try:
        from PIL import Image
    except ImportError as wrong:
        raise ValueError("needs Pillow") from wrong
    buffer = io.BytesIO()
    with Image.open(io.BytesIO(content)) as picture:
        density = picture.info.get("dpi")
        layered = picture.convert("RGBA")
        paper = Image.new("RGB", layered.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        paper.save(buffer, "PNG", **({"dpi": density} if density else {}))
    return buffer.getvalue()
