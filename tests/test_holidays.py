import json
from datetime import date

import pytest
from click.testing import CliRunner

from formgen import holidays, workdays
from formgen.cli.holidays import command
from formgen.messages import FormgenError

NOTICE = "关于2027年节假日安排的示例通知"
TABLE = """\
[2027]
notice = "关于2027年节假日安排的示例通知"
off = [
  { name = "元旦", from = 2027-01-01, to = 2027-01-03 },
  { name = "劳动节", from = 2027-05-01, to = 2027-05-05 },
  { name = "国庆节", from = 2027-10-01, to = 2027-10-07 },
]
work = [2026-12-27, 2027-05-08]
"""
CSV = """\
日期,类别,名称
2027-01-01,放假,元旦
2027-05-01,放假,劳动节
2027-05-02,放假,劳动节
2027-05-08,上班,
2027-10-01,放假,国庆节
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMGEN_HOME", str(tmp_path / "home"))
    yield
    workdays.forget()


@pytest.fixture
def table(tmp_path):
    def write(text, name="2027.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(*words):
    return CliRunner().invoke(command, [str(word) for word in words])


def test_an_imported_year_can_be_counted_in(table):
    assert run("import", table(TABLE)).exit_code == 0
    assert workdays.add(date(2026, 12, 25), 1) == date(2026, 12, 27)
    assert workdays.is_working_day(date(2027, 5, 8))
    assert not workdays.is_working_day(date(2027, 5, 3))


def test_a_csv_says_the_same_as_a_toml(table):
    assert run("import", table(CSV, "2027.csv"), "--notice", NOTICE).exit_code == 0
    assert [(b.name, b.first.day, b.last.day) for b in workdays.arrangements()[2027].off] == [
        ("元旦", 1, 1),
        ("劳动节", 1, 2),
        ("国庆节", 1, 1),
    ]


def test_an_imported_year_is_listed_as_the_users_own(table):
    run("import", table(TABLE))
    assert "2027  —  关于2027年节假日安排的示例通知（自行收录）" in run("list").output
    listed = {year["year"]: year for year in map(json.loads, run("list", "--json").output.splitlines())}
    assert listed[2027]["own"] and not listed[2026]["own"]
    assert listed[2026]["number"] == "国办发明电〔2025〕7号"


def test_a_table_written_and_read_again_is_the_same():
    for year in workdays.arrangements().values():
        (again,) = workdays.read(holidays.as_toml(year))
        assert again == year


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("E691", ("off = [", "off = ")),
        ("E691", ('notice = "关于2027年节假日安排的示例通知"\n', "")),
        ("E691", ("from = 2027-01-01", 'from = "1月1日"')),
        ("E692", ('"关于2027年节假日安排的示例通知"', '""')),
        ("E693", ("to = 2027-05-05", "to = 2027-04-05")),
        ("E693", ("to = 2027-05-05", "to = 2027-05-25")),
        ("E694", ("2026-12-27", "2026-12-20")),
        ("E695", ("2027-05-08", "2027-05-02")),
        ("E696", ("2027-05-08", "2027-05-10")),
        ("E697", ("from = 2027-10-01", "from = 2027-10-02")),
    ],
)
def test_a_table_that_cannot_be_true_is_refused_whole(table, code, change):
    result = run("import", table(TABLE.replace(*change)))
    assert result.exit_code == 3
    assert code in result.output
    assert 2027 not in workdays.arrangements()


def test_a_csv_without_notice_or_with_a_strange_word_is_refused(table):
    assert "E692" in run("import", table(CSV, "2027.csv")).output
    assert (
        "第 5 行的类别“值班”不是"
        in run("import", table(CSV.replace("上班", "值班"), "a.csv"), "--notice", NOTICE).output
    )


@pytest.mark.parametrize(
    ("told", "change"),
    [
        ("第 3 行读不懂", ("off = [", "off = ")),
        ("缺少 notice", ('notice = "关于2027年节假日安排的示例通知"\n', "")),
        ("年份、假期或日期的写法不对", ("from = 2027-01-01", 'from = "1月1日"')),
    ],
)
def test_a_table_is_refused_in_our_own_words(table, told, change):
    output = run("import", table(TABLE.replace(*change))).output
    assert f"不是放假安排表：{told}。" in output


def test_a_day_of_a_csv_that_is_none_is_told_with_its_line(table):
    output = run("import", table(CSV.replace("2027-05-02", "五月二日"), "a.csv"), "--notice", NOTICE).output
    assert "第 4 行的日期“五月二日”不是 2027-01-01 的样子" in output


def test_a_file_that_is_no_text_is_refused(table, tmp_path):
    (tmp_path / "x.csv").write_bytes("日期,类别".encode("gbk"))
    assert "E690" in run("import", tmp_path / "x.csv").output


def test_a_known_year_is_replaced_only_when_asked(table):
    again = table(TABLE.replace("2027", "2026").replace("2026-12-27", "2025-12-27").replace("2026-05-08", "2026-05-09"))
    assert "E698" in run("import", again).output
    assert run("import", again, "--replace").exit_code == 0
    assert workdays.is_working_day(date(2026, 2, 17))


def test_a_broken_own_table_stops_with_its_name(tmp_path):
    folder = workdays.own_folder()
    folder.mkdir(parents=True)
    (folder / "2027.toml").write_text("[2027]", encoding="utf-8")
    workdays.forget()
    with pytest.raises(FormgenError, match=r"2027\.toml"):
        workdays.is_working_day(date(2026, 3, 2))
