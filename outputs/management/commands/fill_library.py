"""`manage.py fill_library`: outputs that were accepted before there was a library enter it. Doing it twice changes nothing."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from outputs.services.library import enter_earlier_outputs


class Command(BaseCommand):
    help = "Let accepted outputs that are not in the library yet enter it; safe to run again."

    def handle(self, **options):
        count = enter_earlier_outputs(now=timezone.now())
        self.stdout.write(f"{count} accepted outputs entered the library.")
