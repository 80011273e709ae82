"""Every quotation stands in one file, is what its provision carries, and is in the documents where they are at hand."""

from __future__ import annotations

import os
import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

import formgen.rules.anhui
from formgen.decide import decide
from formgen.rules.provision import register, sentences
from tests import stories

for module in pkgutil.iter_modules(formgen.rules.anhui.__path__):
    import_module(f"formgen.rules.anhui.{module.name}")
PROVISIONS = register()
SEEDS = os.environ.get("FORMGEN_SEEDS")


def bare(words: str) -> str:
    return re.sub(r"\s", "", words)


@pytest.mark.parametrize("provision", PROVISIONS, ids=[provision.name for provision in PROVISIONS])
def test_a_provision_carries_its_sentence_verbatim(provision):
    assert bare(provision.sentence) == bare(sentences()[provision.cites[0]].words)


def test_every_provision_cites_sentences_that_stand_in_the_file():
    assert {cited for provision in PROVISIONS for cited in provision.cites} <= sentences().keys()


def test_no_sentence_stands_in_the_file_unused():
    root = Path(formgen.rules.anhui.__file__).parent
    code = "".join(path.read_text(encoding="utf-8") for path in root.glob("*.py"))
    unused = [name for name in sentences() if f'"{name}"' not in code and name not in CITED_BY_PEOPLE]
    assert unused == []


#: Sentences that explain or bind people and have no test of their own.
CITED_BY_PEOPLE = {"19", "注二", "建档计算方式", "支出材料1", "支出材料2", "支出材料3"}


def test_no_provision_holds_a_number_of_the_law():
    root = Path(formgen.rules.anhui.__file__).parent
    numbers = re.compile(r"(?<![\w.\"'（(])(1\.5|3|6|10|15|100000|10000000)(?![\w.\"'）)])")
    for name in ("branches", "exclusions", "gates", "members", "tiers", "verdict"):
        code = (root / f"{name}.py").read_text(encoding="utf-8")
        code = re.sub(r'""".*?"""|"[^"]*"|#[^\n]*', "", code, flags=re.S)
        assert not numbers.findall(code), name


def test_every_clause_quotes_a_sentence_of_the_file():
    known = {(sentence.place, sentence.words) for sentence in sentences().values()}
    for story in stories.all_stories():
        rows = stories.rows_of(story)
        for clause in decide(stories.case_of(rows), stories.law_of(rows)).clauses:
            assert (clause.article, clause.quote) in known


@pytest.mark.skipif(not SEEDS, reason="set FORMGEN_SEEDS to the folder of the documents")
@pytest.mark.parametrize("name", sentences())
def test_a_sentence_is_in_the_documents(name):
    text = "".join(path.read_text(encoding="utf-8") for path in sorted(Path(SEEDS).glob("*.txt")))
    assert bare(sentences()[name].words) in bare(text)
