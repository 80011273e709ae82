"""Households of the law's cases: each story is decided as its outcome says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from formgen.decide import as_json, decide
from tests import stories

ALL = stories.all_stories()


def decided(story: dict) -> dict:
    rows = stories.rows_of(story)
    on = date.fromisoformat(story["on"]) if "on" in story else None
    return as_json(decide(stories.case_of(rows), stories.law_of(rows), on=on))


@pytest.mark.parametrize("story", ALL, ids=[story["id"] for story in ALL])
def test_a_story_ends_as_told(story):
    result, outcome = decided(story), story["outcome"]
    told = {**result, "pre": _exact(result["pre"]), "post": _exact(result["post"])}
    for name, expected in outcome.items():
        if name in ("pre", "post") and expected != "null":
            assert told[name] == _fraction(expected), name
        elif name == "flags":
            assert set(expected) <= set(told["flags"]), name
        elif name == "no_flags":
            assert not set(expected) & set(told["flags"]), name
        elif expected == "null":
            assert told[name] is None, name
        else:
            assert told[name] == expected, name


def test_no_two_stories_share_a_name():
    names = [story["id"] for story in ALL]
    assert len(names) == len(set(names))


def _exact(amount: dict | None) -> Fraction | None:
    return None if amount is None else _fraction(amount["exact"])


def _fraction(text: str) -> Fraction:
    top, _, bottom = text.partition("/")
    return Fraction(top) / Fraction(bottom or 1)
