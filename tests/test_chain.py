"""A line edited, cut, added or moved in a log is found; a torn last line after a power cut is mended."""

import json

import pytest

from formgen.keep import chain
from formgen.keep.chain import Head
from formgen.messages import FormgenError


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "access.jsonl"
    chain.append(path, *({"event": "查阅", "n": n} for n in range(5)))
    return path


def codes(path):
    return [finding.code for finding in chain.check(path)]


def rewrite(path, change):
    lines = path.read_bytes().split(b"\n")[:-1]
    path.write_bytes(b"".join(line + b"\n" for line in change(lines)))


def test_a_whole_log_is_silent(log):
    assert codes(log) == []
    assert [entry["n"] for entry in chain.entries(log)] == [0, 1, 2, 3, 4]


def test_an_edited_line_is_named(log):
    rewrite(log, lambda lines: [*lines[:2], lines[2].replace(b'"n":2', b'"n":9'), *lines[3:]])
    assert [(f.code, f.values["line"]) for f in chain.check(log)] == [("E733", "3")]


def test_a_line_edited_with_a_fresh_digest_breaks_the_next(log):
    def forge(lines):
        entry = json.loads(lines[2])
        entry.pop("hash")
        entry["n"] = 9
        import hashlib

        return [
            *lines[:2],
            chain.canonical({**entry, "hash": hashlib.sha256(chain.canonical(entry)).hexdigest()}),
            *lines[3:],
        ]

    rewrite(log, forge)
    assert "E734" in codes(log)


def test_a_removed_line_is_found(log):
    rewrite(log, lambda lines: lines[:2] + lines[3:])
    assert {"E734", "E735"} <= set(codes(log))


def test_swapped_lines_are_found(log):
    rewrite(log, lambda lines: [lines[0], lines[2], lines[1], *lines[3:]])
    assert "E734" in codes(log)


def test_a_cut_tail_is_found(log):
    rewrite(log, lambda lines: lines[:3])
    assert codes(log) == ["E735"]


def test_a_cut_tail_with_a_fitting_head_is_found_by_the_printed_head(log):
    printed = chain.mark(log.parent)
    assert chain.check_mark(log.parent, printed) == ()
    rewrite(log, lambda lines: lines[:3])
    last = json.loads(log.read_text().splitlines()[-1])
    (log.parent / chain.HEADS).write_text(json.dumps({log.name: {"count": 3, "digest": last["hash"]}}))
    assert codes(log) == []
    assert [f.code for f in chain.check_mark(log.parent, printed)] == ["E716"]


def test_a_printed_mark_holds_for_a_log_that_has_grown_and_for_nothing_miscopied(log):
    printed = chain.mark(log.parent)
    chain.append(log, {"event": "查阅"})
    chain.append(log.with_name("holds.jsonl"), {"event": "暂停销毁"})
    assert printed.startswith("access5-") and chain.check_mark(log.parent, f" {printed}\n") == ()
    for wrong in (
        "",
        "access5",
        printed[:-1],
        f"access4-{printed[8:]}",
        f"access9-{printed[8:]}",
        "../x5-0",
        "access-1-0",
    ):
        assert [f.code for f in chain.check_mark(log.parent, wrong)] == ["E716"], wrong


@pytest.mark.parametrize("harm", ["garbage", "edited", "cut", "gone"])
def test_nothing_is_decided_by_a_broken_log(log, harm):
    lines = log.read_bytes().split(b"\n")[:-1]
    if harm == "gone":
        log.unlink()
    else:
        changed = {"garbage": [b"x", *lines[1:]], "edited": [lines[0][:-3] + b'0"}', *lines[1:]], "cut": lines[:3]}
        rewrite(log, lambda _: changed[harm])
    with pytest.raises(FormgenError):
        next(chain.entries(log))


def test_a_log_that_vanished_is_found(log):
    log.unlink()
    assert codes(log) == ["E735"]


def test_an_added_line_is_found(log):
    copy = log.with_name("other.jsonl")
    copy.write_bytes(log.read_bytes())
    with log.open("ab") as file:
        file.write(b'{"event":"x"}\n')
    assert "E733" in codes(log)


def test_a_torn_line_is_a_warning_and_the_next_entry_mends_it(log):
    with log.open("ab") as file:
        file.write(b'{"event":"half')
    assert codes(log) == ["W735"]
    chain.append(log, {"event": "查阅", "n": 5})
    assert codes(log) == []
    assert [entry["n"] for entry in chain.entries(log)][-1] == 5


def test_lines_written_before_their_head_was_are_taken_up(log):
    heads = (log.parent / chain.HEADS).read_bytes()
    chain.append(log, {"event": "查阅", "n": 5}, {"event": "查阅", "n": 6})
    (log.parent / chain.HEADS).write_bytes(heads)
    chain.append(log, {"event": "查阅", "n": 7})
    assert codes(log) == []
    assert len(list(chain.entries(log))) == 8


def test_nothing_is_added_to_a_broken_log(log):
    rewrite(log, lambda lines: lines[:2] + lines[3:])
    with pytest.raises(FormgenError):
        chain.append(log, {"event": "查阅"})


def test_an_entry_cannot_forge_its_place(tmp_path):
    head = chain.append(tmp_path / "x.jsonl", {"seq": 99, "prev": "x", "hash": "y", "event": "a"})
    assert head.count == 1 and head != Head(99, "y")
    assert codes(tmp_path / "x.jsonl") == []


def test_a_log_whose_head_was_taken_out_is_told(log):
    chain.append(log.with_name("holds.jsonl"), {"event": "暂停销毁"})
    stated = json.loads((log.parent / chain.HEADS).read_text())
    del stated[log.name]
    (log.parent / chain.HEADS).write_text(json.dumps(stated))
    assert codes(log) == ["E736"]
    (log.parent / chain.HEADS).unlink()  # told by itself
    assert codes(log) == [] and [f.code for f in chain.lost(log.parent)] == ["E700"]
