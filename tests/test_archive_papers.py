"""The papers of the archive as an archivist prints them: nothing lost, no page with nothing on it, a code on each."""

from __future__ import annotations

import io
from datetime import date

import pytest
from pypdf import PdfReader

from formgen.keep import disposal, handover, items, policy, register, slips, transfer, yearly
from formgen.keep.repository import Repository
from tests import dossiers
from tests.dossiers import AT
from tests.readable import words

FOOT = 80  # characters: more than any footer holds
ON, DUE = date(2026, 11, 22), date(2036, 11, 21)
UNITS = {"sender": "示例市机械厂工会", "receiver": "示例市城关区东街街道工会联合会", "reason": "原用人单位撤销"}


def drawn(dossier=None, number="J045-WS·2026-D10-KN-0001"):
    dossier = dossier or dossiers.dossier()
    rules = policy.default()
    return slips.of_dossier(dossier, number, items.numbered(dossier, number, rules), rules)


def test_a_dossier_has_a_catalogue_to_print_with_the_nine_columns_of_the_standard():
    said = words(drawn()["items"])
    assert "".join(items.HEADINGS) in said and "J045-WS·2026-D10-KN-0001-003" in said and "诸葛小雪病历" in said


def test_the_catalogue_of_an_open_dossier_says_that_it_has_no_number():
    assert "（未撤档，未取号）" in words(drawn(dossiers.dossier(withdrawn=None), "")["items"])


def test_the_catalogues_of_a_year_have_the_cover_of_the_standard(tmp_path):
    repo, _ = dossiers.repository(tmp_path, dossiers.several(2))
    folder = yearly.make(repo, 2026).folder
    for name, table in (("catalog-2026", "起始日期撤档日期"), ("catalog-2026-items", "责任者题名日期密级页数")):
        said = words((folder / f"{name}.docx").read_bytes())
        assert "全宗号J045全宗名称示例市总工会年度2026保管期限D10机构（问题）" in said
        assert table in said and "编制人：" in said and "未签名" in said
    assert "诸葛" not in said and "××××病历" in said


def test_a_list_of_destruction_is_signed_on_its_cover(tmp_path):
    repo, _ = dossiers.repository(tmp_path, dossiers.several(2))
    number, _ = disposal.propose(repo, numbers(repo), by="工号07", opinion="销毁", on=DUE, at=AT)
    said = words((repo.receipts / f"{number}-list.docx").read_bytes())
    before, _, after = said.partition("档案鉴定销毁清册disposal")
    assert "数量2卷" in before and "监销人二：" in before and "永久（Y）" in before
    assert "监销人" not in after


def numbers(repo: Repository) -> list[str]:
    return [entry.number for entry in register.load(repo.register / "numbers.csv")]


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 21, 22, 23])
def test_no_page_of_a_paper_is_empty_and_every_page_says_which_it_is(tmp_path, count):
    pytest.importorskip("pikepdf")
    repo, _ = dossiers.repository(tmp_path / "库", dossiers.several(count))
    made = yearly.make(repo, 2026)
    known = register.load(repo.register / "numbers.csv").of_year(2026)
    transfer.send(repo, known, tmp_path / "盘", on=ON, at=AT, **UNITS)
    handover.make(repo, giver="工号07", taker="工号12", witness="主任", matters="", on=ON, at=AT)
    disposal.propose(repo, numbers(repo), by="工号07", opinion="销毁", on=DUE, at=AT)
    papers = sorted((*made.folder.glob("*.pdf"), *repo.receipts.glob("*.pdf")))
    assert len(papers) == 8
    for path in papers:
        pages = PdfReader(io.BytesIO(path.read_bytes())).pages
        for place, page in enumerate(pages, start=1):
            said = "".join(page.extract_text().split())
            assert f"第{place}页共{len(pages)}页" in said, f"{path.name} 第 {place} 页"
            assert len(said) > FOOT, f"{path.name} 第 {place} 页"
    assert len(PdfReader(next(repo.receipts.glob("transfer-*-1.pdf"))).pages) == 1
