"""Reading the calendar: what comes next, for whom, and whether the visits fit."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.pictures.timeline import Mark

from ..models import CalendarFeed, Cohort, Event, Milestone, Pairing, Programme, host_label
from ..registry import Move
from ..states import EventKind, EventState, VisitDirection


def visit_warnings(pairing: Pairing) -> list[str]:
    """Sentences on visits of the twin that cannot fit the programme, whoever hosted them. Two queries."""
    return warnings_from(pairing, events_of_twin(pairing))


def warnings_from(pairing: Pairing, of_twin: Iterable[Event]) -> list[str]:
    """The same from the events of the twin, once they have been read.

    The order is free, so a set of directions fits as long as neither side travels more often than the programme says.
    """
    programme = pairing.participation.cohort.programme
    if programme is None:
        return []
    trips = Counter(
        event.direction
        for event in of_twin
        if event.kind == EventKind.SITE_VISIT and event.state != EventState.CANCELLED
    )
    return trip_warnings(programme, twin=trips[VisitDirection.TWIN_TRAVELS], host=trips[VisitDirection.HOST_TRAVELS])


def trip_warnings(programme: Programme, *, twin: int, host: int) -> list[str]:
    """The same from the numbers of trips alone."""
    warnings = []
    if twin > programme.twin_trips:
        said = ngettext(
            "The twin would travel %(trips)d times; the programme has %(most)d visit to the host.",
            "The twin would travel %(trips)d times; the programme has %(most)d visits to the host.",
            programme.twin_trips,
        )
        warnings.append(said % {"trips": twin, "most": programme.twin_trips})
    if host > programme.host_trips:
        said = ngettext(
            "The host would travel %(trips)d times; the programme has %(most)d visit to the twin.",
            "The host would travel %(trips)d times; the programme has %(most)d visits to the twin.",
            programme.host_trips,
        )
        warnings.append(said % {"trips": host, "most": programme.host_trips})
    return warnings


def events_for_calendar(cohort: Cohort, user) -> models.QuerySet[Event]:
    """The events of a cohort that the reader sees, in the order of their days, cancelled ones included."""
    return Event.objects.visible_to(user).in_cohort(cohort).with_sides().order_by("planned_on", "starts_at", "pk")


def events_for_feed(user, *, since: date) -> models.QuerySet[Event]:
    """What a person's calendar program shows: their events of every cohort from `since` on.

    Those who see every cohort whole are not subscribed to every visit, only to those of pairings they accompany.
    """
    events = Event.objects.visible_to(user).filter(planned_on__gte=since)
    if user.sees_all:
        events = events.filter(models.Q(pairing=None) | models.Q(pairing__in=Pairing.objects.assigned_to(user)))
    return events.with_sides().order_by("planned_on", "pk")


def feed_of(secret: str) -> CalendarFeed | None:
    """The subscription with this address, of a person whose account is open."""
    return CalendarFeed.objects.select_related("user").filter(secret=secret, user__is_active=True).first()


def feed_for(user) -> CalendarFeed | None:
    """The person's own subscription, where they made one."""
    return CalendarFeed.objects.filter(user=user).first()


def events_of_twin(pairing: Pairing) -> list[Event]:
    """What the twin of this pairing does in it, and did in its earlier ones, in the order of the days."""
    events = Event.objects.filter(pairing__participation=pairing.participation_id)
    return list(events.select_related("cohort").order_by("planned_on", "number", "pk"))


def next_event(events: list[Event], *, today: date) -> Event | None:
    """The first event that is still to come. Wants them in the order of their days."""
    return next((event for event in events if event.state == EventState.PLANNED and event.planned_on >= today), None)


def milestones_of(participation, user) -> list[Milestone]:
    seen = Milestone.objects.visible_to(user).filter(participation=participation)
    return list(seen.select_related("signed_off_by").order_by("number", "pk"))


@dataclass(frozen=True)
class CalendarRow:
    """One line of a month. What many pairings do on one day by the programme is one line."""

    on: date
    title: str
    detail: str
    url: str
    state: str
    state_label: str
    count: int


@dataclass(frozen=True)
class CalendarMonth:
    starts_on: date
    rows: list[CalendarRow]


ALIKE = 3  # so many pairings with the same on one day share a line


def calendar_months(cohort: Cohort, user, *, deadlines: Iterable[Mark] = ()) -> list[CalendarMonth]:
    """What the reader sees of the cohort's calendar, month by month. Six queries, whatever the size.

    Three and more pairings with the same visit on the same day, in the same state, share a line. `deadlines`: due
    dates and milestones of the programme, which stand among the events.
    """
    events = events_for_calendar(cohort, user)
    of_pairings = events.filter(pairing__isnull=False)
    key = ("planned_on", "title", "state")
    groups = of_pairings.order_by().values(*key).annotate(count=models.Count("pk")).filter(count__gte=ALIKE)
    alongside = models.Window(models.Count("pk"), partition_by=list(key))
    alone = of_pairings.order_by().annotate(alongside=alongside).filter(alongside__lt=ALIKE)
    rows = [_row_of_one(event) for event in events.filter(pairing=None)]
    single = Event.objects.filter(pk__in=alone.values("pk")).with_sides()
    rows += [_row_of_one(event) for event in single.prefetch_related("pairing__hosting__host__host_cities__city")]
    rows += [_row_of_many(group, cohort) for group in groups]
    rows += [CalendarRow(mark.on, mark.title, _("every twin"), "", "", "", 0) for mark in deadlines]
    rows.sort(key=lambda row: (row.on, row.title, row.detail))
    months: dict[date, list[CalendarRow]] = {}
    for row in rows:
        months.setdefault(row.on.replace(day=1), []).append(row)
    return [CalendarMonth(month, rows) for month, rows in months.items()]


def _row_of_many(group: dict, cohort: Cohort) -> CalendarRow:
    said = ngettext("%(count)d pairing", "%(count)d pairings", group["count"]) % {"count": group["count"]}
    url = f"{reverse('cohorts:pairing-list')}?cohort={cohort.slug}"
    label = str(EventState(group["state"]).label)
    return CalendarRow(group["planned_on"], group["title"], said, url, group["state"], label, group["count"])


def _row_of_one(event: Event) -> CalendarRow:
    side = f"{event.pairing.participation.city} – {host_label(event.pairing.hosting.host)}" if event.pairing_id else ""
    url, label = event.get_absolute_url(), event.get_state_display()
    return CalendarRow(event.planned_on, event.title, side, url, event.state, label, 1)


@dataclass(frozen=True)
class MoveRow:
    """Moves that say the same of several twins, as one line."""

    label: str
    before: date | None
    after: date | None
    about: str  # the twin or pairing where it is one, else how many; empty for the whole cohort


def summed_moves(moves: list[Move]) -> list[MoveRow]:
    """The moves as few lines as possible, by the new day."""
    groups: dict[tuple, list[Move]] = {}
    for move in moves:
        groups.setdefault((move.label, move.before, move.after), []).append(move)
    rows = []
    for (label, before, after), alike in groups.items():
        said = ngettext("%(count)d twin", "%(count)d twins", len(alike)) % {"count": len(alike)}
        rows.append(MoveRow(label, before, after, alike[0].about if len(alike) == 1 else said))
    return sorted(rows, key=lambda row: (row.after or row.before, row.label, row.about))
