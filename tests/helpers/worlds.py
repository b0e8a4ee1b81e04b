"""Ready-made worlds: few, and the same for every test that needs one."""

import sys
from types import SimpleNamespace

import pytest
from django.db import transaction

from tests.factories.cohorts import (
    CohortFactory,
    CohortTeamMemberFactory,
    FacilitatorAssignmentFactory,
    HostContactFactory,
    MembershipFactory,
    PairingFactory,
)
from tests.factories.people import UserFactory


def kept_for_a_module(build, blocker):
    """What `build()` gave, its rows there for every test of the module: `yield from` this in a fixture of that scope.

    Each test takes back what it writes itself; when the last one has ended, everything is taken back. Not for tests that commit.
    """
    block = transaction.atomic()
    block._from_testcase = True  # what is to happen after a commit happens, as in each test's own block
    with blocker.unblock():
        block.__enter__()
        try:
            built = build()
        except BaseException:
            block.__exit__(*sys.exc_info())
            raise
    yield built
    with blocker.unblock():
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


@pytest.fixture
def world(db):
    """`make_world`, for one test."""
    return make_world()


def make_world():
    """Two planned cohorts. In `here`: a pairing with people in every role, and a second pairing of strangers.

    Names: cohort, pairing, other_pairing (same cohort, other people), elsewhere (a cohort) and far_pairing in it;
    administrator, coordinator, team_facilitator (runs the cohort), facilitator (assigned to `pairing` alone),
    other_facilitator (assigned to `other_pairing`), observer, lead_officer, officer, other_officer, host_contact,
    other_host_contact, outsider (an account without any role), deactivated (was lead officer).
    """
    cohort = CohortFactory(planned=True, slug="here", title="Here")
    elsewhere = CohortFactory(planned=True, slug="elsewhere", title="Elsewhere")
    pairing = PairingFactory(participation__cohort=cohort)
    other_pairing = PairingFactory(participation__cohort=cohort)
    far_pairing = PairingFactory(participation__cohort=elsewhere)
    return SimpleNamespace(
        cohort=cohort,
        elsewhere=elsewhere,
        pairing=pairing,
        other_pairing=other_pairing,
        far_pairing=far_pairing,
        administrator=UserFactory(administrator=True, name="Ada Administrator"),
        coordinator=UserFactory(coordinator=True, name="Cora Coordinator"),
        observer=UserFactory(observer=True, name="Olu Observer"),
        team_facilitator=CohortTeamMemberFactory(cohort=cohort, user__name="Tea Team").user,
        facilitator=FacilitatorAssignmentFactory(pairing=pairing, user__name="Fay Facilitator").user,
        other_facilitator=FacilitatorAssignmentFactory(pairing=other_pairing, user__name="Finn Elsewhere").user,
        lead_officer=MembershipFactory(participation=pairing.participation, lead=True, user__name="Lea Lead").user,
        officer=MembershipFactory(participation=pairing.participation, user__name="Otto Officer").user,
        other_officer=MembershipFactory(participation=other_pairing.participation, user__name="Ola Other").user,
        host_contact=HostContactFactory(hosting=pairing.hosting, user__name="Hana Host").user,
        other_host_contact=HostContactFactory(hosting=other_pairing.hosting, user__name="Hugo Other").user,
        outsider=UserFactory(name="Una Nobody"),
        deactivated=UserFactory(deactivated=True, name="Dora Gone"),
    )
