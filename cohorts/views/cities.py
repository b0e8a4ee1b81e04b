"""Cities of the register, added and changed by those who run the programme."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import try_for

from ..forms.cities import CityEditor
from ..models import City
from ..services.cities import change_city, create_city


@require_http_methods(["GET", "HEAD", "POST"])
def city_create(request: HttpRequest) -> HttpResponse:
    """Add a city to the register."""
    require(request.user, "cohorts.manage_register")
    editor = CityEditor(data=request.POST or None)
    if request.method == "POST" and editor.is_valid():
        made: list[City] = []
        now, slug = timezone.now(), editor.form.cleaned_data["slug"]
        given = {"slug": slug, "values": editor.form.values, "spellings": editor.rows.spellings}
        if try_for(editor.form, lambda: made.append(create_city(**given, by=request.user, now=now))):
            messages.success(request, _("The city is in the register."))
            return redirect(made[0])
    context = {"editor": editor, "form": editor.form}
    return render(request, "cohorts/city_edit.html", context, status=422 if editor.has_errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def city_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the record of a city: its names, place, population, sources."""
    city = get_visible_or_404(City.objects, request.user, slug=slug)
    require(request.user, "cohorts.manage_register")
    editor = CityEditor(city, request.POST or None)
    if request.method == "POST" and editor.is_valid():
        now = timezone.now()
        given = {"values": editor.form.values, "spellings": editor.rows.spellings}
        if try_for(editor.form, lambda: change_city(city, **given, by=request.user, now=now)):
            messages.success(request, _("Saved."))
            return redirect(city)
    context = {"city": city, "editor": editor, "form": editor.form}
    return render(request, "cohorts/city_edit.html", context, status=422 if editor.has_errors else 200)
