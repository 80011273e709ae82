"""Fonts by role: who is asked first, who stands in, what nobody has."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from formgen import health, pdf
from formgen.cli.doctor import command
from formgen.papers import forms
from formgen.pdf import cache as pdf_cache
from formgen.pdf import fonts
from formgen.pdf import glyphs as pdf_glyphs

PIP = Path(__import__("pylopdf_fonts_zh_cn").serif_path()).parent


@pytest.mark.parametrize(
    ("name", "role"),
    [
        *(("仿宋_GB2312", "仿宋"), ("FangSong", "仿宋"), ("ABCDEF+SimSun", "宋"), ("NSimSun", "宋")),
        *(("KaiTi_GB2312", "楷"), ("SimHei", "黑"), ("Helv", "黑"), ("/HeBo", "黑"), ("方正小标宋简体", "小标宋")),
        *(("TimesNewRomanPSMT", "宋"), ("ArialMT", "黑"), ("F1", "宋")),
    ],
)
def test_a_font_name_tells_its_role(name, role):
    assert fonts.role_of(name) == role


def test_the_name_in_the_form_counts_before_the_font_behind_it():
    assert fonts.role_of("FangSong", "NotoSerifSC-Regular") == "仿宋"
    assert fonts.role_of("F1", "KaiTi") == "楷"


@pytest.mark.parametrize("role", fonts.ROLES)
def test_every_role_has_the_rare_characters_of_names_after_pip_alone(role):
    assert fonts.stack(role).missing("䶮㛃𬍛𬭎龑喆堃燚赟〇·") == ()


def test_a_character_nobody_has_is_missing():
    assert fonts.stack("宋").missing("工\U0003134a") == ("\U0003134a",)


def in_a_fresh_process(code: str, **environment: str) -> str:
    command_line = [sys.executable, "-c", code]
    return subprocess.run(
        command_line, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_users_own_folder_is_asked_first(tmp_path: Path):
    shutil.copy(PIP / "NotoSansSC-Regular.otf", tmp_path / "simfang.ttf")
    told = in_a_fresh_process(
        "from formgen.pdf import fonts; print(fonts.stack('仿宋').first.source.path, fonts.is_true_to('仿宋'))",
        FORMGEN_FONTS=str(tmp_path),
    )
    assert told == f"{tmp_path / 'simfang.ttf'} True"


def test_an_own_font_of_any_file_name_is_known_by_the_family_inside(tmp_path: Path):
    from fontTools.ttLib import TTFont

    font = TTFont(PIP / "NotoSansSC-Regular.otf")
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = "KaiTi" if record.isUnicode() else b"KaiTi"
    font.save(tmp_path / "abc.otf")
    code = "from formgen.pdf import fonts; print(fonts.stack('楷').first.source.path.name)"
    assert in_a_fresh_process(code, FORMGEN_FONTS=str(tmp_path)) == "abc.otf"


def test_a_font_that_must_not_be_embedded_is_not_used(tmp_path: Path):
    from fontTools.ttLib import TTFont

    font = TTFont(PIP / "NotoSansSC-Regular.otf")
    font["OS/2"].fsType = 2
    font.save(tmp_path / "simfang.ttf")
    code = "from formgen.pdf import fonts; print(fonts.stack('仿宋').first.source.path.name)"
    assert in_a_fresh_process(code, FORMGEN_FONTS=str(tmp_path)) == "NotoSerifSC-Regular.otf"


def test_a_damaged_font_file_is_passed_over(tmp_path: Path):
    (tmp_path / "simfang.ttf").write_bytes(b"no font")
    code = "from formgen.pdf import fonts; print(fonts.stack('仿宋').first.source.path.name)"
    assert in_a_fresh_process(code, FORMGEN_FONTS=str(tmp_path)) == "NotoSerifSC-Regular.otf"


def test_a_lent_character_is_told_with_its_font(monkeypatch):
    sans = fonts.Source(PIP / "NotoSansSC-Regular.otf", 0, False)
    real = fonts.stack("黑")
    assert real.substituted("工会") == ()
    mixed = fonts.Stack("黑", (fonts.Source(Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"), 0, True), sans))
    if not mixed.sources[0].path.exists():
        pytest.skip("DejaVu is not installed")
    assert [glyph.char for glyph in mixed.substituted("A工")] == ["工"]


def test_the_inventory_names_font_file_and_digest_of_each_role():
    listed = fonts.inventory()
    assert set(listed) == set(fonts.ROLES)
    assert all(len(entry["sha256"]) == 64 for entry in listed.values())


def test_a_glued_font_is_sound():
    import io
    import zlib

    from fontTools.ttLib import TTFont

    face = fonts.stack("宋").first
    glyphs = [fonts.stack("宋").glyph(char) for char in "工会䶮1A"]
    packed, length = pdf_glyphs.glue(face, [pdf_glyphs.outline(face, glyph.name) for glyph in glyphs])
    plain = zlib.decompress(packed)
    font = TTFont(io.BytesIO(plain), checkChecksums=2)
    assert len(plain) == length
    assert [font["glyf"][name].numberOfContours > 0 for name in font.getGlyphOrder()] == [True] * 6
    assert font["hmtx"][font.getGlyphOrder()[1]][0] == 1000


def test_outlines_kept_on_disk_are_the_ones_drawn(tmp_path, monkeypatch):
    monkeypatch.setenv(pdf_cache.FOLDER, str(tmp_path / "glyphs"))
    drawer = pdf_cache.Drawer("font", lambda name: name.encode() * 3)
    first = drawer.plain("a"), drawer.plain("b")
    drawer.save()

    def never(name: str) -> bytes:
        raise AssertionError(name)

    again = pdf_cache.Drawer("font", never)
    assert (again.plain("a"), again.plain("b")) == first


def test_a_damaged_glyph_file_is_drawn_anew(tmp_path, monkeypatch):
    monkeypatch.setenv(pdf_cache.FOLDER, str(tmp_path))
    (tmp_path / f"font.{pdf_cache.VERSION}.glyphs").write_bytes(b"\0" * 100)
    assert pdf_cache.Drawer("font", lambda name: b"new").plain("a") == b"new"


def test_papers_come_out_alike_with_and_without_kept_glyphs(tmp_path):
    code = (
        "import hashlib; from formgen import pdf; from formgen.papers import forms;"
        "form = pdf.load(forms.home() / 'bank-card' / 'template.pdf');"
        "print(hashlib.sha256(form.fill({'卡主': '欧阳䶮'}).content).hexdigest())"
    )
    digests = {in_a_fresh_process(code, FORMGEN_CACHE=folder) for folder in ("", str(tmp_path), str(tmp_path))}
    template = pdf.load(forms.home() / "bank-card" / "template.pdf")
    import hashlib

    digests.add(hashlib.sha256(template.fill({"卡主": "欧阳䶮"}).content).hexdigest())
    assert len(digests) == 1


def test_doctor_tells_of_every_role_and_folder(tmp_path):
    result = CliRunner().invoke(command, [str(tmp_path), "--json"])
    told = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert {entry["role"] for entry in told if "role" in entry} == set(fonts.ROLES)
    assert str(tmp_path) in {entry.get("folder") for entry in told if entry["works"]}


def test_doctor_says_how_to_bring_a_missing_package_into_the_python_that_runs(monkeypatch):
    monkeypatch.setattr(health, "EXTRAS", {"speed": ("W511", ("no-such-package", "nor-this"))})
    (found,) = (finding for finding in health.examine(Path.cwd()) if finding.code == "W511")
    assert found.values["name"] == "no-such-package、nor-this"
    assert found.values["python"].strip('"') == sys.executable
    assert found.values["packages"].startswith('"isal')


def test_doctor_ends_with_4_when_something_needed_is_missing(monkeypatch):
    monkeypatch.setattr(health, "REQUIRED", ("no-such-package",))
    result = CliRunner().invoke(command, [])
    assert result.exit_code == 4 and "no-such-package" in result.output
