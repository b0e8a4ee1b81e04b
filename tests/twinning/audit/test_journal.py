"""The journal: one line for each consequence, in words, never changed."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.template import Context, Template

from tests.factories.audit import JournalEntryFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.audit.registry import VERBS, register_verbs
from twinning.audit.selectors import history_of
from twinning.audit.services import record

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


def test_line_reads_as_a_sentence_with_who_and_for_whom():
    ann = UserFactory(name="Ann")
    data = {"before": "None", "after": "Observer"}
    line = record(ann, "people.role.changed", by=UserFactory(name="Ada"), at=NOW, on_behalf_of="Belfast", data=data)
    assert line.sentence == "Ada for Belfast changed the role of Ann from “None” to “Observer”"


def test_platform_itself_has_a_name():
    assert record(UserFactory(name="Ann"), "people.person.reactivated", by=None, at=NOW).sentence.startswith(
        "Twinning "
    )


def test_detail_that_an_old_line_lacks_reads_as_an_ellipsis():
    assert record(UserFactory(name="Ann"), "people.role.changed", by=None, at=NOW).sentence.endswith("from “…” to “…”")


def test_names_are_no_format_commands():
    """A name with braces must not be read as a template."""
    line = record(
        UserFactory(name="{by.password} {0}"), "people.person.reactivated", by=UserFactory(name="{x}"), at=NOW
    )
    assert line.sentence == "{x} let {by.password} {0} sign in again"


def test_verb_that_nobody_registered_is_refused():
    with pytest.raises(LookupError, match=r"moon\.landed"):
        record(UserFactory(), "moon.landed", by=None, at=NOW)
    assert not JournalEntry.objects.exists()


def test_verb_has_one_owner():
    with pytest.raises(ValueError, match=r"people\.role\.changed"):
        register_verbs({"people.role.changed": "again"})
    assert str(VERBS["people.role.changed"]) != "again"


def test_line_is_never_changed_through_the_models():
    line = JournalEntryFactory()
    line.verb = "people.role.changed"
    for change in (
        line.save,
        line.delete,
        lambda: JournalEntry.objects.update(verb="people.role.changed"),
        lambda: JournalEntry.objects.all().delete(),
        lambda: JournalEntry.objects.bulk_update([line], ["verb"]),
    ):
        with pytest.raises(TypeError, match="append-only"), transaction.atomic():
            change()
    assert JournalEntry.objects.get().verb == "people.person.reactivated"


def test_line_is_never_changed_behind_the_models_back():
    JournalEntryFactory()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_journalentry SET verb = 'forged'")
    assert JournalEntry.objects.get().verb == "people.person.reactivated"


@pytest.mark.postgres
def test_line_is_never_deleted_behind_the_models_back():
    JournalEntryFactory()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_journalentry")
    assert JournalEntry.objects.count() == 1


def test_history_tells_the_newest_first_of_the_named_objects_alone():
    ann, bob, other = UserFactory(name="Ann"), UserFactory(name="Bob"), UserFactory()
    for hour, person in enumerate([ann, other, bob, ann]):
        JournalEntryFactory(about=person, at=NOW + datetime.timedelta(hours=hour))
    assert [line.object_label for line in history_of(ann, bob)] == ["Ann", "Bob", "Ann"]
    assert [line.object_label for line in history_of(ann, bob, limit=2)] == ["Ann", "Bob"]
    assert history_of() == []


def test_history_costs_one_query_however_long_it_is(django_assert_num_queries):
    ann = UserFactory()
    JournalEntryFactory.create_batch(3, about=ann)
    with django_assert_num_queries(1):
        [line.sentence for line in history_of(ann)]


def test_tag_shows_the_lines_escaped():
    ann = UserFactory(name="Ann <b>")
    JournalEntryFactory(about=ann, by=UserFactory(name="Ada"), at=NOW)
    html = Template("{% load history %}{% history person %}").render(Context({"person": ann}))
    assert "Ada let Ann &lt;b&gt; sign in again" in html


def test_tag_says_so_where_nothing_has_happened():
    html = Template("{% load history %}{% history person %}").render(Context({"person": UserFactory()}))
    assert "Nothing has happened here yet." in html
