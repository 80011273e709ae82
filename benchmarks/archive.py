"""Make and validate bags here and with bagit-python, in one run: ratios of time, and the peak of memory.

    python benchmarks/archive.py [--files 20000] [--bags 2000] [--repeat 3]

Both sides write and check sha256 and sha512. Needs ``pip install bagit``. The best of the repeats counts on each side.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SIZE = 20_000


def fill(folder: Path, count: int, seed: int = 0) -> None:
    for number in range(count):
        place = folder / f"d{number // 500:03d}"
        place.mkdir(parents=True, exist_ok=True)
        block = hashlib.sha512(f"{seed}-{number}".encode()).digest()
        (place / f"f{number:05d}.bin").write_bytes((block * (SIZE // len(block) + 1))[:SIZE])


def timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def ours_make(folders: list[Path]) -> None:
    from formgen import bag

    if len(folders) == 1:
        bag.make(folders[0])
        return
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda folder: bag.make(folder, jobs=1), folders))


def ours_validate(folders: list[Path]) -> None:
    """What `formgen verify FOLDER` runs: one bag over threads, or many bags over threads."""
    from formgen import bag
    from formgen.keep import verify

    if len(folders) == 1:
        is_ok = bag.validate(folders[0]).is_valid
    else:
        is_ok = verify.folders(folders, folders[0].parent, verify.Watch(at="2026-01-01")).is_ok
    if not is_ok:
        raise SystemExit("not valid")


def theirs_make(folders: list[Path]) -> None:
    import bagit

    for folder in folders:
        bagit.make_bag(str(folder), checksums=["sha256", "sha512"])


def theirs_validate(folders: list[Path]) -> None:
    import bagit

    for folder in folders:
        bagit.Bag(str(folder)).validate()


ACTS = {"ours": (ours_make, ours_validate), "bagit-python": (theirs_make, theirs_validate)}


def child(side: str, root: Path) -> None:
    logging.disable(logging.CRITICAL)
    folders = sorted(root.iterdir())
    make, validate = ACTS[side]
    made, validated = timed(lambda: make(folders)), timed(lambda: validate(folders))
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(made, validated, used.ru_maxrss / 1024, used.ru_utime + used.ru_stime)


def measure(side: str, bags: int, files: int, scratch: Path) -> tuple[float, float, float, float]:
    root = scratch / side
    for number in range(bags):
        fill(root / f"b{number:05d}", files, number)
    os.sync()
    said = subprocess.run(
        [sys.executable, __file__, "--child", side, str(root)], check=True, capture_output=True, text=True
    )
    shutil.rmtree(root)
    made, validated, peak, processor = map(float, said.stdout.split())
    return made, validated, peak, processor


def compare(title: str, bags: int, files: int, repeat: int, scratch: Path) -> None:
    best = {}
    for side in ACTS:
        runs = [measure(side, bags, files, scratch) for _ in range(repeat)]
        best[side] = (
            *(min(column) for column in list(zip(*runs, strict=True))[:2]),
            max(r[2] for r in runs),
            min(r[3] for r in runs),
        )
    us, them = best["ours"], best["bagit-python"]
    print(f"{title}: {bags} bag(s) of {files} files of {SIZE} bytes, sha256 + sha512")
    print(f"  make      ours {us[0]:7.2f} s   bagit-python {them[0]:7.2f} s   {them[0] / us[0]:.1f} x")
    print(f"  validate  ours {us[1]:7.2f} s   bagit-python {them[1]:7.2f} s   {them[1] / us[1]:.1f} x")
    print(f"  processor ours {us[3]:6.2f} s   bagit-python {them[3]:7.2f} s   {them[3] / us[3]:.1f} x (both steps)")
    print(f"  memory    ours {us[2]:7.0f} MB  bagit-python {them[2]:7.0f} MB")


def monthly(dossiers: int, scratch: Path) -> None:
    """The share of a month of a repository, and what that means for one of 100 000 dossiers of 10 files."""
    from formgen import bag
    from formgen.keep import proof, register, verify
    from formgen.keep.register import SEALED, Entry
    from formgen.keep.repository import Repository

    repo = Repository(scratch / "repo")
    repo.register.mkdir(parents=True)
    book = register.load(repo.register / "numbers.csv")
    block = hashlib.sha512(b"x").digest() * (SIZE // 64)
    for place in range(1, dossiers + 1):
        number = f"J045-WS·2026-D10-KN-{place:06d}"
        bag.write(repo.bag(number), {f"records/{n:03d}-15/p01.bin": block + bytes([n]) for n in range(10)})
        digest = proof.digest(repo.bag(number))
        book.put(
            Entry(
                number=number,
                case_no=str(place),
                withdrawn_on="2026-01-01",
                last_day="2036-01-01",
                state=SEALED,
                digest=digest,
            )
        )
    book.save()
    os.sync()
    result = None

    def run() -> None:
        nonlocal result
        result = verify.repository(repo, "rolling", verify.Watch(at="2026-11-01"))

    taken = timed(run)
    assert result is not None and result.is_ok
    rate = len(result.bags) / taken
    print(f"rolling verification: {len(result.bags)} of {result.total} bags in {taken:.2f} s, {rate:.0f} bags/s")
    print(f"  100000 dossiers: {-(-100_000 // 12)} a month, about {100_000 / 12 / rate / 60:.1f} minutes at this rate")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--bags", type=int, default=2_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    with tempfile.TemporaryDirectory() as scratch:
        compare("one large bag", 1, options.files, options.repeat, Path(scratch))
        compare("many small bags", options.bags, 10, options.repeat, Path(scratch))
        monthly(options.bags * 3, Path(scratch))


if __name__ == "__main__":
    main()
