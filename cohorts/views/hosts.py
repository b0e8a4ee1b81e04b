"""Hosts of the register, added and changed by those who run the programme."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import try_for

from ..forms.profiles import HostForm
from ..models import Host
from ..services.profiles import change_host, create_host


@require_http_methods(["GET", "HEAD", "POST"])
def host_create(request: HttpRequest) -> HttpResponse:
    """Add a host to the register."""
    require(request.user, "cohorts.manage_register")
    form = HostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made: list[Host] = []
        now, slug = timezone.now(), form.cleaned_data["slug"]
        if try_for(form, lambda: made.append(create_host(slug=slug, values=form.values, by=request.user, now=now))):
            messages.success(request, _("The host is in the register."))
            return redirect(made[0])
    return render(request, "cohorts/host_edit.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def host_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the record of a host: title, cities, what it offers and seeks."""
    host = get_visible_or_404(Host.objects, request.user, slug=slug)
    require(request.user, "cohorts.manage_register")
    form = HostForm(request.POST or None, host=host)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: change_host(host, values=form.values, by=request.user, now=now)):
            messages.success(request, _("Saved."))
            return redirect(host)
    return render(request, "cohorts/host_edit.html", {"host": host, "form": form}, status=422 if form.errors else 200)
