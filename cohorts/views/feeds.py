"""The address under which calendar programs read a person's dates."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from ..selectors.calendar import feed_for, feed_of
from ..selectors.feeds import calendar_file
from ..services.events import renew_calendar_feed


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_subscription(request: HttpRequest) -> HttpResponse:
    """Show the reader's secret address; a press makes the first or a new one."""
    if request.method == "POST":
        renew_calendar_feed(by=request.user)
        return redirect("cohorts:calendar-subscription")
    feed = feed_for(request.user)
    address = settings.SITE_URL + reverse("cohorts:calendar-feed", args=[feed.secret]) if feed else ""
    context = {"address": address, "webcal": "webcal:" + address.partition(":")[2] if address else ""}
    return render(request, "cohorts/calendar_subscription.html", context)


@login_not_required
@require_safe
@cache_control(private=True, max_age=300)
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar file. Whoever has the address reads the dates, as calendar programs cannot sign in."""
    feed = feed_of(secret)
    if feed is None:
        raise Http404
    response = HttpResponse(calendar_file(feed, now=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="twinning.ics"'
    return response
