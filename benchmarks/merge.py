"""Merge one review form with docxtpl, docx-mailmerge2, docxtemplater and formgen: the same form, the same cases.

Run: python benchmarks/merge.py [--cases 1000] [--rounds 5]. docxtemplater is installed by npm into a temporary folder;
without node its rows are left out. Figures are CPU seconds of the process, medians over interleaved rounds; only two
processes are told in wall time. Aims: in memory 200 times docxtpl and 60 times docxtemplater, to new files 100 times
docxtpl, two processes 1.8 times one.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from mailmerge import MailMerge

from formgen import word
from formgen.model import Document
from formgen.word import package as word_zip
from formgen.word import proof
from formgen.word.compiled import Met

FIELDS = [f"字段{number}" for number in range(57)]
TICKS = [f"勾{number}" for number in range(28)]
COLUMNS = ["姓名", "关系", "性别", "年龄", "身份", "健康", "单位", "收入", "备注"]
SLOW = 12  # papers a round of the slow peers
NODE = """
const fs = require('fs'), PizZip = require('pizzip'), Docxtemplater = require('docxtemplater');
const cases = JSON.parse(fs.readFileSync('cases.json')), template = fs.readFileSync('template.docx');
function make(values, level) {
  const paper = new Docxtemplater(new PizZip(template), { paragraphLoop: true, linebreaks: true });
  paper.render(values);
  return paper.getZip().generate({ type: 'nodebuffer', compression: 'DEFLATE' });
}
for (let i = 0; i < 10; i++) make(cases[i % cases.length]);
const rounds = Number(process.argv[2]), n = Number(process.argv[3]), out = [];
for (let r = 0; r < rounds; r++) {
  const start = process.cpuUsage();
  for (let i = 0; i < n; i++) { const made = make(cases[i % cases.length]); if (process.argv[4]) fs.writeFileSync(process.argv[4] + '/' + r + '-' + i + '.docx', made); }
  const used = process.cpuUsage(start);
  out.push((used.user + used.system) / n);
}
console.log(JSON.stringify({ micros: out, version: require('docxtemplater/package.json').version }));
"""  # noqa: E501 - the program of a peer


def cases(count: int) -> list[dict]:
    """Made-up records: texts of usual length, some with signs XML cannot hold, one to eight members."""
    made = []
    for number in range(count):
        record: dict = {
            name: f"第{number}户{at}的内容" + "&<>"[at % 3] * (at % 11 == 0) for at, name in enumerate(FIELDS)
        }
        record |= {name: (number + at) % 3 == 0 for at, name in enumerate(TICKS)}
        record["家庭"] = [{column: f"{column}{number % 97}{at}" for column in COLUMNS} for at in range(1 + number % 7)]
        made.append(record)
    return made


def template(dialect: str) -> bytes:
    """The form in the dialect of a peer: one table of twelve columns, 57 fields, 28 ticks, a row for each member."""
    paper = docx.Document()
    paper.add_heading("困难职工帮扶救助审核表", 0)
    table = paper.add_table(0, 12, style="Table Grid")
    for at in range(0, len(FIELDS), 2):
        cells = table.add_row().cells
        for cell, name in zip((cells[2], cells[8]), FIELDS[at : at + 2], strict=False):
            _field(cell.paragraphs[0], name, dialect)
        cells[0].text, cells[6].text = f"项目{at}", f"项目{at + 1}"
        cells[2].merge(cells[5])
        cells[8].merge(cells[11])
    ticks = table.add_row().cells[0].merge(table.rows[-1].cells[11]).paragraphs[0]
    for name in TICKS:
        _tick(ticks, name, dialect)
    _rows(table, dialect)
    made = io.BytesIO()
    paper.save(made)
    return made.getvalue()


def _field(paragraph, name: str, dialect: str) -> None:
    if dialect != "mailmerge":
        paragraph.add_run(f"{{{{ {name} }}}}" if dialect == "jinja" else f"{{{name}}}")
        return
    simple = OxmlElement("w:fldSimple")
    simple.set(qn("w:instr"), f" MERGEFIELD {name} ")
    simple.append(paragraph.add_run(f"«{name}»")._r)
    paragraph._p.append(simple)


def _tick(paragraph, name: str, dialect: str) -> None:
    paragraph.add_run(name)
    if dialect == "jinja":
        paragraph.add_run(f"{{% if {name} %}}☑{{% else %}}☐{{% endif %}}")
    elif dialect == "braces":
        paragraph.add_run(f"{{#{name}}}☑{{/{name}}}{{^{name}}}☐{{/{name}}}")
    else:
        _field(paragraph, name, dialect)


def _rows(table, dialect: str) -> None:
    if dialect == "jinja":
        table.add_row().cells[0].text = "{%tr for m in 家庭 %}"
    cells = table.add_row().cells
    for cell, name in zip(cells, COLUMNS, strict=False):
        _field(cell.paragraphs[0], f"m.{name}" if dialect == "jinja" else name, dialect)
    if dialect == "braces":
        cells[0].paragraphs[0].runs[0].text = "{#家庭}{姓名}"
        cells[8].paragraphs[0].runs[-1].text = "{备注}{/家庭}"
    if dialect == "jinja":
        table.add_row().cells[0].text = "{%tr endfor %}"


def docxtpl_paper(source: bytes) -> Callable[[dict], bytes]:
    """docxtpl as its users write it: a template a paper, rendered and saved."""

    def make(record: dict) -> bytes:
        paper = DocxTemplate(io.BytesIO(source))
        paper.render(record, autoescape=True)
        made = io.BytesIO()
        paper.save(made)
        return made.getvalue()

    return make


def mailmerge_paper(source: bytes) -> Callable[[dict], bytes]:
    """docx-mailmerge2; it knows no conditions, so the ticks are worked out before."""

    def make(record: dict) -> bytes:
        with MailMerge(io.BytesIO(source)) as paper:
            values = {name: record[name] for name in FIELDS} | {name: "☑" if record[name] else "☐" for name in TICKS}
            paper.merge(**values)
            paper.merge_rows("姓名", record["家庭"])
            made = io.BytesIO()
            paper.write(made)
            return made.getvalue()

    return make


def micros(make: Callable[[dict], object], records: list[dict], count: int) -> float:
    """CPU microseconds a paper."""
    start = time.process_time()
    for at in range(count):
        make(records[at % len(records)])
    return (time.process_time() - start) / count * 1e6


def to_files(make: Callable[[dict], bytes], folder: Path) -> Callable[[dict], None]:
    """The same, each paper into a new file."""
    number = iter(range(10**9))

    def written(record: dict) -> None:
        handle = os.open(folder / f"{next(number)}.docx", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(handle, make(record))
        os.close(handle)

    return written


def docxtemplater(records: list[dict], rounds: int, folder: Path, out: str = "") -> tuple[list[float], str] | None:
    """CPU microseconds a paper of docxtemplater, and its version; None without node."""
    if shutil.which("npm") is None:
        return None
    if not (folder / "node_modules").exists():
        install = ["npm", "install", "--silent", "--no-fund", "--no-audit", "docxtemplater", "pizzip"]
        if subprocess.run(install, cwd=folder, check=False, capture_output=True).returncode:
            return None
    (folder / "template.docx").write_bytes(template("braces"))
    (folder / "cases.json").write_text(json.dumps(records[:200]), encoding="utf-8")
    (folder / "merge.js").write_text(NODE, encoding="utf-8")
    run = ["node", "merge.js", str(rounds), str(SLOW * 2), *([out] if out else [])]
    told = json.loads(subprocess.run(run, cwd=folder, check=True, capture_output=True).stdout)
    return told["micros"], told["version"]


def stages(paper: word.WordTemplate, records: list[dict]) -> None:
    """Where the time of a paper goes, and the floor under it."""
    compiled = paper._compiled
    ready = [word.Record(record) for record in records]
    parts = [compiled.parts(each, Met(), policy="mark") for each in ready]
    fresh = iter([word.Record(record) for record in records] * 4)
    figures = {
        "ingest + join": lambda at: compiled.parts(next(fresh), Met(), policy="mark"),
        "join alone": lambda at: compiled.parts(ready[at], Met(), policy="mark"),
        "deflate": lambda at: [word_zip.deflate(part) for part in parts[at]],
        "CRC": lambda at: [word_zip.crc32(part) for part in parts[at]],
        "deflate + CRC + splice": lambda at: compiled.package.spliced(parts[at]),
    }
    print(f"stages, µs a paper ({sum(map(len, parts[0])) / 1000:.1f} KB of XML changed):")
    for name, work in figures.items():
        start = time.process_time()
        for at in range(len(records)):
            work(at)
        print(f"  {name:24} {(time.process_time() - start) / len(records) * 1e6:8.1f}")


def _worker(count: int, start, done) -> None:
    paper, records = word.WordTemplate("form", template("jinja")), cases(200)
    start.wait()
    for at in range(count):
        paper.fill(records[at % 200])
    done.wait()


def wall(processes: int, papers: int) -> float:
    """Wall seconds to make that many papers in memory with that many processes, started beforehand."""
    context = multiprocessing.get_context("fork")
    start, done = context.Barrier(processes + 1), context.Barrier(processes + 1)
    workers = [context.Process(target=_worker, args=(papers // processes, start, done)) for _ in range(processes)]
    for each in workers:
        each.start()
    start.wait()
    began = time.perf_counter()
    done.wait()
    took = time.perf_counter() - began
    for each in workers:
        each.join()
    return took


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    records = cases(chosen.cases)
    source = template("jinja")
    paper = word.WordTemplate("form", source)
    makers = {
        "docxtpl": (docxtpl_paper(source), SLOW),
        "docx-mailmerge2": (mailmerge_paper(template("mailmerge")), SLOW),
        "formgen": (lambda record: paper.fill(record).content, chosen.cases),
    }
    print(*(f"{name} {version(name)}" for name in ("docxtpl", "docx-mailmerge2", "formgen", "isal")), sep=", ")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for where in ("in memory", "to new files"):
            figures: dict[str, list[float]] = {name: [] for name in makers}
            for at in range(chosen.rounds):
                for name, (make, count) in makers.items():
                    place = folder / f"{where}-{at}-{name}"
                    place.mkdir()
                    work = make if where == "in memory" else to_files(make, place)
                    figures[name].append(micros(work, records, count))
            place = folder / f"{where}-node"
            place.mkdir()
            if node := docxtemplater(records, chosen.rounds, folder, str(place) if "files" in where else ""):
                figures[f"docxtemplater {node[1]}"] = node[0]
            table(where, figures)
    stages(paper, records)
    proofs(paper, records)
    for name, took in (("one process", wall(1, 8000)), ("two processes", wall(2, 8000))):
        print(f"8000 papers in memory, {name}: {took:.2f} s wall, {8000 / took:.0f} a second")


def table(where: str, figures: dict[str, list[float]]) -> None:
    """One table: CPU a paper, papers a CPU second, how many times formgen is faster (median, least and most)."""
    own = figures["formgen"]
    print(f"\n{where}: µs CPU a paper, papers a CPU second, times formgen is faster (least to most)")
    for name, each in figures.items():
        ratios = [theirs / ours for theirs, ours in zip(each, own, strict=True)]
        middle = statistics.median(each)
        print(
            f"  {name:24} {middle:10.0f} {1e6 / middle:9.0f} {statistics.median(ratios):8.1f}"
            f"  ({min(ratios):.0f} to {max(ratios):.0f})"
        )
    print()


def proofs(paper: word.WordTemplate, records: list[dict]) -> None:
    """What the read-back proof costs beside making the paper."""
    ready = [
        (record := word.Record(each), paper.fill(record).content, paper.expected(record)) for each in records[:200]
    ]
    start = time.process_time()
    for record, _, _ in ready:
        paper.expected(record)
    asked = time.process_time() - start
    start = time.process_time()
    for _, content, expected in ready:
        found = proof.prove(Document("form", "", "", content), expected, blank_rows=paper.blank_rows)
        if found:
            raise SystemExit(f"the proof found {found}")
    told = time.process_time() - start
    each = [took / len(ready) * 1e6 for took in (asked, told)]
    print(f"read-back proof: {each[0]:.0f} µs to say what is expected, {each[1]:.0f} µs to prove")


if __name__ == "__main__":
    main()
