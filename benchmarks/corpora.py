"""Every workbook of a folder through `check`, each in a process of its own with 10 s and 500 MB; a table by result.

python benchmarks/corpora.py FOLDER [--compare]
With --compare the cells of each .xlsx that our reader takes are compared with openpyxl and calamine.
Made for the test files of apache/poi, calamine, SheetJS/test_files and PhpSpreadsheet, which are fetched by hand.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from formgen import check, read
from formgen.xlsx import Workbook

SECONDS, MEGABYTES = 10, 500
KINDS = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".et", ".xlsb", ".ods")


def alone(work: Callable[[], str], seconds: int = SECONDS) -> tuple[str, float, float]:
    """What `work` says in a child process, seconds and peak MB; a death or a timeout in words."""
    out, into = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if not child:
        os.close(out)
        resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
        signal.alarm(seconds)
        try:
            said = work()
        except BaseException as error:  # noqa: BLE001 — a panic of a foreign reader is what we look for
            said = f"traceback {type(error).__name__} {error}"[:150] + traceback.format_exc()[-300:].replace(
                "\n", " | "
            )
        os.write(into, said.encode()[:4000])
        os._exit(0)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        said = stream.read().decode()
    _, status, usage = os.wait4(child, 0)
    if status:
        said = (
            "killed: too slow" if os.WTERMSIG(status) == signal.SIGALRM else f"killed by signal {os.WTERMSIG(status)}"
        )
    return said, time.monotonic() - began, usage.ru_maxrss / 1024


def checked(path: Path) -> str:
    """The codes that `check` gives."""

    try:
        with read.open_book(path) as book:
            found = [*book.findings, *(finding for one in check.households(book) for finding in one.findings)]
            return "read " + " ".join(sorted({finding.code for finding in found}))
    except read.Unreadable as refused:
        return " ".join(sorted({finding.code for finding in refused.findings}))


def ours(path: Path) -> dict[tuple[str, int, int], str]:
    """All cells of all sheets as text; what cannot be compared is left out."""

    with Workbook(path) as book:
        return {
            (part.title, row.number, cell.column): seen(cell.kind, cell.text)
            for part in book.sheets
            for row in book.rows(part)
            for cell in row.cells
            if cell.text
        }


def seen(kind: str, text: str) -> str:
    if kind == "n":
        return numeric(text)
    if kind == "b":
        return "TRUE" if text == "1" else "FALSE"
    return text


def numeric(text: str) -> str:
    try:
        return f"{Decimal(text):.12g}"
    except (InvalidOperation, ValueError):
        return text


def compared(path: Path) -> str:
    """How many cells agree with openpyxl, and the first that does not."""
    import openpyxl

    mine = ours(path)
    book = openpyxl.load_workbook(path, data_only=True)
    differ, cells, first = 0, 0, ""
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                value = cell.value
                if value is None or not isinstance(value, str | int | float | bool):
                    continue  # dates are compared by the tests of dates
                text = (
                    seen("n", repr(value))
                    if not isinstance(value, bool | str)
                    else str(value).upper()
                    if isinstance(value, bool)
                    else value
                )
                own = mine.get((page.title, cell.row, cell.column), "")
                cells += 1
                if squeezed(text) != squeezed(own) and not is_number_of(own, value):
                    differ += 1
                    first = first or f"{page.title}!{cell.coordinate} {text[:30]!r} {own[:30]!r}"
    return f"{cells} {differ} {first}"


def squeezed(text: str) -> str:
    return "".join(text.replace("_x000D_", "").replace("\r", "").split())


def is_number_of(own: str, value: object) -> bool:
    try:
        return isinstance(value, int | float) and abs(float(own) - float(value)) <= 1e-9 * max(1, abs(float(value)))
    except ValueError:
        return False


def by_calamine(path: Path) -> str:
    """How many text cells agree with calamine, and the first that does not."""
    import python_calamine

    mine = ours(path)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    differ, cells, first = 0, 0, ""
    for title in book.sheet_names:
        sheet = book.get_sheet_by_name(title)
        top, left = sheet.start or (0, 0)
        for down, row in enumerate(sheet.to_python(skip_empty_area=True)):
            for right, value in enumerate(row):
                if not isinstance(value, str | float) or value == "":
                    continue
                own = mine.get((title, top + down + 1, left + right + 1), "")
                cells += 1
                text = value if isinstance(value, str) else numeric(repr(value))
                if squeezed(text) != squeezed(own) and not is_number_of(own, value):
                    differ += 1
                    first = first or f"{title}!R{top + down + 1}C{left + right + 1} {text[:30]!r} {own[:30]!r}"
    return f"{cells} {differ} {first}"


def table(paths: list[Path]) -> None:
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    slowest, largest, bad = (0.0, ""), (0.0, ""), []
    for path in paths:
        said, seconds, memory = alone(lambda path=path: checked(path))
        key = said.split(" W")[0] if said.startswith("read") else said.split(" ")[0]
        counted[path.suffix.lower()][key] += 1
        slowest, largest = max(slowest, (seconds, path.name)), max(largest, (memory, path.name))
        if said.startswith(("traceback", "killed")) or seconds > SECONDS or memory > MEGABYTES:
            bad.append(f"{path.name}: {said} {seconds:.1f} s {memory:.0f} MB")
    for kind, results in sorted(counted.items()):
        print(f"{kind:6} {sum(results.values()):5}  " + "  ".join(f"{code} {n}" for code, n in results.most_common()))
    print(f"slowest {slowest[0]:.1f} s {slowest[1]}; largest {largest[0]:.0f} MB {largest[1]}")
    print("\n".join(bad) or "no traceback, no death, none over the limits")


def comparison(paths: list[Path]) -> None:
    for name, reader in (("openpyxl", compared), ("calamine", by_calamine)):
        cells = differ = files = refused = 0
        odd = []
        for path in paths:
            said, *_ = alone(lambda path=path, reader=reader: reader(path), 30)
            parts = said.split(" ", 2)
            if not parts[0].isdigit():
                refused += 1
                continue
            files, cells, differ = files + 1, cells + int(parts[0]), differ + int(parts[1])
            if int(parts[1]):
                odd.append(f"   {path.name}: {parts[1]} of {parts[0]}: {parts[2]}")
        print(f"{name}: {files} files, {cells:,} cells, {differ} differ; {refused} files one of the two does not read")
        print("\n".join(odd))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--compare", action="store_true")
    chosen = options.parse_args()
    warnings.simplefilter("ignore")
    paths = sorted(path for path in chosen.folder.rglob("*") if path.suffix.lower() in KINDS)
    with contextlib.redirect_stderr(io.StringIO()):
        if chosen.compare:
            comparison([path for path in paths if path.suffix.lower() in KINDS[:4]])
        else:
            table(paths)
    sys.exit(0)


if __name__ == "__main__":
    main()
