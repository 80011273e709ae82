"""The templates that are shipped: compiled, proved, equal to docxtpl's papers for any record, opened by LibreOffice."""

import io
import shutil
import subprocess
import zipfile
from functools import cache
from pathlib import Path

import pytest
from docxtpl import DocxTemplate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formgen import lint, word
from formgen.model import Document
from formgen.papers import forms, tags
from formgen.word import filters, proof
from formgen.word import proved as word_proved
from formgen.word.gaps import mended
from formgen.word.properties import settled
from formgen.word.samples import sample
from formgen.word.sandbox import Environment
from formgen.word.source import trace
from formgen.word.trial import canonical

FORMS = {form.id: form for form in forms.load() if form.kind == "docx" and form.template}
SIGNS = st.text(st.sampled_from("甲乙&<>\"'\n\t 𠮷㐀]1"), max_size=12)


@cache
def template(form: str) -> word.WordTemplate:
    return word.load(FORMS[form].template)


def varied(value: object, draw: object) -> object:
    """The sample with other texts and other lengths of its lists."""
    if isinstance(value, dict):
        return {tag: varied(each, draw) for tag, each in value.items()}
    if isinstance(value, list):
        return [varied(each, draw) for each in value[: draw(st.integers(0, len(value)))]]
    return draw(SIGNS)


@st.composite
def records(draw: object, form: str) -> dict:
    return varied(sample(trace(FORMS[form].template.read_bytes()).trees), draw)


def members(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.mark.parametrize("form", FORMS)
def test_a_shipped_template_has_no_problem_and_is_proved(form):
    path = FORMS[form].template
    assert lint.check(path.name, path.read_bytes(), known=tags.known(FORMS[form].per)) == ()
    assert template(form).is_compiled


def test_the_list_of_proved_templates_is_true(accept):
    """With --accept the list is written anew, from proofs made now."""
    lines = []
    for form in FORMS.values():
        assert word.load(form.template).trial().is_proved, form.id
        lines.append(word_proved.line(form.template))
    listed = Path(word_proved.__file__).parents[1] / "data" / word_proved.NAME
    if accept:
        listed.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    known = {line.split()[0] for line in listed.read_text(encoding="utf-8").splitlines()}
    assert {line.split()[0] for line in lines} <= known, "templates changed: run pytest --accept"


@pytest.mark.parametrize("form", FORMS)
def test_every_part_equals_docxtpl_for_any_record(form):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(records(form))
    def equal(record):
        plain = DocxTemplate(FORMS[form].template)
        plain.render(record, Environment(), autoescape=True)
        made = io.BytesIO()
        plain.save(made)
        theirs = members(made.getvalue())
        ours = members(template(form).fill(record, missing="blank").content)
        assert ours.keys() == theirs.keys()
        for name in ours:
            if name.endswith((".xml", ".rels")):
                assert canonical(ours[name]) == canonical(mended(settled(name, theirs[name]))), name

    equal()


@pytest.mark.parametrize("form", FORMS)
def test_every_paper_passes_its_proof(form):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(records(form))
    def passes(record):
        made = template(form)
        content = made.fill(record).content
        paper = Document(form, "", "", content)
        assert proof.prove(paper, made.expected(record), blank_rows=made.blank_rows) == ()
        assert {finding.code for finding in proof.prove(paper, ("缺席的字",))} == {"E441"}

    passes()


@pytest.mark.office
@pytest.mark.slow
def test_libreoffice_opens_a_sample_without_repair(tmp_path):
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed: this claim is not checked here")
    for form in FORMS:
        record = sample(trace(FORMS[form].template.read_bytes()).trees, with_breaks=True)
        (tmp_path / f"{form}.docx").write_bytes(template(form).fill(record).content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    papers = [str(path) for path in sorted(tmp_path.glob("*.docx"))]
    command = ["soffice", "--headless", profile, "--convert-to", "txt:Text", "--outdir", str(tmp_path), *papers]
    subprocess.run(command, check=True, capture_output=True, timeout=280)
    for form in FORMS:
        text = "".join((tmp_path / f"{form}.txt").read_text(encoding="utf-8-sig").split())
        record = sample(trace(FORMS[form].template.read_bytes()).trees, with_breaks=True)
        body = [each for each in template(form).expected(record) if filters.text(each) in text or "二行" in each]
        assert any("二行" in each for each in body)
        assert "二行二列" not in text
        assert "一行" in text
