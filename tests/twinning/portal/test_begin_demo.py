"""How the demo is begun: with its log-ins, with a kick-off to come, refused where real data could be meant."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from cohorts.models import Event
from outputs.models import Output
from tests.factories.cohorts import CohortFactory
from twinning.people.models import User
from twinning.portal.demo.people import LOGINS
from twinning.portal.demo.seed import seed_demo, usual_kickoff

NOW = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
KICKOFF = datetime.date(2026, 5, 22)


@pytest.fixture
def no_worker(settings):
    """Documents stay queued: making forty PDFs is not what these tests are about."""
    settings.CELERY_TASK_ALWAYS_EAGER = False


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
