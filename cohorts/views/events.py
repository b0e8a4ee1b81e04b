"""The calendar of a cohort, its events, its milestones."""

import zoneinfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from twinning.audit.selectors import history_of
from twinning.core.access import get_visible_or_404, may, require
from twinning.core.answers import answer, try_for

from ..forms.events import EventForm
from ..models import Cohort, Event, Milestone
from ..registry import EVENT_PARTS
from ..selectors.calendar import calendar_months, visit_warnings
from ..selectors.cohorts import cohort_timeline, common_events, events_of_pairings
from ..services.events import cancel_event, change_event, day_at, hold_event, plan_event_again, sign_off_milestone
from ..states import EVENT_MOVES


@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The cohort's calendar: the picture of the whole, and month by month what the reader sees; for the team what was done in it."""
    cohort = get_visible_or_404(Cohort.objects.select_related("programme"), request.user, slug=slug)
    today = timezone.localdate()
    of_pairings = events_of_pairings(cohort, request.user, soon=(today, today))
    timeline = cohort_timeline(cohort, common_events(cohort), of_pairings)
    context = {
        "cohort": cohort,
        "today": today,
        "timeline": timeline,
        "months": calendar_months(cohort, request.user, deadlines=timeline.deadlines),
        "may_plan": may(request.user, "cohorts.plan_calendar"),
        # Re-matches and weights are told here too, and nobody else learns of them before they are announced.
        "history": history_of(cohort) if may(request.user, "cohorts.view_cohort_whole", cohort) else None,
    }
    return render(request, "cohorts/calendar.html", context)


def _event(request: HttpRequest, code: str) -> Event:
    events = Event.objects.with_sides().select_related("cohort__programme")
    return get_visible_or_404(
        events.prefetch_related("pairing__hosting__host__host_cities__city"), request.user, code=code
    )


@require_safe
def event_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One event: when, in its own zone and in the reader's; where; what may be done with it."""
    event = _event(request, code)
    may_change = may(request.user, "cohorts.change_event", event)
    may_hold = may(request.user, "cohorts.hold_event", event)
    moves = EVENT_MOVES.names_from(event.state)
    context = {
        "event": event,
        "zone_differs": _zone_differs(event),
        "warnings": visit_warnings(event.pairing) if event.pairing_id and event.direction else [],
        "history": history_of(event),
        "parts": [part for make in EVENT_PARTS if (part := make(event, request.user))],
        "may_change": may_change and event.state != "cancelled",
        "may_hold": may_hold and "hold" in moves and event.planned_on <= day_at(event, timezone.now()),
        "may_cancel": may_hold and "cancel" in moves,
        "may_plan_again": may_hold and "plan_again" in moves,
    }
    return render(request, "cohorts/event_detail.html", context)


def _zone_differs(event: Event) -> bool:
    """Whether the reader's clock shows another hour than the one at the event."""
    if not event.starts_at:
        return False
    there = event.starts_at.astimezone(zoneinfo.ZoneInfo(event.time_zone))
    return timezone.localtime(event.starts_at).utcoffset() != there.utcoffset()


@require_http_methods(["GET", "HEAD", "POST"])
def event_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write down what was agreed: the hour, the place, who travels."""
    event = _event(request, code)
    require(request.user, "cohorts.change_event", event)
    form = EventForm(request.POST or None, event=event)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if try_for(form, lambda: change_event(event, agreed=form.agreed, by=request.user, now=now)):
            return redirect(event)
    context = {"event": event, "form": form, "warnings": visit_warnings(event.pairing) if event.pairing_id else []}
    return render(request, "cohorts/event_edit.html", context, status=422 if form.errors else 200)


MOVES = {
    "hold": (hold_event, gettext_lazy("Noted: the event took place.")),
    "cancel": (cancel_event, gettext_lazy("The event was cancelled.")),
    "plan-again": (plan_event_again, gettext_lazy("The event is planned again.")),
}


@require_POST
def event_move(request: HttpRequest, code: str, move: str) -> HttpResponse:
    """Note that the event was held or cancelled, or take that back."""
    event = _event(request, code)
    require(request.user, "cohorts.hold_event", event)
    service, said = MOVES[move]
    return answer(request, lambda: service(event, by=request.user, now=timezone.now()), said=said, then=event)


@require_POST
def milestone_sign_off(request: HttpRequest, code: str) -> HttpResponse:
    """Sign off a milestone of a twin."""
    milestones = Milestone.objects.select_related("participation__cohort", "participation__city")
    milestone = get_visible_or_404(milestones, request.user, code=code)
    require(request.user, "cohorts.sign_off_milestone", milestone)
    return answer(
        request,
        lambda: sign_off_milestone(milestone, by=request.user, now=timezone.now()),
        said=_("%(milestone)s: signed off.") % {"milestone": milestone},
        then=milestone.participation,
    )
