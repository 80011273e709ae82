"""Print jobs: where households begin, what is left out, how a jam is printed again."""

import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from formgen import pdf, printing
from formgen.cli.printing import command
from formgen.papers import forms
from formgen.pdf.page import Pages
from formgen.printing import Wish
from formgen.printing.plan import MAP, PAPER, SEPARATOR, Printable, entries, plan

FORMS = forms.load()


def pages(*words: str, size: tuple[float, float] = (595.276, 841.89)) -> bytes:
    made = Pages()
    for word in words:
        made.write(made.page(size), 100, 100, word, 12)
    return made.finish(title="")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three households with odd and even papers; one of them has a paper in Word only."""
    for case, count in (("T-0001", 1), ("T-0002", 2), ("T-0003", 3)):
        home = tmp_path / "案件" / case
        home.mkdir(parents=True)
        (home / "01-个人申请书.pdf").write_bytes(pages(*(f"{case} 申请 {at}" for at in range(count))))
        card = pdf.load(forms.home() / "bank-card" / "template.pdf")
        (home / "09-银行卡信息表.pdf").write_bytes(card.fill({"档案编号": case, "卡主": "欧阳䶮"}).content)
    (tmp_path / "案件" / "T-0003" / "04-建档申请表.docx").write_bytes(b"docx")
    return tmp_path


def words(content: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


PAPERS = st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=12)


@given(PAPERS, st.sampled_from(["case", "form"]), st.booleans())
def test_in_a_duplex_job_every_paper_begins_on_a_front_side(papers, by, separators):
    made = [
        Printable(group, f"f{at % 3}", f"表{at % 3}", f"{at}", pages, copies)
        for at, (group, pages, copies) in enumerate(sorted(papers))
    ]
    leaves = plan(made, by=by, duplex=True, separators=separators)
    for at, leaf in enumerate(leaves):
        if leaf.page == 1 and leaf.kind in (PAPER, SEPARATOR, MAP):
            assert at % 2 == 0
    assert [leaf.sheet for leaf in leaves] == [at // 2 + 1 for at in range(len(leaves))]


@given(PAPERS, st.sampled_from(["case", "form"]), st.booleans())
def test_every_page_of_every_copy_is_printed_once(papers, by, duplex):
    made = [
        Printable(group, f"f{at % 3}", "表", f"{at}", pages, copies)
        for at, (group, pages, copies) in enumerate(sorted(papers))
    ]
    printed = [
        (leaf.paper.file, leaf.copy, leaf.page) for leaf in plan(made, by=by, duplex=duplex) if leaf.kind == PAPER
    ]
    assert sorted(printed) == sorted(
        (paper.file, copy, page)
        for paper in made
        for copy in range(1, paper.copies + 1)
        for page in range(1, paper.pages + 1)
    )


def test_each_union_has_a_separator_of_its_own_before_its_notice(tmp_path):
    (tmp_path / "公示").mkdir()
    for union in ("示例市机械厂工会", "示例市城关区东街街道" * 4 + "工会"):
        (tmp_path / "公示" / f"{union}-公示.pdf").write_bytes(pages(union))
    made = printing.job(tmp_path, FORMS, Wish())
    assert [paper["case"][:5] for paper in made.page_map["papers"]][:3:2] == ["示例市城关", "示例市机械"]
    headings = [text for text in words(made.content) if "公示（第1份）" in text]
    assert len(headings) == 2 and all("工会" in text for text in headings)


def test_the_map_names_the_sheets_a_paper_lies_on():
    leaves = plan([Printable("T-1", "a", "甲", "a.pdf", 3), Printable("T-2", "a", "甲", "b.pdf", 1)], duplex=True)
    assert [(entry.paper.group, entry.first, entry.last) for entry in entries(leaves)] == [("T-1", 3, 4), ("T-2", 6, 6)]


def test_a_household_with_an_odd_number_of_pages_leaves_an_empty_back(folder):
    made = printing.job(folder, FORMS, Wish(duplex=True, separators=False, marks=False))
    texts = words(made.content)
    assert made.page_map["sheets"] * 2 >= len(texts)
    firsts = [at for at, text in enumerate(texts) if "申请0" in text or "开户行复印件" in text]
    assert len(firsts) == 6 and all(at % 2 == 0 for at in firsts)
    assert "" in texts


def test_on_paper_each_household_begins_on_a_front_and_only_backs_are_empty(folder):
    pdfium = pytest.importorskip("pypdfium2")
    made = printing.job(folder, FORMS, Wish(duplex=True))
    drawn = [page.render(scale=0.5).to_pil().convert("L") for page in pdfium.PdfDocument(made.content)]
    empty = [at for at, picture in enumerate(drawn) if picture.getextrema() == (255, 255)]
    texts = words(made.content)
    begins = [next(at for at, text in enumerate(texts) if text.startswith(f"T-000{case}第")) for case in (1, 2, 3)]
    assert empty and all(at % 2 == 1 for at in empty)
    assert all(at % 2 == 0 for at in begins)


def test_field_values_of_many_forms_do_not_run_into_each_other(folder):
    made = printing.job(folder, FORMS, Wish(separators=False))
    reader = PdfReader(io.BytesIO(made.content))
    assert reader.get_fields() is None
    for case in ("T-0001", "T-0002", "T-0003"):
        assert [text.count(case) for text in words(made.content) if "开户行复印件" in text and case in text] == [2]


def test_a_paper_in_word_only_is_named_and_left_out(folder):
    made = printing.job(folder, FORMS, Wish())
    assert [finding.code for finding in made.findings] == ["W504"]
    assert made.findings[0].values["papers"] == "案件/T-0003/04-建档申请表.docx"


def test_a_broken_pdf_is_named_and_the_others_are_printed(folder):
    (folder / "案件" / "T-0002" / "01-个人申请书.pdf").write_bytes(b"%PDF-1.7 torn")
    made = printing.job(folder, FORMS, Wish())
    assert [finding.place.file for finding in made.findings if finding.code == "E512"] == [
        "案件/T-0002/01-个人申请书.pdf"
    ]
    assert len(made.page_map["papers"]) == 5


def test_equal_folders_give_equal_bytes(folder):
    wish = Wish(duplex=True, copies={"application": 2})
    assert (
        printing.job(folder, FORMS, wish, title="批").content == printing.job(folder, FORMS, wish, title="批").content
    )


def test_bookmarks_go_by_household_and_paper(folder):
    outline = PdfReader(io.BytesIO(printing.job(folder, FORMS, Wish()).content)).outline
    assert [item.title for item in outline if not isinstance(item, list)] == ["T-0001", "T-0002", "T-0003"]


def test_the_mark_on_each_page_says_whose_it_is_and_which_sheet(folder):
    made = printing.job(folder, FORMS, Wish(separators=False))
    for text, entry in zip(words(made.content), made.page_map["papers"], strict=False):
        if entry["pages"] == 1:
            assert entry["case"] in text
    assert "第1张" in words(made.content)[0]


def test_the_command_prints_one_household_again_after_a_jam(folder, tmp_path):
    target = tmp_path / "补打.pdf"
    result = CliRunner().invoke(command, [str(folder), "-o", str(target), "--only", "T-0002", "--copies", "09=3"])
    assert result.exit_code == 0, result.output
    page_map = json.loads(target.with_suffix(".json").read_text(encoding="utf-8"))
    assert {paper["case"] for paper in page_map["papers"]} == {"T-0002"}
    assert sum(paper["form"] == "bank-card" for paper in page_map["papers"]) == 3


@pytest.mark.parametrize("by", ["case", "form"])
def test_of_a_form_with_zero_copies_nothing_is_printed_not_even_a_separator(folder, tmp_path, by):
    target = tmp_path / "q.pdf"
    result = CliRunner().invoke(command, [str(folder), "-o", str(target), "--by", by, "--copies", "application=0"])
    assert result.exit_code == 0, result.output
    assert "个人申请书" not in "".join(words(target.read_bytes()))
    assert len(PdfReader(target).outline) == (6 if by == "case" else 2)


@pytest.mark.parametrize(
    "wrong", [["--only", "T-9999"], ["--only", ""], ["--copies", "nothing=3"], ["--copies", "bank-card=many"]]
)
def test_the_command_refuses_what_is_not_there(folder, tmp_path, wrong):
    result = CliRunner().invoke(command, [str(folder), "-o", str(tmp_path / "x.pdf"), *wrong])
    assert result.exit_code == 2 and not (tmp_path / "x.pdf").exists()


def test_a_folder_without_pdf_says_how_to_get_them(tmp_path):
    (tmp_path / "案件").mkdir()
    result = CliRunner().invoke(command, [str(tmp_path), "-o", str(tmp_path / "x.pdf")])
    assert result.exit_code == 3 and "run" in result.output
