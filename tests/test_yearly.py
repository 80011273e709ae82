"""A year's batch lists every dossier in four shapes, checks with sha256sum, and says 未签名 or proves its signature."""

import csv
import io
import subprocess
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from formgen.keep import handover, register, signature, verify, yearly
from formgen.keep.yearly import Seal
from formgen.messages import FormgenError
from tests import dossiers
from tests.dossiers import tree, without_office  # noqa: F401


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(3))[0]


def openssl(*arguments, cwd):
    subprocess.run(["openssl", *arguments], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Path:
    """A certificate authority with a signer and a time-stamp authority, made for this test only."""
    where = tmp_path_factory.mktemp("ca")
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "ca.key",
        "-out",
        "ca.pem",
        "-days",
        "30",
        "-subj",
        "/CN=CA",
        cwd=where,
    )
    for name, usage in (("unit", "digitalSignature"), ("tsa", "digitalSignature")):
        extra = "\nextendedKeyUsage=critical,timeStamping" if name == "tsa" else ""
        (where / f"{name}.ext").write_text(f"keyUsage=critical,{usage}{extra}\n")
        openssl(
            "req",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            f"{name}.key",
            "-out",
            f"{name}.csr",
            "-subj",
            f"/CN={name}",
            cwd=where,
        )
        openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
            "-out", f"{name}.pem", "-days", "20", "-extfile", f"{name}.ext", cwd=where,
        )  # fmt: skip
    (where / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\ncrypto_device=builtin\nsigner_digest=sha256\n"
        "default_policy=1.2.3.4.1\ndigests=sha256,sha512\nordering=yes\ntsa_name=yes\n"
    )
    (where / "serial").write_text("01")
    return where


def signed(repo, authority):
    return yearly.make(repo, 2026, seal=Seal(authority / "unit.pem", authority / "unit.key"), ca=authority / "ca.pem")


def test_the_four_shapes_list_the_same_dossiers(repo):
    made = yearly.make(repo, 2026)
    numbers = [entry.number for entry in register.load(repo.register / "numbers.csv")]
    rows = list(csv.DictReader(io.StringIO((made.folder / "catalog-2026.csv").read_text("utf-8-sig"))))
    assert [row["档号"] for row in rows] == numbers
    book = load_workbook(made.folder / "catalog-2026.xlsx")
    assert [row[1] for row in book["案卷目录"].iter_rows(min_row=3, max_row=5, values_only=True)] == numbers
    xml = etree.parse(made.folder / "catalog-2026.xml")
    assert [e.text for e in xml.iterfind(".//{*}案卷/{*}档号") if e.text in numbers] == numbers
    assert (made.folder / "catalog-2026.docx").exists()


def test_the_items_have_the_nine_columns_of_the_standard_and_no_names(repo):
    made = yearly.make(repo, 2026)
    text = (made.folder / "catalog-2026-items.csv").read_text("utf-8-sig")
    assert text.splitlines()[0] == "序号,档号,文号,责任者,题名,日期,密级,页数,备注"
    assert "××××病历" in text
    for name, content in tree(made.folder).items():
        assert "诸葛".encode() not in content, name


def test_sha256sum_checks_the_batch_and_names_a_changed_bag(repo):
    made = yearly.make(repo, 2026)
    check = ["sha256sum", "--strict", "--quiet", "-c", f"_batch/{signature.BATCH}"]
    assert subprocess.run(check, cwd=repo.year(2026), capture_output=True).returncode == 0
    target = next(iter(repo.bags(2026))) / "tagmanifest-sha512.txt"
    target.write_bytes(target.read_bytes() + b"\n")
    failed = subprocess.run(check, cwd=repo.year(2026), capture_output=True, text=True)
    assert failed.returncode != 0 and target.parent.name in failed.stdout
    assert made.digest


def test_the_same_year_gives_the_same_bytes(repo):
    before = tree(yearly.make(repo, 2026).folder)
    assert tree(yearly.make(repo, 2026).folder) == before


def test_gaps_and_doubles_are_told(repo):
    book = register.load(repo.register / "numbers.csv")
    second = book.get("J045-WS·2026-D10-KN-0002")
    book.put(replace(second, number="J045-WS·2026-D10-KN-0007"))
    book.save()
    told = {finding.code: finding for finding in yearly.make(repo, 2026).findings}
    assert told["E739"].values["files"] == "4、5、6"
    assert told["E740"].case_no == "AH-0002"
    assert "E730" in told


def test_without_a_certificate_it_says_unsigned(repo):
    made = yearly.make(repo, 2026)
    assert not made.is_signed
    assert "未签名" in str(list(load_workbook(made.folder / "catalog-2026.xlsx")["案卷目录"].values))
    verdicts = {result.title: result.verdict for _, result in made.four}
    assert verdicts["电子签名、时间戳有效性"] == "未检测"


def test_a_signature_is_made_and_proven_by_openssl_alone(repo, authority):
    made = signed(repo, authority)
    assert made.is_signed
    openssl(
        "cms", "-verify", "-binary", "-inform", "DER", "-in", f"{signature.BATCH}.p7s", "-content", signature.BATCH,
        "-CAfile", str(authority / "ca.pem"), "-purpose", "any", "-out", "/dev/null", cwd=made.folder,
    )  # fmt: skip
    verdicts = {result.title: result.verdict for _, result in made.four}
    assert verdicts["电子签名、时间戳有效性"] == "合格"
    path = made.folder / signature.BATCH
    assert signature.findings(path, made.folder, authority / "ca.pem") == ()
    assert [f.code for f in signature.findings(path, made.folder, None)] == ["W731"]


def test_a_changed_file_or_signature_and_a_foreign_authority_are_found(repo, authority, tmp_path):
    folder = signed(repo, authority).folder
    path, sealed = folder / signature.BATCH, folder / f"{signature.BATCH}.p7s"
    ca = authority / "ca.pem"
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    assert [f.code for f in signature.findings(path, folder, ca)] == ["E738"]
    assert "E738" in [f.code for f in signature.findings(path, folder, None)]
    path.write_bytes(whole)
    content = bytearray(sealed.read_bytes())
    content[-20] ^= 1
    sealed.write_bytes(content)
    assert [f.code for f in signature.findings(path, folder, ca)] == ["E738"]
    openssl(
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "k",
        "-out",
        "other.pem",
        "-days",
        "3",
        "-subj",
        "/CN=X",
        cwd=tmp_path,
    )
    signed(repo, authority)
    assert [f.code for f in signature.findings(path, folder, tmp_path / "other.pem")] == ["E738"]


def test_a_time_stamp_answers_the_request_and_is_checked(repo, authority):
    folder = signed(repo, authority).folder
    path = folder / signature.BATCH
    openssl(
        "ts", "-reply", "-config", "tsa.cnf", "-queryfile", f"{path}.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key",
        "-out", f"{path}.tsr", cwd=authority,
    )  # fmt: skip
    assert signature.findings(path, folder, authority / "ca.pem") == ()
    assert "有时间戳" in signature.outcome(path, folder, authority / "ca.pem").evidence
    whole = path.read_bytes()
    path.write_bytes(whole + b"x")
    assert len(signature.findings(path, folder, authority / "ca.pem")) == 2


def test_a_manifest_that_changes_is_kept_aside_with_what_proves_it(repo, authority):
    path = signed(repo, authority).folder / signature.BATCH
    (path.parent / f"{path.name}.tsr").write_bytes(b"answer")
    was = {each.name: each.read_bytes() for each in path.parent.glob(f"{path.name}*")}
    dossiers.repository(repo.root, dossiers.several(4))
    made = yearly.make(repo, 2026)
    assert not made.is_signed and [f.code for f in made.findings] == ["W740"]
    (kept,) = signature.earlier(path)
    assert str(made.findings[0].place) == f"2026/_batch/earlier/{kept.name}"
    assert {each.name.split("-", 1)[1]: each.read_bytes() for each in kept.parent.iterdir()} == was
    (kept.parent / f"{kept.name}.tsr").unlink()
    assert signature.findings(kept, kept.parent, authority / "ca.pem") == ()
    again = signed(repo, authority)
    assert again.is_signed and again.findings == () and signature.earlier(path) == (kept,)


def test_a_manifest_signed_anew_keeps_the_earlier_one_as_well(repo, authority):
    signed(repo, authority)
    dossiers.repository(repo.root, dossiers.several(4))
    made = signed(repo, authority)
    assert made.is_signed and [f.code for f in made.findings] == ["I658"]
    assert len(signature.earlier(made.folder / signature.BATCH)) == 1


def test_a_signature_that_fails_leaves_everything_as_it_was(repo, authority):
    folder = signed(repo, authority).folder
    dossiers.repository(repo.root, dossiers.several(4))
    before = tree(folder)
    with pytest.raises(FormgenError) as told:
        yearly.make(repo, 2026, seal=Seal(authority / "unit.pem", authority / "tsa.key"))
    assert told.value.finding.code == "E772" and tree(folder) == before


def batch_faults(repo, ca=None):
    result = verify.repository(repo, "full", verify.Watch(at=dossiers.AT), ca=ca)
    return [(f.code, f.place.file) for f in result.findings]


def test_a_bag_that_no_batch_lists_is_told(repo):
    yearly.make(repo, 2026)
    assert batch_faults(repo) == []
    dossiers.repository(repo.root, dossiers.several(4))
    assert batch_faults(repo) == [("W741", f"2026/_batch/{signature.BATCH}")]


def test_a_batch_manifest_that_is_lost_is_told(repo):
    path = yearly.make(repo, 2026).folder / signature.BATCH
    path.unlink()
    assert batch_faults(repo) == [("E946", f"2026/_batch/{signature.BATCH}")]


def test_a_manifest_set_aside_is_verified_with_its_signature(repo, authority):
    path = signed(repo, authority).folder / signature.BATCH
    dossiers.repository(repo.root, dossiers.several(4))
    yearly.make(repo, 2026)
    (kept,) = signature.earlier(path)
    assert batch_faults(repo, authority / "ca.pem") == []
    kept.write_bytes(kept.read_bytes() + b"x")
    assert batch_faults(repo, authority / "ca.pem") == [
        ("E709", f"2026/_batch/earlier/{kept.name}"),
        ("E738", f"{kept.name}.p7s"),
    ]


def test_the_catalogue_and_the_receipts_carry_their_digest_as_a_code(tmp_path):
    pytest.importorskip("segno")
    repo, _ = dossiers.repository(tmp_path, dossiers.several(1))
    yearly.make(repo, 2026)
    _, papers = handover.make(
        repo, giver="甲", taker="乙", witness="丙", matters="", on=date(2026, 11, 22), at=dossiers.AT
    )
    for path in (repo.batch(2026) / "catalog-2026.docx", *(p for p in papers if p.suffix == ".docx")):
        with zipfile.ZipFile(path) as package:
            assert [name for name in package.namelist() if name.startswith("word/media/")], path.name
