"""A person's calendar as a calendar program reads it (RFC 5545)."""

import zoneinfo
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from ..models import CalendarFeed, Event, host_label
from ..states import EventState
from .calendar import events_for_feed

PAST = timedelta(days=400)  # how far back a subscription reaches
REFRESH = timedelta(hours=6)
STATUS = {EventState.PLANNED: "CONFIRMED", EventState.HELD: "CONFIRMED", EventState.CANCELLED: "CANCELLED"}


def calendar_file(feed: CalendarFeed, *, now: datetime) -> bytes:
    """The events of the feed's owner as a calendar file, in their language. Three queries, whatever the size."""
    with translation.override(feed.user.language):
        calendar = icalendar.Calendar()
        calendar.add("prodid", "-//Twinning//Calendar//EN")
        calendar.add("version", "2.0")
        calendar.add("method", "PUBLISH")
        calendar.add("name", settings.SITE_NAME)
        calendar.add("x-wr-calname", settings.SITE_NAME)
        calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
        events = events_for_feed(feed.user, since=(now - PAST).date())
        for event in events.prefetch_related("pairing__hosting__host__host_cities__city"):
            calendar.add_component(_entry(event))
    return calendar.to_ical()


def _entry(event: Event) -> icalendar.Event:
    """One event. The UID never changes and SEQUENCE grows, so programs move what they have instead of doubling it."""
    entry = icalendar.Event()
    entry.add("uid", f"{event.code}@{urlsplit(settings.SITE_URL).hostname or 'twinning'}")
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.updated_at)
    entry.add("last-modified", event.updated_at)
    entry.add("status", "TENTATIVE" if _is_open(event) else STATUS[EventState(event.state)])
    entry.add("summary", _summary(event))
    entry.add("description", _description(event))
    page = settings.SITE_URL + event.get_absolute_url()
    entry.add("url", page)
    if event.place or event.is_online:
        entry.add("location", event.place or event.link or _("online"))
    start, end = _span(event)
    entry.add("dtstart", start)
    entry.add("dtend", end)
    return entry


def _is_open(event: Event) -> bool:
    """The programme's day stands, the hour was not agreed yet."""
    return event.state == EventState.PLANNED and event.starts_at is None


def _span(event: Event) -> tuple[date, date]:
    """Two moments once the hour is agreed; before, whole days, of which the last one is not part of the event."""
    if event.starts_at:
        return event.starts_at.astimezone(zoneinfo.ZoneInfo("UTC")), event.ends_at.astimezone(zoneinfo.ZoneInfo("UTC"))
    return event.planned_on, event.planned_on + timedelta(days=event.days)


def _summary(event: Event) -> str:
    if not event.pairing_id:
        return event.title
    sides = f"{event.pairing.participation.city} – {host_label(event.pairing.hosting.host)}"
    return f"{event.title}: {sides}"


def _description(event: Event) -> str:
    lines = [event.cohort.title]
    if _is_open(event):
        lines.append(_("The hour is not agreed yet."))
    if event.link:
        lines.append(_("Join: %(link)s") % {"link": event.link})
    lines.append(settings.SITE_URL + event.get_absolute_url())
    return "\n".join(lines)
