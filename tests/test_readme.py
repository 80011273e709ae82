"""The readme tells the truth: every command in it runs, every command of the program is in it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from formgen.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"\| `formgen ([^`]+)` \|", README)
EXPECTED = {
    "check input/问题样例.xlsx": 3,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as a user has it after unpacking: the samples, and an empty output folder."""
    place = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "input", place / "input")
    (place / "output").mkdir()
    return place


@pytest.mark.parametrize("line", SHOWN)
def test_every_command_of_the_readme_runs(line, folder):
    ran = subprocess.run(
        [sys.executable, "-m", "formgen", *line.split()],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    expected = next((code for start, code in EXPECTED.items() if line.startswith(start)), 0)
    assert ran.returncode == expected, ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.timeout(900)
def test_the_way_from_a_blank_register_to_the_archive_can_be_gone(tmp_path):
    """Every line of the README's walk, in a working folder whose register is filled in as the sample is."""
    (walk,) = re.findall(r"```text\n(formgen init .+?)\n```", README, re.S)
    here = tmp_path
    for line in walk.splitlines():
        if line.startswith("cd "):
            here /= line[3:]
            shutil.copy(ROOT / "input" / "样例.xlsx", here / "input" / "案件录入表.xlsx")
            continue
        command = [sys.executable, "-m", *line.split()]
        ran = subprocess.run(command, cwd=here, capture_output=True, text=True, encoding="utf-8", check=False)
        assert ran.returncode == 0, line + ran.stdout + ran.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name):
    assert re.search(rf"formgen {name}\b", README)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    ran = subprocess.run(
        [sys.executable, "-m", "formgen", name, "--help"], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert f"formgen {name}" in ran.stdout


def test_the_check_script_calls_the_test_command_of_the_readme():
    blocks = re.findall(r"```sh\n(.+?)\n```", README, re.S)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert blocks[1] in script
