"""Archives change hands whole or not at all, with a list both sides check and papers both sides sign."""

import io
import json
import shutil
from datetime import date

import pytest
from docx import Document

from formgen import bag
from formgen.keep import chain, handover, proof, register, transfer, verify
from formgen.keep.repository import Repository
from tests import dossiers
from tests.dossiers import AT, tree, without_office  # noqa: F401

ON = date(2026, 11, 21)


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(2))[0]


def sent(repo, target):
    entries = tuple(register.load(repo.register / "numbers.csv"))
    return transfer.send(
        repo, entries, target, sender="甲厂工会", receiver="乙街道工会", reason="单位撤销", on=ON, at=AT
    )


def received(tmp_path, folder):
    other = Repository(tmp_path / "other")
    other.register.mkdir(parents=True, exist_ok=True)
    return other, transfer.receive(other, folder, on=ON, at=AT)


def words(path):
    document = Document(io.BytesIO(path.read_bytes()))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def test_what_is_received_is_what_was_sent(repo, tmp_path):
    packed = sent(repo, tmp_path / "disk")
    other, done = received(tmp_path, packed.folder)
    assert done.findings == ()
    assert tree(repo.year(2026)) == tree(other.year(2026))
    assert verify.repository(other, "full", verify.Watch(at=AT)).is_ok
    assert [e.number for e in register.load(other.register / "numbers.csv")] == [
        e.number for e in register.load(repo.register / "numbers.csv")
    ]
    events = [[entry["event"] for entry in chain.entries(r.log("custody"))][-1] for r in (repo, other)]
    assert events == ["移交", "接收"]


def test_the_form_comes_in_two_originals_with_the_tests_of_both_sides(repo, tmp_path):
    packed = sent(repo, tmp_path / "disk")
    _, done = received(tmp_path, packed.folder)
    forms = [path for path in done.papers if path.name.endswith(("-1.docx", "-2.docx"))]
    assert len(forms) == 2
    text = words(forms[0])
    for expected in ("电子档案移交与接收登记表", "甲厂工会", "乙街道工会", "准确性", "载体外观", "监交人", "2 卷"):
        assert expected in text
    assert text.count("不合格") == 8


@pytest.mark.parametrize("harm", ["change", "lose", "add", "swap"])
def test_a_damaged_transfer_is_not_taken_in_at_all(repo, tmp_path, harm):
    folder = sent(repo, tmp_path / "disk").folder
    one, two = sorted(p for p in folder.iterdir() if p.is_dir())
    if harm == "change":
        (one / "data/export/case.json").write_text("{}")
    elif harm == "lose":
        shutil.rmtree(two)
    elif harm == "add":
        shutil.copytree(one, folder / "J045-WS.2026-D10-KN-0009")
    else:
        shutil.rmtree(one)
        bag.write(one, {"x": b"y"})
    other, done = received(tmp_path, folder)
    assert done.findings and not other.years() and not done.papers


def test_the_same_transfer_is_not_taken_in_twice(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    received(tmp_path, folder)
    assert {f.code for f in received(tmp_path, folder)[1].findings} == {"E749"}


def test_a_changed_bag_is_not_sent(repo, tmp_path):
    path = next(iter(repo.bags(2026))) / proof.TOP
    path.write_bytes(path.read_bytes() + b"\n")
    packed = sent(repo, tmp_path / "disk")
    assert packed.findings and not packed.folder.exists()


def test_the_hand_over_names_what_there_is_and_what_is_open(repo):
    number, papers = handover.make(repo, giver="工号07", taker="工号12", witness="主任", matters="无", on=ON, at=AT)
    text = words(next(path for path in papers if path.suffix == ".docx"))
    for expected in ("档案交接清单", "工号07", "工号12", "主任", "从未验证", "custody.jsonl"):
        assert expected in text
    facts = json.loads(next(path for path in papers if path.suffix == ".json").read_bytes())
    assert facts["清单"][0]["卷"] == 2
    last = list(chain.entries(repo.log("custody")))[-1]
    assert last["单号"] == number and "工号07" not in json.dumps(last, ensure_ascii=False)
