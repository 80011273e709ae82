"""A closed dossier becomes one plain bag: standard tools accept it, its bytes stand still, it names nobody outside."""

import csv
import io
import json
import logging
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from formgen import bag
from formgen.keep import bundle, eep, policy, register
from formgen.keep.dossier import File, Paper
from formgen.messages import FormgenError
from tests import dossiers
from tests.dossiers import ID, NAME, tree

NUMBER = "J045-WS·2026-D10-KN-0001"


def built(root, dossier=None, number=NUMBER):
    return bundle.build(
        root / register.folder_name(number or "working"), dossier or dossiers.dossier(), number, policy.default()
    )


def test_the_same_dossier_gives_the_same_bytes(tmp_path):
    one, two = built(tmp_path / "a"), built(tmp_path / "b")
    assert tree(one.folder) == tree(two.folder)
    assert one.digest == two.digest


def test_bagit_python_the_profile_and_sha256sum_accept_it(tmp_path):
    bagit = pytest.importorskip("bagit")
    profiles = pytest.importorskip("bagit_profile")
    folder = built(tmp_path).folder
    logging.disable(logging.CRITICAL)
    try:
        opened = bagit.Bag(str(folder))
        assert opened.validate()
        said = json.loads((folder / "metadata/profile.json").read_text())
        profile = profiles.Profile("urn:formgen:bagit-profile:1", profile=said)
        assert profile.validate(opened), str(profile.report)
    finally:
        logging.disable(logging.NOTSET)
    checked = ["sha256sum", "--strict", "--quiet", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt"]
    assert subprocess.run(checked, cwd=folder).returncode == 0


def test_paths_are_ascii_and_neither_they_nor_bag_info_tell_who_it_is(tmp_path):
    folder = built(tmp_path).folder
    paths = list(tree(folder))
    assert all(path.isascii() and len(path) <= 180 for path in paths)
    outside = "\n".join([*paths, (folder / "bag-info.txt").read_text()])
    assert NAME not in outside and ID not in outside and "诸葛" not in outside


def test_items_are_numbered_by_material_code_without_gaps(tmp_path):
    folder = built(tmp_path).folder
    text = (folder / "data/catalog/items.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["题名"] for row in rows] == ["个人申请书", "建档申请表", "诸葛小雪病历"]
    assert [row["档号"][-3:] for row in rows] == ["001", "002", "003"]
    assert (folder / "data/records/002-04/original.docx").exists()


def test_the_case_is_kept_as_entered(tmp_path):
    kept = json.loads((built(tmp_path).folder / "data/export/case.json").read_bytes())
    assert kept == dossiers.dossier().case


def test_metadata_fit_the_schema_and_xmllint_agrees(tmp_path):
    folder = built(tmp_path).folder
    raw = (folder / "metadata/dossier.xml").read_bytes()
    assert eep.faults(raw) == ()
    assert eep.faults(raw.replace(b"<e", b"<x", 1)) or eep.faults(raw.replace("原始型".encode(), "别的".encode(), 1))
    if subprocess.run(["which", "xmllint"], capture_output=True).returncode == 0:
        lint = ["xmllint", "--noout", "--nonet", "--schema", "schemas/eep.xsd", "metadata/dossier.xml"]
        assert subprocess.run(lint, cwd=folder, capture_output=True).returncode == 0


def test_retention_facts_stand_in_bag_info_json_and_xml(tmp_path):
    folder = built(tmp_path).folder
    info = bag.validate(folder).info
    said = json.loads((folder / "metadata/retention.json").read_bytes())
    xml = etree.fromstring((folder / "metadata/retention.xml").read_bytes())
    for label, value in (("Retention-Last-Day", "2036-11-20"), ("Disposal-Eligible-From", "2036-11-21")):
        assert info.get(label) == said[label] == xml.findtext(f"{{{eep.OWN}}}{label}") == value
    assert info.get("Disposal-Action") == "REVIEW"


def test_an_open_dossier_says_so_and_has_no_end(tmp_path):
    folder = built(tmp_path, dossiers.dossier(withdrawn=None), "").folder
    info = bag.validate(folder).info
    assert {info.get(label) for label in ("Retention-Start", "Retention-Last-Day", "Disposal-Eligible-From")} == {
        "未撤档"
    }


def test_what_was_not_checked_says_so(tmp_path):
    report = json.loads((built(tmp_path).folder / "metadata/fourchecks.json").read_bytes())
    results = {item["title"]: (item["verdict"], item["evidence"]) for item in report["项目"]}
    assert results["电子签名、时间戳有效性"][0] == "未检测" and "未签名" in results["电子签名、时间戳有效性"][1]
    assert results["件号连续性"][0] == "合格"
    assert results["建档材料齐全"][0] == "不合格" and "公示材料" in results["建档材料齐全"][1]
    assert {item["property"] for item in report["项目"]} == {"真实性", "完整性", "可用性", "安全性"}


def test_a_paper_that_contradicts_the_case_fails_the_check(tmp_path):
    wrong = Paper(code="01", title="个人申请书", files=(File("original.docx", dossiers.docx("别的人")),))
    folder = built(tmp_path, dossiers.dossier(papers=(wrong,))).folder
    report = json.loads((folder / "metadata/fourchecks.json").read_bytes())
    assert {i["title"]: i["verdict"] for i in report["项目"]}["录入信息与文书一致"] == "不合格"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (f"{NAME} 340104198001010028 620.00", "身份证号码"),
        (f"{NAME} {ID} 621.00", "月人均收入"),
        (f"别的人 {ID} 620.00", "职工姓名"),
    ],
)
def test_the_application_form_must_print_the_name_number_and_income_of_the_case(tmp_path, text, missing):
    for printed, verdict in ((text, "不合格"), (f"{NAME} {ID} 620.00", "合格")):
        form = Paper(code="04", title="建档申请表", files=(File("original.docx", dossiers.docx(printed)),))
        decided = dossiers.dossier(papers=(form,), decision={"post": {"exact": "620", "yuan": "620.00"}})
        result = results(built(tmp_path / verdict, decided).folder)["录入信息与文书一致"]
        assert result["verdict"] == verdict and (missing in result["evidence"]) == (verdict == "不合格")


@pytest.mark.parametrize(
    ("entered_on", "verdict"),
    [(date(2019, 7, 2), "合格"), (date(2019, 7, 3), "不合格"), (None, "未检测"), (date(2099, 7, 3), "未检测")],
)
def test_the_use_of_funds_is_entered_within_thirty_working_days(tmp_path, entered_on, verdict):
    paid = dossiers.dossier(paid_on=date(2019, 5, 20), funds_entered_on=entered_on)
    assert results(built(tmp_path, paid).folder)["帮扶资金录入"]["verdict"] == verdict


def test_a_household_on_file_for_years_is_asked_for_its_yearly_reviews(tmp_path):
    review = Paper(code="12", title="年度复核表", files=(File("p01.txt", b"ok"),))
    for papers, verdict in (((), "未检测"), ((review,), "合格")):
        assert (
            results(built(tmp_path / verdict, dossiers.dossier(papers=papers)).folder)["年度复核"]["verdict"] == verdict
        )


def results(folder):
    report = json.loads((folder / "metadata/fourchecks.json").read_bytes())
    return {item["title"]: item for item in report["项目"]}


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("p01.exe", b"MZ", "无可执行内容"),
        ("p01.docx", b"\xd0\xcf\x11\xe0 encrypted", "无加密和压缩障碍"),
        ("p01.jpg", b"not a picture", "内容可打开"),
        ("p01.xyz", b"?", "格式在清单内"),
    ],
)
def test_content_that_will_not_last_fails_its_check(tmp_path, name, content, title):
    odd = Paper(code="15", title="其他", files=(File(name, content),))
    folder = built(tmp_path, dossiers.dossier(papers=(odd,))).folder
    report = json.loads((folder / "metadata/fourchecks.json").read_bytes())
    assert {i["title"]: i["verdict"] for i in report["项目"]}[title] == "不合格"


def test_the_concordance_counts_working_days(tmp_path):
    late = dossiers.dossier(paper_changed_on=date(2019, 3, 1), electronic_changed_on=date(2019, 3, 25))
    text = (built(tmp_path, late).folder / "metadata/concordance.csv").read_text("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["工作日差"], row["结论"]) == ("16", "超过15个工作日")


def test_nothing_is_left_when_building_fails(tmp_path):
    (tmp_path / "gone").mkdir()
    lost = Paper(code="15", title="x", files=(File("p01.txt", tmp_path / "gone" / "x.txt"),))
    with pytest.raises(FormgenError):
        built(tmp_path / "repo", dossiers.dossier(papers=(lost,)))
    assert list((tmp_path / "repo").iterdir()) == []


def test_links_large_files_and_bags_are_refused(tmp_path):
    (tmp_path / "link.txt").symlink_to(tmp_path / "elsewhere")
    papers = (
        Paper(code="15", title="a", files=(File("p01.txt", tmp_path / "link.txt"),)),
        Paper(code="15", title="b", files=(File("p02.txt", b"", "bagit.txt"),)),
        Paper(code="15", title="c", files=(File("张三.txt", b""),)),
    )
    refused = bundle.refusals(replace(dossiers.dossier(), papers=papers))
    assert [finding.code for finding in refused] == ["E713", "E722", "E723"]


def test_sm3_is_listed_and_right_where_there_is_sm3(tmp_path):
    import hashlib

    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3")
    folder = built(tmp_path).folder
    for line in (folder / "metadata/sm3sums.txt").read_text().splitlines():
        digest, path = line.split("  ")
        assert hashlib.new("sm3", (folder / path).read_bytes()).hexdigest() == digest
