"""Hosts and pairings in plain columns say the same as the objects do."""

import pytest

from cohorts.models import Hosting, Pairing, host_label
from cohorts.selectors.pairs import hosts_of, pairs_of
from tests.factories.cohorts import CityFactory, HostFactory, HostingFactory


@pytest.mark.parametrize(
    ("cities", "acronym", "name"),
    [
        (["Galway"], "GREEN", "Galway"),
        (["Lahti", "Turku"], "GREEN", "GREEN"),
        (["Lahti", "Turku"], None, "A host"),
        ([], None, "A host"),
    ],
)
def test_a_host_is_called_as_everywhere_else(db, cities, acronym, name):
    host = HostFactory(title="A host", acronym=acronym, cities=[CityFactory(name=city) for city in cities])
    hosting = HostingFactory(host=host)

    side = hosts_of(Hosting.objects.filter(pk=hosting.pk))[hosting.pk]

    assert (side.name, [place.name for place in side.places]) == (name, cities)
    assert side.name == host_label(host)


def test_a_pairing_says_whether_its_reader_may_open_it(world):
    pairs = pairs_of(Pairing.objects.in_cohort(world.cohort), world.officer, opens_all=False)

    assert {pair.pk: pair.reader_sees for pair in pairs} == {world.pairing.pk: True, world.other_pairing.pk: False}
