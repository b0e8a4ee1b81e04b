"""Rights around an output: the same whether they were read with it or are asked alone."""

import pytest

from cohorts.models import HostContact
from outputs.models import Output
from outputs.selectors.reviews import rights_of
from tests.factories.cohorts import LONG_AGO
from tests.factories.outputs import OutputFactory
from twinning.core.access import may

pytestmark = pytest.mark.django_db

PEOPLE = (
    *("administrator", "coordinator", "observer", "team_facilitator", "facilitator", "other_facilitator"),
    *("lead_officer", "officer", "other_officer", "host_contact", "other_host_contact", "outsider"),
)


@pytest.mark.parametrize("is_host_spoken_for", [True, False])
def test_rights_read_with_an_output_are_those_asked_alone(world, is_host_spoken_for, django_assert_num_queries):
    output = OutputFactory(pairing=world.pairing)
    if not is_host_spoken_for:
        HostContact.objects.filter(hosting=world.pairing.hosting).update(ended_at=LONG_AGO)
    found = {}
    for name in PEOPLE:
        person = getattr(world, name)
        read = Output.objects.with_roles_of(person).get()
        with django_assert_num_queries(0):
            found[name] = rights_of(person, read), may(person, "outputs.check_facts", read)
        assert found[name] == (rights_of(person, output), may(person, "outputs.check_facts", output))
    officers, contacts = {"lead_officer", "officer"}, {"host_contact"} if is_host_spoken_for else set()
    assert {name for name, (rights, _checks) in found.items() if rights.writes} == officers
    assert {name for name, (rights, _checks) in found.items() if rights.writes_host_part} == (contacts or officers)
    reviewers = {"administrator", "coordinator", "facilitator"}
    assert {name for name, (rights, _checks) in found.items() if rights.reviews} == reviewers
    assert {name for name, (_rights, checks) in found.items() if checks} == contacts


def test_what_was_read_for_one_person_is_no_right_of_another(world):
    OutputFactory(pairing=world.pairing)
    output = Output.objects.with_roles_of(world.officer).get()
    assert may(world.officer, "outputs.write_output", output)
    assert not may(world.other_officer, "outputs.write_output", output)
    assert may(world.host_contact, "outputs.write_host_part", output)


def test_the_pairing_that_comes_with_an_output_is_the_one_announced_now(world):
    announced, unannounced = OutputFactory(pairing=world.pairing), OutputFactory(pairing=world.other_pairing)
    world.other_pairing.state = "confirmed"
    world.other_pairing.announced_at = None
    world.other_pairing.save()
    read = {output.pk: output for output in Output.objects.with_participation().with_pairing()}
    assert read[announced.pk].announced_pairing == world.pairing
    assert not hasattr(read[unannounced.pk], "announced_pairing")
