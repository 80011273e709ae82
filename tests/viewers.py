"""The three viewers a paper may meet, each drawing a page in grey: poppler, pdfium, mupdf."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

DOTS = 144  # an inch: two dots a point


def poppler(path: Path, page: int):
    from PIL import Image

    out = path.with_suffix(f".poppler{page}")
    command = ["pdftoppm", "-r", str(DOTS), "-gray", "-f", str(page), "-l", str(page), "-singlefile", path, out]
    subprocess.run(command, check=True, capture_output=True)
    return Image.open(out.with_name(out.name + ".pgm")).convert("L")


def mupdf(path: Path, page: int):
    from PIL import Image

    out = path.with_suffix(f".mupdf{page}.png")
    command = ["mutool", "draw", "-q", "-r", str(DOTS), "-c", "gray", "-o", out, path, str(page)]
    subprocess.run(command, check=True, capture_output=True)
    return Image.open(out).convert("L")


def pdfium(path: Path, page: int):
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    return document[page - 1].render(scale=DOTS / 72, may_draw_forms=True).to_pil().convert("L")


ALL: dict[str, Callable] = {"poppler": poppler, "pdfium": pdfium, "mupdf": mupdf}


def missing() -> str:
    """What this machine lacks of the three, empty when nothing."""
    gone = [program for program in ("pdftoppm", "mutool") if not shutil.which(program)]
    for module in ("pypdfium2", "PIL"):
        try:
            __import__(module)
        except ImportError:
            gone.append(module)
    return ", ".join(gone)


def ink(picture, box: tuple[float, float, float, float] | None = None, block: int = 4) -> list[float]:
    """The darkness of each block of dots within a box (points from the top left), 0 white to 1 black."""
    from PIL import Image

    scale = DOTS / 72
    cut = picture.crop(tuple(int(value * scale) for value in box)) if box else picture
    small = cut.resize((max(1, cut.width // block), max(1, cut.height // block)), Image.Resampling.BOX)
    return [1 - value / 255 for value in small.tobytes()]


def difference(first: list[float], second: list[float]) -> float:
    """How much two drawings differ, as a part of the ink there is: 0 alike, 1 nothing in common."""
    total = sum(first) + sum(second)
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / total if total else 0.0
