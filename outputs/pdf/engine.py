"""Whether this machine can make PDFs. WeasyPrint needs Pango, which no wheel brings."""

import ctypes.util
from functools import cache

from django.utils.translation import gettext

from twinning.core.jobs import Unmakeable

LIBRARIES = {
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz-subset": "libharfbuzz-subset0",
}


@cache
def missing_libraries() -> list[str]:
    """Names of the Debian packages that are missing for PDFs; empty where the engine can work."""
    return [package for library, package in LIBRARIES.items() if not ctypes.util.find_library(library)]


class EngineMissing(Unmakeable):
    """This machine cannot make PDFs; the text says what to install."""


def explain_missing() -> str:
    """One sentence on what to install; empty where nothing is missing."""
    packages = missing_libraries()
    if not packages:
        return ""
    return gettext("This machine cannot make PDFs yet. As root: apt-get install %(packages)s") % {
        "packages": " ".join(packages)
    }
