"""The set-up of a fresh checkout, with small packages of our own in place of the real ones: no network, and seconds instead of half a minute."""

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import zipfile

import pytest
from django.conf import settings

from tests.servers import free_port
from twinning import bootstrap

pytestmark = pytest.mark.prodlike

SETTING_UP = "Setting up .venv"
DJANGO = """
import sys
def execute_from_command_line(argv):
    print("Django was handed", argv[1:], "in", sys.prefix)
"""


class Checkout:
    """A folder with the real manage.py and bootstrap.py, a lock file for made-up packages, and an index of wheels beside it."""

    def __init__(self, folder):
        self.root = folder / "checkout"
        self.wheels = folder / "wheels"
        self.programs = folder / "programs"
        for place in (self.root / "twinning", self.wheels, self.programs):
            place.mkdir(parents=True)
        shutil.copy(settings.BASE_DIR / "manage.py", self.root)
        shutil.copy(settings.BASE_DIR / "twinning" / "bootstrap.py", self.root / "twinning")
        self.apt_log = folder / "apt.log"
        self.add_program("apt-get", f'echo "$@" >> {self.apt_log}')
        django = self.make_wheel("django", {"django/core/management/__init__.py": DJANGO})
        tester = self.make_wheel("tester", {"tester.py": ""})
        self.lock("requirements.lock", django)
        self.lock("requirements-dev.lock", django, tester)

    def add_program(self, name, script):
        program = self.programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def make_wheel(self, name, files, version="1.0"):
        """Write a wheel and return its line for a lock file."""
        info = f"{name}-{version}.dist-info"
        files = {
            **files,
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        rows = [f"{path},sha256={_record_hash(text)},{len(text)}" for path, text in files.items()]
        files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
        wheel = self.wheels / f"{name}-{version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
        return f"{name}=={version} --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"

    def lock(self, name, *lines):
        (self.root / name).write_text("\n".join(lines) + "\n")

    def manage(self, *arguments, wait=True, **environment):
        env = {
            "PATH": str(self.programs),
            "HOME": str(self.root),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            **environment,
        }
        command = [bootstrap.base_python(), "manage.py", *arguments]
        run = subprocess.Popen(
            command, cwd=self.root, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if wait:
            run.said = run.communicate(timeout=120)[0]
        return run

    @property
    def environment(self):
        return self.root / ".venv"

    @property
    def packages(self):
        return next(self.environment.glob("lib/python3*/site-packages"))


def _record_hash(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.fixture
def ready_checkout(checkout):
    first = checkout.manage("setup")
    assert first.returncode == 0, first.said
    return checkout


def test_first_start_sets_up_and_hands_over_to_django_in_the_own_environment(checkout):
    run = checkout.manage("migrate", "--plan")

    assert run.returncode == 0, run.said
    assert SETTING_UP in run.said
    assert f"Django was handed ['migrate', '--plan'] in {checkout.environment}" in run.said


def test_second_start_has_nothing_to_set_up(ready_checkout):
    run = ready_checkout.manage("migrate")

    assert run.said == f"Django was handed ['migrate'] in {ready_checkout.environment}\n"


def test_setup_alone_does_not_start_django(checkout):
    run = checkout.manage("setup")

    assert run.returncode == 0
    assert SETTING_UP in run.said
    assert "Django was handed" not in run.said


def test_changed_lock_file_is_installed(ready_checkout):
    new_line = ready_checkout.make_wheel("django", {"django/core/management/__init__.py": DJANGO}, version="2.0")
    ready_checkout.lock("requirements.lock", new_line)

    run = ready_checkout.manage("check")

    assert SETTING_UP in run.said
    assert "Django was handed ['check']" in run.said
    assert (ready_checkout.packages / "django-2.0.dist-info").exists()


def test_test_command_brings_its_packages_into_the_same_environment(ready_checkout):
    first = ready_checkout.manage("test")
    then = ready_checkout.manage("check")

    assert SETTING_UP in first.said
    assert (ready_checkout.packages / "tester.py").exists()
    assert SETTING_UP not in then.said


def test_file_with_another_hash_is_refused_and_nothing_counts_as_set_up(checkout):
    checkout.lock("requirements.lock", "django==1.0 --hash=sha256:" + "0" * 64)

    run = checkout.manage("setup")

    assert run.returncode == 1
    assert "Could not install the packages" in run.said
    assert not (checkout.environment / "twinning-setup.json").exists()


def test_after_a_failed_download_the_next_start_sets_up_anew(checkout):
    wheel = next(checkout.wheels.glob("django-*"))
    hidden = wheel.rename(wheel.with_suffix(".hidden"))
    failed = checkout.manage("setup")
    hidden.rename(wheel)

    run = checkout.manage("check")

    assert failed.returncode == 1
    assert "trying once more" in failed.said
    assert "Django was handed ['check']" in run.said


def test_set_up_that_was_cut_short_is_thrown_away(ready_checkout):
    (ready_checkout.environment / "twinning-building").touch()
    (ready_checkout.environment / "left-over").touch()

    run = ready_checkout.manage("check")

    assert "Django was handed ['check']" in run.said
    assert not (ready_checkout.environment / "left-over").exists()


def test_environment_whose_python_is_gone_is_built_again(ready_checkout):
    (ready_checkout.environment / "bin" / "python").unlink()
    (ready_checkout.environment / "bin" / "python").symlink_to("/nowhere/python3")

    run = ready_checkout.manage("check")

    assert "Django was handed ['check']" in run.said


def test_lost_package_is_brought_back(ready_checkout):
    for lost in ready_checkout.packages.glob("django*"):
        shutil.rmtree(lost)

    run = ready_checkout.manage("check")

    assert "Django was handed ['check']" in run.said


def test_two_starts_at_once_set_up_once(checkout):
    runs = [checkout.manage("check", wait=False) for _ in range(2)]
    said = [run.communicate(timeout=120)[0] for run in runs]

    assert [run.returncode for run in runs] == [0, 0]
    assert sum(SETTING_UP in each for each in said) == 1
    assert all("Django was handed ['check']" in each for each in said)


def test_looked_after_environment_is_left_alone(checkout):
    run = checkout.manage("setup", TWINNING_BOOTSTRAP="0")

    assert run.returncode == 1
    assert "Nothing to set up" in run.said
    assert not checkout.environment.exists()


def test_missing_program_is_installed_by_root_and_named_to_others(checkout):
    run = checkout.manage("setup", "--test")

    assert "sudo apt-get install" in run.said
    assert "chromium" in run.said.split("sudo apt-get install")[1]
    if os.geteuid() == 0:
        assert "install -y --no-install-recommends" in checkout.apt_log.read_text()
        assert "chromium" in checkout.apt_log.read_text()
    else:
        assert not checkout.apt_log.exists()


def test_program_that_is_there_is_not_asked_for(checkout):
    for program in bootstrap.TEST_PROGRAMS.values():
        checkout.add_program(program, "exit 0")

    run = checkout.manage("setup", "--test")

    assert "Some tests need programs" not in run.said


def test_the_whole_browser_serves_where_its_smaller_one_is_missing(checkout):
    checkout.add_program("chromium", "exit 0")

    run = checkout.manage("setup", "--test")

    assert "qpdf" in run.said.split("sudo apt-get install")[1]
    assert "chromium" not in run.said.split("sudo apt-get install")[1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs programs")
def test_a_program_that_a_distribution_lacks_keeps_no_other_out(checkout):
    checkout.add_program("apt-get", f'echo "$@" >> {checkout.apt_log}\ncase "$*" in *chromium*) exit 100;; esac')

    checkout.manage("setup", "--test")

    installed = [line.split() for line in checkout.apt_log.read_text().splitlines() if "install" in line]
    assert any("qpdf" in words and "chromium-headless-shell" not in words for words in installed)


def test_what_is_missing_is_said_once(checkout):
    run = checkout.manage("test")

    assert "Django was handed ['test']" in run.said
    assert run.said.count("Some tests need programs") == 1


def test_library_that_is_not_there_is_noticed():
    assert not bootstrap.can_load("libnobody-has-this.so.7")


def test_taken_port_is_refused_in_one_sentence_before_anything_is_set_up(checkout):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        run = checkout.manage("demo", "--port", str(port))

    assert run.returncode == 1
    expected = f"Port {port} on 127.0.0.1 is taken by another program. Choose another: python3 manage.py demo --port {port + 1}\n"
    assert run.said == expected
    assert not checkout.environment.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--port", "0"], "0 is no port: choose a number from 1 to 65535."),
        (["--port", "99999"], "99999 is no port: choose a number from 1 to 65535."),
        (["--host=203.0.113.7"], "203.0.113.7 is no address of this machine."),
    ],
)
def test_impossible_address_is_refused_in_one_sentence(checkout, arguments, sentence):
    run = checkout.manage("demo", *arguments)

    assert (run.returncode, run.said.strip()) == (1, sentence)


def test_demo_gets_an_environment_of_its_own(checkout):
    real = {"DATABASE_URL": "postgres://real/one", "EMAIL_URL": "smtp://real", "SECRET_KEY": "of the real one"}
    show = "def execute_from_command_line(argv):\n    import os\n    print(sorted(os.environ.items()))\n"
    checkout.lock(
        "requirements.lock", checkout.make_wheel("django", {"django/core/management/__init__.py": show}, "3.0")
    )

    port = free_port()
    said = checkout.manage("demo", "--port", str(port), **real).said

    assert "('DATABASE_URL', '')" in said
    assert "('EMAIL_URL', '')" in said
    assert "('DEMO', '1')" in said
    assert f"('SITE_URL', 'http://127.0.0.1:{port}')" in said
    assert f"('SECRET_KEY', '{(checkout.root / 'var' / 'demo-secret-key').read_text()}')" in said


def test_old_python_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.delenv("TWINNING_BOOTSTRAP", raising=False)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))

    with pytest.raises(SystemExit, match=r"Twinning needs Python 3\.11 or newer"):
        bootstrap.prepare(["manage.py", "check"])
