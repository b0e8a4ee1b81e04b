"""/healthz names every part, and answers 503 where one is missing, whatever went wrong with it."""

import time

import pytest
from django.core.cache import cache

from tests.servers import free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def beating_hearts():
    cache.set("heartbeat:worker", time.time())
    cache.set("heartbeat:scheduler", time.time())


def test_everything_there_is_healthy(client, beating_hearts):
    answer = client.get("/healthz")

    report = answer.json()
    assert answer.status_code == 200
    assert report["status"] == "ok"
    assert set(report) == {"status", "database", "broker", "worker", "scheduler", "pdf"}
    assert answer.headers["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize("who", ["worker", "scheduler"])
@pytest.mark.parametrize("seconds_ago", [None, 31])
def test_silent_process_is_named(client, beating_hearts, who, seconds_ago):
    cache.delete(f"heartbeat:{who}")
    if seconds_ago:
        cache.set(f"heartbeat:{who}", time.time() - seconds_ago)

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert [part for part, state in answer.json().items() if part != "status" and not state["ok"]] == [who]


def test_broker_of_files_whose_folder_is_gone_or_closed_is_named(client, settings, beating_hearts, tmp_path):
    folders = {"data_folder_in": "queue", "control_folder": "control", "processed_folder": "processed"}
    settings.CELERY_BROKER_URL = "filesystem://localhost"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {name: str(tmp_path / folder) for name, folder in folders.items()}
    for folder in folders.values():
        (tmp_path / folder).mkdir()
    assert client.get("/healthz").json()["broker"] == {"ok": True, "kind": "filesystem"}
    (tmp_path / "queue").rmdir()

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["broker"] == {"ok": False, "kind": "filesystem", "missing": ["queue"]}


def test_redis_that_is_gone_is_said_and_breaks_nothing(client, settings):
    gone = f"redis://127.0.0.1:{free_port()}/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": gone}}

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["worker"] == {"ok": False, "seconds_ago": None, "error": "ConnectionError"}
    # The fixture that empties the cache after each test must find one that answers.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def test_only_reading_is_allowed(client):
    assert client.post("/healthz").status_code == 405
