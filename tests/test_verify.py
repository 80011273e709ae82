"""Verification finds every change of every kind in a repository, names it by path, and goes on where it was stopped."""

import hashlib
import json
import os
import shutil
import tracemalloc
from dataclasses import replace

import pytest
from click.testing import CliRunner

from formgen import bag
from formgen.bag import digests
from formgen.cli.verify import command
from formgen.keep import account, bundle, chain, policy, proof, register, verify, yearly
from formgen.keep.register import Entry
from formgen.keep.repository import Repository
from formgen.keep.verify import Watch
from formgen.messages import FormgenError
from tests import dossiers
from tests.dossiers import without_office  # noqa: F401

WATCH = Watch(at=dossiers.AT)


@pytest.fixture
def repo(tmp_path):
    return dossiers.repository(tmp_path / "repo", dossiers.several(3))[0]


def bags(repo):
    return [folder for year in repo.years() for folder in repo.bags(year)]


def said(repo, level="full"):
    result = verify.repository(repo, level, WATCH, jobs=2)
    return {(f.code, f.place.file) for checked in result.bags for f in checked.findings if f.is_error} | {
        (f.code, f.place.file) for f in result.findings if f.is_error
    }


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_sound_repository_is_ok(repo):
    result = verify.repository(repo, "full", WATCH)
    assert result.is_ok and len(result.bags) == result.total == 3


@pytest.mark.parametrize(
    "path",
    [
        "data/export/case.json",
        "data/records/001-01/original.docx",
        "metadata/dossier.xml",
        "metadata/fourchecks.json",
        "bag-info.txt",
        "schemas/eep.xsd",
    ],
)
def test_a_changed_file_is_named(repo, path):
    flip(bags(repo)[1] / path)
    assert ("E709", path) in said(repo)


@pytest.mark.parametrize(
    "name", ["manifest-sha256.txt", "manifest-sha512.txt", "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"]
)
def test_a_changed_manifest_is_found(repo, name):
    path = bags(repo)[1] / name
    text = path.read_text()
    path.write_text(("0" if text[0] != "0" else "1") + text[1:])
    assert said(repo)


def test_lost_renamed_added_and_linked_files_are_named(repo, tmp_path):
    one, two, three = bags(repo)
    (one / "data/export/case.json").unlink()
    (two / "data/export/case.json").rename(two / "data/export/other.json")
    (three / "data/records/001-01/more.txt").write_text("x")
    (three / "metadata/more.txt").write_text("x")
    target = three / "metadata/retention.json"
    (tmp_path / "elsewhere").write_bytes(target.read_bytes())
    target.unlink()
    target.symlink_to(tmp_path / "elsewhere")
    found = said(repo)
    assert {("E707", "data/export/case.json"), ("E708", "data/export/other.json")} <= found
    assert {("E708", "data/records/001-01/more.txt"), ("E708", "metadata/more.txt")} <= found
    assert ("E713", "metadata/retention.json") in found


@pytest.mark.skipif(os.name != "posix", reason="a file system that tells the twins apart")
@pytest.mark.parametrize("twin", ["data/export/CASE.json", "data/export/e\u0301.json"])
def test_twin_names_are_extra_files(repo, twin):
    (bags(repo)[0] / twin).write_bytes(b"{}")
    assert ("E708", twin) in said(repo)


def test_a_bag_rebuilt_with_other_content_is_not_the_one_that_was_sealed(repo):
    target = bags(repo)[1]
    shutil.rmtree(target)
    forged = replace(dossiers.dossier("AH-0002"), withdrawal_reason="别的原因")
    bundle.build(target, forged, register.written(target.name), policy.default())
    assert ("E732", proof.TOP) in said(repo)


def test_a_lost_and_an_unknown_bag_are_named(repo):
    one, two, _ = bags(repo)
    one.rename(one.with_name("J045-WS.2026-D10-KN-0099"))
    found = said(repo)
    assert ("E730", f"2026/{one.name}") in found
    assert ("E731", "2026/J045-WS.2026-D10-KN-0099") in found
    assert two.exists()


def test_a_copy_below_another_year_a_loose_file_and_a_link_are_named(repo, tmp_path):
    one, two, _ = bags(repo)
    shutil.copytree(one, repo.year(2027) / one.name)
    shutil.move(two, tmp_path / two.name)
    two.symlink_to(tmp_path / two.name)
    for name in ("补充.pdf", "Thumbs.db", ".formgen-tmp-1"):
        (repo.year(2026) / name).write_bytes(b"x")
    for name in (".secret", "_batch", ".destroying-x"):
        (repo.year(2026) / name).mkdir()
    result = verify.repository(repo, "full", WATCH)
    assert {(f.code, f.place.file) for f in result.findings} == {
        ("E731", f"2027/{one.name}"),
        ("E730", f"2026/{two.name}"),
        ("W736", f"2026/{two.name}"),
        ("W736", "2026/补充.pdf"),
        ("W736", "2026/.secret"),
    }


@pytest.mark.parametrize("level", ["rolling", "full"])
def test_days_edited_in_the_register_are_told(repo, level):
    book = register.load(repo.register / "numbers.csv")
    for entry in book:
        book.put(replace(entry, last_day="2027-01-01"))
    book.save()
    assert ("E753", "bag-info.txt") in said(repo, level)


@pytest.mark.parametrize("name", ["custody", "verify", "disposal"])
def test_a_log_of_garbage_is_told_and_the_bags_are_verified_all_the_same(repo, name):
    chain.append(repo.log(name), {"event": "x"}, {"event": "y"})
    repo.log(name).write_bytes(b"garbage\n" * 2)
    told = CliRunner().invoke(command, [str(repo.root)], standalone_mode=False)
    assert told.exception is None and told.return_value == 3
    assert "E733" in told.output and "验证 3 包" in told.output


def test_a_mark_printed_on_a_paper_shows_that_logs_and_heads_were_put_back_together(repo, tmp_path):
    shutil.copytree(repo.register, tmp_path / "before")
    chain.append(repo.log("custody"), {"event": "移交"})
    printed = chain.mark(repo.register)
    assert verify.repository(repo, "quick", WATCH, printed=[printed]).is_ok
    for name in ("custody.jsonl", chain.HEADS):
        shutil.copy(tmp_path / "before" / name, repo.register / name)
    assert verify.repository(repo, "quick", WATCH).is_ok
    assert [f.code for f in verify.repository(repo, "quick", WATCH, printed=[printed]).findings] == ["E716"]


def test_an_edited_log_is_found(repo):
    path = repo.log("custody")
    path.write_bytes(path.read_bytes().replace("封存".encode(), "拆封".encode(), 1))
    assert ("E733", "custody.jsonl") in said(repo)


def test_heads_that_are_gone_or_cannot_be_read_are_told(repo):
    (repo.register / chain.HEADS).unlink()
    assert said(repo) == {("E700", "heads.json")}
    (repo.register / chain.HEADS).write_text("{bad")
    with pytest.raises(FormgenError) as told:
        said(repo)
    assert told.value.finding.code == "E715"


def test_a_register_that_excel_saved_in_gbk_is_told(repo):
    path = repo.register / "numbers.csv"
    path.write_bytes(path.read_bytes() + "甲,\n".encode("gbk"))
    with pytest.raises(FormgenError) as told:
        said(repo)
    assert told.value.finding.code == "E770"


def test_a_register_changed_to_fit_a_forged_bag_is_betrayed_by_the_batch_manifest(repo):
    yearly.make(repo, 2026)
    target = bags(repo)[0]
    shutil.rmtree(target)
    number = register.written(target.name)
    forged = bundle.build(target, dossiers.dossier("AH-0001", withdrawal_reason="别的"), number, policy.default())
    book = register.load(repo.register / "numbers.csv")
    book.put(replace(book.get(number), digest=forged.digest))
    book.save()
    assert ("E737", f"2026/{target.name}") in said(repo)


def test_quick_names_what_was_touched_and_reads_nothing_else(repo):
    verify.repository(repo, "full", WATCH)
    quick = verify.repository(repo, "quick", WATCH)
    assert quick.is_ok and [checked.files for checked in quick.bags] == [0, 0, 0]
    flip(bags(repo)[2] / "data/export/case.json")
    assert said(repo, "quick") == {("E709", "data/export/case.json")}


def test_rolling_takes_the_oldest_share_of_the_month_and_no_more(tmp_path):
    repo, _ = dossiers.repository(tmp_path / "repo", dossiers.several(13))
    months = [f"2026-{month:02d}-05T08:00:00+08:00" for month in range(1, 9)]
    seen = []
    for at in months:
        result = verify.repository(repo, "rolling", Watch(at=at))
        assert len(result.bags) == 2 or at == months[6]
        seen += [checked.path for checked in result.bags]
        assert verify.repository(repo, "rolling", Watch(at=at)).bags == []
    assert len(set(seen[:13])) == 13


def test_a_budget_stops_and_the_next_run_goes_on(tmp_path):
    repo, _ = dossiers.repository(tmp_path / "repo", dossiers.several(5))
    ticks = iter(range(100))
    short = Watch(at="2026-01-05T08:00:00+08:00", seconds=lambda: float(next(ticks)), budget=2.0)
    first = verify.repository(repo, "full", short, jobs=1)
    assert (len(first.bags), first.left) == (2, 3)
    rest = verify.repository(repo, "full", Watch(at="2026-01-06T08:00:00+08:00"), jobs=1)
    assert [checked.path for checked in first.bags] == [checked.path for checked in rest.bags[3:]]


def test_bags_nobody_looked_at_for_long_are_counted(repo):
    verify.repository(repo, "full", Watch(at="2024-01-01T00:00:00+08:00"))
    result = verify.repository(repo, "rolling", Watch(at="2026-01-01T00:00:00+08:00"))
    assert (len(result.bags), result.stale) == (1, 2)


def test_reports_are_chained_and_carry_their_own_digest(repo):
    paths = []
    for day in ("01", "02"):
        at = f"2026-03-{day}T08:00:00+08:00"
        paths.append(account.keep(repo, verify.repository(repo, "full", Watch(at=at)), at=at))
    (first, digest), (second, _) = paths
    assert json.loads(second.read_bytes())["previous"] == digest == hashlib.sha256(first.read_bytes()).hexdigest()
    assert first.with_suffix(".json.sha256").read_text() == f"{digest}  {first.name}\n"
    assert chain.check(repo.log("verify")) == ()


def test_any_folder_of_bags_can_be_verified(tmp_path):
    repo, _ = dossiers.repository(tmp_path / "repo", dossiers.several(2))
    carrier = tmp_path / "carrier"
    shutil.copytree(repo.year(2026), carrier)
    roots = verify.any_bags(carrier)
    assert len(roots) == 2
    assert verify.folders(roots, carrier, WATCH).is_ok
    assert not verify.folders(verify.any_bags(tmp_path / "nothing"), tmp_path, WATCH).is_ok


def test_many_bags_over_processes_come_back_in_order_with_every_change(tmp_path):
    roots = [tmp_path / f"b{number:02d}" for number in range(40)]
    for root in roots:
        bag.write(root, {"a.txt": root.name.encode()})
    flip(roots[17] / "data/a.txt")
    (roots[33] / "data/a.txt").unlink()
    one, two = (verify.folders(roots, tmp_path, WATCH, jobs=jobs) for jobs in (1, 2))
    assert one == two
    assert [checked.path for checked in two.bags if not checked.is_ok] == ["b17", "b33"]
    assert [checked.path for checked in two.bags] == [root.name for root in roots]


@pytest.mark.skipif(os.name != "posix", reason="the worker inherits what kills it")
def test_a_worker_that_dies_twice_ends_the_verification_with_a_remedy(tmp_path, monkeypatch):
    roots = [tmp_path / f"b{number}" for number in range(4)]
    for root in roots:
        bag.write(root, {"a.txt": b"a"})
    scandir, ours = os.scandir, os.getpid()
    monkeypatch.setattr(os, "scandir", lambda path: scandir(path) if os.getpid() == ours else os._exit(9))
    with pytest.raises(FormgenError, match="E769"):
        verify.folders(roots, tmp_path, WATCH, jobs=2)


def test_a_plan_takes_a_few_hundred_bytes_a_dossier(tmp_path):
    repo, count = Repository(tmp_path), 3000
    repo.register.mkdir()
    (repo.register / chain.HEADS).write_text("{}")
    book = register.load(repo.register / "numbers.csv")
    for number in (f"J045-WS·2026-D10-KN-{place:06d}" for place in range(1, count + 1)):
        days = {"withdrawn_on": "2026-01-01", "last_day": "2036-01-01"}
        book.put(Entry(number=number, case_no=number[-6:], **days, state=register.SEALED, digest=number * 2))
        repo.bag(number).mkdir(parents=True)
    book.save()
    del book
    tracemalloc.start()
    spent = Watch(at=dossiers.AT, seconds=lambda: 1.0, budget=0.0)
    result = verify.repository(repo, "rolling", spent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (result.total, result.due, result.left, result.findings) == (count, 250, 250, [])
    assert peak / count < 1000


def test_a_repository_that_cannot_be_written_is_still_verified(repo, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    result = verify.repository(repo, "full", WATCH)
    assert result.is_ok and not result.is_remembered


def test_losing_the_state_loses_no_truth(repo):
    verify.repository(repo, "full", WATCH)
    (repo.register / "verify.sqlite").unlink()
    flip(bags(repo)[0] / "data/export/case.json")
    assert said(Repository(repo.root), "quick") == {("E709", "data/export/case.json")}


def test_a_full_verification_computes_the_sm3_list_again(tmp_path):
    if not digests.known("sm3"):
        pytest.skip("this OpenSSL has no SM3")
    repo, _ = dossiers.repository(tmp_path, dossiers.several(1))
    (folder,) = repo.bags(2026)
    path = folder / "data/export/case.json"
    path.write_bytes(path.read_bytes() + b" ")
    (checked,) = verify.repository(repo, "full", verify.Watch(at=dossiers.AT)).bags
    wrong = {f.values.get("algorithm") for f in checked.findings if f.place.file == "data/export/case.json"}
    assert {"sha256、sha512", "sm3"} <= wrong
