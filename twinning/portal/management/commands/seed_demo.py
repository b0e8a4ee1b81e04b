"""`manage.py seed_demo`: the demo's data alone, for whoever starts the processes by hand."""

from argparse import ArgumentTypeError
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from twinning.core.errors import Refused
from twinning.core.fields import FIRST_DAY, LAST_DAY
from twinning.portal.demo.seed import seed_demo, usual_kickoff, write_logins


def kickoff_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no day; write it as 2026-05-22") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ArgumentTypeError(f"the year {day.year} cannot be right; choose {FIRST_DAY.year} to {LAST_DAY.year}")
    return day


class Command(BaseCommand):
    help = "Load the demo: the real first cohort with invented people, texts and states. A second time changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--kickoff",
            type=kickoff_day,
            metavar="DATE",
            help="the day of the kick-off, as 2026-05-22; without it six months before today",
        )

    def handle(self, *, kickoff, verbosity, **options):
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError("Demo accounts have known passwords: seed_demo refuses to run where DEBUG is off.")
        now = timezone.now()
        try:
            cohort = seed_demo(kickoff_on=kickoff or usual_kickoff(timezone.localdate(now)), now=now)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        write_logins(settings.VAR_DIR / "demo-logins.json")
        if verbosity:
            done = (
                f"The demo is loaded; kick-off {cohort.kickoff_on}."
                if cohort
                else "The demo is there already; nothing changed."
            )
            self.stdout.write(done)
