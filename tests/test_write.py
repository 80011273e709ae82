"""Files whole or absent, names that are safe everywhere, one run at a time."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formgen import names, write
from formgen.batch.lock import locked
from formgen.messages import FormgenError


def test_a_file_is_replaced_whole(tmp_path):
    write.put(tmp_path / "a.docx", b"old")
    write.put(tmp_path / "a.docx", b"new")
    assert (tmp_path / "a.docx").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.docx"]


def test_a_stream_that_breaks_leaves_the_old_file_and_nothing_else(tmp_path):
    write.put(tmp_path / "a.xlsx", b"old")
    with pytest.raises(ValueError, match="broke"), write.stream(tmp_path / "a.xlsx") as out:
        out.write(b"half")
        raise ValueError("broke")
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_link_under_the_final_name_is_replaced_and_its_target_untouched(tmp_path):
    (tmp_path / "victim").write_bytes(b"precious")
    (tmp_path / "a").symlink_to(tmp_path / "victim")
    write.put(tmp_path / "a", b"ours")
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert not (tmp_path / "a").is_symlink()


def test_a_folder_everybody_may_write_to_is_refused(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o777)
    with pytest.raises(FormgenError, match="任何人"):
        write.output_folder(tmp_path / "out")


def test_too_little_room_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(FormgenError, match="约需"):
        write.need_space(tmp_path, 2**60)


def test_staged_folders_get_their_names_together(tmp_path):
    folders = [tmp_path / "案件" / name for name in ("A", "B")]
    folders[0].parent.mkdir()
    staged = {write.stage(folder, {"1.docx": b"x"}): folder for folder in folders}
    assert [path.name for path in folders[0].parent.iterdir() if not path.name.startswith(write.TEMP)] == []
    write.settle(staged)
    assert sorted(path.name for path in folders[0].parent.iterdir()) == ["A", "B"]
    assert (folders[1] / "1.docx").read_bytes() == b"x"


def test_a_sweep_takes_only_what_is_temporary(tmp_path):
    (tmp_path / f"{write.TEMP}1").mkdir()
    (tmp_path / f"{write.TEMP}1" / "half").touch()
    (tmp_path / f"{write.TEMP}2").touch()
    (tmp_path / "kept").touch()
    assert write.sweep(tmp_path) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("part", ["..", "", "a\\b", "CON", "nul .txt", "a:b", "a\u202eb", "~$a", ".a", "a.", "a "])
def test_a_path_with_an_unsafe_part_is_refused(tmp_path, part):
    with pytest.raises(FormgenError):
        write.below(tmp_path, f"案件/{part}" if part else "")


@given(st.text(max_size=300))
def test_a_cleaned_name_is_safe_short_inside_its_folder_and_stays_as_it_is(text):
    name = names.safe(text)
    assert names.safe(name) == name
    assert names.is_safe(name)
    assert len(name.encode()) <= names.LONGEST_BYTES
    assert PureWindowsPath("C:/out", name).parent == PureWindowsPath("C:/out")
    assert Path("/out", name).parent == Path("/out")


@pytest.mark.parametrize(
    "text", ["340102198001011234", "6222021234567890123号", "３４０１０２１９８００１０１１２３４"]
)
def test_nobodys_number_stands_in_a_name(text):
    assert not any(char.isdigit() for char in names.safe(text))


def test_names_that_differ_in_case_or_width_only_are_told_apart():
    assert list(names.unique(["机械厂", "A厂", "ａ厂", "a厂"])) == ["机械厂", "A厂", "ａ厂-2", "a厂-3"]


def test_the_lock_is_free_after_its_holder_and_taken_during(tmp_path):
    with locked(tmp_path / "lock"), pytest.raises(FormgenError, match=str(os.getpid())), locked(tmp_path / "lock"):
        pass
    with locked(tmp_path / "lock"):
        pass
