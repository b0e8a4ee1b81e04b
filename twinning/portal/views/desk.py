"""The desk: the first page of everybody, made for their role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from ..desks import facilitator_desk, host_desk, observer_desk, officer_desk, steering_desk
from ..standing import Standing, standing_of


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What is next for this person, and who must do it. The role on the platform comes first, then the city or host acted for."""
    standing, today = standing_of(request), timezone.localdate()
    template, make = _kind_of(standing)
    context = {"today": today, "cohort": standing.cohort}
    if make is not None:
        context["desk"] = make(standing, today)
    return render(request, template, context)


def _kind_of(standing: Standing):
    """The template, and the function that gathers what stands on it."""
    user, acting = standing.user, standing.acting
    if user.steers:
        return "portal/desk_steering.html", steering_desk
    if user.is_observer:
        return "portal/desk_observer.html", observer_desk
    if user.is_facilitator:
        return "portal/desk_facilitator.html", facilitator_desk
    if acting and acting.side == "twin":
        return "portal/desk_officer.html", officer_desk
    if acting:
        return "portal/desk_host.html", host_desk
    return "portal/desk_nobody.html", None
