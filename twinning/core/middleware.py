"""Requests that nobody can answer."""

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render


class NoSuchCharacterMiddleware:
    """PostgreSQL stores no character of number 0. Forms refuse it by name; anywhere else it comes from no person: 400, not 500."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_refused = isinstance(exception, DataError | ValueError) and "NUL (0x00)" in str(exception)
        return render(request, "400.html", status=HttpResponseBadRequest.status_code) if is_refused else None
