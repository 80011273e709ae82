"""How papers fall on pages when LibreOffice lays them out: nothing pushed over by one line, nothing torn apart."""

from __future__ import annotations

import dataclasses

import pypdfium2
import pytest

from formgen.model import Clause, Decision
from formgen.papers import compose, forms, notice, publicity
from formgen.pdf import convert
from tests import papers

FORMS = {form.id: form for form in forms.load()}
EMPLOYER = "示例市城关区新型墙体材料与装配式建筑构件研究开发生产销售有限责任公司东郊第一分公司"
ADDRESS = (
    "示例市城关区东郊街道办事处新安江路与滨湖大道交叉口向北三百米路西原示例市化工机械总厂职工家属区（又名“红旗新村”）"
    "第二十七栋西单元五楼南户（与父母同住，门牌号为红旗新村27-5-502）"
)
WIDE = dataclasses.replace(
    papers.LI,
    name="欧阳䶮㛃𬍛",
    employer=EMPLOYER,
    address=ADDRESS,
    hardship_text="本人患病住院，女儿上大学，家中无积蓄。" * 10,
    union_opinion="经走访核实情况属实同意上报。" * 4,
    higher_opinion="材料齐全，情况属实，同意上报。" * 4,
    centre_opinion="经复审和信息比对，符合条件，同意建档。" * 6,
    members=papers.LI.members + papers.LI.members[2:] * 5,
)
QUOTE = (
    "家庭人均可支配月收入在当地最低生活保障标准1.5倍（含）以下，且满足（家庭可支配收入-由于患病、子女上学、残疾、单亲及其它特殊原因"
    "造成支出费用）÷家庭总人口≦当地低保标准的职工家庭"
)
REASONS = tuple(
    Clause(id, f"皖工发〔2017〕51号 {id}", QUOTE, "5055.56", "<=", "958.5", False, "-4097.06", "-147494.16")
    for id in ("5(一)1.收入", "5(一)2后段.扣后", "5(一)3", "5(二)", "5(三)")
)
REFUSED = dataclasses.replace(papers.REFUSED, clauses=REASONS)


ONE_PAGE = ("checklist", "application", "authorization", "review", "income", "expenses", "means-check", "aid-request")


LABELS = (
    "因病支出", "慢性病支出", "意外事故支出", "子女上学学费", "其他教育支出", "残疾支出", "单亲支出", "其他必须支出",
)  # fmt: skip
#: a sum with an amount of every kind of expense
LONG_SUM = dataclasses.replace(
    papers.LI_DECISION,
    figures=dataclasses.replace(papers.LI_DECISION.figures, deducted=tuple((label, 1234567) for label in LABELS)),
)


def paper(form: str, decision: Decision = LONG_SUM) -> bytes:
    document, _ = compose.compose(FORMS[form], WIDE, decision, union=papers.UNION)
    assert document is not None
    return document.content


def posted(count: int) -> bytes:
    entries = [publicity.entry(dataclasses.replace(papers.LI, name=f"工{n}"), papers.LI_DECISION) for n in range(count)]
    notices, _ = notice.plan([each for each in entries if each], {papers.UNION.name: papers.UNION})
    (made,), _ = notice.write(FORMS["notice"], notices, [])
    return made.content


def coded(form: str) -> bytes:
    chosen = dataclasses.replace(FORMS[form], qr=True)
    document, _ = compose.compose(chosen, WIDE, LONG_SUM, union=papers.UNION)
    assert document is not None
    return document.content


@pytest.fixture(scope="module")
def printed() -> dict[str, list[str]]:
    """The words of each page of each paper, without blanks; one call of LibreOffice for all."""
    made = {f"{form}.docx": paper(form) for form in ONE_PAGE}
    made |= {f"{form}-coded.docx": coded(form) for form in ONE_PAGE}
    made |= {"refusal.docx": paper("refusal", REFUSED), "notice.docx": posted(60)}
    made |= {f"notice-{count}.docx": posted(count) for count in (2, 8)}
    return {name.removesuffix(".docx"): _words(content) for name, content in convert.to_pdf(made).papers.items()}


def _words(content: bytes) -> list[str]:
    return ["".join(page.get_textpage().get_text_range().split()) for page in pypdfium2.PdfDocument(content)]


@pytest.mark.office
@pytest.mark.parametrize("form", ONE_PAGE)
def test_a_paper_of_the_longest_values_stays_on_one_page(form: str, printed: dict[str, list[str]]) -> None:
    assert len(printed[form]) == 1


@pytest.mark.office
@pytest.mark.parametrize("form", ONE_PAGE)
def test_a_code_in_the_footer_moves_nothing(form: str, printed: dict[str, list[str]]) -> None:
    assert printed[f"{form}-coded"] == printed[form]


@pytest.mark.office
def test_a_refusal_with_five_long_reasons_keeps_its_signature_with_its_text(printed: dict[str, list[str]]) -> None:
    assert "提出异议的电话" in printed["refusal"][-1]
    assert "收到人（签字）" in printed["refusal"][-1]


@pytest.mark.office
def test_the_head_of_the_list_stands_on_every_page_of_a_long_notice(printed: dict[str, list[str]]) -> None:
    assert len(printed["notice"]) > 3
    assert all("序号" in page for page in printed["notice"][1:])
    assert "单位（加章）" in printed["notice"][0]


@pytest.mark.office
def test_the_list_of_a_notice_begins_below_its_seal(printed: dict[str, list[str]]) -> None:
    assert len(printed["notice-2"]) == 1
    first, second = printed["notice-8"]
    assert all(f"工{n}示例市机械厂" in first for n in range(8))
    assert all(f"工{n}本人（在职）" in second for n in range(8))
