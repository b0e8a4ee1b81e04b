"""What browsers are told with every answer, and what production settings switch on."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories.people import PASSWORD, UserFactory
from twinning.people.models import User

PRODUCTION = {
    "DEBUG": "0",
    "SECRET_KEY": "k" * 40 + "0123456789-of-production",
    "ALLOWED_HOSTS": "twinning.example",
    "SITE_URL": "https://twinning.example",
    "DATABASE_URL": "postgres://twinning@db/twinning",
    "REDIS_URL": "redis://redis:6379/0",
    "EMAIL_URL": "smtp+tls://post:secret@mail.example:587",
    "BEHIND_PROXY": "1",
}


def policy_of(response):
    parts = response.headers["Content-Security-Policy"].split(";")
    return {words[0]: words[1:] for part in parts if (words := part.split())}


@pytest.fixture(params=["sign-in page", "desk", "missing page"])
def response(request, db, client):
    if request.param == "sign-in page":
        return client.get(reverse("account_login"))
    client.force_login(UserFactory())
    return client.get(reverse("portal:desk") if request.param == "desk" else "/no/such/page/")


def test_policy_allows_nothing_but_our_own_files(response):
    policy = policy_of(response)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'none'"]
    assert policy["base-uri"] == policy["form-action"] == ["'self'"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_browsers_are_told_not_to_guess_frame_or_leak(response):
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    assert {name: response.headers[name] for name in wanted} == wanted


def test_pages_of_a_signed_in_person_are_kept_by_no_shared_cache(client, db):
    client.force_login(UserFactory())
    answer = client.get(reverse("portal:desk"))
    assert "Cookie" in answer.headers["Vary"]
    assert answer.headers["Cache-Control"] == "private"


def test_forms_without_our_token_are_refused(db):
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(UserFactory(administrator=True))
    refused = guarded.post(reverse("people:own-settings"), {"name": "Eve"})
    assert refused.status_code == 403
    assert "This page was open for too long" in refused.content.decode()


def test_a_stranger_with_an_old_sign_in_page_reads_what_to_do(db):
    refused = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "ann@example.org"})
    assert refused.status_code == 403
    assert "load the page again" in refused.content.decode()


def test_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, db):
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    client.post(reverse("account_login"), {"login": "ann@example.org", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_session_gets_a_new_name_at_sign_in(client, db):
    """Who planted a session cookie before must not share the session afterwards."""
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.post(reverse("account_login"), {"login": "ann@example.org", "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.parametrize("where", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_site(client, db, where):
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    form = {"login": "ann@example.org", "password": PASSWORD, "next": where}
    assert client.post(reverse("account_login"), form).url == reverse("portal:desk")


def test_sign_in_leads_back_to_where_one_wanted_to_go(client, db):
    User.objects.create_trusted("ann@example.org", PASSWORD, name="Ann")
    asked = client.get(reverse("people:own-settings"))
    assert client.post(
        asked.url, {"login": "ann@example.org", "password": PASSWORD, "next": reverse("people:own-settings")}
    ).url == (reverse("people:own-settings"))


def ask_settings(expression, **environment):
    """What an expression gives in a process with these settings; its error output where it does not start."""
    script = f"import json; from twinning import settings as s; print(json.dumps({expression}))"
    clean = {key: value for key, value in os.environ.items() if key not in {*PRODUCTION, "HTTPS"}}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=clean | environment | {"VAR_DIR": str(settings.VAR_DIR)},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


def test_production_sends_cookies_and_pages_over_https_alone():
    names = (
        "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD"
    ).split()
    expression = f"[getattr(s, name) for name in {names!r}] + [s.SECURE_HSTS_SECONDS >= 15768000, s.DEBUG]"
    assert ask_settings(expression, **PRODUCTION) == [True] * 6 + [False]


@pytest.mark.parametrize("key", ["", "too-short", None])
def test_production_refuses_to_start_without_a_real_secret(key):
    environment = {name: value for name, value in PRODUCTION.items() if name != "SECRET_KEY" or key is not None}
    if key is not None:
        environment["SECRET_KEY"] = key
    answer = ask_settings("s.DEBUG", **environment)
    assert "SECRET_KEY must be set" in answer


def test_a_provider_that_lacks_a_part_is_named_in_a_sentence():
    answer = ask_settings("s.DEBUG", **PRODUCTION, OIDC_PROVIDERS="eu-login=EU Login|https://login.example.eu|client")
    assert "“eu-login” needs four parts: eu-login=name|server address|client id|secret." in answer


def test_rate_limits_count_in_a_cache_that_all_processes_share():
    shared = ask_settings("s.CACHES['default']['BACKEND']", **PRODUCTION)
    embedded = ask_settings("s.CACHES['default']['BACKEND']")
    assert shared == "django.core.cache.backends.redis.RedisCache"
    assert embedded == "django.core.cache.backends.filebased.FileBasedCache"


def test_behind_a_proxy_rate_limits_count_the_client():
    assert ask_settings("s.ALLAUTH_TRUSTED_PROXY_COUNT", **PRODUCTION) == 1


def test_requests_to_reset_passwords_are_limited(client, db):
    answers = [
        client.post(reverse("account_reset_password"), {"email": "ann@example.org"}).status_code for _try in range(7)
    ]
    assert answers == [302] * 5 + [429] * 2
