"""A value against its field: cleaned, matched with the form's own choices, laid out; or the findings why not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from formgen.model import Finding, Place
from formgen.pdf import fonts
from formgen.pdf.appearance import row_height, text_box
from formgen.pdf.form import MULTISELECT, Node
from formgen.pdf.layout import Block, Box, lay
from formgen.pdf.scan import Picture, opened
from formgen.pdf.widget import Widget

#: control characters, marks without width, variation selectors: nothing that ink can show
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef]"
)
_ACCENTED = re.compile("[A-Za-z][\u0300-\u036f]+")  # Latin only: NFC would replace rare Chinese characters
_LINE_END = re.compile("\r\n?|\u2028|\u2029")
_YES = frozenset(("是", "有", "√", "☑", "✓", "true", "yes", "on", "1", "y"))
_NO = frozenset(("", "否", "无", "□", "☐", "false", "no", "off", "0", "n"))


@dataclass(slots=True)
class Entry:
    """A value ready to be written: what is stored, what is shown, and where its characters stand in each widget.

    ``state`` is the on-state of a check box or radio button, "" for off. ``rows`` are the chosen rows of a list box.
    """

    node: Node
    stored: str = ""
    state: str = ""
    picture: Picture | None = None
    rows: set[int] = field(default_factory=set)
    layouts: list[tuple[Widget, Box, list[Block]]] = field(default_factory=list)


def entry_of(node: Node, value: str | bool | bytes, place: Place) -> tuple[Entry | None, list[Finding]]:
    """The value made ready, None with an error among the findings when the field cannot take it."""
    about = node.about
    if about.kind == "picture" or isinstance(value, bytes):
        return _picture(node, value, place)
    if about.kind in ("button", "signature"):
        return None, [Finding("E508", place, {"field": about.name})]
    if about.kind in ("check", "radio"):
        return _state(node, value, place)
    text, found = _clean(value if isinstance(value, str) else ("是" if value else "否"), about.name, place)
    if about.kind == "text":
        entry, wrong = _text(node, text, place)
    else:
        entry, wrong = _chosen(node, text, place)
    return entry, found + wrong


def _picture(node: Node, value: str | bool | bytes, place: Place) -> tuple[Entry | None, list[Finding]]:
    """A picture for a frame; nothing for an empty value."""
    if node.about.kind != "picture" or not isinstance(value, bytes):
        return None, [] if value == "" else [Finding("E508", place, {"field": node.about.name})]
    picture = opened(value)
    if picture is None:
        return None, [Finding("E523", place, {"field": node.about.name})]
    return Entry(node, picture=picture), []


def shown(value: str) -> str:
    """The text as it is printed: without what has no ink."""
    return _clean(value, "", Place())[0]


def _clean(value: str, name: str, place: Place) -> tuple[str, list[Finding]]:
    value = _ACCENTED.sub(lambda found: unicodedata.normalize("NFC", found.group()), value)
    text = _LINE_END.sub("\n", value).replace("\t", " ").replace("\u3000\n", "\n")
    clean = _INVISIBLE.sub("", text).rstrip("\n")
    gone = [f"U+{ord(char):04X}" for char in dict.fromkeys(_INVISIBLE.findall(text))]
    return clean, [Finding("W502", place, {"field": name, "characters": "、".join(gone)})] if gone else []


def _text(node: Node, text: str, place: Place) -> tuple[Entry | None, list[Finding]]:
    about = node.about
    if about.max_length is not None and len(text) > about.max_length:
        values = {"field": about.name, "length": str(len(text)), "limit": str(about.max_length)}
        return None, [Finding("E505", place, values)]
    cells = about.max_length or 0 if about.is_comb else 0
    entry = Entry(node, stored=text)
    return _laid(entry, text, place, cells)


def _laid(entry: Entry, text: str, place: Place, cells: int) -> tuple[Entry | None, list[Finding]]:
    about = entry.node.about
    if found := _missing(entry.node, text, place):
        return None, found
    found = []
    for widget in entry.node.widgets:
        box = text_box(widget, is_multiline=about.is_multiline, cells=cells)
        stack = fonts.stack(widget.role)
        found += _substituted(stack, text, entry.node, place)
        block = lay(text, box, stack.glyph)
        if block.overflow:
            values = {"field": about.name, "length": str(len(text))}
            return None, [Finding("E504", place, values)]
        entry.layouts.append((widget, box, [block]))
    return entry, [finding for at, finding in enumerate(found) if finding not in found[:at]]


def _substituted(stack: fonts.Stack, text: str, node: Node, place: Place) -> list[Finding]:
    """One finding for all characters that another font had to lend."""
    lent = stack.substituted(text.replace("\n", ""))
    if not lent:
        return []
    names = dict.fromkeys(glyph.face.name for glyph in lent)
    values = {"field": node.about.name, "characters": "".join(glyph.char for glyph in lent), "fonts": "、".join(names)}
    return [Finding("W501", place, values)]


def _missing(node: Node, text: str, place: Place) -> list[Finding]:
    """One finding for each character that no font has."""
    gone = [char for widget in node.widgets for char in fonts.stack(widget.role).missing(text.replace("\n", ""))]
    return [
        Finding("E503", place, {"field": node.about.name, "character": f"{char}（U+{ord(char):04X}）"})
        for char in dict.fromkeys(gone)
    ]


def _state(node: Node, value: str | bool, place: Place) -> tuple[Entry | None, list[Finding]]:
    """The on-state a value asks for: a word of the form's own, else yes or no where there is one state only."""
    choices = node.about.choices
    row = _row(choices, value) if isinstance(value, str) else None
    if row is not None:
        return Entry(node, stored=choices[row][0], state=choices[row][0]), []
    asked = value if isinstance(value, bool) else _truth(value)
    if asked is False:
        return Entry(node), []
    if asked and node.about.kind == "check" and choices:
        return Entry(node, stored=choices[0][0], state=choices[0][0]), []
    return None, [_no_choice(node, str(value), place)]


def _truth(value: str) -> bool | None:
    plain = value.strip().lower()
    return True if plain in _YES else False if plain in _NO else None


def _chosen(node: Node, text: str, place: Place) -> tuple[Entry | None, list[Finding]]:
    """One or, in a list box that allows it, several of the form's options, a line each."""
    about = node.about
    asked = text.split("\n") if node.flags & MULTISELECT and about.kind == "list" else [text]
    rows = [_row(about.choices, word) for word in asked if word]
    if any(row is None for row in rows) and not about.is_open:
        return None, [_no_choice(node, text, place)]
    known = [row for row in rows if row is not None]
    shown = about.choices[known[0]][1] if known and about.kind == "choice" else text
    entry = Entry(node, stored=about.choices[known[0]][0] if known else text, rows=set(known))
    if about.kind == "choice":
        return _laid(entry, shown, place, 0)
    return _list(entry, place)


def _list(entry: Entry, place: Place) -> tuple[Entry | None, list[Finding]]:
    labels = [shown for _, shown in entry.node.about.choices]
    if found := _missing(entry.node, "".join(labels), place):
        return None, found
    for widget in entry.node.widgets:
        box = Box(width=10_000, height=row_height(widget), size=widget.size or 12.0)
        blocks = [lay(label, box, fonts.stack(widget.role).glyph) for label in labels]
        entry.layouts.append((widget, box, blocks))
    return entry, []


def _row(choices: tuple[tuple[str, str], ...], word: str) -> int | None:
    """The row that shows the word, else the one that stores it, None when no row has it."""
    for column in (1, 0):
        for at, pair in enumerate(choices):
            if pair[column] == word:
                return at
    return None


def _no_choice(node: Node, value: str, place: Place) -> Finding:
    choices = "、".join(dict.fromkeys(shown for _, shown in node.about.choices)) or "—"
    return Finding("E506", place, {"field": node.about.name, "choices": choices})
