"""`manage.py export_cohort` as an administrator meets it."""

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.cohorts.package_format.packages import FOLDER

pytestmark = pytest.mark.django_db


@pytest.fixture
def first_cohort(capsys):
    call_command("import_cohort", str(FOLDER / "cohort-1.json"))
    capsys.readouterr()


def test_package_is_written_byte_for_byte(first_cohort, tmp_path, capsys):
    file = tmp_path / "out.json"
    call_command("export_cohort", "cohort-1", "--format", "package", "-o", str(file))
    assert file.read_bytes() == (FOLDER / "cohort-1.json").read_bytes()
    assert capsys.readouterr().out == f"Wrote {file}: 64,941 bytes.\n"
    assert list(tmp_path.iterdir()) == [file]


def test_workbook_is_written(first_cohort, tmp_path):
    file = tmp_path / "out.xlsx"
    call_command("export_cohort", "cohort-1", "--format", "xlsx", "-o", str(file))
    assert openpyxl.load_workbook(file)["Pairings"].max_row == 29


def test_unknown_cohort_names_those_that_are_there(first_cohort, tmp_path):
    with pytest.raises(CommandError, match=r"^There is no cohort “cohort-7”. There are: cohort-1\.$"):
        call_command("export_cohort", "cohort-7", "-o", str(tmp_path / "out.json"))
    assert list(tmp_path.iterdir()) == []


def test_place_that_cannot_be_written_is_one_sentence(first_cohort, tmp_path):
    with pytest.raises(CommandError, match=r"out.json cannot be written: No such file or directory\.$"):
        call_command("export_cohort", "cohort-1", "-o", str(tmp_path / "nowhere" / "out.json"))
