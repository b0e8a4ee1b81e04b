import datetime

import pytest

from cohorts.models import Participation
from matching.selectors.equals import equals_of
from matching.services.runs import start_run
from tests.factories.matching import RuleFactory, cohort_to_match
from tests.factories.people import UserFactory

NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)
pytestmark = pytest.mark.django_db


def run_of(cohort):
    return start_run(cohort, by=UserFactory(coordinator=True), now=NOW, weights={"text": 100})


def silent(twins, hosts):
    """A cohort in which nobody says anything: with one place at each host, every plan is as good as any other."""
    cohort = cohort_to_match(twins=twins, hosts=hosts)
    Participation.objects.in_cohort(cohort).update(interests="")
    cohort.hostings.update(capacity_maximum=1)
    return cohort


def test_a_plan_that_nothing_equals_says_so():
    equals = equals_of(run_of(cohort_to_match()))

    assert (equals.sentence, equals.twins) == ("This is the only plan that is so good.", ())


def test_equal_plans_are_counted_and_the_twins_listed_that_they_place_elsewhere():
    cohort = silent(3, 3)
    RuleFactory(
        cohort=cohort, kind="lock", participation=cohort.participations.get(city__name="Twin 0"),
        hosting=cohort.hostings.get(host__acronym="Host 0"),
    )  # fmt: skip

    equals = equals_of(run_of(cohort))

    assert equals.sentence.startswith("2 plans are equally good.")
    assert sorted(equals.twins) == [("Twin 1", "Host 1, Host 2"), ("Twin 2", "Host 1, Host 2")]


def test_a_twin_that_waits_in_an_equal_plan_is_among_them():
    equals = equals_of(run_of(silent(2, 1)))

    assert equals.sentence.startswith("2 plans are equally good.")
    assert [places for _twin, places in equals.twins] == ["no host, Host 0", "no host, Host 0"]


def test_beyond_a_thousand_equal_plans_it_says_at_least():
    assert equals_of(run_of(silent(7, 7))).sentence.startswith("At least 1000 plans are equally good.")
