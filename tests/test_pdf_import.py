"""Fillable templates from drawings and from forms that are there already."""

import io
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from formgen.cli.template import command
from formgen.pdf import PdfForm, convert
from formgen.pdf import importing as pdf_import
from formgen.pdf import lint as pdf_lint
from formgen.pdf.page import Pages
from tests.form_drawing import form, text_field

pytest.importorskip("pypdfium2")
pytest.importorskip("PIL")
KNOWN = frozenset(("职工姓名", "家庭住址"))


def drawing() -> bytes:
    """A table of two cells, a row of choices, a line without a cell."""
    pages = Pages()
    page = pages.page((400, 300))
    for x, width in ((20, 60), (80, 200)):
        page.rectangle(x, 200, width, 30)
        page.rectangle(x, 130, width, 70)
    pages.write(page, 25, 210, "姓名", 12)
    pages.write(page, 85, 210, "{{ 职工姓名 }}", 12)
    pages.write(page, 85, 180, "{{家庭住址}}", 12, role="黑")
    pages.write(page, 25, 100, "□助学　□大病", 12)
    pages.write(page, 25, 60, "{{ 经办人 }}", 12)
    return pages.finish(title="")


def imported(content: bytes) -> pdf_import.Imported:
    return pdf_import.from_pdf(content, name="表.pdf", title="登记表", known=KNOWN)


def test_each_placeholder_becomes_a_field_that_fills_its_cell():
    made = imported(drawing())
    rects = {about.name: [round(value) for value in about.rects[0]] for about in made.fields}
    assert rects["职工姓名"] == pytest.approx([82, 201, 278, 229], abs=1)
    assert rects["家庭住址"] == pytest.approx([82, 131, 278, 199], abs=1)


def test_a_high_cell_takes_several_lines_and_a_low_one_does_not():
    assert {about.name: about.is_multiline for about in imported(drawing()).fields if about.kind == "text"} == {
        "职工姓名": False,
        "家庭住址": True,
        "经办人": False,
    }


def test_each_square_becomes_a_check_box_named_by_the_words_after_it():
    assert [about.name for about in imported(drawing()).fields if about.kind == "check"] == ["助学", "大病"]


def test_the_placeholders_are_gone_and_the_other_words_stay():
    import pypdfium2

    text = pypdfium2.PdfDocument(imported(drawing()).template)[0].get_textpage().get_text_bounded()
    assert "{{" not in text and "职工姓名" not in text
    assert "姓名" in text and "助学" in text


def test_the_template_can_be_filled_and_says_what_was_filled_in():
    form_of = PdfForm(imported(drawing()).template)
    content = form_of.fill({"职工姓名": "欧阳䶮", "大病": True, "助学": False}).content
    assert {about.name: about.value for about in PdfForm(content).fields if about.value} == {
        "职工姓名": "欧阳䶮",
        "大病": "Yes",
        "助学": "Off",
    }


def test_form_toml_names_every_field_and_marks_the_unknown_ones():
    made = imported(drawing())
    read = tomllib.loads(made.toml)
    assert set(read["fields"]) == {about.name for about in made.fields}
    assert (read["title"], read["file"]) == ("登记表", "登记表.pdf")
    assert {finding.values["field"] for finding in made.findings if finding.code == "W506"} == {
        "经办人",
        "助学",
        "大病",
    }


def test_a_placeholder_without_a_cell_is_told():
    assert [finding.place.heading for finding in imported(drawing()).findings if finding.code == "W507"] == ["经办人"]


def test_a_placeholder_inside_a_sentence_is_refused():
    pages = Pages()
    pages.write(pages.page(), 20, 100, "本人{{ 职工姓名 }}申请", 12)
    made = imported(pages.finish())
    assert made.template == b"" and [finding.code for finding in made.findings] == ["E517"]


def test_one_name_in_two_cells_is_one_field_in_two_places():
    pages = Pages()
    page = pages.page()
    pages.write(page, 20, 100, "{{ 职工姓名 }}", 12)
    pages.write(page, 20, 50, "{{ 职工姓名 }}", 12)
    fields = imported(pages.finish()).fields
    assert [(about.name, len(about.rects)) for about in fields] == [("职工姓名", 2)]


def test_there_is_a_picture_of_every_page_with_fields():
    pictures = imported(drawing()).pictures
    assert len(pictures) == 1 and pictures[0].startswith(b"\x89PNG")


def test_equal_drawings_give_equal_templates():
    assert imported(drawing()).template == imported(drawing()).template


def test_a_form_that_is_there_already_is_taken_as_it_is():
    there = form(text_field("职工姓名", (10, 10, 90, 30)))
    assert imported(there).template == there


def test_a_drawing_without_marks_is_told():
    assert [finding.code for finding in imported(form()).findings] == ["E509"]


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7 torn", b"words"])
def test_a_broken_drawing_is_told(broken):
    assert [finding.code for finding in imported(broken).findings] == ["E501"]


def armed(action: dict) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, TextStringObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form(text_field("职工姓名", (10, 10, 90, 30))))))
    values = {
        NameObject(key): NameObject(value) if value[0] == "/" else TextStringObject(value)
        for key, value in action.items()
    }
    writer.pages[0]["/Annots"][0].get_object()[NameObject("/A")] = DictionaryObject(values)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("action", "what"),
    [
        ({"/S": "/JavaScript", "/JS": "app.alert(1)"}, "script"),
        ({"/S": "/Launch", "/F": "calc.exe"}, "program"),
        ({"/S": "/SubmitForm", "/F": "https://example.invalid"}, "sending"),
    ],
)
def test_a_form_that_acts_is_refused_as_a_template(action, what):
    found = pdf_lint.check("表.pdf", armed(action), KNOWN)
    assert [(finding.code, finding.values["what"]) for finding in found] == [("E516", what)]


def test_a_quiet_form_with_known_fields_has_nothing_wrong():
    assert pdf_lint.check("表.pdf", form(text_field("职工姓名", (10, 10, 90, 30))), KNOWN) == ()


def test_the_command_writes_template_list_and_picture(tmp_path: Path):
    source = tmp_path / "登记表.pdf"
    source.write_bytes(drawing())
    result = CliRunner().invoke(command, ["import", str(source), "-o", str(tmp_path / "register")])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in (tmp_path / "register").iterdir()) == [
        "form.toml",
        "template.pdf",
        "字段-1.png",
    ]
    again = CliRunner().invoke(command, ["import", str(source), "-o", str(tmp_path / "register")])
    assert again.exit_code == 2


@pytest.mark.office
@pytest.mark.skipif(convert.program() is None, reason="LibreOffice is not installed: drawings in Word cannot be read")
def test_a_drawing_in_word_becomes_a_form(tmp_path: Path):
    import docx

    document = docx.Document()
    table = document.add_table(2, 2, style="Table Grid")
    for (row, column), words in {
        (0, 0): "姓名",
        (0, 1): "{{ 职工姓名 }}",
        (1, 0): "级别",
        (1, 1): "□甲级 □乙级",
    }.items():
        table.cell(row, column).text = words
    document.save(str(tmp_path / "表.docx"))
    result = CliRunner().invoke(command, ["import", str(tmp_path / "表.docx"), "-o", str(tmp_path / "new")])
    assert result.exit_code == 0, result.output
    fields = PdfForm(tmp_path / "new" / "template.pdf").fields
    assert [(about.name, about.kind) for about in fields] == [
        ("职工姓名", "text"),
        ("甲级", "check"),
        ("乙级", "check"),
    ]
    assert fields[0].rects[0][2] - fields[0].rects[0][0] > 150


def test_the_template_check_looks_at_pdf_templates_too(tmp_path: Path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "template.pdf").write_bytes(armed({"/S": "/Launch", "/F": "calc.exe"}))
    result = CliRunner().invoke(command, ["check", str(tmp_path)])
    assert result.exit_code == 3 and "E516" in result.output


def test_a_template_whose_papers_cannot_be_kept_is_told():
    pytest.importorskip("pikepdf.pdfa")
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(form(text_field("职工姓名", (10, 10, 90, 30))))))
    entries = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    outside = DictionaryObject({NameObject(key): NameObject(value) for key, value in entries.items()})
    writer.pages[0]["/Resources"][NameObject("/Font")] = DictionaryObject({NameObject("/H"): outside})
    drawing_of = StreamObject()
    drawing_of.set_data(b"BT /H 12 Tf 10 100 Td (x) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(drawing_of)
    buffer = io.BytesIO()
    writer.write(buffer)
    found = pdf_lint.check("表.pdf", buffer.getvalue(), KNOWN)
    assert [finding.code for finding in found] == ["W508"]


def test_an_empty_file_is_refused_with_words(tmp_path: Path):
    (tmp_path / "空.pdf").write_bytes(b"")
    done = CliRunner().invoke(command, ["import", str(tmp_path / "空.pdf"), "-o", str(tmp_path / "空")])
    assert done.exit_code == 3 and "E501" in done.output
