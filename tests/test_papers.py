"""Each paper as it is composed, and its wording against the documents of the service centre."""
# ruff: noqa: E501 - the wording is quoted as it stands

from __future__ import annotations

import dataclasses
import re
import shutil
import tomllib
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from formgen import fields, workdays
from formgen.check import posting
from formgen.decide import decide
from formgen.household import Case
from formgen.messages import FormgenError
from formgen.model import Decision
from formgen.papers import agenda, checklist, compose, forms, leaks, notice, pictures, publicity, sums, tags
from formgen.papers.forms import Form
from tests import papers, stories
from tests.readable import readable, words

GOLDEN = Path(__file__).with_name("golden")
FORMS = {form.id: form for form in forms.load()}
WORD_FORMS = [form.id for form in FORMS.values() if form.kind == "docx" and form.per == "case"]


def composed(form: str, case: Case = papers.LI, decision: Decision | None = None, **more: object) -> bytes:
    decision = decision or papers.DECISIONS.get(form, papers.LI_DECISION)
    document, _ = compose.compose(FORMS[form], case, decision, union=papers.UNION, **more)
    assert document is not None
    return document.content


def posted(*cases: Case) -> bytes:
    entries = [each for case in cases if (each := publicity.entry(case, papers.LI_DECISION))]
    notices, _ = notice.plan(entries, {papers.UNION.name: papers.UNION})
    (paper,), findings = notice.write(FORMS["notice"], notices, [])
    assert not [finding for finding in findings if finding.is_error]
    return paper.content


def check_golden(name: str, text: str, accept: bool) -> None:
    path = GOLDEN / f"{name}.txt"
    if accept:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", WORD_FORMS)
def test_each_paper_reads_as_it_was_accepted(form: str, accept: bool) -> None:
    check_golden(form, readable(composed(form)), accept)


def test_the_notice_reads_as_it_was_accepted(accept: bool) -> None:
    check_golden("notice", readable(posted(papers.LI)), accept)


def test_the_paper_for_the_meeting_reads_as_it_was_accepted(accept: bool) -> None:
    human = dataclasses.replace(papers.LI_DECISION, status="human", body="县级以上总工会")
    point = agenda.point(papers.LI, human)
    assert point is not None
    document, _ = compose.fill(FORMS["minutes"], agenda.tags([point]), "")
    assert document is not None
    check_golden("minutes", readable(document.content), accept)


# The wording, verbatim from the documents. Blanks are left out on both sides; what the law or a field of its own adds is
# listed beside the text it is added to.

APPLICATION = """
个人申请书
        工会：
本人        ，家庭人口  人，因
导致家庭生活困难，特申请工会帮扶救助。
 申请人（签字）：
                                     年　　 月  　 日
"""
AUTHORIZATION = """
本家庭已提出申请   困难职工  救助，本家庭同意取得此授权书的有关部门及其工作人员向所有涉及到本家庭经济状况信息的部门或机构查询、核对本家庭财产和收入状况。亦同意所有涉及到本家庭经济状况信息的部门或机构将所掌握的资料和信息提供给有关救助部门。
特此授权。
查询所涉及的家庭成员（包含共同生活的家庭成员及法定赡养人、抚养人、扶养人）：
姓名      与户主关系         身份证号码          指模
1、
2、
3、
4、
5、
授权家庭：（职工本人签字）          授权单位：（盖章）
联系电话：                         年    月    日
"""
REVIEW = """
安徽省职工服务中心困难职工帮扶救助（建档）申请表
基层（单位）工会联系人及电话：                                                 年    月    日
	职工姓名	性别	工作	单位	身份证号码	家庭住址	联系电话	建档计算方式	月人均收入
	建档级别	□全总级    □省总级
	申请类别	 □助学救助        □生活救助        □大病救助
	家庭困难	状    况
	审核意见
	基层（单位）工会意见(盖章）                 年    月    日
	上级工会或产业、直属工会意见（盖章）                                 年    月    日
	省职工服务中心意见（盖章）                                                                 年    月    日
"""
NOTICE = """
公   示
根据《安徽工会困难职工档案管理办法》，          （单位）      名职工，经过申报、审核，符合建档条件，拟实施帮扶救助，现予以公示（名单附后），如有异议，请从即日起5日内提出意见。
监督电话：
                                      单位（加章）
"""
NOTICE_TABLE = "公示人员信息 序号 姓名 单位 致困原因"
INCOME = """
收入证明材料
（1）上一年度或近12个月银行流水、单位工资发放清单（有一即可，工资清单需盖单位财务章），农民工需提供与用人单位签订的劳动合同或建档前6个月社保缴费证明（有一即可）。
（2）困难职工、农民工家庭成员中有工作能力但处于非就业状态，按照当地最低工资计算收入。有特殊情况的，提供相关证明材料（如残疾证、病历等）。
（3）家庭人口数认定：以户口本上人数为准，如不在同一户口本上但长期共同居住生活在一起的，需上门走访核实。
"""
EXPENSES = """
刚性支出证明材料
（1）教育支出：上一年度内子女上大学（付收费标准或缴费凭证）。
（2）医疗支出：上一年度内医疗发票（计算医保目录内的个人自付部分），出院小结。
（3）意外支出：突发事件、意外伤害、重大疾病等支出（相关单位证明）。
"""
MATERIALS = """
 安徽省职工服务中心困难职工帮扶救助
建档材料
1、个人申请书（本人填写）；
2、家庭经济状况核对承诺授权书（本人填写）；
3、家庭成员身份证明材料（本人提供）；
4、救助（建档）申请表（单位工会填写）；
5、收入证明材料（本人提供单位协助）；
6、刚性支出证明材料（本人提供）；
7、公示（省直、省产业或基层工会）；
8、信息比对材料（省民政信息中心提供）；
9、申请人本人银行卡卡号及开户行复印件（本人提供）：
"""
MEANS = ("信息比对（比对情况材料）", "家庭房产情况", "家庭车辆情况", "工商登记等情况")
IDENTITY = "家庭成员身份证明材料（身份证、户口本复印件）"


def plain(text: str) -> str:
    return re.sub(r"\s", "", text)


def empty(form: str) -> str:
    """The words of a paper whose every value is blank: what stands in the template itself."""
    context = {
        tag: () if isinstance(value, tuple) else None
        for tag, value in tags.context(papers.LI, papers.LI_DECISION).items()
    }
    context |= {tag: "□" for tag in context if tag.endswith("框") and context[tag] is None}
    context |= {"授权空行": tuple({"序号": str(number)} for number in range(1, 6)), "收文工会": "工会"}
    document, _ = compose.fill(FORMS[form], context, "AH-0001", missing="blank")
    assert document is not None
    return words(document.content)


def test_the_list_of_materials_is_that_of_the_documents() -> None:
    title, *lines = [line.strip(" ；：") for line in MATERIALS.strip().splitlines()]
    printed = words(composed("checklist"))
    assert printed.startswith(title + lines[0])
    assert [f"{row['序号']}、{row['材料']}" for row in checklist.listed(papers.LI, papers.LI_DECISION)[:9]] == lines[1:]
    assert [line for line in lines[1:] if line.replace("、", "", 1) not in printed] == []


def test_the_application_says_what_the_form_says() -> None:
    assert empty("application") == plain(APPLICATION)


def test_the_authorization_says_what_the_form_says_under_the_title_of_the_list() -> None:
    printed = empty("authorization")
    assert printed.startswith("家庭经济状况核对承诺授权书" + plain(AUTHORIZATION))
    assert "保证所提交的材料真实有效，并愿意接受审核" in printed


def test_the_review_form_is_the_documents_own_with_a_field_for_the_city_tier() -> None:
    printed = empty("review")
    for added in ("市总级档案□市总级", "规则截至"):
        assert printed.count(added) == 1
        printed = printed.replace(added, "")
    assert printed.count("待核") == 2  # what cannot be worked out yet
    assert _dated(printed.replace("待核", "")) == plain(REVIEW)


def _dated(printed: str) -> str:
    """The words with each opinion's date after it: the dates of the two that stand side by side share a row of theirs."""
    own, higher, dates = "基层（单位）工会意见(盖章）", "上级工会或产业、直属工会意见（盖章）", "年月日年月日"
    assert printed.count(own + higher + dates) == 1
    return printed.replace(own + higher + dates, f"{own}年月日{higher}年月日")


def test_the_notice_says_what_the_form_says_but_for_the_working_days() -> None:
    printed = words(posted(papers.LI))
    period = "请在2019年3月1日至2019年3月8日（不少于5个工作日）内提出意见"
    expected = (
        plain(NOTICE).replace("请从即日起5日内提出意见", period).replace("（单位）名", "示例市机械厂工会（单位）1名")
    )
    assert printed.startswith(expected.replace("监督电话：", "监督电话：0550-3012388"))
    assert plain(NOTICE_TABLE) in printed


def test_the_rules_of_income_stand_above_its_table() -> None:
    assert empty("income").startswith(plain(INCOME))


def test_the_rules_of_expenses_stand_above_their_table_with_the_slip_corrected() -> None:
    assert empty("expenses").startswith(plain(EXPENSES).replace("付收费标准", "附收费标准"))


def test_the_means_check_names_the_three_checks() -> None:
    printed = words(composed("means-check"))
    assert [text for text in MEANS if text not in printed] == []


def test_the_identity_paper_has_the_title_of_the_list() -> None:
    assert empty("identity").startswith(IDENTITY)


# What a paper prints.


def test_the_review_form_prints_the_formula_and_ticks_the_tier_and_the_granted_aid() -> None:
    printed = words(composed("review"))
    assert "（62320－35300－4700）÷12÷3＝620.00元" in printed
    assert "☑全总级□省总级" in printed
    assert "□助学救助□生活救助☑大病救助" in printed
    assert "规则截至2018-12-18" in printed


def _disaster(**cells: str) -> tuple[Case, Decision]:
    """The household of BR-13, for which 第五条（一）4 has a formula of its own."""
    told = next(story for story in stories.all_stories() if story["id"] == "BR-13")["rows"]
    rows = stories.rows_of({"rows": told | {"案件": told["案件"] | cells}})
    case = stories.case_of(rows)
    return case, decide(case, stories.law_of(rows))


def test_a_great_disaster_is_counted_by_the_formula_of_its_own_article() -> None:
    case, decision = _disaster()
    point = agenda.point(case, decision)
    assert point is not None
    on_agenda = dict(zip(agenda.COLUMNS[1:], point.values, strict=True))
    assert on_agenda["计算方式"] == "（80000＋5000－62000）÷12÷3＝638.89元"
    assert tags.context(case, decision)["建档计算方式"] == on_agenda["计算方式"]
    assert sums.formula(*_disaster(投资性净资产="1.01", 储蓄="0")) == "（80000＋1.01－62000）÷12÷3＝500.03元"
    assert sums.formula(dataclasses.replace(case, savings=None), decision) is None


def test_a_sum_that_cannot_be_worked_out_yet_is_said_to_be_open_and_is_no_gap_of_the_workbook() -> None:
    open_sum = dataclasses.replace(papers.WAITING, figures=None)
    document, findings = compose.compose(FORMS["review"], papers.LI, open_sum, union=papers.UNION)
    assert document is not None
    assert "建档计算方式待核月人均收入待核" in words(document.content)
    assert findings == ()


def test_nothing_is_ticked_before_a_body_has_decided() -> None:
    human = dataclasses.replace(papers.LI_DECISION, status="human")
    assert "□全总级□省总级市总级档案□市总级" in words(composed("review", decision=human))


def test_the_city_tier_is_ticked_in_its_own_field() -> None:
    city = dataclasses.replace(papers.LI_DECISION, tier="市总级")
    assert "□全总级□省总级市总级档案☑市总级" in words(composed("review", decision=city))


def test_the_aid_applied_for_is_ticked_until_one_is_granted() -> None:
    case = dataclasses.replace(papers.LI, aid_granted=())
    assert "☑助学救助□生活救助☑大病救助" in words(composed("review", case))


def test_the_authorization_has_a_row_for_everybody_and_five_at_least() -> None:
    parent = dataclasses.replace(papers.LI.members[1], name="李大山", relation="父", lives_together=False)
    many = dataclasses.replace(papers.LI, members=papers.LI.members + (parent,) * 5)
    assert "5、联系电话" not in words(composed("authorization"))
    assert "8、李大山父" in words(composed("authorization", many))
    assert "4、5、授权家庭" in words(composed("authorization"))


@pytest.mark.parametrize("form", ["application", "review", "authorization", "income", "means-check"])
def test_signs_of_markup_in_a_name_are_printed_whole(form: str) -> None:
    case = dataclasses.replace(
        papers.LI, employer="A&B<C>厂", cause_note="A&B<C>厂停产", name="欧阳䶮㛃𬍛", union="A&B<C>厂工会"
    )
    case = dataclasses.replace(case, members=(dataclasses.replace(case.members[0], name="A&B<C>"), *case.members[1:]))
    printed = words(composed(form, case))
    assert "A&B<C>" in printed or "欧阳䶮㛃𬍛" in printed


def test_a_text_too_long_for_its_cell_goes_on_an_attached_page() -> None:
    long = "本人患病住院，女儿上大学，儿子读高中。" * 20
    printed = words(composed("review", dataclasses.replace(papers.LI, hardship_text=long)))
    assert "家庭困难状况见附页" in printed
    assert "附页家庭困难状况" + long in printed


def test_a_missing_value_is_marked_and_told() -> None:
    case = dataclasses.replace(papers.LI, phone=None)
    document, findings = compose.compose(FORMS["review"], case, papers.LI_DECISION, union=papers.UNION)
    assert document is not None
    assert "【缺：联系电话】" in words(document.content)
    assert [(each.code, each.values["tags"]) for each in findings] == [("W660", "联系电话")]


def emptied(*, starred: bool) -> Case:
    """Li's case without every value of the columns of 案件 that are starred, or of those that are not."""
    names = [each.key for each in fields.catalogue()["case"].fields if each.is_required == starred and not each.is_key]
    return dataclasses.replace(
        papers.LI, **{name: () if isinstance(getattr(papers.LI, name), tuple) else None for name in names}
    )


@pytest.mark.parametrize("form", WORD_FORMS)
def test_a_column_without_a_star_leaves_room_for_the_hand(form: str) -> None:
    assert "【缺" not in words(composed(form, emptied(starred=False)))


@pytest.mark.parametrize("form", WORD_FORMS)
def test_every_starred_column_that_a_paper_prints_is_marked_when_it_is_empty(form: str) -> None:
    template = FORMS[form].template
    assert template is not None
    with zipfile.ZipFile(template) as package:
        asked = re.findall(r"\{\{ (\w+) \}\}", re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode()))
    starred = {each.tag for each in fields.catalogue()["case"].fields if each.is_required and not each.is_key}
    printed = words(composed(form, emptied(starred=True)))
    assert [tag for tag in asked if tag in starred and f"【缺：{tag}】" not in printed] == []


def test_a_missing_value_stops_the_paper_when_errors_are_asked_for() -> None:
    case = dataclasses.replace(papers.LI, phone=None)
    document, findings = compose.compose(FORMS["review"], case, papers.LI_DECISION, missing="error")
    assert document is None
    assert any(each.is_error for each in findings)


@pytest.mark.parametrize("form", WORD_FORMS)
def test_a_paper_that_prints_a_result_says_until_when_the_rules_reach(form: str) -> None:
    printed = words(composed(form))
    verdict = form in ("checklist", "review", "means-check", "refusal", "missing")
    assert ("规则截至2018-12-18" in printed) == verdict


@pytest.mark.parametrize("form", WORD_FORMS)
def test_every_footer_names_the_case_the_paper_and_the_page(form: str) -> None:
    with zipfile.ZipFile(BytesIO(composed(form))) as package:
        foot = re.sub(r"<[^>]+>", "", package.read("word/footer1.xml").decode())
    assert "AH-0001" in foot
    name = FORMS[form].file.removesuffix(".docx").replace("-", " ", 1)
    assert f"文书：{name}　" in foot
    assert form not in foot
    assert re.search(r"第.*PAGE.*页.*共.*NUMPAGES.*页", foot)


@pytest.mark.parametrize("form", WORD_FORMS)
def test_a_paper_has_the_same_bytes_every_time(form: str) -> None:
    assert composed(form) == composed(form)


def test_a_refusal_is_made_for_everybody_who_is_refused() -> None:
    for status in ("auto", "blocked"):
        assert FORMS["refusal"].is_due(dataclasses.replace(papers.REFUSED, status=status), papers.LI)
    assert not FORMS["refusal"].is_due(papers.LI_DECISION, papers.LI)


def test_a_request_on_file_is_made_only_where_there_is_one() -> None:
    assert FORMS["aid-request"].is_due(papers.LI_DECISION, papers.LI)
    assert not FORMS["aid-request"].is_due(papers.LI_DECISION, dataclasses.replace(papers.LI, requests=()))


def test_an_invalid_case_gets_no_paper() -> None:
    invalid = dataclasses.replace(papers.LI_DECISION, tier="待定", status="invalid")
    assert [form.id for form in FORMS.values() if form.is_due(invalid, papers.LI)] == []


@pytest.mark.parametrize("form", [*WORD_FORMS, "notice"])
def test_every_tag_of_a_shipped_template_is_known(form: str) -> None:
    known = tags.known(FORMS[form].per)
    template = FORMS[form].template
    assert template is not None
    with zipfile.ZipFile(template) as package:
        text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
    loops: dict[str, str] = {}
    full = []
    for item, rows, tag in re.findall(r"\{%\w* ?for (\w+) in (\w+) %\}|\{\{ ([\w.]+) \}\}", text):
        if item:
            loops[item] = rows
            full.append(rows)
        else:
            head, _, column = tag.partition(".")
            full.append(f"{loops[head]}.{column}" if head in loops else tag)
    assert full
    assert [tag for tag in full if tag not in known] == []


def test_every_known_tag_stands_in_the_context() -> None:
    made = tags.context(papers.LI, papers.LI_DECISION, union=papers.UNION)
    assert [tag for tag in tags.known() if tag.split(".")[0] not in made] == []


def test_five_working_days_are_counted_from_the_day_after() -> None:
    from datetime import date

    assert posting.last_day(date(2019, 3, 1), 5) == date(2019, 3, 8)
    with pytest.raises(workdays.UnknownYear):
        posting.last_day(date(2199, 3, 1), 5)


def test_a_form_toml_with_an_unknown_key_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x/form.toml").write_text(
        'title="甲"\nper="case"\nwhen=["*/auto"]\nfile="1.docx"\ncolour=1\n', encoding="utf-8"
    )
    with pytest.raises(FormgenError, match="colour"):
        forms.load(tmp_path)


def _form(per: str) -> Form:
    return next(form for form in FORMS.values() if form.per == per)


def test_the_gate_holds_back_a_notice_with_a_private_value() -> None:
    entry = publicity.entry(papers.LI, papers.LI_DECISION)
    assert entry is not None
    notices, _ = notice.plan([dataclasses.replace(entry, family=papers.LI.address or "")], {})
    made, findings = notice.write(_form("union"), notices, leaks.secrets(papers.LI))
    assert made == ()
    assert [(each.code, each.values) for each in findings if each.is_error] == [("E662", {"kind": "住址"})]


def test_an_address_typed_into_the_employers_cell_is_held_back() -> None:
    case = dataclasses.replace(papers.LI, employer=f"机械厂（{papers.LI.address}）")
    entry = publicity.entry(case, papers.LI_DECISION)
    assert entry is not None
    made, findings = notice.write(_form("union"), notice.plan([entry], {})[0], leaks.secrets(case))
    assert made == ()
    assert "E662" in {each.code for each in findings}


def test_the_hotline_may_be_the_phone_of_the_contact() -> None:
    case = dataclasses.replace(papers.LI, union_contact_phone=papers.UNION.hotline)
    entry = publicity.entry(case, papers.LI_DECISION)
    assert entry is not None
    notices, _ = notice.plan([entry], {papers.UNION.name: papers.UNION})
    made, _ = notice.write(_form("union"), notices, leaks.secrets(case))
    assert len(made) == 1


@pytest.mark.parametrize("form", [form.id for form in FORMS.values() if form.template is not None])
def test_the_sample_beside_a_template_fills_every_tag(form: str) -> None:
    chosen = FORMS[form]
    sample = tomllib.loads((chosen.folder / "sample.toml").read_text(encoding="utf-8"))
    document, findings = compose.fill(chosen, sample, "样例")
    assert document is not None
    assert [(each.code, dict(each.values)) for each in findings] == []


def _with_code(folder: Path, form: str) -> Form:
    shutil.copytree(FORMS[form].folder, folder / form)
    told = folder / form / "form.toml"
    told.write_text(told.read_text(encoding="utf-8") + "qr = true\n", encoding="utf-8")
    return forms.load(folder)[0]


@pytest.mark.parametrize("form", WORD_FORMS)
def test_a_paper_bears_a_code_in_its_footer_where_its_form_asks_for_one(form: str, tmp_path: Path) -> None:
    chosen = _with_code(tmp_path, form)
    decision = papers.DECISIONS.get(form, papers.LI_DECISION)
    made = [compose.compose(chosen, papers.LI, decision, union=papers.UNION)[0] for _ in range(2)]
    assert made[0] == made[1]
    assert made[0] is not None
    with zipfile.ZipFile(BytesIO(made[0].content)) as package:
        assert len([name for name in package.namelist() if name.startswith("word/media/")]) == 1
        assert b"<w:drawing>" in package.read("word/footer1.xml")
        assert b"media/image1" in package.read("word/_rels/footer1.xml.rels")
    assert words(made[0].content) == words(composed(form))


def test_a_notice_and_the_paper_of_the_meeting_bear_a_code_too(tmp_path: Path) -> None:
    entry = publicity.entry(papers.LI, papers.LI_DECISION)
    point = agenda.point(papers.LI, dataclasses.replace(papers.LI_DECISION, status="human"))
    assert entry and point
    (posted,), findings = notice.write(_with_code(tmp_path / "1", "notice"), notice.plan([entry], {})[0], [])
    agreed, _ = compose.fill(_with_code(tmp_path / "2", "minutes"), agenda.tags([point]), "")
    assert [finding for finding in findings if finding.is_error] == []
    for made in (posted, agreed):
        assert made and "word/_rels/footer1.xml.rels" in zipfile.ZipFile(BytesIO(made.content)).namelist()


def test_a_code_holds_the_case_the_paper_and_a_digest_and_nobodys_name() -> None:
    assert re.fullmatch(r"AH-0001 review [0-9a-f]{16}", pictures.words("AH-0001", "review", composed("review")))


TEMPLATES = [form.template for form in FORMS.values() if form.kind == "docx" and form.template]
EXAMPLE = Path(__file__).parents[1] / "docs/examples/national-file/template.docx"


@pytest.mark.parametrize("template", [*TEMPLATES, EXAMPLE], ids=lambda path: path.parent.name)
def test_a_template_that_may_say_see_attached_has_the_attached_page(template: Path) -> None:
    with zipfile.ZipFile(template) as package:
        text = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode())
    if re.search(r"\{\{ \w+栏 \}\}", text):
        assert "{%p for 页 in 附页 %}" in text
