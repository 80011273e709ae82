"""Archives change hands whole or not at all, with a list both sides check and papers both sides sign."""

import hashlib
import io
import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from docx import Document

from formgen import bag
from formgen.keep import chain, disposal, handover, holds, proof, receipts, register, transfer, verify
from formgen.keep.dossier import File, Paper
from formgen.keep.repository import Repository
from formgen.messages import MaterialError
from tests import dossiers
from tests.dossiers import AT, tree, without_office  # noqa: F401

ON = date(2026, 11, 21)
FIRST = "J045-WS·2026-D10-KN-0001"


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(2))[0]


def sent(repo, target, entries=()):
    entries = entries or tuple(register.load(repo.register / "numbers.csv"))
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


def edited(folder, **changes):
    """The list edited, and the manifest beside it as somebody would who knows of it."""
    path, manifest = folder / transfer.LIST, folder / transfer.MANIFEST
    before, facts = path.read_bytes(), json.loads(path.read_bytes())
    for name, value in changes.items():
        (facts if name in facts else facts["档案"][0])[name] = value
    path.write_bytes(receipts.facts_text(facts))
    old, new = (hashlib.sha256(raw).hexdigest() for raw in (before, path.read_bytes()))
    manifest.write_text(manifest.read_text().replace(old, new))
    return old


def test_a_list_changed_on_the_way_is_refused(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    path = folder / transfer.LIST
    path.write_bytes(path.read_bytes().replace("甲厂工会".encode(), "丙厂工会".encode()))
    with pytest.raises(MaterialError) as told:
        received(tmp_path, folder)
    assert told.value.finding.code == "E709"


@pytest.mark.parametrize("change", [{"到期日": "2027-01-01"}, {"撤档日期": "2025-11-20"}])
def test_days_that_the_bag_says_otherwise_are_refused(repo, tmp_path, change):
    folder = sent(repo, tmp_path / "disk").folder
    edited(folder, **change)
    other, done = received(tmp_path, folder)
    assert [f.code for f in done.findings] == ["E753"] and not other.years()


def test_a_bag_that_the_carrier_lost_is_told_as_such(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    shutil.rmtree(next(p for p in folder.iterdir() if p.is_dir()))
    assert [f.code for f in received(tmp_path, folder)[1].findings] == ["E949"]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"件数": "x"}, "档案[1].件数"),
        ({"字节数": None}, "档案[1].字节数"),
        ({"档号": "../../etc"}, "档案[1].档号"),
        ({"到期日": "2036-13-01"}, "档案[1].到期日"),
        ({"包摘要": ""}, "档案[1].包摘要"),
        ({"承接档号": "无"}, "档案[1].承接档号"),
        ({"暂停销毁": dossiers.ID}, "档案[1].暂停销毁"),
        ({"移交单位": dossiers.ID}, "移交单位"),
        ({"移交日期": "昨天"}, "移交日期"),
        ({"移交方检验": None}, "移交方检验"),
        ({"档案": []}, "档案"),
        ({"档案": ["x"]}, "档案[1]"),
    ],
)
def test_a_list_that_cannot_be_is_refused_before_anything_is_copied(repo, tmp_path, change, where):
    folder = sent(repo, tmp_path / "disk").folder
    edited(folder, **change)
    with pytest.raises(MaterialError) as told:
        received(tmp_path, folder)
    assert (told.value.finding.code, told.value.finding.values) == ("E942", {"where": where})
    assert not (tmp_path / "other" / "2026").exists() and not (tmp_path / "other" / "_receipts").exists()


def test_a_row_that_stands_twice_and_a_key_that_is_gone_are_named(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    rows = json.loads((folder / transfer.LIST).read_bytes())["档案"]
    del rows[0]["件数"]
    edited(folder, 档案=[rows[0], rows[1], rows[1]])
    with pytest.raises(MaterialError) as told:
        received(tmp_path, folder)
    found = [finding.values["where"] for finding in (told.value.finding, *told.value.more)]
    assert found == ["档案[1].件数", "档案[2].档号", "档案[3].档号"]


def test_a_bag_of_which_the_register_says_other_days_is_not_sent(repo, tmp_path):
    book = register.load(repo.register / "numbers.csv")
    book.put(replace(book.get(FIRST), last_day="2030-11-20"))
    book.save()
    packed = sent(repo, tmp_path / "disk")
    assert [f.code for f in packed.findings] == ["E753"] and not packed.folder.exists()


@pytest.mark.parametrize("named", [FIRST, f"{FIRST}-S01"])
def test_a_dossier_and_its_supplement_go_together(tmp_path, named):
    first = dossiers.dossier()
    dossiers.repository(tmp_path / "repo", [first])
    added = Paper(code="13", title="批文", files=(File("p01.txt", b"!"),))
    repo, _ = dossiers.repository(tmp_path / "repo", [replace(first, papers=(*first.papers, added))], supplement=True)
    one = register.load(repo.register / "numbers.csv").get(named)
    other, _ = received(tmp_path, sent(repo, tmp_path / "disk", (one,)).folder)
    assert [e.number for e in register.load(other.register / "numbers.csv")] == [FIRST, f"{FIRST}-S01"]


def test_a_hold_goes_along_and_keeps_the_dossier_at_the_receiver(repo, tmp_path):
    holds.add(repo, FIRST, reason="诉讼未结", by="工号07", at=AT)
    packed = sent(repo, tmp_path / "disk")
    assert "诉讼未结" in words(next(path for path in packed.papers if path.name.endswith("-list.docx")))
    other, _ = received(tmp_path, packed.folder)
    assert holds.current(other) == {FIRST: "诉讼未结"}
    (line,) = chain.entries(other.log("holds"))
    assert (line["event"], line["经办"]) == (holds.SET, "接收")
    assert [d.state for d in disposal.due(other, date(2040, 1, 1))] == ["暂停销毁", "到期可鉴定"]


def test_what_a_dossier_continues_goes_along(tmp_path):
    early = dossiers.dossier(withdrawn=date(2025, 3, 1), applied_on=date(2024, 3, 1), filed_on=date(2024, 4, 1))
    repo, _ = dossiers.repository(tmp_path / "repo", [early, dossiers.dossier()])
    other, _ = received(tmp_path, sent(repo, tmp_path / "disk").folder)
    assert register.load(other.register / "numbers.csv").get(FIRST).continues == FIRST.replace("2026", "2025")


def test_the_printed_digest_tells_a_false_sender(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    printed = edited(folder, 移交单位="丙厂工会")[:16].upper()
    other = Repository(tmp_path / "other")
    other.register.mkdir(parents=True)
    done = transfer.receive(other, folder, on=ON, at=AT, printed=printed)
    assert [f.code for f in done.findings] == ["E716"] and not other.years()


def test_a_longer_period_goes_along_and_the_receiver_can_dispose_after_it(repo, tmp_path):
    number = "J045-WS·2026-D10-KN-0001"
    assert disposal.extend(repo, number, date(2040, 1, 1), reason="仍有价值", by="工号07", at=AT) == ()
    other, done = received(tmp_path, sent(repo, tmp_path / "disk").folder)
    assert done.findings == ()
    entry = register.load(other.register / "numbers.csv").get(number)
    assert (entry.last_day, entry.extended_to) == ("2036-11-20", "2040-01-01")
    assert verify.repository(other, "full", verify.Watch(at=AT)).is_ok
    assert [d.state for d in disposal.due(other, date(2040, 1, 1))] == ["未到期", "到期可鉴定"]
    assert disposal.refusals(other, entry, number, {}, date(2040, 1, 2)) == ()


def test_a_taking_that_was_interrupted_is_taken_up(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    other = Repository(tmp_path / "other")
    one = min(p for p in folder.iterdir() if p.is_dir())
    shutil.copytree(one, other.year(2026) / one.name)
    assert received(tmp_path, folder)[1].findings == ()
    assert tree(repo.year(2026)) == tree(other.year(2026))


def test_a_bag_that_lies_there_unregistered_is_not_written_over(repo, tmp_path):
    folder = sent(repo, tmp_path / "disk").folder
    other = Repository(tmp_path / "other")
    one = min(p for p in folder.iterdir() if p.is_dir())
    bag.write(other.year(2026) / one.name, {"x": b"y"})
    assert [f.code for f in received(tmp_path, folder)[1].findings] == ["E731"]


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
