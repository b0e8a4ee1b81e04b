import dataclasses
import json
from argparse import ArgumentParser
from datetime import datetime
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cohorts.models import Cohort
from outputs.selectors.reminders import DueReminder, reminders_due
from outputs.services.reminders import send_reminders


class Command(BaseCommand):
    help = "Send the reminders that are due, once, to whoever still owes an output, and print what was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--now",
            metavar="ISO",
            help="the moment to act for, like 2027-03-01T09:00:00+01:00; without an offset it is meant in the zone of "
            "each cohort, a day alone means its noon; default: this moment",
        )
        parser.add_argument("--cohort", metavar="ID", help="one cohort alone")
        parser.add_argument("--dry-run", action="store_true", help="send nothing; print who would get one")
        parser.add_argument("--json", action="store_true", help='print {"sent": [...]}; with --dry-run {"due": [...]}')

    def handle(self, *args: object, **options: object) -> None:
        key = "due" if options["dry_run"] else "sent"
        rows = []
        for cohort, now in self._moments(options["now"], self._cohorts(options["cohort"])):
            if options["dry_run"]:
                rows += [_as_row(due) for due in reminders_due(now, cohort=cohort)]
            else:
                rows += [dataclasses.asdict(sent) for sent in send_reminders(now=now, cohort=cohort)]
        if options["json"]:
            self.stdout.write(json.dumps({key: rows}, default=str, indent=2, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(f"{row['to']}: {row['about']}, due {row['due']:%Y-%m-%d}, rule {row['rule']:+d}")
        self.stdout.write(f"{len(rows)} reminders {key}.")

    def _cohorts(self, slug: str | None) -> list[Cohort]:
        cohorts = list(Cohort.objects.filter(**({"slug": slug} if slug else {})).order_by("pk"))
        if slug and not cohorts:
            known = ", ".join(Cohort.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no cohort {slug!r}. Known: {known}.")
        return cohorts

    def _moments(self, text: str | None, cohorts: list[Cohort]) -> list[tuple[Cohort, datetime]]:
        """Each cohort with the moment to act for; one without offset is meant in the cohort's zone."""
        moment = read_moment(text) if text else timezone.now()
        return [
            (cohort, moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(cohort.time_zone)))
            for cohort in cohorts
        ]


def read_moment(text: str) -> datetime:
    """A date-time with or without offset; a day alone is its noon. Raises CommandError in words."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--now {text!r} is no moment. Write it like 2027-03-01T09:00:00+01:00.") from None
    if not 2000 <= moment.year <= 2200:
        raise CommandError(f"--now {text!r} lies too far away: use a year between 2000 and 2200.")
    return moment.replace(hour=12) if len(text.strip()) <= len("2027-03-01") else moment


def _as_row(due: DueReminder) -> dict[str, object]:
    return {
        "to": due.to.email,
        "about": str(due.output),
        "rule": due.days,
        "due": due.due_on,
        "output": due.output.code,
        "cohort": due.output.participation.cohort.slug,
    }
