"""Real worker processes on both brokers: killed in the middle of a PDF, started again, and the PDF comes out once."""

import json
import os
import secrets
import signal
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from outputs.pdf import engine
from tests.helpers.processes import clean_environment, migrate, run_to_end, started, wait_until
from tests.servers import NoServer, own_migrated_database, own_redis_database, running_servers

pytestmark = [
    pytest.mark.prodlike,
    pytest.mark.timeout(180),
    pytest.mark.skipif(bool(engine.missing_libraries()), reason="Pango is not installed on this machine"),
]


@contextmanager
def embedded(folder):
    yield {"VAR_DIR": str(folder)}


@contextmanager
def with_servers(folder):
    try:
        with (
            running_servers() as servers,
            own_migrated_database(servers.postgres) as database,
            own_redis_database(servers.redis) as redis_url,
        ):
            yield {"VAR_DIR": str(folder), "DATABASE_URL": database, "REDIS_URL": redis_url}
    except NoServer as reason:
        pytest.skip(str(reason))


@pytest.fixture(params=[(embedded, "threads"), (with_servers, "prefork")], ids=["filesystem", "redis"])
def deployment(request, tmp_path):
    """`tell(...)` runs the story, `call(task, *args)` sends a task, `worker()` starts one that serves every queue."""
    place, pool = request.param
    with place(tmp_path / "var") as variables:
        environment = clean_environment(SECRET_KEY=secrets.token_urlsafe(64), **variables)
        python = sys.executable

        def tell(*arguments):
            return json.loads(
                run_to_end(python, "-m", "tests.outputs.prodlike.story", *arguments, environment=environment)
            )

        def call(task, *arguments):
            run_to_end(
                *(python, "-m", "celery", "-A", "twinning", "call", task, "--args", json.dumps(arguments)),
                *(["--queue", "pdf"] if task == "outputs.render_document" else []),
                environment=environment,
            )

        def worker():
            command = [python, "-m", "celery", "-A", "twinning", "worker", "--pool", pool, "--concurrency", "1"]
            return started(
                [*command, "-Q", "celery,pdf,long", "--loglevel", "INFO"], tmp_path / "worker.log", environment
            )

        migrate(environment)
        yield SimpleNamespace(tell=tell, call=call, worker=worker)


def test_a_worker_killed_in_the_middle_of_a_pdf_loses_and_doubles_nothing(deployment):
    document = str(deployment.tell("long")["document"])

    def has_state(state):
        def holds():
            present = deployment.tell("document", document)["state"]
            assert present != "failed"
            assert state == "ready" or present != "ready", "it was ready before it could be killed"
            return present == state

        return holds

    with deployment.worker() as process:
        wait_until(has_state("rendering"), 60, "the document is being rendered")
        os.killpg(process.pid, signal.SIGKILL)
    left = deployment.tell("document", document)
    assert (left["state"], left["files"], left["lines"]) == ("rendering", [], 0)

    with deployment.worker():
        deployment.call("outputs.sweep_documents")  # what the scheduler does every 20 seconds
        wait_until(has_state("ready"), 60, "the document is ready")
        done = deployment.tell("document", document)
        assert (done["attempts"], done["lines"], done["files"]) == (2, 1, [True])
        assert done["pages"] > 10

        deployment.call("outputs.render_document", int(document))  # a hint that arrives late, or twice
        deployment.call("outputs.sweep_documents")
        second = str(deployment.tell("next")["document"])
        wait_until(lambda: deployment.tell("document", second)["state"] == "ready", 60, "the next document is ready")
    after = deployment.tell("document", document)
    assert (after["finished"], after["attempts"]) == (done["finished"], 2)
