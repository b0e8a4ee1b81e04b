"""What `manage.py` does before Django is there: an own virtual environment from the lock file, and the system's libraries.

Standard library alone, and nothing of the project: this file runs with whatever Python 3.11 the machine has. It works where pip refuses
to install into the system (PEP 668), where `python3-venv` is missing, as root and as anybody else. What it did is written down in
`.venv/twinning-setup.json`; while that still fits, a start costs a few milliseconds. A set-up that was cut short leaves no such note and
is thrown away by the next one, so no half environment is ever taken for a whole one.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

OLDEST_PYTHON = (3, 11)
LOCKS = {"run": "requirements.lock", "test": "requirements-dev.lock"}
DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
MAX_PORT = 65535
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# Debian package -> a file that it brings: a shared library to load, or a program on PATH.
PDF_LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
TEST_PROGRAMS = {"chromium-headless-shell": "chromium-headless-shell", "qpdf": "qpdf", "poppler-utils": "pdftotext"}
SLOWER = {"chromium-headless-shell": "chromium"}  # does the same, with a third more work for the processors


def prepare(argv, root=None):
    """Make sure that this process runs in the project's environment: returns there, else replaces itself or ends with a sentence.

    `TWINNING_BOOTSTRAP=0` skips everything (a container image has its packages already).
    """
    command = argv[1] if len(argv) > 1 else ""
    root = root or Path(__file__).resolve().parent.parent
    if command == "demo":
        use_demo_environment(root, *wanted_address(argv[2:]))
    if os.environ.get("TWINNING_BOOTSTRAP") == "0":
        if command == "setup":
            raise SystemExit(
                "Nothing to set up: TWINNING_BOOTSTRAP=0 says that this environment is looked after from outside."
            )
        return
    if sys.version_info < OLDEST_PYTHON:
        raise SystemExit("Twinning needs Python 3.11 or newer; this is " + sys.version.split()[0] + ".")
    if command == "demo" and not {"-h", "--help"} & set(argv):
        refuse_taken_port(*wanted_address(argv[2:]))
    purpose = "test" if command == "test" or (command == "setup" and "--test" in argv[2:]) else "run"
    place = Environment(root)
    try:
        changed = place.set_up(purpose)
    except KeyboardInterrupt:
        raise SystemExit("\nSet-up stopped. The same command starts it again.") from None
    if command != "setup" and (changed or Path(sys.prefix).resolve() != place.folder.resolve()):
        os.execv(place.python, [str(place.python), *argv])
    if command in ("setup", "demo", "test"):
        say_what_is_missing(purpose)
    if command == "setup":
        raise SystemExit(0)


class Environment:
    """The virtual environment of one checkout and the note that says what is in it."""

    def __init__(self, root):
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / "bin" / "python"
        self.note = self.folder / "twinning-setup.json"
        self.building = self.folder / "twinning-building"

    def set_up(self, purpose):
        """Bring the environment to what the lock files say. True if there was something to do."""
        if self.is_ready(purpose):
            return False
        with self.alone():
            if self.is_ready(purpose):  # another process was faster
                return True
            started = time.monotonic()
            say("Setting up .venv (first start, or the lock file changed) ...")
            if self.is_damaged():
                shutil.rmtree(self.folder, ignore_errors=True)
            if not self.python.exists():
                self.create()
            self.building.touch()
            self.install(LOCKS[purpose])
            install_system_packages(purpose)
            self.write_note(purpose)
            self.building.unlink()
            say(f"Set up in {time.monotonic() - started:.0f} s.")
            return True

    def is_ready(self, purpose):
        """True if the note fits the lock files of today, the interpreter and the packages that are really there."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads(self.note.read_text())
            return (
                not self.building.exists()
                and note["locks"].get(purpose) == self.fingerprint(purpose)
                and note["python"] == os.path.realpath(self.python)
                and set(note["packages"]) <= set(self.installed())
                and os.access(self.python, os.X_OK)
            )
        return False

    def is_damaged(self):
        """True if what lies there is better built anew: cut short, without a working Python, or with packages lost."""
        if not self.folder.exists():
            return False
        if self.building.exists() or not self.python.exists() or self.installed() is None:
            return True
        if run([self.python, "-c", "pass"], quiet=True):
            return True
        with suppress(OSError, ValueError, KeyError, TypeError):
            note = json.loads(self.note.read_text())
            return note["python"] != os.path.realpath(self.python) or not set(note["packages"]) <= set(self.installed())
        return self.note.exists()

    def create(self):
        # Always without pip: `ensurepip` is missing on a Debian without python3-venv, and the system's pip can serve us (PEP 668 allows that).
        if run([base_python(), "-m", "venv", "--without-pip", self.folder]):
            shutil.rmtree(self.folder, ignore_errors=True)
            raise SystemExit("Could not make a virtual environment in .venv; the lines above say why.")

    def install(self, lock):
        """Install exactly what the lock names, each file checked by its hash. Ends the program if that fails twice."""
        command = [
            *(
                base_python(),
                "-m",
                "pip",
                "--python",
                self.python,
                "install",
                "--require-hashes",
                "--only-binary",
                ":all:",
            ),
            *(
                "--quiet",
                "--disable-pip-version-check",
                "--no-input",
                "--root-user-action",
                "ignore",
                "-r",
                self.root / lock,
            ),
        ]
        if run([base_python(), "-m", "pip", "--version"], quiet=True):
            raise SystemExit("This Python has no pip. On Debian or Ubuntu: apt-get install python3-pip")
        for attempt in (1, 2):
            if attempt == 2:
                say("Some packages could not be fetched; trying once more ...")
                time.sleep(3)
            pip = subprocess.run(
                [str(part) for part in command], capture_output=True, text=True, errors="replace", check=False
            )
            if pip.returncode == 0:
                return
        say("\n".join((pip.stdout + pip.stderr).splitlines()[-15:]))
        raise SystemExit("Could not install the packages; the lines above say why. The same command tries again.")

    def write_note(self, purpose):
        purposes = ["run", "test"] if purpose == "test" else ["run"]  # the test lock holds all of the run lock
        note = {
            "locks": {each: self.fingerprint(each) for each in purposes},
            "python": os.path.realpath(self.python),
            "packages": self.installed(),
        }
        with suppress(OSError, ValueError, KeyError, TypeError):
            before = json.loads(self.note.read_text())["locks"]
            note["locks"] = {**before, **note["locks"]}
        half = self.note.with_suffix(".new")
        half.write_text(json.dumps(note, indent=1))
        half.replace(self.note)

    def installed(self):
        """Names of the distributions in the environment, or None if there is no place for them."""
        for packages in self.folder.glob("lib/python3*/site-packages"):
            return sorted(entry for entry in os.listdir(packages) if entry.endswith(".dist-info"))
        return None

    def fingerprint(self, purpose):
        return hashlib.sha256((self.root / LOCKS[purpose]).read_bytes()).hexdigest()

    @contextmanager
    def alone(self):
        """Only one process sets up at a time; the others wait for it."""
        folder = self.root / "var"
        folder.mkdir(exist_ok=True)
        with open(folder / "setup.lock", "w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def use_demo_environment(root, host, port):
    """Set what the settings read for a demo: always the embedded default, so that no demo person or letter gets into a real system."""
    var = Path(os.environ.get("VAR_DIR") or root / "var")
    secret = var / "demo-secret-key"
    if not secret.exists():
        var.mkdir(parents=True, exist_ok=True)
        with (
            suppress(FileExistsError),
            open(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle,
        ):
            handle.write(secrets.token_urlsafe(64))
    os.environ.update(DEMO="1", DATABASE_URL="", REDIS_URL="", EMAIL_URL="", HTTPS="0", SECRET_KEY=secret.read_text())
    os.environ.setdefault("DEBUG", "0")  # the pages as a visitor will see them, error pages too
    os.environ.setdefault("SITE_URL", f"http://{'127.0.0.1' if host in ('', '0.0.0.0', '::') else host}:{port}")
    os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if host in LOOPBACK else "*")


def base_python():
    """The interpreter outside of any virtual environment: the one whose pip is used."""
    return getattr(sys, "_base_executable", None) or sys.executable


def install_system_packages(purpose):
    """As root on Debian or Ubuntu: install what is missing. Never fails; `say_what_is_missing` tells what is still not there."""
    missing = missing_packages(purpose)
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("Installing " + ", ".join(missing) + " ...")
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::Retries=2"]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    run([*apt, "update"], quiet=True, env=environment)
    install = [*apt, "install", "-y", "--no-install-recommends"]
    if (
        run([*install, *missing], quiet=True, env=environment) != 0
    ):  # one that a distribution lacks must not keep the others out
        for package in missing:
            run([*install, package], quiet=True, env=environment)


def missing_packages(purpose):
    missing = [package for package, library in PDF_LIBRARIES.items() if not can_load(library)]
    if purpose == "test":
        missing += [package for package, program in TEST_PROGRAMS.items() if not shutil.which(program)]
    return missing


def say_what_is_missing(purpose):
    missing = missing_packages(purpose)
    pdf = [package for package in missing if package in PDF_LIBRARIES]
    tests = [name for name in missing if name in TEST_PROGRAMS and not shutil.which(SLOWER.get(name, name))]
    if pdf:
        say(
            "PDFs need libraries that are missing here; everything else works. On Debian or Ubuntu: sudo apt-get install "
            + " ".join(pdf)
        )
    if tests:
        say(
            "Some tests need programs that are missing here and will be skipped. On Debian or Ubuntu: sudo apt-get install "
            + " ".join(tests)
        )


def can_load(library):
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def wanted_address(arguments):
    """Host and port that `demo` is asked for; what is not a number is left to the command itself to refuse."""
    host, port = DEFAULT_HOST, DEFAULT_PORT
    for position, argument in enumerate(arguments):
        name, has_value, value = argument.partition("=")
        value = value if has_value else (arguments[position + 1 : position + 2] or [""])[0]
        if name == "--host":
            host = value
        elif name == "--port" and value.isdigit():
            port = int(value)
    return host, port


def refuse_taken_port(host, port):
    """End the program with one sentence if nothing can listen there."""
    try:
        listen(host, port).close()
    except (OSError, OverflowError) as error:
        raise SystemExit(port_refusal(host, port, error)) from None


def listen(host, port):
    """A bound socket that does not listen yet. Raises OSError, or OverflowError for what is no port."""
    if not 0 < port <= MAX_PORT:
        raise OverflowError(port)
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def port_refusal(host, port, error):
    if isinstance(error, PermissionError):
        return f"Port {port} needs more rights than you have. Choose one above 1023: python3 manage.py demo --port {DEFAULT_PORT}"
    if isinstance(error, OverflowError):
        return f"{port} is no port: choose a number from 1 to {MAX_PORT}."
    if isinstance(error, socket.gaierror) or getattr(error, "errno", None) == 99:  # EADDRNOTAVAIL
        return f"{host} is no address of this machine."
    other = port + 1 if port < MAX_PORT else DEFAULT_PORT
    return f"Port {port} on {host} is taken by another program. Choose another: python3 manage.py demo --port {other}"


def run(command, *, quiet=False, env=None):
    """Exit status of a command; its output is shown, or dropped where `quiet`."""
    out = subprocess.DEVNULL if quiet else None
    return subprocess.run(
        [str(part) for part in command], stdout=out, stderr=out, stdin=subprocess.DEVNULL, env=env, check=False
    ).returncode


def say(sentence):
    print(sentence, flush=True)
