"""Fill every form below a folder and count the fields that come out right: python tests/foreign_forms.py FOLDER

Each field gets an ASCII and a Chinese value; the flattened page is read back by pdfium within the field's own
rectangle, the locked one through its stored values. The forms are public ones, fetched for local use and not part of
the project.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

from formgen import pdf
from formgen.pdf import PdfField, PdfForm

ASCII, CHINESE = "Ab12", "欧阳䶮"
SMALL = 4.0  # points: no print at all fits a lower field


@dataclass
class Tally:
    """What became of the fields."""

    files: Counter = field(default_factory=Counter)
    fields: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def value_for(about: PdfField, sample: str) -> str | bool | None:
    """A value the field should take, None when it takes none."""
    if about.kind == "text":
        return sample[: about.max_length] if about.max_length else sample
    if about.kind in ("check", "radio", "choice", "list"):
        return about.choices[-1][1] if about.choices and about.choices[-1][1] not in ("", "Off") else None
    return None


def fill(form: PdfForm, sample: str, mode: pdf.Mode) -> tuple[bytes, dict[str, str | bool], dict[str, str]]:
    """The filled form, the values it took, and the codes of the fields that were refused."""
    values = {about.name: value for about in form.fields if (value := value_for(about, sample)) is not None}
    refused = {
        finding.place.heading: finding.code for finding in form.fill(values, mode=mode).findings if finding.is_error
    }
    taken = {name: value for name, value in values.items() if name not in refused}
    return form.fill(taken, mode=mode).content, taken, refused


def is_printed(pages: list, about: PdfField, value: str) -> bool:
    """Whether some place of the field shows the value on paper."""
    for number, rect in zip(about.pages, about.rects, strict=True):
        left, bottom, right, top = rect
        text = pages[number - 1].get_text_bounded(left=left - 1, bottom=bottom - 1, right=right + 1, top=top + 1)
        if "".join(value.split()) in "".join(text.split()):
            return True
    return False


def examine(form: PdfForm, tally: Tally, name: str) -> None:
    """Fill with both samples, flat and locked, and count."""
    by_name = {about.name: about for about in form.fields}
    for sample in (ASCII, CHINESE):
        flat, taken, refused = fill(form, sample, "flat")
        tally.fields.update(f"refused {code}" for code in refused.values())
        document = pypdfium2.PdfDocument(flat)
        pages = [document[at].get_textpage() for at in range(len(document))]
        locked = (
            {about.name: about.value for about in PdfForm(form.fill(taken, mode="readonly").content).fields}
            if taken
            else {}
        )
        for field_name, value in taken.items():
            about = by_name[field_name]
            expected = next((stored for stored, shown in about.choices if shown == value), value)
            stored = locked.get(field_name) == expected
            printed = about.kind not in ("text", "choice") or about.is_hidden or is_printed(pages, about, str(value))
            verdict = "right" if stored and printed else "wrong"
            tally.fields[verdict] += 1
            if verdict == "wrong":
                tally.wrong.append(
                    f"{name}: {field_name!r} {about.kind} stored={stored} printed={printed} {about.rects[:1]}"
                )


def run(folder: Path) -> Tally:
    """The count over all PDFs below the folder."""
    tally = Tally()
    seen = set()
    for path in sorted(folder.rglob("*.pdf"), key=str):
        raw = path.read_bytes()
        if raw in seen:
            continue
        seen.add(raw)
        try:
            form = PdfForm(raw, name=path.name)
        except pdf.Unfillable as refusal:
            tally.files[refusal.finding.code] += 1
            continue
        tally.files["filled"] += 1
        examine(form, tally, path.name)
    return tally


if __name__ == "__main__":
    result = run(Path(sys.argv[1]))
    print(*result.wrong[:200], sep="\n")
    print("files", dict(result.files))
    print("fields", dict(result.fields))
