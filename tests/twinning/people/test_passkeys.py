"""A passkey in a real browser, under the content policy: added, then used instead of the password."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.factories.people import PASSWORD
from twinning.people.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def site(live_server):
    """Passkeys need a name; an address in numbers has none."""
    return f"http://localhost:{urlsplit(live_server.url).port}"


def test_passkey_is_added_and_opens_without_a_password(chromium, site, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    ann = User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    context = chromium.new_context()
    page = context.new_page()
    complaints = []
    page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto(site + reverse("account_login"))
    page.fill("[name=login]", "ann@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]:has-text('Sign in')")
    page.wait_for_url(site + reverse("portal:desk"))
    page.goto(site + reverse("mfa_add_webauthn"))
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("#mfa_webauthn_add")
    page.fill("[name=name]", "My phone")
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(lambda url: reverse("mfa_add_webauthn") not in url)
    assert Authenticator.objects.get(user=ann, type="webauthn").wrap().is_passwordless

    context.clear_cookies()
    page.goto(site + reverse("account_login"))
    page.click("#passkey_login")
    page.wait_for_url(site + reverse("portal:desk"))
    page.goto(site + reverse("people:own-settings"))
    assert page.input_value("[name=name]") == "Ann"
    assert complaints == []
    context.close()
