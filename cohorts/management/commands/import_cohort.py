"""Read a cohort package from the command line."""

import contextlib
import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cohorts.package_format import PackageRefused
from cohorts.selectors.package_plan import Plan, Touched, plan_import
from cohorts.services.packages import import_package, read_package_path
from twinning.core.errors import Refused

SHOWN = 200


class Command(BaseCommand):
    help = "Import a cohort package (twinning-cohort/1): all of it, or nothing and every fault."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, help="the package, a JSON file of at most 20 MB")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")

    def handle(self, *, file: Path, dry_run: bool, **options: object) -> None:
        _print_whatever_the_encoding()
        try:
            package = read_package_path(file)
            with transaction.atomic():
                plan = plan_import(package) if dry_run else import_package(package, by=None, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror or error}.") from error
        except PackageRefused as refusal:
            lines = refusal.lines(SHOWN)
            raise CommandError("\n".join([f"{file} was refused; nothing was written.", *lines])) from refusal
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was written.") from refusal
        except DatabaseError as error:
            said = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"The database ({connection.vendor}) cannot be used: {said}. Nothing was written; "
                "if it is new, run `manage.py migrate` first."
            ) from error
        self._report(plan, dry_run=dry_run)

    def _report(self, plan: Plan, *, dry_run: bool) -> None:
        if plan.has_changes:
            said = [f"{plan.package.cohort.id}: {'this import would write' if dry_run else 'imported'}"]
            said += [
                "  {part:<9} {created:>5} created {changed:>5} changed {unchanged:>5} unchanged".format(**row)
                for row in plan.counts
            ]
        else:
            said = [f"Nothing changes: {plan.package.cohort.id} stands in the database as this file has it."]
        said += _shortened([line for entry in plan.touched for line in _lines(entry)])
        said += [f"  note: {note}" for note in plan.notes]
        said += _shortened([f"  kept: {entry.part} {entry.id}: {entry.why}" for entry in plan.kept])
        if dry_run:
            said.append("Dry run: nothing was written.")
        try:
            self.stdout.write("\n".join(said))
            self.stdout.flush()
        except BrokenPipeError:  # the reader has seen enough (`| head`); what was imported stays
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _shortened(lines: list[str]) -> list[str]:
    rest = len(lines) - SHOWN
    return [*lines[:SHOWN], f"  ... and {rest} more"] if rest > 0 else lines


def _lines(entry: Touched) -> list[str]:
    return [
        f"  {entry.part} {entry.id}: {change.field}: {_short(change.before)} -> {_short(change.after)}"
        for change in entry.changes
    ]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def _print_whatever_the_encoding() -> None:
    """A terminal that cannot show "ł" gets an escape instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")
