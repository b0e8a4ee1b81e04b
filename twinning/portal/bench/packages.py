"""Importing the large package: 5,000 cities, 2,000 hosts, 5,000 twins, in a process and database of its own."""

import json
from collections.abc import Iterator

from .figures import Figure
from .scratch import environment_for, folder_for, run_python

MOST_SECONDS, MOST_MEGABYTES = 60, 600


def measure() -> Iterator[Figure]:
    try:
        from tests.helpers.big_package import big_package  # noqa: PLC0415 a production image has no tests
    except ImportError as error:
        raise RuntimeError(f"The large package is made by the tests, which are not here: {error}") from None
    folder = folder_for("import")
    environment = environment_for(folder)
    run_python("manage.py", "migrate", "--noinput", "--verbosity", "0", environment=environment)
    file = folder / "large.json"
    file.write_text(json.dumps(big_package()), encoding="utf-8")
    size = f"{file.stat().st_size / 1024 / 1024:.1f} MB"
    for what in ("first import", "second import, nothing changes"):
        run = run_python("manage.py", "import_cohort", str(file), environment=environment)
        yield Figure("import", f"{what}: time", run.seconds, "s", MOST_SECONDS, size)
        yield Figure("import", f"{what}: memory", run.megabytes, "MB", MOST_MEGABYTES, size)
