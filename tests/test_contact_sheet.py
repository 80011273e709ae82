"""The contact sheet: names that can be read."""

from pathlib import Path

import pytest

pytest.importorskip("pypdfium2")
from tests import contact_sheet
from tests.form_drawing import form


def strip(folder: Path, name: str) -> bytes:
    """The dots of the strip that holds the name of the only paper there."""
    folder.mkdir()
    (folder / name).write_bytes(form())
    (sheet,) = contact_sheet.sheets(folder)
    return sheet.crop((0, 0, contact_sheet.WIDE, 20)).tobytes()


def test_two_chinese_names_look_different_on_the_sheet(tmp_path):
    assert strip(tmp_path / "a", "申请.pdf") != strip(tmp_path / "b", "授权.pdf")
