"""`manage.py import_cohort` as an administrator meets it: exit status, sentences, nothing half-written."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cohorts.models import City, Cohort
from tests.cohorts.package_format.packages import FOLDER, as_bytes, small_package
from tests.helpers.big_package import big_package
from twinning.audit.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command on bytes or a package; returns what it printed. Refusals raise CommandError."""

    def run(package, *options) -> str:
        file = tmp_path / "package.json"
        file.write_bytes(package if isinstance(package, bytes) else as_bytes(package))
        call_command("import_cohort", str(file), *options)
        return capsys.readouterr().out

    return run


def test_import_says_what_it_wrote(run):
    assert run(small_package()).splitlines() == [
        "cohort-9: imported",
        "  cohort        1 created     0 changed     0 unchanged",
        "  cities        2 created     0 changed     0 unchanged",
        "  hosts         1 created     0 changed     0 unchanged",
        "  twins         1 created     0 changed     0 unchanged",
        "  pairings      1 created     0 changed     0 unchanged",
    ]
    assert Cohort.objects.get().slug == "cohort-9"


def test_dry_run_writes_nothing(run):
    said = run(small_package(), "--dry-run")
    assert said.startswith("cohort-9: this import would write\n")
    assert said.endswith("Dry run: nothing was written.\n")
    assert not City.objects.exists()
    assert not JournalEntry.objects.exists()


def test_second_import_says_that_nothing_changes(run):
    run(small_package())
    assert run(small_package()) == "Nothing changes: cohort-9 stands in the database as this file has it.\n"


def test_changes_and_what_is_kept_are_listed(run):
    run(small_package())
    package = small_package()
    package["cities"][0]["population"] = 100_000
    package["pairings"] = []
    said = run(package)
    assert "  cities lahti: population: 98826 -> 100000\n" in said
    assert "  kept: pairings pristina: Not in this file; stays as it is.\n" in said


def test_every_fault_is_printed_and_nothing_written(run):
    package = small_package()
    package["cities"][0]["latitude"] = 99
    package["hosts"][0]["cities"] = ["nowhere"]
    with pytest.raises(CommandError) as refusal:
        run(package)
    assert refusal.value.returncode == 1
    first, *faults = str(refusal.value).splitlines()
    assert first.endswith("package.json was refused; nothing was written.")
    assert faults == [
        "cities[0].latitude: This must be at most 90, but it is the number 99.",
        'hosts[0].cities[0]: There is no city "nowhere" in cities; add it there or correct the id.',
    ]
    assert not City.objects.exists()


def test_faults_beyond_two_hundred_are_counted(run):
    package = small_package()
    package["cities"] += [{**package["cities"][0], "id": f"city-{n}", "latitude": 99} for n in range(250)]
    with pytest.raises(CommandError) as refusal:
        run(package)
    lines = str(refusal.value).splitlines()
    assert len(lines) == 202
    assert lines[-1] == "... and 50 more; mend these first."


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/nowhere/at-all.json", "/nowhere/at-all.json cannot be read: No such file or directory."),
        ("/", "/ cannot be read: Is a directory."),
    ],
)
def test_file_that_cannot_be_read_is_one_sentence(path, sentence):
    with pytest.raises(CommandError, match=f"^{sentence}$"):
        call_command("import_cohort", path)


def test_file_over_the_limit_is_refused_before_it_is_read(tmp_path):
    file = tmp_path / "large.json"
    with file.open("wb") as handle:
        handle.truncate(10 * 1024**3)  # ten gigabytes that take no room on the disk
    with pytest.raises(CommandError, match="larger than 20 MB"):
        call_command("import_cohort", str(file))


def test_endless_file_is_read_no_further_than_the_limit():
    with pytest.raises(CommandError, match="larger than 20 MB"):
        call_command("import_cohort", "/dev/zero")


def test_shipped_data_are_valid_packages(run):
    for name in ("cohort-1", "cohort-4"):
        assert "created" in run((FOLDER / f"{name}.json").read_bytes())


def test_generated_package_is_the_same_for_the_same_seed_and_valid(run):
    assert json.dumps(big_package(30, 10, 20)) == json.dumps(big_package(30, 10, 20))
    assert "  twins        20 created" in run(big_package(30, 10, 20))


def test_mission_cities_fit_the_shape_of_cities(run):
    """The list of Mission Cities is no package, but its rows are rows of `cities`."""
    package = small_package()
    known = {city["id"] for city in package["cities"]}
    rows = json.loads(Path(FOLDER / "mission-cities.json").read_text(encoding="utf-8"))
    package["cities"] += [row for row in rows if row["id"] not in known]
    assert "cities      114 created" in run(package)
