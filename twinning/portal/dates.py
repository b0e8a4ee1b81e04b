"""Next dates as rows: events in the reader's zone, and when outputs are due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Event
from cohorts.states import EventState
from outputs.models import Output

SHOWN = 6
SHOWN_OF_EVENT = (
    *("code", "title", "planned_on", "days", "starts_at", "ends_at", "time_zone", "is_online", "place", "pairing"),
    *("pairing__participation", "pairing__participation__city", "pairing__participation__city__name"),
)


@dataclass(frozen=True, slots=True)
class DateRow:
    """Fits the component `rows`."""

    on: date
    title: str
    detail: str
    url: str
    action: str = ""


def next_events(events: models.QuerySet[Event], today: date, *, limit: int = SHOWN) -> list[DateRow]:
    """The next planned events of one pairing and its cohort, in their order. One query."""
    return [_row(event, event.title) for event in _planned(events, today).with_sides()[:limit]]


def next_events_of_many(
    events: models.QuerySet[Event], today: date, *, limit: int = SHOWN, common: Iterable[Event] = ()
) -> list[DateRow]:
    """The next planned events of many pairings: the same event on the same day is one row with a count.

    Two queries at most; `common`: events that have been read already.
    """
    groups = list(
        _planned(events, today)
        .values("planned_on", "title")
        .annotate(count=models.Count("pk"), code=models.Min("code"))
        .order_by("planned_on", "title")[:limit]
    )
    single = {event.code: event for event in common}
    codes = [group["code"] for group in groups if group["count"] == 1 and group["code"] not in single]
    if codes:
        read = Event.objects.filter(code__in=codes).select_related("pairing__participation__city").only(*SHOWN_OF_EVENT)
        single |= {event.code: event for event in read.order_by("pk")}
    return [_group_row(group, single.get(group["code"])) for group in groups]


def on_first_days(events: models.QuerySet[Event], today: date, *, limit: int) -> models.QuerySet[Event]:
    """Those on the next days with something planned, so many that they hold the next `limit` dates.

    For the events of one cohort, whose days are at hand: the database then need not count everything that lies further off.
    """
    days = _planned(events, today).order_by("planned_on").values("planned_on").distinct()
    return events.filter(planned_on__in=days[:limit])


def _planned(events: models.QuerySet[Event], today: date) -> models.QuerySet[Event]:
    return events.filter(state=EventState.PLANNED, planned_on__gte=today).order_by("planned_on", "pk")


def _row(event: Event, title: str) -> DateRow:
    return DateRow(event.planned_on, title, _when_and_where(event), event.get_absolute_url())


def _group_row(group: dict, event: Event | None) -> DateRow:
    if event is None or group["count"] > 1:
        pairings = ngettext("%(count)d pairing", "%(count)d pairings", group["count"]) % group
        return DateRow(group["planned_on"], group["title"], pairings, "")
    return _row(event, f"{event.title}: {event.pairing.participation.city}" if event.pairing_id else event.title)


def _when_and_where(event: Event) -> str:
    """ "10:00–12:00 CET (09:00–11:00 in Europe/London), online"; "2 days, hour not agreed yet"."""
    words = []
    if event.starts_at:
        words.append(_hours(event))
    else:
        if event.days > 1:
            words.append(ngettext("%(days)d day", "%(days)d days", event.days) % {"days": event.days})
        words.append(_("hour not agreed yet") if event.days == 1 else _("date not agreed yet"))
    if event.is_online:
        words.append(_("online"))
    elif event.place:
        words.append(event.place)
    return ", ".join(words)


def _hours(event: Event) -> str:
    own = timezone.get_current_timezone()
    there = ZoneInfo(event.time_zone)
    words = _span(event, own)
    if event.starts_at.astimezone(own).utcoffset() != event.starts_at.astimezone(there).utcoffset():
        place = event.time_zone.rsplit("/", 1)[-1].replace("_", " ")
        words += " " + _("(%(hours)s in %(place)s)") % {"hours": _span(event, there), "place": place}
    return words


def _span(event: Event, zone) -> str:
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    return f"{formats.time_format(start, 'H:i')}–{formats.time_format(end, 'H:i')} {start.tzname()}"


def due_dates(outputs: list[Output], today: date) -> list[DateRow]:
    """When the outputs that are still owed are due, from today on."""
    rows = [
        DateRow(output.due, output.label, _("due"), output.get_absolute_url())
        for output in outputs
        if output.due >= today
    ]
    return sorted(rows, key=lambda row: (row.on, row.title))


def merged(*lists: list[DateRow], limit: int = SHOWN) -> list[DateRow]:
    return sorted((row for rows in lists for row in rows), key=lambda row: (row.on, row.title))[:limit]
