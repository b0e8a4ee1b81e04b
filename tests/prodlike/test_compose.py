"""The commands of docker-compose.yml, as processes of this machine against real PostgreSQL, Redis and a mail server."""

import http.client
import json
import secrets
from contextlib import ExitStack, closing
from types import SimpleNamespace

import psycopg
import pytest

from tests.helpers.compose import Compose
from tests.helpers.processes import run_to_end, started, wait_until
from tests.helpers.smtp import mail_server
from tests.servers import NoServer, free_port, own_migrated_database, own_redis_database, running_servers

pytestmark = [pytest.mark.prodlike, pytest.mark.timeout(300)]

HOST = "twinning.example"
LONG_RUNNING = ["web", "stream", "worker", "pdf-worker", "beat"]


@pytest.fixture(scope="module")
def servers():
    try:
        with running_servers() as servers:
            yield servers
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def production(servers, tmp_path_factory):
    """Every service of the compose file, running: `ask(path)`, `run(*command)`, `log(service)`; `post` holds the letters."""
    folder = tmp_path_factory.mktemp("production")
    ports = {"web": free_port(), "stream": free_port()}
    with ExitStack() as stack:
        post = stack.enter_context(mail_server())
        database = stack.enter_context(own_migrated_database(servers.postgres))
        redis_database = stack.enter_context(own_redis_database(servers.redis))
        values = {
            "SECRET_KEY": secrets.token_urlsafe(64),
            "SITE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
            "POSTGRES_PASSWORD": "unused",
            "EMAIL_URL": f"smtp://127.0.0.1:{post.port}",
            "DEFAULT_FROM_EMAIL": f"Twinning <no-reply@{HOST}>",
        }
        replace = {
            "postgres://twinning:unused@postgres:5432/twinning": database,
            "redis://redis:6379/0": redis_database,
            "0.0.0.0:8000": f"127.0.0.1:{ports['web']}",
            "0.0.0.0": "127.0.0.1",  # noqa: S104 that is what must not happen here
            "8001": str(ports["stream"]),
            "/tmp/": f"{folder}/",  # noqa: S108 the name in the compose file, not a place that we use
        }
        compose = Compose(values, replace)

        def environment(service):
            return {**compose.environment(service), "VAR_DIR": str(folder / "files"), "HOME": str(folder)}

        def start(service):
            return stack.enter_context(
                started(compose.command(service), folder / f"{service}.log", environment(service))
            )

        migrate = start("migrate")  # `manage.py test` has proven on an empty database what this finds done there
        assert migrate.wait(120) == 0, (folder / "migrate.log").read_text()
        running = {service: start(service) for service in LONG_RUNNING}

        def ask(path, service="web"):
            with closing(http.client.HTTPConnection("127.0.0.1", ports[service], timeout=10)) as connection:
                connection.request("GET", path, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
                answer = connection.getresponse()
                answer.text = answer.read().decode()
                return answer

        def is_healthy():
            dead = [service for service, process in running.items() if process.poll() is not None]
            assert not dead, {service: (folder / f"{service}.log").read_text()[-2000:] for service in dead}
            try:
                return ask("/healthz").status == 200
            except OSError:
                return False

        wait_until(is_healthy, 60, "all services healthy")
        yield SimpleNamespace(
            ask=ask,
            database=database,
            files=folder / "files",
            post=post,
            run=lambda *words: run_to_end(*words, environment=environment("web")),
            log=lambda service: (folder / f"{service}.log").read_text(),
        )


def test_health_names_every_part_of_production(production):
    report = json.loads(production.ask("/healthz").text)

    assert report["status"] == "ok"
    assert report["database"] == {"ok": True, "vendor": "postgresql"}
    assert report["broker"] == {"ok": True, "kind": "redis"}
    assert report["worker"]["ok"]
    assert report["scheduler"]["ok"]


def test_pages_come_with_static_files_and_over_https_alone(production):
    login = production.ask("/accounts/login/")
    style = next(part for part in login.text.split('"') if part.startswith("/static/") and part.endswith(".css"))

    assert login.status == 200
    assert "max-age=31536000" in login.headers["Strict-Transport-Security"]
    assert production.ask(style).headers["Cache-Control"] == "max-age=315360000, public, immutable"


def test_streams_are_closed_to_strangers(production):
    assert production.ask("/stream/outputs/ABCDEFGH/", "stream").status == 401


def test_system_check_of_production_finds_nothing(production):
    said = production.run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert "no issues" in said


def test_reminder_and_pdf_come_out(production):
    """The reminder goes over the broker, a worker and the mail server; the PDF over the broker and the worker for PDFs."""
    story = json.loads(production.run("python", "-m", "tests.prodlike.story").splitlines()[-1])
    production.run("celery", "--app", "twinning", "call", "outputs.send_reminders")

    letters = wait_until(lambda: letters_to(production, story["late"]), 60, "the reminder")
    state, file, attempts = wait_until(lambda: finished_document(production, story["document"]), 60, "the PDF")

    assert len(letters) == 1
    assert letters_to(production, story["early"]) == []
    assert (state, attempts) == ("ready", 1), production.log("pdf-worker")
    assert (production.files / "media" / file).read_bytes().startswith(b"%PDF-")
    assert "Task outputs.render_document[" in production.log("pdf-worker")
    assert "Task outputs.render_document[" not in production.log("worker")


def letters_to(production, address):
    return [letter for letter in production.post.messages if address in letter["To"]]


def finished_document(production, pk):
    with closing(psycopg.connect(production.database)) as connection:
        query = "SELECT state, file, attempts FROM outputs_document WHERE id = %s AND finished_at IS NOT NULL"
        return connection.execute(query, [pk]).fetchone()
