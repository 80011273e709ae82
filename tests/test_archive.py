"""Sealed stays sealed: a second run changes nothing, an interrupted one is taken up, new papers become a supplement."""

import json
import re
import shutil
from dataclasses import replace
from datetime import date

import pytest

from formgen import bag, messages
from formgen.keep import chain, history, policy, register, verify
from formgen.keep.archive import Archivist
from formgen.keep.dossier import File, Paper, Taken
from formgen.keep.register import SEALED
from formgen.keep.repository import Repository
from formgen.model import Finding, Place
from tests import dossiers
from tests.dossiers import tree


def test_closed_dossiers_are_sealed_and_open_ones_are_working_bags(tmp_path):
    repo, summary = dossiers.repository(tmp_path, [dossiers.dossier(), dossiers.dossier("AH-2", None)])
    assert (summary.sealed, summary.working) == (["J045-WS·2026-D10-KN-0001"], ["AH-2"])
    assert bag.validate(repo.working / "AH-2").is_valid
    assert [entry["event"] for entry in chain.entries(repo.log("custody"))] == ["封存"]


def test_a_second_run_leaves_every_sealed_byte(tmp_path):
    repo, _ = dossiers.repository(tmp_path, dossiers.several(2))
    before = tree(repo.year(2026))
    log = repo.log("custody").read_bytes()
    _, again = dossiers.repository(tmp_path, dossiers.several(2))
    assert (len(again.unchanged), again.sealed, again.findings) == (2, [], [])
    assert tree(repo.year(2026)) == before and repo.log("custody").read_bytes() == log


def test_two_repositories_of_the_same_dossiers_are_equal(tmp_path):
    one, _ = dossiers.repository(tmp_path / "a", dossiers.several(2))
    two, _ = dossiers.repository(tmp_path / "b", dossiers.several(2))
    assert tree(one.root / "2026") == tree(two.root / "2026")


def more(case_no="AH-0001"):
    first = dossiers.dossier(case_no)
    return dossiers.dossier(
        case_no, papers=(*first.papers, Paper(code="13", title="批文", files=(File("p01.txt", b"!"),)))
    )


def test_new_papers_do_not_touch_the_sealed_bag(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    before = tree(repo.year(2026))
    _, summary = dossiers.repository(tmp_path, [more()])
    assert [finding.code for finding in summary.findings] == ["W720"]
    assert tree(repo.year(2026)) == before


def test_new_papers_become_a_supplement_once(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    _, summary = dossiers.repository(tmp_path, [more()], supplement=True)
    assert summary.supplements == ["J045-WS·2026-D10-KN-0001-S01"]
    folder = repo.year(2026) / "J045-WS.2026-D10-KN-0001-S01"
    verdict = bag.validate(folder)
    assert verdict.is_valid and verdict.info.get("Successor-Of") == "J045-WS·2026-D10-KN-0001"
    assert [path.name for path in sorted((folder / "data/records").iterdir())] == ["001-13"]
    _, again = dossiers.repository(tmp_path, [more()], supplement=True)
    assert again.supplements == [] and len(again.unchanged) == 1


def test_a_bag_changed_after_sealing_is_refused_not_repaired(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    path = repo.bag("J045-WS·2026-D10-KN-0001") / "tagmanifest-sha512.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier()])
    assert [finding.code for finding in summary.findings] == ["E732"]
    assert summary.refused == ["AH-0001"]


def test_a_lost_bag_is_told_and_not_made_again(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    shutil.rmtree(repo.bag("J045-WS·2026-D10-KN-0001"))
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier()])
    assert [finding.code for finding in summary.findings] == ["E730"]


def test_a_run_killed_before_the_register_was_saved_is_taken_up(tmp_path):
    whole, _ = dossiers.repository(tmp_path / "whole", dossiers.several(3))
    broken, _ = dossiers.repository(tmp_path / "broken", dossiers.several(2))
    shutil.rmtree(broken.register)  # as if the power went before anything was registered
    half = broken.year(2026) / ".formgen-tmp-J045-WS.2026-D10-KN-0003"
    half.mkdir()
    (half / "junk").write_text("x")
    _, summary = dossiers.repository(tmp_path / "broken", dossiers.several(3))
    assert len(summary.sealed) == 3
    assert tree(whole.year(2026)) == tree(broken.year(2026))
    states = [
        (entry.number[-4:], entry.case_no, entry.state) for entry in register.load(broken.register / "numbers.csv")
    ]
    assert states == [(f"000{n}", f"AH-000{n}", SEALED) for n in (1, 2, 3)]


EDITS = {
    "state": ("已封存", "已取号"),
    "destroyed": ("已封存", "已销毁"),
    "case": ("AH-0001", "AH-0999"),
    "days": ("2036-11-20", "2030-11-20"),
    "items": (",已封存,", ",已封存,1"),
}


def edit_register(repo, harm: str) -> None:
    path = repo.register / "numbers.csv"
    lines = path.read_text("utf-8-sig").splitlines(keepends=True)
    if harm == "gone":
        path.unlink()
    elif harm == "row":
        path.write_text("".join(line for line in lines if "AH-0001" not in line), "utf-8-sig")
    elif harm in EDITS:
        path.write_text("".join(line.replace(*EDITS[harm]) for line in lines), "utf-8-sig")
    else:
        path.write_text("".join(re.sub("[0-9a-f]{64}", "0" * 64, line) for line in lines), "utf-8-sig")


@pytest.mark.parametrize("harm", ["gone", "row", "digest", *EDITS])
def test_an_edited_register_is_told_and_no_sealed_bag_is_made_anew(tmp_path, harm):
    repo, _ = dossiers.repository(tmp_path, dossiers.several(2))
    before, known = tree(repo.year(2026)), list(register.load(repo.register / "numbers.csv"))
    edit_register(repo, harm)
    assert "E930" in {f.code for f in verify.repository(repo, "quick", verify.Watch(at=dossiers.AT)).findings}
    changed = [replace(each, withdrawal_reason="另一个原因") for each in dossiers.several(2)]
    _, again = dossiers.repository(tmp_path, changed)
    assert (again.sealed, len(again.unchanged)) == ([], 2)
    assert tree(repo.year(2026)) == before
    assert list(register.load(repo.register / "numbers.csv")) == known
    assert verify.repository(repo, "full", verify.Watch(at=dossiers.AT)).is_ok


def test_a_number_is_not_given_again_though_bag_and_row_are_gone(tmp_path):
    repo, _ = dossiers.repository(tmp_path, dossiers.several(2))
    shutil.rmtree(repo.bag("J045-WS·2026-D10-KN-0002"))
    (repo.register / "numbers.csv").unlink()
    _, again = dossiers.repository(tmp_path, [dossiers.dossier("AH-0009")])
    assert again.sealed == ["J045-WS·2026-D10-KN-0003"]
    found = verify.repository(repo, "quick", verify.Watch(at=dossiers.AT)).findings
    assert [(f.code, f.place.file) for f in found] == [("E730", "2026/J045-WS.2026-D10-KN-0002")]


def test_a_supplement_that_was_not_logged_is_made_again_under_its_number(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    kept = tree(repo.register)
    more = Paper(code="06", title="补充病历", files=(File("p01.txt", b"more\n", "06-y.txt"),), pages=1)
    fuller = dossiers.dossier(papers=(*dossiers.dossier().papers, more))
    dossiers.repository(tmp_path, [fuller], supplement=True)
    for name, content in kept.items():  # the power went before the log was written
        (repo.register / name).write_bytes(content)
    _, again = dossiers.repository(tmp_path, [fuller], supplement=True)
    assert again.supplements == ["J045-WS·2026-D10-KN-0001-S01"]
    assert verify.repository(repo, "full", verify.Watch(at=dossiers.AT)).is_ok


def test_sealing_takes_the_working_bag_away(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=None), dossiers.dossier("AH-2", None)])
    assert repo.unsealed() == ("AH-0001", "AH-2")
    dossiers.repository(tmp_path, [dossiers.dossier()])
    assert repo.unsealed() == ("AH-2",)


@pytest.mark.parametrize(("day", "year"), [(date(2026, 11, 19), 2026), (date(2025, 1, 1), 2025)])
def test_a_corrected_day_of_withdrawal_is_told_and_opens_no_other_dossier(tmp_path, day, year):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    before = tree(repo.root / "2026")
    _, again = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=day)])
    assert (again.sealed, again.unchanged) == ([], ["J045-WS·2026-D10-KN-0001"])
    assert "W750" in [finding.code for finding in again.findings]
    assert tree(repo.root / "2026") == before and repo.years() == (2026,)


def test_a_household_that_applied_again_gets_a_dossier_that_continues_the_first(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=date(2025, 3, 1))])
    again = dossiers.dossier(applied_on=date(2025, 3, 2), filed_on=date(2025, 4, 1))
    _, summary = dossiers.repository(tmp_path, [again])
    assert summary.sealed == ["J045-WS·2026-D10-KN-0001"]
    entry = register.load(repo.register / "numbers.csv").get("J045-WS·2026-D10-KN-0001")
    assert entry.continues == "J045-WS·2025-D10-KN-0001"


def test_a_destroyed_dossier_is_not_archived_again(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier()])
    number = "J045-WS·2026-D10-KN-0001"
    chain.append(repo.log("disposal"), {"event": history.GONE, "档号": number, "清册号": "disposal-1"})
    shutil.rmtree(repo.bag(number))
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier()])
    assert [finding.code for finding in summary.findings] == ["W723"]
    assert not list(repo.bags(2026))


def test_a_withdrawal_that_lies_ahead_seals_nothing(tmp_path):
    repo, summary = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=date(2026, 11, 22))])
    assert [finding.code for finding in summary.findings] == ["E726"]
    assert summary.refused == ["AH-0001"] and repo.years() == ()


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"decision": {"status": "insufficient", "missing": ["支出!证明材料(医疗)"]}}, "E727", ""),
        ({"decision": {"status": "human", "missing": []}}, "E765", "集体研究"),
        ({"withdrawal_approval": "", "withdrawal_reason": "经集体研究列入脱困"}, "E728", "案件 › 撤档批准文号"),
        ({"withdrawal_reason": ""}, "E728", "案件 › 撤档原因"),
        ({"applied_on": date(2026, 11, 21)}, "E799", "案件 › 撤档日期"),
        ({"fonds": ""}, "E729", "工会 › 全宗号"),
        ({"fonds": "J-045"}, "E767", "工会 › 全宗号"),
        ({"fonds": "全宗45"}, "E767", "工会 › 全宗号"),
        ({"category": "W/S"}, "E767", "工会 › 门类代码"),
    ],
)
def test_what_would_have_to_be_mended_later_takes_no_number(tmp_path, changes, code, place):
    repo, summary = dossiers.repository(tmp_path, [dossiers.dossier(**changes)])
    (finding,) = summary.findings
    assert (finding.code, str(finding.place), summary.refused) == (code, place, ["AH-0001"])
    assert list(register.load(repo.register / "numbers.csv")) == [] and repo.years() == ()


def test_a_malformed_fonds_stops_its_own_dossier_alone(tmp_path):
    wrong = dossiers.dossier("AH-0001", fonds="J-045")
    _, summary = dossiers.repository(tmp_path, [wrong, dossiers.dossier("AH-0002")])
    assert (summary.refused, summary.sealed) == (["AH-0001"], ["J045-WS·2026-D10-KN-0001"])


@pytest.mark.parametrize("reason", ["病人死亡，注销", "子女已毕业就业", "经3次推荐就业无正当理由拒绝，注销"])
def test_a_withdrawal_that_the_law_asks_no_approval_for_is_sealed_with_a_warning(tmp_path, reason):
    closed = dossiers.dossier(withdrawal_approval="", withdrawal_reason=reason)
    repo, summary = dossiers.repository(tmp_path, [closed])
    assert summary.sealed == ["J045-WS·2026-D10-KN-0001"]
    assert [(found.code, str(found.place)) for found in summary.findings] == [("W725", "案件 › 撤档批准文号")]
    assert bag.validate(repo.bag(summary.sealed[0])).is_valid


def test_an_undecided_case_says_which_cell_is_missing(tmp_path):
    decision = {"status": "insufficient", "missing": ["支出!证明材料(医疗)"]}
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier(decision=decision)])
    assert "支出!证明材料(医疗)" in messages.sentence(summary.findings[0])


def test_an_open_case_that_is_undecided_stays_a_working_bag(tmp_path):
    decision = {"status": "insufficient", "missing": ["支出!证明材料(医疗)"]}
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier(withdrawn=None, decision=decision, fonds="")])
    assert (summary.working, summary.findings) == (["AH-0001"], [])


def test_a_dossier_sealed_before_is_compared_whatever_the_workbook_lacks_now(tmp_path):
    dossiers.repository(tmp_path, [dossiers.dossier()])
    _, summary = dossiers.repository(tmp_path, [dossiers.dossier(withdrawal_approval="")])
    assert len(summary.unchanged) == 1


def test_no_identity_or_name_stands_in_register_or_logs(tmp_path):
    repo, _ = dossiers.repository(tmp_path, dossiers.several(2))
    for name, content in tree(repo.register).items():
        assert dossiers.ID.encode() not in content and "诸葛".encode() not in content, name


def test_years_part_by_the_day_of_withdrawal(tmp_path):
    days = [date(2025, 12, 31), date(2026, 1, 1)]
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier(f"A{n}", day) for n, day in enumerate(days)])
    assert repo.years() == (2025, 2026)


def test_the_case_number_of_a_working_bag_need_not_be_ascii(tmp_path):
    repo, _ = dossiers.repository(tmp_path, [dossiers.dossier("皖-0001", None)])
    (folder,) = repo.working.iterdir()
    assert folder.name.isascii()
    assert json.loads((folder / "data/export/case.json").read_bytes())["案件"]["档案编号"] == "皖-0001"


@pytest.mark.parametrize("reason", ["病人死亡，注销", "经3次推荐就业无正当理由拒绝，注销"])
def test_a_dossier_that_was_cancelled_needs_no_proof_of_an_exit(tmp_path, reason):
    codes = [material.code for material in policy.default().materials.values() if material.is_needed]
    held = tuple(paper(code) for code in codes if code != "13")
    for withdrawn_for, verdict in ((reason, "合格"), ("脱困", "不合格")):
        closed = dossiers.dossier(papers=held, withdrawal_reason=withdrawn_for)
        closed.case["案件"]["撤档原因"] = withdrawn_for
        repo, _ = dossiers.repository(tmp_path / verdict, [closed])
        report = json.loads((next(repo.bags(2026)) / "metadata/fourchecks.json").read_bytes())
        assert {item["title"]: item["verdict"] for item in report["项目"]}["建档材料齐全"] == verdict


def test_an_open_dossier_needs_no_proof_of_an_exit():
    assert "13" not in {material.code for material in policy.default().needed("")}


def paper(code):
    return Paper(code=code, title=code, files=(File("original.docx", dossiers.docx(f"{dossiers.NAME} {dossiers.ID}")),))


def test_a_sealed_dossier_is_left_alone_though_its_notice_cannot_be_made_today(tmp_path):
    dossiers.repository(tmp_path, [dossiers.dossier()])
    wrong = Finding("E768", Place(sheet="案件", heading="公示开始日期"), {"year": "2003"}, "AH-0001")
    again = Archivist(Repository(tmp_path), at=dossiers.AT, convert=False).take_in(
        [Taken("AH-0001", dossiers.dossier(), notice=(wrong,))]
    )
    assert (again.unchanged, again.refused) == (["J045-WS·2026-D10-KN-0001"], [])
    assert [finding.code for finding in again.findings] == ["W728"]


def test_a_dossier_without_the_notice_it_should_hold_is_not_sealed(tmp_path):
    wrong = Finding("E768", Place(sheet="案件", heading="公示开始日期"), {"year": "2003"}, "AH-0001")
    summary = Archivist(Repository(tmp_path), at=dossiers.AT, convert=False).take_in(
        [Taken("AH-0001", dossiers.dossier(), notice=(wrong,))]
    )
    assert summary.refused == ["AH-0001"] and [finding.code for finding in summary.findings] == ["E768"]
