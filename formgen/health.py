"""What works on this machine: libraries, fonts, LibreOffice, folders; each as a finding with its remedy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from formgen import __version__
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.papers import forms
from formgen.pdf import cache as pdf_cache
from formgen.pdf import convert, fonts

REQUIRED = ("click", "docxtpl", "python-docx", "lxml", "jinja2", "openpyxl", "pypdf", "pillow", "fonttools")
#: extra → what to say without it, and the distributions it brings
EXTRAS = {
    "speed": ("W511", ("isal",)),
    "archive": ("W520", ("pikepdf", "jsonschema", "pyrage", "cryptography")),
    "drawing": ("W518", ("pypdfium2",)),
    "qr": ("W519", ("segno",)),
}
RARE = "䶮㛃𬍛𬭎龑喆堃燚赟䜣㬚𫖯"  # characters of names that many fonts lack
_SECONDS = 60.0
_ENOUGH = 1 << 30  # bytes free for a batch


def examine(folder: Path) -> tuple[Finding, ...]:
    """Everything there is to say, errors for what must be mended before the program can work in ``folder``."""
    return (
        Finding("I511", values={"name": "formgen", "version": __version__}),
        Finding("I511", values={"name": "Python", "version": ".".join(map(str, sys.version_info[:3]))}),
        *_libraries(),
        *_templates(folder),
        *_fonts(),
        *_office(),
        *_folders(folder),
    )


def _libraries() -> Iterator[Finding]:
    for name in REQUIRED:
        version = _version(name)
        yield _present(name, version) if version else Finding("E519", values={"name": name, "python": _python()})
    for extra, (code, names) in EXTRAS.items():
        found = {name: _version(name) for name in names}
        yield from (_present(name, version) for name, version in found.items() if version)
        if absent := [name for name, version in found.items() if not version]:
            values = {"name": "、".join(absent), "python": _python(), "packages": _packages(extra)}
            yield Finding(code, values=values)


def _packages(extra: str) -> str:
    """What an extra asks for, as pip takes it: that works in this Python wherever formgen came from."""
    wanted = [each for each in metadata.requires("formgen") or () if f'extra == "{extra}"' in each.replace("'", '"')]
    return " ".join(f'"{each.partition(";")[0].strip()}"' for each in wanted) or " ".join(EXTRAS[extra][1])


def _python() -> str:
    """The Python that runs here as a command line calls it."""
    return f'"{sys.executable}"' if " " in sys.executable else sys.executable


def _present(name: str, version: str) -> Finding:
    return Finding("I511", values={"name": name, "version": version})


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _templates(folder: Path) -> Iterator[Finding]:
    """Whether the papers can be read: those of the program, and those of the working folder where it has its own."""
    own, shipped = forms.in_use(folder / "templates"), forms.home()
    for code, place in (("I515", shipped), *([("I516", own)] if own != shipped else [])):
        try:
            yield Finding(code, values={"count": str(len(forms.load(place))), "folder": str(place)})
        except FormgenError as wrong:
            yield wrong.finding


def _fonts() -> Iterator[Finding]:
    """The font of each role, a stand-in where there is none of its kind, and characters nobody has."""
    for role in fonts.ROLES:
        try:
            face = fonts.stack(role).first
        except FormgenError:
            yield Finding("E522", values={"role": role, "python": _python()})
            return
        values = {"role": role, "font": face.name, "file": face.source.path.name}
        yield Finding("I512" if fonts.is_true_to(role) else "W512", values=values)
    if gone := fonts.stack("宋").missing(RARE):
        yield Finding("W513", values={"characters": "".join(gone)})


def _office() -> Iterator[Finding]:
    """LibreOffice, asked for its version in a profile of its own."""
    program = convert.program()
    if program is None:
        yield Finding("W514")
        return
    try:
        with tempfile.TemporaryDirectory() as profile:
            command = [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--version"]
            told = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False).stdout.decode()
        version = " ".join(told.split()[:2])
    except (OSError, subprocess.TimeoutExpired):
        version = ""
    yield Finding("I513", values={"version": version, "path": program}) if version else Finding("W514")


def _folders(folder: Path) -> Iterator[Finding]:
    """Where papers, glyphs and passing files are written."""
    cache = pdf_cache.cache_folder()
    for place in (folder, Path(tempfile.gettempdir()), *([_existing(cache)] if cache else [])):
        code = "I514" if _is_writable(place) else "E520" if place == folder else "W515"
        free = shutil.disk_usage(place).free if place.exists() else 0
        yield Finding(code, Place(), {"folder": str(place), "free": f"{free / (1 << 30):.1f} GB"})
        if place == folder and free < _ENOUGH:
            yield Finding("W516", values={"folder": str(place), "free": f"{free / (1 << 20):.0f} MB"})


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder


def _is_writable(folder: Path) -> bool:
    try:
        handle, name = tempfile.mkstemp(dir=folder)
    except OSError:
        return False
    os.close(handle)
    Path(name).unlink()
    return True
