"""The Word file: real headings and tables, and whatever was written in its boxes comes back as it is."""

import io
import zipfile
from copy import deepcopy

import PIL.Image
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.formats.word import mark_of, render_word
from outputs.formats.word_back import NewRow, read_word
from outputs.kinds import KINDS
from twinning.core.errors import Refused
from twinning.portal.bench.contents import example_content

ABOUT = [("Version", "2")]
SMALL = {"actions": 2, "stakeholders": 2, "candidates": 2}
TEXTS = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Co"]) | st.just("\n"), max_size=80)


def word(kind="action_plan", **more):
    return render_word(example_content(kind, rows=SMALL, **more), code="BCDF2345", about=ABOUT)


def edited(data, change):
    document = Document(io.BytesIO(data))
    change(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def box(document, place):
    for control in document.element.body.iter(qn("w:sdt")):
        if control.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")).startswith(f"{place}#"):
            return control
    raise LookupError(place)


def write(control, text):
    properties = control.find(qn("w:sdtPr"))
    for placeholder in properties.findall(qn("w:showingPlcHdr")):
        properties.remove(placeholder)
    first, *others = control.iter(qn("w:t"))
    first.text = text
    for other in others:
        other.text = ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_nobody_edited_brings_every_text_back_unchanged(kind):
    content = read_word(word(kind))
    assert content.output == "BCDF2345"
    assert [each.place for each in content.written if mark_of(each.text) != each.mark] == []
    assert content.new_rows == []


@settings(max_examples=25, deadline=None)
@given(TEXTS)
def test_any_text_survives_the_way_there_and_back(text):
    content = example_content("info_session")
    session = content["sections"][0]["tables"][0]["rows"][0]["values"]
    session["agenda"] = text.strip()
    back = read_word(render_word(content, code="A", about=ABOUT))
    assert next(each.text for each in back.written if each.place == "row:session:session:agenda") == text.strip()


def test_headings_tables_title_and_language_are_real():
    document = Document(io.BytesIO(word(language="de")))
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4"} <= set(styles)
    assert document.core_properties.language == "de"
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "de"
    heads = [table for table in document.tables if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None]
    assert heads
    assert all(table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) for table in document.tables)


def test_an_edited_box_and_a_chosen_word_come_back_with_their_places():
    data = word()
    places = [each.place for each in read_word(data).written]
    name, status = (next(p for p in places if p.endswith(f":{slug}")) for slug in ("name", "status"))

    def change(document):
        write(box(document, name), "A new name")
        write(box(document, status), "Endorsed")

    changed = {
        each.place: each.text for each in read_word(edited(data, change)).written if mark_of(each.text) != each.mark
    }
    assert changed.pop(name) == "A new name"
    assert set(changed) <= {status}


def test_a_row_that_was_filled_in_or_copied_is_a_new_row():
    data = word()

    def change(document):
        table = next(t for t in document.tables if t.rows[0].cells[0].text == "Step")
        for cell, text in zip(table.rows[-1].cells, ("Open the door", "2027-05-01", "", "Me", "Planned"), strict=True):
            cell.text = text
        table._tbl.append(deepcopy(table.rows[1]._tr))

    content = read_word(edited(data, change))
    assert len(content.new_rows) == 2
    assert content.new_rows[0] == NewRow("steps", "ACTI1", ("Open the door", "2027-05-01", "", "Me", "Planned"))
    assert len(content.written) == len(read_word(data).written)


def test_a_row_of_which_nothing_is_left_is_gone_with_all_that_hangs_on_it():
    data = word()

    def delete_step(document):
        table = next(t for t in document.tables if t.rows[0].cells[0].text == "Step")
        table._tbl.remove(table.rows[1]._tr)

    def delete_action(document):
        delete_step(document)
        for control in list(document.element.body.iter(qn("w:sdt"))):
            if ":ACTI1:" in control.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")):
                control.getparent().remove(control)

    assert read_word(data).gone_rows == []
    assert [row.place for row in read_word(edited(data, delete_step)).gone_rows] == ["row:steps:STEPACTI11"]
    assert [row.place for row in read_word(edited(data, delete_action)).gone_rows] == ["row:steps:STEPACTI11"]

    def delete_all_of_it(document):
        delete_action(document)
        for table in document.tables:
            tags = [tag.get(qn("w:val")) for tag in table._tbl.iter(qn("w:tag"))]
            if any(below in tag for tag in tags for below in of_action):
                table._tbl.getparent().remove(table._tbl)

    of_action = [f":{code}:" for code in codes_below("ACTI1")]
    gone = read_word(edited(data, delete_all_of_it)).gone_rows
    assert [row.place for row in gone] == ["row:actions:ACTI1"]


def codes_below(parent):
    content = example_content("action_plan", rows=SMALL)
    tables = [table for section in content["sections"] for table in section["tables"]]
    return [row["code"] for table in tables for row in table["rows"] if row["parent"] == parent]


def test_pictures_stand_in_the_file_with_their_facts_in_words():
    for kind, said in (
        ("stakeholder_plan", "Influence and interest: 1. "),
        ("transferability_assessment", "Conditions at home: 1. "),
        ("action_plan", "Actions over time: 1. "),
    ):
        document = Document(io.BytesIO(word(kind)))
        shapes = document.inline_shapes
        assert said in shapes[0]._inline.docPr.get("descr")
        image = document.part.related_parts[shapes[0]._inline.graphic.graphicData.pic.blipFill.blip.embed].image
        assert image.content_type == "image/png"
        assert image.px_width > 1000
        colours = PIL.Image.open(io.BytesIO(image.blob)).convert("RGB").getcolors(1 << 20)
        assert len(colours) > 20  # something is drawn
        text_width = (
            document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
        )
        assert shapes[0].width == text_width


def test_text_deleted_with_changes_tracked_is_gone():
    data = word()

    def change(document):
        control = box(document, "answer:vision")
        run = next(control.iter(qn("w:r")))
        gone = run.makeelement(qn("w:del"), {})
        run.addprevious(gone)
        gone.append(run)

    back = {each.place: each.text for each in read_word(edited(data, change)).written}
    assert back["answer:vision"] == ""


def packed(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/"), data)
    return file.getvalue()


def plain_word():
    file = io.BytesIO()
    Document().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no Word document"),
        (b"%PDF-1.7", "no Word document"),
        (packed(a="b"), "no Word document"),
        (packed(word__document="x"), "no Word document"),
        (packed(**{"word/document.xml": "<broken"}), "cannot be read"),
        (packed(**{"word/document.xml": b"0" * 70_000_000}), "too much"),
        (b"0" * 10_000_001, "larger than 10 MB"),
        (plain_word(), "not made here"),
        (word()[:3000], "no Word document"),
    ],
    ids=["empty", "pdf", "zip", "other", "broken", "bomb", "large", "foreign", "torn"],
)
def test_a_file_that_is_not_ours_gets_a_clear_word(data, says):
    with pytest.raises(Refused, match=says):
        read_word(data)
