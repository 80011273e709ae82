"""Every page of a batch on sheets one can look through: ``python -m tests.contact_sheet BATCH -o FOLDER``.

BATCH is a folder that ``formgen run`` wrote. LibreOffice turns its Word papers into PDF; each sheet shows twelve pages.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from formgen.pdf import convert, fonts

COLUMNS, ROWS, GAP, WIDE, HIGH = 4, 3, 8, 500, 707
POINTS = 72


def pages(batch: Path) -> Iterator[tuple[str, Image.Image]]:
    """The name of each paper and the picture of each of its pages, in the order of the folder."""
    papers = {
        str(path.relative_to(batch)): path
        for path in sorted(batch.rglob("*"))
        if path.suffix in (".docx", ".xlsx", ".pdf")
    }
    converted = convert.to_pdf({name: path for name, path in papers.items() if path.suffix != ".pdf"}).papers
    for name, path in papers.items():
        content = path.read_bytes() if path.suffix == ".pdf" else converted.get(name)
        if content is None:
            continue
        document = pypdfium2.PdfDocument(io.BytesIO(content))
        document.init_forms()  # else the values of a PDF form stay out of sight
        for page in document:
            yield name, page.render(scale=WIDE / page.get_width()).to_pil().convert("RGB")


def sheets(batch: Path) -> Iterator[Image.Image]:
    """Twelve pages a sheet, each with the end of its name above it."""
    held: list[tuple[str, Image.Image]] = []
    for each in pages(batch):
        held.append(each)
        if len(held) == COLUMNS * ROWS:
            yield _sheet(held)
            held = []
    if held:
        yield _sheet(held)


def _sheet(held: list[tuple[str, Image.Image]]) -> Image.Image:
    sheet = Image.new("RGB", (COLUMNS * (WIDE + GAP), ROWS * (HIGH + GAP)), "grey")
    pen = ImageDraw.Draw(sheet)
    for number, (name, picture) in enumerate(held):
        at = ((number % COLUMNS) * (WIDE + GAP), (number // COLUMNS) * (HIGH + GAP))
        picture.thumbnail((WIDE, HIGH))
        sheet.paste(picture, at)
        pen.text((at[0] + 4, at[1] + 2), name[-40:], fill="red", font=_label())
    return sheet


@cache
def _label() -> ImageFont.FreeTypeFont:
    """A font with Chinese for the names."""
    source = fonts.stack("黑").first.source
    return ImageFont.truetype(str(source.path), 14, index=source.number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("batch", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    for number, sheet in enumerate(sheets(asked.batch), 1):
        sheet.save(asked.output / f"{number:02d}.png")


if __name__ == "__main__":
    main()
