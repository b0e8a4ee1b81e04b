"""`manage.py load_programmes`: bring the editions that come with the application."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cohorts.services.programmes import load_programmes


class Command(BaseCommand):
    help = "Load the programmes of 20, 18 and 12 months. One that is there already stays as it was edited."

    def handle(self, **options: object) -> None:
        loaded = load_programmes(by=None, now=timezone.now())
        for programme in loaded:
            self.stdout.write(f"Loaded: {programme}")
        if not loaded:
            self.stdout.write("Nothing to do: all editions are there.")
