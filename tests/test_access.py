"""第十六条: three kinds of requester, each by its rule; nothing is lent out; the log tells nothing about a person."""

import shutil

import pytest

from formgen.keep import access, chain, holds
from formgen.keep.access import Request
from formgen.messages import FormgenError
from tests import dossiers
from tests.dossiers import AT

NUMBER = "J045-WS·2026-D10-KN-0001"


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(2))[0]


def asked(repo, **facts):
    return [f.code for f in access.ask(repo, Request(**{"number": NUMBER, "kind": "union", **facts}), at=AT)]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"unit": "区总工会", "purpose": "复核"}, []),
        ({"unit": "区总工会"}, ["E746"]),
        ({"kind": "worker", "is_identified": True}, []),
        ({"kind": "worker"}, ["E742"]),
        ({"kind": "outside", "unit": "某法院", "purpose": "取证", "approval": "示工函1号"}, []),
        ({"kind": "outside", "unit": "某法院", "purpose": "取证"}, ["E743"]),
        ({"unit": "区总工会", "purpose": "复核", "is_lending": True}, ["E741"]),
        ({"number": "J045-WS·2026-D10-KN-0099", "unit": "a", "purpose": "b"}, ["E744"]),
    ],
)
def test_each_requester_has_a_rule_and_every_request_is_logged(repo, facts, codes):
    assert asked(repo, **facts) == codes
    (entry,) = chain.entries(repo.log("access"))
    assert entry["event"] == ("拒绝" if codes else "准予查阅")


def test_a_text_with_a_number_of_a_person_is_refused_and_not_logged(repo):
    assert asked(repo, unit="区总工会", purpose=f"查 {dossiers.ID}") == ["E745"]
    assert dossiers.ID not in repo.log("access").read_text("utf-8")


def opened(repo, room):
    assert asked(repo, kind="worker", is_identified=True, is_opening=True) == []
    return access.open_copy(repo, NUMBER, room, at=AT)


def test_a_copy_is_read_and_wiped_and_stays_open_until_then(repo, tmp_path):
    folder = opened(repo, tmp_path / "room")
    assert (folder / "data/export/case.json").exists()
    assert [entry["档号"] for entry in access.unfinished(repo)] == [NUMBER]
    access.close_copy(repo, NUMBER, tmp_path / "room", at=AT)
    assert list((tmp_path / "room").iterdir()) == [] and access.unfinished(repo) == ()


def test_of_two_readings_each_is_ended_by_itself(repo, tmp_path):
    one, two = opened(repo, tmp_path / "a"), opened(repo, tmp_path / "b")
    access.close_copy(repo, NUMBER, tmp_path / "b", at=AT)
    assert (one.exists(), two.exists()) == (True, False)
    assert [entry["seq"] for entry in access.unfinished(repo)] == [1]


def test_a_reading_on_the_spot_and_one_that_could_not_be_opened_leave_nothing_out(repo, tmp_path):
    asked(repo, kind="worker", is_identified=True)
    opened(repo, tmp_path / "a")
    with pytest.raises(FormgenError):
        opened(repo, tmp_path / "a")
    assert [entry["seq"] for entry in access.unfinished(repo)] == [2]


def test_a_copy_that_cannot_be_deleted_is_still_out(repo, tmp_path):
    folder = opened(repo, tmp_path / "room")
    shutil.rmtree(folder)
    folder.write_text("not a folder")
    with pytest.raises(FormgenError):
        access.close_copy(repo, NUMBER, tmp_path / "room", at=AT)
    assert [entry["档号"] for entry in access.unfinished(repo)] == [NUMBER]
    folder.unlink()  # gone by hand: the reading can be ended
    access.close_copy(repo, NUMBER, tmp_path / "room", at=AT)
    assert access.unfinished(repo) == ()


def test_only_a_reading_copy_is_deleted(repo, tmp_path):
    shutil.copytree(repo.bag(NUMBER), tmp_path / "carrier" / repo.bag(NUMBER).name)
    with pytest.raises(FormgenError) as told:
        access.close_copy(repo, NUMBER, tmp_path / "carrier", at=AT)
    assert told.value.finding.code == "E785" and (tmp_path / "carrier" / repo.bag(NUMBER).name).exists()


def test_closing_never_deletes_the_archive_itself(repo):
    with pytest.raises(FormgenError):
        access.close_copy(repo, NUMBER, repo.year(2026), at=AT)
    assert repo.bag(NUMBER).exists()


def test_a_damaged_bag_is_not_shown(repo, tmp_path):
    (repo.bag(NUMBER) / "data/export/case.json").write_text("{}")
    with pytest.raises(FormgenError):
        access.open_copy(repo, NUMBER, tmp_path / "room", at=AT)


def test_a_bag_that_is_not_there_is_told_as_lost_and_not_as_damaged(repo, tmp_path):
    shutil.rmtree(repo.bag(NUMBER))
    with pytest.raises(FormgenError) as told:
        access.open_copy(repo, NUMBER, tmp_path / "room", at=AT)
    assert told.value.finding.code == "E730"


def test_a_hold_stands_until_it_is_released(repo):
    assert holds.add(repo, NUMBER, reason="诉讼", by="工号07", at=AT) == ()
    assert holds.current(repo) == {NUMBER: "诉讼"}
    assert holds.release(repo, NUMBER, reason="结案", by="工号07", at=AT) == ()
    assert holds.current(repo) == {}
    assert [f.code for f in holds.release(repo, NUMBER, reason="x", by="y", at=AT)] == ["E747"]
    assert [f.code for f in holds.add(repo, "J045-WS·2026-D10-KN-0099", reason="x", by="y", at=AT)] == ["E744"]
