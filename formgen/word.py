"""Fill Word templates: ``load`` compiles one, ``WordTemplate.fill`` makes a paper of it in memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
from docx.opc.exceptions import PackageNotFoundError

from formgen import word_fallback
from formgen.model import Finding, FormgenError, Place
from formgen.word_values import Picture, Rich

__all__ = ["Filled", "Picture", "Rich", "WordTemplate", "load"]

POLICIES = ("mark", "blank", "error")


@dataclass(frozen=True, slots=True)
class Filled:
    """A paper in memory, the tags printed without a value, and what was met while filling."""

    content: bytes = field(repr=False)
    missing: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class WordTemplate:
    """A template read once."""

    name: str
    content: bytes = field(repr=False)

    def fill(self, context: Mapping[str, object], *, missing: str = "mark") -> Filled:
        """The paper of one record. ``missing`` is mark, blank or error: what becomes of tags printed without a value.

        With ``error`` the paper is blank there and each tag is a finding E430.
        """
        session = word_fallback.Session(policy=missing)
        content = word_fallback.render(self.content, context, session)
        return Filled(content, tuple(session.missing), tuple(self._findings(session)))

    def _findings(self, session: word_fallback.Session) -> Iterator[Finding]:
        for tag, (removed, is_broken) in session.dirty.items():
            place = Place(file=self.name, heading=tag)
            if removed:
                yield Finding("W431", place, {"tag": tag, "signs": "、".join(removed)})
            if is_broken:
                yield Finding("E432", place, {"tag": tag})
        for name, _ in session.unfit:
            yield Finding("W433", Place(file=self.name, heading=name), {"filter": name})
        for tag in session.undefined:
            yield Finding("W434", Place(file=self.name, heading=tag), {"tag": tag})
        if session.policy == "error":
            for tag in session.missing:
                yield Finding("E430", Place(file=self.name, heading=tag), {"tag": tag})


def load(path: Path) -> WordTemplate:
    """The template in that file. Raises FormgenError when it is no Word file or its tags cannot be read."""
    content = path.read_bytes()
    template = WordTemplate(path.name, content)
    try:
        template.fill({}, missing="blank")
    except word_fallback.Refused as wrong:
        raise FormgenError(
            f"{path.name}：模板不允许写 {wrong.breach.what}，请运行 formgen template check 查看并改正。"
        ) from wrong
    except jinja2.TemplateError as wrong:
        raise FormgenError(f"{path.name}：模板的标签有误，请运行 formgen template check 查看并改正。") from wrong
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as wrong:
        raise FormgenError(f"{path.name}：不是 Word 文档（.docx），请用 Word 或 WPS 另存为 .docx 再试。") from wrong
    return template
