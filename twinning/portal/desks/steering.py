"""The desk of those who steer or observe all cohorts: states of outputs, events, pairings; and the health of the platform."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Event
from cohorts.selectors.cohorts import cohorts_for_list, common_events, events_of_pairings
from cohorts.states import EventState
from outputs.models import Document, Output
from outputs.states import OWED, DocumentState, OutputState
from twinning.mail.models import Letter
from twinning.mail.states import LetterState

from ..dates import DateRow, next_events_of_many
from ..health import heartbeat
from ..standing import Standing
from ..todos import LOOK_AHEAD, Todo, in_order, platform_todos, todos_for_cohort

LATE = "late"


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort of the overview. `states`: (state, count) in the order of the ladder; late ones are counted again."""

    cohort: Cohort
    month: int | None
    twins: int
    hosts: int
    pairings: int
    outputs: int
    states: list[tuple[str, int]]
    late: int
    events_held: int
    events_planned: int


@dataclass(frozen=True, slots=True)
class Vital:
    """One part of the platform: tone and words for the component `state`."""

    name: str
    tone: str
    words: str


@dataclass(frozen=True)
class SteeringDesk:
    cohorts: list[CohortLine]
    todos: list[Todo]
    dates: list[DateRow]
    vitals: list[Vital]


def steering_desk(standing: Standing, today: date) -> SteeringDesk:
    """For administrators and coordinators: everything, with what needs a decision in the present cohort."""
    todos = platform_todos()
    if cohort := standing.cohort:
        of_pairings = events_of_pairings(cohort, standing.user, soon=(today, today + LOOK_AHEAD))
        todos += todos_for_cohort(cohort, standing.user, common_events(cohort), of_pairings, runs=True, today=today)
    return SteeringDesk(
        cohorts=cohort_lines(standing, today),
        todos=in_order(todos),
        dates=next_events_of_many(Event.objects.visible_to(standing.user), today),
        vitals=vitals(),
    )


def observer_desk(standing: Standing, today: date) -> SteeringDesk:
    """For observers: the same overview, nothing to settle."""
    dates = next_events_of_many(Event.objects.visible_to(standing.user), today)
    return SteeringDesk(cohorts=cohort_lines(standing, today), todos=[], dates=dates, vitals=[])


def cohort_lines(standing: Standing, today: date) -> list[CohortLine]:
    """The person's cohorts with their numbers. Three queries, whatever their size."""
    states: dict[int, dict[str, int]] = defaultdict(dict)
    late: dict[int, int] = defaultdict(int)
    is_late = models.Q(state__in=OWED, effective__lt=today)
    counted = (
        Output.objects.annotate(effective=Coalesce("extended_until", "due_on"))
        .order_by()
        .values("participation__cohort", "state")
        .annotate(count=models.Count("pk"), late=models.Count("pk", filter=is_late))
    )
    for row in counted:
        states[row["participation__cohort"]][row["state"]] = row["count"]
        late[row["participation__cohort"]] += row["late"]
    events = {
        row["cohort"]: row
        for row in Event.objects.not_cancelled()
        .order_by()
        .values("cohort")
        .annotate(all=models.Count("pk"), held=models.Count("pk", filter=models.Q(state=EventState.HELD)))
    }
    return [
        CohortLine(
            cohort=cohort,
            month=cohort.month_on(today),
            twins=cohort.twin_count,
            hosts=cohort.host_count,
            pairings=cohort.pairing_count,
            outputs=sum(states[cohort.pk].values()),
            states=[(state, states[cohort.pk][state]) for state in OutputState.values if state in states[cohort.pk]],
            late=late[cohort.pk],
            events_held=events.get(cohort.pk, {}).get("held", 0),
            events_planned=events.get(cohort.pk, {}).get("all", 0),
        )
        for cohort in cohorts_for_list(standing.user)
    ]


def vitals() -> list[Vital]:
    """How the background does: who lives, what waits, what failed. Two queries and two looks into the cache."""
    letters = Letter.objects.aggregate(
        waiting=models.Count("pk", filter=models.Q(state__in=[LetterState.QUEUED, LetterState.SENDING])),
        failed=models.Count("pk", filter=models.Q(state=LetterState.FAILED)),
    )
    documents = Document.objects.aggregate(
        waiting=models.Count("pk", filter=models.Q(state__in=[DocumentState.QUEUED, DocumentState.RENDERING])),
        failed=models.Count("pk", filter=models.Q(state=DocumentState.FAILED)),
    )
    return [
        _alive(_("Worker"), heartbeat("worker")),
        _alive(_("Scheduler"), heartbeat("scheduler")),
        _queue(_("Letters"), letters),
        _queue(_("PDFs"), documents),
    ]


def _alive(name: str, beat: dict) -> Vital:
    if beat["ok"]:
        return Vital(name, "ok", _("running"))
    return Vital(name, "late", _("has not been heard of lately"))


def _queue(name: str, numbers: dict[str, int]) -> Vital:
    if numbers["failed"]:
        return Vital(name, "late", _("%(failed)d failed, %(waiting)d waiting") % numbers)
    if numbers["waiting"]:
        return Vital(name, "draft", _("%(waiting)d waiting") % numbers)
    return Vital(name, "ok", _("nothing waits"))
