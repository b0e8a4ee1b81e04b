"""A package far larger than any cohort: 5,000 cities, 2,000 hosts, 5,000 twins, imported by a process of its own."""

import json
import resource
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.helpers.big_package import big_package
from tests.helpers.processes import clean_environment, migrate

SECONDS = 60
MEGABYTES = 600


@pytest.mark.prodlike
def test_large_package_imports_within_a_minute_and_600_megabytes(tmp_path):
    file = tmp_path / "big.json"
    file.write_text(json.dumps(big_package(), ensure_ascii=False, indent=1), encoding="utf-8")
    migrate(own_environment(tmp_path))
    before = time.monotonic()
    said = manage(tmp_path, "import_cohort", file)
    seconds = time.monotonic() - before
    # The highest of all children so far, which can only be too much, never too little.
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert "  cities     5000 created" in said
    assert seconds < SECONDS
    assert megabytes < MEGABYTES
    assert manage(tmp_path, "import_cohort", file).startswith("Nothing changes")


def manage(folder, *arguments) -> str:
    """One command on an own SQLite database; returns what it printed."""
    run = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=own_environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def own_environment(folder):
    return clean_environment(VAR_DIR=str(folder / "var"))
