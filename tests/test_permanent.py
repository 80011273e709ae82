"""Papers that stay for ever and tombstones are logged with their digests, and a full verification looks for each."""

from datetime import date

import pytest

from formgen.keep import account, chain, disposal, execution, handover, permanent, receipts, verify
from tests import dossiers
from tests.dossiers import AT, without_office  # noqa: F401

ON = date(2036, 11, 21)
NUMBER = "J045-WS·2026-D10-KN-0001"


@pytest.fixture
def repo(tmp_path):
    """A repository whose first dossier of two was destroyed and whose keeper left."""
    held = dossiers.repository(tmp_path / "repo", dossiers.several(2))[0]
    number, _ = disposal.propose(held, (NUMBER,), by="工号07", opinion="销毁", on=ON, at=AT)
    disposal.approve(held, number, by="工号02", decision="9号", at=AT)
    execution.execute(held, number, witnesses=("工号03", "工号05"), paper_confirmed=True, on=ON, at=AT)
    handover.make(held, giver="工号07", taker="工号12", witness="主任", matters="", on=ON, at=AT)
    return held


def found(repo, level="full"):
    return [(f.code, f.place.file) for f in verify.repository(repo, level, verify.Watch(at=AT)).findings]


def papers(repo):
    return sorted([*repo.receipts.iterdir(), *(repo.register / "tombstones").iterdir()])


def test_every_paper_and_every_tombstone_is_logged_with_its_digest(repo):
    lines = list(chain.entries(repo.log("papers")))
    assert [line["event"] for line in lines] == [permanent.ISSUED] * 3
    assert sorted(name for line in lines for name in line["文件"]) == sorted(
        path.relative_to(repo.root).as_posix() for path in papers(repo)
    )
    assert found(repo) == []


def test_each_that_is_lost_and_each_that_is_changed_is_named(repo):
    for path in papers(repo):
        name, content = path.relative_to(repo.root).as_posix(), path.read_bytes()
        path.write_bytes(content + b" ")
        assert found(repo) == [("E948", name)]
        path.unlink()
        assert found(repo) == [("E947", name)]
        path.write_bytes(content)
    assert found(repo) == []


def test_a_line_taken_out_of_their_log_is_told(repo):
    log = repo.log("papers")
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[1:]))
    assert {code for code, _ in found(repo)} == {"E734", "E735"}


def test_the_number_of_a_paper_that_was_lost_is_not_given_again(repo):
    for path in repo.receipts.glob("handover-*"):
        path.unlink()
    assert receipts.number(repo, "handover", ON) == "handover-20361121-02"


def test_there_may_be_more_than_a_hundred_papers_of_a_kind_on_a_day(tmp_path):
    repo, _ = dossiers.repository(tmp_path / "repo", [])
    lines = (
        {"at": AT, "event": permanent.ISSUED, "单号": f"receive-20361121-{n:02d}", "文件": {}} for n in range(1, 100)
    )
    chain.append(repo.log("papers"), *lines)
    assert receipts.number(repo, "receive", ON) == "receive-20361121-100"


@pytest.mark.parametrize(("harm", "code"), [("lost", "E947"), ("changed", "E948")])
def test_an_account_of_a_verification_is_looked_at_too(repo, harm, code):
    path, _ = account.keep(repo, verify.repository(repo, "quick", verify.Watch(at=AT)), at=AT)
    assert found(repo) == []
    if harm == "lost":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")
    assert found(repo) == [(code, f"_register/reports/{path.name}")]
