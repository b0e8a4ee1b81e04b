"""Loading the demo: all of it in one transaction, or nothing; a second time changes nothing."""

import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models, transaction

from cohorts.models import Cohort, Programme
from cohorts.services.calendar import plan_calendar
from cohorts.services.packages import import_package, read_package_path
from cohorts.services.programmes import load_programmes
from twinning.core.errors import Refused
from twinning.mail.models import Letter
from twinning.mail.states import LetterState

from .facts import state_facts
from .people import give_roles, invent_people, login_rows
from .sessions import add_sessions
from .story import tell_story

DATA = Path(settings.BASE_DIR) / "cohorts" / "data"
COHORT, LATER_COHORT = "cohort-1", "cohort-4"
PROGRAMME = "twinning-20-months"
MONTHS_AGO = 6
IMPORTED_BEFORE = timedelta(days=24)  # the kick-off


def usual_kickoff(today: date) -> date:
    """Six months ago, so that something is done, something due and something late. A working day."""
    day = today - relativedelta(months=MONTHS_AGO)
    return day - timedelta(days=max(0, day.weekday() - 4))


@transaction.atomic
def seed_demo(*, kickoff_on: date, now: datetime) -> Cohort | None:
    """The first cohort with everything that happened since its kick-off, and the hosts of the fourth.

    Returns None, having changed nothing, where the demo is there already. Refused where a cohort of that id is there
    and is no demo. Letters of the past count as sent on their day and go to nobody.
    """
    present = Cohort.objects.filter(slug=COHORT).first()
    if present and present.is_demo:
        return None
    if present:
        raise Refused(f"There is a {COHORT} that is no demo. The demo needs a database of its own.")
    began_at = min(datetime.combine(kickoff_on - IMPORTED_BEFORE, time(9, tzinfo=UTC)), now)
    people = invent_people()
    import_package(read_package_path(DATA / f"{COHORT}.json"), by=people.administrator, now=began_at)
    import_package(read_package_path(DATA / f"{LATER_COHORT}.json"), by=people.administrator, now=began_at)
    state_facts(by=people.administrator, now=began_at)
    Cohort.objects.filter(slug__in=[COHORT, LATER_COHORT]).update(is_demo=True)
    cohort = Cohort.objects.get(slug=COHORT)
    load_programmes(by=people.administrator, now=began_at)
    programme = Programme.objects.get(slug=PROGRAMME)
    cohort = plan_calendar(cohort, programme=programme, kickoff_on=kickoff_on, by=people.coordinator, now=began_at)
    give_roles(cohort, people, now=began_at)
    tell_story(cohort, people, now=now)
    add_sessions(cohort, people, now=now)
    Letter.objects.filter(state=LetterState.QUEUED, to__is_example=True).update(
        state=LetterState.SENT, sent_at=models.F("queued_at")
    )
    return cohort


def write_logins(path: Path) -> None:
    """The log-ins for whoever tries the demo. Written only where they are not there yet."""
    text = json.dumps(login_rows(), indent=2) + "\n"
    if not path.exists() or path.read_text() != text:
        path.write_text(text)
