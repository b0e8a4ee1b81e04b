"""Joining, signing in and out, as a browser sees it."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.cohorts import ParticipationFactory
from tests.factories.people import PASSWORD, UserFactory
from twinning.mail.models import Letter
from twinning.people.models import Invitation, User
from twinning.people.services.accounts import deactivate_person
from twinning.people.services.invitations import invite_person, withdraw_invitation

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "gulls-over-the-harbour"


@pytest.fixture
def administrator():
    return UserFactory(administrator=True, name="Ada")


@pytest.fixture
def ann():
    return User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")


def link_in(message):
    return re.search(r"http://[^/]+(/\S+)", message.body).group(1)


def sign_in(client, email="ann@example.org", password=PASSWORD, **follow):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **follow)


def join(client, outbox):
    """Open the link of the newest letter and go on."""
    link = link_in(outbox[-1])
    assert client.get(link).status_code == 200
    return client.post(link)


# --- Joining ----------------------------------------------------------------------------------------------------------


def test_invited_person_joins_with_the_invited_address_and_no_further_proof(client, administrator, mailoutbox):
    participation = ParticipationFactory()
    grants = {"cohorts.membership": {"participation": participation.pk, "role": "officer"}}
    invite_person("ann@example.org", by=administrator, now=timezone.now(), name="Ann", grants=grants, language="fr")
    assert join(client, mailoutbox).url == reverse("account_signup")
    answer = client.post(
        reverse("account_signup"),
        {"email": "eve@example.org", "name": "Ann Ng", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert answer.url == reverse("portal:desk")
    ann = User.objects.get(email="ann@example.org")
    assert (ann.name, ann.language, ann.platform_role) == ("Ann Ng", "fr", "")
    assert EmailAddress.objects.get().verified
    assert participation.memberships.get().user == ann
    assert client.get(reverse("people:own-settings")).status_code == 200
    assert len(mailoutbox) == 1


def test_reading_an_invitation_changes_nothing(client, administrator, mailoutbox):
    invite_person("ann@example.org", by=administrator, now=timezone.now(), platform_role="observer")
    client.get(link_in(mailoutbox[0]))
    assert client.get(reverse("account_signup")).templates[0].name == "account/signup_closed.html"
    assert Invitation.objects.get().accepted_at is None


def test_sign_up_is_closed_to_who_was_not_invited(client):
    form = {"email": "eve@example.org", "name": "Eve", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = client.post(reverse("account_signup"), form)
    assert answer.templates[0].name == "account/signup_closed.html"
    assert not User.objects.exists()


def test_sign_up_closes_when_the_invitation_is_withdrawn_meanwhile(client, administrator, mailoutbox):
    invitation = invite_person("ann@example.org", by=administrator, now=timezone.now(), platform_role="observer")
    join(client, mailoutbox)
    withdraw_invitation(invitation, by=administrator, now=timezone.now())
    form = {"name": "Ann", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    answer = client.post(reverse("account_signup"), form)
    assert answer.templates[0].name == "account/signup_closed.html"
    assert not User.objects.filter(email="ann@example.org").exists()


@pytest.mark.parametrize("made", ["expired", "withdrawn", "accepted"])
def test_link_that_is_over_says_so_and_names_nobody(client, administrator, mailoutbox, made):
    now = timezone.now()
    long_ago = now - datetime.timedelta(days=60)
    invitation = invite_person(
        "ann@example.org", by=administrator, now=long_ago if made == "expired" else now, platform_role="observer"
    )
    if made == "withdrawn":
        withdraw_invitation(invitation, by=administrator, now=now)
    if made == "accepted":
        Invitation.objects.update(accepted_at=now, accepted_by=administrator)
    for answer in (client.get(link_in(mailoutbox[0])), client.post(link_in(mailoutbox[0]))):
        assert answer.status_code == 410
        assert "ann@example.org" not in answer.content.decode()


def test_unknown_link_does_not_exist(client):
    assert client.get(reverse("people:invitation-open", args=["made-up"])).status_code == 404


def test_invitation_of_an_account_adds_the_role_after_sign_in(client, administrator, ann, mailoutbox):
    invite_person("ann@example.org", by=administrator, now=timezone.now(), platform_role="facilitator")
    assert join(client, mailoutbox).url == reverse("account_login")
    ann.refresh_from_db()
    assert ann.platform_role == ""
    sign_in(client)
    ann.refresh_from_db()
    assert ann.platform_role == "facilitator"


def test_signing_in_by_chance_accepts_no_invitation(client, administrator, ann):
    invite_person("ann@example.org", by=administrator, now=timezone.now(), platform_role="facilitator")
    sign_in(client)
    ann.refresh_from_db()
    assert ann.platform_role == ""


def test_who_is_signed_in_gets_the_role_at_once(client, administrator, ann, mailoutbox):
    invite_person("ann@example.org", by=administrator, now=timezone.now(), platform_role="facilitator")
    client.force_login(ann)
    assert join(client, mailoutbox).url == reverse("portal:desk")
    ann.refresh_from_db()
    assert ann.platform_role == "facilitator"


def test_link_opened_by_somebody_else_gives_nothing(client, administrator, mailoutbox):
    invite_person("ann@example.org", by=administrator, now=timezone.now(), platform_role="facilitator")
    eve = UserFactory()
    client.force_login(eve)
    link = link_in(mailoutbox[0])
    assert "Sign out, then open the link again." in client.get(link).content.decode()
    assert client.post(link).status_code == 409
    eve.refresh_from_db()
    assert eve.platform_role == ""
    assert Invitation.objects.get().accepted_at is None


# --- Signing in -------------------------------------------------------------------------------------------------------


def test_address_is_typed_in_any_case(client, ann):
    assert sign_in(client, "ANN@Example.org").url == reverse("portal:desk")


def test_wrong_password_and_unknown_address_get_the_same_answer(client, ann):
    wrong = sign_in(client, password="not-the-password").context["form"].errors
    unknown = sign_in(client, email="nobody@example.org").context["form"].errors
    assert wrong == unknown != {}


def test_address_without_proof_must_be_proved_first(client, mailoutbox):
    UserFactory(email="ann@example.org")
    assert sign_in(client).url == reverse("account_email_verification_sent")
    assert client.get(reverse("people:own-settings")).status_code == 302
    client.post(link_in(mailoutbox[0]))
    sign_in(client)
    assert client.get(reverse("people:own-settings")).status_code == 200


def test_too_many_wrong_passwords_close_the_door_for_a_while(client, ann):
    for _try in range(5):
        sign_in(client, password="not-the-password")
    answer = sign_in(client)
    assert "Too many failed login attempts" in str(answer.context["form"].errors)


def test_password_is_reset_by_a_letter_that_no_page_shows(client, ann, administrator, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "Ann@example.org"})
    page = client.get(client.get(link_in(mailoutbox[0])).url)
    assert page.status_code == 200
    client.post(page.request["PATH_INFO"], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert sign_in(client, password=NEW_PASSWORD).url == reverse("portal:desk")
    letter = Letter.objects.order_by("pk").first()
    assert (letter.to, letter.kind, letter.body_text) == (ann, "sign_in_asked", "")
    assert [message.to for message in mailoutbox] == [["ann@example.org"]] * 2
    assert mailoutbox[1].subject == "Your password has changed"


def test_resetting_the_password_of_an_unknown_address_looks_the_same_and_sends_nothing(client, ann, mailoutbox):
    known = client.post(reverse("account_reset_password"), {"email": "ann@example.org"})
    unknown = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert len(mailoutbox) == 1


def test_letters_of_the_sign_in_speak_the_readers_language(client, mailoutbox):
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann", language="de")
    client.post(reverse("account_reset_password"), {"email": "ann@example.org"}, HTTP_ACCEPT_LANGUAGE="fr")
    assert "Passwort" in mailoutbox[0].subject
    assert Letter.objects.get().language == "de"


def test_letter_about_a_changed_account_says_when_and_from_where_as_one_speaks_here(client, ann, mailoutbox):
    sign_in(client)
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"
    words = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(reverse("account_change_password"), words, HTTP_USER_AGENT=edge)
    (letter,) = mailoutbox
    assert letter.subject == "Your password has changed"
    assert "- browser Edge on Windows" in letter.body
    assert f"- {timezone.localdate():%-d %B %Y}, " in letter.body


def test_letter_to_a_new_address_does_not_speak_of_registering(client, ann, mailoutbox):
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"email": "ann.ng@example.org", "action_add": ""})
    assert mailoutbox[0].subject == "Confirm your e-mail address"
    assert "register" not in mailoutbox[0].body


# --- Second factor ------------------------------------------------------------------------------------------------------


def totp_code(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def with_totp(client, ann):
    """Ann after she has set up a second factor; her secret."""
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    client.post(reverse("account_logout"))
    return secret


def test_second_factor_is_asked_after_the_password(client, ann, with_totp):
    assert sign_in(client).url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("people:own-settings")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.context["form"].errors
    cache.clear()  # a code counts once; this one was used to set the factor up a moment ago
    assert client.post(reverse("mfa_authenticate"), {"code": totp_code(with_totp)}).url == reverse("portal:desk")


def test_secret_of_the_second_factor_is_stored_sealed(ann, with_totp):
    stored = Authenticator.objects.get(user=ann, type="totp").data["secret"]
    assert with_totp not in stored


def test_recovery_code_opens_once(client, ann, with_totp):
    sign_in(client)
    code = Authenticator.objects.get(user=ann, type="recovery_codes").wrap().get_unused_codes()[0]
    assert client.post(reverse("mfa_authenticate"), {"code": code}).url == reverse("portal:desk")
    client.post(reverse("account_logout"))
    sign_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).context["form"].errors


@pytest.mark.parametrize("name", ["mfa_activate_totp", "mfa_add_webauthn"])
def test_way_to_sign_in_is_changed_only_by_who_typed_the_password_just_now(client, ann, name):
    sign_in(client)
    assert client.get(reverse(name)).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": "not-the-password"})
    assert client.get(reverse(name)).status_code == 302
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse(name)).status_code == 200


def test_address_is_changed_by_who_typed_the_password_just_now_and_proved_by_a_letter(client, ann, mailoutbox):
    change = {"email": "ann.ng@example.org", "action_add": ""}
    sign_in(client)
    assert client.post(reverse("account_email"), change).url.startswith(reverse("account_reauthenticate"))
    assert mailoutbox == []
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), change)
    assert mailoutbox[0].to == ["ann.ng@example.org"]
    ann.refresh_from_db()
    assert ann.email == "ann@example.org"
    client.post(link_in(mailoutbox[0]))
    ann.refresh_from_db()
    assert ann.email == "ann.ng@example.org"
    assert [message.to for message in mailoutbox[1:]] == [["ann@example.org"]]


def test_passkeys_are_offered_to_add_and_to_sign_in(client, ann):
    options = client.get(reverse("mfa_login_webauthn"), HTTP_ACCEPT="application/json").json()
    assert options["request_options"]["publicKey"]["rpId"] == "testserver"
    sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


# --- Sessions -------------------------------------------------------------------------------------------------------------


def test_people_see_where_they_are_signed_in_and_end_the_others(client, ann):
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    assert len(client.get(reverse("usersessions_list")).context["sessions"]) == 2
    client.post(reverse("usersessions_list"))
    assert elsewhere.get(reverse("people:own-settings")).status_code == 302
    assert client.get(reverse("people:own-settings")).status_code == 200


def test_deactivation_ends_every_session_at_once(client, ann, administrator):
    sign_in(client)
    deactivate_person(ann, by=administrator, now=timezone.now(), reason="Left the city.")
    assert not UserSession.objects.filter(user=ann).exists()
    assert client.get(reverse("people:own-settings")).status_code == 302
    assert sign_in(client).url == reverse("account_inactive")
    assert client.get(reverse("people:own-settings")).status_code == 302


def test_deactivated_person_gets_no_letter_to_reset_the_password(client, ann, administrator, mailoutbox):
    deactivate_person(ann, by=administrator, now=timezone.now(), reason="Left the city.")
    client.post(reverse("account_reset_password"), {"email": "ann@example.org"})
    assert mailoutbox == []
