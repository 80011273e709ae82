"""Encrypted copies need two recipients, open for each of them, and die with the key of their year."""

from datetime import date

import pytest

from formgen import bag
from formgen.bag import digests
from formgen.keep import access, copies, disposal, execution, proof, sealing, verify
from formgen.messages import FormgenError, MaterialError
from tests import dossiers
from tests.dossiers import AT, tree, without_office  # noqa: F401

pyrage = pytest.importorskip("pyrage")
NUMBER = "J045-WS·2026-D10-KN-0001"


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(1))[0]


@pytest.fixture
def people(tmp_path):
    made = []
    for name in ("keeper", "union"):
        identity = pyrage.x25519.Identity.generate()
        (tmp_path / f"{name}.key").write_text(f"# a comment\n{identity}\n")
        (tmp_path / f"{name}.pub").write_text(f"{identity.to_public()}\n")
        made.append(tmp_path / f"{name}.key")
    return made


def sealed(repo, people):
    keys = sealing.recipients([str(path.with_suffix(".pub")) for path in people])
    return sealing.seal(repo, 2026, repo.bag(NUMBER), sealing.year_key(repo, 2026, keys))


def test_one_recipient_is_refused(people):
    one = people[0].with_suffix(".pub").read_text().strip()
    for given in ([], [one], [one, one], [one, "not a key"]):
        with pytest.raises(FormgenError):
            sealing.recipients(given)


def test_each_recipient_alone_can_open_it_and_gets_the_same_bag(repo, people, tmp_path):
    copy = sealed(repo, people)
    for at, key in enumerate(people):
        opened = access.open_copy(repo, NUMBER, tmp_path / f"room{at}", at=dossiers.AT, identity=key)
        assert bag.validate(opened).is_valid
        assert tree(opened) == tree(repo.bag(NUMBER))
        assert proof.digest(opened) == copy.plain


def test_the_inside_is_deterministic_though_the_outside_is_not(repo, people):
    assert sealing.tar(repo.bag(NUMBER)) == sealing.tar(repo.bag(NUMBER))
    assert sealed(repo, people).digest != sealed(repo, people).digest


def test_a_changed_or_truncated_copy_and_a_wrong_key_do_not_open(repo, people, tmp_path):
    path = sealed(repo, people).path
    whole = path.read_bytes()
    stranger = tmp_path / "stranger.key"
    stranger.write_text(str(pyrage.x25519.Identity.generate()))
    for content, key in ((whole[:-1], people[0]), (whole[:200] + b"x" + whole[201:], people[0]), (whole, stranger)):
        path.write_bytes(content)
        with pytest.raises(FormgenError):
            sealing.open_copy(repo, 2026, path, key, tmp_path / "room")


def test_the_list_of_copies_has_their_digests(repo, people):
    copy = sealed(repo, people)
    sealing.list_copies(repo, 2026)
    assert (repo.sealed(2026) / sealing.LIST).read_text() == f"{copy.digest}  {copy.path.name}\n"
    assert digests.of_file(copy.path, ("sha256",)) == (copy.digest,)


def test_a_year_keeps_the_recipients_it_began_with(repo, people):
    sealed(repo, people)
    others = [str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2)]
    with pytest.raises(FormgenError):
        sealing.year_key(repo, 2026, others)


def copied(repo, people):
    """The keys of the people after copies were made and logged as the command makes them."""
    keys = sealing.recipients([str(path.with_suffix(".pub")) for path in people])
    copies.make(repo, keys, AT)
    return keys


def found(repo):
    result = verify.repository(repo, "full", verify.Watch(at=AT))
    return [(f.code, f.place.file) for f in result.findings]


def only_copy(repo):
    (path,) = sealing.copies(repo, 2026)
    return path


def test_verification_names_a_changed_and_a_lost_copy(repo, people):
    copied(repo, people)
    path, place = only_copy(repo), f"2026/_sealed/{only_copy(repo).name}"
    assert found(repo) == []
    path.write_bytes(path.read_bytes()[:-1])
    assert found(repo) == [("E709", place)]
    path.unlink()
    assert found(repo) == [("E707", place)]


def test_verification_names_a_foreign_copy_even_where_the_list_was_made_to_fit(repo, people):
    copied(repo, people)
    path = only_copy(repo).with_name("J045-WS.2026-D10-KN-0009.tar.age")
    path.write_bytes(b"age")
    sealing.list_copies(repo, 2026)
    assert found(repo) == [("E945", f"2026/_sealed/{path.name}")]


@pytest.mark.parametrize("text", ["", "0000  x\n", "\xff garbage\n"])
def test_verification_names_a_list_that_was_edited(repo, people, text):
    copied(repo, people)
    (repo.sealed(2026) / sealing.LIST).write_bytes(text.encode("latin-1"))
    assert ("E709", f"2026/_sealed/{sealing.LIST}") in found(repo)


def test_verification_names_a_list_that_is_lost_and_the_next_run_makes_it_again(repo, people):
    keys = copied(repo, people)
    (repo.sealed(2026) / sealing.LIST).unlink()
    assert found(repo) == [("E946", f"2026/_sealed/{sealing.LIST}")]
    assert copies.make(repo, keys, AT) == 0
    assert found(repo) == []


@pytest.mark.parametrize("name", ["2026.pub", "2026.key.age", "2026.recipients"])
def test_a_key_that_is_not_whole_is_told_and_never_made_anew_beside_copies(repo, people, name):
    keys = copied(repo, people)
    (repo.register / "keys" / name).unlink()
    assert found(repo) == [("E944", "_register/keys")]
    before = tree(repo.root)
    dossiers.repository(repo.root, dossiers.several(2))
    with pytest.raises(FormgenError) as told:
        copies.make(repo, keys, AT)
    assert (told.value.finding.code, told.value.finding.values["files"]) == ("E944", name)
    assert {path: before[path] for path in before if "_sealed" in path or "keys" in path} == {
        path: content for path, content in tree(repo.root).items() if "_sealed" in path or "keys" in path
    }


def test_a_key_that_is_lost_whole_is_not_replaced_while_its_copies_are_there(repo, people):
    keys = copied(repo, people)
    for path in (repo.register / "keys").iterdir():
        path.unlink()
    with pytest.raises(FormgenError) as told:
        sealing.year_key(repo, 2026, keys)
    assert told.value.finding.code == "E944"


def test_a_copy_that_an_interrupted_run_did_not_log_is_made_again(repo, people):
    path = sealed(repo, people).path
    before = path.read_bytes()
    copied(repo, people)
    assert path.read_bytes() != before and found(repo) == []


def test_a_file_of_bytes_is_no_key(repo, people, tmp_path):
    (tmp_path / "scan.png").write_bytes(bytes(range(256)))
    for given in (str(tmp_path / "scan.png"), "x" * 5000, "age1" + "q" * 58):
        with pytest.raises(MaterialError) as told:
            sealing.recipients([given, str(people[0].with_suffix(".pub")), str(people[1].with_suffix(".pub"))])
        assert told.value.finding.code == "E775"
    copied(repo, people)
    with pytest.raises(MaterialError) as told:
        sealing.open_copy(repo, 2026, only_copy(repo), tmp_path / "scan.png", tmp_path / "room")
    assert told.value.finding.code == "E778"


def test_a_tar_that_reaches_outside_is_refused(tmp_path):
    import io
    import tarfile

    for name, kind in (("../x", tarfile.REGTYPE), ("/x", tarfile.REGTYPE), ("x", tarfile.SYMTYPE)):
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w") as made:
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            made.addfile(entry)
        with pytest.raises(FormgenError):
            sealing.untar(held.getvalue(), tmp_path / "room")


def test_destroying_the_last_dossier_of_a_year_destroys_its_copies_and_key(repo, people):
    copy = sealed(repo, people)
    on = date(2036, 11, 21)
    number, _ = disposal.propose(repo, (NUMBER,), by="工号07", opinion="销毁", on=on, at=AT)
    disposal.approve(repo, number, by="工号02", decision="9号", at=AT)
    done = execution.execute(repo, number, witnesses=("a", "b"), paper_confirmed=True, on=on, at=AT)
    assert done.keys == (2026,)
    assert not copy.path.exists() and not sealing.has_key(repo, 2026)
