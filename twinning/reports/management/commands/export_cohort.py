"""Write a cohort into a file: as a package, or as a workbook."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from cohorts.models import Cohort
from cohorts.services.packages import export_package
from twinning.core.errors import Refused
from twinning.reports.workbook import render_workbook


class Command(BaseCommand):
    help = "Export a cohort as a package (twinning-cohort/1) or as a workbook (xlsx)."
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("id", help="the id of the cohort, for example cohort-1")
        parser.add_argument("--format", choices=["package", "xlsx"], default="package")
        parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="the file to write")

    def handle(self, *, id: str, format: str, output: Path, **options: object) -> None:  # noqa: A002 names of options
        try:
            cohort = Cohort.objects.filter(slug=id).first()
            if cohort is None:
                raise CommandError(self._unknown(id))
            data = export_package(cohort) if format == "package" else render_workbook(cohort, now=timezone.now())
            _write_whole(output, data)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{output} cannot be written: {error.strerror or error}.") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {str(error).strip()}.") from error
        self.stdout.write(f"Wrote {output}: {len(data):,} bytes.")

    def _unknown(self, cohort_id: str) -> str:
        known = ", ".join(Cohort.objects.order_by("slug").values_list("slug", flat=True)[:20])
        return f"There is no cohort “{cohort_id}”. " + (f"There are: {known}." if known else "There is none yet.")


def _write_whole(path: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(data)
    beside.replace(path)
