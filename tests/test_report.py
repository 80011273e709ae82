"""The report page and the result workbook: self-contained, masked, safe against what people type."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
import subprocess
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from formgen import write
from formgen.batch import report, results, stage
from formgen.model import Decision, Finding, Place
from formgen.xlsx import grid
from tests import papers

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DECISION = {
    "case": "T-1", "tier": "全总级", "status": "auto", "branch": "5(一)3", "branches": ["5(一)3"], "pre": None,
    "post": {"exact": "620", "yuan": "620.00"}, "line": {"yuan": "639"}, "score": "0.9703", "possible": ["全总级"],
    "missing": [], "flags": [], "city_tier_possible": False, "aid_candidates": [], "funds": [], "findings": [],
}  # fmt: skip
RECORD = {
    "case": "T-1", "row": 2, "name": "李志远", "union": "示例厂工会", "state": "made", "decision": DECISION, "body": "",
    "until": "2018-12-18", "stage": "", "due": ["review"],
    "reason": ["第五条（一）3", "扣除致困支出后，家庭人均每月 620 元，低于当地低保标准 639 元"],
    "papers": [["review", "案件/T-1/04.docx", "0" * 64, 10]], "findings": [], "posted": None, "point": None,
}  # fmt: skip
HEAD = report.Head(title="台账.xlsx", digest="ab" * 32, papers={"review": "建档申请表"})


def page(folder: Path, *records: dict, head: report.Head = HEAD) -> str:
    counts = report.Counts()
    for record in records:
        counts.add(record)
    report.put(folder / "报告.html", head, counts, records)
    return (folder / "报告.html").read_text(encoding="utf-8")


def cases(text: str) -> list:
    found = re.search(r'id="cases">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found.group(1))


def test_the_page_asks_no_network_for_anything(tmp_path):
    text = page(tmp_path, RECORD)
    assert not re.findall(r"(?:https?:)?//[\w.]+\.\w+", text)
    assert re.findall(r'src="([^"]+)"', text) == ["../运行记录/本次.js"]


def test_warnings_about_money_stand_on_the_page_and_errors_before_them(tmp_path):
    place = {"sheet": "案件", "heading": "核定救助金额"}
    found = [
        {"code": "W103", "place": place, "values": {}},
        {"code": "W678", "place": place, "values": {}},
        *({"code": "E808", "place": {}, "values": {"case_no": str(n)}} for n in range(5)),
    ]
    told = cases(page(tmp_path, RECORD | {"findings": found}))[0][-1]
    assert [line[:2] for line in told] == ["错误"] * 5 + ["……"]
    told = cases(page(tmp_path, RECORD | {"findings": found[:2]}))[0][-1]
    assert len(told) == 1 and "W678" in told[0]


def test_names_are_masked(tmp_path):
    text = page(tmp_path, RECORD)
    assert "李志远" not in text
    assert cases(text)[0][1] == "李*远"


def test_a_number_in_a_reason_or_a_finding_is_starred(tmp_path):
    told = {"code": "E601", "place": {"sheet": "案件"}, "values": {"case_no": "340102********1234"}}
    record = RECORD | {"reason": ["见", "340102198001011234"], "findings": [told]}
    assert "340102198001011234" not in page(tmp_path, record)


def test_what_people_type_cannot_become_part_of_the_page(tmp_path):
    evil = "</script><script>alert(1)</script>"
    finding = Finding("E601", Place("台账.xlsx"), {"case_no": evil})
    text = page(
        tmp_path, RECORD | {"union": evil}, head=report.Head(title=evil, digest="", papers={}, findings=(finding,))
    )
    assert "<script>alert" not in text
    assert cases(text)[0][2] == evil


def test_the_same_records_give_the_same_page(tmp_path):
    assert page(tmp_path, RECORD, RECORD) == page(tmp_path, RECORD, RECORD)


def test_counts_add_up_on_the_page(tmp_path):
    invalid = RECORD | {"state": "invalid", "papers": [], "due": []}
    skipped = RECORD | {"state": "skipped", "papers": [], "due": []}
    text = page(tmp_path, RECORD, invalid, skipped, skipped)
    numbers = [int(number) for number in re.findall(r"<b>(\d+)</b>", text)]
    assert numbers[:4] == [4, 1, 1, 2]
    assert numbers[0] == sum(numbers[1:4])


def test_a_paper_that_is_there_as_word_and_as_pdf_is_one_paper(tmp_path):
    both = [*RECORD["papers"], ["review", "案件/T-1/04.pdf", "1" * 64, 10]]
    record = RECORD | {"papers": both, "due": ["review", "notice"]}
    text = page(tmp_path, record)
    assert cases(text)[0][9:11] == [2, 1]
    assert "应制文书</span><b>2</b>" in text and "已制文书</span><b>1</b>" in text
    (row,) = results.rows([record])
    shown = dict(zip((column.heading for column in results.COLUMNS), row, strict=True))
    assert (shown["应制"], shown["已制"]) == ("2", "1")


def test_papers_are_counted_in_the_order_of_the_heading(tmp_path):
    text = page(tmp_path, RECORD, RECORD | {"papers": []})
    assert "文书：应制与已制" in text and ">2 / 1</text>" in text
    assert "应制 / 已制" in text and 'each[DUE] + " / " + each[MADE]' in text


LOOK = """<script>
const seen = [], failed = [];
addEventListener("error", event => failed.push(event.message));
addEventListener("load", () => {
  const rows = () => document.querySelectorAll("#rows tr").length;
  const choose = (id, value) => {
    get(id).value = value;
    get(id).dispatchEvent(new Event("input"));
    seen.push(rows());
  };
  seen.push(rows());
  get("on").click(); seen.push(rows());
  choose("find", "T-11"); choose("find", ""); choose("tier", "待定"); choose("status", "auto"); choose("tier", "");
  dispatchEvent(new Event("beforeprint")); seen.push(rows());
  dispatchEvent(new Event("afterprint")); seen.push(rows());
  const names = performance.getEntriesByType("resource").map(each => each.name);
  const asked = names.filter(name => !name.startsWith("file:"));
  const wide = document.documentElement.scrollWidth - innerWidth;
  const box = document.querySelector(".scroll");
  document.title = JSON.stringify({seen, failed, asked, wide, inner: box.scrollWidth - box.clientWidth});
});
</script></body>"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to open the page in")
@pytest.mark.parametrize("width", [1280, 800])
def test_in_a_browser_the_page_asks_nothing_of_a_network_and_its_controls_work(tmp_path, width):
    waiting = DECISION | {"tier": "待定", "status": "insufficient"}
    long = {
        "union": "示例市一个名称很长很长的机械制造有限责任公司基层工会委员会",
        "reason": ["第五条", "620 ≤ 639 元/人·月" * 9],
    }
    records = [
        RECORD | long | {"case": f"T-{number}"} | ({"decision": waiting} if number % 4 == 0 else {})
        for number in range(120)
    ]
    text = page(tmp_path, *records)
    (tmp_path / "看.html").write_text(text.replace("</body>", LOOK), encoding="utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},900", "--dump-dom")
    said = subprocess.run([str(BROWSER), *options, (tmp_path / "看.html").as_uri()], capture_output=True, timeout=120)
    title = re.search(r"<title>(.*?)</title>", said.stdout.decode(), re.DOTALL)
    assert title
    met = json.loads(unescape(title.group(1)))
    assert met["seen"] == [50, 50, 11, 50, 30, 0, 50, 90, 50]
    assert (met["failed"], met["asked"]) == ([], [])
    assert met["wide"] <= 0 and met["inner"] <= 0


def test_a_result_row_says_what_to_do_next(tmp_path):
    (row,) = results.rows([RECORD])
    shown = dict(zip((column.heading for column in results.COLUMNS), row, strict=True))
    assert (shown["级别"], shown["状态"], shown["困难系数"]) == ("全总级", "按规则判定", "0.9703")
    assert "公示" in shown["下一步"]


LI = dataclasses.replace(papers.LI, notice_from=None, notice_to=None, objection=None, aid_amount=None)
POSTED = {"notice_from": date(2019, 3, 1)}
FILED = {**POSTED, "objection": False, "filed_on": date(2019, 3, 15)}


@pytest.mark.parametrize(
    ("facts", "next_step"),
    [
        ({}, "打印签字盖章后公示"),
        (POSTED, "期满无异议的"),
        ({**POSTED, "objection": False}, "没有异议。期满以后按程序报批"),
        ({**POSTED, "objection": True}, "先不报批"),
        (FILED, "核定救助类别和金额"),
        ({**FILED, "aid_amount": 0}, "核定救助类别和金额"),
        ({**FILED, "aid_amount": 100000}, "填发放日期"),
        ({**FILED, "aid_amount": 100000, "paid_on": date(2019, 4, 1)}, "脱困的填撤档日期"),
        ({**FILED, "withdrawn_on": date(2020, 1, 1)}, "运行 formgen archive 归档"),
    ],
)
def test_the_next_step_follows_the_days_that_were_entered(facts, next_step):
    case = dataclasses.replace(LI, **facts)
    decision = Decision(case_no="T-1", tier="全总级", status="auto", branch=None)
    (row,) = results.rows([RECORD | {"stage": stage.of(case, decision)}])
    shown = dict(zip((column.heading for column in results.COLUMNS), row, strict=True))
    assert next_step in shown["下一步"]


@pytest.mark.parametrize(("informed", "next_step"), [(None, "把告知书送达"), (date(2019, 4, 1), "告知书已送达")])
def test_a_refusal_is_served_once(informed, next_step):
    decision = Decision(case_no="T-1", tier="不符合", status="auto", branch=None)
    case = dataclasses.replace(LI, **FILED | {"filed_on": None}, informed_on=informed)
    told = {"tier": "不符合", "status": "auto"}
    record = RECORD | {"stage": stage.of(case, decision), "decision": DECISION | told}
    assert next_step in results.next_step(record)


@pytest.mark.parametrize("status", ["human", "insufficient", "invalid"])
def test_a_household_that_is_not_decided_has_no_later_step(status):
    decision = Decision(case_no="T-1", tier="待定", status=status, branch=None)
    assert stage.of(dataclasses.replace(LI, **FILED), decision) == ""


def test_a_flag_of_the_result_is_a_sentence_with_its_code():
    (row,) = results.rows([RECORD | {"decision": DECISION | {"flags": ["AMB-03"]}}])
    shown = dict(zip((column.heading for column in results.COLUMNS), row, strict=True))
    assert shown["提示"] == (
        "若按第五条（一）3字面只扣意外支出，级别不同；提请研究，明确前不使用中央财政帮扶资金（AMB-03）"
    )


def test_the_results_print_what_a_meeting_reads_on_the_width_of_a_page(tmp_path):
    results.put(tmp_path / "审核结果.xlsx", [RECORD])
    sheet = load_workbook(tmp_path / "审核结果.xlsx").active
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'审核结果'!$A$1:$M$2"
    assert sheet["M1"].value == "下一步"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0


def test_a_row_is_as_high_as_its_longest_text_whatever_program_opens_it(tmp_path):
    with write.stream(tmp_path / "a.xlsx") as out:
        grid.write(
            out, "表", [grid.Column("列", 21, is_wrapped=True)], [["一"], ["二" * 25], ["三\n三"], ["长" * 9999]]
        )
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert [sheet.row_dimensions[number].height for number in (2, 3, 4, 5)] == [None, 51, 34, 405]


def test_a_missing_item_is_told_in_words(tmp_path):
    wanting = DECISION | {"status": "insufficient", "tier": "待定", "missing": ["支出!证明材料(医疗)"]}
    (row,) = results.rows([RECORD | {"decision": wanting}])
    shown = dict(zip((column.heading for column in results.COLUMNS), row, strict=True))
    assert shown["缺少材料"] == "“支出”表“医疗”一行的“证明材料”"
    assert shown["缺少材料"] in shown["下一步"]


def test_cells_are_text_whatever_they_look_like(tmp_path):
    typed = ["=1+1", "+86", "-5", "@x", "#N/A", "1e5", "6222021234567890123", "甲<乙&丙", "a_x000D_b", "x\x0by"]
    with write.stream(tmp_path / "a.xlsx") as out:
        assert grid.write(out, "表", [grid.Column("列")], ([text] for text in typed)) == len(typed)
    cells = [row[0] for row in load_workbook(tmp_path / "a.xlsx").active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert [cell.value for cell in cells][:8] == typed[:8]


def test_a_cell_longer_than_excel_allows_is_cut_with_a_mark():
    assert len(grid.text_of("长" * 40_000)) == 32_767
    assert grid.text_of("长" * 40_000).endswith("…")
