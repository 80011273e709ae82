"""The validator names every fault of a bag by its path; what is made here passes the standard tools."""

import hashlib
import logging
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from formgen import bag
from formgen.bag import digests, tagfiles

INFO = (("Source-Organization", "某某总工会"), ("External-Identifier", "J045-WS·2026-D10-KN-0001"))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    folder = tmp_path / "bag"
    payload = {"records/001-01/a.txt": b"alpha\n", "records/002-02/b.txt": b"beta\n", "export/case.json": b"{}\n"}
    bag.write(folder, payload, {"metadata/notes.txt": b"note\n"}, INFO)
    return folder


def codes(folder: Path) -> set[tuple[str, str]]:
    return {(finding.code, finding.place.file) for finding in bag.validate(folder).findings}


def draft(tmp_path: Path, manifest: str, *, version: str = "0.97", files: dict[str, bytes] | None = None) -> Path:
    folder = tmp_path / "draft"
    for name, content in (files or {"data/hello.txt": b"hello\n"}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "bagit.txt").write_bytes(f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode())
    (folder / "manifest-sha256.txt").write_text(manifest, encoding="utf-8")
    return folder


HELLO = hashlib.sha256(b"hello\n").hexdigest()


def test_a_new_bag_is_valid_and_says_what_it_holds(made):
    verdict = bag.validate(made)
    assert verdict.findings == ()
    assert (verdict.version, verdict.files, verdict.octets) == ((1, 0), 3, 14)
    assert verdict.info.get("payload-oxum") == "14.3"


def test_the_same_content_gives_the_same_bytes(made, tmp_path):
    payload = {path.relative_to(made / "data").as_posix(): path for path in (made / "data").rglob("*.*")}
    bag.write(tmp_path / "again", payload, {"metadata/notes.txt": b"note\n"}, INFO)
    first, second = (
        {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
        for root in (made, tmp_path / "again")
    )
    assert first == second


def test_bagit_python_and_sha256sum_accept_it(made):
    bagit = pytest.importorskip("bagit")
    logging.disable(logging.CRITICAL)
    try:
        assert bagit.Bag(str(made)).validate()
    finally:
        logging.disable(logging.NOTSET)
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        assert subprocess.run(["sha256sum", "--strict", "--quiet", "-c", name], cwd=made).returncode == 0


def test_a_folder_becomes_a_bag_in_place(tmp_path):
    (tmp_path / "x" / "deep").mkdir(parents=True)
    (tmp_path / "x" / "deep" / "100%.txt").write_bytes(b"1")
    (tmp_path / "x" / "two\nlines").write_bytes(b"2")
    bag.make(tmp_path / "x", INFO)
    assert bag.validate(tmp_path / "x").findings == ()
    assert "data/deep/100%25.txt" in (tmp_path / "x" / "manifest-sha512.txt").read_text()
    with pytest.raises(FileExistsError):
        bag.make(tmp_path / "x", INFO)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("data/records/001-01/a.txt", {("E709", "data/records/001-01/a.txt")}),
        ("metadata/notes.txt", {("E709", "metadata/notes.txt")}),
        ("bag-info.txt", {("E709", "bag-info.txt")}),
        ("bagit.txt", {("E702", "bagit.txt")}),
    ],
)
def test_one_flipped_bit_is_named(made, target, expected):
    content = bytearray((made / target).read_bytes())
    content[3] ^= 1
    (made / target).write_bytes(content)
    assert codes(made) == expected


def test_a_changed_manifest_is_named_twice_over(made):
    path = made / "manifest-sha512.txt"
    text = path.read_text()
    path.write_text(("0" if text[0] != "0" else "1") + text[1:])
    assert {("E709", "manifest-sha512.txt"), ("E709", "data/export/case.json")} == codes(made)


def test_a_manifest_rewritten_to_fit_is_caught_by_the_tag_manifest(made):
    (made / "data/export/case.json").write_bytes(b"[]\n")
    for name in bag.ALGORITHMS:
        path = made / f"manifest-{name}.txt"
        old, new = hashlib.new(name, b"{}\n").hexdigest(), hashlib.new(name, b"[]\n").hexdigest()
        path.write_text(path.read_text().replace(old, new))
    assert codes(made) == {("E709", "manifest-sha256.txt"), ("E709", "manifest-sha512.txt")}


def test_a_lost_file_is_named(made):
    (made / "data/records/002-02/b.txt").unlink()
    assert codes(made) == {("E707", "data/records/002-02/b.txt"), ("E710", "bag-info.txt")}


def test_an_extra_file_is_named(made):
    (made / "data/records/002-02/c.txt").write_bytes(b"")
    (made / "metadata/extra.txt").write_bytes(b"")
    assert codes(made) == {
        ("E708", "data/records/002-02/c.txt"),
        ("E710", "bag-info.txt"),
        ("W708", "metadata/extra.txt"),
    }


def test_a_renamed_file_is_lost_and_extra(made):
    (made / "data/export/case.json").rename(made / "data/export/Case.json")
    assert codes(made) == {("E707", "data/export/case.json"), ("E708", "data/export/Case.json")}


def test_a_link_in_place_of_a_file_is_refused_even_with_the_same_content(made, tmp_path):
    target = made / "data/export/case.json"
    (tmp_path / "elsewhere.json").write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(tmp_path / "elsewhere.json")
    assert ("E713", "data/export/case.json") in codes(made)


def test_a_linked_folder_is_not_followed(made, tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "x").write_bytes(b"x")
    (made / "data" / "link").symlink_to(tmp_path / "outside")
    assert codes(made) == {("E713", "data/link")}


@pytest.mark.skipif(sys.platform != "linux", reason="a file system that tells the twins apart")
@pytest.mark.parametrize(
    "names", [("a.txt", "A.txt"), (unicodedata.normalize("NFC", "é"), unicodedata.normalize("NFD", "é"))]
)
def test_twin_names_are_warned_of_in_a_bag_and_an_added_twin_is_extra(tmp_path, names):
    bag.write(tmp_path / "twins", dict.fromkeys(names, b"x"))
    verdict = bag.validate(tmp_path / "twins")
    assert set(verdict.paths("W705")) == {f"data/{name}" for name in names}
    bag.write(tmp_path / "one", {names[0]: b"x"})
    (tmp_path / "one" / "data" / names[1]).write_bytes(b"x")
    assert ("E708", f"data/{names[1]}") in codes(tmp_path / "one")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(made):
    (made / "data/export/case.json").chmod(0)
    assert ("E712", "data/export/case.json") in codes(made)


def test_a_final_manifest_must_list_every_file(made):
    for name in ("manifest-sha256.txt",):
        text = (made / name).read_text().splitlines(keepends=True)
        (made / name).write_text("".join(text[1:]))
    assert ("E711", "data/export/case.json") in codes(made)


def test_the_same_name_twice_is_an_error_in_a_final_bag_and_a_warning_in_a_draft(tmp_path):
    twice = f"{HELLO}  data/hello.txt\n" * 2
    assert ("E705", "manifest-sha256.txt") in codes(draft(tmp_path / "final", twice, version="1.0"))
    assert bag.validate(draft(tmp_path / "old", twice)).is_valid
    assert ("E705", "manifest-sha256.txt") in codes(
        draft(tmp_path / "other", f"{HELLO}  data/hello.txt\n{'0' * 64}  data/hello.txt\n")
    )


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "data/../../x", "~/x", "~root/x", r"C:\x", r"\\?\UNC\x", r"data\..\..\x", "%HomeDrive%\\x"],
)
def test_a_path_that_leaves_the_bag_is_refused_on_every_system(tmp_path, path):
    folder = draft(tmp_path, f"{HELLO}  data/hello.txt\n{HELLO}  {path}\n")
    assert ("E706", "manifest-sha256.txt") in codes(folder)


def test_what_drafts_allowed_is_a_warning(tmp_path):
    verdict = bag.validate(draft(tmp_path, f"{HELLO} *./data/hello.txt\r\n"))
    assert verdict.is_valid
    assert {"W701", "W702"} <= {finding.code for finding in verdict.findings}


@pytest.mark.parametrize(
    "raw",
    [
        b"BagIt-Version : 1.0\nTag-File-Character-Encoding : UTF-8\n",
        b"BagIt-Version: 1.0\n",
        b"BagIt-Version: one\nTag-File-Character-Encoding: UTF-8\n",
        b"\xef\xbb\xbfBagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nmore\n",
    ],
)
def test_bagit_txt_is_exactly_two_lines(raw):
    with pytest.raises(tagfiles.Malformed):
        tagfiles.declaration(raw)


def test_tag_files_in_another_encoding_are_read(tmp_path):
    folder = draft(tmp_path, "")
    (folder / "bagit.txt").write_bytes(b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-16\n")
    (folder / "manifest-sha256.txt").write_bytes(f"{HELLO}  data/hello.txt\n".encode("utf-16"))
    assert bag.validate(folder).is_valid


@pytest.mark.parametrize("encoding", ["no-such", "hex", "rot13", "undefined"])
def test_an_encoding_that_is_none_of_text_is_named(made, encoding):
    (made / "bagit.txt").write_bytes(f"BagIt-Version: 1.0\nTag-File-Character-Encoding: {encoding}\n".encode())
    assert codes(made) == {("E714", "bagit.txt")}


@pytest.mark.parametrize(
    "line",
    [
        b"{0}\tdata/export/case.json\n",
        b"{0} data/export/case.json\n",
        b"{0}   data/export/case.json\n",
        b"{1}  data/export/case.json\n",
        b"{0}  data/export/case.json\r\n",
    ],
)
def test_a_manifest_written_otherwise_says_the_same(made, line):
    known = {name: hashlib.new(name, b"{}\n").hexdigest() for name in bag.ALGORITHMS}
    for name, digest in known.items():
        path, old = made / f"manifest-{name}.txt", f"{digest}  data/export/case.json\n".encode()
        new = line.replace(b"{0}", digest.encode()).replace(b"{1}", digest.upper().encode())
        path.write_bytes(path.read_bytes().replace(old, new))
        (made / f"tagmanifest-{name}.txt").unlink()
    assert codes(made) == {("W712", "tagmanifest-sha512.txt")}


def test_a_fetch_list_must_be_complete_and_inside(tmp_path):
    folder = draft(tmp_path, f"{HELLO}  data/hello.txt\n{HELLO}  data/far.txt\n")
    (folder / "fetch.txt").write_text("https://example.org - data/far.txt\nhttps://example.org - /elsewhere/x\n")
    assert {("E717", "data/far.txt"), ("E706", "fetch.txt")} <= codes(folder)


def test_no_bag_at_all_is_one_sentence(tmp_path):
    assert codes(tmp_path) == {("E701", "bagit.txt")}
    assert codes(tmp_path / "nowhere") == {("E701", "bagit.txt")}


def test_an_unknown_algorithm_alone_proves_nothing(tmp_path):
    folder = draft(tmp_path, f"{HELLO}  data/hello.txt\n")
    (folder / "manifest-sha256.txt").rename(folder / "manifest-foo.txt")
    assert {("W707", "manifest-foo.txt"), ("E703", "manifest-sha512.txt")} <= codes(folder)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 1 << 20, (1 << 20) + 65_536, 3_000_001])
def test_digests_of_any_size_are_those_of_hashlib(tmp_path, size):
    content = bytes(range(256)) * (size // 256 + 1)
    (tmp_path / "x").write_bytes(content[:size])
    expected = tuple(hashlib.new(name, content[:size]).hexdigest() for name in bag.ALGORITHMS)
    assert digests.of_file(tmp_path / "x", bag.ALGORITHMS) == expected
    assert digests.copy(tmp_path / "x", tmp_path / "y", bag.ALGORITHMS) == (expected, size)


def test_a_line_break_cannot_forge_a_label():
    with pytest.raises(ValueError, match="line break"):
        tagfiles.info_text((("A", "x\nRetention-Code: Y"),))


def test_many_files_come_back_in_order_over_threads(tmp_path):
    names = [f"f{number:04d}" for number in range(300)]
    for name in names:
        (tmp_path / name).write_bytes(name.encode())
    found = list(digests.of_files(tmp_path, [*names, "gone"], ("sha256",), jobs=3))
    assert [path for path, _ in found] == [*names, "gone"]
    assert isinstance(found[-1][1], OSError)
    assert found[7][1] == (hashlib.sha256(b"f0007").hexdigest(),)
