"""Every address, every role, every method, against the rows of `access_matrix.py`."""

import re
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.access_matrix import ACCOUNT_ROWS, IN_COHORT, ROLES, ROWS, RUNS, STRANGERS, UNNAMED, furnish
from tests.helpers.worlds import kept_for_a_module, make_world

MAIN_METHODS = ("GET", "POST")
# Asked of a few roles alone: which methods an address serves does not depend on who asks.
OTHER_METHODS = ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS")
FEW = {"anonymous", "administrator", "officer", "outsider"}
# One for each way to have a part in this cohort and none in the other.
FROM_HERE = ("team_facilitator", "facilitator", "lead_officer", "host_contact", "outsider")
# What a page answers that lets the person in: a page, a redirect, or a refusal about the matter itself.
LETS_IN = {200, 204, 302, 303, 304, 400, 409, 410, 413, 422, 503}


def addresses(resolver=None, prefix="", namespaces=()):
    """Every pattern of the project: full name (or None), names of its arguments, route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from addresses(pattern, route, inner)
        else:
            name = ":".join([*namespaces, pattern.name]) if pattern.name else None
            yield name, frozenset(pattern.pattern.regex.groupindex), route


def test_every_address_has_a_row_and_every_row_an_address():
    rows = {(row.name, row.parameters) for row in [*ROWS, *ACCOUNT_ROWS]}
    found = {(name, _arguments(route, own)) for name, own, route in addresses() if name}
    assert found - rows == set(), "addresses without a row in tests/access_matrix.py"
    assert rows - found == set(), "rows of addresses that are no more"
    assert {route for name, _own, route in addresses() if not name} == UNNAMED


def _arguments(route, own):
    """The arguments of the whole route: those of the pattern, and those of the prefixes."""
    return frozenset(re.findall(r"<(?:\w+:)?(\w+)>", route)) | own


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """The furnished world with everybody signed in: `sessions` are their cookies. Made once; each request's effects are undone."""
    yield from kept_for_a_module(lambda: signed_in(furnish(make_world())), django_db_blocker)


HANDLER = Client().handler  # one for all: loading the middleware costs more than most pages


def signed_in(scene):
    scene.sessions = {"anonymous": {}}
    for role in ROLES:
        if role != "anonymous":
            client = Client()
            client.force_login(getattr(scene, role))
            scene.sessions[role] = client.cookies
    return scene


@pytest.fixture
def plain_refusals(monkeypatch):
    """The pages of 403 and 404 would be a third of the time; `test_refusals_have_a_page_for_everybody` asks for the real ones."""
    plain = lambda self, view_type: lambda request, exception=None: HttpResponse(status=view_type)  # noqa: E731
    monkeypatch.setattr(URLResolver, "resolve_error_handler", plain)


def client_with(cookies):
    client = Client()
    client.handler = HANDLER
    client.cookies = SimpleCookie({name: morsel.value for name, morsel in cookies.items()})
    return client


def ask(cookies, method, address, data=None):
    """The status of one request, whose effects are then undone; "sign-in" where it leads there."""
    client = client_with(cookies)
    with transaction.atomic():
        call = getattr(client, method.lower())
        response = call(address, data or {}) if method == "POST" else call(address)
        if response.streaming:
            b"".join(response.streaming_content)
        else:
            assert b"---------" not in response.content, f"{address}: an empty choice says what choosing it means"
        transaction.set_rollback(True)
    if response.status_code == 302 and response.url.startswith(reverse("account_login")):
        return "sign-in"
    if response.status_code == 401:
        return "sign-in"  # the page that gives back what was written
    return response.status_code


def methods_for(role):
    return MAIN_METHODS + (OTHER_METHODS if role in FEW else ())


def outcome(expected, got):
    """What to compare: an open expectation ("yes") is met by every answer that lets the person in."""
    return "yes" if expected == "yes" and got in LETS_IN else got


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_refusals")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_role(row, scene):
    """The own thing for every role; the same thing of another cohort for everybody who has no part in that one."""
    wanted, got = {}, {}
    here = reverse(row.name, kwargs=row.kwargs(scene))
    elsewhere = reverse(row.name, kwargs=row.far(scene)) if row.far else None
    for role in ROLES:
        cookies = scene.sessions[role]
        for method in methods_for(role):
            key = f"{role} {method}"
            wanted[key] = row.expected(role, method)
            got[key] = outcome(wanted[key], ask(cookies, method, here, row.data(scene)))
            if elsewhere and role in FROM_HERE and row.serves(method):
                wanted[f"{key} elsewhere"] = 404
                got[f"{key} elsewhere"] = ask(cookies, method, elsewhere, row.data(scene))
    assert {key: (value, wanted[key]) for key, value in got.items() if wanted[key] != value} == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_refusals")
def test_pages_of_ones_own_account(scene):
    """The doors open to everybody; what lies behind them only to who is signed in."""
    wrong = {}
    for role in ("anonymous", "deactivated", "administrator"):
        cookies = scene.sessions[role]
        for row in ACCOUNT_ROWS:
            for method in methods_for(role):
                got = ask(cookies, method, reverse(row.name, kwargs=row.kwargs))
                is_kept_out = got == "sign-in"
                must_be_kept_out = role in STRANGERS and not row.is_door
                if (must_be_kept_out and not is_kept_out) or (not is_kept_out and got >= 500):
                    wrong[role, row.name, method] = got
    assert wrong == {}


@pytest.mark.django_db
def test_refusals_have_a_page_for_everybody(scene):
    got = {(role, 404): page_of(scene.sessions[role], "/nowhere/") for role in ROLES}
    closed = reverse("cohorts:event-edit", args=[scene.event.code])
    got |= {(role, 403): page_of(scene.sessions[role], closed) for role in IN_COHORT - RUNS - STRANGERS}
    assert {key: status for key, (status, _text) in got.items() if status != key[1]} == {}
    assert [key for key, (_status, text) in got.items() if "<h1" not in text] == []


def page_of(cookies, address):
    response = client_with(cookies).get(address)
    return response.status_code, response.content.decode()
