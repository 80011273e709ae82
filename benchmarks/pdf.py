"""A Chinese form of 25 fields, filled by all that can: documents a second, bytes, and whether the Chinese is right.

    python benchmarks/pdf.py [--documents 200] [--node FOLDER with node_modules of pdf-lib and @pdf-lib/fontkit]

Speed is documents a second of processor time, best of three rounds in one run; peers that are not installed are named.
Right means: poppler, mupdf and pdfium read back every value and draw the same picture.
"""

from __future__ import annotations

import argparse
import io
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pypdfium2
from pypdf import PdfReader, PdfWriter

sys.path.insert(0, str(Path(__file__).parent.parent))

from formgen.pdf import PdfForm, convert
from formgen.pdf import file as pdf_file
from formgen.pdf.page import A4, Pages
from tests import viewers

TAGS = [f"栏目{at:02}" for at in range(25)]
SERIF = Path(__import__("pylopdf_fonts_zh_cn").serif_path())
ALIKE = 0.3
SLOW = 12  # documents for peers that need seconds each


def value(case: int, at: int) -> str:
    """What stands in a field: names with rare characters, numbers, long and short words."""
    kinds = (
        f"欧阳䶮㛃{'甲乙丙丁戊己庚辛壬癸'[case % 10]}",
        f"3401021990{case % 10000:04}1234",
        "安徽省合肥市包河区某某街道某某社区",
        f"¥{case * 37 + at}.00元",
        "患病、子女上学",
    )
    return kinds[at % len(kinds)]


def values(case: int) -> dict[str, str]:
    return {tag: value(case, at) for at, tag in enumerate(TAGS)}


def template() -> bytes:
    """The form: thirteen rows of label and field, two a row."""
    pages = Pages()
    page = pages.page()
    pages.write(page, A4[0] / 2, 780, "困难职工建档申请表", 18, role="黑", align=1)
    for at, tag in enumerate(TAGS):
        x, y = 40 + at % 2 * 260, 720 - at // 2 * 48
        page.rectangle(x, y, 255, 40)
        pages.write(page, x + 4, y + 14, tag, 10)
        rect = pdf_file.numbers((x + 60, y + 4, x + 250, y + 36)).encode()
        entries = b"/Type/Annot/Subtype/Widget/FT/Tx/F 4/T%b/Rect[%b]/DA(/SimSun 11 Tf 0 g)"
        page.fields.append(entries % (pdf_file.text(tag), rect))
    return pages.finish(title="困难职工建档申请表")


@dataclass
class Result:
    """What a peer did."""

    name: str
    speed: float
    content: bytes


def processor() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def timed(name: str, count: int, make: Callable[[int], list[bytes]], rounds: int = 3) -> Result:
    """Documents a second of processor time, best round; one document before the clock starts."""
    make(1)
    best, made = 0.0, []
    for _ in range(rounds):
        start = processor()
        made = make(count)
        best = max(best, count / (processor() - start))
    return Result(name, best, made[0])


def formgen(mode: str) -> Callable[[int], list[bytes]]:
    form = PdfForm(template())
    return lambda count: [form.fill(values(case), mode=mode, title="表").content for case in range(count)]


def pypdf(regenerate: bool) -> Callable[[int], list[bytes]]:
    raw = template()

    def one(case: int) -> bytes:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(raw)))
        writer.update_page_form_field_values(writer.pages[0], values(case), auto_regenerate=regenerate)
        buffer = io.BytesIO()
        writer.write(buffer)
        return buffer.getvalue()

    return lambda count: [one(case) for case in range(count)]


def pypdfform() -> Callable[[int], list[bytes]]:
    from PyPDFForm import PdfWrapper

    raw = template()
    return lambda count: [bytes(PdfWrapper(raw).fill(values(case)).read()) for case in range(count)]


def typst() -> Callable[[int], list[bytes]]:
    import typst as engine

    folder = Path(tempfile.mkdtemp())
    rows = ",".join(f'[{tag} #sys.inputs.at("{tag}")]' for tag in TAGS)
    source = f'#set page(paper: "a4")\n#set text(font: "Noto Serif SC", size: 11pt)\n#table(columns: 2, {rows})'
    (folder / "form.typ").write_text(source, encoding="utf-8")
    compiler = engine.Compiler(folder / "form.typ", font_paths=[SERIF.parent], ignore_system_fonts=True)
    return lambda count: [compiler.compile(format="pdf", sys_inputs=values(case)) for case in range(count)]


def libreoffice() -> Callable[[int], list[bytes]]:
    import docx

    def one(case: int) -> bytes:
        document, buffer = docx.Document(), io.BytesIO()
        table = document.add_table(13, 2)
        for at, tag in enumerate(TAGS):
            table.cell(at // 2, at % 2).text = f"{tag} {value(case, at)}"
        document.save(buffer)
        return buffer.getvalue()

    papers = {f"{case}.docx": one(case) for case in range(40)}

    def make(count: int) -> list[bytes]:
        chosen = {name: papers[name] for name in list(papers)[:count]}
        return list(convert.to_pdf(chosen).papers.values())

    return make


NODE = """
const fs=require('fs'),{PDFDocument}=require('pdf-lib');
const raw=fs.readFileSync(process.argv[2]),font=fs.readFileSync(process.argv[3]);
const all=JSON.parse(fs.readFileSync(process.argv[4]));
(async()=>{let first;const kit=require('@pdf-lib/fontkit');
for(const values of all){const doc=await PDFDocument.load(raw);doc.registerFontkit(kit);
const face=await doc.embedFont(font,{subset:true});const form=doc.getForm();
for(const [name,value] of Object.entries(values))form.getTextField(name).setText(value);
form.updateFieldAppearances(face);const out=await doc.save({useObjectStreams:false});first=first||out}
fs.writeFileSync(process.argv[5],first)})().catch(e=>{console.error(e);process.exit(1)});
"""


def pdf_lib(modules: Path) -> Callable[[int], list[bytes]]:
    folder = Path(tempfile.mkdtemp())
    (folder / "form.pdf").write_bytes(template())

    def make(count: int) -> list[bytes]:
        (folder / "values.json").write_text(json.dumps([values(case) for case in range(count)]), encoding="utf-8")
        arguments = [folder / "form.pdf", SERIF, folder / "values.json", folder / "out.pdf"]
        command = ["node", "-e", NODE, "--", *arguments]
        environment = {"NODE_PATH": str(modules / "node_modules"), "PATH": "/usr/local/bin:/usr/bin:/bin"}
        script = folder / "run.js"
        script.write_text(NODE, encoding="utf-8")
        command = ["node", script, *arguments]
        subprocess.run(command, check=True, env=environment, capture_output=True)
        return [(folder / "out.pdf").read_bytes()]

    return make


def read_back(content: bytes) -> dict[str, int]:
    """Viewer → how many of the 25 values it reads."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.pdf"
        path.write_bytes(content)
        texts = {"poppler": subprocess.run(["pdftotext", path, "-"], capture_output=True, check=False).stdout.decode()}
        drawn = subprocess.run(["mutool", "draw", "-q", "-F", "text", path], capture_output=True, check=False)
        texts["mupdf"] = drawn.stdout.decode()
        document = pypdfium2.PdfDocument(path)
        document.init_forms()
        if document.formenv:
            document[0].flatten()
        texts["pdfium"] = document[0].get_textpage().get_text_bounded()
    plain = {viewer: "".join(text.split()) for viewer, text in texts.items()}
    return {viewer: sum("".join(word.split()) in text for word in values(0).values()) for viewer, text in plain.items()}


def pictures(content: bytes) -> float:
    """The greatest difference between two viewers' drawings, as a part of the ink."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "x.pdf"
        path.write_bytes(content)
        drawn = [viewers.ink(draw(path, 1)) for draw in viewers.ALL.values()]
    return max(viewers.difference(drawn[0], other) for other in drawn[1:])


def named(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


def peers(node: Path | None) -> list[tuple[str, int, Callable[[], Callable]]]:
    """Every way to fill the form: its name, how many documents it is given (0: as many as wished), how to set it up."""
    listed: list[tuple[str, int, Callable[[], Callable]]] = [
        ("formgen flat", 0, lambda: formgen("flat")),
        ("formgen readonly", 0, lambda: formgen("readonly")),
        (f"{named('pypdf')} (viewer draws)", 40, lambda: pypdf(True)),
        (f"{named('pypdf')} (own look)", 40, lambda: pypdf(False)),
        (named("PyPDFForm"), SLOW, pypdfform),
        (named("typst"), 60, typst),
    ]
    if convert.program():
        listed.append(("LibreOffice, 40 in a call", 40, libreoffice))
    if node and shutil.which("node"):
        listed.append(("pdf-lib + @pdf-lib/fontkit", SLOW, lambda: pdf_lib(node)))
    return listed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--node", type=Path)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    results = []
    for name, count, prepare in peers(chosen.node):
        try:
            result = timed(name, count or chosen.documents, prepare(), 1 if count == SLOW else 3)
        except (ImportError, OSError, ValueError, subprocess.SubprocessError, AttributeError, KeyError) as wrong:
            print(f"{name:36} not run: {type(wrong).__name__} {wrong}")
            continue
        results.append(result)
        read, differ = read_back(result.content), pictures(result.content)
        is_right = set(read.values()) == {25} and differ < ALIKE
        found = " ".join(f"{viewer} {count}/25" for viewer, count in read.items())
        verdict = "right" if is_right else "WRONG"
        print(
            f"{name:36} {result.speed:8.1f}/s {len(result.content):9,} bytes  {verdict}  {found}  picture {differ:.2f}"
        )
    ours = results[0].speed
    for result in results[2:]:
        print(f"formgen flat is {ours / result.speed:7.1f} times as fast as {result.name}")


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"{time.perf_counter() - start:.0f} s")
