import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from sensemaking.imports import MOST_ROWS, Fault, Unreadable, read_notes
from sensemaking.imports.reading import name_of_column, read_sheets

TOPICS = {"challenge": "Challenge", "next": "Next step", "other": "Other"}


def read(data, parts=1):
    data = data.encode() if isinstance(data, str) else data
    return read_notes(data, topics=TOPICS, cities=["Malmö", "Turku"], parts=parts)


def workbook(**sheets):
    """An XLSX of sheet title -> rows; a text with "=" is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def essence(table):
    return [(note.row, note.room, note.topic, note.city, note.group, note.text) for note in table.notes]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_whatever_parts_its_columns(mark, encoding):
    rows = [["Note", "Topic", "Room", "City"], ["Citizens came, once", "next step", "Money", "Malmö"]]
    text = "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    assert essence(read(text.encode(encoding))) == [(2, "Money", "next", "Malmö", "", "Citizens came, once")]


def test_a_workbook_has_a_room_on_each_sheet():
    table = read(workbook(Money=[["Note"], ["One"]], Trust=[["Note"], ["Two"], [""], ["Three"]]))
    assert essence(table) == [
        (2, "Money", "other", "", "", "One"),
        (2, "Trust", "other", "", "", "Two"),
        (4, "Trust", "other", "", "", "Three"),
    ]


def test_a_board_of_miro_has_a_room_for_each_frame_and_understands_tags():
    board = 'Our board\n\nMoney\n"A loan, at last",Challenge,malmo\nSecond,Later\n\nTrust\nThird\n'
    assert essence(read(board)) == [
        (4, "Money", "challenge", "malmo", "", "A loan, at last"),
        (5, "Money", "other", "", "Later", "Second"),
        (8, "Trust", "other", "", "", "Third"),
    ]


def test_all_faults_are_reported_at_once_with_row_and_column():
    rows = [["Topic", "Note", "Round"], ["Chalenge", "One", "1"], ["", "", "3"], ["", "x" * 601, "2"], ["", "=1+1", ""]]
    faults = read(workbook(Notes=rows), parts=2).faults
    assert [(fault.row, fault.column) for fault in faults] == [(2, "A"), (3, "B"), (3, "C"), (4, "B"), (5, "B")]
    assert [fault.sentence for fault in faults] == [
        "“Chalenge” is no topic. Did you mean “Challenge”?",
        "The note is missing. Write it, or empty the row.",
        "“3” is no round of rooms of this session: it has 2.",
        "This has 601 characters, at most 600 fit. Shorten it, or make two notes of it.",
        "A formula or its error stands here. Copy the column and paste it as values.",
    ]


def test_a_workbook_without_headings_says_so():
    faults = read(workbook(Notes=[["What we saw", "Malmö"], ["One", "Turku"]])).faults
    assert faults == (Fault("Notes", 0, "", "There is no heading row. Call the column with the notes “Note”."),)


BOMB = io.BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("xl/_rels/workbook.xml.rels", b" " * 90_000_000)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b",,\n,,\n", "The file holds no text."),
        ("Note\nMalmö\n".encode("cp1252"), "Line 2 holds letters that are not in UTF-8"),
        (b"\xd0\xcf\x11\xe0 old", "an old or protected Excel file"),
        (b"PK\x03\x04 broken", "cannot be read as an Excel workbook"),
        (BOMB.getvalue(), "A sheet of the workbook is too large"),
        (b"\x00\x01\x02", "This is no table"),
        (b'Note\n"never closed\n', "do not close"),
        (b"Note\n" + b"x\n" * MOST_ROWS, "more than 20000 rows"),
        (b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read(data)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(alphabet='Note,;\n"\t =1äx', max_size=200).map(str.encode)))
def test_no_file_breaks_the_reader(data):
    try:
        table = read(data)
    except Unreadable as refusal:
        assert str(refusal)
    else:
        assert all(note.text for note in table.notes)


def test_a_workbook_that_declares_entities_is_refused():
    good = workbook(Notes=[["Note"], ["One"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
            new.writestr(name, content)
    with pytest.raises(Unreadable, match="cannot be read"):
        read_sheets(out.getvalue())


def test_columns_are_named_as_spreadsheets_do():
    assert [name_of_column(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
