"""Open invitations on the page of a city or host: sent again or withdrawn by whoever sent them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cohorts.services.memberships import invite_host_contact, invite_officer
from twinning.people.models import Invitation

pytestmark = pytest.mark.django_db


def test_lead_officer_sees_sends_again_and_withdraws_what_she_sent(world, client, mailoutbox):
    participation, now = world.pairing.participation, timezone.now()
    invite_officer(participation, email="ann@example.org", role="officer", by=world.lead_officer, now=now)
    invite_officer(participation, email="bob@example.org", role="officer", by=world.coordinator, now=now)
    invite_officer(
        world.other_pairing.participation, email="eve@example.org", role="officer", by=world.coordinator, now=now
    )
    client.force_login(world.lead_officer)
    here = participation.get_absolute_url()
    page = client.get(here).content.decode()
    assert "ann@example.org" in page
    assert "bob@example.org" not in page
    invitation = Invitation.objects.get(email="ann@example.org")
    assert client.post(reverse("people:invitation-resend", args=[invitation.code]), {"next": here}).url == here
    assert len(mailoutbox) == 4
    client.post(reverse("people:invitation-withdraw", args=[invitation.code]), {"next": here})
    client.get(here)  # reads the message
    assert "ann@example.org" not in client.get(here).content.decode()
    for foreign in Invitation.objects.exclude(pk=invitation.pk):
        assert client.post(reverse("people:invitation-withdraw", args=[foreign.code])).status_code == 404


def test_who_steers_sees_every_open_invitation_of_the_city(world, client):
    participation, now = world.pairing.participation, timezone.now()
    invite_officer(participation, email="ann@example.org", role="officer", by=world.lead_officer, now=now)
    client.force_login(world.coordinator)
    assert "ann@example.org" in client.get(participation.get_absolute_url()).content.decode()
    client.force_login(world.officer)
    assert "ann@example.org" not in client.get(participation.get_absolute_url()).content.decode()


def test_open_invitations_of_a_host_stand_beside_its_contacts(world, client):
    hosting = world.pairing.hosting
    invite_host_contact(hosting, email="hal@example.org", by=world.team_facilitator, now=timezone.now())
    client.force_login(world.team_facilitator)
    assert "hal@example.org" in client.get(reverse("cohorts:hosting-edit", args=[hosting.code])).content.decode()


def test_answering_leads_to_no_other_site(world, client):
    participation = world.pairing.participation
    invitation = invite_officer(
        participation, email="ann@example.org", role="officer", by=world.lead_officer, now=timezone.now()
    )
    client.force_login(world.lead_officer)
    answer = client.post(reverse("people:invitation-resend", args=[invitation.code]), {"next": "//evil.example/"})
    assert answer.url == reverse("portal:desk")
