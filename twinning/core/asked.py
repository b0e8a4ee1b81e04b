"""What a request asks for in so many words, read with care: addresses and forms can be written by hand."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

MOST_DIGITS = 9  # what every database takes for a whole number


def whole_number(text: str) -> int | None:
    """The whole number that stands there; None for anything else, and for one that is too long to be meant."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def own_page(request: HttpRequest, there: str) -> str:
    """The address, where it is one of ours, written from the root; else nothing."""
    is_ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if is_ours and there.startswith("/") else ""
