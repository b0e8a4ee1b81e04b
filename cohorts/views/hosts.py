"""Hosts of the register, added and changed by those who run the programme; hosts and cities that join a cohort."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from twinning.core.access import get_visible_or_404, require
from twinning.core.answers import try_for

from ..forms.profiles import HostForm, HostingAddForm, ParticipationAddForm
from ..models import Cohort, Host
from ..services.hostings import add_hosting
from ..services.participations import add_participation
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


@require_http_methods(["GET", "HEAD", "POST"])
def hosting_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a host of the register into the cohort."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "cohorts.change_hosting", cohort)
    form = HostingAddForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: add_hosting(cohort, by=request.user, now=now, **form.cleaned_data)):
            messages.success(request, _("The host is in the cohort."))
            return redirect("cohorts:hosting-list", cohort.slug)
    context = {"cohort": cohort, "form": form}
    return render(request, "cohorts/hosting_add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def participation_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Select a city of the register as a twin of the cohort."""
    cohort = get_visible_or_404(Cohort.objects, request.user, slug=slug)
    require(request.user, "cohorts.change_participation", cohort)
    form = ParticipationAddForm(request.POST or None, cohort=cohort)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: add_participation(cohort, by=request.user, now=now, **form.cleaned_data)):
            messages.success(request, _("The city is a twin of the cohort."))
            return redirect("cohorts:participation-list", cohort.slug)
    context = {"cohort": cohort, "form": form}
    return render(request, "cohorts/participation_add.html", context, status=422 if form.errors else 200)
