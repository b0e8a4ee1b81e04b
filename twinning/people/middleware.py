"""Each signed-in person reads pages in their own language and zone; whose session has ended loses nothing that was typed."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from twinning.core.asked import own_page

READS = ("GET", "HEAD", "OPTIONS")


class SignInFirstMiddleware(LoginRequiredMiddleware):
    """Closes every page that does not say otherwise.

    A form that comes after its session has ended is not sent, so what was written in it stands on the answer, to be
    copied; signing in leads back to the page of the form, not to the address that takes forms alone. Scripts are
    redirected as ever: they keep their text themselves.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        is_script = "X-Requested-With" in request.headers or "HX-Request" in request.headers
        if request.method in READS or is_script:
            return super().handle_no_permission(request, view_func)
        back = _page_of_form(request)
        if texts := _written_in(request):
            return render(request, "401.html", {"texts": texts, "back": back}, status=401)
        return redirect_to_login(back, self.get_login_url(view_func), self.get_redirect_field_name(view_func))


def _page_of_form(request: HttpRequest) -> str:
    """The page of ours from which the form came; else the first one."""
    root, referer = f"{request.scheme}://{request.get_host()}", request.headers.get("Referer", "")
    return own_page(request, referer.removeprefix(root)) or "/"


def _written_in(request: HttpRequest) -> list[str]:
    """The texts of a form, each once: what has more than one word, and no password."""
    words = [value.strip() for name in request.POST if "password" not in name for value in request.POST.getlist(name)]
    return list(dict.fromkeys(text for text in words if len(text.split()) > 1))


class PersonalSettingsMiddleware:
    """Language and zone of the signed-in person; else the browser's language and the platform's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        language = user.language if user.is_authenticated else translation.get_language_from_request(request)
        zone = user.time_zone if user.is_authenticated else settings.TIME_ZONE
        with translation.override(language), timezone.override(zoneinfo.ZoneInfo(zone)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            if user.is_authenticated and not response.has_header("Cache-Control"):
                patch_cache_control(response, private=True)  # what one person sees is no other's
            return response
