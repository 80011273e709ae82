"""Decisions with full reasons a second on one core, and how the time grows from 1 000 to 100 000 cases.

python benchmarks/decide.py [--most 100000]
The households are the stories of tests/cases in turn; seconds are of processor time. The peer is the plain evaluator of
tests/oracle.py on the same households, measured in the same run.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from formgen.decide import decide
from formgen.law import Law
from tests import oracle, stories

Household = tuple[object, Law, tuple, tuple]


def households(*, known: bool) -> list[Household]:
    """The stories' households, those with nothing unknown or those with something missing."""
    found = []
    for story in stories.all_stories():
        rows = stories.rows_of(story)
        case, law = stories.case_of(rows), stories.law_of(rows)
        is_known = decide(case, law).status != "insufficient"
        if is_known == known:
            found.append((case, law, *stories.tables_of(rows)))
    return found


def timed(run: Callable[[Household], object], many: Iterator[Household]) -> float:
    started = time.process_time()
    for household in many:
        run(household)
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=100_000)
    most = parser.parse_args().most
    known, unknown = households(known=True), households(known=False)
    first = None
    for count in (n for n in (1_000, 10_000, 100_000) if n <= most):
        seconds = timed(lambda h: decide(h[0], h[1]), islice(cycle(known), count))
        each = seconds / count
        first = first or each
        print(f"{count:>7} cases  {seconds:7.2f} s  {1 / each:7.0f} a second  time a case × {each / first:.2f}")
    seconds = timed(lambda h: decide(h[0], h[1]), islice(cycle(unknown), 200))
    print(f"    200 cases with unknowns  {seconds:.2f} s  {200 / seconds:.0f} a second")
    plain = timed(lambda h: oracle.evaluate(h[0], h[2], h[3]), islice(cycle(known), 200)) / 200
    print(f"plain evaluator (tier only): {1 / plain:.0f} a second; the core takes {first / plain:.2f} of its time")


if __name__ == "__main__":
    main()
