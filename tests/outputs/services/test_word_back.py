"""An edited Word file in three texts: what it was made with, what it says, what the draft says now."""

import io

import pytest
from docx import Document

from outputs.formats.word import render_word
from outputs.formats.word_back import read_word
from outputs.models import PlanAction
from outputs.selectors.content import draft_content
from outputs.services.drafting import save_place
from outputs.services.word_back import apply_changes, changes_in
from tests.factories.outputs import NOON, AnswerFactory, OutputFactory
from tests.factories.people import UserFactory
from tests.factories.rows import ActionCostFactory, ActionStepFactory, PlanActionFactory
from tests.outputs.formats.test_word import box, edited, write
from twinning.audit.models import JournalEntry
from twinning.core.errors import Conflict, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    output = OutputFactory(kind="action_plan", draft=True)
    AnswerFactory(output=output, field="vision", text="Warm homes.")
    action = PlanActionFactory(output=output, name="Advice office")
    ActionStepFactory(parent=action, title="Find a room")
    ActionCostFactory(parent=action, item="Rent")
    return output


@pytest.fixture
def author():
    return UserFactory()


def sent_back(output, change=lambda document: None):
    data = render_word(draft_content(output, language="en"), code=output.code, about=[("State", "Draft")])
    return lambda: changes_in(output, read_word(edited(data, change)))


def place_of(output, column, table="actions"):
    for section in draft_content(output)["sections"]:
        for each in section["tables"]:
            if each["slug"] == table:
                return f"row:{table}:{each['rows'][0]['code']}:{column}"
    raise LookupError(table)


def test_a_file_that_nobody_edited_changes_nothing(plan):
    assert sent_back(plan)() == []


def test_edited_texts_become_the_draft_and_the_journal_says_how_many(plan, author):
    name = place_of(plan, "name")

    def change(document):
        write(box(document, "answer:vision"), "Warm homes for all.")
        write(box(document, name), "Advice office and van")

    changes = sent_back(plan, change)()
    assert [(each.place, each.before, each.after, each.is_conflict) for each in changes] == [
        ("answer:vision", "Warm homes.", "Warm homes for all.", False),
        (name, "Advice office", "Advice office and van", False),
    ]
    assert apply_changes(plan, [each.packed for each in changes], by=author, now=NOON) == 2
    assert plan.answers.get(field="vision").text == "Warm homes for all."
    assert "Advice office and van" in str(draft_content(plan))
    entry = JournalEntry.objects.about(plan).get(verb="outputs.output.read_back")
    assert entry.data["count"] == 2


def test_what_the_draft_changed_and_the_file_did_not_is_no_change(plan, author):
    back = sent_back(plan)
    save_place(plan, "answer:vision", text="Newer.", base="Warm homes.", by=author, now=NOON)
    assert back() == []


def test_what_both_changed_is_a_conflict_and_shows_the_text_of_the_draft(plan, author):
    back = sent_back(plan, lambda document: write(box(document, "answer:vision"), "From the file."))
    save_place(plan, "answer:vision", text="From the page.", base="Warm homes.", by=author, now=NOON)
    (change,) = back()
    assert (change.is_conflict, change.before, change.after) == (True, "From the page.", "From the file.")


def test_a_draft_that_changed_after_the_preview_takes_nothing_of_the_file(plan, author):
    name = place_of(plan, "name")

    def change(document):
        write(box(document, name), "New name")
        write(box(document, "answer:vision"), "From the file.")

    changes = sent_back(plan, change)()
    save_place(plan, "answer:vision", text="From the page.", base="Warm homes.", by=author, now=NOON)
    with pytest.raises(Conflict):
        apply_changes(plan, [each.packed for each in reversed(changes)], by=author, now=NOON)
    assert "New name" not in str(draft_content(plan))


def test_words_of_a_choice_are_understood_and_nonsense_is_named(plan):
    status, amount = place_of(plan, "status"), place_of(plan, "amount", "costs")

    def change(document):
        write(box(document, status), "endorsed")
        write(box(document, amount), "a lot")

    first, second = sent_back(plan, change)()
    assert (first.place, first.after, first.fault) == (status, "endorsed", "")
    assert (second.place, second.fault) == (amount, "Write a number, like 12000 or 12000.50.")


def test_a_row_that_was_added_to_a_table_is_added_to_the_draft(plan, author):
    def change(document):
        table = next(table for table in document.tables if table.rows[0].cells[0].text == "Step")
        for cell, text in zip(table.rows[-1].cells, ("Open the door", "2027-05-01", "", "Me", "Done"), strict=True):
            cell.text = text

    (new,) = sent_back(plan, change)()
    assert (new.fault, dict(new.cells)["title"]) == ("", "Open the door")
    apply_changes(plan, [new.packed], by=author, now=NOON)
    steps = next(t for s in draft_content(plan)["sections"] for t in s["tables"] if t["slug"] == "steps")
    assert [row["values"]["title"] for row in steps["rows"]] == ["Find a room", "Open the door"]


def test_a_file_of_another_output_is_refused(plan):
    other = OutputFactory(kind="action_plan", draft=True)
    data = render_word(draft_content(other, language="en"), code=other.code, about=[("State", "Draft")])
    with pytest.raises(Refused, match="another output"):
        changes_in(plan, read_word(data))


def test_a_row_removed_meanwhile_is_named_and_not_brought_back(plan, author):
    name = place_of(plan, "name")
    back = sent_back(plan, lambda document: write(box(document, name), "New name"))
    plan.planaction_rows.update(removed_at=NOON)
    (change,) = back()
    assert change.fault == "It was removed meanwhile."


def test_the_file_opens_with_the_words_of_the_draft(plan):
    data = render_word(draft_content(plan, language="en"), code=plan.code, about=[("State", "Draft")])
    assert "Twin City Action Plan" in [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def delete_step(document):
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "Step")
    table._tbl.remove(table.rows[1]._tr)


def test_a_row_deleted_in_word_is_proposed_for_removal_and_goes_when_it_is_chosen(plan, author):
    (change,) = sent_back(plan, delete_step)()
    assert (change.title, str(change.label), change.is_conflict) == ("Find a room", "Remove this row", False)
    assert "".join(piece.text for piece in change.pieces).startswith("Find a room")
    apply_changes(plan, [change.packed], by=author, now=NOON)
    assert "Find a room" not in str(draft_content(plan))
    assert apply_changes(plan, [change.packed], by=author, now=NOON) == 1  # gone already: nothing is left to do


def test_a_row_that_was_changed_here_meanwhile_is_not_removed_unseen(plan, author):
    read = sent_back(plan, delete_step)
    title = place_of(plan, "title", "steps")
    save_place(plan, title, text="Rent a shop", base="Find a room", by=author, now=NOON)
    (change,) = read()
    assert change.is_conflict
    save_place(plan, title, text="Buy a shop", base="Rent a shop", by=author, now=NOON)
    with pytest.raises(Refused, match="changed meanwhile"):
        apply_changes(plan, [change.packed], by=author, now=NOON)
    assert "Buy a shop" in str(draft_content(plan))


def test_rows_added_here_after_the_file_was_made_are_not_missed_in_it(plan):
    read = sent_back(plan)
    ActionStepFactory(parent=PlanAction.objects.get(), title="Added later")
    assert read() == []
