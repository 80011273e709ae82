"""Nothing is destroyed early, on hold, changed, unapproved or by one person; a crash in the middle is taken up."""

import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from click.testing import CliRunner

from formgen.cli.disposal import command
from formgen.keep import chain, disposal, execution, holds, period, register, retention, verify, yearly
from formgen.keep.dossier import File, Paper
from formgen.keep.register import DESTROYED
from formgen.keep.repository import Repository
from formgen.messages import FormgenError
from tests import dossiers
from tests.dossiers import AT, tree, without_office  # noqa: F401
from tests.test_transfer import words

DUE, EARLY = date(2036, 11, 21), date(2036, 11, 20)
NUMBERS = tuple(f"J045-WS·2026-D10-KN-000{n}" for n in (1, 2, 3))
SUPPLEMENT = f"{NUMBERS[0]}-S01"


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(3))[0]


def proposed(repo, numbers=NUMBERS, on=DUE, by="工号07"):
    return disposal.propose(repo, numbers, by=by, opinion="销毁", on=on, at=AT)


def approved(repo, numbers=NUMBERS):
    number, found = proposed(repo, numbers)
    assert not found
    assert disposal.approve(repo, number, by="工号02", decision="示工发9号", at=AT) == ()
    return number


def executed(repo, number, witnesses=("工号03", "工号05"), on=DUE, paper=True):
    return execution.execute(repo, number, witnesses=witnesses, paper_confirmed=paper, on=on, at=AT)


def codes(found):
    return {finding.code for finding in found}


def test_a_dossier_falls_due_the_day_after_its_last_day(repo):
    assert {d.state for d in disposal.due(repo, EARLY)} == {"未到期"}
    assert {d.state for d in disposal.due(repo, DUE)} == {"到期可鉴定"}


def test_an_open_dossier_is_never_due(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=None)])
    assert [d.state for d in disposal.due(repo, date(9999, 1, 1))] == ["未撤档"]


def test_the_whole_way_leaves_tombstones_without_a_person(repo):
    number = approved(repo)
    done = executed(repo, number)
    assert done.destroyed == NUMBERS and done.findings == ()
    assert list(repo.bags(2026)) == []
    assert {entry.state for entry in register.load(repo.register / "numbers.csv")} == {DESTROYED}
    for each in NUMBERS:
        stone = execution.tombstone(repo, each).read_text("utf-8")
        assert json.loads(stone)["清册号"] == number
        assert dossiers.NAME not in stone and dossiers.ID not in stone and "诸" not in stone
    assert verify.repository(repo, "full", verify.Watch(at=AT)).is_ok
    everything = b"".join(tree(repo.root).values())
    assert dossiers.NAME.encode() not in everything and dossiers.ID.encode() not in everything


def test_it_cannot_be_proposed_early(repo):
    assert codes(proposed(repo, on=EARLY)[1]) == {"E751"}


def test_it_cannot_be_executed_early_even_when_approved(repo):
    number = approved(repo)
    assert codes(executed(repo, number, on=EARLY).findings) == {"E751"}
    assert len(list(repo.bags(2026))) == 3


def test_a_hold_stops_the_proposal_and_an_approved_execution(repo):
    number = approved(repo)
    holds.add(repo, NUMBERS[1], reason="诉讼", by="工号07", at=AT)
    assert codes(executed(repo, number).findings) == {"E752"}
    assert len(list(repo.bags(2026))) == 3
    assert codes(proposed(repo, (NUMBERS[1],))[1]) == {"E752"}
    holds.release(repo, NUMBERS[1], reason="结案", by="工号07", at=AT)
    assert executed(repo, number).findings == ()


def test_the_proposer_cannot_approve_however_it_is_written(repo):
    number, _ = proposed(repo)
    for by in ("工号07", " 工号０７ ", "工号 07"):
        assert codes(disposal.approve(repo, number, by=by, decision="9号", at=AT)) == {"E756"}


def test_without_approval_nothing_is_destroyed(repo):
    number, _ = proposed(repo)
    assert codes(executed(repo, number).findings) == {"E763"}


@pytest.mark.parametrize(
    "witnesses",
    [(), ("工号03",), ("工号03", "工号03"), ("工号03", "工号０３"), ("a", "b", "c"), ("a", " "), ("a", "——")],
)
def test_two_different_witnesses_are_needed(repo, witnesses):
    number = approved(repo)
    assert codes(executed(repo, number, witnesses=witnesses).findings) == {"E762"}
    assert len(list(repo.bags(2026))) == 3


def test_the_paper_file_must_be_destroyed_too(repo):
    assert codes(executed(repo, approved(repo), paper=False).findings) == {"E761"}


def test_a_list_changed_after_approval_stops_everything(repo):
    number = approved(repo, NUMBERS[:2])
    path = repo.receipts / f"{number}.json"
    facts = json.loads(path.read_bytes())
    facts["包摘要"][NUMBERS[2]] = "0" * 64
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    assert codes(executed(repo, number).findings) == {"E757"}
    assert len(list(repo.bags(2026))) == 3


def test_a_log_edited_to_approve_stops_everything(repo):
    number, _ = proposed(repo)
    path = repo.log("disposal")
    path.write_bytes(path.read_bytes().replace(disposal.PROPOSED.encode(), disposal.APPROVED.encode()))
    with pytest.raises(FormgenError) as told:
        executed(repo, number)
    assert told.value.finding.code == "E787"
    assert len(list(repo.bags(2026))) == 3


@pytest.mark.parametrize("harm", ["edited", "cut", "gone", "heads"])
def test_a_hold_taken_out_of_its_log_does_not_free_a_dossier(repo, harm):
    holds.add(repo, NUMBERS[1], reason="复议中", by="工号09", at=AT)
    number = approved(repo, NUMBERS[:1])
    holds.add(repo, NUMBERS[0], reason="诉讼中", by="工号09", at=AT)
    log = repo.log("holds")
    first, second = log.read_bytes().splitlines(keepends=True)
    if harm == "edited":
        log.write_bytes(first + second.replace(holds.SET.encode(), holds.RELEASED.encode()))
    elif harm == "gone":
        log.unlink()
    else:
        log.write_bytes(first)
    if harm == "heads":
        (repo.register / chain.HEADS).unlink()
        assert codes(executed(repo, number).findings) == {"E700"}
    else:
        with pytest.raises(FormgenError):
            executed(repo, number)
    assert len(list(repo.bags(2026))) == 3


def test_what_is_gone_counts_as_destroyed_though_a_hold_stops_the_rest(repo):
    number = approved(repo)
    for event in (execution.BEGUN, execution.GONE):
        line = {"at": AT, "event": event, "清册号": number, "档号": NUMBERS[0], "监销人": ["甲", "乙"]}
        chain.append(repo.log("disposal"), line)
    shutil.rmtree(repo.bag(NUMBERS[0]))
    holds.add(repo, NUMBERS[2], reason="诉讼中", by="工号09", at=AT)
    assert codes(executed(repo, number).findings) == {"E752"}
    assert [d.state for d in disposal.due(repo, DUE)] == ["已销毁", "到期可鉴定", "暂停销毁"]
    holds.release(repo, NUMBERS[2], reason="已结", by="工号09", at=AT)
    assert executed(repo, number, witnesses=("丙", "丁")).destroyed == NUMBERS[1:]
    told = [line["监销人"] for line in disposal.story(repo, number) if "监销人" in line]
    assert ["丙", "丁"] in told


def test_what_was_destroyed_stays_destroyed_though_the_register_is_lost(repo):
    executed(repo, approved(repo, NUMBERS[:1]))
    (repo.register / "numbers.csv").unlink()
    _, again = dossiers.repository(repo.root, dossiers.several(3), at="2036-11-22T09:00:00+08:00")
    assert (again.sealed, again.refused) == ([], ["AH-0001"]) and "W723" in codes(again.findings)
    states = {e.number: e.state for e in register.load(repo.register / "numbers.csv")}
    assert states[NUMBERS[0]] == DESTROYED and verify.repository(repo, "full", verify.Watch(at=AT)).is_ok


def test_an_extension_taken_out_of_the_register_still_counts_and_is_told(repo):
    assert disposal.extend(repo, NUMBERS[0], date(2046, 1, 1), reason="仍有价值", by="工号07", at=AT) == ()
    book = register.load(repo.register / "numbers.csv")
    assert book.get(NUMBERS[0]).extended_to == "2046-01-01"
    book.put(replace(book.get(NUMBERS[0]), extended_to=""))
    book.save()
    assert codes(proposed(repo, NUMBERS[:1])[1]) == {"E751"}
    assert [d.state for d in disposal.due(repo, DUE)] == ["未到期", "到期可鉴定", "到期可鉴定"]
    assert codes(verify.repository(repo, "rolling", verify.Watch(at=AT)).findings) == {"E764"}


def test_a_bag_changed_or_replaced_is_not_destroyed(repo):
    number = approved(repo)
    (repo.bag(NUMBERS[0]) / "data/export/case.json").write_text("{}")
    assert codes(executed(repo, number).findings) == {"E748"}


def test_a_bag_that_lies_elsewhere_is_not_destroyed_by_its_link(repo, tmp_path):
    number = approved(repo)
    folder = repo.bag(NUMBERS[0])
    shutil.move(folder, tmp_path / folder.name)
    folder.symlink_to(tmp_path / folder.name)
    assert codes(executed(repo, number).findings) == {"E748"}


def test_a_register_with_an_earlier_day_does_not_fool_it(repo):
    book = register.load(repo.register / "numbers.csv")
    book.put(replace(book.get(NUMBERS[0]), withdrawn_on="2016-11-20", last_day="2026-11-20"))
    book.save()
    assert codes(proposed(repo, NUMBERS[:1], on=date(2026, 11, 21))[1]) == {"E753"}
    book.put(replace(book.get(NUMBERS[0]), withdrawn_on="2026-11-20", last_day="2025-11-20"))
    book.save()
    assert codes(proposed(repo, NUMBERS[:1], on=date(2026, 11, 21))[1]) == {"E753"}


def test_only_the_approved_dossiers_go(repo):
    executed(repo, approved(repo, NUMBERS[:1]))
    assert [folder.name[-4:] for folder in repo.bags(2026)] == ["0002", "0003"]


def with_supplement(root):
    """A repository whose first dossier of two has a supplement."""
    first, second = dossiers.several(2)
    dossiers.repository(root, [first, second])
    added = Paper(code="13", title="批文", files=(File("p01.txt", b"!"),))
    return dossiers.repository(root, [replace(first, papers=(*first.papers, added))], supplement=True)[0]


def test_supplements_go_with_their_dossier(tmp_path):
    repo = with_supplement(tmp_path)
    number = approved(repo, NUMBERS[:1])
    assert executed(repo, number).destroyed == (NUMBERS[0], SUPPLEMENT)
    assert [folder.name[-4:] for folder in repo.bags(2026)] == ["0002"]


@pytest.mark.parametrize("named", [NUMBERS[0], SUPPLEMENT])
def test_a_dossier_is_kept_longer_with_its_supplements_whichever_is_named(tmp_path, named):
    repo = with_supplement(tmp_path)
    assert disposal.extend(repo, named, date(2046, 1, 1), reason="典型", by="工号07", at=AT) == ()
    states = {each.number: each.state for each in disposal.due(repo, DUE)}
    assert states == {NUMBERS[0]: "未到期", SUPPLEMENT: "未到期", NUMBERS[1]: "到期可鉴定"}
    assert codes(disposal.extend(repo, named, date(2046, 1, 1), reason="典型", by="工号07", at=AT)) == {"E760"}


def test_a_family_of_which_one_is_kept_longer_waits_and_holds_up_no_other(tmp_path):
    repo = with_supplement(tmp_path)
    chain.append(repo.log("disposal"), period.extension(NUMBERS[0], "2046-01-01", reason="典型", by="工号07", at=AT))
    assert disposal.ready(disposal.due(repo, DUE), 2026) == NUMBERS[1:2]
    assert disposal.extend(repo, NUMBERS[0], date(2046, 1, 1), reason="典型", by="工号07", at=AT) == ()
    assert {each.state for each in disposal.due(repo, DUE)} == {"未到期", "到期可鉴定"}
    assert [each.kept_until for each in disposal.due(repo, DUE)][:2] == ["2046-01-01"] * 2


@pytest.mark.parametrize(
    "opinion", ["继续保存", "不予销毁", "暂缓销毁", "保管五年后再销毁", "延长保管", "保留", "同意"]
)
def test_an_opinion_that_is_not_destruction_makes_no_list(repo, opinion):
    number, found = disposal.propose(repo, NUMBERS, by="工号07", opinion=opinion, on=DUE, at=AT)
    assert (number, codes(found)) == ("", {"E941"})
    assert not repo.receipts.exists()


@pytest.mark.parametrize("opinion", ["销毁", "保管期满，同意销毁。", "期限已满，无继续保存价值，建议全部销毁"])
def test_an_opinion_that_is_destruction_makes_one(repo, opinion):
    assert disposal.propose(repo, NUMBERS, by="工号07", opinion=opinion, on=DUE, at=AT)[1] == ()


class Crash(Exception):
    pass


@pytest.mark.parametrize("step", ["rename", "rmtree", "half", "log", "register"])
def test_a_crash_in_the_middle_is_taken_up_again(repo, monkeypatch, step):
    number = approved(repo)
    calls = []

    def after(act, count):
        def crash(*args, **options):
            calls.append(1)
            if len(calls) == count:
                raise Crash
            return act(*args, **options)

        return crash

    with monkeypatch.context() as patch:
        if step == "rename":
            patch.setattr(execution.write, "sync_folder", after(execution.write.sync_folder, 4))
        elif step == "rmtree":
            patch.setattr(execution.write.shutil, "rmtree", after(shutil.rmtree, 2))
        elif step == "half":

            def half(path):
                next(path.rglob("*.json")).unlink()
                raise Crash

            patch.setattr(execution.write.shutil, "rmtree", half)
        elif step == "log":
            patch.setattr(execution.chain, "append", after(chain.append, 3))
        else:
            patch.setattr(register.Register, "save", after(register.Register.save, 1))
        with pytest.raises(Crash):
            executed(repo, number)
    assert executed(repo, number).findings == ()
    assert list(repo.bags(2026)) == [] and len(list((repo.register / "tombstones").iterdir())) == 3
    events = [entry["event"] for entry in disposal.story(repo, number)]
    assert events.count(execution.GONE) == 3 and events[-1] == execution.DONE
    assert verify.repository(repo, "full", verify.Watch(at=AT)).is_ok


def test_executing_twice_destroys_nothing_more(repo):
    number = approved(repo, NUMBERS[:1])
    executed(repo, number)
    again = executed(repo, number)
    assert again.destroyed == () and len(list(repo.bags(2026))) == 2


def test_a_longer_period_is_obeyed_and_cannot_be_shortened(repo):
    until = date(2046, 12, 31)
    assert disposal.extend(repo, NUMBERS[0], until, reason="典型", by="工号07", at=AT) == ()
    assert codes(proposed(repo, NUMBERS[:1])[1]) == {"E751"}
    assert codes(disposal.extend(repo, NUMBERS[0], EARLY, reason="典型", by="工号07", at=AT)) == {"E760"}


def keeps(repo, years):
    """The same repository under a longer period of its own."""
    (repo.register / "settings.toml").write_text(f"[retention]\nyears = {years}\n", encoding="utf-8")
    return Repository(repo.root)


def test_a_longer_period_of_the_repository_holds_for_what_was_sealed_before(repo):
    repo = keeps(repo, 30)
    assert {each.state for each in disposal.due(repo, date(2056, 11, 20))} == {"未到期"}
    assert codes(proposed(repo)[1]) == {"E751"}
    assert {each.state for each in disposal.due(repo, date(2056, 11, 21))} == {"到期可鉴定"}
    disposal.extend(repo, NUMBERS[0], date(2060, 1, 1), reason="典型", by="工号07", at=AT)
    written = {entry.number: entry.extended_to for entry in register.load(repo.register / "numbers.csv")}
    assert written == {NUMBERS[0]: "2060-01-01", NUMBERS[1]: "", NUMBERS[2]: ""}


def test_a_list_says_the_period_each_dossier_was_sealed_for(repo):
    repo = keeps(repo, 12)
    number, found = proposed(repo, on=date(2038, 11, 21))
    assert found == ()
    (row, *_) = json.loads((repo.receipts / f"{number}.json").read_bytes())["档案"]
    assert (row["应保管期限"], row["已保管期限"], row["到期日"]) == ("10年", "12年", "2038-11-20")
    assert row["备注"] == "已延长，原到期日 2036-11-20"
    opinion = words(repo.receipts / f"{number}-opinion.docx")
    assert "自撤档之日起保管10年，已满" in opinion and "12年" not in opinion


def test_a_supplement_made_under_a_longer_period_agrees_with_its_bag(repo):
    first = dossiers.several(3)[0]
    added = Paper(code="13", title="批文", files=(File("p01.txt", b"!"),))
    keeps(repo, 12)
    dossiers.repository(repo.root, [replace(first, papers=(*first.papers, added))], supplement=True)
    assert verify.repository(Repository(repo.root), "full", verify.Watch(at=AT)).is_ok


@pytest.mark.parametrize(
    ("start", "on", "years"),
    [
        (date(2026, 11, 20), date(2036, 11, 20), 10),
        (date(2026, 11, 20), date(2036, 11, 19), 9),
        (date(2024, 2, 29), date(2034, 2, 28), 10),
        (date(1990, 1, 1), date(2029, 12, 31), 39),
    ],
)
def test_years_kept_are_counted_by_their_days(start, on, years):
    assert retention.full_years(start, on) == years


def test_the_catalogue_says_destroyed(repo):
    yearly.make(repo, 2026)
    executed(repo, approved(repo, NUMBERS[:1]))
    text = (repo.batch(2026) / "catalog-2026.csv").read_text("utf-8-sig")
    assert text.splitlines()[1].endswith("已销毁") and "（已销毁）" in text


def test_copies_handed_over_are_named(repo, tmp_path):
    from formgen.keep import transfer

    entries = tuple(register.load(repo.register / "numbers.csv"))
    transfer.send(repo, entries, tmp_path / "disk", sender="甲", receiver="乙街道工会", reason="x", on=DUE, at=AT)
    assert "乙街道工会" in executed(repo, approved(repo)).elsewhere[0]


def test_the_list_stays_for_ever_with_its_columns(repo):
    number = approved(repo)
    executed(repo, number)
    facts = json.loads((repo.receipts / f"{number}.json").read_bytes())
    assert list(facts["档案"][0]) and set(facts["档案"][0]) == set(disposal.HEADINGS)
    assert facts["档案"][0]["题名"] == "诸**满困难职工档案"


def test_what_is_at_hand_is_due_or_held_and_with_months_what_comes(tmp_path):
    days = (date(2015, 5, 31), date(2016, 2, 29), date(2016, 12, 31), date(2017, 1, 1))
    filed = {"applied_on": date(2015, 3, 1), "filed_on": date(2015, 3, 20)}
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier(f"A{n}", day, **filed) for n, day in enumerate(days)])
    on = date(2026, 2, 28)
    listed = disposal.due(repo, on)
    assert [each.case_no for each in disposal.at_hand(listed, on, 0)] == ["A0"]
    assert [each.case_no for each in disposal.at_hand(listed, on, 1)] == ["A0", "A1"]
    assert [each.case_no for each in disposal.at_hand(listed, date(2026, 6, 30), 6)] == ["A0", "A1"]
    assert [each.case_no for each in disposal.at_hand(listed, date(2026, 7, 1), 6)] == ["A0", "A1", "A2", "A3"]
    assert disposal.counted(listed) == {"due": 1, "held": 0, "kept": 3, "open": 0, "gone": 0}


def test_json_lists_every_dossier_that_the_counts_count(repo):
    told = CliRunner().invoke(command, ["due", str(repo.root), "--on", "2026-11-22", "--json"], standalone_mode=False)
    states = [json.loads(line)["state"] for line in told.stdout.splitlines()]
    assert states and states == [each.state for each in disposal.due(repo, date(2026, 11, 22))]
    assert "到期可鉴定" not in states


@pytest.mark.parametrize(("rule", "state"), [("new", "到期可鉴定"), ("suspend", "暂停销毁")])
@pytest.mark.parametrize("again", [date(2030, 5, 6), None])
def test_a_household_on_file_again_keeps_its_earlier_dossier_only_where_the_repository_says_so(
    tmp_path, rule, state, again
):
    early = dossiers.dossier(withdrawn=date(2016, 3, 1), applied_on=date(2015, 3, 1), filed_on=date(2015, 4, 1))
    repo, _ = dossiers.repository(tmp_path, [early])
    (repo.register / "settings.toml").write_text(f'[retention]\non_reopen = "{rule}"\n', encoding="utf-8")
    repo = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=again)], at="2031-01-01T09:00:00+08:00")[0]
    on = date(2031, 1, 2)
    first, *_ = disposal.due(repo, on)
    assert first.state == state
    found = disposal.refusals(repo, entry(repo), first.number, holds.standing(repo, on), on)
    assert ("E752" in codes(found)) == (rule == "suspend")
    assert disposal.due(repo, date(2041, 1, 1))[0].state == (state if again is None else "到期可鉴定")


def entry(repo):
    return register.load(repo.register / "numbers.csv").get("J045-WS·2016-D10-KN-0001")
