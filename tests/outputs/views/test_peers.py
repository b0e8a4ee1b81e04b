import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from outputs.models import Comment, PeerInvitation
from tests.factories.cohorts import MembershipFactory
from tests.factories.outputs import CommentFactory, OutputVersionFactory
from tests.factories.reviews import PeerInvitationFactory
from twinning.audit.models import JournalEntry
from twinning.mail.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(world):
    return OutputVersionFactory(output__pairing=world.pairing)


@pytest.fixture
def guest(world, version):
    membership = world.other_officer.memberships.get()
    PeerInvitationFactory(version=version, participation=membership.participation, guest=world.other_officer)
    return world.other_officer


def page_of(version, name="version-detail"):
    return reverse(f"outputs:{name}", args=[version.output.code, version.number])


def invite(client, version, membership, until=None):
    until = until or timezone.localdate() + datetime.timedelta(days=7)
    return client.post(
        page_of(version, "peer-invite"), {"guest": membership.pk, "until": until, "note": "Is it clear?"}
    )


def test_the_lead_officer_invites_an_officer_of_another_city(client, version, world):
    client.force_login(world.lead_officer)
    assert invite(client, version, world.other_officer.memberships.get()).status_code == 302
    letter = Letter.objects.get(kind="peer_invited")
    assert letter.to == world.other_officer
    assert "Is it clear?" in letter.body_text
    assert JournalEntry.objects.filter(verb="outputs.peer.invited").count() == 1
    client.force_login(world.other_officer)
    assert client.get(page_of(version)).status_code == 200
    assert version.output.label in client.get(reverse("outputs:output-list")).content.decode()


def test_nobody_is_invited_twice_nor_from_the_own_city_nor_from_another_cohort(client, version, world, guest):
    client.force_login(world.facilitator)
    strangers = [
        guest.memberships.get(),
        world.officer.memberships.get(),
        MembershipFactory(participation=world.far_pairing.participation),
    ]
    for membership in strangers:
        assert invite(client, version, membership).status_code == 422
    assert PeerInvitation.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 400])
def test_the_last_day_lies_within_half_a_year(client, version, world, days):
    client.force_login(world.facilitator)
    until = timezone.localdate() + datetime.timedelta(days=days)
    assert invite(client, version, world.other_officer.memberships.get(), until).status_code == 422


def test_a_guest_reads_one_version_and_nothing_else(client, version, guest):
    second = OutputVersionFactory(output=version.output, number=2)
    CommentFactory(output=version.output, version=version, text="Between us")
    client.force_login(guest)
    page = client.get(page_of(version)).content.decode()
    assert "invited you to read this version" in page
    assert "Between us" not in page
    code = version.output.code
    for closed in (
        version.output.get_absolute_url(),
        page_of(second),
        reverse("outputs:version-compare", args=[code]),
        reverse("outputs:output-review", args=[code]),
        reverse("outputs:output-section", args=[code, "objectives"]),
        page_of(version, "peer-invite"),
    ):
        assert client.get(closed).status_code == 404, closed


@pytest.mark.parametrize("ending", ["past", "taken back"])
def test_when_the_invitation_is_over_the_version_is_closed(client, version, guest, ending, world):
    if ending == "past":
        PeerInvitation.objects.update(until=timezone.localdate() - datetime.timedelta(days=2))
    else:
        client.force_login(world.facilitator)
        client.post(reverse("outputs:peer-end", args=[version.output.code, PeerInvitation.objects.get().code]))
    client.force_login(guest)
    assert client.get(page_of(version)).status_code == 404
    assert client.post(reverse("outputs:comment-add", args=[version.output.code]), {"text": "Hello"}).status_code == 404


def test_a_guests_comment_stands_at_that_version_and_is_answered(client, version, guest, world):
    client.force_login(guest)
    address = reverse("outputs:comment-add", args=[version.output.code])
    answer = client.post(address, {"text": "Clear to me.", "anchor": "answer:plan"})
    assert answer.url.startswith(page_of(version))
    comment = Comment.objects.get()
    assert (comment.version, comment.anchor, comment.audience) == (version, "answer:plan", "shared")
    client.force_login(world.officer)
    client.post(address, {"text": "Thank you!", "parent": comment.code})
    client.force_login(guest)
    assert "Thank you!" in client.get(page_of(version)).content.decode()


def test_a_guest_cannot_answer_what_others_began(client, version, guest):
    other = CommentFactory(output=version.output)
    client.force_login(guest)
    address = reverse("outputs:comment-add", args=[version.output.code])
    assert client.post(address, {"text": "Me too", "parent": other.code}).status_code == 404


def test_the_city_gets_one_letter_a_day_when_its_guest_comments(client, version, world, guest):
    client.force_login(guest)
    add = reverse("outputs:comment-add", args=[version.output.code])
    for text in ("Is this law in force?", "And here?"):
        client.post(add, {"text": text})
    assert Comment.objects.filter(author=guest, version=version).count() == 2
    letters = Letter.objects.filter(kind="peer_commented")
    assert {letter.to for letter in letters} == {world.officer, world.lead_officer}
    assert letters.count() == 2
    assert "Is this law in force?" in letters[0].body_text
