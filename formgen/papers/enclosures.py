"""Scans of 附件目录 placed in the frames of a paper: turned upright, scaled to the frame, never cropped.

A file name tells what it shows: 身份证, 户口本, 银行卡 or 开户行, whose (a name, or the relation with its number, 女1),
which side (正面, 反面). A scan that is upright and small enough goes in as it is, byte for byte.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from formgen.household import Case
from formgen.model import Finding, Place
from formgen.word import Picture

ENDINGS = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff")
CARD = (80.0, 51.0)  # millimetres inside the frame of an ID card
PAGE = (165.0, 112.0)  # two pages of the household register on one sheet
ACCOUNT = ("银行卡", "开户行")  # the card, and what proves bank and holder
DPI = 300
LARGEST = 50 * 1024 * 1024
_UPRIGHT = 1
_ORIENTATION = 0x0112
_BACK = ("反", "背", "国徽")


@dataclass(frozen=True, slots=True)
class Scan:
    """One file of the folder and what its name says: the kind, and the stem in which persons and sides are found."""

    path: Path
    kind: str

    @property
    def is_back(self) -> bool:
        """Whether it shows the side with the national emblem."""
        return any(word in self.path.stem for word in _BACK)


def place(context: Mapping[str, object], case: Case, base: Path) -> tuple[dict[str, object], tuple[Finding, ...]]:
    """The tags with the pictures in their frames; ``base`` is the folder of the workbook.

    Without 附件目录 nothing changes; a folder that is absent or leads elsewhere is a finding.
    """
    placed = dict(context)
    if not case.attachments:
        return placed, ()
    folder = (base / case.attachments).resolve()
    if not folder.is_relative_to(base.resolve()):
        return placed, (Finding("E725", Place(heading="附件目录"), {}, case.case_no),)
    if not folder.is_dir():
        return placed, (Finding("W722", Place(heading="附件目录"), {}, case.case_no),)
    scans, found = _scans(folder, case)
    cards = [scan for scan in scans if scan.kind == "身份证"]
    pages = [scan for scan in scans if scan.kind == "户口本"]
    frames = context["身份证框"]
    assert isinstance(frames, tuple)
    placed["身份证框"] = tuple(
        _framed(frame, whose, cards, case, found) for frame, whose in zip(frames, _labels(case), strict=True)
    )
    pictures = [picture for scan in pages if (picture := _picture(scan.path, PAGE, case, found))]
    placed["户口本扫描"] = tuple({"图": picture} for picture in pictures)
    placed["户口本空框"] = not pictures
    for kind in ACCOUNT:
        shown = (picture for scan in scans if scan.kind == kind and (picture := _picture(scan.path, CARD, case, found)))
        placed[f"{kind}扫描"] = next(shown, None)
    return placed, tuple(found)


def fit(width: int, height: int, frame: tuple[float, float]) -> tuple[float, float]:
    """The size on paper in millimetres of a picture of ``width`` × ``height`` pixels that fills ``frame`` uncropped."""
    scale = min(frame[0] / width, frame[1] / height)
    return round(width * scale, 2), round(height * scale, 2)


def _scans(folder: Path, case: Case) -> tuple[list[Scan], list[Finding]]:
    scans, found = [], []
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
        kind = next((word for word in ("身份证", "户口", *ACCOUNT) if word in path.stem), "")
        if not kind:
            continue
        if path.suffix.lower() not in ENDINGS:
            found.append(Finding("W667", Place(heading="附件目录"), {"kind": kind}, case.case_no))
            continue
        scans.append(Scan(path, "户口本" if kind == "户口" else kind))
    return scans, found


def _labels(case: Case) -> list[tuple[str, str]]:
    """For each member the two words a file name may call him by: his name, and his relation with its number."""
    seen: dict[str, int] = {}
    labels = []
    for member in case.members:
        relation = member.relation or ""
        seen[relation] = seen.get(relation, 0) + 1
        labels.append((member.name or "", f"{relation}{seen[relation]}"))
    return labels


def _framed(
    frame: object, whose: tuple[str, str], cards: list[Scan], case: Case, found: list[Finding]
) -> dict[str, object]:
    assert isinstance(frame, dict)
    mine = [scan for scan in cards if _is_of(scan.path.stem, whose)]
    front = next((scan for scan in mine if not scan.is_back), None)
    back = next((scan for scan in mine if scan.is_back), None)
    return frame | {
        "证件正面": _picture(front.path, CARD, case, found) if front else None,
        "证件背面": _picture(back.path, CARD, case, found) if back else None,
    }


def _is_of(stem: str, whose: tuple[str, str]) -> bool:
    name, relation = whose
    number = re.escape(relation)
    return bool(name and name in stem) or bool(relation and re.search(rf"(?<![一-鿿]){number}(?!\d)", stem))


def _picture(path: Path, frame: tuple[float, float], case: Case, found: list[Finding]) -> Picture | None:
    """The scan as a picture of the right size; None with a finding when it is no picture."""
    try:
        if path.stat().st_size > LARGEST:
            raise Image.DecompressionBombError
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            return _sized(image, content, frame)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        found.append(Finding("W668", Place(heading="附件目录"), {}, case.case_no))
        return None


def _sized(image: Image.Image, content: bytes, frame: tuple[float, float]) -> Picture:
    turned = image.getexif().get(_ORIENTATION, _UPRIGHT) != _UPRIGHT
    most = (round(frame[0] / 25.4 * DPI), round(frame[1] / 25.4 * DPI))
    fits = image.width <= most[0] * 1.5 and image.height <= most[1] * 1.5
    if fits and not turned and image.format in ("JPEG", "PNG"):
        return Picture(content, *fit(image.width, image.height, frame))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    upright.thumbnail(most, Image.Resampling.LANCZOS)
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=85)
    return Picture(made.getvalue(), *fit(upright.width, upright.height, frame))
