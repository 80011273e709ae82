"""The sample workbook is what its households say, and the checker has nothing to say about it."""

from __future__ import annotations

from formgen import check, read
from tests import samples


def test_the_sample_is_what_the_generator_writes():
    assert samples.workbook() == samples.TARGET.read_bytes()


def test_the_checker_finds_nothing_in_the_sample():
    with read.open_book(samples.TARGET) as book:
        checked = list(check.households(book))
        found = [*book.findings, *(finding for one in checked for finding in one.findings)]
    assert not found
    assert len(checked) == 18 and all(one.is_valid for one in checked)
