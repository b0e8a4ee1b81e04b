"""Who needs a host after a decline or a withdrawal, and what the options keep and change."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cohorts.models import Hosting, Pairing, Participation
from cohorts.services.hostings import withdraw_hosting
from cohorts.services.participations import withdraw_participation
from matching.selectors.rematching import options_of, situation_of
from matching.snapshot import market_of
from matching.states import Movable
from tests.factories.cohorts import (
    CityFactory,
    EventFactory,
    HostingFactory,
    PairingAnswerFactory,
    PairingFactory,
    ParticipationFactory,
)
from tests.factories.matching import cohort_to_match
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def cohort():
    """Three twins, each announced with the host that suits it; every host has one place."""
    cohort = cohort_to_match(twins=3, hosts=3)
    cohort.hostings.update(capacity_maximum=1)
    for number in range(3):
        PairingFactory(asked=True, participation=twin(cohort, number), hosting=host(cohort, number))
    return cohort


def twin(cohort, number):
    return Participation.objects.in_cohort(cohort).get(city__name=f"Twin {number}")


def host(cohort, number):
    return Hosting.objects.in_cohort(cohort).get(host__acronym=f"Host {number}")


def pairing(cohort, number):
    return Pairing.objects.open().get(participation=twin(cohort, number))


def changes(option):
    return {change.name: (change.before, change.after) for change in option.changes}


def test_nothing_broken_means_nobody_affected_and_nothing_to_change(cohort):
    situation = situation_of(cohort)
    assert situation.affected == []
    assert [option.changes for option in options_of(situation, movable=Movable.MET)] == [[]]


def test_a_declined_pair_is_not_proposed_again(cohort):
    PairingAnswerFactory(pairing=pairing(cohort, 0), declined=True)
    HostingFactory(cohort=cohort, host__acronym="Spare", host__cities=[CityFactory(name="Spare")])
    situation = situation_of(cohort)
    (affected,) = situation.affected
    assert (affected.name, affected.reason) == ("Twin 0", "Twin 0 declined: The council wants a harbour city.")
    (option,) = options_of(situation, movable=Movable.STAGED)
    assert changes(option) == {"Twin 0": ("Host 0", "Spare")}
    assert (option.kept, option.of) == (2, 2)


def test_what_was_announced_is_locked_unless_chosen(cohort):
    """Twin 0 declined its host and no place is free: only moving an announced pair helps it."""
    PairingAnswerFactory(pairing=pairing(cohort, 0), declined=True)
    situation = situation_of(cohort)
    (keep,) = options_of(situation, movable=Movable.STAGED)
    assert changes(keep) == {"Twin 0": ("Host 0", "")}

    keep, swap, *_more = options_of(situation, movable=Movable.ANNOUNCED)
    assert [change.name for change in keep.waiting] == ["Twin 0"]
    assert (len(swap.placed), len(swap.moved), swap.waiting, swap.kept) == (1, 1, [], 1)
    assert swap.moved[0].note == "Both sides know of this pair."
    assert keep.cost == 0  # it seats fewer twins, so its total cannot be compared


def test_a_pair_that_has_met_moves_only_when_somebody_says_so(cohort):
    PairingAnswerFactory(pairing=pairing(cohort, 0), declined=True)
    for number in (1, 2):
        EventFactory(cohort=cohort, pairing=pairing(cohort, number), kind="site_visit", state="held")
    situation = situation_of(cohort)
    assert len(options_of(situation, movable=Movable.ANNOUNCED)) == 1
    _keep, swap = options_of(situation, movable=Movable.MET)
    assert swap.moved[0].note == "These two have met on a visit."


def test_the_pair_that_has_not_met_moves_before_the_one_that_has(cohort):
    PairingAnswerFactory(pairing=pairing(cohort, 0), declined=True)
    EventFactory(cohort=cohort, pairing=pairing(cohort, 1), kind="site_visit", state="held")
    _keep, first, *_rest = options_of(situation_of(cohort), movable=Movable.MET)
    assert [change.name for change in first.moved] == ["Twin 2"]


def test_a_planned_visit_or_a_seminar_is_no_meeting(cohort):
    EventFactory(cohort=cohort, pairing=pairing(cohort, 1), kind="site_visit")
    EventFactory(cohort=cohort, pairing=pairing(cohort, 2), kind="seminar", state="held")
    situation = situation_of(cohort)
    assert (situation.count(Movable.MET), situation.count(Movable.ANNOUNCED)) == (0, 3)


def test_a_host_that_left_leaves_its_twins_affected(cohort):
    withdraw_hosting(host(cohort, 1), by=UserFactory(), now=NOW, reason="No money.")
    HostingFactory(cohort=cohort, host__acronym="Spare", host__cities=[CityFactory(name="Spare")])
    situation = situation_of(cohort)
    assert [(one.name, one.reason) for one in situation.affected] == [("Twin 1", "Host 1 has left: No money.")]
    (option,) = options_of(situation, movable=Movable.STAGED)
    assert changes(option) == {"Twin 1": ("Host 1", "Spare")}
    assert option.placed[0].points_before is None


def test_a_twin_that_left_frees_its_place_for_one_that_waits(cohort):
    ParticipationFactory(cohort=cohort, city__name="Waiting", interests="heat networks 0")
    withdraw_participation(twin(cohort, 0), by=UserFactory(), now=NOW, reason="Election.")
    (option,) = options_of(situation_of(cohort), movable=Movable.STAGED)
    assert changes(option) == {"Waiting": ("", "Host 0")}


def test_pairs_that_nobody_knows_of_may_move_at_once(cohort):
    Pairing.objects.update(state="confirmed", announced_at=None, answer_by=None)
    one, two = pairing(cohort, 0), pairing(cohort, 1)
    spare = HostingFactory(cohort=cohort, host__cities=[CityFactory()])
    Pairing.objects.filter(pk=one.pk).update(hosting=spare)
    Pairing.objects.filter(pk=two.pk).update(hosting=host(cohort, 0))
    options = options_of(situation_of(cohort), movable=Movable.STAGED)
    assert options[0].changes == []
    assert changes(options[-1])["Twin 0"][1] == "Host 0"
    assert [option.total for option in options] == sorted(option.total for option in options)


@pytest.mark.parametrize("more", [0, 2])
def test_the_number_of_queries_does_not_depend_on_the_size(cohort, django_assert_num_queries, more):
    PairingAnswerFactory(pairing=pairing(cohort, 0), declined=True)
    for _number in range(more):
        fresh = PairingFactory(asked=True, participation__cohort=cohort, hosting=HostingFactory(cohort=cohort))
        PairingAnswerFactory(pairing=fresh, declined=True)
    with CaptureQueriesContext(connection) as market:
        market_of(cohort, scope="all")
    with django_assert_num_queries(len(market) + 7):
        situation_of(cohort)
