"""Tables copied from elsewhere: text in, rows and problems out."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.kinds import KINDS
from outputs.pasting import read_pasted

REGISTER = KINDS["stakeholder_plan"].table("stakeholders")
GROUPS = KINDS["info_session"].table("groups")
MESSAGES = KINDS["info_session"].table("messages")
CHOICES = {
    column.slug: column.choices or tuple((str(n), str(n)) for n in range(5))
    for column in REGISTER.columns
    if column.control in ("choice", "scale")
}


def paste(text, table=REGISTER):
    return read_pasted(text, table, CHOICES)


def values(pasted):
    return [row.values for row in pasted.rows]


def test_a_first_row_with_names_says_which_column_is_which_in_any_order_and_spelling():
    pasted = paste("INFLUENCE\tWho it is\tPhone\tuntil\n4\tHousing\t123\t2027-05-01\n\t\t\t\n1\tTenants\t\t\n")
    assert pasted.is_clean
    assert values(pasted) == [
        {"influence": "4", "name": "Housing", "due_on": "2027-05-01"},
        {"influence": "1", "name": "Tenants"},
    ]
    assert pasted.ignored == ("Phone",)


def test_without_names_columns_come_in_the_order_of_the_form():
    assert values(paste("Housing\tOwn department\tdecides about it")) == [
        {"name": "Housing", "kind": "own_department", "part": "decides"}
    ]


def test_a_cell_with_line_ends_stays_one_cell():
    pasted = paste('Who it is\tRelation today\r\nHousing\t"One line\r\nand ""another"""\r\n')
    assert values(pasted) == [{"name": "Housing", "relation": 'One line\nand "another"'}]


def test_what_is_not_understood_is_named_with_its_line_and_column_and_nothing_is_clean():
    pasted = paste("Who it is\tInfluence\tKind\nHousing\t9\tDragon\nTenants\t2\tCitizens")
    first, second = pasted.rows
    assert not pasted.is_clean
    assert (first.line, len(first.problems), second.problems) == (2, 2, ())
    assert first.problems[0].startswith("Influence, “9”: choose one of: 0, 1")


@pytest.mark.parametrize("text", ["", " \n\t\n", "Who it is\tInfluence\n", "a\t" * 20, "x\t" * 6000])
def test_what_is_no_table_is_answered_with_a_sentence(text):
    pasted = paste(text)
    assert not pasted.is_clean
    assert len(pasted.problem.split()) > 3


def test_a_table_of_one_column_needs_no_name():
    assert values(paste("Begin with one street.\nCount contracts.", MESSAGES)) == [
        {"text": "Begin with one street."},
        {"text": "Count contracts."},
    ]
    assert values(paste("Message\nCount contracts.", MESSAGES)) == [{"text": "Count contracts."}]


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(0, 4), st.text(max_size=40)), min_size=1, max_size=5))
def test_whatever_a_spreadsheet_copies_comes_back_cell_by_cell(rows):
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    writer.writerow(["Who it is", "Influence", "Relation today"])
    clean = [(" ".join(a.split()), b, c.replace("\r", "\n").replace("\x00", "").strip()) for a, b, c in rows]
    clean = [(a.replace("\x00", "").strip(), b, c) for a, b, c in clean]
    writer.writerows(clean)
    pasted = paste(written.getvalue())
    assert pasted.is_clean
    got = [(row.get("name", ""), int(row["influence"]), row.get("relation", "")) for row in values(pasted)]
    assert got == clean


@given(st.text(max_size=300))
def test_no_text_breaks_it(text):
    pasted = paste(text, GROUPS)
    assert pasted.is_clean == (
        bool(pasted.rows) and not any(row.problems for row in pasted.rows) and not pasted.problem
    )
