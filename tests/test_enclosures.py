from __future__ import annotations

import dataclasses
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from formgen.papers import compose, enclosures, forms, tags
from formgen.word import Picture
from tests import papers
from tests.readable import words

IDENTITY = next(form for form in forms.load() if form.id == "identity")
LANDSCAPE, TURNED = (856, 540), 6  # EXIF 6: the camera was held upright, the picture lies on its side


def scan(path: Path, size: tuple[int, int], *, orientation: int = 1) -> None:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, exif=exif) if path.suffix == ".jpg" else image.save(path)


def placed(base: Path, **changes: object) -> tuple[dict[str, object], list[str]]:
    case = dataclasses.replace(papers.LI, attachments="扫描件", **changes)
    made, findings = enclosures.place(tags.context(case, papers.LI_DECISION), case, base)
    return made, [finding.code for finding in findings]


def frame(made: dict[str, object], number: int) -> dict[str, object]:
    frames = made["身份证框"]
    assert isinstance(frames, tuple)
    return frames[number]


def test_a_card_is_found_by_its_owners_name_and_side(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/身份证-王芳-正面.jpg", LANDSCAPE)
    scan(tmp_path / "扫描件/身份证-王芳-反面.png", LANDSCAPE)
    made, codes = placed(tmp_path)
    assert isinstance(frame(made, 1)["证件正面"], Picture)
    assert isinstance(frame(made, 1)["证件背面"], Picture)
    assert frame(made, 0)["证件正面"] is None
    assert codes == []


def test_a_card_is_found_by_the_relation_with_its_number(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/03-身份证-女1-正面.jpg", LANDSCAPE)
    made, _ = placed(tmp_path)
    assert isinstance(frame(made, 2)["证件正面"], Picture)


def test_the_son_is_not_taken_for_the_grandson(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/身份证-孙女1.jpg", LANDSCAPE)
    made, _ = placed(tmp_path)
    assert frame(made, 2)["证件正面"] is None


def test_a_picture_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/身份证-李明.jpg", (540, 856), orientation=TURNED)
    picture = frame(placed(tmp_path)[0], 0)["证件正面"]
    assert isinstance(picture, Picture)
    with Image.open(io.BytesIO(picture.content)) as image:
        assert image.width > image.height
        assert image.getexif().get(0x0112, 1) == 1


def test_an_upright_picture_of_the_right_size_goes_in_byte_for_byte(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/身份证-李明.jpg", LANDSCAPE)
    picture = frame(placed(tmp_path)[0], 0)["证件正面"]
    assert isinstance(picture, Picture)
    assert picture.content == (tmp_path / "扫描件/身份证-李明.jpg").read_bytes()


@pytest.mark.parametrize("size", [(4000, 3000), (300, 4000), (4000, 300), (856, 540), (10, 10)])
def test_a_picture_is_scaled_into_its_frame_and_keeps_its_shape(tmp_path: Path, size: tuple[int, int]) -> None:
    scan(tmp_path / "扫描件/身份证-李明.png", size)
    picture = frame(placed(tmp_path)[0], 0)["证件正面"]
    assert isinstance(picture, Picture)
    assert picture.width <= enclosures.CARD[0] + 0.01
    assert picture.height <= enclosures.CARD[1] + 0.01
    assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.06)


def test_the_household_register_takes_the_place_of_the_empty_frames(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/户口本1.jpg", (1400, 1000))
    made, _ = placed(tmp_path)
    assert len(made["户口本扫描"]) == 1  # type: ignore[arg-type]
    assert made["户口本空框"] is False


def test_the_paper_holds_the_pictures(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/身份证-李明-正面.jpg", LANDSCAPE)
    scan(tmp_path / "扫描件/户口本.jpg", (1400, 1000))
    made, _ = placed(tmp_path)
    document, findings = compose.fill(IDENTITY, made, "AH-0001")
    assert document is not None
    assert findings == ()
    with zipfile.ZipFile(io.BytesIO(document.content)) as package:
        assert len([name for name in package.namelist() if name.startswith("word/media/")]) == 2
    assert words(document.content).count("（身份证人像面）") == 2


def test_a_pdf_and_a_broken_picture_are_told_and_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "扫描件"
    folder.mkdir()
    (folder / "身份证-李明.pdf").write_bytes(b"%PDF-1.7")
    (folder / "身份证-王芳.jpg").write_bytes(b"no picture")
    made, codes = placed(tmp_path)
    assert sorted(codes) == ["W667", "W668"]
    assert frame(made, 0)["证件正面"] is None


def test_a_folder_outside_the_workbooks_own_is_not_read(tmp_path: Path) -> None:
    base = tmp_path / "台账"
    base.mkdir()
    scan(tmp_path / "扫描件/身份证-李明.jpg", LANDSCAPE)
    case = dataclasses.replace(papers.LI, attachments="../扫描件")
    _, findings = enclosures.place(tags.context(case, papers.LI_DECISION), case, base)
    assert [finding.code for finding in findings] == ["E725"]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert placed(tmp_path)[1] == ["W722"]


def test_the_bank_card_is_found_by_its_name(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/09-银行卡.jpg", LANDSCAPE)
    made, _ = placed(tmp_path)
    assert isinstance(made["银行卡扫描"], Picture)
    assert made["开户行扫描"] is None


def test_the_scan_of_the_bank_card_lies_in_its_frame(tmp_path: Path) -> None:
    scan(tmp_path / "扫描件/09-银行卡.jpg", LANDSCAPE)
    made, codes = placed(tmp_path)
    assert isinstance(made["银行卡扫描"], Picture) and made["开户行扫描"] is None and codes == []
    card = next(form for form in forms.load() if form.id == "bank-card")
    assert card.scans
    document, findings = compose.fill(card, made, "T-0001")
    assert document is not None and (tmp_path / "扫描件/09-银行卡.jpg").read_bytes() in document.content
    assert not any(finding.is_error for finding in findings)


def test_without_a_scan_the_frame_of_the_bank_card_is_left_to_paste(tmp_path: Path) -> None:
    (tmp_path / "扫描件").mkdir()
    made, _ = placed(tmp_path)
    card = next(form for form in forms.load() if form.id == "bank-card")
    document, findings = compose.fill(card, made, "T-0001")
    assert document is not None and b"/Subtype/Image" not in document.content
    assert "扫描" not in "".join(str(finding.values) for finding in findings)
