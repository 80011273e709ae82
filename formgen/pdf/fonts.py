"""Fonts by role: 宋, 仿宋, 楷, 黑, 小标宋, each an ordered list asked character by character.

The user's own fonts come first, then the open ones that pip brings; ``data/fonts.toml`` holds the lists. Only this
module and ``pdf_glyphs`` know fontTools.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import struct
import sys
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from formgen import home
from formgen.messages import FormgenError
from formgen.model import Finding

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # what matters becomes a finding
ROLES = ("宋", "仿宋", "楷", "黑", "小标宋")
OWN_FOLDER = "FORMGEN_FONTS"  # environment variable: a folder of the user's own fonts, else "字体" in his data folder
_RESTRICTED = 0x0002  # OS/2 fsType: may not be embedded
_LEVELS = 0x000E
_SUFFIXES = (".ttf", ".otf", ".ttc", ".otc")
_UNREADABLE = (TTLibError, OSError, ValueError, KeyError, AssertionError, struct.error)


@dataclass(frozen=True, slots=True)
class Source:
    """A font file and which face of it; ``is_own`` when it is not one that pip brought."""

    path: Path
    number: int
    is_own: bool


class Glyph:
    """One character in one face; ``width`` is in thousandths of an em."""

    __slots__ = ("char", "face", "name", "width")

    def __init__(self, char: str, face: Face, name: str, width: float) -> None:
        self.char, self.face, self.name, self.width = char, face, name, width


class Face:
    """An opened font: which characters it has and how wide they are; outlines are drawn by ``pdf_glyphs``."""

    def __init__(self, source: Source) -> None:
        self.source = source
        number = source.number if source.path.suffix.lower() in (".ttc", ".otc") else -1
        held = io.BytesIO(source.path.read_bytes())  # not the file itself: forked workers would share its position
        self.font = TTFont(held, fontNumber=number, lazy=True)
        self.units: int = self.font["head"].unitsPerEm
        self.name: str = (self.font["name"].getDebugName(6) or source.path.stem).replace(" ", "")

    @cached_property
    def characters(self) -> Mapping[int, str]:
        """Code point → glyph name."""
        return self.font.getBestCmap() or {}

    @cached_property
    def glyph_set(self):
        """The outlines, each drawn when asked for."""
        return self.font.getGlyphSet()

    @cached_property
    def identity(self) -> str:
        """A name that changes with the file's content: PostScript name, whole-file checksum, length."""
        return f"{self.name}-{self.font['head'].checkSumAdjustment:08x}-{self.source.path.stat().st_size}"

    @property
    def may_be_embedded(self) -> bool:
        """Whether the maker allows the font inside a document (OS/2 fsType)."""
        return "OS/2" not in self.font or self.font["OS/2"].fsType & _LEVELS != _RESTRICTED

    def glyph(self, char: str) -> Glyph | None:
        """The glyph of that character, None when the face has none."""
        name = self.characters.get(ord(char))
        if name is None:
            return None
        return Glyph(char, self, name, self.font["hmtx"][name][0] * 1000 / self.units)


class Stack:
    """The faces of a role in the order they are asked; remembers every answer."""

    def __init__(self, role: str, sources: tuple[Source, ...]) -> None:
        self.role = role
        self.sources = sources
        self._found: dict[str, Glyph | None] = {}
        self._ordinary: set[str] = set()  # characters the first face has

    def glyph(self, char: str) -> Glyph | None:
        """The glyph from the first face that has the character, None when none has."""
        try:
            return self._found[char]
        except KeyError:
            found = self._found[char] = self._look_up(char)
            return found

    def missing(self, text: str) -> tuple[str, ...]:
        """The characters of ``text`` that no face has, each once, in order."""
        return tuple(dict.fromkeys(char for char in text if self.glyph(char) is None))

    def substituted(self, text: str) -> tuple[Glyph, ...]:
        """The glyphs that do not come from the role's first face, each character once."""
        if self._ordinary.issuperset(text):
            return ()
        first = self.first
        found = (self.glyph(char) for char in dict.fromkeys(text))
        return tuple(glyph for glyph in found if glyph is not None and glyph.face is not first)

    @cached_property
    def first(self) -> Face:
        """The face that sets the ordinary text of the role. Raises FormgenError when there is none."""
        for face in self._faces():
            return face
        raise FormgenError(Finding("E522", values={"role": self.role, "python": sys.executable}))

    def _look_up(self, char: str) -> Glyph | None:
        if _needs_shaping(char):
            return None
        answers = (face.glyph(char) for face in self._faces())
        found = next((glyph for glyph in answers if glyph is not None), None)
        if found is not None and found.face is self.first:
            self._ordinary.add(char)
        return found

    def _faces(self) -> Iterator[Face]:
        return (face for face in map(open_face, self.sources) if face is not None)


def _needs_shaping(char: str) -> bool:
    """Whether the character cannot be set by itself: right-to-left scripts, marks upon other letters.

    Setting them one by one would print a wrong word; saying so is better.
    """
    return unicodedata.bidirectional(char) in ("R", "AL", "AN") or unicodedata.category(char)[0] == "M"


@cache
def open_face(source: Source) -> Face | None:
    """The opened font, None when it cannot be read or must not be embedded."""
    try:
        face = Face(source)
        return face if face.may_be_embedded else None
    except _UNREADABLE:
        return None


@cache
def stack(role: str) -> Stack:
    """The stack of that role. Raises KeyError for an unknown role."""
    return Stack(role, _sources(role))


@cache
def role_of(*names: str) -> str:
    """The role the first telling name stands for: 仿宋_GB2312 → 仿宋, Helv → 黑; 宋 when none tells anything."""
    named = [
        (_plain(name), role) for role in ROLES for key in ("families", "like") for name in lists()[role].get(key, ())
    ]
    for plain in map(_plain, names):
        hits = [(len(family), role) for family, role in named if family in plain]
        if hits:
            return max(hits)[1]
    return "宋"


@cache
def lists() -> Mapping[str, Mapping]:
    """The lists of ``data/fonts.toml``: role → families, files, and the role behind it."""
    return tomllib.loads((files("formgen") / "data" / "fonts.toml").read_text(encoding="utf-8"))


def is_true_to(role: str) -> bool:
    """Whether the role is served by a font of its own kind, and not by the one behind it."""
    own = {name.partition("#")[0].lower() for name in lists()[role]["files"]}
    source = stack(role).first.source
    return source.path.name.lower() in own or source.path.parent == own_folder()


def inventory() -> Mapping[str, Mapping[str, str]]:
    """Role → the font that serves it: name, file, SHA-256, and "yes" where it only stands in for one of its kind."""
    found = {}
    for role in ROLES:
        face = stack(role).first
        stands_in = "" if is_true_to(role) else "yes"
        digest = _digest(face.source.path)
        found[role] = {"name": face.name, "file": face.source.path.name, "sha256": digest, "stands_in": stands_in}
    return found


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def own_folder() -> Path | None:
    """The folder of the user's own fonts, None when there is none."""
    named = Path(os.environ.get(OWN_FOLDER) or home.folder() / "字体")
    return named if named.is_dir() else None


def _sources(role: str) -> tuple[Source, ...]:
    table = lists()
    chain = [role]
    while behind := table[chain[-1]].get("behind"):
        chain.append(behind)
    chain.append("*")
    found = [*_own_by_family(role)]
    for link in chain:
        found += [source for name in table[link]["files"] if (source := _source(name))]
    return tuple(dict.fromkeys(found))


def _source(name: str) -> Source | None:
    file, _, number = name.partition("#")
    path = _installed().get(file.lower())
    return Source(path, int(number or 0), not _is_from_pip(path)) if path else None


def _own_by_family(role: str) -> Iterator[Source]:
    """Fonts of the user's own folder whose file name says nothing, known by the family name inside."""
    folder = own_folder()
    listed = {name.partition("#")[0].lower() for entry in lists().values() for name in entry["files"]}
    for path in sorted(folder.iterdir()) if folder else ():
        if path.suffix.lower() in _SUFFIXES and path.name.lower() not in listed:
            source = Source(path, 0, True)
            face = open_face(source)
            if face and any(role_of(str(record)) == role for record in face.font["name"].names if record.nameID == 1):
                yield source


@cache
def _installed() -> Mapping[str, Path]:
    """Lower-case file name → path of every font that can be found, the user's own before the others."""
    wanted = {name.partition("#")[0].lower() for entry in lists().values() for name in entry["files"]}
    found: dict[str, Path] = {}
    for folder in _folders():
        for path in _font_files(folder):
            if path.name.lower() in wanted:
                found.setdefault(path.name.lower(), path)
    return found


def _font_files(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in sorted(names) if name.lower().endswith(_SUFFIXES))


def _folders() -> Iterable[Path]:
    """Where fonts are kept: the user's folder, the system's, pip's."""
    user, own = Path.home(), own_folder()
    system = {
        "win32": [
            Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts"),
            Path(os.environ.get("LOCALAPPDATA", user), "Microsoft", "Windows", "Fonts"),
        ],
        "darwin": [user / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts")],
    }
    shared = [user / ".local/share/fonts", user / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]
    return [*([own] if own else []), *system.get(sys.platform, shared), *_pip_folders()]


def _pip_folders() -> list[Path]:
    try:
        import pylopdf_fonts_zh_cn as brought
    except ImportError:
        return []
    return [Path(brought.__file__).parent]


def _is_from_pip(path: Path) -> bool:
    return path.parent in _pip_folders()


def _plain(name: str) -> str:
    return name.lower().replace(" ", "").replace("-", "").replace("_", "").replace("/", "")
