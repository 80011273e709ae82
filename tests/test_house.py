"""The shape of the house itself: imports one way, rooms under their ceilings, catalogues that tell the truth."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path

import pytest

import formgen
from formgen import fields, household, messages

ROOT = Path(formgen.__file__).resolve().parent

#: Rooms from the ground up; a module may import from rooms that stand before its own in this list, and from its own.
FLOORS = (
    "household model",
    "fields messages tomlfile masks money home names write days workdays holidays",
    "xlsx samples",
    "cells",
    "read",
    "law",
    "check",
    "rules",
    "decide explain",
    "word",
    "pdf",
    "papers",
    "blank annotate lint printing",
    "bag",
    "keep batch health",
    "cli",
)
RANK = {room: rank for rank, rooms in enumerate(FLOORS) for room in rooms.split()}
NOUNS = {
    "case": household.Case,
    "member": household.Member,
    "income": household.Income,
    "expense": household.Expense,
    "means": household.Means,
    "vehicle": household.Vehicle,
    "resolution": household.Resolution,
    "request": household.AidRequest,
    "union": household.Union,
    "standard": household.Standard,
    "setting": household.Setting,
}
OF_THE_CASE = {"members", "incomes", "expenses", "means", "vehicles", "resolutions", "requests"}
OF_OTHER_ROWS = {"higher_phone"}  # joined from the row of the 上级工会


@pytest.mark.parametrize("sheet", list(fields.sheets()), ids=lambda sheet: sheet.title)
def test_every_heading_is_an_attribute_of_its_noun(sheet):
    attributes = {f.name for f in dataclasses.fields(NOUNS[sheet.key])} - {"row", "extra"} - OF_THE_CASE - OF_OTHER_ROWS
    keys = set(sheet.keys()) if sheet.key == "case" else set(sheet.keys()) - {"case_no"}
    assert attributes == keys


@pytest.mark.parametrize("sheet", list(fields.sheets()), ids=lambda sheet: sheet.title)
def test_every_heading_we_write_comes_back_to_its_field(sheet):
    for field in sheet.fields:
        assert sheet.headings()[fields.normal(field.heading)] is field


@pytest.mark.parametrize("sheet", list(fields.sheets()), ids=lambda sheet: sheet.title)
def test_every_tag_is_usable_in_word(sheet):
    for field in sheet.fields:
        assert field.tag.isidentifier(), field.tag


def test_both_languages_know_the_same_messages():
    chinese, english = messages.catalogue("zh"), messages.catalogue("en")
    assert chinese.keys() == english.keys()
    for code, parts in chinese.items():
        for part, words in parts.items():
            assert set(re.findall(r"{(\w+)", words)) >= set(re.findall(r"{(\w+)", english[code].get(part, ""))), code


def test_every_code_raised_stands_in_the_catalogue():
    code = re.compile(r'"([EWRI][1-9]\d\d)"')
    raised = {c for path in ROOT.rglob("*.py") for c in code.findall(path.read_text(encoding="utf-8"))}
    assert raised <= set(messages.catalogue("zh"))


def test_every_message_is_raised_somewhere():
    text = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    named = {
        parts.get("how") for parts in messages.catalogue("zh").values()
    }  # how a problem is mended in Excel and WPS
    unused = {c for c in messages.catalogue("zh") if c not in text and c not in named}
    assert not unused


def test_no_error_holds_a_sentence():
    errors = {"FormgenError", "UsageError", "BadParameter", "Unreadable", "Unfillable", "Refused", "fail"}
    guilty = [
        f"{path.relative_to(ROOT)}:{text.lineno} {text.value}"
        for path in ROOT.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in errors
        for text in ast.walk(call)
        if isinstance(text, ast.Constant) and re.search("[\u4e00-\u9fff]{5}", str(text.value))
    ]
    assert not guilty


def test_no_room_is_over_its_ceiling():
    tall = {str(p.relative_to(ROOT)): n for p in ROOT.rglob("*.py") if (n := p.read_text("utf-8").count("\n")) > 350}
    assert not tall


def test_no_module_is_called_by_a_word_that_says_nothing():
    assert not {p.name for p in ROOT.rglob("*.py")} & {"utils.py", "helpers.py", "common.py", "misc.py", "data.py"}


def test_only_the_command_line_prints_or_looks_at_the_clock():
    clock = re.compile(r"\b(?:datetime\.now|date\.today|datetime\.today|time\.time|print)\(")
    guilty = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if path.parent.name != "cli" and clock.search(path.read_text(encoding="utf-8"))
    ]
    assert not guilty


def room(module: str) -> str:
    """The room of a module: the part after formgen."""
    return module.split(".")[1]


def imports(path: Path) -> set[str]:
    """The modules of ours that a file imports when it is loaded, not those only its types name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "formgen":
            found |= {f"formgen.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("formgen."):
            found.add(str(node.module))
    return found


def test_imports_run_one_way():
    wrong = []
    for path in ROOT.rglob("*.py"):
        parts = path.relative_to(ROOT).with_suffix("").parts
        here = parts[0]
        if here in ("__init__", "__main__"):
            continue
        for module in imports(path) - {"formgen.__version__"}:
            there = room(module)
            if there != here and RANK[there] > RANK[here]:
                wrong.append(f"{'.'.join(parts)} imports {module}")
    assert not wrong


def test_every_foreign_library_has_one_door():
    doors = {"docxtpl": {"word"}, "pypdf": {"pdf", "printing", "keep"}, "fontTools": {"pdf"}, "pikepdf": {"pdf"}}
    wrong = [
        f"{path.relative_to(ROOT)} imports {library}"
        for library, rooms in doors.items()
        for path in ROOT.rglob("*.py")
        if re.search(rf"^\s*(?:from|import) {library}\b", path.read_text(encoding="utf-8"), re.M)
        and path.relative_to(ROOT).parts[0] not in rooms
    ]
    assert not wrong
