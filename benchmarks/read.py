"""Reading 100 000 × 60 cells: ours against openpyxl read-only and calamine, each in a process of its own.

python benchmarks/read.py [--rows 100000] [--columns 60]
Prints seconds of processor time, peak memory and ratios; the workbook is made up, its strings shared as in Excel.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.styles+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets><sheet name="案件" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    f'<Relationship Id="r3" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet {MAIN}><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}
WORDS = ("是", "否", "男", "女", "在职职工", "农民工", "患病、子女上学", "生活救助", "城镇", "农村")


def write(path: Path, rows: int, columns: int) -> None:
    """A workbook like a register: a third words of a list, a third texts of their own, dates and amounts."""
    strings: dict[str, int] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in PARTS.items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"<worksheet {MAIN}><sheetData>".encode())
            for row in range(1, rows + 1):
                cells = "".join(cell(row, column, strings) for column in range(1, columns + 1))
                sheet.write(f'<row r="{row}">{cells}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{escape(text)}</t></si>" for text in strings)
        package.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{items}</sst>")


def cell(row: int, column: int, strings: dict[str, int]) -> str:
    place = f"{letters(column)}{row}"
    if column % 6 == 4:
        return f'<c r="{place}" s="1"><v>{43000 + row % 900}</v></c>'
    if column % 6 == 5:
        return f'<c r="{place}"><v>{(row * column) % 99991}.5</v></c>'
    text = WORDS[(row + column) % 10] if column % 3 else f"合肥市示例路{row}号{column}"
    return f'<c r="{place}" t="s"><v>{strings.setdefault(text, len(strings))}</v></c>'


def letters(column: int) -> str:
    return letters((column - 1) // 26) + chr(65 + (column - 1) % 26) if column else ""


def ours(path: Path) -> int:
    from formgen.xlsx import Workbook

    with Workbook(path) as book:
        return sum(len(row.cells) for row in book.rows(book.sheets[0]))


def openpyxl(path: Path) -> int:
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    return sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))


def calamine(path: Path) -> int:
    import python_calamine

    sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
    return sum(len(row) for row in sheet.iter_rows())


READERS = {"formgen": ours, "calamine": calamine, "openpyxl": openpyxl}


def measured(reader: str, path: Path) -> tuple[float, float]:
    """Seconds of processor time and peak MB of one reader in a fresh process."""
    command = [sys.executable, __file__, "--one", reader, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory = ran.stdout.split()
    return float(seconds), float(memory)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--columns", type=int, default=60)
    options.add_argument("--one", nargs=2)
    options.add_argument("--make", type=Path)
    chosen = options.parse_args()
    if chosen.make:
        write(chosen.make, chosen.rows, chosen.columns)
        return
    if chosen.one:
        began = time.process_time()
        READERS[chosen.one[0]](Path(chosen.one[1]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(time.process_time() - began, peak)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.xlsx"
        made = [
            sys.executable,
            __file__,
            "--rows",
            str(chosen.rows),
            "--columns",
            str(chosen.columns),
            "--make",
            str(path),
        ]
        subprocess.run(made, check=True)  # apart, for a child's peak memory begins with its parent's
        print(f"{chosen.rows:,} × {chosen.columns}, {path.stat().st_size / 1e6:.0f} MB")
        found = {reader: measured(reader, path) for reader in READERS}
    for reader, (seconds, memory) in found.items():
        print(f"{reader:10} {seconds:7.2f} s {memory:7.0f} MB {seconds / found['calamine'][0]:6.2f} × calamine")


if __name__ == "__main__":
    main()
