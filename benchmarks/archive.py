"""Make and validate bags here and with bagit-python, in one run: ratios of time, and the peak of memory.

    python benchmarks/archive.py [--files 20000] [--bags 2000] [--dossiers 100000] [--repeat 3] [--scratch FOLDER]

Both sides write and check sha256 and sha512. Needs ``pip install bagit``. The sides take turns, and the best of the
repeats counts on each. "hashing" is what the digests alone cost of the processor: nobody can be quicker than that.
Then a repository of many dossiers: the plan of a month, and how long the month takes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from formgen import bag
from formgen.batch import Crew, in_order
from formgen.keep import chain, history, proof, register, verify
from formgen.keep.register import SEALED, Entry
from formgen.keep.repository import Repository
from formgen.keep.state import Seen, State

SIZE = 20_000
CORES = os.cpu_count() or 1
DAYS = (("Retention-Start", "2026-01-01"), ("Retention-Last-Day", "2036-01-01"))
AT = "2026-11-01T08:00:00+08:00"


def block(seed: str) -> bytes:
    return (hashlib.sha512(seed.encode()).digest() * (SIZE // 64 + 1))[:SIZE]


def fill(folder: Path, count: int, seed: int = 0) -> None:
    for number in range(count):
        place = folder / f"d{number // 500:03d}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"f{number:05d}.bin").write_bytes(block(f"{seed}-{number}"))


def make_share(folders: list[Path]) -> None:
    for folder in folders:
        bag.make(folder, jobs=1)


def ours_make(folders: list[Path]) -> None:
    """One bag over threads, many bags over processes."""
    if len(folders) == 1:
        bag.make(folders[0])
        return
    shares = [(folders[start : start + verify.SHARE],) for start in range(0, len(folders), verify.SHARE)]
    with Crew(CORES, bool) as crew:
        for done in in_order(crew, shares, make_share, ahead=CORES * verify.AHEAD):
            done.result()


def ours_validate(folders: list[Path]) -> None:
    """What `formgen verify FOLDER` runs: one bag over threads, many bags over processes."""
    if not verify.folders(folders, folders[0].parent, verify.Watch(at=AT)).is_ok:
        raise SystemExit("not valid")


def theirs_make(folders: list[Path]) -> None:
    import bagit

    for folder in folders:
        bagit.make_bag(str(folder), checksums=["sha256", "sha512"])


def theirs_validate(folders: list[Path]) -> None:
    import bagit

    for folder in folders:
        bagit.Bag(str(folder)).validate()


def used() -> tuple[float, float]:
    """Seconds on the clock, and of the processor with all workers that have ended."""
    times = os.times()
    return time.perf_counter(), sum(times[:4])


def spent(act: Callable[[], object]) -> tuple[float, float]:
    clock, processor = used()
    act()
    return used()[0] - clock, used()[1] - processor


def sides(root: Path, side: str) -> dict[str, float]:
    """Make and validate the bags below a folder."""
    make, validate = {"ours": (ours_make, ours_validate), "theirs": (theirs_make, theirs_validate)}[side]
    folders = sorted(root.iterdir())
    made, validated = spent(lambda: make(folders)), spent(lambda: validate(folders))
    return {
        **dict(zip(("make", "make cpu"), made, strict=True)),
        **dict(zip(("validate", "validate cpu"), validated, strict=True)),
    }


def hashing(files: int) -> float:
    """Seconds of the processor for the digests of so many files, already in memory."""
    content = block("")
    sample = min(files, 2000)
    return files / sample * spent(lambda: [digests(content) for _ in range(sample)])[1]


def digests(content: bytes) -> tuple[str, str]:
    return hashlib.sha256(content).hexdigest(), hashlib.sha512(content).hexdigest()


def apart(*task: str) -> dict[str, float]:
    """What a task says that is done in a process of its own, and the peak of its memory with its workers in MB."""
    os.sync()
    command = [sys.executable, __file__, "--task", *task]
    largest = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            largest = max(largest, held(process.pid))
            time.sleep(0.05)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(process.returncode)
    return {**json.loads(said), "MB": largest}


def held(pid: int) -> float:
    """MB of memory of a process and its workers now, what they share counted once; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it has just ended
        return 0.0
    own = sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return own + sum(held(int(worker)) for worker in workers)


def runs(bags: int, files: int, repeat: int, scratch: Path) -> Iterator[tuple[str, dict[str, float]]]:
    # Nothing is removed in between: ext4 passes over the places of files removed in the last seconds one by one, and
    # making a file then costs thirty times as much, on both sides.
    for turn in range(repeat):
        for side in ("ours", "theirs"):
            root = scratch / f"{bags}-{turn}-{side}"
            for number in range(bags):
                fill(root / f"b{number:05d}", files, number)
            yield side, apart("sides", str(root), side)


def compare(title: str, bags: int, files: int, repeat: int, scratch: Path) -> None:
    found: dict[str, list[dict[str, float]]] = {"ours": [], "theirs": []}
    floor = []
    for side, said in runs(bags, files, repeat, scratch):
        found[side].append(said)
        floor.append(hashing(bags * files))
    best = {side: {key: min(said[key] for said in each) for key in each[0]} for side, each in found.items()}
    print(f"{title}: {bags} bag(s) of {files} files of {SIZE} bytes, sha256 + sha512, {CORES} cores")
    print(f"  hashing alone {min(floor):.2f} s of the processor for each step")
    for step in ("make", "validate"):
        for name, key in (("clock", step), ("processor", f"{step} cpu")):
            us, them = best["ours"][key], best["theirs"][key]
            print(f"  {step:9}{name:10} ours {us:6.2f} s  bagit-python {them:6.2f} s  {them / us:4.1f} x")
    us, them = (max(said["MB"] for said in found[side]) for side in ("ours", "theirs"))
    print(f"  {'memory':19} ours {us:6.0f} MB bagit-python {them:6.0f} MB", flush=True)


def numbers(count: int) -> Iterator[str]:
    return (f"J045-WS·2026-D10-KN-{place:06d}" for place in range(1, count + 1))


def enter(repo: Repository, digests: dict[str, str]) -> None:
    """Write the register and a state in which every bag was verified in one of the last twelve months."""
    book = register.load(repo.register / "numbers.csv")
    days = {"withdrawn_on": DAYS[0][1], "last_day": DAYS[1][1]}
    for number, digest in digests.items():
        book.put(Entry(number=number, case_no=number[-6:], **days, state=SEALED, digest=digest))
    book.save()
    told = ({"at": AT, "event": history.SEALED, "档号": each, "包摘要": digest} for each, digest in digests.items())
    chain.append(repo.log("custody"), *told)
    state = State(repo.register / "verify.sqlite")
    paths = (str(repo.bag(number).relative_to(repo.root)) for number in digests)
    state.put(Seen(path, f"2025-{n % 12 + 1:02d}-05T08:00:00+08:00", "ok", "", "") for n, path in enumerate(paths))
    state.close()


def plan(root: Path) -> dict[str, float]:
    """The plan of a month alone: the time is used up before the first bag."""
    over = verify.Watch(at=AT, budget=0.0)
    clock, processor = spent(lambda: verify.repository(Repository(root), "rolling", over))
    return {"clock": clock, "processor": processor}


def month(root: Path) -> dict[str, float]:
    """A month's share of a repository, verified."""
    found: list[verify.Result] = []
    watch = verify.Watch(at=AT)
    clock, _ = spent(lambda: found.append(verify.repository(Repository(root), "rolling", watch)))
    if not found[0].is_ok:
        raise SystemExit("not ok")
    return {"bags": len(found[0].bags), "clock": clock}


def repository(dossiers: int, bags: int, scratch: Path) -> None:
    large, small = Repository(scratch / "large"), Repository(scratch / "small")
    for repo in (large, small):
        repo.register.mkdir(parents=True)
    for number in numbers(dossiers):
        large.bag(number).mkdir(parents=True)
    enter(large, {number: digests(number.encode())[0] for number in numbers(dossiers)})
    for number in numbers(bags):
        small.bag(number).parent.mkdir(exist_ok=True)
        content = {f"records/{n:03d}-15/p01.bin": block(f"{number}-{n}") for n in range(10)}
        bag.write(small.bag(number), content, info=DAYS)
    enter(small, {number: proof.digest(small.bag(number)) for number in numbers(bags)})
    planned, done = apart("plan", str(large.root)), apart("month", str(small.root))
    rate = done["bags"] / done["clock"]
    share = -(-dossiers // 12)
    print(f"rolling plan of {dossiers} dossiers: {planned['clock']:.1f} s, {planned['MB']:.0f} MB")
    print(f"rolling verification: {done['bags']} bags of 10 files, {rate:.0f} bags/s, {done['MB']:.0f} MB")
    print(f"  {dossiers} dossiers: {share} a month, about {planned['clock'] + share / rate:.0f} s a month at this rate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--bags", type=int, default=2_000)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--scratch", type=Path, help="where the bags are made: a disk of its own, or one in memory")
    parser.add_argument("--task", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if options.task:
        name, root, *more = options.task
        print(json.dumps({"sides": sides, "plan": plan, "month": month}[name](Path(root), *more)))
        return
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        compare("one large bag", 1, options.files, options.repeat, Path(scratch))
        compare("many small bags", options.bags, 10, options.repeat, Path(scratch))
        repository(options.dossiers, options.bags * 3, Path(scratch))


if __name__ == "__main__":
    main()
