"""Every page of allauth that people can meet wears our look; in the hostile world an unknown variable would fail here."""

import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def heading(response):
    assert response.status_code == 200
    html = response.content.decode()
    assert "components.css" in html
    return re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL).group(1)).strip()


@pytest.fixture
def person():
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client, person):
    """Signed in, and asked for the password once more, as what protects the account demands."""
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("login/", "Sign in"),
        ("signup/", "Accounts are by invitation"),
        ("password/reset/", "Forgotten your password?"),
        ("password/reset/done/", "Look into your mail"),
        ("password/reset/key/done/", "Your password is changed"),
        ("confirm-email/", "Look into your mail"),
        ("confirm-email/nonsense/", "Confirm your e-mail address"),
        ("password/reset/key/1-nonsense/", "This link has run out"),
    ],
)
def test_pages_before_signing_in(client, path, expected):
    assert heading(client.get(f"/accounts/{path}")) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("logout/", "Sign out?"),
        ("password/change/", "Change the password"),
        ("email/", "E-mail address"),
        ("2fa/", "Sign-in security"),
        ("2fa/totp/activate/", "Set up an authenticator app"),
        ("2fa/webauthn/", "Passkeys and security keys"),
        ("2fa/webauthn/add/", "Add a passkey or security key"),
        ("sessions/", "Where I am signed in"),
        ("3rdparty/", "Other ways to sign in"),
    ],
)
def test_pages_of_ones_own_account(signed_in, path, expected):
    assert heading(signed_in.get(f"/accounts/{path}")) == expected


def test_ways_to_sign_in_that_nobody_set_up_are_not_offered(signed_in):
    assert "/accounts/3rdparty/" not in signed_in.get("/accounts/email/").content.decode()
    page = signed_in.get("/accounts/3rdparty/").content.decode()
    assert "no other way is set up" in page
    assert "Add one" not in page


def test_an_address_that_is_not_confirmed_is_told_apart_and_can_be_taken_back(signed_in, person):
    signed_in.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert "Not confirmed yet" in signed_in.get("/accounts/email/").content.decode()
    signed_in.post("/accounts/email/", {"email": "new@example.org", "action_remove": ""})
    assert list(EmailAddress.objects.values_list("email", flat=True)) == [person.email]


def test_a_session_names_its_browser_in_words(client, person):
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, HTTP_USER_AGENT=firefox)
    page = client.get("/accounts/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "Gecko" not in page


def test_the_link_of_a_reset_letter_asks_for_the_new_password(client, person):
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    page = client.get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert heading(page) == "Choose a new password"


def test_the_link_of_a_confirmation_letter_asks_once(client):
    user = UserFactory()
    address = EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    page = client.get(f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/")
    assert heading(page) == "Confirm your e-mail address"
    assert address.email in page.content.decode()


def test_a_person_with_a_second_step_is_asked_for_it(client, person):
    TOTP.activate(person, generate_totp_secret())
    page = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD}, follow=True)
    assert heading(page) == "Second step"


@pytest.mark.parametrize(
    "path", ["2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/totp/deactivate/"]
)
def test_pages_of_the_second_step(signed_in, person, path):
    TOTP.activate(person, generate_totp_secret())
    RecoveryCodes.activate(person)
    assert heading(signed_in.get(f"/accounts/{path}"))


def test_a_wrong_password_is_an_error_in_title_and_summary(client, person):
    html = client.post("/accounts/login/", {"login": person.email, "password": "wrong"}).content.decode()
    assert re.search(r"<title>\s*Error:", html)
    assert 'role="alert"' in html


def test_what_protects_the_account_is_asked_for_the_password_again(client, person):
    client.force_login(person)
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert heading(page) == "Your password again"


def test_signing_in_says_nothing_and_signing_out_says_so(signed_in):
    assert "Successfully" not in signed_in.get("/accounts/2fa/").content.decode()
    assert "You are signed out." in signed_in.post("/accounts/logout/", follow=True).content.decode()
