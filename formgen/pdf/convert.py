"""Papers in Word or Excel as PDF, through LibreOffice where it is installed.

LibreOffice is not believed: it ends with 0 on rubbish, hangs on some files and dies on others. So many papers go into
one call with a profile of its own, and the call is ended when no paper comes out for a while. The first paper that did
not come out is tried alone, the others together without it; what comes out is opened and counted. LibreOffice's clock
is taken out, so equal papers give equal bytes.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from formgen.model import Finding, Place
from formgen.pdf import clean as pdf_clean
from formgen.pdf import fontconfig

PROGRAM = "FORMGEN_SOFFICE"  # environment variable: another LibreOffice than the one that is found
CALL = 80  # papers in one call: start-up costs a second, a paper a tenth of one
SECONDS_TO_START, SECONDS_A_PAPER = 60.0, 10.0  # how long the next paper may take to come out
STALLS = 3  # calls in a row that brought nothing before they were ended: then it may be LibreOffice, not the papers
_PROBE = rb"{\rtf1 a}"  # a paper that any LibreOffice can print
_LOOK = 0.2  # seconds between two looks at what has come out
KINDS = (".docx", ".xlsx", ".odt", ".ods", ".doc", ".xls", ".rtf")
_WINDOWS = (
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_MAC = ("/Applications/LibreOffice.app/Contents/MacOS/soffice",)


_running: set[subprocess.Popen] = set()
_hung: set[str] = set()  # programs that this process has given up


@dataclass(frozen=True, slots=True)
class Converted:
    """The PDFs by the names the papers were given under, and what is to be said of those that have none."""

    papers: Mapping[str, bytes] = field(repr=False)
    findings: tuple[Finding, ...] = ()


@cache
def program() -> str | None:
    """Where LibreOffice is, None when it is not installed."""
    named = os.environ.get(PROGRAM)
    if named is not None:
        return shutil.which(named)
    found = shutil.which("soffice") or shutil.which("libreoffice")
    usual = _WINDOWS if sys.platform == "win32" else _MAC
    return found or next((place for place in usual if Path(place).is_file()), None)


def to_pdf(
    papers: Mapping[str, Path | bytes],
    *,
    titles: Mapping[str, str] | None = None,
    jobs: int = 1,
    seconds: float = SECONDS_TO_START,
    progress: Callable[[int], None] | None = None,
) -> Converted:
    """The papers as PDF, each under the name it came with; the name's ending says what it is.

    ``titles`` gives the document titles, ``seconds`` the patience with a start of LibreOffice. Without LibreOffice one
    finding (W503) names all papers; a paper that cannot be converted is an error (E511) of its own. A LibreOffice that
    hangs even on a paper of ours is not asked again by this process.
    """
    if not papers:
        return Converted({})
    if program() is None:
        return Converted({}, (Finding("W503", values={"papers": "、".join(papers), "count": str(len(papers))}),))
    made = {}
    if program() not in _hung:
        with tempfile.TemporaryDirectory(prefix="formgen-office-", ignore_cleanup_errors=True) as folder:
            office = _Office(Path(folder).resolve(), jobs, seconds, progress)
            made = office.convert({name: paper for name, paper in papers.items() if _is_paper(name, paper)})
            if office.is_hung():
                _hung.add(str(program()))
    found = {name: pdf_clean.clean(made[name], title=(titles or {}).get(name, "")) for name in papers if name in made}
    lost = (Finding("E511", Place(file=name), {"name": name}) for name in papers if name not in found)
    return Converted(found, tuple(lost))


def end_all() -> None:
    """End every LibreOffice that this process has started: they would outlive it."""
    for process in tuple(_running):
        _end(process)


def _is_paper(name: str, paper: Path | bytes) -> bool:
    """Whether the file is of the kind its name says: LibreOffice would print rubbish as text."""
    ending = Path(name).suffix.lower()
    if ending not in (".docx", ".xlsx", ".odt", ".ods"):
        return ending in KINDS
    return zipfile.is_zipfile(io.BytesIO(paper) if isinstance(paper, bytes) else paper)


class _Office:
    """The runs of LibreOffice for one request: a profile a worker, all below one folder that is thrown away."""

    def __init__(self, folder: Path, jobs: int, seconds: float, progress: Callable[[int], None] | None) -> None:
        self._folder, self._seconds, self._progress = folder, seconds, progress
        self._workers: SimpleQueue[int] = SimpleQueue()
        self._jobs = max(1, jobs)
        self._stalls = 0
        self._is_over, self._door = False, threading.Lock()
        for worker in range(self._jobs):
            self._workers.put(worker)
        self._environment = {**os.environ, **fontconfig.environment(folder)}

    def convert(self, papers: Mapping[str, Path | bytes]) -> dict[str, bytes]:
        """What came out, by name."""
        names = list(papers)
        size = max(1, min(CALL, -(-len(names) // self._jobs)))
        chunks = [names[at : at + size] for at in range(0, len(names), size)]
        with ThreadPoolExecutor(self._jobs) as pool:
            try:
                parts = list(pool.map(lambda chunk: self._chunk({name: papers[name] for name in chunk}), chunks))
            except BaseException:  # an interruption must not wait for what is under way
                pool.shutdown(wait=False, cancel_futures=True)
                with self._door:
                    self._is_over = True
                end_all()
                raise
        return {name: content for part in parts for name, content in part.items()}

    def is_hung(self) -> bool:
        """Whether it was LibreOffice that brought nothing, call after call, and not the papers."""
        return self._stalls >= STALLS and not self._call({"probe.rtf": _PROBE})

    def _chunk(self, papers: Mapping[str, Path | bytes]) -> dict[str, bytes]:
        """What came out of these. They come in order, so the first that did not is the one to be tried alone."""
        made: dict[str, bytes] = {}
        waiting = [list(papers)]
        while waiting and self._stalls < STALLS and not self._is_over:
            names = waiting.pop()
            got = self._call({name: papers[name] for name in names})
            made |= got
            if self._progress:
                self._progress(len(got))
            left = [name for name in names if name not in got]
            if len(names) > 1:
                waiting += [part for part in (left[1:], left[:1]) if part]
        return made

    def _call(self, papers: Mapping[str, Path | bytes]) -> dict[str, bytes]:
        """One run of LibreOffice."""
        worker = self._workers.get()
        try:
            with tempfile.TemporaryDirectory(dir=self._folder, ignore_cleanup_errors=True) as folder:
                sources = _lay_out(papers, Path(folder))
                has_ended = self._run(list(sources), Path(folder), self._folder / f"profile{worker}")
                made = dict(_collect(sources))
                self._stalls = 0 if made or has_ended else self._stalls + 1
                return made
        finally:
            self._workers.put(worker)

    def _run(self, sources: Sequence[Path], folder: Path, profile: Path) -> bool:
        """Let LibreOffice write PDFs into ``folder``; False when it had to be ended, for others to see what came out.

        Nothing is started once the request is over: whoever interrupted it has ended all that he saw running.
        """
        with self._door:
            if self._is_over:
                return True
            process = _begun(_command(sources, folder, profile), folder, self._environment)
        try:
            if _goes_on(process, folder, self._seconds):
                return True
        except BaseException:
            _end(process)
            raise
        finally:
            _running.discard(process)
        _end(process)
        shutil.rmtree(profile, ignore_errors=True)  # a profile that was cut off may hang again
        return False


def _lay_out(papers: Mapping[str, Path | bytes], folder: Path) -> dict[Path, str]:
    """Copies under plain names: LibreOffice leaves lock files, and some names upset it."""
    sources = {}
    for at, (name, paper) in enumerate(papers.items()):
        source = folder / f"{at:04}{Path(name).suffix.lower()}"
        source.write_bytes(paper if isinstance(paper, bytes) else paper.read_bytes())
        sources[source] = name
    return sources


def _command(sources: Sequence[Path], folder: Path, profile: Path) -> list[str]:
    return [
        *(str(program()), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"),
        *("--nodefault", "--nologo", "--convert-to", "pdf", "--outdir", str(folder)),
        *map(str, sources),
    ]


def _begun(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.Popen:
    process = subprocess.Popen(
        command,
        env=dict(environment),
        cwd=folder,
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _running.add(process)
    return process


def _goes_on(process: subprocess.Popen, folder: Path, start: float) -> bool:
    """Wait as long as papers come out; False when the next one is long overdue."""
    out, limit = 0, time.monotonic() + start + SECONDS_A_PAPER
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK)
            return True
        now = time.monotonic()
        ready = sum(1 for _ in folder.glob("*.pdf"))
        if ready > out:
            out, limit = ready, now + start + SECONDS_A_PAPER
        elif now > limit:
            return False


def _end(process: subprocess.Popen) -> None:
    """End LibreOffice with the children it started."""
    if sys.platform == "win32":  # soffice.exe is but the parent of the one that works
        tree = ("taskkill", "/F", "/T", "/PID", str(process.pid))
        with contextlib.suppress(OSError):
            subprocess.run(tree, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _collect(sources: Mapping[Path, str]) -> Iterator[tuple[str, bytes]]:
    """The PDFs that are there and whole."""
    for source, name in sources.items():
        made = source.with_suffix(".pdf")
        content = made.read_bytes() if made.is_file() else b""
        if pdf_clean.page_count(content):
            yield name, content
