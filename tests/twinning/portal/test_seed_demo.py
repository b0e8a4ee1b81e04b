"""The demo: the whole first cohort in one go, invented where it says so, the same a second time. Seeded once for all tests here."""

import datetime
from collections import Counter
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import override_settings

from cohorts.models import Cohort, Event, Pairing, Participation
from outputs.models import Document, Output, OutputVersion, Reminder
from tests.helpers.worlds import kept_for_a_module
from twinning.audit.models import JournalEntry
from twinning.mail.models import Letter
from twinning.people.models import User
from twinning.portal.demo.seed import seed_demo

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
KICKOFF = datetime.date(2026, 5, 22)


@pytest.fixture
def demo(seeded, db):
    return Cohort.objects.get(pk=seeded.cohort.pk)


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The `cohort`, and the letters that really went out (`sent`)."""

    def seed():
        mail.outbox = []
        return SimpleNamespace(cohort=seed_demo(kickoff_on=KICKOFF, now=NOW), sent=list(mail.outbox))

    with override_settings(CELERY_TASK_ALWAYS_EAGER=False):  # making forty PDFs is not what these tests are about
        yield from kept_for_a_module(seed, django_db_blocker)


def counts():
    models = (
        Cohort,
        Participation,
        Pairing,
        Event,
        Output,
        OutputVersion,
        Document,
        Reminder,
        Letter,
        User,
        JournalEntry,
    )
    return {model.__name__: model.objects.count() for model in models}


def test_the_real_cohort_with_something_done_something_due_and_something_late(demo):
    assert (demo.is_demo, demo.kickoff_on, demo.length_months) == (True, KICKOFF, 20)
    assert Pairing.objects.in_cohort(demo).announced().count() == 28
    states = Counter(Output.objects.filter(kind="learning_roadmap").values_list("state", flat=True))
    assert states == {"accepted": 20, "draft": 3, "sent_back": 2, "submitted": 2, "not_started": 1}
    assert Output.objects.late_on(NOW.date()).count() == 3
    assert Document.objects.filter(state="queued").count() == OutputVersion.objects.count()
    assert Reminder.objects.exists()
    assert Event.objects.filter(state="held").exists()
    assert [row.city.name for row in unpaired(demo)] == ["Oulu"]


def unpaired(cohort):
    paired = Pairing.objects.open().values("participation")
    return Participation.objects.in_cohort(cohort).exclude(pk__in=paired).select_related("city").order_by("pk")


def test_everything_invented_says_so(demo):
    assert not User.objects.filter(is_example=False).exists()
    assert not User.objects.exclude(email__endswith="@example.org").exists()
    written = Output.objects.filter(answers__isnull=False).distinct()
    assert written.exists()
    assert not written.filter(is_example=False).exists()
    assert all(version.content["is_example"] for version in OutputVersion.objects.order_by("pk"))
    assert not Event.objects.in_cohort(demo).filter(is_example=False).exists()


def test_letters_of_the_past_were_sent_in_the_past_and_nobody_gets_them(demo, seeded):
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert not Letter.objects.filter(sent_at__gte=NOW).exists()
    assert seeded.sent == []


def test_nothing_happens_after_now(demo):
    assert not JournalEntry.objects.filter(at__gt=NOW).exists()
    assert not Output.objects.filter(submitted_at__gt=NOW).exists()


@pytest.mark.parametrize("day", ["2026-13-45", "9999-12-31", "0001-01-01", "tomorrow"])
def test_a_kickoff_that_is_no_day_is_one_sentence(day):
    with pytest.raises(CommandError, match=r"is no day|cannot be right"):
        call_command("seed_demo", "--kickoff", day)


def test_a_second_time_changes_nothing(demo):
    before = counts()

    assert seed_demo(kickoff_on=datetime.date(2026, 1, 1), now=NOW) is None

    assert counts() == before
