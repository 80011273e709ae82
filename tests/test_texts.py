"""Logs and papers name who and why: a text that is blank or tells a number of a person is refused before any change."""

import shutil
from datetime import date

import pytest

from formgen.keep import disposal, export, handover, holds, register, texts, transfer
from formgen.messages import MaterialError
from formgen.model import Place
from tests import dossiers
from tests.dossiers import AT, tree, without_office  # noqa: F401

ON = date(2036, 11, 21)
NUMBER = "J045-WS·2026-D10-KN-0001"
BLANK = ("", " ", "　", "\u200b", "——")
PHONE = "找 138 0000 0001"


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(2))[0]


def held(repo, **said):
    return holds.add(repo, NUMBER, **{"reason": "诉讼", "by": "工号07", "at": AT, **said})


def extended(repo, **said):
    return disposal.extend(repo, NUMBER, date(2050, 1, 1), **{"reason": "典型", "by": "工号07", "at": AT, **said})


def proposed(repo, **said):
    return disposal.propose(repo, [NUMBER], **{"by": "工号07", "opinion": "销毁", "on": ON, "at": AT, **said})[1]


def exported(repo, **said):
    entries = tuple(register.load(repo.register / "numbers.csv"))
    out = repo.root.parent / "out"
    return export.write_all(repo, entries, out, **{"by": "工号07", "reason": "进馆", "at": AT, **said}).findings


def sent(repo, **said):
    entries = tuple(register.load(repo.register / "numbers.csv"))
    given = {"sender": "甲厂工会", "receiver": "乙街道工会", "reason": "单位撤销", **said}
    return transfer.send(repo, entries, repo.root.parent / "out", on=ON, at=AT, **given).findings


ASKED = {
    held: ("reason", "by"),
    extended: ("reason", "by"),
    proposed: ("by",),
    exported: ("by", "reason"),
    sent: ("sender", "receiver", "reason"),
}


def refused(repo, act, **said):
    """The codes an act is refused with, after which every byte of the repository is as it was."""
    before = tree(repo.root)
    found = act(repo, **said)
    assert tree(repo.root) == before and not (repo.root.parent / "out").exists()
    return {finding.code for finding in found}


@pytest.mark.parametrize(("text", "code"), [*((blank, "E940") for blank in BLANK), (PHONE, "E745")])
@pytest.mark.parametrize(("act", "name"), [(act, name) for act, names in ASKED.items() for name in names])
def test_who_and_why_must_be_said_without_a_number_of_a_person(repo, act, name, text, code):
    assert code in refused(repo, act, **{name: text})


@pytest.mark.parametrize("text", BLANK)
def test_a_list_is_not_approved_by_nobody_nor_by_no_document(repo, text):
    number, _ = disposal.propose(repo, [NUMBER], by="工号07", opinion="销毁", on=ON, at=AT)

    def approved(repo, **said):
        return disposal.approve(repo, number, at=AT, **said)

    assert refused(repo, approved, by=text, decision="9号") == {"E940"}
    assert refused(repo, approved, by="工号02", decision=text) == {"E759"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        *(({"taker": blank}, "E940") for blank in BLANK),
        ({"taker": "工号０７"}, "E922"),
        ({"witness": " 工号 12"}, "E922"),
        ({"witness": dossiers.ID}, "E745"),
        ({"matters": PHONE}, "E745"),
    ],
)
def test_a_hand_over_names_three_persons_and_none_by_a_private_number(repo, changes, code):
    def made(repo, **said):
        with pytest.raises(MaterialError) as told:
            handover.make(repo, on=ON, at=AT, **said)
        return (told.value.finding, *told.value.more)

    said = {"giver": "工号07", "taker": "工号12", "witness": "主任", "matters": "", **changes}
    assert refused(repo, made, **said) == {code}


@pytest.mark.parametrize("act", [proposed, exported, sent])
def test_a_bag_that_is_lost_is_told_as_lost(repo, act):
    shutil.rmtree(repo.bag(NUMBER))
    assert refused(repo, act) == {"E730"}


def test_the_option_that_is_blank_is_named_each_and_a_private_number_once():
    found = texts.refusals(Place(), {"by": " ", "reason": PHONE}, PHONE)
    assert [(f.code, f.values.get("option")) for f in found] == [("E940", "--by"), ("E745", None)]
