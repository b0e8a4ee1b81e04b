"""Inviting and accepting, as services."""

import datetime

import pytest

from tests.factories.cohorts import HostingFactory, MembershipFactory, ParticipationFactory
from tests.factories.people import UserFactory
from twinning.audit.models import JournalEntry
from twinning.audit.selectors import history_of
from twinning.core.errors import Refused
from twinning.mail.models import Letter
from twinning.mail.states import LetterState
from twinning.people.models import Invitation
from twinning.people.secrets import hash_of
from twinning.people.services.invitations import (
    OPEN_FOR,
    accept_invitation,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(days=2)


@pytest.fixture
def administrator():
    return UserFactory(administrator=True, name="Ada")


def secret_in(outbox):
    link = next(line for line in outbox[-1].body.splitlines() if "/join/" in line)
    return link.rstrip("/").rsplit("/", 1)[-1]


def test_invitation_leaves_a_letter_with_a_secret_that_stands_nowhere_else(administrator, mailoutbox):
    invitation = invite_person("Ann@Example.org ", by=administrator, now=NOW, name="Ann", platform_role="observer")
    assert invitation.email == "ann@example.org"
    assert invitation.expires_at == NOW + OPEN_FOR
    assert mailoutbox[0].to == ["ann@example.org"]
    secret = secret_in(mailoutbox)
    assert invitation.secret_hash == hash_of(secret)
    letter = Letter.objects.get()
    assert (letter.state, letter.body_text, letter.body_html) == (LetterState.SENT, "", "")
    assert secret not in str(list(Invitation.objects.values())) + str(list(JournalEntry.objects.values()))
    assert [line.sentence for line in history_of(invitation)] == ["Ada invited Ann: Observer"]


def test_invitation_without_a_role_is_one_to_an_account(administrator):
    assert invite_person("ann@example.org", by=administrator, now=NOW).purpose == "An account"


def test_invitation_speaks_the_language_it_was_given(administrator, mailoutbox):
    invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer", language="de")
    assert Letter.objects.get().language == "de"


def test_coordinator_invites_facilitators_but_no_administrators():
    coordinator = UserFactory(coordinator=True)
    invite_person("fay@example.org", by=coordinator, now=NOW, platform_role="facilitator")
    with pytest.raises(Refused, match="Only administrators invite administrators"):
        invite_person("ada@example.org", by=coordinator, now=NOW, platform_role="administrator")


def test_who_does_not_steer_gives_no_role_on_the_platform():
    officer = MembershipFactory(lead=True).user
    with pytest.raises(Refused, match="Only administrators and coordinators"):
        invite_person("ann@example.org", by=officer, now=NOW, platform_role="observer")
    assert not Invitation.objects.exists()


def test_same_invitation_twice_is_refused_while_the_first_is_open(administrator):
    invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    with pytest.raises(Refused, match="invited already"):
        invite_person("ANN@example.org", by=administrator, now=NOW, platform_role="observer")
    invite_person("ann@example.org", by=administrator, now=NOW + OPEN_FOR, platform_role="observer")
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    ("account", "role", "reason"),
    [
        ({"deactivated": True}, "observer", "deactivated"),
        ({"facilitator": True}, "observer", "as Facilitator"),
        ({}, "", "has an account already"),
    ],
)
def test_invitation_that_could_give_nothing_is_refused(administrator, account, role, reason):
    UserFactory(email="ann@example.org", **account)
    with pytest.raises(Refused, match=reason):
        invite_person("ann@example.org", by=administrator, now=NOW, platform_role=role)


def test_unknown_grant_is_a_programming_error(administrator):
    with pytest.raises(LookupError, match=r"moon\.landing"):
        invite_person("ann@example.org", by=administrator, now=NOW, grants={"moon.landing": {}})


def test_accepting_gives_every_role_and_says_who_invited(administrator):
    participation, hosting = ParticipationFactory(), HostingFactory()
    invitation = invite_person(
        "ann@example.org",
        by=administrator,
        now=NOW,
        platform_role="observer",
        purpose="Officer of Belfast",
        grants={
            "cohorts.membership": {"participation": participation.pk, "role": "lead_officer"},
            "cohorts.host_contact": {"hosting": hosting.pk},
        },
    )
    ann = UserFactory(email="Ann@example.org", name="Ann")
    accepted = accept_invitation(invitation, user=ann, now=LATER)
    ann.refresh_from_db()
    assert ann.platform_role == "observer"
    assert participation.memberships.get().user == ann
    assert hosting.contacts.get().user == ann
    assert (accepted.accepted_at, accepted.accepted_by) == (LATER, ann)
    assert [line.sentence for line in history_of(ann)] == ["Ann joined by invitation of Ada"]
    assert history_of(invitation)[0].sentence == "Ann accepted the invitation: Officer of Belfast"


def test_role_that_the_person_got_meanwhile_is_not_given_twice_and_not_lost(administrator):
    participation = ParticipationFactory()
    grants = {"cohorts.membership": {"participation": participation.pk, "role": "lead_officer"}}
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, grants=grants, purpose="Lead")
    ann = MembershipFactory(participation=participation, lead=True, user__email="ann@example.org").user
    accept_invitation(invitation, user=ann, now=LATER)
    assert participation.memberships.get().role == "lead_officer"


def test_role_on_the_platform_is_never_lowered(administrator):
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    ann = UserFactory(email="ann@example.org", coordinator=True)
    accept_invitation(invitation, user=ann, now=LATER)
    ann.refresh_from_db()
    assert ann.platform_role == "coordinator"


def test_invitation_is_accepted_once_in_time_and_by_its_address_alone(administrator):
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    ann, other = UserFactory(email="ann@example.org"), UserFactory(email="other@example.org")
    with pytest.raises(Refused, match="another address"):
        accept_invitation(invitation, user=other, now=LATER)
    with pytest.raises(Refused, match="no longer open"):
        accept_invitation(invitation, user=ann, now=NOW + OPEN_FOR)
    accept_invitation(invitation, user=ann, now=LATER)
    with pytest.raises(Refused, match="no longer open"):
        accept_invitation(invitation, user=ann, now=LATER)


def test_deactivated_account_accepts_nothing(administrator):
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    with pytest.raises(Refused):
        accept_invitation(invitation, user=UserFactory(email="ann@example.org", deactivated=True), now=LATER)


def test_sending_again_voids_the_link_of_before(administrator, mailoutbox):
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    first = secret_in(mailoutbox)
    resent = resend_invitation(invitation, by=administrator, now=LATER)
    second = secret_in(mailoutbox)
    assert first != second
    assert resent.secret_hash == hash_of(second)
    assert resent.expires_at == LATER + OPEN_FOR
    assert not Invitation.objects.filter(secret_hash=hash_of(first)).exists()


def test_withdrawing_voids_the_invitation_and_keeps_a_waiting_letter_here(administrator, mailoutbox, settings):
    settings.EMAIL_BACKEND = "tests.twinning.mail.backends.UnreachableBackend"
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    assert Letter.objects.get().state == LetterState.QUEUED
    withdraw_invitation(invitation, by=administrator, now=LATER)
    assert Letter.objects.get().state == LetterState.CANCELLED
    with pytest.raises(Refused, match="no longer open"):
        accept_invitation(invitation, user=UserFactory(email="ann@example.org"), now=LATER)
    for again in (withdraw_invitation, resend_invitation):
        with pytest.raises(Refused, match="withdrawn"):
            again(invitation, by=administrator, now=LATER)


def test_accepted_invitation_can_be_neither_withdrawn_nor_sent_again(administrator):
    invitation = invite_person("ann@example.org", by=administrator, now=NOW, platform_role="observer")
    accept_invitation(invitation, user=UserFactory(email="ann@example.org"), now=LATER)
    for late in (withdraw_invitation, resend_invitation):
        with pytest.raises(Refused, match="accepted meanwhile"):
            late(invitation, by=administrator, now=LATER)
