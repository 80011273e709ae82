"""The whole `formgen run` against a script as users of docxtpl write it: `python -m benchmarks.run --cases 1000,10000`.

Five Word papers a case. Ours reads, checks, decides, makes, proves and digests them, writes them safely and sums the
batch up; the script reads the workbook with openpyxl and fills the same templates with docxtpl, nothing else. It makes
fewer cases, of a workbook that holds no more, because its time a case is constant. Ratios are of wall time and of
processor time in the same run.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from formgen import check, decide, law, read, write
from formgen.batch import marks, shelf
from formgen.papers import compose, forms, tags
from formgen.word import proof
from tests import households

PAPERS = ("application", "authorization", "review", "income", "expenses")
PEER = """
import sys
from pathlib import Path
from docxtpl import DocxTemplate
from openpyxl import load_workbook

workbook, out, *templates = sys.argv[1:]
book = load_workbook(workbook, data_only=True)
def rows(title):
    head, *lines = book[title].iter_rows(values_only=True)
    names = [str(name).split("（")[0].rstrip("*") for name in head]
    return [dict(zip(names, line)) for line in lines]
lists = {title: {} for title in ("家庭成员", "收入", "支出")}
for title, groups in lists.items():
    for row in rows(title):
        groups.setdefault(row["档案编号"], []).append(row)
for case in rows("案件"):
    folder = Path(out) / case["档案编号"]
    folder.mkdir(parents=True)
    record = case | {title: groups.get(case["档案编号"], []) for title, groups in lists.items()}
    for path in templates:
        paper = DocxTemplate(path)
        paper.render(record, autoescape=True)
        paper.save(folder / (Path(path).parent.name + ".docx"))
"""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--cases", default="1000,10000", help="sizes, with commas")
    words.add_argument("--peer", type=int, default=200, help="cases the script makes; 0 leaves it out")
    words.add_argument("--folder", type=Path, help="where to work; must be on the disk to be measured")
    chosen = words.parse_args()
    libraries = ("docxtpl", "python-docx", "openpyxl", "lxml", "Jinja2")
    print(
        "python", sys.version.split()[0], *(f"{name} {version(name)}" for name in libraries), f"{os.cpu_count()} cores"
    )
    folder = Path(tempfile.mkdtemp(prefix="formgen-bench-", dir=chosen.folder))
    try:
        compare([int(size) for size in chosen.cases.split(",")], chosen.peer, folder)
    finally:
        shutil.rmtree(folder)


def compare(sizes: list[int], peer: int, folder: Path) -> None:
    first = households.write(folder / f"{sizes[0]}.xlsx", sizes[0])
    split(first, folder, min(200, sizes[0]))
    script = None
    if peer:
        script = measured(partial(run_peer, households.write(folder / "peer.xlsx", peer), folder / "peer"))
        say("docxtpl + openpyxl", peer, *script)
    for size in sizes:
        workbook = households.write(folder / f"{size}.xlsx", size)
        alone: tuple[float, float, float] | None = None
        for jobs in (1, 2):
            ours = measured(partial(run_ours, workbook, folder / f"{size}-{jobs}", jobs))
            say(f"formgen run --jobs {jobs}", size, *ours)
            if script:
                wall, cpu = (script[n] / peer / (ours[n] / size) for n in (0, 1))
                print(f"    {wall:.0f} × the script by wall time, {cpu:.0f} × by processor time")
            if alone:
                print(f"    {alone[0] / ours[0]:.2f} × one process by wall time")
            alone = ours
        again = measured(partial(run_ours, workbook, folder / f"{size}-2", 2))
        say("the same again, nothing changed", size, *again)


def run_ours(workbook: Path, out: Path, jobs: int) -> subprocess.Popen:
    words = ["run", str(workbook), "-o", str(out), "--forms", ",".join(PAPERS), "--jobs", str(jobs)]
    return subprocess.Popen(
        [sys.executable, "-m", "formgen", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def run_peer(workbook: Path, out: Path) -> subprocess.Popen:
    templates = [str(forms.home() / name / "template.docx") for name in PAPERS]
    return subprocess.Popen([sys.executable, "-c", PEER, str(workbook), str(out), *templates])


def measured(start: Callable[[], subprocess.Popen]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak megabytes of a process with its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = start()
    peak = [0]
    watcher = threading.Thread(target=watch, args=(process, peak), daemon=True)
    watcher.start()
    code = process.wait()
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    watcher.join()
    if code:
        raise SystemExit(f"ended with {code}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, peak[0] / 2**20


def watch(process: subprocess.Popen, peak: list[int]) -> None:
    """Keep the largest sum of the private and shared memory (PSS) of the process and its children."""
    while process.poll() is None:
        peak[0] = max(peak[0], sum(memory(pid) for pid in (process.pid, *children(process.pid))))
        time.sleep(0.25)


def children(pid: int) -> Iterable[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def say(what: str, cases: int, wall: float, cpu: float, peak: float) -> None:
    print(
        f"{what:34} {cases:7,} cases  {wall:8.1f} s  {cases / wall:8.1f} cases/s  "
        f"{1000 * cpu / cases:7.2f} ms CPU a case  peak {peak:6.0f} MB",
        flush=True,
    )


def split(workbook: Path, folder: Path, count: int) -> None:
    """Processor milliseconds a case, stage by stage, in one process."""
    with read.open_book(workbook, scratch=folder) as book:
        in_force = law.load(book.standards, book.settings)
        cases = timed("read and check", lambda: list(islice(check.households(book), count)), count)
        decisions = timed("decide", lambda: [decide.judge(checked, in_force) for checked in cases], count)
        chosen = [form for form in forms.load() if form.id in PAPERS]
        for form in chosen:
            compose.template(form.folder / "template.docx")
        pairs = list(zip(cases, decisions, strict=True))

        def papers() -> list:
            made = []
            for checked, decision in pairs:
                context = tags.context(checked.case, decision, union=book.unions.get(checked.case.union or ""))
                made.append([compose.fill(form, context, checked.case_no)[0] for form in chosen])
            return made

        documents = timed("make five papers", papers, count)
    timed("read them back", lambda: [proof.prove(d, (d.subject,)) for made in documents for d in made], count)
    timed("digests", lambda: [shelf.digest(d.content) for made in documents for d in made], count)
    timed("marks of cells", lambda: [marks.of(checked.case) for checked in cases], count)
    timed("write", lambda: stage(documents, folder / "split"), count)


def stage(documents: list, folder: Path) -> None:
    folder.mkdir()
    staged = {}
    for number, made in enumerate(documents):
        contents = {Path(document.path).name: document.content for document in made}
        staged[write.stage(folder / str(number), contents)] = folder / str(number)
    write.settle(staged)


def timed(what: str, work: Callable[[], list], count: int) -> list:
    began = time.process_time()
    made = work()
    print(f"    {what:24} {1000 * (time.process_time() - began) / count:6.2f} ms CPU a case")
    return made


if __name__ == "__main__":
    main()
