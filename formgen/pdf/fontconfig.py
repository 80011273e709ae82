"""A fonts.conf of our own, so that LibreOffice sets 仿宋 as something like 仿宋 on a machine that has no such font.

It needs no right of an administrator and holds for one process only. Windows and macOS have the fonts, or do not ask.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from formgen.messages import FormgenError
from formgen.pdf import cache as pdf_cache
from formgen.pdf import fonts

_USUAL = "/etc/fonts/fonts.conf"


def environment(folder: Path) -> dict[str, str]:
    """The variables that make programs use our list, which is written into ``folder``; empty where there is no need."""
    if sys.platform in ("win32", "darwin"):
        return {}
    path = folder / "fonts.conf"
    kept = pdf_cache.cache_folder()  # scanning the fonts takes longer than a paper
    path.write_text(configuration(kept / "fontconfig" if kept else folder / "font-cache"), encoding="utf-8")
    return {"FONTCONFIG_FILE": str(path)}


def configuration(cache: Path) -> str:
    """The list: where our fonts are, and which family stands in for each name of the roles."""
    chosen = {role: family for role in fonts.ROLES if (family := _family(role))}
    folders = sorted({str(source.path.parent) for role in fonts.ROLES for source in fonts.stack(role).sources})
    rules = "".join(_rule(name, chosen[role]) for role in chosen for name in fonts.lists()[role]["families"])
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f'<include ignore_missing="yes">{_USUAL}</include>\n'
        + "".join(f"<dir>{escape(name)}</dir>\n" for name in folders)
        + f"<cachedir>{escape(str(cache))}</cachedir>\n{rules}</fontconfig>\n"
    )


def substitutions() -> Mapping[str, str]:
    """Role → the family that stands in, for the roles that have no font of their own kind."""
    return {role: _family(role) for role in fonts.ROLES if not fonts.is_true_to(role)}


def _rule(name: str, family: str) -> str:
    return (
        f'<match target="pattern"><test name="family" qual="any"><string>{escape(name)}</string></test>'
        f'<edit name="family" mode="assign" binding="strong"><string>{escape(family)}</string></edit></match>\n'
    )


def _family(role: str) -> str:
    """The family name of the role's first font, empty when there is no font."""
    try:
        names = fonts.stack(role).first.font["name"]
    except FormgenError:
        return ""
    return names.getDebugName(16) or names.getDebugName(1) or ""
