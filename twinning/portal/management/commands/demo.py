"""`manage.py demo`: the demo cohort on one port, with everything that belongs to it, until Ctrl-C."""

import hashlib
import json
import sys

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor

from twinning.bootstrap import DEFAULT_HOST, DEFAULT_PORT, listen, port_refusal
from twinning.serve import serve_everything

UNUSED_STATIC_FILES = ["flags"]  # 250 pictures of django-countries that no page shows


class Command(BaseCommand):
    help = "Run the demo cohort: pages, live streams, worker and scheduler, until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--port", type=int, default=DEFAULT_PORT, help=f"where the pages are served ({DEFAULT_PORT})"
        )
        parser.add_argument(
            "--host", default=DEFAULT_HOST, help=f"address to listen on ({DEFAULT_HOST}: this machine alone)"
        )

    def handle(self, *, host, port, **options):
        if not settings.DEMO:
            raise CommandError("Start the demo as `python3 manage.py demo`, so that it gets an environment of its own.")
        try:
            listening = listen(host, port)
        except (OSError, OverflowError) as error:
            raise CommandError(port_refusal(host, port, error)) from None
        with listening:
            self.bring_database_up_to_date()
            call_command("seed_demo", verbosity=0)
            self.collect_static_files()
            cache.delete_many(["heartbeat:worker", "heartbeat:scheduler"])  # of the last time: health shall be true
            connections.close_all()  # the processes that follow must not share them
            status = serve_everything(listening, on_started=self.say_where)
        self.stdout.write("The demo has stopped; its data stays under var/.")
        sys.exit(status)

    def bring_database_up_to_date(self):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.say("Making the database and loading the first cohort ...")
            call_command("migrate", verbosity=0, interactive=False)

    def collect_static_files(self):
        """Gather, hash and compress the static files, unless nothing changed since the last time."""
        note = settings.VAR_DIR / "static-files.sha256"
        fingerprint = static_files_fingerprint()
        if settings.DEBUG or (note.exists() and note.read_text() == fingerprint):
            return
        self.say("Collecting static files ...")
        call_command("collectstatic", verbosity=0, interactive=False, clear=True, ignore_patterns=UNUSED_STATIC_FILES)
        note.write_text(fingerprint)

    def say_where(self):
        logins = json.loads((settings.VAR_DIR / "demo-logins.json").read_text())
        rows = [(role, login["email"], login["password"]) for role, login in logins.items()]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        self.say(f"\nTwinning runs at {settings.SITE_URL}  (Ctrl-C stops it)\n")
        for row in rows:
            self.say("  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip())
        self.say("")

    def say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()


def static_files_fingerprint():
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(UNUSED_STATIC_FILES):
            digest.update(f"{name} {storage.size(name)} {storage.get_modified_time(name).timestamp()}\n".encode())
    return digest.hexdigest()
