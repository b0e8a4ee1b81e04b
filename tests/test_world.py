"""The world fixture itself: everybody sees what their role lets them see."""

from cohorts.models import Cohort, Pairing, Participation


def test_each_person_sees_the_pairings_of_their_role(world):
    seen = {
        name: set(Pairing.objects.visible_to(getattr(world, name)))
        for name in (
            "coordinator",
            "team_facilitator",
            "facilitator",
            "officer",
            "host_contact",
            "outsider",
            "deactivated",
        )
    }

    assert seen == {
        "coordinator": {world.pairing, world.other_pairing, world.far_pairing},
        "team_facilitator": {world.pairing, world.other_pairing},
        "facilitator": {world.pairing},
        "officer": {world.pairing},
        "host_contact": {world.pairing},
        "outsider": set(),
        "deactivated": set(),
    }


def test_a_pairing_that_is_not_announced_is_invisible_to_both_sides(world):
    Pairing.objects.filter(pk=world.pairing.pk).update(state="confirmed", announced_at=None)

    assert not Pairing.objects.visible_to(world.officer).exists()
    assert not Pairing.objects.visible_to(world.host_contact).exists()
    assert list(Pairing.objects.visible_to(world.facilitator)) == [world.pairing]


def test_people_see_the_cohorts_they_have_a_part_in(world):
    for name in ("team_facilitator", "facilitator", "officer", "host_contact"):
        assert list(Cohort.objects.visible_to(getattr(world, name))) == [world.cohort], name
    assert not Cohort.objects.visible_to(world.outsider).exists()
    assert Cohort.objects.visible_to(world.observer).count() == 2


def test_a_host_contact_sees_the_twins_of_their_host_alone(world):
    assert list(Participation.objects.visible_to(world.host_contact)) == [world.pairing.participation]
