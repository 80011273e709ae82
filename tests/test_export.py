"""A sealed dossier leaves as one EEP file: in the order of DA/T 48-2009, every byte of it, with a line in the log."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from click.testing import CliRunner
from lxml import etree

from formgen.cli.keeping import command
from formgen.keep import chain, eep, export, register
from formgen.keep.dossier import File, Paper
from tests import dossiers
from tests.dossiers import AT

FIRST = "J045-WS·2026-D10-KN-0001"


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "库", dossiers.several(2))[0]


def exported(repo, target, numbers=(FIRST,), **changes):
    entries = [register.load(repo.register / "numbers.csv").get(number) for number in numbers]
    return export.write_all(repo, entries, target, **{"by": "工号07", "reason": "移交进馆", "at": AT, **changes})


def tree(path):
    return etree.fromstring(path.read_bytes())


def texts(root, tag):
    return [element.text for element in root.iter(eep.named(tag))]


def test_every_file_of_the_dossier_comes_back_byte_for_byte(repo, tmp_path):
    (path,) = exported(repo, tmp_path / "出").paths
    held = sorted((repo.bag(FIRST) / "data/records").rglob("*.*"))
    assert [base64.b64decode(text) for text in texts(tree(path), "编码数据")] == [file.read_bytes() for file in held]
    assert texts(tree(path), "反编码关键字") == ["base64-docx", "base64-docx", "base64-txt"]


def test_the_elements_stand_in_the_order_of_the_standard(repo, tmp_path):
    root = tree(exported(repo, tmp_path / "出").paths[0])
    names = lambda element: [etree.QName(child).localname for child in element]  # noqa: E731
    assert names(root) == ["封装包格式描述", "版本", "被签名对象"]
    assert names(root[2]) == ["封装包类型", "封装包类型描述", "封装包创建时间", "封装包创建单位", "封装内容"]
    assert names(root[2][4]) == ["文件实体块", "业务实体块", "机构人员实体块"]
    item = root[2][4][0][1]
    assert names(item) == ["聚合层次", "电子文件号", "档号", "内容描述", "形式特征", "附注", "附注", "文件数据"]
    assert names(item[-1][0]) == ["文档标识符", "文档序号", "文档主从声明", "文档数据"]
    code = item[-1][0][3][0]
    assert names(code) == ["电子属性", "编码描述", "反编码关键字", "编码数据"]
    identifiers = [value for element in root.iter() for value in element.attrib.values() if value.startswith("修改0")]
    assert len(identifiers) == len(set(identifiers)) == 9


def test_the_export_stands_in_the_log_with_its_digest(repo, tmp_path):
    (path,) = exported(repo, tmp_path / "出").paths
    (line,) = [entry for entry in chain.entries(repo.log("custody")) if entry["event"] == "导出EEP"]
    assert (line["档号"], line["经办"]) == (FIRST, "工号07")
    assert line["文件摘要"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_changed_bag_keeps_everything_back(repo, tmp_path):
    target = next((repo.bag(FIRST) / "data/records").rglob("*.txt"))
    target.write_bytes(b"forged")
    done = exported(repo, tmp_path / "出", (FIRST, FIRST.replace("0001", "0002")))
    assert (done.paths, [finding.code for finding in done.findings]) == ((), ["E748"])
    assert not (tmp_path / "出").exists()


def test_a_reason_with_a_phone_number_is_not_logged(repo, tmp_path):
    assert [f.code for f in exported(repo, tmp_path / "出", reason="13800000001 要").findings] == ["E745"]


def test_sound_is_named_and_not_encoded(tmp_path):
    sound = Paper(code="14", title="走访录音", files=(File("audio.wav", b"RIFF"), File("p01.txt", b"said")))
    repo, _ = dossiers.repository(tmp_path / "库", [dossiers.dossier(papers=(sound,))])
    done = exported(repo, tmp_path / "出")
    assert [(f.code, f.values) for f in done.findings] == [("W729", {"count": "1"})]
    root = tree(done.paths[0])
    assert texts(root, "反编码关键字") == ["base64-txt"]
    assert any("audio.wav 是音像，不编码" in (text or "") for text in texts(root, "附注"))


def test_the_command_writes_a_file_a_dossier(repo, tmp_path):
    line = [
        "export",
        str(repo.root),
        "--year",
        "2026",
        "--by",
        "工号07",
        "--reason",
        "进馆",
        "-o",
        str(tmp_path / "出"),
    ]
    told = CliRunner().invoke(command, [*line, "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["files"] == [f"J045-WS.2026-D10-KN-000{n}-eep.xml" for n in (1, 2)]
