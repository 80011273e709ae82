"""Scans as pictures that a PDF/A-2b can hold: JPEG and PNG as they are, TIFF and CMYK as PNG in RGB, a page each."""

from __future__ import annotations

import io
import warnings

ENDINGS = frozenset(("jpg", "jpeg", "png", "tif", "tiff"))
_TIFF = (b"II*\x00", b"MM\x00*")
_PLAIN = frozenset(("1", "L", "RGB"))


def of(content: bytes) -> tuple[bytes, ...]:
    """The pages of one scan; the scan itself where it is a page already, or cannot be read here."""
    from PIL import Image, ImageSequence

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content)) as opened:
            if content[:4] not in _TIFF and opened.mode != "CMYK":
                return (content,)
            return tuple(_png(frame) for frame in ImageSequence.Iterator(opened))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # Pillow on what is no picture
        return (content,)


def count(content: bytes) -> int:
    """How many pages one scan has; a picture that cannot be read here is one."""
    if content[:4] not in _TIFF:
        return 1
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            return getattr(opened, "n_frames", 1)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 1


def _png(frame) -> bytes:
    plain = frame.copy() if frame.mode in _PLAIN else frame.convert("RGB")
    held = io.BytesIO()
    plain.save(held, "PNG", dpi=tuple(map(float, frame.info.get("dpi", (150, 150)))))
    return held.getvalue()
