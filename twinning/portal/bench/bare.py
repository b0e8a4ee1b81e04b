"""The floor: bare Django views in the same process as the application, without middleware, shell or session.

`hello` answers a word, `one` asks one query, `rows` lists fifty cities in a small template, `form` draws a Django form of so
many fields of each kind: what Django itself costs here and now.
"""

from functools import cache

from django import forms
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
FORM = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Form</title></head><body>
<main><h1>Form</h1><form method="post">{{ form.as_div }}<button>Save</button></form></main></body></html>"""
FILLED = {"help_text": "What to write here.", "initial": "What somebody wrote."}
ROWS = 50


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


def one(request: HttpRequest) -> HttpResponse:
    return HttpResponse(City.objects.order_by("pk").first().name)


def rows(request: HttpRequest) -> HttpResponse:
    cities = City.objects.order_by("pk")[:ROWS]
    context = {"rows": cities, "nav": [f"Place {number}" for number in range(8)]}
    return HttpResponse(_template(LIST).render(Context(context)))


def form(request: HttpRequest) -> HttpResponse:
    """`?texts=24&lines=8&choices=6,20`: so many texts, single lines, and lists of so many options; each with label, help and value."""
    asked = request.GET
    kinds = [forms.CharField(widget=forms.Textarea, **FILLED) for _number in range(int(asked["texts"]))]
    kinds += [forms.CharField(**FILLED) for _number in range(int(asked["lines"]))]
    for count in (int(count) for count in asked["choices"].split(",") if count):
        kinds.append(
            forms.ChoiceField(choices=[(f"c{number}", f"Choice {number}") for number in range(count)], **FILLED)
        )
    drawn = forms.Form()
    drawn.fields = {f"field-{number}": field for number, field in enumerate(kinds)}
    return HttpResponse(_template(FORM).render(Context({"form": drawn})))


def city(request: HttpRequest, pk: int) -> HttpResponse:
    return HttpResponse("city")


@cache  # compiled once, as the cached loader would
def _template(text: str) -> Template:
    return Template(text)


urlpatterns = [
    path("bare/hello", hello, name="bare-hello"),
    path("bare/one", one, name="bare-one"),
    path("bare/rows", rows, name="bare-rows"),
    path("bare/form", form, name="bare-form"),
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
