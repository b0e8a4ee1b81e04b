import datetime
import threading

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.kinds import HOST_OBJECTIVES, OBJECTIVES
from outputs.models import Answer, LearningObjective
from outputs.selectors.places import Draft, normal_text
from outputs.services.drafting import save_place
from outputs.services.rows import add_row, move_row, remove_row, restore_row
from outputs.states import LearnerSide, OutputState
from tests.factories.cohorts import EventFactory, TermFactory, VocabularyFactory
from tests.factories.outputs import NOON, LearningObjectiveFactory, OutputFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.core.errors import Conflict, Refused

pytestmark = pytest.mark.django_db


def save(output, name, text, base="", *, by=None, now=NOON):
    return save_place(output, name, text=text, base=base, by=by or UserFactory(), now=now)


def value(output, name):
    return Draft(output).find(name).value


def test_the_first_text_makes_a_draft_and_one_journal_line():
    output, writer = OutputFactory(), UserFactory()
    save(output, "answer:baseline", "We heat with gas.", by=writer)
    save(output, "answer:plan", "Adopted in 2024.", by=writer)
    output.refresh_from_db()
    assert output.state == OutputState.DRAFT
    assert value(output, "answer:baseline") == "We heat with gas."
    assert [line.verb for line in JournalEntry.objects.about(output)] == ["outputs.output.begun"]


def test_whoever_started_from_an_older_text_overwrites_nothing():
    output, first = OutputFactory(), UserFactory(name="Lea")
    save(output, "answer:baseline", "Theirs", by=first)
    with pytest.raises(Conflict) as caught:
        save(output, "answer:baseline", "Mine", base="")
    assert (caught.value.theirs.text, caught.value.theirs.by) == ("Theirs", "Lea")
    assert value(output, "answer:baseline") == "Theirs"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_who_started_from_the_same_text_one_is_saved_and_every_other_is_told():
    output, start, ends = OutputFactory(draft=True), threading.Barrier(6), []

    def write(number):
        start.wait()
        try:
            ends.append(save(output, "answer:plan", f"Text of {number}").value)
        except Conflict as conflict:
            ends.append(conflict)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (saved,) = [end for end in ends if isinstance(end, str)]
    assert [end.theirs.text for end in ends if isinstance(end, Conflict)] == [saved] * 5
    assert value(output, "answer:plan") == saved


def test_after_a_conflict_starting_from_theirs_saves_mine():
    output = OutputFactory()
    save(output, "answer:baseline", "Theirs")
    save(output, "answer:baseline", "Mine", base="Theirs")
    assert value(output, "answer:baseline") == "Mine"


def test_the_same_text_twice_is_no_conflict():
    output = OutputFactory()
    save(output, "answer:baseline", "Same")
    assert save(output, "answer:baseline", "Same", base="").value == "Same"


def test_line_ends_and_trailing_spaces_are_no_difference():
    output = OutputFactory()
    save(output, "answer:baseline", "One  \r\nTwo\n")
    save(output, "answer:baseline", "One\nTwo\nThree", base="One\r\nTwo ")
    assert value(output, "answer:baseline") == "One\nTwo\nThree"


def test_two_people_in_two_fields_do_not_meet():
    output = OutputFactory()
    save(output, "answer:baseline", "A")
    save(output, "answer:plan", "B")
    assert Answer.objects.filter(output=output).count() == 2


@pytest.mark.parametrize("trait", ["submitted", "accepted", "waived"])
def test_what_is_submitted_or_settled_cannot_be_written(trait):
    output = OutputFactory(**{trait: True})
    with pytest.raises(Refused):
        save(output, "answer:baseline", "Late thought")
    assert not Answer.objects.exists()


@pytest.mark.parametrize("name", ["answer:nothing", "nothing", "objective:XXXX:question", "terms:other", ""])
def test_a_place_that_is_not_there_is_a_lookup_error(name):
    with pytest.raises(LookupError):
        save(OutputFactory(), name, "x")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("learning_type", "magic"),
        ("activity", "party"),
        ("due_on", "next week"),
        ("due_on", "0001-01-01"),
        ("owner", "x" * 161),
        ("owner", "two\nlines"),
        ("event", "NOSUCH"),
        ("state", ""),
        ("question", "x" * 20001),
        ("question", "a\x00b"),
    ],
)
def test_what_does_not_fit_a_field_is_refused_with_a_sentence(field, text):
    row = LearningObjectiveFactory()
    before = value(row.output, f"objective:{row.code}:{field}")
    with pytest.raises(Refused, match=r"\w+"):
        save(row.output, f"objective:{row.code}:{field}", text, base=before)
    assert value(row.output, f"objective:{row.code}:{field}") == before


def test_an_objective_takes_dates_choices_and_events_of_its_own_pairing():
    row = LearningObjectiveFactory()
    cohort = row.output.participation.cohort
    own = EventFactory(cohort=cohort, pairing=row.output.participation.pairings.get())
    strange = EventFactory()
    save(row.output, f"objective:{row.code}:event", own.code)
    save(row.output, f"objective:{row.code}:due_on", "2027-04-05", base="2027-03-01")
    with pytest.raises(Refused):
        save(row.output, f"objective:{row.code}:event", strange.code, base=own.code)
    row.refresh_from_db()
    assert (row.event, row.due_on) == (own, datetime.date(2027, 4, 5))


def test_domains_are_chosen_from_the_list_three_at_most():
    output = OutputFactory()
    domains = VocabularyFactory(slug="fields_of_action_ccc")
    codes = [TermFactory(vocabulary=domains, code=f"d{n}").code for n in range(4)]
    save(output, "terms:domains", f"{codes[1]},{codes[0]}")
    assert value(output, "terms:domains") == "d0,d1"
    with pytest.raises(Refused, match="at most 3"):
        save(output, "terms:domains", ",".join(codes), base="d0,d1")
    with pytest.raises(Refused):
        save(output, "terms:domains", "invented", base="d0,d1")
    save(output, "terms:domains", "d3", base="d1,d0")
    assert value(output, "terms:domains") == "d3"


@given(texts=st.lists(st.text(max_size=60), min_size=1, max_size=5))
@settings(max_examples=30)
def test_whatever_is_written_stands_there_and_can_be_gone_on_with(texts):
    with transaction.atomic():
        output, writer = OutputFactory(draft=True), UserFactory()
        for text in texts:
            before = value(output, "answer:plan")
            try:
                place = save(output, "answer:plan", text, base=before, by=writer)
            except Refused:
                assert "\x00" in text
                continue
            assert place.value == value(output, "answer:plan") == normal_text(text)
        transaction.set_rollback(True)


def order(output, side=LearnerSide.TWIN):
    return [row.question for row in LearningObjective.objects.filter(output=output, side=side).present()]


def three():
    output = OutputFactory(draft=True)
    rows = [LearningObjectiveFactory(output=output, position=n, question=f"{n}?") for n in (1, 2, 3)]
    return output, rows


def test_rows_move_up_and_down_and_stay_at_the_ends():
    output, rows = three()
    by = UserFactory()
    move_row(output, OBJECTIVES, rows[2], to=2, by=by, now=NOON)
    assert order(output) == ["1?", "3?", "2?"]
    move_row(output, OBJECTIVES, rows[0], to=0, by=by, now=NOON)
    move_row(output, OBJECTIVES, rows[0], to=2, by=by, now=NOON)
    assert order(output) == ["3?", "1?", "2?"]


def test_a_removed_row_comes_back_where_it_stood_with_its_text():
    output, rows = three()
    by = UserFactory()
    remove_row(output, rows[1], by=by, now=NOON)
    assert order(output) == ["1?", "3?"]
    with pytest.raises(LookupError):
        save(output, f"objective:{rows[1].code}:question", "Gone?", base="2?")
    restore_row(output, OBJECTIVES, rows[1], by=by, now=NOON)
    assert order(output) == ["1?", "2?", "3?"]


def test_a_seventh_objective_is_refused_on_each_side_alone():
    output = OutputFactory(draft=True)
    for _ in range(6):
        add_row(output, OBJECTIVES, by=UserFactory(), now=NOON)
    with pytest.raises(Refused, match="Remove one first"):
        add_row(output, OBJECTIVES, by=UserFactory(), now=NOON)
    add_row(output, HOST_OBJECTIVES, by=UserFactory(), now=NOON)
    assert output.objectives.count() == 7
