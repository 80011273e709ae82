"""The main job: a workbook in, a batch out; again, interrupted, changed: always the same folder."""

from __future__ import annotations

import hashlib
import json
import os
import random  # noqa: TID251 - the order of runs in a test, no paper
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from formgen import batch, masks
from formgen.batch import casework, diary, pipeline
from formgen.batch.journal import Entry
from formgen.batch.tally import UNKNOWN_TAG, Options, Tally, Watch
from formgen.check import Checked
from formgen.messages import FormgenError
from formgen.papers import compose, forms
from formgen.read import Unreadable
from tests import households, sheets

ONE = Options(jobs=1)
TWO = Options(jobs=2)


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return households.write(tmp_path_factory.mktemp("input") / "台账.xlsx", 6)


@pytest.fixture(scope="module")
def finished(workbook: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished") / "out"
    run(workbook, out)
    return out


def run(workbook: Path, out: Path, options: Options = ONE, watch: Watch | None = None) -> Tally:
    return pipeline.run(workbook, out, options, watch or Watch())


def tree(out: Path) -> dict[str, str]:
    """Every file that is within the promise of equal bytes, by its digest."""
    files = (path for path in out.rglob("*") if path.is_file() and "运行记录" not in path.parts)
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def said(done: Tally) -> list[str]:
    """What a run tells of its changes, as the terminal shows it."""
    return [diary.sentence(finding) for finding in done.told]


def temps(out: Path) -> list[Path]:
    return [path for path in out.rglob("*") if path.name.startswith(".formgen")]


def edited(sheet: str, number: int | None, tag: str, value: object) -> households.Change:
    """A cell of one household, or of every one, with another value."""

    def change(title: str, row: households.Row) -> households.Row:
        if title != sheet or (number is not None and row["档案编号"] != households.number_of(number)):
            return row
        return row | {tag: value}

    return change


def command(*words: object, **env: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "formgen", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | env,
    )


def test_a_run_makes_every_due_paper_and_counts_add_up(finished, workbook):
    told = json.loads((finished / "run.json").read_text(encoding="utf-8"))
    counts = told["counts"]
    assert counts["total"] == counts["made"] + counts["failed"] + counts["skipped"] == 6
    listed = {paper["path"]: paper["sha256"] for case in told["cases"] for paper in case["papers"]}
    listed |= {paper["path"]: paper["sha256"] for paper in told["papers"]}
    assert listed == {path: digest for path, digest in tree(finished).items() if path != "run.json"}
    assert told["workbook"] == {"name": "台账.xlsx", "sha256": hashlib.sha256(workbook.read_bytes()).hexdigest()}


def test_nothing_outside_its_folder_and_nothing_readable_by_others(finished):
    assert temps(finished) == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in finished.rglob("*") if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in finished.rglob("*") if path.is_dir()} == {0o700}


def test_one_process_and_two_write_the_same_bytes_and_no_worker_dies(finished, workbook, tmp_path, capfd):
    run(workbook, tmp_path / "out", TWO)
    assert tree(tmp_path / "out") == tree(finished)
    assert capfd.readouterr() == ("", "")


def test_a_second_run_makes_nothing_again(finished, workbook, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "案件").rglob("*.docx")}
    done = run(workbook, tmp_path / "out")
    assert (done.made, done.kept) == (6, 6)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "案件").rglob("*.docx")} == before
    assert tree(tmp_path / "out") == tree(finished)


def test_one_changed_cell_remakes_one_household_and_names_the_cell_and_the_papers(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    changed = households.write(tmp_path / "台账.xlsx", 6, edited("案件", 2, "家庭住址", "示例市新区一路1号"))
    done = run(changed, tmp_path / "out")
    assert (done.made, done.kept) == (6, 5)
    (told,) = said(done)
    assert households.number_of(2) in told
    assert "案件!家庭住址" in told
    assert "建档）申请表" in told
    assert "银行卡" not in told
    run(changed, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_changed_line_of_a_place_is_named_and_only_papers_that_differ_are_to_be_signed_again(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")

    def dearer(sheet: str, row: households.Row) -> households.Row:
        return row | {"月低保标准": int(str(row["月低保标准"])) + 1} if sheet == "当地标准" else row

    changed = households.write(tmp_path / "台账.xlsx", 6, dearer)
    done = run(changed, tmp_path / "out")
    assert "当地标准" in said(done)[0]
    assert (done.made, done.kept) == (6, 0)
    assert done.same == 6 - len({told.split("：")[0] for told in said(done)[1:]})
    assert f"其中 {done.same} 户的文书没有变化" in diary.ended(done, 0.0)
    assert all("须重新签字" in told and "银行卡" not in told for told in said(done)[1:])
    run(changed, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_changed_template_is_named_and_its_paper_alone_is_written_again(workbook, tmp_path):
    shutil.copytree(forms.home(), tmp_path / "templates")
    (tmp_path / "in").mkdir()
    copy = shutil.copyfile(workbook, tmp_path / "in" / "台账.xlsx")
    run(copy, tmp_path / "out")
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "案件").rglob("*.*")}
    respelled(tmp_path / "templates" / "application" / "template.docx", "{{ 职工姓名 }}", "{{ 职工姓名 }}同志")
    compose.template.cache_clear()
    done = run(copy, tmp_path / "out")
    assert "“个人申请书”的模板" in said(done)[0]
    touched = {path.name for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert touched == {"01-个人申请书.docx"}
    assert [told.endswith("须重新签字：个人申请书。") for told in said(done)[1:]] == [True] * 6


def test_another_version_of_the_program_is_named_and_writes_no_equal_paper_again(
    workbook, finished, tmp_path, monkeypatch
):
    shutil.copytree(finished, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "案件").rglob("*.*")}
    monkeypatch.setattr("formgen.batch.stamp.__version__", "99")
    monkeypatch.setattr("formgen.batch.basis.__version__", "99")
    done = run(workbook, tmp_path / "out")
    assert [("程序" in told) for told in said(done)] == [True]
    assert (done.made, done.kept, done.same) == (6, 0, 6)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_a_changed_cell_that_no_paper_prints_is_nothing_to_sign_again(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    changed = households.write(tmp_path / "台账.xlsx", 6, edited("案件", 2, "审核人", "样审核"))
    done = run(changed, tmp_path / "out")
    assert (done.kept, done.same) == (5, 6)
    (told,) = said(done)
    assert told == f"{households.number_of(2)}：案件!审核人 有改动；没有文书须重新签字。"


def test_a_case_that_became_invalid_loses_its_folder_and_gains_a_sentence(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    wrong = households.write(tmp_path / "台账.xlsx", 6, edited("案件", 1, "身份证号码", "340102198001011"))
    done = run(wrong, tmp_path / "out")
    assert (done.made, done.failed) == (5, 1)
    assert done.has_errors
    assert [(one.case_no, one.finding.place.heading) for one in done.wrong] == [(households.number_of(1), "身份证号码")]
    assert not (tmp_path / "out" / "案件" / households.number_of(1)).exists()
    run(wrong, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_case_taken_out_of_the_workbook_loses_its_papers_but_not_what_others_put_there(finished, workbook, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    signed = tmp_path / "out" / "案件" / households.number_of(5) / "签字扫描.pdf"
    signed.write_bytes(b"%PDF")
    run(households.write(tmp_path / "台账.xlsx", 5), tmp_path / "out")
    assert [path.name for path in signed.parent.iterdir()] == ["签字扫描.pdf"]


def test_a_paper_changed_by_hand_is_made_again_and_the_changed_one_kept(finished, workbook, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    paper = next((tmp_path / "out" / "案件" / households.number_of(0)).glob("01-*.docx"))
    paper.write_bytes(b"changed by hand")
    done = run(workbook, tmp_path / "out")
    assert [finding.code for finding in done.findings if finding.code == "W601"]
    kept = list((tmp_path / "out" / "运行记录" / "改动过的文件").rglob("*.docx"))
    assert [path.read_bytes() for path in kept] == [b"changed by hand"]
    assert tree(tmp_path / "out") == tree(finished)


def test_only_named_cases_are_made_and_the_rest_is_told_as_skipped(workbook, finished, tmp_path):
    options = Options(jobs=1, only=frozenset({households.number_of(3)}))
    done = run(workbook, tmp_path / "out", options)
    assert (done.total, done.made, done.failed, done.skipped) == (6, 1, 0, 5)
    assert [path.name for path in (tmp_path / "out" / "案件").iterdir()] == [households.number_of(3)]
    run(workbook, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(finished)


def test_a_name_of_only_that_nobody_has_is_refused_before_anything_is_written(workbook, tmp_path):
    process = command("run", workbook, "-o", tmp_path / "out", "--only", f"NOPE,{households.number_of(3)}")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "E601" in said.decode()
    assert "NOPE" in said.decode()
    assert households.number_of(3) not in said.decode()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("gap", ["开户银行", "家庭住址"])
def test_a_missing_value_that_is_an_error_leaves_no_half_made_folder(tmp_path, gap):
    source = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, gap, None))
    done = run(source, tmp_path / "out", Options(jobs=1, missing="error"))
    assert (done.made, done.failed) == (2, 1)
    made = sorted(path.name for path in (tmp_path / "out" / "案件").iterdir())
    assert made == [households.number_of(0), households.number_of(2)]
    assert not temps(tmp_path / "out")


def test_a_missing_value_that_is_an_error_is_told_once_at_its_cell(tmp_path):
    source = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "开户银行", None))
    done = run(source, tmp_path / "out", Options(jobs=1, missing="error"))
    assert [(one.case_no, one.finding.code, str(one.finding.place)) for one in done.wrong] == [
        (households.number_of(1), "E430", "案件 › AO3 › 开户银行")
    ]
    marked = load_workbook(tmp_path / "out" / "汇总" / "问题清单.xlsx")["案件"]["AO3"]
    assert marked.comment is not None and "E430" in marked.comment.text


def test_a_notice_that_lacks_a_value_is_told_by_union_and_cell_beside_counts_that_agree(tmp_path):
    def without_hotline(sheet: str, row: households.Row) -> households.Row:
        return row | {"监督电话": None} if sheet == "工会" else row

    source = households.write(tmp_path / "台账.xlsx", 3, without_hotline)
    process = command("run", source, "-o", tmp_path / "out", "--jobs", "1", "--missing", "error")
    ended, found = (text.decode() for text in process.communicate(timeout=60))
    lines = [line for line in found.splitlines() if "E669" in line]
    assert [line.startswith("工会 › D2 › 监督电话：") and "示例市机械厂工会" in line for line in lines].count(True) == 1
    assert "有误 0" in ended and f"另有 {len(lines)} 处错误" in ended
    assert process.returncode == 3
    assert not (tmp_path / "out" / "公示").exists()


def test_a_gap_that_is_marked_in_a_notice_names_the_file_it_is_in(tmp_path):
    def without_hotline(sheet: str, row: households.Row) -> households.Row:
        return row | {"监督电话": None} if sheet == "工会" else row

    done = run(households.write(tmp_path / "台账.xlsx", 3, without_hotline), tmp_path / "out")
    gaps = [finding for finding in done.findings if finding.code == "W660"]
    assert gaps and all((tmp_path / "out" / gap.place.file).is_file() for gap in gaps)


def test_a_missing_value_that_is_an_error_leaves_the_last_papers_as_they_were(workbook, finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    source = households.write(tmp_path / "b" / "台账.xlsx", 6, edited("案件", 1, "开户银行", None))
    done = run(source, tmp_path / "out", Options(jobs=2, missing="error"))
    name = households.number_of(1)
    assert done.failed == 1
    assert [told for told in said(done) if "W602" in told and name in told]
    before, after = tree(finished / "案件" / name), tree(tmp_path / "out" / "案件" / name)
    assert before == after != {}
    run(workbook, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(finished)


def test_a_dry_run_refuses_a_name_of_only_that_nobody_has(workbook, tmp_path):
    with pytest.raises(Unreadable):
        run(workbook, tmp_path / "out", Options(jobs=1, only=frozenset({"NOPE"}), is_dry=True))


@pytest.mark.parametrize("typed", ["b-000003", "B-000 003", "Ｂ－０００００３", "\u200bB-000003 "])
def test_only_takes_a_number_as_the_reader_of_the_workbook_does(workbook, tmp_path, typed):
    done = run(workbook, tmp_path / "out", Options(jobs=1, only=frozenset({typed})))
    assert (done.made, done.skipped) == (1, 5)
    assert [path.name for path in (tmp_path / "out" / "案件").iterdir()] == ["B-000003"]


def test_only_prefers_the_row_whose_number_is_written_just_so(tmp_path):
    source = households.write(tmp_path / "台账.xlsx", 3, renumbered({"B-000001": "B-000 002"}))
    spaced = run(source, tmp_path / "a", Options(jobs=1, only=frozenset({"B-000 002"})))
    assert (spaced.made, [one.finding.code for one in spaced.wrong]) == (0, ["E238"])
    assert run(source, tmp_path / "b", Options(jobs=1, only=frozenset({"B-000002"}))).made == 1


def test_only_takes_both_rows_of_a_number_that_stands_twice(tmp_path):
    source = households.write(tmp_path / "台账.xlsx", 3, renumbered({"B-000001": "B-000002"}))
    done = run(source, tmp_path / "out", Options(jobs=1, only=frozenset({"B-000002"})))
    assert (done.chosen, done.failed, done.skipped) == (2, 2, 1)


def test_an_unknown_number_of_only_is_refused_with_the_nearest_as_they_are_written(workbook, tmp_path):
    with pytest.raises(Unreadable) as refused:
        run(workbook, tmp_path / "out", Options(jobs=1, only=frozenset({"B000003"})))
    (finding,) = refused.value.findings
    assert (finding.code, finding.values["near"].split("、")[0]) == ("E607", "B-000003")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("option", ["--only", "--forms"])
def test_an_option_that_names_nothing_does_not_mean_everything(workbook, tmp_path, option):
    process = command("run", workbook, "-o", tmp_path / "out", option, " ，")
    process.communicate(timeout=60)
    assert process.returncode == 2
    assert not (tmp_path / "out").exists()


def test_only_in_a_used_folder_tells_of_the_chosen_case_and_touches_no_other(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    changed = households.write(tmp_path / "台账.xlsx", 5, edited("案件", None, "家庭住址", "示例市新区一路1号"))
    done = run(changed, tmp_path / "out", Options(jobs=1, only=frozenset({households.number_of(2)})))
    assert (done.total, done.chosen, done.made, done.kept, done.failed, done.skipped) == (5, 1, 1, 0, 0, 4)
    assert [households.number_of(2) in told for told in said(done)] == [True]
    chosen = f"案件/{households.number_of(2)}/"
    papers = {path: digest for path, digest in tree(finished).items() if path.startswith("案件/")}
    after = {path: digest for path, digest in tree(tmp_path / "out").items() if path.startswith("案件/")}
    assert {path for path in papers if papers[path] != after.get(path)} <= {path for path in papers if chosen in path}
    run(changed, tmp_path / "out")
    run(changed, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def renumbered(numbers: dict[str, str]) -> households.Change:
    """Some households under other numbers, on every sheet."""
    return lambda sheet, row: (
        row | {"档案编号": numbers.get(str(row["档案编号"]), row["档案编号"])} if "档案编号" in row else row
    )


def test_named_papers_are_made_and_others_left_as_they_are(workbook, finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    run(workbook, tmp_path / "out", Options(jobs=1, papers=frozenset({"review"})))
    assert {path for path in tree(tmp_path / "out") if path.startswith("案件/")} == {
        path for path in tree(finished) if path.startswith("案件/")
    }
    run(workbook, tmp_path / "new", Options(jobs=1, papers=frozenset({"review"})))
    assert {Path(path).name for path in tree(tmp_path / "new") if path.startswith("案件/")} == {"04-建档申请表.docx"}


def test_a_dry_run_writes_nothing(workbook, tmp_path):
    done = run(workbook, tmp_path / "out", Options(jobs=1, is_dry=True))
    assert done.papers > 6
    assert not (tmp_path / "out").exists()


class Ledger:
    """One folder in which runs of every kind follow each other; after each the numbers must add up everywhere."""

    total = 7

    def __init__(self, folder: Path) -> None:
        def spoil(sheet: str, row: households.Row) -> households.Row:
            wrong = {households.number_of(1): "3401021980010112", households.number_of(2): None}
            if sheet != "案件" or row["档案编号"] not in wrong:
                return row
            tag = "身份证号码" if wrong[str(row["档案编号"])] else "开户银行"
            return row | {tag: wrong[str(row["档案编号"])]}

        self.books = [
            households.write(folder / "a" / "台账.xlsx", self.total),
            households.write(folder / "b" / "台账.xlsx", self.total, spoil),
        ]
        self.out = folder / "out"

    def run(self, kind: str, book: int) -> None:
        seen: list[int] = []
        watch = Watch(tell=lambda done, total: seen.append(done), is_stopped=lambda: kind == "stopped" and bool(seen))
        only = frozenset({households.number_of(1), households.number_of(4)}) if kind == "only" else frozenset()
        missing = "error" if kind == "strict" else "mark"
        done = run(self.books[book], self.out, Options(jobs=1, only=only, missing=missing, is_dry=kind == "dry"), watch)
        assert done.total == self.total == done.made + done.failed + done.skipped
        assert done.kept <= done.same <= done.made and done.chosen == (2 if only else self.total)
        assert (done.skipped > 0) is (kind in ("only", "stopped"))
        self.look(kind, done)

    def look(self, kind: str, done: Tally) -> None:
        said = [int(number) for number in re.findall(r"\d+", diary.ended(done, 0.0, is_dry=kind == "dry"))]
        left = done.chosen - done.made - done.failed
        assert said[:4] == {
            "only": [2, done.made, done.same, done.failed],
            "dry": [self.total, done.papers, done.failed],
            "stopped": [done.made + done.failed, left],
        }.get(kind, [self.total, done.made, done.same, done.failed])
        assert (self.out / "run.json").exists() is (kind != "stopped") or kind == "dry"
        if (self.out / "run.json").exists():
            counts = json.loads((self.out / "run.json").read_text("utf-8"))["counts"]
            page = (self.out / "汇总" / "报告.html").read_text("utf-8")
            shown = [int(number) for number in re.findall(r"<b>(\d+)</b>", page)][:4]
            assert shown == [counts[name] for name in ("total", "made", "failed", "skipped")]
            assert counts["total"] == self.total == counts["made"] + counts["failed"] + counts["skipped"]
            if kind not in ("only", "dry"):
                assert (counts["made"], counts["failed"]) == (done.made, done.failed)


@pytest.mark.parametrize("seed", range(4))
def test_counts_add_up_in_every_place_whatever_is_run_after_what(tmp_path, seed, monkeypatch):
    chance, ledger, work = random.Random(seed), Ledger(tmp_path), casework.work

    def flawed(checked: Checked, before: Entry | None, is_wanted: bool) -> casework.Outcome:
        if checked.case_no == households.number_of(5):
            raise ValueError
        return work(checked, before, is_wanted)

    kinds = ["plain", "only", "dry", "strict", "stopped", "flawed"]
    for kind in chance.sample(kinds, k=6):
        monkeypatch.setattr(casework, "work", flawed if kind == "flawed" else work)
        ledger.run(kind, chance.randrange(2))


def test_an_interrupted_run_is_finished_by_the_next(workbook, finished, tmp_path):
    seen: list[int] = []
    watch = Watch(tell=lambda done, total: seen.append(done), is_stopped=lambda: len(seen) >= 2)
    done = run(workbook, tmp_path / "out", ONE, watch)
    assert done.is_interrupted
    assert 0 < done.made < 6
    assert done.total == done.made + done.failed + done.skipped
    assert not (tmp_path / "out" / "run.json").exists()
    run(workbook, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(finished)
    assert temps(tmp_path / "out") == []


def test_the_folder_of_another_workbook_is_not_touched(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")

    def rename(title: str, row: households.Row) -> households.Row:
        return row | {"档案编号": f"X{row['档案编号']}"} if "档案编号" in row else row

    other = households.write(tmp_path / "别的.xlsx", 2, rename)
    with pytest.raises(FormgenError, match="另一份台账"):
        run(other, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(finished)


def test_a_workbook_changed_during_the_run_is_told(workbook, tmp_path):
    copy = tmp_path / "台账.xlsx"
    shutil.copyfile(workbook, copy)
    watch = Watch(tell=lambda done, total: copy.write_bytes(copy.read_bytes() + b" ") if done == 1 else None)
    done = run(copy, tmp_path / "out", ONE, watch)
    assert "E602" in [finding.code for finding in done.findings]


def test_a_second_run_into_the_same_folder_is_refused(workbook, tmp_path):
    def intrude(done: int, total: int) -> None:
        if done == 1:
            second = command("run", workbook, "-o", tmp_path / "out")
            _, said = second.communicate(timeout=60)
            codes.append(second.returncode)
            assert "正被另一次运行" in said.decode()

    codes: list[int] = []
    run(workbook, tmp_path / "out", ONE, Watch(tell=intrude))
    assert codes == [4]


def test_an_output_folder_that_is_a_link_is_refused(workbook, tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "victim")
    with pytest.raises(FormgenError, match="链接"):
        run(workbook, tmp_path / "out")
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_folder_below_that_is_a_link_is_refused(workbook, tmp_path):
    (tmp_path / "victim").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "案件").symlink_to(tmp_path / "victim")
    with pytest.raises(FormgenError, match="链接"):
        run(workbook, tmp_path / "out")
    assert list((tmp_path / "victim").iterdir()) == []


def test_a_damaged_journal_only_costs_work(finished, workbook, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    (tmp_path / "out" / "运行记录" / "journal.sqlite").write_bytes(b"no database at all" * 999)
    done = run(workbook, tmp_path / "out")
    assert done.kept == 0
    assert tree(tmp_path / "out") == tree(finished)


def test_a_torn_paper_is_made_whole(finished, workbook, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    paper = next((tmp_path / "out" / "案件").rglob("04-*.docx"))
    paper.write_bytes(paper.read_bytes()[:1000])
    run(workbook, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(finished)


def test_no_result_holds_a_formula_or_anybodys_number(finished):
    numbers = [row["身份证号码"] for row in households.rows("家庭成员", 6) if row.get("身份证号码")]
    cards = [row["银行卡号"] for row in households.rows("案件", 6)]
    told = (finished / "run.json").read_text("utf-8") + (finished / "汇总" / "报告.html").read_text("utf-8")
    told += (finished / "运行记录" / "日志.txt").read_text("utf-8")
    told += (finished / "运行记录" / "journal.sqlite").read_bytes().decode("utf-8", "replace")
    assert not [number for number in (*numbers, *cards) if str(number) in told]
    with zipfile.ZipFile(finished / "汇总" / "审核结果.xlsx") as package:
        assert "<f>" not in package.read("xl/worksheets/sheet1.xml").decode()


def test_the_result_workbook_has_a_row_a_case_in_the_order_of_the_workbook(finished):
    book = load_workbook(finished / "汇总" / "审核结果.xlsx")
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:6] == ("档案编号", "职工姓名", "所属工会", "级别", "状态", "条款")
    assert [row[0] for row in rows[1:]] == [households.number_of(index) for index in range(6)]
    assert all(isinstance(cell, str | None) for row in rows for cell in row)


def test_time_zone_language_and_hash_seed_change_no_byte(workbook, finished, tmp_path):
    places = (("Asia/Shanghai", "C", "1"), ("America/New_York", "zh_CN.UTF-8", "2"), ("UTC", "C.UTF-8", "3"))
    for number, (zone, language, seed) in enumerate(places):
        out = tmp_path / str(number)
        jobs = 1 + number % 2
        process = command("run", workbook, "-o", out, "--jobs", jobs, TZ=zone, LC_ALL=language, PYTHONHASHSEED=seed)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
        assert tree(out) == tree(finished)


def test_the_first_interrupt_finishes_the_cases_in_hand_and_says_how_to_go_on(tmp_path):
    workbook = households.write(tmp_path / "台账.xlsx", 400)
    process = command("run", workbook, "-o", tmp_path / "out", "--jobs", "2")
    while not (tmp_path / "out" / "案件").exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "接着做" in said.decode()
    assert temps(tmp_path / "out") == []


def test_each_error_is_told_with_its_household_and_cell_and_the_end_says_where_to_read_on(tmp_path):
    source = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "身份证号码", "3401021980010112"))
    process = command("run", source, "-o", tmp_path / "out", "--jobs", "1")
    ended, found = (text.decode() for text in process.communicate(timeout=60))
    (line,) = [line for line in found.splitlines() if "E202" in line]
    name = next(row["职工姓名"] for row in households.rows("案件", 3) if row["档案编号"] == households.number_of(1))
    assert line.startswith(f"{households.number_of(1)} {masks.name(str(name))} › 案件 › E3 › 身份证号码：")
    assert [line.split("：")[1] for line in ended.splitlines()[-2:]] == [
        str(tmp_path / "out" / "汇总" / "问题清单.xlsx"),
        str(tmp_path / "out" / "汇总" / "报告.html"),
    ]


def test_errors_that_the_terminal_has_no_room_for_are_counted(tmp_path):
    def spoil(sheet: str, row: households.Row) -> households.Row:
        return row | {"联系电话": "8"} if sheet == "案件" else row

    source = households.write(tmp_path / "台账.xlsx", 30, spoil)
    process = command("run", source, "-o", tmp_path / "out", "--jobs", "1")
    _, found = process.communicate(timeout=60)
    lines = found.decode().splitlines()
    assert len([line for line in lines if "E210" in line]) == 20
    assert [line for line in lines if "另有 10 条" in line]


def test_a_template_that_docxtpl_must_fill_is_told_once_a_run(workbook, tmp_path):
    shutil.copytree(forms.home(), tmp_path / "templates")
    (tmp_path / "in").mkdir()
    copy = shutil.copyfile(workbook, tmp_path / "in" / "台账.xlsx")
    slow = tmp_path / "templates" / "application" / "template.docx"
    respelled(slow, "{{ 职工姓名 }}", "{% set 称呼 = 职工姓名 %}{{ 称呼 }}")
    done = run(copy, tmp_path / "out", TWO)
    assert [(finding.code, finding.place.file) for finding in done.findings if finding.code.startswith("W45")] == [
        ("W451", "application/template.docx")
    ]


def test_a_tag_of_a_template_that_nobody_knows_is_told_once_a_run(workbook, tmp_path):
    shutil.copytree(forms.home(), tmp_path / "templates")
    (tmp_path / "in").mkdir()
    copy = shutil.copyfile(workbook, tmp_path / "in" / "台账.xlsx")
    respelled(tmp_path / "templates" / "application" / "template.docx", "{{ 职工姓名 }}", "{{ 职工性名 }}")
    done = run(copy, tmp_path / "out", TWO)
    assert [
        (finding.place.file, finding.values["tag"]) for finding in done.findings if finding.code == UNKNOWN_TAG
    ] == [("application/template.docx", "职工性名")]


def test_an_added_column_that_is_blank_for_a_case_is_no_unknown_tag():
    told = {"code": UNKNOWN_TAG, "place": {"file": "a/template.docx"}, "values": {"tag": "民族"}}
    done = Tally()
    done.wonder({"findings": [told]}, frozenset({"民族"}))
    assert done.findings == []
    done.wonder({"findings": [told]}, frozenset())
    assert [finding.code for finding in done.findings] == [UNKNOWN_TAG]


def respelled(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in the text of a Word file."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    text = parts["word/document.xml"].decode()
    assert old in text
    parts["word/document.xml"] = text.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_an_unreadable_workbook_is_the_users_material_and_leaves_no_folder(tmp_path):
    process = command("run", tmp_path / "没有.xlsx", "-o", tmp_path / "out")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "E101" in said.decode()
    assert not (tmp_path / "out").exists()


def test_an_unknown_paper_is_refused_by_name(workbook, tmp_path):
    process = command("run", workbook, "-o", tmp_path / "out", "--forms", "reveiw")
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert not (tmp_path / "out").exists()
    assert "reveiw" in said.decode()
    assert "review" in said.decode()


@pytest.mark.slow
def test_one_changed_cell_in_a_thousand_households_remakes_one(tmp_path):
    before = households.write(tmp_path / "a" / "台账.xlsx", 1000)
    run(before, tmp_path / "out", TWO)
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "案件").rglob("*.*")}
    after = households.write(tmp_path / "b" / "台账.xlsx", 1000, edited("案件", 500, "致困说明", "本人患病长期服药"))
    done = run(after, tmp_path / "out", TWO)
    touched = {path for path, stamp in stamps.items() if path.stat().st_mtime_ns != stamp}
    assert {path.parent.name for path in touched} == {households.number_of(500)}
    assert (done.made, done.kept) == (1000, 999)
    (told,) = said(done)
    assert households.number_of(500) in told and "案件!致困说明" in told
    assert "须重新签字的文书：" in told and "个人申请书" in told and "银行卡" not in told


@pytest.mark.office
def test_with_pdf_each_word_paper_has_its_twin_and_without_it_again_none(workbook, finished, tmp_path):
    shutil.copytree(finished, tmp_path / "out")
    only = frozenset({households.number_of(0)})
    run(workbook, tmp_path / "out", Options(jobs=1, only=only, papers=frozenset({"application"}), is_pdf=True))
    folder = tmp_path / "out" / "案件" / households.number_of(0)
    assert (folder / "01-个人申请书.pdf").read_bytes().startswith(b"%PDF")
    run(workbook, tmp_path / "out")
    assert tree(tmp_path / "out") == tree(finished)


@pytest.mark.parametrize("only", [frozenset(), frozenset({"AH-0001"})])
def test_a_path_that_the_system_refuses_is_told_and_nothing_is_made(tmp_path, only):
    with pytest.raises(Unreadable) as refused:
        run(tmp_path / ("长" * 100 + ".xlsx"), tmp_path / "out", Options(jobs=1, only=only))
    assert [finding.code for finding in refused.value.findings] == ["E130"]
    assert not (tmp_path / "out").exists()


def test_a_doubled_row_of_local_figures_is_told_once_at_its_cell(tmp_path):
    figures = {"地区": "合肥市", "生效日期": "2018-01-01", "月低保标准": 639, "月最低工资": 1280, "依据文号": "示例"}
    doubled = sheets.book(tmp_path / "台账.xlsx", {"当地标准": [figures, figures]})
    done = run(doubled, tmp_path / "out", Options(jobs=1, is_dry=True))
    told = [(finding.code, finding.place.cell) for finding in done.findings if finding.place.sheet == "当地标准"]
    assert told == [("E803", "B3")]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system takes no such name")
def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_made(workbook, tmp_path):
    named = shutil.copyfile(workbook, os.fsdecode(os.fsencode(tmp_path) + b"/" + "台账.xlsx".encode("gbk")))
    with pytest.raises(Unreadable) as refused:
        run(Path(named), tmp_path / "out")
    (finding,) = refused.value.findings
    assert finding.code == "E131" and str(finding.place).encode()
    assert not (tmp_path / "out").exists()


def temporary() -> str:
    return tempfile.gettempdir()


def test_a_worker_keeps_its_temporary_files_where_the_run_wants_them(tmp_path):
    plan = casework.Plan(
        out=tmp_path,
        forms=(),
        chosen=frozenset(),
        standards=(),
        settings=(),
        unions={},
        stamp="",
        base=tmp_path,
    )
    with batch.Crew(2, casework.open_branch, (plan, tmp_path / "room")) as crew:
        assert crew.submit(temporary).result() == str(tmp_path / "room")


def test_run_json_does_not_quote_what_stands_in_a_cell(tmp_path):
    source = households.write(tmp_path / "台账.xlsx", 3, edited("案件", 1, "致困原因", "尿毒症三期"))
    run(source, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    wrong = [finding for case in told["cases"] for finding in case["findings"] if finding["code"] == "E221"]
    assert wrong and all("text" not in finding["values"] and finding["place"]["cell"] for finding in wrong)
    assert "尿毒症" not in (tmp_path / "out" / "run.json").read_text(encoding="utf-8")
    assert "尿毒症" not in (tmp_path / "out" / "运行记录" / "日志.txt").read_text(encoding="utf-8")
