"""What a repository sets for itself is read whole: a slip is told with file, key and what is allowed, never skipped."""

import pytest

from formgen.keep import policy, settings
from formgen.messages import FormgenError, told


def loaded(tmp_path, text):
    path = tmp_path / "_register" / "settings.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return policy.load(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[retenton]\nyears = 30\n", "[retenton]：这里不认识这个名称，可写的有：retention、duties"),
        ("[retention]\nyear = 30\n", "[retention] year：这里不认识这个名称，可写的有：code、years"),
        ('[retention]\nyears = "15"\n', "[retention] years：应是 1 至 999 的整数"),
        ("[retention]\nyears = true\n", "[retention] years：应是 1 至 999 的整数"),
        ("[retention]\nyears = 10000\n", "[retention] years：应是 1 至 999 的整数"),
        ("retention = 3\n", "[retention]：应是一张表"),
        ('[retention]\non_reopen = "keep"\n', "只能是其中之一：new、suspend"),
        ('[retention]\ncode = "十年"\n', '应是加引号的字母和数字，如 "D10"'),
        ("[access]\nworker = 1\n", "[access] worker：应是一张表"),
        ('[access.worker]\nrules = "x"\n', "[access] worker：这里不认识这个名称，可写的有：title、rule"),
        ('[access.police]\ntitle = "x"\n', "[access] police：这里不认识这个名称，可写的有：union、worker、outside"),
        ('[numbers]\nsubject = "K-N"\n', "[numbers] subject：应是加引号的字母和数字"),
        ("[numbers]\nwidth = 9\n", "[numbers] width：应是 2 至 6 的整数"),
        ('[withdrawal]\ncancelled = "死亡"\n', "[withdrawal] cancelled：应是文字的列表"),
        ('[words]\n"病假条" = "66"\n', "[words] 病假条：只能是其中之一：01、02"),
        ("[materials.16]\nneeded = true\n", "[materials] 16：应是加引号的文字"),
        ('[materials.1]\ntitle = "x"\n', "[materials] 1：这里不认识这个名称"),
        ('[materials.15]\nneeded = "yes"\n', "[materials] 15：应是 true 或 false"),
    ],
)
def test_a_slip_names_file_key_and_what_is_allowed(tmp_path, text, said):
    with pytest.raises(FormgenError) as refused:
        loaded(tmp_path, text)
    sentence = told(refused.value)
    assert sentence.startswith("_register/settings.toml：错误 E943 ") and said in sentence, sentence
    assert "settings.toml" in told(refused.value, lang="en")


def test_all_slips_are_told_at_once(tmp_path):
    with pytest.raises(FormgenError) as refused:
        loaded(tmp_path, "[retention]\nyear = 30\n[verify]\nshare = 0\n")
    assert len(told(refused.value).splitlines()) == 2


def test_what_is_set_right_is_taken_and_the_rest_stays_ours(tmp_path):
    text = '[materials.15]\nneeded = true\n[materials.16]\ntitle = "家访记录"\n[words]\n"家访" = "16"\n'
    rules = loaded(tmp_path, text + '[access.worker]\nrule = "凭证查阅。"\n')
    assert rules.materials["15"].is_needed and rules.materials["15"].title == "其他材料"
    assert rules.materials[rules.words["家访"]].title == "家访记录"
    assert rules.access["worker"] == {"title": "建档职工本人", "rule": "凭证查阅。"}
    assert rules.years == policy.default().years


def test_everything_the_program_ships_could_be_set():
    shipped = policy._shipped()
    assert list(settings.faults(shipped, shipped)) == []
