"""Footnotes and endnotes: docxtpl fills the footnotes only, and once more for every section."""

from __future__ import annotations

from typing import Any

_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}+xml"
_NOTES = frozenset((_KIND.format("footnotes"), _KIND.format("endnotes")))


def fill(merger: Any, context: Any, environment: Any) -> None:
    """Let a template of docxtpl fill its footnotes and endnotes, each part once."""
    for part in merger.docx.part.package.iter_parts():
        if part.content_type in _NOTES:
            xml = merger.patch_xml(part.blob.decode("utf-8"))
            part._blob = merger.render_xml_part(xml, part, context, environment).encode("utf-8")
