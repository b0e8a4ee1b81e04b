"""The runner behind `manage.py test` counts truly and hides nothing."""

import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from tests.gates import GROUPS, NOTHING_SELECTED, Counts, Gates, Result

SAMPLE = """
import pytest

@pytest.fixture
def broken():
    raise RuntimeError

def test_passes(): pass
def test_passes_too(): pass
def test_fails(): assert False
def test_errs(broken): pass
@pytest.mark.skip(reason="no such machine")
def test_skips(): pass
"""


@pytest.fixture
def report(tmp_path):
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-c", "pytest.ini", "-p", "no:django", f"--junit-xml={report}"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    return report


def test_counts_add_up_over_all_runs(report):
    counts = Counts()
    counts.add_report(report)
    counts.add_report(report)

    assert str(counts) == "4 passed, 4 failed, 2 skipped"
    assert counts.reasons == {"no such machine": 2}


def test_what_did_not_run_is_said_loudly_and_the_closing_line_stands_alone(capsys):
    gates = Gates()
    gates.results = [Result("tests on PostgreSQL", "skipped", remark="no server"), Result("ruff check", "ok", 0.2)]
    gates.counts = Counts(passed=3, skipped=2)
    gates.counts.reasons["there is no Chromium on this machine"] = 2

    gates.print_table()

    said = capsys.readouterr().out.splitlines()
    assert "NOT RUN: tests on PostgreSQL: no server" in said
    assert "NOT RUN: 2 tests: there is no Chromium on this machine" in said
    assert said[-1] == "3 passed, 0 failed, 2 skipped"


def test_words_that_fit_no_test_prove_nothing():
    gates = Gates()
    gates.results = [Result("tests on SQLite", "skipped", remark=NOTHING_SELECTED), Result("ruff check", "ok")]
    assert not gates.has_proved
    gates.counts = Counts(passed=1)  # on PostgreSQL, say
    assert gates.has_proved


def test_a_path_that_is_not_there_is_refused_before_anything_runs():
    with pytest.raises(CommandError, match="no lint to test; groups are named after --only"):
        call_command("test", "lint", "tests/test_gates.py::test_a_path")


def test_failed_command_fails_the_whole(capfd):
    gates = Gates()
    gates.command("good", sys.executable, "-c", "")
    gates.command("bad", sys.executable, "-c", "raise SystemExit(3)")
    gates.command("not there", "no-such-program-anywhere")

    assert [(result.state, result.remark) for result in gates.results] == [
        ("ok", ""),
        ("failed", "exit status 3"),
        ("failed", "no-such-program-anywhere is not installed"),
    ]


def test_commands_see_their_own_environment_and_none_of_the_test_settings(capfd, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "twinning.settings_test")
    show = "import os; print(os.environ.get('DJANGO_SETTINGS_MODULE'), os.environ['DATABASE_URL'])"

    Gates().command("show", sys.executable, "-c", show, DATABASE_URL="postgres://here")

    assert "None postgres://here" in capfd.readouterr().out


def test_group_that_does_not_exist_is_refused():
    with pytest.raises(CommandError, match=f"There is no group sqllite; choose from {', '.join(GROUPS)}"):
        call_command("test", "--only", "sqllite")
