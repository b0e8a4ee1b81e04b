"""What docker-compose.yml says, turned into processes of this machine."""

import os
import re
import sys
from pathlib import Path

import yaml
from django.conf import settings

VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<text>[^}]*))?\}")


class Compose:
    """The services of the compose file with `values` for its variables; ports and folders are replaced by `replace` (old -> new)."""

    def __init__(self, values, replace):
        self.values = values
        self.replace = replace
        self.services = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())["services"]

    def command(self, service):
        return [self._fill(word) for word in self.services[service]["command"]]

    def environment(self, service):
        """As a container would have it, with the project's programs first on PATH."""
        stated = {name: self._fill(value) for name, value in self.services[service]["environment"].items()}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {"PATH": programs, "TWINNING_BOOTSTRAP": "0", "PYTHONUNBUFFERED": "1", **stated}

    def _fill(self, text):
        text = VARIABLE.sub(self._value, text).replace("$$", "$")
        for old, new in self.replace.items():
            text = text.replace(old, new)
        return text

    def _value(self, match):
        value = self.values.get(match["name"], "")
        if not value and match["kind"] == "?":
            raise LookupError(f"docker-compose.yml asks for {match['name']}")
        return value or (match["text"] if match["kind"] == "-" else "") or ""
