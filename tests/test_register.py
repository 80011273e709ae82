"""An archive number is given once and for ever."""

import tomllib
from datetime import date

import pytest

from formgen.keep import policy, register
from formgen.keep.register import DESTROYED, Entry
from formgen.messages import FormgenError
from tests import dossiers


def taken(book, case_no, day="2026-11-20"):
    return book.take(case_no, day, "2036-11-20", fonds="J045", category="WS", policy=policy.default()).number


def test_numbers_follow_each_other_within_a_year(tmp_path):
    book = register.load(tmp_path / "numbers.csv")
    assert taken(book, "A") == "J045-WS·2026-D10-KN-0001"
    assert taken(book, "B") == "J045-WS·2026-D10-KN-0002"
    assert taken(book, "C", "2027-01-01") == "J045-WS·2027-D10-KN-0001"


def test_the_number_of_a_destroyed_dossier_stays_taken(tmp_path):
    book = register.load(tmp_path / "numbers.csv")
    number = taken(book, "A")
    book.put(Entry(number=number, case_no="A", withdrawn_on="2026-11-20", last_day="2036-11-20", state=DESTROYED))
    book.save()
    assert taken(register.load(tmp_path / "numbers.csv"), "B") == "J045-WS·2026-D10-KN-0002"


def test_a_household_filed_again_continues_the_earlier_dossier_with_a_clock_of_its_own(tmp_path):
    first = dossiers.dossier(withdrawn=date(2024, 2, 29), applied_on=date(2020, 3, 1), filed_on=date(2020, 4, 1))
    again = dossiers.dossier(withdrawn=date(2026, 11, 20))
    repo, _ = dossiers.repository(tmp_path / "repo", [first, again])
    old, new = register.load(repo.register / "numbers.csv")
    assert (old.last_day, new.last_day) == ("2034-02-28", "2036-11-20")
    assert new.continues == old.number
    assert f"Successor-Of: {old.number}" in (repo.bag(new.number) / "bag-info.txt").read_text()


def test_a_register_survives_saving(tmp_path):
    book = register.load(tmp_path / "numbers.csv")
    taken(book, "A"), taken(book, "B")
    book.save()
    assert list(register.load(tmp_path / "numbers.csv")) == list(book)


def test_folder_names_are_ascii_and_lead_back():
    number = "J045-WS·2026-D10-KN-0001"
    assert register.folder_name(number).isascii()
    assert register.written(register.folder_name(number)) == number
    assert register.written("J045-WS.2026-D10-KN-0001-S01") == f"{number}-S01"


@pytest.mark.parametrize("text", ["", "2026-1", "J045-WS·26-D10-KN-0001", "../x", "J045-WS·2026-D10-KN-0001/.."])
def test_other_texts_are_no_numbers(text):
    with pytest.raises(FormgenError):
        register.parsed(text)


def test_gaps_are_named_by_series():
    numbers = ["J045-WS·2026-D10-KN-0001", "J045-WS·2026-D10-KN-0004", "J046-WS·2026-D10-KN-0001"]
    assert register.gaps(numbers) == {"J045-WS·2026-D10-KN": (2, 3)}


def test_a_register_somebody_reshaped_is_refused(tmp_path):
    (tmp_path / "numbers.csv").write_text("档号,姓名\n1,2\n", encoding="utf-8")
    with pytest.raises(FormgenError):
        register.load(tmp_path / "numbers.csv")


def test_a_repository_may_keep_longer_but_never_shorter(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("[retention]\nyears = 30\ncode = 'D30'\n", encoding="utf-8")
    assert (policy.load(path).years, policy.load(path).code) == (30, "D30")
    path.write_text("[retention]\nyears = 9\n", encoding="utf-8")
    with pytest.raises(FormgenError):
        policy.load(path)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "[retention]\nyears = 30\n",
        "[numbers]",
        "[ numbers ]  # ours\nwidth = 3",
        "[numbers]\r\n  fonds = ''\r\nwidth = 3\r\n",
        "[numbers]\nwidth = 3\n\n[words]\nfonds = '15'\n",
    ],
)
def test_a_fonds_is_written_into_settings_and_nothing_else_changes(tmp_path, before):
    path = tmp_path / "settings.toml"
    path.write_bytes(before.encode())
    policy.remember_fonds(path, "J088")
    was, now = tomllib.loads(before), tomllib.loads(path.read_bytes().decode())
    assert now == {**was, "numbers": {**was.get("numbers", {}), "fonds": "J088"}}
    assert policy.load(path).numbers["fonds"] == "J088"


@pytest.mark.parametrize("before", ["numbers.width = 3\n", "numbers = { width = 3 }\n", "['numbers']\nwidth = 3\n"])
def test_settings_that_a_line_cannot_be_put_into_stay_as_they_are(tmp_path, before):
    path = tmp_path / "settings.toml"
    path.write_text(before, encoding="utf-8")
    with pytest.raises(FormgenError, match=r"请在 settings.toml 的 \[numbers\] 下写 fonds"):
        policy.remember_fonds(path, "J088")
    assert path.read_text(encoding="utf-8") == before
