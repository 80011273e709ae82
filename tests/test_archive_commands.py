"""A year of the archive by its commands: from withdrawal over reading, transfer and hand-over to the tombstone."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from formgen import bag
from formgen.batch import lock
from formgen.cli import writing
from formgen.keep import policy
from formgen.keep.dossier import File, Paper
from formgen.pdf import convert
from tests import dossiers, samples

CASE, NAME = "AH-0016", "邹海燕"
CHANGED = {
    "申请日期": date(2015, 3, 2),
    "公示开始日期": date(2015, 3, 9),
    "公示结束日期": date(2015, 3, 16),
    "建档日期": date(2015, 3, 20),
    "发放日期": date(2015, 5, 20),
    "撤档日期": date(2016, 2, 29),
    "附件目录": "scans",
}
NEEDED = [material.code for material in policy.default().materials.values() if material.is_needed]
FOLDER = "J045-WS.2016-D10-KN-0001"
NUMBER = "J045-WS·2016-D10-KN-0001"


def change(page, changes: dict, key: str) -> None:
    """Write cells of the rows whose first cell is ``key``."""
    heading = {re.sub(r"[*（(].*", "", str(cell.value)): cell.column for cell in page[1] if cell.value}
    for row in (cell.row for cell in page["A"] if cell.value == key):
        for tag, value in changes.items():
            page.cell(row, heading[tag]).value = value


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    """A folder with the sample workbook, one household of it withdrawn more than ten years ago, and its scans."""
    where = tmp_path_factory.mktemp("desk")
    book = load_workbook(io.BytesIO(samples.workbook()))
    for sheet, changes in (("案件", CHANGED), ("收入", {"收入年度": 2014}), ("支出", {"支出年度": 2014})):
        change(book[sheet], changes, CASE)
    for cell in book["当地标准"]["A"][1:]:
        change(book["当地标准"], {"生效日期": date(2014, 7, 1)}, cell.value)
    book.save(where / "台账.xlsx")
    (where / "scans").mkdir()
    (where / "scans" / "07-公示照片1.txt").write_text("notice one", encoding="utf-8")
    (where / "scans" / "07-公示照片2.txt").write_text("notice two", encoding="utf-8")
    (where / "scans" / "撤档审批.txt").write_text("approved", encoding="utf-8")
    (where / "scans" / "Thumbs.db").write_bytes(b"x")
    return where


def run(desk: Path, *arguments: str, code: int = 0, office: str | None = "no-office-here") -> str:
    environment = {**os.environ, **({convert.PROGRAM: office} if office else {})}
    done = subprocess.run(
        [sys.executable, "-m", "formgen", *arguments],
        cwd=desk,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_a_year_from_withdrawal_to_the_tombstone(desk):
    quick = ("--originals-only", "--only", f"{CASE},AH-0001")
    said = run(desk, "archive", "台账.xlsx", "-o", "库", *quick, "--json")
    assert json.loads(said.splitlines()[0])["sealed"] == [NUMBER]
    sealed = desk / "库" / "2016" / FOLDER
    assert bag.validate(sealed).is_valid
    rows = list(csv.DictReader(io.StringIO((sealed / "data/catalog/items.csv").read_text("utf-8-sig"))))
    assert {"公示照片", "撤档审批"} <= {row["题名"] for row in rows}
    assert (sealed / "data/records/008-07/p02.txt").read_text() == "notice two"

    looked = run(desk, "verify", "库")
    assert "有变动 0 包" in looked and "另有 1 个工作包（未撤档）" in looked  # AH-0001 is still on file
    assert "未签名" in run(desk, "keep", "batch", "库", "--year", "2016", code=0)
    checked = ["sha256sum", "--quiet", "-c", "_batch/batch-manifest-sha256.txt"]
    assert subprocess.run(checked, cwd=sealed.parent).returncode == 0

    assert "E742" in run(desk, "keep", "access", "库", NUMBER, "--kind", "worker", "--by", "工号07", code=3)
    reading = ("keep", "access", "库", FOLDER, "--kind", "worker", "--id-checked", "--by", "工号07", "--open", "阅览")
    assert "本人有效身份证件" in run(desk, *reading)
    run(desk, "keep", "access", "库", NUMBER, "--close", "阅览")
    assert not list((desk / "阅览").iterdir())

    run(desk, "keep", "hold", "库", "add", NUMBER, "--reason", "审计", "--by", "工号07")
    assert "E752" in run(desk, "disposal", "propose", "库", "--only", NUMBER, "--by", "工号07", code=3)
    run(desk, "keep", "hold", "库", "release", NUMBER, "--reason", "审计结束", "--by", "工号07")

    units = ("--sender", "甲厂工会", "--to", "乙街道工会", "--reason", "单位撤销")
    moved = json.loads(
        run(desk, "keep", "transfer", "库", "--year", "2016", *units, "-o", "盘", "--json").splitlines()[0]
    )
    run(desk, "keep", "receive", "新库", "--from", f"盘/{moved['number']}")
    run(desk, "verify", "新库")
    run(desk, "keep", "handover", "库", "--from", "工号07", "--to", "工号12", "--witness", "主任")
    assert "CQ-ZS-01" in run(desk, "keep", "check4", "库", "--year", "2016", code=0)

    assert "到期可鉴定 1 卷" in run(desk, "disposal", "due", "库")
    early = ("disposal", "due", "库", "--on", "2026-02-28")
    assert "到期可鉴定 0 卷" in run(desk, *early) and NUMBER not in run(desk, *early)
    assert f"{NUMBER}　未到期" in run(desk, *early, "--months", "1")
    listed = json.loads(
        run(desk, "disposal", "propose", "库", "--year", "2016", "--by", "工号07", "--json").splitlines()[0]
    )
    run(desk, "disposal", "approve", "库", listed["number"], "--by", "工号07", "--decision", "9号", code=3)
    run(desk, "disposal", "approve", "库", listed["number"], "--by", "工号02", "--decision", "9号")
    run(desk, "disposal", "execute", "库", listed["number"], "--witness", "工号03", "--paper-destroyed", code=3)
    witnesses = ("--witness", "工号03", "--witness", "工号05", "--paper-destroyed")
    assert "乙街道工会" in run(desk, "disposal", "execute", "库", listed["number"], *witnesses)
    assert not sealed.exists()
    stone = (desk / "库/_register/tombstones" / f"{FOLDER}.json").read_text("utf-8")
    assert NUMBER in stone and NAME not in stone
    assert NUMBER not in run(desk, "disposal", "due", "库")
    assert f"{NUMBER}　已销毁" in run(desk, "disposal", "due", "库", "--all")
    run(desk, "verify", "库")
    for path in (desk / "库").rglob("*"):
        if path.is_file() and "_working" not in path.parts:
            assert NAME.encode() not in path.read_bytes(), path
            assert NAME not in path.name

    again = run(desk, "archive", "台账.xlsx", "-o", "库", *quick, code=3)
    assert "W723" in again and not sealed.exists()


def test_a_batch_names_every_item_that_failed_and_exits_three(tmp_path):
    dossiers.repository(tmp_path / "库", [dossiers.dossier(papers=papers([c for c in NEEDED if c != "04"]))])
    said = run(tmp_path, "keep", "batch", "库", "--year", "2026", "--json", code=3)
    assert "J045-WS·2026-D10-KN-0001：错误 E766 四性检测 GD-WZ-06 建档材料齐全不合格" in said
    (failed,) = json.loads(said.splitlines()[0])["failed"]
    assert failed["number"] == "J045-WS·2026-D10-KN-0001" and "缺建档申请表" in failed["evidence"]


def test_a_supplement_makes_a_dossier_complete(tmp_path):
    lacking, full = [dossiers.dossier(papers=papers(codes)) for codes in (NEEDED[:-1], NEEDED)]
    dossiers.repository(tmp_path / "库", [lacking])
    run(tmp_path, "keep", "batch", "库", "--year", "2026", code=3)
    dossiers.repository(tmp_path / "库", [full], supplement=True)
    assert "不合格 0 项" in run(tmp_path, "keep", "batch", "库", "--year", "2026")


def papers(codes: list[str]) -> tuple[Paper, ...]:
    return tuple(
        Paper(
            code=code,
            title=code,
            files=(File("original.docx", dossiers.docx(f"{code} {dossiers.NAME} {dossiers.ID}")),),
        )
        for code in codes
    )


def test_verify_takes_any_bag_and_exits_three_on_a_change(tmp_path):
    bag.write(tmp_path / "x", {"a.txt": b"1"})
    assert "有变动 0 包" in run(tmp_path, "verify", "x")
    (tmp_path / "x/data/a.txt").write_bytes(b"2")
    said = run(tmp_path, "verify", "x", "--json", "--report", "r.json", code=3)
    assert '"E709"' in said and "data/a.txt" in said
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["changed"] == 1
    assert "differs" in run(tmp_path, "verify", "x", "--lang", "en", code=3)


def test_one_key_is_refused_and_two_make_copies_that_open(desk):
    pyrage = pytest.importorskip("pyrage")
    for name in ("a", "b"):
        identity = pyrage.x25519.Identity.generate()
        (desk / f"{name}.key").write_text(str(identity))
        (desk / f"{name}.pub").write_text(str(identity.to_public()))
    common = ("archive", "台账.xlsx", "-o", "密库", "--originals-only", "--only", CASE)
    run(desk, *common, "--encrypt-to", "a.pub", code=2)
    assert "加密副本 1" in run(desk, *common, "--encrypt-to", "a.pub", "--encrypt-to", "b.pub")
    reading = ("--kind", "union", "--unit", "区总工会", "--purpose", "复核", "--open", "密阅", "--identity", "b.key")
    run(desk, "keep", "access", "密库", NUMBER, *reading)
    assert bag.validate(desk / "密阅" / FOLDER).is_valid


def test_a_workbook_that_cannot_be_read_is_three_and_so_is_a_folder_that_is_no_archive(tmp_path):
    (tmp_path / "x.xlsx").write_text("no")
    run(tmp_path, "archive", "x.xlsx", "-o", "库", code=3)
    (tmp_path / "y").mkdir()
    run(tmp_path, "keep", "hold", "y", "list", code=3)
    run(tmp_path, "keep", "transfer", "y", code=2)


@pytest.mark.parametrize(
    "command",
    [
        ("archive", "台账.xlsx", "-o", "库", "--originals-only"),
        ("keep", "hold", "库", "add", NUMBER, "--reason", "诉讼", "--by", "工号07"),
        ("disposal", "extend", "库", NUMBER, "--until", "2050-01-01", "--reason", "有用", "--by", "工号07"),
        ("keep", "batch", "库", "--year", "2020"),
    ],
)
def test_two_commands_do_not_write_one_archive_at_once(desk, tmp_path, command):
    shutil.copy(desk / "台账.xlsx", tmp_path)
    dossiers.repository(tmp_path / "库", [dossiers.dossier()])
    before = dossiers.tree(tmp_path / "库")
    with lock.locked(tmp_path / "库" / "_register" / writing.LOCK):
        assert "E622" in run(tmp_path, *command, code=4)
    after = dossiers.tree(tmp_path / "库")
    assert after.pop(f"_register/{writing.LOCK}") and after == before


def moved(book, case_no: str, union: str) -> None:
    """CASE under another number, in a union that names neither a fonds nor a union above it."""
    change(book["案件"], {"所属工会": union}, CASE)
    for page in book.worksheets:
        for cell in page["A"]:
            cell.value = case_no if cell.value == CASE else cell.value
    book["工会"].append([union, "基层", None, "0550-3012388"])


def without_fonds(desk: Path, name: str) -> str:
    book = load_workbook(desk / "台账.xlsx")
    page = book["工会"]
    column = next(cell.column for cell in page[1] if str(cell.value).startswith("全宗号"))
    for row in range(2, page.max_row + 1):
        page.cell(row, column).value = None
    book.save(desk / name)
    return name


def test_a_fonds_is_given_once_before_the_first_number_and_never_changed(desk):
    bare = without_fonds(desk, "无全宗.xlsx")
    common = ("archive", bare, "-o", "宗库", "--originals-only", "--only", CASE)
    assert "E729" in run(desk, *common, code=3)
    assert not (desk / "宗库" / "2016").exists()
    assert "不是全宗号" in run(desk, *common, "--fonds", "全宗", code=2)
    run(desk, *common, "--fonds", "J088")
    assert (desk / "宗库/2016/J088-WS.2016-D10-KN-0001").is_dir()
    assert 'fonds = "J088"' in (desk / "宗库/_register/settings.toml").read_text("utf-8")
    assert "J088 不符" in run(desk, *common, "--fonds", "J099", code=2)
    assert "已封存无变化 1" in run(desk, *common)


def test_a_fonds_given_by_hand_is_for_unions_that_name_none(desk):
    common = ("-o", "两宗库", "--originals-only", "--only")
    assert "W764" in run(desk, "archive", "台账.xlsx", *common, CASE, "--fonds", "J047")
    assert (desk / "两宗库/2016" / FOLDER).is_dir()
    book = load_workbook(desk / "台账.xlsx")
    moved(book, "AH-0099", "丙街道工会")
    book.save(desk / "丙.xlsx")
    assert "E729" in run(desk, "archive", "丙.xlsx", *common, "AH-0099", code=3)
    run(desk, "archive", "丙.xlsx", *common, "AH-0099", "--fonds", "J047")
    assert (desk / "两宗库/2016/J047-WS.2016-D10-KN-0001").is_dir()


def test_a_case_nobody_has_is_refused_with_the_nearest_before_anything_is_written(desk):
    said = run(desk, "archive", "台账.xlsx", "-o", "无库", "--only", "AH-016", code=3)
    assert "AH-016 不在台账中" in said and "AH-0016" in said
    assert "没有写编号" in run(desk, "archive", "台账.xlsx", "-o", "无库", "--only", " ， ", code=2)
    assert not (desk / "无库").exists()


def test_the_notice_stands_in_the_dossier_with_this_household_alone(desk):
    run(desk, "archive", "台账.xlsx", "-o", "示库", "--originals-only", "--only", CASE)
    (folder,) = (desk / "示库/2016" / FOLDER / "data/records").glob("*-07/original.docx")
    with zipfile.ZipFile(folder) as package:
        printed = re.sub(r"<[^>]+>", "", package.read("word/document.xml").decode("utf-8"))
    assert NAME in printed and "2015年3月9日" in printed
    others = {row[1] for row in load_workbook(desk / "台账.xlsx")["家庭成员"].values if row[0] != CASE} - {None}
    assert not {name for name in others if name in printed}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"公示开始日期": date(2003, 12, 29)}, "E768"),
        ({"工作单位": "甲厂，住阳光小区3栋201室", "家庭住址": "阳光小区3栋201室"}, "E662"),
    ],
)
def test_a_dossier_is_not_sealed_without_the_notice_that_it_should_hold(desk, changes, code):
    book = load_workbook(desk / "台账.xlsx")
    change(book["案件"], changes, CASE)
    book.save(desk / f"{code}.xlsx")
    said = run(desk, "archive", f"{code}.xlsx", "-o", code, "--originals-only", "--only", CASE, code=3)
    assert f"{CASE} " in said and code in said
    assert not (desk / code / "2016").exists()


def test_papers_that_a_run_wrote_are_taken_from_its_folder(desk):
    folder = desk / "出" / "案件" / CASE
    folder.mkdir(parents=True)
    (folder / "01-个人申请书.docx").write_bytes(dossiers.docx("as signed"))
    (folder / "11-不予建档告知书.docx").write_bytes(dossiers.docx("refusal"))
    run(desk, "archive", "台账.xlsx", "-o", "签库", "--from", "出", "--originals-only", "--only", CASE)
    sealed = desk / "签库" / "2016" / FOLDER / "data/records"
    assert (sealed / "001-01/original.docx").read_bytes() == dossiers.docx("as signed")
    assert any(path.read_bytes() == dossiers.docx("refusal") for path in sealed.glob("*-15/original.docx"))


@pytest.mark.office
def test_every_sealed_paper_has_pages_in_pdf_a(desk):
    pytest.importorskip("pikepdf")
    run(desk, "archive", "台账.xlsx", "-o", "页库", "--only", CASE, office=None)
    sealed = desk / "页库" / "2016" / FOLDER
    made = sorted(path.parent.name for path in sealed.glob("data/records/*/archive.pdf"))
    office = sorted(path.parent.name for path in sealed.glob("data/records/*/original.*"))
    assert made == office
    assert (sealed / "data/catalog/cover.pdf").exists()
    for path in sealed.rglob("*.pdf"):
        if path.name != "original.pdf":
            assert b"pdfaid" in path.read_bytes()


@pytest.mark.office
def test_the_pages_of_a_slip_do_not_depend_on_what_was_converted_with_it():
    pytest.importorskip("pikepdf")
    from formgen.keep import pages
    from formgen.keep.paper import Paper

    drawn = {name: (name, Paper(name).content(None)) for name in ("甲", "乙")}
    together = pages.of_slips({"0-x": drawn["甲"], "1-x": drawn["乙"]})
    alone = pages.of_slips({"7-y": drawn["乙"]})
    assert together["1-x"] == alone["7-y"]


@pytest.mark.slow
@pytest.mark.office
def test_verapdf_passes_every_page_of_a_sealed_dossier(desk):
    from tests.test_pdfa import verapdf

    command = verapdf()
    run(desk, "archive", "台账.xlsx", "-o", "验库", "--only", CASE, office=None)
    made = [str(path) for path in (desk / "验库" / "2016").rglob("*.pdf") if path.name != "original.pdf"]
    said = subprocess.run([*command, *made], capture_output=True, text=True).stdout.splitlines()
    assert len(said) == len(made) and all(line.startswith("PASS") for line in said), said
