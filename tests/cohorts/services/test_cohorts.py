"""A cohort is made from a programme, with a calendar at once, and changed with a trace."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from cohorts.models import Cohort, Event
from cohorts.services.cohorts import change_cohort, create_cohort
from cohorts.services.terms import add_term, change_term
from tests.factories.cohorts import CohortFactory, HostTermFactory, ProgrammeFactory, VocabularyFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)


def test_a_new_cohort_has_its_own_reminder_rule_and_its_calendar():
    admin, programme = UserFactory(administrator=True), ProgrammeFactory(small=True, reminder_days=[7, -2])
    words = {"title": "Round five", "programme": programme, "host_kind": "mission_city", "time_zone": "Europe/Riga"}
    cohort = create_cohort(slug="five", kickoff_on=datetime.date(2027, 1, 11), by=admin, now=NOW, **words)
    programme.reminder_days.append(99)
    cohort.refresh_from_db()
    assert (cohort.reminder_days, cohort.length_months) == ([7, -2], 18)
    kickoff = Event.objects.get(cohort=cohort)
    assert (kickoff.kind, kickoff.planned_on, kickoff.time_zone) == (
        "kick_off",
        datetime.date(2027, 1, 11),
        "Europe/Riga",
    )
    verbs = JournalEntry.objects.about(cohort).values_list("verb", flat=True)
    assert list(verbs) == ["cohorts.calendar.planned", "cohorts.cohort.created"]


def test_a_cohort_without_kickoff_has_no_calendar_and_a_taken_name_is_refused_whole():
    admin, programme = UserFactory(administrator=True), ProgrammeFactory(small=True)
    words = {"title": "Later", "programme": programme, "host_kind": "mission_city", "time_zone": "Europe/Riga"}
    cohort = create_cohort(slug="later", kickoff_on=None, by=admin, now=NOW, **words)
    assert not Event.objects.in_cohort(cohort).exists()
    with pytest.raises(ValidationError):
        create_cohort(slug="later", kickoff_on=None, by=admin, now=NOW, **words)
    assert Cohort.objects.count() == 1


def test_a_change_is_journalled_by_the_names_of_its_fields_and_nothing_is_no_change():
    cohort, admin = CohortFactory(reminder_days=[14]), UserFactory(coordinator=True)
    change_cohort(cohort, changes={"reminder_days": [14], "title": cohort.title}, by=admin, now=NOW)
    assert not JournalEntry.objects.exists()
    change_cohort(cohort, changes={"reminder_days": [3, -1]}, by=admin, now=NOW)
    assert JournalEntry.objects.get().data == {"fields": "reminders"}
    with pytest.raises(ValidationError):
        change_cohort(cohort, changes={"reminder_days": [1000]}, by=admin, now=NOW)
    with pytest.raises(TypeError):
        change_cohort(cohort, changes={"kickoff_on": datetime.date(2027, 1, 1)}, by=admin, now=NOW)


def test_a_retired_term_stays_where_it_is_used():
    admin, used = UserFactory(administrator=True), HostTermFactory()
    change_term(used.term, label="Renamed", position=3, is_retired=True, by=admin, now=NOW)
    used.term.refresh_from_db()
    assert (used.term.label, used.term.is_retired, used.host.terms.count()) == ("Renamed", True, 1)
    assert used.term not in used.term.vocabulary.terms.in_use()


def test_a_new_term_stands_last_and_a_code_is_there_once():
    admin, vocabulary = UserFactory(administrator=True), VocabularyFactory()
    first = add_term(vocabulary, code="heat", label="Heat", by=admin, now=NOW)
    second = add_term(vocabulary, code="cold", label="Cold", by=admin, now=NOW)
    assert list(vocabulary.terms.order_by("position"))[-2:] == [first, second]
    with pytest.raises(ValidationError):
        add_term(vocabulary, code="heat", label="Heat again", by=admin, now=NOW)
