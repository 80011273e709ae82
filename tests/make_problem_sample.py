"""Makes input/问题样例.xlsx: a household for each kind of mistake the checker knows, named by the code it must give.

python -m tests.make_problem_sample
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl

from formgen import blank, fields
from formgen.cells import identity
from formgen.xlsx.repack import repacked

TARGET = Path(__file__).resolve().parent.parent / "input" / "问题样例.xlsx"
ID, CARD, PHONE = "身份证号码", "银行卡号", "联系电话"
Row = dict[str, object]
#: What openpyxl cannot write stands as a number of its own until the XML is made.
CACHED, DAMAGED = 987_650_001, 987_650_002


def person(number: int, sex: str = "男") -> str:
    born = f"{1950 + number // 300:04d}{1 + number % 12:02d}{1 + number % 28:02d}"
    body = f"340102{born}{(number * 2 + (sex == '男')) % 998:03d}"
    made = body + identity.check_digit(body)
    return person(number + 1000, sex) if made.endswith("000") else made


def card(number: int) -> str:
    body = f"62220213{number:010d}"
    made = next(body + digit for digit in "0123456789" if identity.luhn(body + digit))
    return card(number + 5000) if made.endswith("000") else made


class Sample:
    """Households on their way into the sample."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {sheet.title: [] for sheet in fields.sheets()}
        self._number = 0

    def add(self, code: str, case: Row | None = None, member: Row | None = None, *more: tuple[str, Row]) -> str:
        """A sound household of one, with these cells changed and these rows of other sheets; its worker's number."""
        self._number += 1
        number, name = self._number, f"样{chr(0x4E00 + self._number * 7)}"
        base: Row = {
            "档案编号": code,
            "申请日期": date(2019, 3, 1),
            "职工姓名": name,
            "性别": "男",
            ID: person(number),
            "人员类别": "在职职工",
            "工作单位": "示例公司",
            "所属工会": "示例工会",
            "家庭住址": f"示例路{number}号",
            PHONE: f"138{number:08d}",
            "所在地区": "示例市",
            "家庭人口": 1,
            "致困原因": "患病",
            "致困说明": f"本行应报 {code}",
            "申请类别": "生活救助",
            CARD: card(number),
            "开户银行": "示例银行",
        }
        own: Row = {"档案编号": code, "姓名": name, "与户主关系": "本人", ID: base[ID]}
        own |= {"共同生活": "是", "在户口本": "是", "就业状况": "在职"}
        self.rows["案件"].append(base | (case or {}))
        self.rows["家庭成员"].append(own | (member or {}))
        for title, row in more:
            self.rows[title].append({"档案编号": code, "姓名": name} | row)
        return str(base[ID])

    def wife(self, **changes: object) -> tuple[str, Row]:
        row: Row = {"姓名": "样妻", "与户主关系": "妻", ID: person(self._number + 2001, "女"), "共同生活": "是"}
        return "家庭成员", {**row, "在户口本": "是", "就业状况": "无业", **changes}


def wage(**changes: object) -> tuple[str, Row]:
    return "收入", {"收入类别": "工资性", "收入年度": 2018, "年收入": 30000, "证明材料": "单位证明", **changes}


def spent(**changes: object) -> tuple[str, Row]:
    return "支出", {"支出类别": "医疗", "支出年度": 2018, "金额": 1000, "证明材料": "发票", **changes}


def cells(sample: Sample) -> None:
    """A household for each mistake of a single cell."""
    sound = person(900)
    wrong_digit = sound[:-1] + ("1" if sound[-1] != "1" else "2")
    bodies = (f"340102{year}0{month}01000" for year in range(1950, 1999) for month in range(1, 10))
    zeros = next(body + "0" for body in bodies if identity.check_digit(body) == "0")
    permit = "81000019700101001"
    for code, changes in {
        "E201": {ID: wrong_digit},
        "E202": {ID: sound[:17]},
        "E203": {ID: sound[:17] + "A"},
        "E204": {ID: "340102197002300011"},
        "E205": {ID: "000102197001010015"},
        "E206": {ID: 340102197001010000},
        "E207": {CARD: 6222021300000000000},
        "E208": {ID: "3.40102E+17"},
        "E209": {CARD: "622202130000"},
        "E210": {PHONE: "1380013800"},
        "E211": {"申请日期": "去年冬天"},
        "E212": {"申请日期": "3/5/2019"},
        "E213": {"申请日期": "2999-01-01"},
        "E214": {"储蓄": "不清楚"},
        "E215": {"储蓄": "1.2万"},
        "E216": {"储蓄": 1.005},
        "E217": {"储蓄": -5},
        "E218": {"家庭人口": 1.5},
        "E219": {"人员类别": "在职"},
        "E220": {"低保户": "可能"},
        "E221": {"致困原因": "患病、失恋"},
        "E222": {"不实申报年度": "18"},
        "E224": {"储蓄": "=100+200"},
        "E225": {"家庭住址": "#N/A"},
        "E226": {"家庭住址": DAMAGED},
        "E229": {"职工姓名": 12},
        "E232": {ID: "340102700101001"},
        "E233": {"储蓄": 10**12},
        "E234": {"申请日期": 43525},
        "E236": {"储蓄": 0.25},
        "E239": {"申请日期": "2019-02-30"},
        "W201": {"开户银行": None},
        "W203": {CARD: card(700)[:-1] + str((int(card(700)[-1]) + 1) % 10)},
        "W204": {CARD: "6222021300000012000"},
        "W206": {"家庭住址": "示例路\ue001号"},
        "W207": {"家庭人口": CACHED},
        "R201": {CARD: card(701).translate({ord("6"): "６"})},
        "R202": {"家庭住址": "示例路\u200b1号"},
        "R203": {PHONE: "'13700000001"},
        "R204": {"申请日期": "2019年3月1日"},
        "R205": {"储蓄": "￥1,234.50"},
        "R206": {"低保户": "√"},
        "R209": {PHONE: 13700000002},
        "R210": {PHONE: "137-0000-0003"},
    }.items():
        sample.add(code, changes)
    for code, number in {
        "W202": zeros,
        "W208": permit + identity.check_digit(permit),
        "R207": next(p for p in map(person, range(300, 900)) if p.endswith("X"))[:-1] + "x",
    }.items():
        sample.add(code, {ID: number, "性别": identity.sex(number)}, {ID: number})
    for code, name, same in (("E227", "样\ue001", "样一"), ("W205", "样a", "样a"), ("R208", "样　二", "样二")):
        sample.add(code, {"职工姓名": name}, {"姓名": same})
    sample.add("E228", None, None, spent(票据号=1234567890123456789))
    sample.add("E230", {"档案编号": "E/230"}, {"档案编号": "E/230"})
    sample.add("E231", {"档案编号": f"E231-{'1' * 15}"}, {"档案编号": f"E231-{'1' * 15}"})
    sample.add("E238", {"档案编号": "E238 1"}, {"档案编号": "E238 1"})
    sample.add("E235", {"档案编号": "E235" + "长" * 60}, {"档案编号": "E235" + "长" * 60})


def rows(sample: Sample) -> None:
    """Households for each mistake that only several rows together show."""
    sample.add("E301")
    sample.rows["收入"].append({**wage()[1], "姓名": "样无主"})
    sample.rows["收入"].append({**wage()[1], "档案编号": "E302", "姓名": "样无主"})
    sample.add(
        "E303", {"档案编号": None}, {"档案编号": "E301", "姓名": "样同住", "与户主关系": "兄弟", "共同生活": "否"}
    )
    sample.add("E304-1", {"档案编号": "E304"}, {"档案编号": "E304"})
    sample.add(
        "E304-2", {"档案编号": "e304"}, {"档案编号": "E301", "姓名": "样同住二", "与户主关系": "兄弟", "共同生活": "否"}
    )
    one = sample.add("E305-1")
    sample.add("E305-2", {ID: one}, {ID: one})
    sample.add("E306", {"性别": "女"})
    sample.add("E307", {"家庭人口": 2})
    sample.add("E308", {"突发事件类型": "无", "非常重大意外灾害": "是"})
    sample.add("E309", None, None, wage(姓名="样某人"))
    sample.add(
        "E310", {"家庭人口": 3}, None, sample.wife(), sample.wife(**{ID: person(1950, "女")}), spent(姓名="样妻")
    )
    sample.add("E311", {"家庭人口": 3}, None, sample.wife(), sample.wife(姓名="样妻二"))
    sample.add("E312", None, {"姓名": "样别人"})
    sample.add("E313", None, None, ("信息比对", {}), ("信息比对", {}))
    sample.add("E314", {"家庭人口": 2}, None, sample.wife(与户主关系="户主"))
    sample.add("E315", {"申请日期": date(1940, 1, 1)})
    sample.add("W209", None, {"在户口本": None})
    sample.add("W210", None, None, wage(收入年度=None))
    sample.add("W212", {"家庭人口": 2}, None, sample.wife(与户主关系="子女"))
    sample.add("W301-1", {CARD: card(800)})
    sample.add("W301-2", {CARD: card(800)})
    sample.add("W302-1", {PHONE: "13600000000"})
    sample.add("W302-2", {PHONE: "13600000000"})
    father = person(1900)
    for code in ("W303-1", "W303-2"):
        sample.add(code, None, None, sample.wife(姓名="样父", 与户主关系="父", 共同生活="否", **{ID: father}))
    sample.add("W304", None, {"姓名": "样兄弟", "与户主关系": "兄弟", ID: person(1960)})
    sample.add("W305", {"所属工会": "没有登记的工会"})
    sample.add("W306", {"户名": "样别人"})
    sample.add("W307", None, None, spent(票据号="0001"), spent(票据号="0001"))
    sample.add("W308", {"所在地区": "没有标准的市"})
    sample.add("W309", {"公示开始日期": date(2019, 3, 8), "公示结束日期": date(2019, 3, 1)})
    sample.add("W310", {"家庭人口": 2}, None, sample.wife(与户主关系="夫"))
    named = {"档案编号": "W311-样名"}
    sample.add("W311", {**named, "职工姓名": "样名"}, {**named, "姓名": "样名"})
    sample.add("W312", None, {"与户主关系": "兄弟"})
    sample.add("W313", {"撤档日期": date(2018, 1, 1)})
    sample.add("W320", None, None, spent(), spent())
    sample.add("E237-1")
    sample.add("E237-2")
    sample.add("W105")
    sample.add("W112")
    sample.rows["工会"].append({"工会名称": "示例工会", "监督电话": "0551-62999999"})
    standard = {"地区": "示例市", "生效日期": date(2018, 1, 1), "月低保标准": 639, "依据文号": "示例，不是真实标准"}
    sample.rows["当地标准"] += [standard, {**standard, "月低保标准": 700}, {**standard, "生效日期": None}]  # E316, W211


def workbook() -> bytes:
    """The sample as the bytes of an .xlsx file, the same every time."""
    sample = Sample()
    cells(sample)
    rows(sample)
    book = openpyxl.load_workbook(io.BytesIO(blank.workbook()))
    for sheet in fields.sheets():
        _fill(book[sheet.title], sheet, sample.rows[sheet.title])
    _odd(book, sample)
    out = io.BytesIO()
    book.save(out)
    return repacked(_raw(out.getvalue()))


def _fill(page, sheet: fields.Sheet, made: list[Row]) -> None:
    columns = {one.tag: at for at, one in enumerate(sheet.fields, start=1)}
    for number, row in enumerate(made, start=2):
        for tag, value in row.items():
            if tag in columns and value is not None:
                cell = page.cell(number, columns[tag], value)
                cell.number_format = (
                    "yyyy-mm-dd" if isinstance(value, date) else "@" if isinstance(value, str) else "General"
                )
                if value == 0.25:
                    cell.number_format = "0%"


def _odd(book, sample: Sample) -> None:
    """What is odd about the sheets as such."""
    page = book["案件"]
    at = {row["档案编号"]: number for number, row in enumerate(sample.rows["案件"], start=2)}
    page.cell(1, page.max_column + 1, "民族")  # W103
    page.cell(at["W112"], page.max_column + 2, "没有列名的内容")
    page.row_dimensions[at["W105"]].hidden = True
    page.merge_cells(start_row=at["E237-1"], end_row=at["E237-2"], start_column=7, end_column=7)
    book["收入"].cell(book["收入"].max_row + 1, 1, "合计")  # W108
    income = book["支出"]
    income.move_range(f"A{income.max_row}:K{income.max_row}", rows=1)  # W109
    book["车辆"].sheet_state = "hidden"  # W101
    book.create_sheet("Sheet1").append(["别的内容"])  # W113


def _raw(content: bytes) -> bytes:
    """The workbook with what openpyxl cannot write: a formula with its value, a string that does not exist."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode("utf-8", "surrogateescape")
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rf'(<c [^>]*?)( t="n")?><v>{CACHED}</v>', r"\1><f>0+1</f><v>1</v>", part)
                part = re.sub(rf'(<c [^>]*?)( t="n")?><v>{DAMAGED}</v>', r'\1 t="s"><v>99999999</v>', part)
            new.writestr(name, part.encode("utf-8", "surrogateescape"))
    return out.getvalue()


if __name__ == "__main__":
    TARGET.write_bytes(workbook())
    sys.exit(0)
