"""Events and milestones one by one: the hour agreed, moved, held, cancelled; signed off."""

import zoneinfo
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import CalendarFeed, Event, Milestone
from ..models.event import new_feed_secret
from ..states import EVENT_MOVES, EventState

AGREED = (
    "title",
    "planned_on",
    "days",
    "starts_at",
    "ends_at",
    "time_zone",
    "is_online",
    "place",
    "link",
    "direction",
    "notes",
)
WHEN = {"planned_on", "starts_at", "ends_at", "days"}  # who sets one of these has moved the event by hand


@transaction.atomic
def change_event(event: Event, *, agreed: dict, by, now: datetime) -> Event:
    """Write down what was agreed: any of `AGREED`. Journals it; subscribed calendars learn of it (`sequence`).

    A day or hour that people set stays when the programme moves. Refused for an event that was cancelled.
    """
    unknown = agreed.keys() - set(AGREED)
    if unknown:
        raise TypeError(f"An event has no {', '.join(sorted(unknown))} to agree on.")
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.state == EventState.CANCELLED:
        raise Refused(_("The event was cancelled. Plan it again first."))
    changed = {name for name, value in agreed.items() if getattr(event, name) != value}
    if not changed:
        return event
    before = event.planned_on
    for name in changed:
        setattr(event, name, agreed[name])
    event.is_moved_by_hand = event.is_moved_by_hand or bool(changed & WHEN)
    event.sequence += 1
    event.full_clean(exclude=["code"])
    event.save(update_fields=[*changed, "is_moved_by_hand", "sequence", "updated_at"])
    data = {"before": before.isoformat(), "day": event.planned_on.isoformat(), "fields": ", ".join(_labels(changed))}
    verb = "cohorts.event.moved" if event.planned_on != before else "cohorts.event.changed"
    record(event, verb, by=by, at=now, data=data)
    return event


def _labels(names: set[str]) -> list[str]:
    return sorted(str(Event._meta.get_field(name).verbose_name) for name in names)


@transaction.atomic
def hold_event(event: Event, *, by, now: datetime) -> Event:
    """Note that the event took place. Journals it. Refused before its day has begun where it takes place."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.planned_on > day_at(event, now):
        raise Refused(_("The event lies in the future. Move it to the day on which it took place first."))
    return _move(event, "hold", "cohorts.event.held", by=by, now=now)


def day_at(event: Event, now: datetime) -> date:
    """Which day it is in the event's own zone."""
    return timezone.localdate(now, zoneinfo.ZoneInfo(event.time_zone))


@transaction.atomic
def cancel_event(event: Event, *, by, now: datetime, reason: str = "") -> Event:
    """The event does not take place. Journals it; it stays on record and subscribed calendars show it as cancelled."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    return _move(event, "cancel", "cohorts.event.cancelled", by=by, now=now, data={"reason": reason})


@transaction.atomic
def plan_event_again(event: Event, *, by, now: datetime) -> Event:
    """Take back that an event was held or cancelled. Refused for a pairing that has ended."""
    event = Event.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if event.pairing_id and event.pairing.ended_at:
        raise Refused(_("The pairing has ended."))
    return _move(event, "plan_again", "cohorts.event.planned", by=by, now=now)


def _move(event: Event, move: str, verb: str, *, by, now: datetime, data: dict | None = None) -> Event:
    event.state = EVENT_MOVES.target(move, state=event.state)
    event.sequence += 1
    event.save(update_fields=["state", "sequence", "updated_at"])
    record(event, verb, by=by, at=now, data={"day": event.planned_on.isoformat()} | (data or {}))
    return event


@transaction.atomic
def sign_off_milestone(milestone: Milestone, *, by, now: datetime) -> Milestone:
    """Say that this part of the programme is done for the twin. Journals it."""
    milestone = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone.pk)
    if milestone.signed_off_at:
        raise Refused(_("The milestone was signed off already."))
    milestone.signed_off_at, milestone.signed_off_by = now, by
    milestone.save(update_fields=["signed_off_at", "signed_off_by", "updated_at"])
    record(milestone, "cohorts.milestone.signed_off", by=by, at=now)
    return milestone


@transaction.atomic
def renew_calendar_feed(*, by) -> CalendarFeed:
    """Give the person a secret calendar address; one of before opens nothing from now on."""
    feed, _is_new = CalendarFeed.objects.get_or_create(user=by)
    feed.secret = new_feed_secret()
    feed.save(update_fields=["secret", "updated_at"])
    return feed
