"""The PDFs of a run: many cases a call of LibreOffice, nothing converted twice, a bad paper told with its case.

Most of it needs no LibreOffice: a program in its place prints the words of each paper on one page, notes how many
papers each call had, and passes over papers that hold a word.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from formgen import batch
from formgen.batch import casework, conversion, pipeline
from formgen.batch.tally import Options, Tally, Watch
from formgen.batch.together import Together
from formgen.pdf import convert
from formgen.pdf import file as pdf_file
from tests import households

TWO_PAPERS = frozenset({"application", "means-check"})
OPTIONS = Options(jobs=1, papers=TWO_PAPERS, is_pdf=True)


OFFICE = """#!{python} -IS
import re, sys, zipfile
papers = sys.argv[sys.argv.index("--outdir") + 2 :]
with open({calls!r}, "a") as calls:
    calls.write(str(len(papers)) + " ")
for paper in papers:
    with zipfile.ZipFile(paper) as package:
        parts = [package.read(name).decode() for name in package.namelist() if re.search("document|footer", name)]
    words = "".join(re.findall("<w:t(?: [^>]*)?>([^<]*)", "".join(parts))).replace({lost!r}, "")
    if {passes!r} not in words:
        codes = words.encode("utf-16-be").hex().encode()
        with open({page!r}, "rb") as page, open(paper[:-4] + "pdf", "wb") as made:
            made.write(page.read().replace(b"<" + b"0" * 40000 + b">", (b"<" + codes + b">").ljust(40002)))
"""


def a_page() -> bytes:
    """A page with room for words in the codes of Unicode itself."""
    meaning = b"beginbfrange <0000><d7ff><0000> endbfrange"
    drawn = b"BT /F 9 Tf <" + b"0" * 40000 + b"> Tj ET"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        4: b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        5: b"<</Type/Font/Subtype/Type0/BaseFont/F/Encoding/Identity-H/ToUnicode 6 0 R>>",
        6: b"<</Length %d>>stream\n%b\nendstream" % (len(meaning), meaning),
    }
    return pdf_file.assemble(pdf_file.base_of(objects, size=7, root=1), pdf_file.Parts())


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch) -> Iterator[Callable[..., Path]]:
    """Puts the program in place and tells where it notes its calls; under another name it is another version."""

    def put(name: str = "soffice", passes: str = "no such word", lost: str = "no such word") -> Path:
        page, calls, program = tmp_path / "page.pdf", tmp_path / "calls", tmp_path / name
        page.write_bytes(a_page())
        told = {"python": sys.executable, "calls": str(calls), "page": str(page), "passes": passes, "lost": lost}
        program.write_text(OFFICE.format(**told), encoding="utf-8")
        program.chmod(0o700)
        monkeypatch.setenv(convert.PROGRAM, str(program))
        forget()
        return calls

    yield put
    monkeypatch.undo()
    forget()


def forget() -> None:
    convert.program.cache_clear()
    conversion.stamp.cache_clear()


def run(workbook: Path, out: Path, options: Options = OPTIONS) -> Tally:
    return pipeline.run(workbook, out, options, Watch())


def tree(out: Path) -> dict[str, str]:
    files = (path for path in out.rglob("*") if path.is_file() and "运行记录" not in path.parts)
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def called(calls: Path) -> list[int]:
    """How many papers each call had; the list begins anew."""
    counts = [int(line) for line in calls.read_text().split()] if calls.exists() else []
    calls.unlink(missing_ok=True)
    return counts


def edited(number: int, tag: str, value: str) -> households.Change:
    def change(title: str, row: households.Row) -> households.Row:
        return row | {tag: value} if title == "案件" and row["档案编号"] == households.number_of(number) else row

    return change


def test_the_papers_of_many_cases_go_into_one_call(stand_in, tmp_path):
    calls = stand_in()
    done = run(households.write(tmp_path / "台账.xlsx", 8), tmp_path / "out")
    assert called(calls) == [16]
    assert done.papers == 32 and len(list((tmp_path / "out" / "案件").rglob("*.pdf"))) == 16


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_batch_does_not_depend_on_who_works_with_whom(stand_in, tmp_path, jobs):
    stand_in()
    workbook = households.write(tmp_path / "台账.xlsx", 11)
    run(workbook, tmp_path / "one")
    run(workbook, tmp_path / "out", Options(jobs=jobs, papers=TWO_PAPERS, is_pdf=True))
    assert tree(tmp_path / "out") == tree(tmp_path / "one")


def test_a_second_run_converts_nothing(stand_in, tmp_path):
    calls = stand_in()
    workbook = households.write(tmp_path / "台账.xlsx", 4)
    run(workbook, tmp_path / "out")
    called(calls)
    assert run(workbook, tmp_path / "out").kept == 4
    assert called(calls) == []


def test_after_a_change_only_the_papers_that_changed_are_converted(stand_in, tmp_path):
    calls = stand_in()
    run(households.write(tmp_path / "台账.xlsx", 4), tmp_path / "out")
    called(calls)
    changed = households.write(tmp_path / "b" / "台账.xlsx", 4, edited(2, "致困说明", "本人患病长期服药"))
    run(changed, tmp_path / "out")
    assert called(calls) == [1]  # the application tells the cause, the check of means does not
    run(changed, tmp_path / "fresh")
    assert tree(tmp_path / "out") == tree(tmp_path / "fresh")


def test_a_pdf_that_somebody_changed_is_set_aside_and_made_again(stand_in, tmp_path):
    calls = stand_in()
    workbook = households.write(tmp_path / "台账.xlsx", 2)
    run(workbook, tmp_path / "out")
    called(calls)
    before = tree(tmp_path / "out")
    paper = tmp_path / "out" / "案件" / households.number_of(1) / "01-个人申请书.pdf"
    paper.write_bytes(b"%PDF- by hand")
    run(workbook, tmp_path / "out")
    assert called(calls) == [1] and tree(tmp_path / "out") == before
    aside = list((tmp_path / "out" / "运行记录" / "改动过的文件").rglob("*.pdf"))
    assert [path.read_bytes() for path in aside] == [b"%PDF- by hand"]


def test_another_libreoffice_converts_everything_again(stand_in, tmp_path):
    calls = stand_in()
    workbook = households.write(tmp_path / "台账.xlsx", 3)
    run(workbook, tmp_path / "out")
    called(calls)
    stand_in("another")
    run(workbook, tmp_path / "out")
    assert called(calls) == [6]


def test_pdfs_are_made_once_libreoffice_is_there(stand_in, tmp_path, monkeypatch):
    monkeypatch.setenv(convert.PROGRAM, "no-such-program")
    forget()
    workbook = households.write(tmp_path / "台账.xlsx", 3)
    run(workbook, tmp_path / "out")
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    found = [[each["code"] for each in case["findings"] if each["code"] == "W503"] for case in told["cases"]]
    assert found == [["W503"]] * 3 and not list((tmp_path / "out").rglob("*.pdf"))
    calls = stand_in()
    run(workbook, tmp_path / "out")
    assert called(calls) == [6]


def test_a_paper_that_cannot_be_converted_is_told_with_its_case_and_its_word_paper_stands(stand_in, tmp_path):
    stand_in(passes="坏文书")
    workbook = households.write(tmp_path / "台账.xlsx", 5, edited(3, "致困说明", "坏文书"))
    done = run(workbook, tmp_path / "out")
    assert (done.made, done.failed) == (4, 1)
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    wrong = [case["case"] for case in told["cases"] if "E511" in [each["code"] for each in case["findings"]]]
    assert wrong == [households.number_of(3)]
    names = sorted(path.name for path in (tmp_path / "out" / "案件" / households.number_of(3)).iterdir())
    assert names == ["01-个人申请书.docx", "08-信息比对.docx", "08-信息比对.pdf"]


def test_with_missing_error_a_paper_that_cannot_be_converted_withholds_no_word_paper(stand_in, tmp_path):
    stand_in(passes="坏文书")
    workbook = households.write(tmp_path / "台账.xlsx", 3, edited(1, "致困说明", "坏文书"))
    done = run(workbook, tmp_path / "out", Options(jobs=1, papers=TWO_PAPERS, is_pdf=True, missing="error"))
    assert (done.made, done.failed) == (2, 1)
    names = sorted(path.name for path in (tmp_path / "out" / "案件" / households.number_of(1)).iterdir())
    assert names == ["01-个人申请书.docx", "08-信息比对.docx", "08-信息比对.pdf"]


def test_a_shared_paper_that_was_not_converted_is_tried_again_by_the_next_run(stand_in, tmp_path):
    shared = Options(jobs=1, papers=frozenset({"notice"}), is_pdf=True)
    workbook = households.write(tmp_path / "台账.xlsx", 3)
    calls = stand_in(passes="公示")
    assert "E511" in [finding.code for finding in run(workbook, tmp_path / "out", shared).findings]
    stand_in()
    called(calls)
    assert "E511" not in [finding.code for finding in run(workbook, tmp_path / "out", shared).findings]
    assert called(calls) and list((tmp_path / "out" / "公示").glob("*.pdf"))
    run(workbook, tmp_path / "out", shared)
    assert called(calls) == []


def test_a_pdf_that_does_not_print_its_case_number_is_not_kept(stand_in, tmp_path):
    stand_in(lost=households.number_of(2))
    done = run(households.write(tmp_path / "台账.xlsx", 4), tmp_path / "out")
    assert (done.made, done.failed) == (3, 1)
    told = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    wrong = [case["case"] for case in told["cases"] if "E441" in [each["code"] for each in case["findings"]]]
    assert wrong == [households.number_of(2)]
    folder = tmp_path / "out" / "案件" / households.number_of(2)
    assert len(list(folder.glob("*.docx"))) == 2 and not list(folder.glob("*.pdf"))


class TornShop(casework.Workshop):
    """A workshop with a fault of the program: it breaks down over the third case once papers are on disk."""

    def finish(self, draft: casework.Draft) -> casework.Outcome:
        if draft.checked.case_no == households.number_of(2):
            raise ZeroDivisionError
        return super().finish(draft)


def test_a_case_that_breaks_down_makes_no_other_of_its_group_be_put_in_place_twice(stand_in, tmp_path, monkeypatch):
    stand_in()
    run(households.write(tmp_path / "台账.xlsx", 4), tmp_path / "out")
    (tmp_path / "out" / "案件" / households.number_of(1) / "01-个人申请书.pdf").write_bytes(b"%PDF- by hand")
    monkeypatch.setattr(casework, "Workshop", TornShop)
    changed = households.write(tmp_path / "b" / "台账.xlsx", 4, edited(2, "致困说明", "本人患病长期服药"))
    done = run(changed, tmp_path / "out")
    assert [one.finding.code for one in done.wrong] == ["E603"]
    assert [(finding.code, finding.case_no) for finding in done.findings] == [("W601", households.number_of(1))]


def halves(tasks: list[tuple[int]]) -> list:
    if any(number == 13 for (number,) in tasks):
        raise ZeroDivisionError
    return [OSError() if number == 7 else number / 2 for (number,) in tasks]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_task_that_fails_a_group_fails_alone(size):
    crew = Together(batch.Alone(), size)
    futures = [crew.submit(halves, number) for number in (4, 13, 6, 7, 8)]
    failed = [type(future.exception()).__name__ for future in futures]
    assert failed == ["NoneType", "Crashed", "NoneType", "OSError", "NoneType"]
    assert [future.result() for future in futures if not future.exception()] == [2, 3, 4]


@pytest.mark.office
@pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: papers are not converted")
def test_a_paper_converted_among_others_is_the_one_converted_alone(tmp_path):
    forget()
    workbook = households.write(tmp_path / "台账.xlsx", 3)
    run(workbook, tmp_path / "out")
    folder = tmp_path / "out" / "案件" / households.number_of(1)
    word = folder / "01-个人申请书.docx"
    alone = convert.to_pdf({"a.docx": word}, titles={"a.docx": "个人申请书"}).papers["a.docx"]
    assert (folder / "01-个人申请书.pdf").read_bytes() == alone
