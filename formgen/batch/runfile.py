"""run.json: what a batch was made from and every file it made, written as a stream, the same bytes twice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from formgen import write

NAME = "run.json"
_OF_CELL = frozenset(("text", "old", "new"))  # the values of a finding that quote a cell


def put(path: Path, head: Mapping[str, object], cases: Iterable[dict], tail: Mapping[str, object]) -> None:
    """Write `head`, one line a case and `tail` as one JSON object. Raises FormgenError when the disk refuses."""
    with write.stream(path) as out:
        out.write(b"{\n")
        for name, value in head.items():
            out.write(f"{_text(name)}: {_text(value)},\n".encode())
        out.write(b'"cases": [')
        for number, record in enumerate(cases):
            out.write((",\n" if number else "\n").encode() + _text(case(record)).encode())
        out.write(b"\n]")
        for name, value in tail.items():
            out.write(f",\n{_text(name)}: {_text(value)}".encode())
        out.write(b"\n}\n")


def case(record: dict) -> dict:
    """What run.json says of one case: result, files with digest and size, findings; no name of a person."""
    decision = record["decision"]
    papers = [dict(zip(("form", "path", "sha256", "bytes"), paper, strict=True)) for paper in record["papers"]]
    told = {name: decision[name] for name in ("tier", "status", "branch")}
    return {
        "case": record["case"],
        "row": record["row"],
        "state": record["state"],
        **told,
        "papers": papers,
        "findings": [without_cell(told) for told in record["findings"]],
    }


def without_cell(told: dict) -> dict:
    """A finding without what the cell says: an illness in the wrong column must not leave the workbook this way."""
    return told | {"values": {name: value for name, value in told["values"].items() if name not in _OF_CELL}}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=isinstance(value, Mapping))
