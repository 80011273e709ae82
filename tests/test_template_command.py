import json

import pytest
from click.testing import CliRunner

from formgen.cli import program
from formgen.papers import forms
from tests.form_drawing import choice_field, form, tick_field
from tests.smallest import docx, member, p


def run(*args: object):
    return CliRunner().invoke(program, ["template", *map(str, args)])


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "申请表.docx"
    path.write_bytes(docx(p("本人｛｛职工姓名｝｝，住{{ 家庭住止 }}")))
    return path


def test_list_names_every_form():
    told = run("list")
    assert told.exit_code == 0
    assert [line.partition("\t")[0] for line in told.output.splitlines()] == [form.id for form in forms.load()]


def test_list_says_for_whom_and_when_in_words():
    lines = {line.split("\t")[0]: line for line in run("list").output.splitlines()}
    assert "\t每户\t" in lines["refusal"]
    assert "不符合（不予建档）" in lines["refusal"]
    assert "\t每批\t须集体研究\t" in lines["minutes"]
    assert (
        "\ta union\t"
        in {line.split("\t")[0]: line for line in run("list", "--lang", "en").output.splitlines()}["notice"]
    )


def test_list_as_json():
    told = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert {"id", "title", "kind", "per", "when", "file", "basis"} <= told[0].keys()


@pytest.mark.parametrize("per", forms.PER)
def test_fields_explains_every_tag_and_filter(per):
    told = run("fields", "--per", per)
    assert told.exit_code == 0
    assert "大写金额" in told.output
    assert all(json.loads(line) for line in run("fields", "--per", per, "--json").output.splitlines())


def test_fields_of_a_form_are_the_tags_its_template_uses():
    told = [json.loads(line) for line in run("fields", "review", "--json").output.splitlines()]
    tags = {each["tag"] for each in told}
    assert {"月人均收入", "附页.标题"} <= tags
    assert "没有这个字段" not in {each["explain"] for each in told}
    assert run("fields", forms.home() / "review").output == run("fields", "review").output
    assert run("fields", forms.home() / "review" / "template.docx").output == run("fields", "review").output


def test_fields_of_a_form_begin_with_the_columns_it_adds():
    folder = forms.home().parent / "docs/examples/national-file"
    assert run("fields", folder).output.startswith("职工编号\t台账里自己加的列\n")


def test_fields_of_a_pdf_form_are_the_tags_its_fields_stand_for():
    assert "{{ 银行卡号 }}" in run("fields", "bank-card").output


def test_fields_of_nothing_names_the_forms():
    told = run("fields", "nosuch")
    assert told.exit_code == 2
    assert "review" in told.output


def test_check_tells_place_code_and_remedy_and_ends_with_three(wrong):
    told = run("check", wrong)
    assert told.exit_code == 3
    assert "申请表.docx › 正文第1段" in told.output
    assert "错误 E404" in told.output
    assert "是否为 家庭住址？" in told.output


def test_check_as_json(wrong):
    told = [json.loads(line) for line in run("check", wrong, "--json").output.splitlines()]
    assert [(each["code"], each["place"]) for each in told] == [("E404", "正文第1段"), ("W421", "正文第1段")]


def test_check_in_english(wrong):
    assert "full-width brackets" in run("check", wrong, "--lang", "en").output


def test_check_marks_a_copy_and_leaves_the_template(wrong, tmp_path):
    before = wrong.read_bytes()
    run("check", wrong, "--annotate", tmp_path / "批注.docx")
    assert "E404" in member((tmp_path / "批注.docx").read_bytes(), "word/comments.xml")
    assert wrong.read_bytes() == before


def test_fix_writes_a_new_file_and_tells_old_and_new(wrong, tmp_path):
    before = wrong.read_bytes()
    told = run("fix", wrong, "-o", tmp_path / "改.docx")
    assert told.exit_code == 0
    assert "｛｛职工姓名｝｝ → {{ 职工姓名 }}" in told.output
    assert "{{ 职工姓名 }}" in member((tmp_path / "改.docx").read_bytes(), "word/document.xml")
    assert wrong.read_bytes() == before


def test_fix_never_writes_over_the_template(wrong):
    assert run("fix", wrong, "-o", wrong).exit_code == 2


def test_a_folder_is_checked_whole(tmp_path, wrong):
    (tmp_path / "好.docx").write_bytes(docx(p("{{ 职工姓名 }}")))
    told = run("check", tmp_path)
    assert "共 2 份模板：1 份没有错误" in told.output


def test_the_sample_beside_a_template_is_tried(tmp_path):
    (tmp_path / "template.docx").write_bytes(docx(p("{{ 职工姓名 }}{{ 家庭住址 }}")))
    (tmp_path / "sample.toml").write_text('"职工姓名" = "李明"\n', encoding="utf-8")
    told = run("check", tmp_path / "template.docx")
    assert told.exit_code == 0
    assert "W429" in told.output
    assert "家庭住址" in told.output


GOOD = 'title = "甲"\nper = "case"\nwhen = ["*/auto"]\nfile = "20-甲.{}"\n'


def paper(folder, name, listed, template=None, kind="docx"):
    (folder / name).mkdir(parents=True)
    (folder / name / "form.toml").write_text(listed, encoding="utf-8")
    if template is not None:
        (folder / name / f"template.{kind}").write_bytes(template)


@pytest.mark.parametrize("listed", ["title = ", GOOD.format("docx") + "fields = 1\n", "title = 1\n"])
def test_a_faulty_form_toml_is_told_beside_the_other_templates(tmp_path, listed):
    paper(tmp_path, "one", listed, docx(p("{{ 职工姓名 }}")))
    paper(tmp_path, "two", GOOD.format("docx"), docx(p("{{ 职工姓名}")))
    done = run("check", tmp_path)
    assert done.exit_code == 3
    assert "one/form.toml" in done.output and "E403" in done.output


def test_fields_are_not_called_unknown_when_form_toml_cannot_be_read(tmp_path):
    paper(tmp_path, "one", "title = ", form(choice_field("sex", (10, 200, 90, 220), ("A", "B"), 1 << 17)), "pdf")
    done = run("check", tmp_path)
    assert "E901" in done.output and "W506" not in done.output


def test_a_form_toml_beside_one_template_is_checked_too(tmp_path):
    paper(tmp_path, "one", GOOD.format("docx").replace("*/auto", "*/never"), docx(p("{{ 职工姓名 }}")))
    done = run("check", tmp_path / "one" / "template.docx")
    assert done.exit_code == 3 and "E472" in done.output


def test_files_that_nobody_reads_are_named(tmp_path):
    (tmp_path / "a.docm").write_bytes(b"x")
    (tmp_path / "form.toml.txt").write_text("", encoding="utf-8")
    alone = run("check", tmp_path)
    assert "没有 Word 模板" in str(alone.exception) and "a.docm 没有检查" in str(alone.exception)
    (tmp_path / "b.docx").write_bytes(docx(p("{{ 职工姓名 }}")))
    done = run("check", tmp_path)
    assert done.exit_code == 0 and "W686" in done.output and "W687" in done.output


def test_the_options_of_a_form_are_held_against_the_words_of_the_column(tmp_path):
    content = form(choice_field("sex", (10, 200, 90, 220), ("A", "B"), 1 << 17))
    fields = "[fields]\nsex = {}\n"
    paper(tmp_path, "one", GOOD.format("pdf") + fields.format('"性别"'), content, "pdf")
    bare = run("check", tmp_path)
    assert "W683" in bare.output and "“男、女”" in bare.output and "A、B" in bare.output
    options = '{tag = "性别", options = {"男" = "A", "女" = "C"}}'
    (tmp_path / "one/form.toml").write_text(GOOD.format("pdf") + fields.format(options), encoding="utf-8")
    strange = run("check", tmp_path)
    assert "W682" in strange.output and "“C”" in strange.output
    (tmp_path / "one/form.toml").write_text(
        GOOD.format("pdf") + fields.format(options.replace('"C"', '"B"')), encoding="utf-8"
    )
    assert "W68" not in run("check", tmp_path).output
    assert "性别" in run("fields", tmp_path / "one").output


@pytest.mark.parametrize(
    ("mapped", "is_told"),
    [
        ('"致困原因"', True),
        ('{tag = "致困原因", options = {"患病" = "Yes"}}', False),
        ('"低保户"', False),
        ('"公示异议"', False),
        ('"职工姓名"', False),
    ],
)
def test_a_check_box_for_a_column_of_words_needs_its_option(tmp_path, mapped, is_told):
    content = form(tick_field("box", (100, 200, 110, 210), "Yes"))
    paper(tmp_path, "one", GOOD.format("pdf") + f"[fields]\nbox = {mapped}\n", content, "pdf")
    assert ("W683" in run("check", tmp_path).output) is is_told
