"""Two imports at the same moment, as only PostgreSQL lets them come."""

import datetime
import threading

import pytest
from django.db import connection

from cohorts.models import City, Cohort
from cohorts.package_format import read_package
from cohorts.services.packages import import_package, usable_codes
from cohorts.services.vocabularies import load_vocabularies
from tests.cohorts.package_format.packages import as_bytes
from tests.helpers.big_package import big_package

NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def vocabularies(transactional_db):
    """Emptying the tables after a test takes the vocabularies with it; the next one finds them again."""
    load_vocabularies()
    yield
    load_vocabularies()


@pytest.mark.postgres
def test_second_of_two_imports_at_once_finds_nothing_to_do(vocabularies):
    package = read_package(as_bytes(big_package(300, 100, 200)), usable_codes())
    outcomes = []

    def bring():
        try:
            outcomes.append(import_package(package, by=None, now=NOW).totals["created"])
        except BaseException as error:
            outcomes.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [0, 0, 1 + 300 + 100 + 200 + 200]
    assert (Cohort.objects.count(), City.objects.count()) == (1, 300)
