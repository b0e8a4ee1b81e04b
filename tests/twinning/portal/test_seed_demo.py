"""The demo: the whole first cohort in one go, the same a second time, refused where real data could be meant."""

import datetime
import json
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cohorts.models import Cohort, Event, Pairing, Participation
from outputs.models import Document, Output, OutputVersion, Reminder
from tests.factories.cohorts import CohortFactory
from twinning.audit.models import JournalEntry
from twinning.mail.models import Letter
from twinning.people.models import User
from twinning.portal.demo.people import LOGINS
from twinning.portal.demo.seed import seed_demo, usual_kickoff

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
KICKOFF = datetime.date(2026, 5, 22)


@pytest.fixture
def no_worker(settings):
    """Documents stay queued: making forty PDFs is not what these tests are about."""
    settings.CELERY_TASK_ALWAYS_EAGER = False


@pytest.fixture
def demo(db, no_worker):
    return seed_demo(kickoff_on=KICKOFF, now=NOW)


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


def test_letters_of_the_past_were_sent_in_the_past_and_nobody_gets_them(demo, mailoutbox):
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert not Letter.objects.filter(sent_at__gte=NOW).exists()
    assert mailoutbox == []


def test_nothing_happens_after_now(demo):
    assert not JournalEntry.objects.filter(at__gt=NOW).exists()
    assert not Output.objects.filter(submitted_at__gt=NOW).exists()


def test_a_second_time_changes_nothing(demo):
    before = counts()

    assert seed_demo(kickoff_on=datetime.date(2026, 1, 1), now=NOW) is None

    assert counts() == before


def test_a_cohort_of_that_name_that_is_no_demo_is_left_alone(db, no_worker):
    CohortFactory(slug="cohort-1")

    with pytest.raises(Exception, match="needs a database of its own"):
        seed_demo(kickoff_on=KICKOFF, now=NOW)

    assert not User.objects.exists()


def test_with_a_kickoff_to_come_nothing_has_happened_yet(db, no_worker):
    cohort = seed_demo(kickoff_on=datetime.date(2027, 3, 1), now=NOW)

    assert set(Output.objects.in_cohort(cohort).values_list("state", flat=True)) == {"not_started"}
    assert not Event.objects.filter(state="held").exists()


def test_it_is_refused_where_debug_is_off_and_no_demo_is_meant(db, settings):
    settings.DEBUG = settings.DEMO = False

    with pytest.raises(CommandError, match="refuses to run where DEBUG is off"):
        call_command("seed_demo")


def test_every_log_in_of_the_file_opens_a_desk(db, no_worker, settings, tmp_path):
    settings.DEMO, settings.VAR_DIR = True, tmp_path
    call_command("seed_demo", kickoff=KICKOFF, verbosity=0)
    logins = json.loads((tmp_path / "demo-logins.json").read_text())

    assert set(logins) == set(LOGINS)
    for login in logins.values():
        client = Client()
        answer = client.post(reverse("account_login"), {"login": login["email"], "password": login["password"]})
        assert (answer.status_code, answer.url) == (302, "/")
        assert client.get("/").status_code == 200


def test_the_usual_kickoff_lies_six_months_back_on_a_working_day():
    for day in range(1, 29):
        kickoff = usual_kickoff(datetime.date(2026, 11, day))
        assert kickoff.weekday() < 5
        assert kickoff.strftime("%Y-%m") in {"2026-05", "2026-04"}
