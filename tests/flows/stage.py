"""The data of the flows: the real first cohort without its pairings, and people who sign in. Run as a process of its own:

python -m tests.flows.stage build            the cohort with its calendar; says what a test must know, as JSON
python -m tests.flows.stage pair TWIN HOST   one announced pairing, for a journey that begins later
python -m tests.flows.stage free             nobody is paired, whatever other journeys did, for one that begins with matching
"""

import json
import sys
from datetime import timedelta
from pathlib import Path

import django

PASSWORD = "a-password-for-the-flow"
COHORT = "cohort-1"
DAYS_UNTIL_DUE = 10  # no rule applies today: the scheduler stays quiet, and the test chooses the day


def build() -> dict:
    from django.utils import timezone

    from cohorts.models import Cohort, Hosting, Participation, Programme
    from cohorts.package_format import read_package
    from cohorts.services.calendar import plan_calendar
    from cohorts.services.memberships import add_host_contact, add_member, add_team_member
    from cohorts.services.packages import import_package, usable_codes
    from cohorts.services.programmes import load_programmes
    from cohorts.states import MemberRole
    from twinning.people.roles import PlatformRole

    now = timezone.now()
    administrator = person("administrator", "Ada Administrator", PlatformRole.ADMINISTRATOR)
    coordinator = person("coordinator", "Cora Coordinator", PlatformRole.COORDINATOR)
    facilitator = person("facilitator", "Fay Facilitator", PlatformRole.FACILITATOR)
    import_package(read_package(package_without_pairings(), usable_codes()), by=administrator, now=now)
    load_programmes(by=administrator, now=now)
    cohort, programme = Cohort.objects.get(slug=COHORT), Programme.objects.get(slug="twinning-20-months")
    roadmap = programme.outputs.get(kind="learning_roadmap")
    due_on = timezone.localdate(now) + timedelta(days=DAYS_UNTIL_DUE)
    kickoff_on = next(
        day for day in (due_on - timedelta(days=back) for back in range(400)) if roadmap.date_from(day) == due_on
    )
    plan_calendar(cohort, programme=programme, kickoff_on=kickoff_on, by=coordinator, now=now)
    add_team_member(cohort, user=facilitator, by=coordinator, now=now)
    for slug, role in (
        ("belfast", MemberRole.LEAD_OFFICER),
        ("braga", MemberRole.OFFICER),
        ("lund", MemberRole.OFFICER),
    ):
        twin = Participation.objects.get(cohort=cohort, city__slug=slug)
        add_member(twin, user=person(f"officer.{slug}", f"Officer {slug.title()}"), role=role, by=coordinator, now=now)
    for hosting in Hosting.objects.in_cohort(cohort).select_related("host").order_by("pk"):
        contact = person(f"contact.{hosting.host.slug}", f"Contact {hosting.host.short_name[:60]}")
        add_host_contact(hosting, user=contact, by=coordinator, now=now)
    return {"kickoff": kickoff_on.isoformat(), "due": due_on.isoformat()}


def package_without_pairings() -> bytes:
    from django.conf import settings

    shipped = Path(settings.BASE_DIR) / "cohorts" / "data" / f"{COHORT}.json"
    package = json.loads(shipped.read_text(encoding="utf-8"))
    return json.dumps(package | {"pairings": []}).encode()


def person(local_part: str, name: str, role: str = ""):
    from twinning.people.models import User

    return User.objects.create_trusted(f"{local_part}@example.org", PASSWORD, name=name, platform_role=role)


def pair(twin: str, host: str) -> dict:
    from django.utils import timezone

    from cohorts.models import Hosting, Participation
    from cohorts.services.pairings import announce_pairings, confirm_pairing

    participation = Participation.objects.get(cohort__slug=COHORT, city__slug=twin)
    hosting = Hosting.objects.get(cohort__slug=COHORT, host__slug=host)
    from twinning.people.models import User

    if participation.pairings.announced().exists():  # the other flow was here before
        return {}
    by, now = User.objects.get(email="coordinator@example.org"), timezone.now()
    pairing = confirm_pairing(participation, hosting=hosting, by=by, now=now, reason="For the journey")
    announce_pairings(participation.cohort, pairings=[pairing], by=by, now=now)
    return {"pairing": pairing.code}


def free() -> dict:
    from django.utils import timezone

    from cohorts.models import Pairing
    from cohorts.services.pairings import end_pairing
    from twinning.people.models import User

    by, now = User.objects.get(email="coordinator@example.org"), timezone.now()
    pairings = Pairing.objects.filter(participation__cohort__slug=COHORT).open().order_by("pk")
    return {"ended": [end_pairing(row, by=by, now=now, reason="For another journey").code for row in pairings]}


if __name__ == "__main__":
    django.setup()
    command, *arguments = sys.argv[1:]
    print(json.dumps({"build": build, "pair": pair, "free": free}[command](*arguments)))
