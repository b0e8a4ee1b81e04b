"""Several processes send reminders at once, on the embedded database."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests.helpers.processes import clean_environment, migrate, run_to_end

pytestmark = [pytest.mark.prodlike, pytest.mark.timeout(120)]


def test_four_processes_at_once_remind_each_person_once(tmp_path):
    environment = clean_environment(VAR_DIR=str(tmp_path / "var"))
    story = [sys.executable, "-m", "tests.outputs.prodlike.story"]
    migrate(environment)
    people = json.loads(run_to_end(*story, "owed", environment=environment))["people"]

    command = [sys.executable, "manage.py", "send_reminders", "--now", "2026-11-23T09:00:00+01:00", "--json"]
    passes = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    told = [json.loads(each.communicate()[0])["sent"] for each in passes]
    assert [each.returncode for each in passes] == [0, 0, 0, 0]

    assert sorted(row["to"] for sent in told for row in sent) == sorted(people)
    letters = json.loads(run_to_end(*story, "letters", environment=environment))
    assert letters == {"to": sorted(people), "rows": len(people)}
