"""An error carries findings, which are put into words where they are told."""

from __future__ import annotations

import pickle

import pytest

from formgen import messages, tomlfile
from formgen.messages import FormgenError
from formgen.model import Finding, Place
from formgen.workdays import UnknownYear
from formgen.write import Held

LINK = Finding("E617", values={"file": "出"})
DONE = Finding("I629", values={"done": "3", "total": "9"})


def test_an_error_is_told_in_the_language_that_is_asked_for_with_a_line_a_note():
    assert messages.told(FormgenError(LINK, DONE)).splitlines() == [
        "错误 E617 出 是一个链接，为防止写到别处已停止。 → 请删除这个链接，再运行一次。",
        "提示 I629 已完成 3 户，共 9 户。",
    ]
    assert messages.told(FormgenError(LINK), lang="en").startswith("error E617 出 is a link;")


def test_an_error_as_text_is_its_chinese_sentence():
    assert str(FormgenError(Finding("E788", Place("库")))).startswith("库：错误 E788 不是档案库")


@pytest.mark.parametrize("error", [FormgenError(LINK, DONE), Held(LINK), UnknownYear(2099)], ids=repr)
def test_an_error_goes_through_a_pipe(error):
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_a_reason_inside_a_finding_is_said_in_its_language():
    assert messages.words("E401", {"why": "X961"}) == "不是可用的 Word 模板：这是旧版 .doc 或加密的文件。"
    assert (
        messages.words("E401", {"why": "X961"}, lang="en")
        == "This is no Word template: an old .doc or an encrypted file."
    )


def test_what_somebody_wrote_is_never_taken_for_a_code():
    assert messages.words("E214", {"text": "X961"}) == "不是数字：X961。"


@pytest.mark.parametrize(
    "content, code, line",
    [
        (b"title = 1\nper = \n", "E901", "2"),
        (b"title = 1\nwhen = [\n  1,\n", "E901", "3"),
        ("title = '甲'\n".encode("gbk"), "E902", None),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_its_folder_and_line(tmp_path, content, code, line):
    path = tmp_path / "文书" / "form.toml"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(FormgenError) as refused:
        tomlfile.read(path)
    finding = refused.value.finding
    assert (finding.code, finding.place, finding.values.get("line")) == (code, Place("文书/form.toml"), line)


def test_a_file_saved_by_an_editor_on_windows_is_read(tmp_path):
    path = tmp_path / "form.toml"
    path.write_bytes("\ufefftitle = '甲'\r\n".encode())
    assert tomlfile.read(path) == {"title": "甲"}
