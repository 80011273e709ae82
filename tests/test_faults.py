"""A batch killed, or refused by the disk, at any single request: the next ordinary run finishes with the same bytes."""

from __future__ import annotations

import errno
import os
import random  # noqa: TID251 - moments of a test, no paper
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import pytest

from formgen import batch, messages
from formgen.batch import casework, pipeline
from formgen.batch.tally import Options, Watch
from formgen.messages import FormgenError
from tests import households
from tests.test_run import edited, temps, tree

KILL, FULL = "kill", "full"
WATCHED = ("open", "write", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir")
SHORT = 12  # points of the sweep that the ordinary tests look at


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return households.write(tmp_path_factory.mktemp("input") / "台账.xlsx", 3)


@pytest.fixture(scope="module")
def finished(workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "out"
    pipeline.run(workbook, out, Options(jobs=1), Watch())
    return out


class Faults:
    """Counts what the program asks of the system and fails at one chosen request."""

    def __init__(self, at: int, kind: str) -> None:
        self.count, self.at, self.kind = 0, at, kind

    def install(self) -> None:
        for name in WATCHED:
            setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, real: Callable) -> Callable:
        def call(*args, **kwargs):
            self.count += 1
            if self.count == self.at:
                if self.kind == KILL:
                    os.kill(os.getpid(), signal.SIGKILL)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **kwargs)

        return call


def attempt(workbook: Path, out: Path, at: int, kind: str, report: Path) -> None:
    """One run in a process of its own, with a fault at the `at`-th request; its end is written to `report`."""
    write, faults = os.write, Faults(at, kind)
    fd = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    faults.install()
    try:
        pipeline.run(workbook, out, Options(jobs=1), Watch())
        said = f"done {faults.count}"
    except FormgenError as error:
        said = f"refused {faults.count} {error}"
    write(fd, said.encode())
    os._exit(0)


def fault(workbook: Path, out: Path, at: int, kind: str) -> str:
    """How a run with that fault ended: killed, refused …, done …."""
    report = out.with_suffix(".txt")
    report.unlink(missing_ok=True)
    process = get_context("fork").Process(target=attempt, args=(workbook, out, at, kind, report))
    process.start()
    process.join()
    return report.read_text() or "killed"


def sweep(workbook: Path, expected: dict[str, str], out: Path, points: list[int], start: Path | None = None) -> None:
    for kind in (KILL, FULL):
        for at in points:
            shutil.rmtree(out, ignore_errors=True)
            if start:
                shutil.copytree(start, out)
            ended = fault(workbook, out, at, kind)
            assert ended.startswith("killed" if kind == KILL else ("refused", "done")), (kind, at, ended)
            if ended.startswith("refused"):
                assert "空间不足" in ended or "运行记录" in ended
            done = pipeline.run(workbook, out, Options(jobs=1), Watch())
            assert done.total == done.made + done.failed + done.skipped == 3
            assert tree(out) == expected, (kind, at)
            assert temps(out) == [], (kind, at)


def requests(workbook: Path, out: Path) -> int:
    """The number of requests of an undisturbed run."""
    return int(fault(workbook, out, 0, KILL).split()[1])


def spread(count: int) -> list[int]:
    return sorted({1 + step * (count - 1) // (SHORT - 1) for step in range(SHORT)})


def test_a_fault_at_any_of_some_requests_of_a_first_run_costs_nothing(workbook, finished, tmp_path):
    sweep(workbook, tree(finished), tmp_path / "out", spread(requests(workbook, tmp_path / "out")))


def test_a_fault_at_any_of_some_requests_of_a_changed_run_costs_nothing(finished, tmp_path):
    changed = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "致困原因", "残疾"))
    pipeline.run(changed, tmp_path / "fresh", Options(jobs=1), Watch())
    shutil.copytree(finished, tmp_path / "out")
    count = requests(changed, tmp_path / "out")
    sweep(changed, tree(tmp_path / "fresh"), tmp_path / "out", spread(count), start=finished)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_fault_at_every_request_of_a_first_run_costs_nothing(workbook, finished, tmp_path):
    count = requests(workbook, tmp_path / "out")
    sweep(workbook, tree(finished), tmp_path / "out", list(range(1, count + 1)))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_fault_at_every_request_of_a_changed_run_costs_nothing(finished, tmp_path):
    changed = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "致困原因", "残疾"))
    pipeline.run(changed, tmp_path / "fresh", Options(jobs=1), Watch())
    shutil.copytree(finished, tmp_path / "out")
    count = requests(changed, tmp_path / "out")
    sweep(changed, tree(tmp_path / "fresh"), tmp_path / "out", list(range(1, count + 1)), start=finished)


def command(workbook: Path, out: Path, *more: str) -> subprocess.Popen:
    words = [sys.executable, "-m", "formgen", "run", str(workbook), "-o", str(out), "--jobs", "2", *more]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def times(name: str, otherwise: int) -> int:
    """How often a loop goes round; the environment may ask for another number."""
    return int(os.environ.get(name, otherwise))


def test_kills_at_random_moments_of_a_real_run_cost_nothing(tmp_path):
    assert sum(Siege(tmp_path, seed=1).of_kills(6).values()) == 6


def test_interrupts_at_random_moments_of_a_real_run_cost_nothing(tmp_path):
    assert sum(Siege(tmp_path, seed=2).of_interrupts(4).values()) == 4


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_two_hundred_kills_at_random_moments_cost_nothing(tmp_path):
    met = Siege(tmp_path, seed=200).of_kills(times("FORMGEN_KILLS", 200))
    print(dict(met))
    assert met["in time"] > met["too late"]


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_fifty_interrupts_at_random_moments_cost_nothing(tmp_path):
    met = Siege(tmp_path, seed=50).of_interrupts(times("FORMGEN_INTERRUPTS", 50))
    print(dict(met))
    assert met["in time"] > met["too late"]


@pytest.mark.office
def test_kills_at_random_moments_of_a_run_with_pdf_cost_nothing(tmp_path):
    assert sum(Siege(tmp_path, "--pdf", seed=3, count=3).of_kills(2).values()) == 2


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_many_kills_at_random_moments_of_a_run_with_pdf_cost_nothing(tmp_path):
    met = Siege(tmp_path, "--pdf", seed=25, count=6).of_kills(times("FORMGEN_PDF_KILLS", 25))
    print(dict(met))
    assert met["in time"] > met["too late"]


class Siege:
    """Real runs that are hit at random moments, each followed by an ordinary one that must put everything right.

    Two workbooks take turns that differ in every second household, and half of the runs begin with an empty folder:
    so first runs, runs that change papers and runs with nothing to do are all hit.
    """

    def __init__(self, folder: Path, *words: str, seed: int, count: int = 40) -> None:
        self.chance, self.out, self.words = random.Random(seed), folder / "out", words
        texts = {households.number_of(number): "本人患病长期服药" for number in range(0, count, 2)}

        def change(sheet: str, row: households.Row) -> households.Row:
            return (
                row | {"致困说明": texts[str(row["档案编号"])]} if sheet == "案件" and row["档案编号"] in texts else row
            )

        self.books = [
            households.write(folder / "a" / "台账.xlsx", count),
            households.write(folder / "b" / "台账.xlsx", count, change),
        ]
        began = time.monotonic()
        for number, book in enumerate(self.books):
            assert command(book, folder / f"whole{number}", *words).wait() == 0
        self.longest = (time.monotonic() - began) / 2
        self.expected = [tree(folder / f"whole{number}") for number in range(2)]
        assert self.expected[0] != self.expected[1]

    def of_kills(self, count: int) -> Counter[str]:
        """Kill the parent alone, or the parent with its workers."""
        return self._hit(count, lambda process: self.chance.choice((os.kill, os.killpg))(process.pid, signal.SIGKILL))

    def of_interrupts(self, count: int) -> Counter[str]:
        """Interrupt once, or twice with a moment between."""

        def interrupt(process: subprocess.Popen) -> None:
            os.kill(process.pid, signal.SIGINT)
            if self.chance.random() < 0.5:
                time.sleep(self.chance.uniform(0, 0.2))
                os.kill(process.pid, signal.SIGINT)

        return self._hit(count, interrupt)

    def _hit(self, count: int, strike: Callable[[subprocess.Popen], None]) -> Counter[str]:
        met: Counter[str] = Counter()
        for turn in range(count):
            if self.chance.random() < 0.5:
                shutil.rmtree(self.out, ignore_errors=True)
            met[self._once(self.books[turn % 2], strike)] += 1
            assert command(self.books[turn % 2], self.out, *self.words).wait() == 0, turn
            assert tree(self.out) == self.expected[turn % 2], turn
            assert temps(self.out) == [], turn
        return met

    def _once(self, book: Path, strike: Callable[[subprocess.Popen], None]) -> str:
        process = command(book, self.out, *self.words)
        time.sleep(self.chance.uniform(0.1, self.longest))
        is_running = process.poll() is None
        if is_running:
            strike(process)
        assert process.wait() in (0, 130, -signal.SIGINT, -signal.SIGKILL)
        assert is_gone(process.pid), "a worker outlived its run"
        return "in time" if is_running else "too late"


def is_gone(group: int) -> bool:
    """Whether nothing of a process group is left, a few seconds after its leader ended."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


SLOW_PAPERS = """
import sys, time
from formgen.batch import casework
from formgen.cli import main
work = casework.work
def slow(checked, before, is_wanted):
    time.sleep(1)
    return work(checked, before, is_wanted)
casework.work = slow
sys.argv[0] = "formgen"
main()
"""


def slow_command(workbook: Path, out: Path) -> subprocess.Popen:
    """A run whose every case takes a second."""
    words = [sys.executable, "-c", SLOW_PAPERS, "run", str(workbook), "-o", str(out), "--jobs", "2"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def at_work(process: subprocess.Popen, out: Path) -> None:
    """Wait until a run has begun with its cases."""
    while not (out / "运行记录" / "journal.sqlite").exists():
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(1.5)


def test_a_second_interrupt_stops_at_once_and_leaves_nobody_behind(tmp_path):
    book = households.write(tmp_path / "台账.xlsx", 60)
    process = slow_command(book, tmp_path / "out")
    at_work(process, tmp_path / "out")
    os.kill(process.pid, signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None, "the first interrupt lets the cases in hand be finished"
    os.kill(process.pid, signal.SIGINT)
    began = time.monotonic()
    _, said = process.communicate(timeout=60)
    assert (process.returncode, is_gone(process.pid)) == (130, True)
    assert time.monotonic() - began < 10, "thirty cases in hand would take longer"
    assert "再按一次" in said.decode() and "立刻停下" in said.decode().splitlines()[-1]
    assert command(book, tmp_path / "out").wait() == 0
    assert command(book, tmp_path / "whole").wait() == 0
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert temps(tmp_path / "out") == []


def kill_itself(checked, before, is_wanted):
    """The work on a case, except that one case takes its worker down."""
    if checked.case_no == households.number_of(7):
        os.kill(os.getpid(), signal.SIGKILL)
    return casework.work(checked, before, is_wanted)


def test_a_case_that_kills_its_worker_is_told_and_all_others_are_made(tmp_path, monkeypatch):
    workbook = households.write(tmp_path / "台账.xlsx", 30)
    real = batch.in_order
    monkeypatch.setattr(batch, "in_order", lambda crew, tasks, fn, ahead: real(crew, tasks, kill_itself, ahead=ahead))
    done = pipeline.run(workbook, tmp_path / "out", Options(jobs=2), Watch())
    assert (done.total, done.made, done.failed, done.skipped) == (30, 29, 1, 0)
    assert [(one.case_no, one.finding.code) for one in done.wrong] == [(households.number_of(7), "E604")]
    monkeypatch.undo()
    assert pipeline.run(workbook, tmp_path / "out", Options(jobs=2), Watch()).kept == 29
    pipeline.run(workbook, tmp_path / "fresh", Options(jobs=2), Watch())
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def leave_at(name: str, workbook: Path, out: Path) -> None:
    """A run that is gone the moment it would put a file of that name in place."""
    real = os.replace

    def replace(source: os.PathLike, target: os.PathLike) -> None:
        if Path(target).name == name:
            os._exit(9)
        real(source, target)

    os.replace = replace
    pipeline.run(workbook, out, Options(jobs=1), Watch())


def test_a_kill_within_a_case_folder_leaves_nothing_even_when_the_change_is_taken_back(workbook, finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    changed = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "家庭住址", "示例市新区一路1号"))
    process = get_context("fork").Process(target=leave_at, args=("04-建档申请表.docx", changed, tmp_path / "out"))
    process.start()
    process.join()
    assert process.exitcode == 9 and temps(tmp_path / "out")
    pipeline.run(workbook, tmp_path / "out", Options(jobs=1), Watch())
    assert tree(tmp_path / "out") == tree(finished)
    assert temps(tmp_path / "out") == []


class Open:
    """Files that another program holds open, as Windows refuses to replace them."""

    def __init__(self, name: str) -> None:
        self.name, self.real = name, os.replace

    def __call__(self, source: os.PathLike, target: os.PathLike) -> None:
        if Path(target).name == self.name:
            error = PermissionError(errno.EACCES, "held", str(target))
            error.winerror = 32  # type: ignore[attr-defined]
            raise error
        self.real(source, target)


def test_a_paper_that_word_holds_open_costs_one_case_and_is_nobodys_change(finished, tmp_path, monkeypatch):
    shutil.copytree(finished, tmp_path / "out")
    changed = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "家庭住址", "示例市新区一路1号"))
    monkeypatch.setattr(os, "replace", Open("04-建档申请表.docx"))
    monkeypatch.setattr("formgen.write._WAITS", (0.01,))
    done = pipeline.run(changed, tmp_path / "out", Options(jobs=1), Watch())
    assert (done.made, done.failed) == (2, 1)
    said = messages.sentence(done.wrong[0].finding)
    assert all(part in said for part in ("E616", "04-建档申请表.docx 正被别的程序打开", "请关闭", "再运行一次"))
    monkeypatch.undo()
    again = pipeline.run(changed, tmp_path / "out", Options(jobs=1), Watch())
    assert "W601" not in [finding.code for finding in again.findings]
    pipeline.run(changed, tmp_path / "fresh", Options(jobs=1), Watch())
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_summary_that_excel_holds_open_is_named_and_the_next_run_finishes(workbook, finished, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "replace", Open("审核结果.xlsx"))
    monkeypatch.setattr("formgen.write._WAITS", (0.01,))
    with pytest.raises(FormgenError, match=r"审核结果\.xlsx 正被别的程序打开.*请关闭.*再运行一次"):
        pipeline.run(workbook, tmp_path / "out", Options(jobs=1), Watch())
    monkeypatch.undo()
    assert pipeline.run(workbook, tmp_path / "out", Options(jobs=1), Watch()).kept == 3
    assert tree(tmp_path / "out") == tree(finished)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_disk_that_may_only_be_read_is_named_with_what_to_do(workbook, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", disk], check=True)
    try:
        (disk / "out").mkdir(mode=0o700)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        words = [sys.executable, "-m", "formgen", "run", str(workbook), "-o", str(disk / "out"), "--jobs", "1"]
        ended = subprocess.run(words, capture_output=True, timeout=60)
        assert (ended.returncode, len(ended.stderr.decode().splitlines())) == (4, 1)
        assert "只读" in ended.stderr.decode() and "换一个输出文件夹" in ended.stderr.decode()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_disk_that_is_full_stops_the_run_with_one_sentence_and_leaves_whole_files(tmp_path):
    workbook = households.write(tmp_path / "台账.xlsx", 300)
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", disk], check=True)
    try:
        filler = disk / "filler"
        words = [sys.executable, "-m", "formgen", "run", str(workbook), "-o", str(disk / "out"), "--jobs", "2"]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while process.poll() is None and not (disk / "out" / "案件").exists():
            time.sleep(0.01)
        with filler.open("wb") as stream:
            os.posix_fallocate(stream.fileno(), 0, shutil.disk_usage(disk).free - 200_000)
        _, said = process.communicate()
        assert process.returncode == 4
        assert all(part in said.decode() for part in ("磁盘空间", "已写好的文件都完整", "再运行同一条命令"))
        assert all(len(list(folder.iterdir())) >= 8 for folder in (disk / "out" / "案件").glob("B-*"))
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        assert command(workbook, disk / "out").wait() == 0
        assert command(workbook, tmp_path / "whole").wait() == 0
        assert tree(disk / "out") == tree(tmp_path / "whole")
        assert temps(disk / "out") == []
    finally:
        subprocess.run(["umount", disk], check=True)
