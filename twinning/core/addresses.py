"""Addresses by the hundred: the pattern of a view is looked up once for a page, not once for each of its rows."""

from collections.abc import Callable

from django.urls import reverse

PLACE = "0-place-0"  # a slug as good as any; no code has a zero


def addresses_of(view: str) -> Callable[[str], str]:
    """Public code or slug -> the address of that view, for views that ask for one alone."""
    before, after = reverse(view, args=[PLACE]).split(PLACE)
    return lambda code: f"{before}{code}{after}"
