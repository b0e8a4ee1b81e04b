"""`manage.py test`: linters, contracts, checks and all tests, on SQLite and on PostgreSQL with Redis."""

import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Prove the project: linters, import contracts, types, migrations, then every test. Options choose a part."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument(
            "--only",
            nargs="+",
            metavar="GROUP",
            default=[],
            help="one or more of lint, checks, sqlite, postgres, browser, prodlike",
        )
        parser.add_argument("-k", dest="expression", help="only tests whose names match, as in pytest")
        parser.add_argument("--coverage", action="store_true", help="measure which branches the tests reach (slower)")
        parser.add_argument("paths", nargs="*", help="only these test files or folders")

    def handle(self, *, only, expression, coverage, paths, **options):
        try:
            from tests.gates import GROUPS, Gates  # noqa: PLC0415 a production image has no tests
        except ImportError as error:
            raise CommandError(f"The tests are not here: {error}") from None
        unknown = [group for group in only if group not in GROUPS]
        if unknown:
            raise CommandError(f"There is no group {', '.join(unknown)}; choose from {', '.join(GROUPS)}.")
        missing = [path for path in paths if not (settings.BASE_DIR / path.partition("::")[0]).exists()]
        if missing:
            raise CommandError(f"There is no {', '.join(missing)} to test; groups are named after --only.")
        pytest_options = [
            *(("-k", expression) if expression else ()),
            *(("--cov", "--cov-report=term") if coverage else ()),
            *paths,
        ]
        sys.exit(Gates(only, pytest_options).run())
