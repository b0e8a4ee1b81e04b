"""The calendar of a cohort: made from its programme, moved with it, and shown before it moves.

Planning compares the programme with what stands there, by kind and number. What people decided stays: an event that
took place, was cancelled or was moved by hand, and a milestone that was signed off.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from twinning.audit.services import record
from twinning.core.errors import Refused

from ..models import Cohort, Event, Milestone, Pairing, Participation, Programme, ProgrammeEvent
from ..registry import PREVIEWS, Frame, Move, follow_up
from ..states import EVENT_MOVES, OPEN_PAIRING, EventKind, EventScope, EventState

BATCH = 500


def frame_of(programme: Programme, kickoff_on: date) -> Frame:
    """The programme as it is saved, on this kick-off."""
    return Frame(
        kickoff_on=kickoff_on,
        events=list(programme.events.order_by("offset_months", "offset_days", "pk")),
        outputs=list(programme.outputs.order_by("position", "pk")),
        milestones=list(programme.milestones.order_by("number", "pk")),
    )


@dataclass
class CalendarPlan:
    """What planning would write: new rows, and present rows with their new values (not saved yet)."""

    new_events: list[Event] = field(default_factory=list)
    moved_events: list[tuple[Event, date]] = field(default_factory=list)  # with the day before
    renamed_events: list[Event] = field(default_factory=list)
    dropped_events: list[Event] = field(default_factory=list)  # the programme has them no more
    new_milestones: list[Milestone] = field(default_factory=list)
    moved_milestones: list[tuple[Milestone, date]] = field(default_factory=list)
    renamed_milestones: list[Milestone] = field(default_factory=list)

    def moves(self) -> list[Move]:
        """The dates among it, for people to read."""
        return [
            *(Move("event", event.title, _side(event), None, event.planned_on) for event in self.new_events),
            *(
                Move("event", event.title, _side(event), before, event.planned_on)
                for event, before in self.moved_events
            ),
            *(Move("event", event.title, _side(event), event.planned_on, None) for event in self.dropped_events),
            *(Move("milestone", row.title, str(row.participation), None, row.due_on) for row in self.new_milestones),
            *(
                Move("milestone", row.title, str(row.participation), old, row.due_on)
                for row, old in self.moved_milestones
            ),
        ]


def _side(event: Event) -> str:
    return str(event.pairing) if event.pairing_id else ""


def compare_calendar(cohort: Cohort, frame: Frame) -> CalendarPlan:
    """What the calendar of `cohort` lacks or has on other days than `frame` says. Reads only; six queries."""
    plan = CalendarPlan()
    present = list(
        Event.objects.in_cohort(cohort)
        .with_sides()
        .prefetch_related("pairing__hosting__host__host_cities__city")
        .order_by("planned_on", "pk")
    )
    _compare_present(plan, present, frame)
    _find_missing_events(plan, cohort, present, frame)
    _compare_milestones(plan, cohort, frame)
    return plan


def _compare_present(plan: CalendarPlan, present: Iterable[Event], frame: Frame) -> None:
    templates = {(row.scope, row.kind, row.number): row for row in frame.events}
    for event in present:
        if event.state != EventState.PLANNED or event.is_moved_by_hand or event.template_id is None:
            continue
        scope = EventScope.PAIRING if event.pairing_id else EventScope.COHORT
        template = templates.get((scope, event.kind, event.number))
        if template is None:
            plan.dropped_events.append(event)
            continue
        before, day = event.planned_on, template.date_from(frame.kickoff_on)
        is_renamed = event.title != template.title
        event.planned_on, event.title = day, template.title
        if day != before:
            plan.moved_events.append((event, before))
        elif is_renamed:
            plan.renamed_events.append(event)


def _find_missing_events(plan: CalendarPlan, cohort: Cohort, present: Iterable[Event], frame: Frame) -> None:
    of_cohort, of_pairing, held = set(), defaultdict(set), defaultdict(set)
    for event in present:
        key = (event.kind, event.number)
        if event.pairing_id is None:
            of_cohort.add(key)
            continue
        of_pairing[event.pairing_id].add(key)
        if event.state == EventState.HELD:
            held[event.pairing.participation_id].add(key)
    common = [row for row in frame.events if row.scope == EventScope.COHORT and (row.kind, row.number) not in of_cohort]
    plan.new_events += [_event(row, cohort, frame) for row in common]
    for pairing in _open_pairings(cohort):
        done = of_pairing[pairing.pk] | held[pairing.participation_id]
        plan.new_events += _events_for(pairing, cohort, frame, done)


def _open_pairings(cohort: Cohort):
    return Pairing.objects.in_cohort(cohort).filter(state__in=OPEN_PAIRING).with_sides().order_by("pk")


def _events_for(pairing: Pairing, cohort: Cohort, frame: Frame, done: set[tuple[str, int]]) -> list[Event]:
    rows = [row for row in frame.events if row.scope == EventScope.PAIRING and (row.kind, row.number) not in done]
    return [_event(row, cohort, frame, pairing) for row in rows]


def _event(template: ProgrammeEvent, cohort: Cohort, frame: Frame, pairing: Pairing | None = None) -> Event:
    return Event(
        cohort=cohort,
        pairing=pairing,
        template=template,
        kind=template.kind,
        number=template.number,
        title=template.title,
        planned_on=template.date_from(frame.kickoff_on),
        days=2 if template.kind == EventKind.SITE_VISIT else 1,  # two days is usual, and each can be changed
        time_zone=cohort.time_zone,
        is_online=template.is_online,
    )


def _compare_milestones(plan: CalendarPlan, cohort: Cohort, frame: Frame) -> None:
    paired = (
        Participation.objects.in_cohort(cohort)
        .filter(pairings__state__in=OPEN_PAIRING)
        .select_related("city")
        .distinct()
        .order_by("pk")
    )
    present = Milestone.objects.filter(participation__cohort=cohort).select_related("participation__city")
    of_participation = defaultdict(dict)
    for milestone in present.order_by("pk"):
        of_participation[milestone.participation_id][milestone.number] = milestone
    for participation in paired:
        for template in frame.milestones:
            day = template.date_from(frame.kickoff_on)
            milestone = of_participation[participation.pk].get(template.number)
            if milestone is None:
                new = Milestone(participation=participation, template=template, number=template.number)
                new.title, new.due_on = template.title, day
                plan.new_milestones.append(new)
            elif milestone.signed_off_at is None:
                _compare_milestone(plan, milestone, template, day)


def _compare_milestone(plan: CalendarPlan, milestone: Milestone, template, day: date) -> None:
    before, is_renamed = milestone.due_on, milestone.title != template.title
    milestone.due_on, milestone.title = day, template.title
    if day != before:
        plan.moved_milestones.append((milestone, before))
    elif is_renamed:
        plan.renamed_milestones.append(milestone)


def preview_calendar(cohort: Cohort, frame: Frame) -> list[Move]:
    """Every date that planning the calendar on `frame` would set: events, milestones, and what higher apps add."""
    moves = compare_calendar(cohort, frame).moves()
    for preview in PREVIEWS:
        moves += preview(cohort, frame)
    return moves


def preview_kickoff_change(cohort: Cohort, *, programme: Programme, kickoff_on: date) -> list[Move]:
    """What `plan_calendar` with the same words would move. Changes nothing."""
    return preview_calendar(cohort, frame_of(programme, kickoff_on))


def fingerprint_of(moves: Iterable[Move]) -> str:
    """Changes whenever a move does: what was shown is what is confirmed."""
    said = sorted(repr((move.what, move.label, move.about, move.before, move.after)) for move in moves)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


@transaction.atomic
def plan_calendar(cohort: Cohort, *, programme: Programme, kickoff_on: date, by, now: datetime) -> Cohort:
    """Give the cohort this programme and kick-off, and make or move its calendar.

    Events of the cohort, visits of each open pairing, milestones of each paired twin; then the higher apps follow:
    the outputs come into being or move. What took place, was settled or moved by hand stays. Journals it.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    cohort.programme, cohort.kickoff_on, cohort.length_months = programme, kickoff_on, programme.length_months
    cohort.full_clean(exclude=["slug"])
    cohort.save(update_fields=["programme", "kickoff_on", "length_months", "updated_at"])
    record(cohort, "cohorts.calendar.planned", by=by, at=now, data={"kickoff": kickoff_on.isoformat()})
    _write(compare_calendar(cohort, frame_of(programme, kickoff_on)), by=by, now=now)
    follow_up("calendar_planned", cohort, by=by, now=now)
    return cohort


def _write(plan: CalendarPlan, *, by, now: datetime) -> None:
    Event.objects.bulk_create(plan.new_events, batch_size=BATCH)
    Milestone.objects.bulk_create(plan.new_milestones, batch_size=BATCH)
    events = [event for event, _before in plan.moved_events] + plan.renamed_events
    for event in events:
        event.sequence += 1
        event.updated_at = now
    Event.objects.bulk_update(events, ["planned_on", "title", "sequence", "updated_at"], batch_size=BATCH)
    milestones = [milestone for milestone, _before in plan.moved_milestones] + plan.renamed_milestones
    Milestone.objects.bulk_update(milestones, ["due_on", "title"], batch_size=BATCH)
    for event, before in plan.moved_events:
        data = {"before": before.isoformat(), "day": event.planned_on.isoformat()}
        record(event, "cohorts.event.moved", by=by, at=now, data=data)
    for event in plan.dropped_events:
        cancel_planned(event, by=by, now=now)


def cancel_planned(event: Event, *, by, now: datetime) -> None:
    """Cancel an event that has not taken place. Journals it; subscribed calendars learn of it."""
    event.state = EVENT_MOVES.target("cancel", state=event.state)
    event.sequence += 1
    event.save(update_fields=["state", "sequence", "updated_at"])
    record(event, "cohorts.event.cancelled", by=by, at=now)


def plan_pairing(pairing: Pairing, *, by, now: datetime) -> list[Event]:
    """Give a confirmed pairing its visits, and its twin the milestones. What the twin did with an earlier host stays done.

    Nothing happens in a cohort without a programme or kick-off; `plan_calendar` catches up.
    """
    cohort = pairing.participation.cohort
    if cohort.programme_id is None or cohort.kickoff_on is None:
        return []
    frame = frame_of(cohort.programme, cohort.kickoff_on)
    held = Event.objects.filter(pairing__participation=pairing.participation_id, state=EventState.HELD)
    done = set(held.values_list("kind", "number"))
    events = Event.objects.bulk_create(_events_for(pairing, cohort, frame, done), batch_size=BATCH)
    present = set(pairing.participation.milestones.values_list("number", flat=True))
    Milestone.objects.bulk_create(
        Milestone(
            participation=pairing.participation,
            template=row,
            number=row.number,
            title=row.title,
            due_on=row.date_from(frame.kickoff_on),
        )
        for row in frame.milestones
        if row.number not in present
    )
    return events


def cancel_pairing_events(pairing: Pairing, *, by, now: datetime) -> None:
    """What an ended pairing still planned does not take place."""
    for event in pairing.events.filter(state=EventState.PLANNED).order_by("planned_on", "pk"):
        cancel_planned(event, by=by, now=now)


# --- Changing a programme ---------------------------------------------------------------------------------------------


@dataclass
class ProgrammeDraft:
    """A programme with changes that nobody saved yet: rows as they shall be, and rows that shall go."""

    programme: Programme
    modules: list
    events: list
    outputs: list
    milestones: list
    removed: list = field(default_factory=list)

    def frame(self, kickoff_on: date) -> Frame:
        return Frame(kickoff_on, self.events, self.outputs, self.milestones)


@dataclass(frozen=True)
class CohortMoves:
    cohort: Cohort
    moves: list[Move]


def preview_programme_change(draft: ProgrammeDraft) -> list[CohortMoves]:
    """What `apply_programme_change` would move, cohort by cohort. Changes nothing."""
    return [
        CohortMoves(cohort, preview_calendar(cohort, draft.frame(cohort.kickoff_on)))
        for cohort in _planned_cohorts(draft.programme)
    ]


def _planned_cohorts(programme: Programme) -> list[Cohort]:
    if programme.pk is None:
        return []
    return list(programme.cohorts.filter(kickoff_on__isnull=False).order_by("kickoff_on", "pk"))


@transaction.atomic
def apply_programme_change(draft: ProgrammeDraft, *, shown: str, by, now: datetime) -> list[CohortMoves]:
    """Save the changed programme and move the calendars made from it. Returns what moved.

    `shown` is the fingerprint of the moves that the person was shown. Refused where it is no longer what would happen.
    """
    Programme.objects.select_for_update(of=("self",)).get(pk=draft.programme.pk)
    changes = preview_programme_change(draft)
    if shown != fingerprint_of_change(changes):
        raise Refused(_("What this would move has changed meanwhile. Look at it again before you apply it."))
    cohorts = _planned_cohorts(draft.programme)
    for cohort in cohorts:
        # Cancelled while the events still know which row of the programme they come from.
        for event in compare_calendar(cohort, draft.frame(cohort.kickoff_on)).dropped_events:
            cancel_planned(event, by=by, now=now)
    _save(draft)
    moved = sum(len(change.moves) for change in changes)
    record(draft.programme, "cohorts.programme.changed", by=by, at=now, data={"moved": moved})
    for cohort in cohorts:
        plan_calendar(cohort, programme=draft.programme, kickoff_on=cohort.kickoff_on, by=by, now=now)
    return changes


def _save(draft: ProgrammeDraft) -> None:
    draft.programme.full_clean()
    draft.programme.save()
    for row in draft.removed:
        row.delete()
    for row in (*draft.modules, *draft.events, *draft.outputs, *draft.milestones):
        row.programme = draft.programme
        row.full_clean()
        row.save()


def fingerprint_of_change(changes: Iterable[CohortMoves]) -> str:
    return fingerprint_of([move for change in changes for move in change.moves])
