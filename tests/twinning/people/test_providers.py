"""Signing in through an OpenID Connect provider, over real connections on this machine."""

from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import PASSWORD, UserFactory
from tests.helpers.oidc import oidc_provider
from twinning.people.models import Invitation, User
from twinning.people.services.accounts import deactivate_person
from twinning.people.services.invitations import invite_person, withdraw_invitation

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with oidc_provider() as provider:
        settings.SOCIALACCOUNT_PROVIDERS = provider.settings()
        provider.claims = {"sub": "ann-1", "email": "ann@example.org", "email_verified": True, "name": "Ann Ng"}
        yield provider


@pytest.fixture
def administrator():
    return UserFactory(administrator=True, name="Ada")


def come_through_the_provider(client):
    """Press its button, sign in over there, come back."""
    there = client.post(reverse("openid_connect_login", args=["eu-login"])).url
    back = requests.get(there, allow_redirects=False, timeout=5).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def is_in(client):
    return client.get(reverse("people:own-settings")).status_code == 200


def invite(administrator, email="ann@example.org"):
    return invite_person(email, by=administrator, now=timezone.now(), platform_role="observer", language="fr")


def test_known_address_signs_in(client, provider):
    ann = User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    assert come_through_the_provider(client).url == reverse("portal:desk")
    assert is_in(client)
    assert SocialAccount.objects.get().user == ann


def test_case_of_the_address_does_not_matter(client, provider):
    provider.claims["email"] = "ANN@Example.org"
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    come_through_the_provider(client)
    assert is_in(client)


def test_invited_address_joins_without_a_password(client, provider, administrator):
    invite(administrator)
    assert come_through_the_provider(client).url == reverse("portal:desk")
    ann = User.objects.get(email="ann@example.org")
    assert (ann.name, ann.language, ann.platform_role) == ("Ann Ng", "fr", "observer")
    assert not ann.has_usable_password()
    assert EmailAddress.objects.get(user=ann).verified
    assert Invitation.objects.get().accepted_by == ann
    assert is_in(client)


def test_who_joined_comes_back_without_another_invitation(client, provider, administrator):
    invite(administrator)
    come_through_the_provider(client)
    client.post(reverse("account_logout"))
    come_through_the_provider(client)
    assert is_in(client)
    assert User.objects.filter(email="ann@example.org").count() == 1


def test_address_that_nobody_invited_finds_a_closed_door(client, provider, administrator):
    invite(administrator, "somebody.else@example.org")
    answer = come_through_the_provider(client)
    assert answer.status_code == 200
    assert answer.templates[0].name == "account/signup_closed.html"
    assert not is_in(client)
    assert not User.objects.filter(email="ann@example.org").exists()


@pytest.mark.parametrize("said", [False, "false", None, "", "no"])
def test_address_that_the_provider_has_not_verified_opens_nothing(client, provider, administrator, said):
    provider.claims["email_verified"] = said
    invite(administrator)
    assert come_through_the_provider(client).templates[0].name == "account/signup_closed.html"
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    come_through_the_provider(client)
    assert not is_in(client)
    assert not SocialAccount.objects.exists()


def test_address_verified_in_words_counts(client, provider, administrator):
    provider.claims["email_verified"] = "true"
    invite(administrator)
    come_through_the_provider(client)
    assert is_in(client)


def test_provider_that_names_no_address_opens_nothing(client, provider, administrator):
    del provider.claims["email"]
    invite(administrator)
    assert come_through_the_provider(client).templates[0].name == "account/signup_closed.html"


def test_withdrawn_invitation_opens_nothing(client, provider, administrator):
    withdraw_invitation(invite(administrator), by=administrator, now=timezone.now())
    assert come_through_the_provider(client).templates[0].name == "account/signup_closed.html"


def test_open_invitation_of_another_address_does_not_let_this_one_in(client, provider, administrator, mailoutbox):
    """The browser holds Bob's invitation, the provider says Ann."""
    invite(administrator, "bob@example.org")
    link = next(line for line in mailoutbox[0].body.splitlines() if "/join/" in line)
    client.post(urlsplit(link).path)
    assert come_through_the_provider(client).templates[0].name == "account/signup_closed.html"
    assert Invitation.objects.get().accepted_at is None


def test_deactivated_person_stays_outside(client, provider, administrator):
    ann = User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    come_through_the_provider(client)
    deactivate_person(ann, by=administrator, now=timezone.now(), reason="Left the city.")
    assert come_through_the_provider(client).url == reverse("account_inactive")
    assert not is_in(client)


def test_password_set_before_the_address_was_proved_is_void(client, provider):
    """Somebody could have opened the account in Ann's name: once she proves the address, their password is worthless."""
    UserFactory(email="ann@example.org")
    assert come_through_the_provider(client).url == reverse("account_email_verification_sent")
    assert not User.objects.get(email="ann@example.org").has_usable_password()


def test_answer_that_belongs_to_no_question_of_this_browser_is_refused(client, provider):
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    answer = client.get(reverse("openid_connect_callback", args=["eu-login"]), {"code": "x", "state": "forged"})
    assert answer.templates[0].name == "socialaccount/authentication_error.html"
    assert not is_in(client)


def test_providers_come_from_one_setting_alone(client, provider):
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("openid_connect_login", args=["eu-login"]) in page
