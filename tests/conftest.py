"""What holds for every test: the hostile world, an empty cache, and honest skipping of what this machine cannot prove."""

import gc
import os
import shutil
import sqlite3
from contextlib import closing

import hypothesis
import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.signals import connection_created

from tests import hostile

pytest_plugins = ["tests.helpers.worlds"]

# The shell without windows is the same browser with less work: the tests of the browser took 334 s with the whole one, 225 with it.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
MIGRATED_ROWS = pytest.StashKey[tuple]()
CHROMIUM_FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]

hypothesis.settings.register_profile("here", deadline=None, database=None)
hypothesis.settings.register_profile("ci", deadline=None, database=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_collection_modifyitems(config, items):
    if connection.vendor == "postgresql":
        leave_out_what_uses_no_database(config, items)
    for item in items:
        if item.get_closest_marker("browser") and not CHROMIUM:
            item.add_marker(
                pytest.mark.skip(reason="there is no Chromium on this machine: apt-get install chromium-headless-shell")
            )
        if item.get_closest_marker("postgres") and connection.vendor != "postgresql":
            item.add_marker(pytest.mark.skip(reason="this run is on SQLite; set DATABASE_URL"))


def leave_out_what_uses_no_database(config, items):
    """Pure modules behave the same on every database: their tests run once, with those on SQLite."""
    uses_database = {True: [], False: []}
    for item in items:
        asks = {"db", "transactional_db", "chromium"} & set(item.fixturenames)
        marked = any(item.get_closest_marker(name) for name in ("django_db", "browser", "prodlike", "postgres"))
        uses_database[bool(asks or marked)].append(item)
    config.hook.pytest_deselected(items=uses_database[False])
    items[:] = uses_database[True]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A file on SQLite: the shared cache of a database in memory locks tables at once and waits for nobody, not even another thread of a test."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.getbasetemp() / "tests.sqlite3")
    if connection.vendor == "sqlite" and os.environ.get("MIGRATED_SQLITE"):
        connection_created.connect(begin_with_a_copy)


def begin_with_a_copy(connection, **_ignored):
    """`manage.py test` migrates once: the first connection to a test database fills it from there, and migrating finds nothing to do."""
    connection_created.disconnect(begin_with_a_copy)
    with closing(sqlite3.connect(os.environ["MIGRATED_SQLITE"])) as migrated:
        migrated.backup(connection.connection)


@pytest.fixture(autouse=True, scope="session")
def no_session_outlives_the_tests(request):
    """PostgreSQL drops no database in which a session is open: a connection of a thread that has ended may wait for the garbage collector."""
    only_processes = all(item.get_closest_marker("prodlike") for item in request.session.items)
    if connection.vendor != "postgresql" or only_processes:
        yield
        return
    request.getfixturevalue("django_db_setup")  # so that this ends before the database is dropped
    blocker = request.getfixturevalue("django_db_blocker")
    yield
    gc.collect()
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True, scope="session")
def migrated_rows(request):
    """Keep what migrations wrote, for `pytest_runtest_teardown`, where both kinds of tests run."""
    if {commits(item) for item in request.session.items} != {True, False}:
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    ours = [model for model in apps.get_models() if model._meta.app_label in hostile.OUR_APPS]
    with blocker.unblock():
        rows = [(model, list(model._default_manager.order_by("pk"))) for model in ours]
    request.config.stash[MIGRATED_ROWS] = rows, blocker


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Tests that commit empty all tables afterwards, also of what migrations wrote.

    Pytest-django puts them last, but a worker that takes over tests of another comes to ones that do not commit only then: they
    find those rows again.
    """
    result = yield
    if MIGRATED_ROWS in item.config.stash and nextitem is not None and commits(item) and not commits(nextitem):
        rows, blocker = item.config.stash[MIGRATED_ROWS]
        with blocker.unblock(), transaction.atomic():
            for model, written in rows:
                model._default_manager.bulk_create(written, ignore_conflicts=True)  # a skipped test has emptied nothing
    return result


def commits(item):
    marker = item.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or bool({"transactional_db", "live_server"} & set(item.fixturenames))


@pytest.fixture(autouse=True, scope="session")
def hostile_world():
    with pytest.MonkeyPatch.context() as patch:
        hostile.fail_on_unknown_template_variables(patch)
        hostile.shuffle_unordered_queries(patch)
        hostile.switch_off_network(patch)
        hostile.run_callbacks_after_each_outer_block(patch)
        yield


@pytest.fixture(autouse=True)
def empty_cache():
    """Counters and heartbeats of one test must not reach the next."""
    yield
    cache.clear()


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the session; ask it for `new_context()` in each test."""
    from playwright.sync_api import sync_playwright

    # Playwright's event loop stays in this thread; Django would take it for an async view and refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
