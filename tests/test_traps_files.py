"""Every trap of a file as a whole in its smallest form, and the sentence the clerk reads."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
import warnings
import zipfile

import pytest

from formgen import check, messages, read
from formgen.model import Finding
from tests.sheets import CASE, HEAD, MAIN, MEMBER, Raw, book, headings, package, pages, record, sheet, sound, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def findings(content: bytes, folder) -> list[Finding]:
    path = folder / "案卷.xlsx"
    path.write_bytes(content)
    try:
        with read.open_book(path) as opened:
            return [*opened.findings, *(finding for one in check.households(opened) for finding in one.findings)]
    except read.Unreadable as unreadable:
        return list(unreadable.findings)


def codes(content: bytes, folder) -> list[str]:
    return [finding.code for finding in findings(content, folder)]


def twice(name: str) -> bytes:
    """A package that holds one part two times."""
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as made:
        warnings.simplefilter("ignore")
        for part, content in package(sound()).items():
            made.writestr(part, content)
        made.writestr(name, "<other/>")
    return out.getvalue()


def damaged() -> bytes:
    """A sheet whose compressed bytes were overwritten."""
    content = bytearray(zipped(package(sound())))
    at = content.index(b"worksheets/sheet1.xml") + 60
    content[at : at + 40] = bytes(40)
    return bytes(content)


SIZE = len(zipped(package(sound())))
REFUSED = [
    ("0 bytes", b"", "错误 E102 文件是空的（0 字节）。 → 请从原处重新复制。"),
    (
        ".xls or .et",
        OLE + bytes(600),
        "错误 E103 文件内容是旧版 .xls 或 .et，不是 .xlsx。 → 请用 Excel 或 WPS 打开后“另存为” .xlsx 再用。",
    ),
    (
        "password",
        OLE + bytes(600) + "EncryptionInfo".encode("utf-16-le"),
        "错误 E104 工作簿设有打开密码，无法读取。 → 请在 Excel 或 WPS 中取消密码后另存，再用另存的文件。",
    ),
    (
        "CSV",
        "档案编号,姓名\nA,张三\n".encode("gb18030"),
        "错误 E105 文件内容是纯文本或 CSV，不是工作簿。 → 请用 Excel 或 WPS 打开后“另存为” .xlsx，"
        "并核对身份证号和卡号是否完整。",
    ),
    (
        "HTML",
        b"<html><table><tr><td>1</td></tr></table></html>",
        "错误 E106 文件内容是网页（HTML），只是名字叫 .xlsx。 → 请用 Excel 或 WPS 打开后“另存为” .xlsx 再用。",
    ),
    (
        "XML of 2003",
        b'<?xml version="1.0"?><Workbook/>',
        "错误 E121 文件内容是 XML，不是 .xlsx 工作簿。 → 请用 Excel 或 WPS 打开后“另存为” .xlsx 再用。",
    ),
    (
        "cut in the middle",
        zipped(package(sound()))[: SIZE // 2],
        f"错误 E107 文件已损坏，不是完整的工作簿（{SIZE // 2:,} 字节）。"
        f" → 请从原处重新复制；复制中断或 U 盘故障会造成这种情况。",
    ),
    (
        "zeros",
        bytes(1000),
        "错误 E107 文件已损坏，不是完整的工作簿（1,000 字节）。"
        " → 请从原处重新复制；复制中断或 U 盘故障会造成这种情况。",
    ),
    (
        "damaged part",
        damaged(),
        "错误 E113 文件已损坏，读不出 xl/worksheets/sheet1.xml。 → 请从原处重新复制，或用 Excel、WPS 打开修复后另存。",
    ),
    (
        "two parts of one name",
        twice("xl/worksheets/sheet1.xml"),
        "错误 E110 文件里有两个同名的部件（xl/worksheets/sheet1.xml），不知道该读哪一个。"
        " → 请用 Excel 或 WPS 打开后另存一份，再用另存的文件。",
    ),
    (
        "two parts but for case",
        twice("XL/Worksheets/Sheet1.xml"),
        "错误 E110 文件里有两个同名的部件（xl/worksheets/sheet1.xml），不知道该读哪一个。"
        " → 请用 Excel 或 WPS 打开后另存一份，再用另存的文件。",
    ),
    (
        "Word",
        zipped({"word/document.xml": "<document/>", "_rels/.rels": "<Relationships/>"}),
        "错误 E111 这个文件是压缩包或别种文档，不是 Excel 工作簿。 → 请选择 .xlsx 工作簿；.ods 请另存为 .xlsx。",
    ),
    (
        "any zip",
        zipped({"a.txt": "a"}),
        "错误 E111 这个文件是压缩包或别种文档，不是 Excel 工作簿。 → 请选择 .xlsx 工作簿；.ods 请另存为 .xlsx。",
    ),
    (
        "entity",
        zipped(
            package(
                sound(),
                parts={"xl/worksheets/sheet1.xml": f'<!DOCTYPE a [<!ENTITY b "c">]><worksheet xmlns="{MAIN}"/>'},
            )
        ),
        "错误 E109 文件含有不允许的 XML 声明（xl/worksheets/sheet1.xml），为安全起见没有读取。"
        " → 请查明来源；确是台账的，请用 Excel 或 WPS 另存一份。",
    ),
    (
        "broken XML",
        zipped(package(sound(), parts={"xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row>'})),
        "错误 E113 文件已损坏，读不出 xl/worksheets/sheet1.xml。 → 请从原处重新复制，或用 Excel、WPS 打开修复后另存。",
    ),
    (
        "binary workbook",
        zipped(
            package(sound(), parts={"_rels/.rels": package({})["_rels/.rels"].replace("workbook.xml", "workbook.bin")})
        ),  # type: ignore[union-attr, arg-type]
        "错误 E112 这是二进制工作簿（.xlsb），程序不读。 → 请用 Excel 或 WPS “另存为” .xlsx 再用。",
    ),
    (
        "no sheet 家庭成员",
        zipped(package({"案件": sound()["案件"], "表1": sound()["家庭成员"]})),
        "错误 E115 缺少工作表“家庭成员”。现有的工作表：案件、表1。"
        " → 请把相应的工作表改名为“家庭成员”，或从空白录入表复制这张表。",
    ),
]


@pytest.mark.parametrize(("content", "said"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, content, said):
    found = [messages.sentence(finding) for finding in findings(content, tmp_path)]
    assert found == [f"案卷.xlsx：{said}"]


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(read.Unreadable) as refused:
        read.open_book(tmp_path / "没有.xlsx")
    assert [finding.code for finding in refused.value.findings] == ["E101"]


def refusal(path) -> str:
    with pytest.raises(read.Unreadable) as refused:
        read.open_book(path)
    (found,) = refused.value.findings
    return messages.sentence(found)


def test_a_folder_is_called_a_folder_and_its_workbooks_are_named(tmp_path):
    folder = tmp_path / "台账"
    folder.mkdir()
    assert refusal(folder) == ("台账：错误 E127 这是文件夹，不是工作簿，里面也没有 .xlsx。 → 请写明台账文件的路径。")
    for name in ("乙.xlsx", "甲.xlsx", "~$甲.xlsx", "说明.txt"):
        (folder / name).write_bytes(b"")
    assert refusal(folder) == (
        "台账：错误 E126 这是文件夹，不是工作簿（里面有 乙.xlsx、甲.xlsx）。 → 请写明其中哪一个，一次一个。"
    )


def test_a_pipe_or_a_device_is_refused_without_waiting_for_it(tmp_path):
    pipe = tmp_path / "案卷.xlsx"
    os.mkfifo(pipe)
    assert refusal(pipe) == (
        "案卷.xlsx：错误 E128 这是设备或管道，不是文件。 → 请先把台账存成 .xlsx 文件，再写明它的路径。"
    )


def test_the_lock_file_of_an_open_workbook_is_no_workbook(tmp_path):
    lock = tmp_path / "~$案卷.xlsx"
    lock.write_bytes(b"\x05user")
    assert refusal(lock) == (
        "~$案卷.xlsx：错误 E129 这是 Excel、WPS 打开工作簿时留下的锁文件，不是台账。"
        " → 请改用“案卷.xlsx”，并先保存、关闭工作簿。"
    )


def test_a_path_through_a_file_leads_nowhere(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert refusal(tmp_path / "a.xlsx" / "案卷.xlsx").startswith("案卷.xlsx：错误 E101 找不到这个文件。")


def test_what_the_system_cannot_read_is_told_with_its_reason(tmp_path):
    assert "错误 E130 系统读不出这个文件（" in refusal(tmp_path / ("长" * 100 + ".xlsx"))


def test_a_sound_workbook_says_nothing(tmp_path):
    assert findings(zipped(package(sound())), tmp_path) == []


def test_rubbish_behind_the_package_does_no_harm(tmp_path):
    assert findings(zipped(package(sound())) + b"rubbish", tmp_path) == []


def test_strict_ooxml_reads_like_any_other(tmp_path):
    parts = package(sound())
    strict = {
        name: str(content)
        .replace(
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"
        )
        .replace(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for name, content in parts.items()
    }
    assert findings(zipped(strict), tmp_path) == []


def test_prefixed_names_read_like_any_other(tmp_path):
    parts = package(sound())
    xml = str(parts["xl/worksheets/sheet1.xml"])
    for name in ("worksheet", "sheetData", "row", "c", "is", "t", "v"):
        xml = (
            xml.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    parts["xl/worksheets/sheet1.xml"] = xml.replace("xmlns=", "xmlns:x=")
    assert findings(zipped(parts), tmp_path) == []


@pytest.mark.parametrize(
    ("name", "things"),
    [
        ("xl/vbaProject.bin", "宏"),
        ("xl/externalLinks/externalLink1.xml", "外部链接"),
        ("xl/connections.xml", "数据连接"),
        ("xl/embeddings/a.bin", "嵌入对象"),
    ],
)
def test_active_content_is_named_and_never_run(tmp_path, name, things):
    (found,) = findings(zipped(package(sound(), parts={name: b"x"})), tmp_path)
    assert found.code == "W106"
    assert found.values == {"things": things}


def test_an_open_workbook_is_told_by_its_lock_file(tmp_path):
    (tmp_path / "~$案卷.xlsx").write_bytes(b"x")
    assert codes(zipped(package(sound())), tmp_path) == ["W107"]


def test_a_file_changed_meanwhile_is_an_error(tmp_path):
    path = book(tmp_path / "案卷.xlsx")
    with read.open_book(path) as opened:
        assert opened.changes() == ()
        with path.open("ab") as out:
            out.write(b" ")
        assert [finding.code for finding in opened.changes()] == ["E124"]


def test_a_1904_workbook_counts_its_days_from_1904_and_says_so(tmp_path):
    date = Raw('<c r="{r}" s="1"><v>42063</v></c>')
    content = zipped(
        package(
            pages({"案件": [{**CASE, "申请日期": date}], "家庭成员": [MEMBER]}), workbook='<workbookPr date1904="1"/>'
        )
    )
    path = tmp_path / "案卷.xlsx"
    path.write_bytes(content)
    with read.open_book(path) as opened:
        assert [finding.code for finding in opened.findings] == ["W104"]
        (checked,) = check.households(opened)
    assert checked.case is not None
    assert str(checked.case.applied_on) == "2019-03-01"


# ── hostile files ────────────────────────────────────────────────────────────────────────────────────────────────────


def bomb(part: str, before: str, filler: str, size: int) -> bytes:
    """A package of which one part unpacks to `size` bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for name, content in package(sound()).items():
            if name != part:
                made.writestr(name, content)
        with made.open(part, "w", force_zip64=True) as stream:
            stream.write(before.encode())
            block = (filler * (1_000_000 // len(filler))).encode()
            for _ in range(size // len(block)):
                stream.write(block)
    return out.getvalue()


LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 if n > 1 else str()};" * 10}">' for n in range(1, 9))
    + "]>"
)
ROW = '<row r="1"><c r="A1"><v>'
HOSTILE = {
    "one long text": lambda: bomb("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{ROW}", "0" * 1000, 200_000_000),
    "many rows": lambda: bomb(
        "xl/worksheets/sheet1.xml", "<worksheet><sheetData>", "<row><c><v>1</v></c></row>", 200_000_000
    ),
    "many strings": lambda: bomb("xl/sharedStrings.xml", "<sst>", "<si><t>a</t></si>", 200_000_000),
    "many styles": lambda: bomb("xl/styles.xml", "<styleSheet><cellXfs>", "<xf/>", 200_000_000),
    "a picture": lambda: bomb("xl/media/a.bmp", "", "\0" * 1000, 200_000_000),
    "laughs in a sheet": lambda: zipped(
        package(sound(), parts={"xl/worksheets/sheet1.xml": f"{LAUGHS}<worksheet>&a8;</worksheet>"})
    ),
    "laughs in strings": lambda: zipped(
        package(sound(), strings="", parts={"xl/sharedStrings.xml": f"{LAUGHS}<sst><si><t>&a8;</t></si></sst>"})
    ),
    "a file of the system": lambda: zipped(
        package(
            sound(),
            parts={"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><workbook>&b;</workbook>'},
        )
    ),
    "one endless tag": lambda: bomb("xl/worksheets/sheet1.xml", '<worksheet a="', "0" * 1000, 9_000_000),
    "one endless text": lambda: bomb("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{ROW}", "0" * 1000, 9_000_000),
}
MEASURE = """
import resource, sys, time
from pathlib import Path
from formgen import read
base, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
try:
    read.open_book(Path(sys.argv[1]))
except read.Unreadable as refused:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(refused.findings[0].code, time.process_time() - began, peak - base)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once_and_in_little_memory(tmp_path, name):
    path = tmp_path / "案卷.xlsx"
    path.write_bytes(HOSTILE[name]())
    ran = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    code, seconds, kilobytes = ran.stdout.split()
    assert code in ("E108", "E109", "E113", "E114")
    assert float(seconds) < 1  # a tenth of it on a machine at rest
    assert int(kilobytes) < 50_000


def test_far_away_cells_cost_nothing(tmp_path):
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    rows = [headings("案件"), record("案件", CASE)]
    xml = sheet(*rows, far, before='<dimension ref="A1:XFD1048576"/>')
    began = time.process_time()
    assert findings(zipped(package({**sound(), "案件": xml})), tmp_path) == []
    assert time.process_time() - began < 1


def test_a_lying_dimension_loses_no_row(tmp_path):
    xml = sheet(headings("案件"), record("案件", CASE), before='<dimension ref="A1:B1"/>')
    path = tmp_path / "案卷.xlsx"
    path.write_bytes(zipped(package({**sound(), "案件": xml})))
    with read.open_book(path) as opened:
        assert opened.total == 1


@pytest.mark.parametrize(
    "row",
    [
        '<row r="3"><c r="A9"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c><c r="A3"><v>2</v></c></row>',
        '<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="3"><c r="XFE3"><v>1</v></c></row>',
        '<row r="3"><c r="Ä3"><v>1</v></c></row>',
        '<row r="3"/><row r="3"><c r="A3"><v>1</v></c></row>',
        '<row r="3">' + "".join(f"<c><v>{n}</v></c>" for n in range(600)) + "</row>",
    ],
    ids=[
        "another row",
        "twice",
        "twice out of order",
        "row too far",
        "column too far",
        "no column",
        "row twice",
        "too many",
    ],
)
def test_an_impossible_coordinate_refuses_the_file(tmp_path, row):
    xml = sheet(headings("案件"), record("案件", CASE), row)
    assert codes(zipped(package({**sound(), "案件": xml})), tmp_path) == ["E114"]


def test_the_declaration_of_the_encoding_is_obeyed(tmp_path):
    xml = sheet(headings("案件"), record("案件", CASE)).replace(HEAD, '<?xml version="1.0" encoding="UTF-16"?>')
    assert findings(zipped(package({**sound(), "案件": xml.encode("utf-16")})), tmp_path) == []  # type: ignore[dict-item]
