"""Who is writing in an output right now. A hint for colleagues, kept in the cache alone: losing it loses nothing."""

import datetime
from collections.abc import Mapping

from django.core.cache import cache

from ..models import Output

SECONDS = 50  # without a sign of life for so long, somebody is taken to have left


def note_presence(output: Output, *, section: str, by, now: datetime.datetime) -> list[dict[str, str]]:
    """Say that `by` is in a section, and hear who else is there: [{"name", "section"}], by name."""
    key = f"presence:{output.code}"
    stamp = now.timestamp()
    present: Mapping[str, tuple[str, str, float]] = cache.get(key) or {}
    fresh = {code: seen for code, seen in present.items() if stamp - seen[2] < SECONDS}
    fresh[by.code] = (str(by), section, stamp)
    cache.set(key, fresh, SECONDS)
    others = [(name, where) for code, (name, where, _seen) in fresh.items() if code != by.code]
    return [{"name": name, "section": where} for name, where in sorted(others)]
