"""The floor: bare Django views in the same process as the application, without middleware, shell or session.

`hello` answers a word, `one` asks one query, `rows` lists fifty cities in a small template: what Django itself costs here and now.
"""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test.utils import override_settings
from django.urls import path

from cohorts.models import City

LIST = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Cities</title></head><body>
<header><nav><ul>{% for place in nav %}<li><a href="/bare/hello">{{ place }}</a></li>{% endfor %}</ul></nav></header>
<main><h1>Cities</h1><table><thead><tr><th>Name</th><th>Country</th><th>Since</th><th>Mission City</th><th>Link</th></tr></thead><tbody>
{% for city in rows %}<tr class="{% cycle 'a' 'b' %}"><td>{{ city.name }}</td><td>{{ city.country.code|upper }}</td>
<td>{{ city.created_at|date:"j M Y" }}</td><td>{% if city.is_mission_city %}Yes{% else %}No{% endif %}</td>
<td><a href="{% url 'bare-city' city.pk %}">open</a></td></tr>{% endfor %}</tbody></table></main></body></html>"""
ROWS = 50


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def one(request: HttpRequest) -> HttpResponse:
    return HttpResponse(City.objects.order_by("pk").first().name)


def rows(request: HttpRequest) -> HttpResponse:
    cities = City.objects.order_by("pk")[:ROWS]
    context = {"rows": cities, "nav": [f"Place {number}" for number in range(8)]}
    return HttpResponse(_list_template().render(Context(context)))


def city(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse("city")


_compiled: list[Template] = []


def _list_template() -> Template:
    if not _compiled:
        _compiled.append(Template(LIST))  # compiled once, as the cached loader would
    return _compiled[0]


urlpatterns = [
    path("bare/hello", hello, name="bare-hello"),
    path("bare/one", one, name="bare-one"),
    path("bare/rows", rows, name="bare-rows"),
    path("bare/<int:pk>", city, name="bare-city"),
]


class BareHandler(WSGIHandler):
    """Django without any middleware, on the addresses of this module alone."""

    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=[]):
            super().load_middleware(is_async)

    def get_response(self, request: WSGIRequest) -> HttpResponse:
        from django.urls import set_urlconf  # noqa: PLC0415 beside its only use

        request.urlconf = __name__
        set_urlconf(__name__)
        try:
            return self._middleware_chain(request)
        finally:
            set_urlconf(None)  # whoever asks for an address next on this thread means the application's
