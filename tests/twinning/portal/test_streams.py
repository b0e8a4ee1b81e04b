"""Live streams: who may listen, and that what happens arrives, once."""

import asyncio
import datetime

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.db import connection
from django.test import Client

from outputs.models import Output
from tests.factories.outputs import OutputFactory
from twinning.audit.services import record
from twinning.portal import streams

NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def own_tail(monkeypatch):
    """A reader belongs to one event loop, and each test has its own."""
    monkeypatch.setattr(streams, "_tail", streams.JournalTail(every_s=0.05))


def scope_for(user, path, *, method="GET"):
    client = Client()
    if user:
        client.force_login(user)
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    headers = [(b"host", b"testserver")]
    if cookie:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie.value}".encode()))
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}


def in_a_thread(function, *args, **kwargs):
    """A thread that ends must not keep its connection: the database could not be dropped after the tests."""
    try:
        return function(*args, **kwargs)
    finally:
        connection.close()


async def status_of(scope):
    stream = ApplicationCommunicator(streams.application, scope)
    await stream.send_input({"type": "http.request", "body": b""})
    start = await stream.receive_output(timeout=5)
    await stream.send_input({"type": "http.disconnect"})
    await stream.wait(timeout=5)
    return start["status"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("facilitator", 200),
        ("host_contact", 200),
        ("coordinator", 200),
        ("other_officer", 404),
        ("other_facilitator", 404),
        ("outsider", 404),
        (None, 401),
    ],
)
def test_only_who_sees_an_output_may_listen_to_it(world, who, status):
    output = OutputFactory(participation=world.pairing.participation)
    scope = scope_for(who and getattr(world, who), f"/stream/outputs/{output.code}/")

    assert asyncio.run(status_of(scope)) == status


@pytest.mark.django_db(transaction=True)
def test_unknown_streams_and_other_methods_are_refused(world):
    assert asyncio.run(status_of(scope_for(world.coordinator, "/stream/outputs/22222222/"))) == 404
    assert asyncio.run(status_of(scope_for(world.coordinator, "/stream/elsewhere/"))) == 404
    assert asyncio.run(status_of(scope_for(world.coordinator, "/stream/outputs/22222222/", method="POST"))) == 405


@pytest.mark.django_db(transaction=True)
def test_what_happens_to_the_output_arrives_once_and_nothing_else_does(world):
    output = OutputFactory(participation=world.pairing.participation)
    other = OutputFactory(participation=world.other_pairing.participation)
    record(output, "outputs.output.begun", by=world.officer, at=NOW)  # before anybody listens: no news

    scope = scope_for(world.officer, f"/stream/outputs/{output.code}/")

    async def listen():
        stream = ApplicationCommunicator(streams.application, scope)
        await stream.send_input({"type": "http.request", "body": b""})
        assert (await stream.receive_output(timeout=5))["status"] == 200
        assert (await stream.receive_output(timeout=5))["body"] == b"retry: 3000\n\n"
        await asyncio.sleep(0.3)
        await asyncio.to_thread(in_a_thread, record, other, "outputs.output.begun", by=world.officer, at=NOW)
        line = await asyncio.to_thread(in_a_thread, record, output, "outputs.document.ready", by=None, at=NOW)
        news = await stream.receive_output(timeout=5)
        quiet = await stream.receive_nothing(timeout=0.5)
        await stream.send_input({"type": "http.disconnect"})
        await stream.wait(timeout=5)
        return line, news["body"].decode(), quiet

    line, news, quiet = asyncio.run(listen())

    assert news == f"id: {line.pk}\nevent: changed\ndata: outputs.document.ready\n\n"
    assert quiet
    assert Output.objects.count() == 2
