"""The files by which the project is installed agree with each other and with the settings."""

import re
import tomllib

import pytest
import yaml
from django.conf import settings

from twinning.settings import env

ROOT = settings.BASE_DIR
OWN_SERVICES = {"migrate", "web", "stream", "worker", "pdf-worker", "beat"}
BORROWED_SERVICES = {"postgres", "redis"}


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def pins(name):
    lines = (ROOT / name).read_text().splitlines()
    return {line.split(" ")[0] for line in lines if re.match(r"[a-z0-9]", line)}


def test_compose_names_every_process(services):
    assert set(services) == OWN_SERVICES | BORROWED_SERVICES


def test_every_service_is_locked_down_and_limited(services):
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "cpus", "pids_limit", "logging"} <= set(service), name


def test_every_service_has_a_health_check(services):
    of_the_image = "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert of_the_image
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"web"}


def test_own_services_wait_for_the_migrations(services):
    for name in OWN_SERVICES - {"migrate"}:
        waits = services[name]["depends_on"]
        assert waits["migrate"] == {"condition": "service_completed_successfully"}, name
        assert waits["postgres"] == waits["redis"] == {"condition": "service_healthy"}, name


def test_redis_keeps_what_it_was_given(services):
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


def test_ports_are_open_to_this_machine_alone(services):
    ports = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert ports == {"web": ["127.0.0.1:8000:8000"], "stream": ["127.0.0.1:8001:8001"]}


def test_secrets_come_from_the_environment_and_have_no_default(services):
    environment = services["web"]["environment"]
    for name in ("SECRET_KEY", "EMAIL_URL"):
        assert environment[name].startswith("${" + name + ":?"), name
    assert "${POSTGRES_PASSWORD:?" in environment["DATABASE_URL"]
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")


def test_compose_sets_only_options_that_the_settings_know(services):
    assert set(services["web"]["environment"]) <= set(env.scheme)


def test_every_option_stands_in_the_example_and_no_other(services):
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    assert named - {"POSTGRES_PASSWORD"} == set(env.scheme)


def test_example_sets_nothing_by_itself():
    assert [
        line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")
    ] == []


def test_test_lock_holds_all_of_the_run_lock():
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_a_hash_and_no_address(lock):
    text = (ROOT / lock).read_text()
    requirements = re.split(r"\n(?=[a-z0-9])", text)
    assert all("==" in requirement and "--hash=sha256:" in requirement for requirement in requirements)
    assert "://" not in text
    assert "--index" not in text


def test_locks_hold_every_dependency_that_the_project_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    locked = {pin.split("==")[0] for pin in pins("requirements-dev.lock")}
    named = {
        re.match(r"[A-Za-z0-9-]+", requirement)[0].lower()
        for requirement in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    }
    assert named <= locked


def test_image_runs_without_root_and_without_setting_itself_up():
    image = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER 10001", image, re.MULTILINE)
    assert "TWINNING_BOOTSTRAP=0" in image
    assert "--require-hashes --only-binary :all:" in image


def test_image_gets_no_tests_secrets_or_data():
    allowed = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert {"manage.py", "requirements.lock", "twinning", "templates", "static"} <= set(allowed)
    assert not {"tests", ".env", "var", ".git"} & set(allowed)
    assert set(allowed) <= {path.name for path in ROOT.iterdir()}
