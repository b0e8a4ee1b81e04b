"""The desk of those who steer or observe all cohorts: states of outputs, events, pairings; and the health of the platform."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Event
from cohorts.selectors.cohorts import CountOf, cohorts_for_list, common_events, events_of_pairings
from cohorts.states import EventState
from outputs.models import Document, Output
from outputs.states import DocumentState, OutputState
from twinning.mail.models import Letter
from twinning.mail.states import LetterState
from twinning.people.models import User

from ..dates import DateRow, next_events_of_many
from ..health import heartbeat
from ..standing import Standing
from ..todos import LOOK_AHEAD, Todo, in_order, platform_todos, todos_for_cohort, what_waits

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
    letters, documents = on_their_way(standing.user)
    todos = platform_todos(failed_letters=letters["failed"], failed_documents=documents["failed"])
    common: list[Event] = []
    if cohort := standing.cohort:
        of_pairings = events_of_pairings(cohort, standing.user, soon=(today, today + LOOK_AHEAD))
        common, waits = common_events(cohort), what_waits(cohort)
        todos += todos_for_cohort(cohort, standing.user, common, of_pairings, waits=waits, today=today)
    return SteeringDesk(
        cohorts=cohort_lines(standing, today),
        todos=in_order(todos),
        dates=next_events_of_many(Event.objects.visible_to(standing.user), today, common=common),
        vitals=vitals(letters, documents),
    )


def observer_desk(standing: Standing, today: date) -> SteeringDesk:
    """For observers: the same overview, nothing to settle."""
    dates = next_events_of_many(Event.objects.visible_to(standing.user), today)
    return SteeringDesk(cohorts=cohort_lines(standing, today), todos=[], dates=dates, vitals=[])


def cohort_lines(standing: Standing, today: date) -> list[CohortLine]:
    """The person's cohorts with their numbers. Four queries, whatever their size."""
    of_cohort = "participation__cohort"
    # A column for each state: rows grouped by cohort and state would first have to be put in that order.
    by_state = {state: models.Count("pk", filter=models.Q(state=state)) for state in OutputState.values}
    counted = Output.objects.order_by().values(of_cohort).annotate(**by_state)
    states = {row.pop(of_cohort): [(state, count) for state, count in row.items() if count] for row in counted}
    overdue = Output.objects.late_on(today).order_by().values_list(of_cohort)
    late = dict(overdue.annotate(count=models.Count("pk")))
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
            outputs=sum(count for _state, count in states.get(cohort.pk, [])),
            states=states.get(cohort.pk, []),
            late=late.get(cohort.pk, 0),
            events_held=events.get(cohort.pk, {}).get("held", 0),
            events_planned=events.get(cohort.pk, {}).get("all", 0),
        )
        for cohort in cohorts_for_list(standing.user)
    ]


def on_their_way(user) -> tuple[dict[str, int], dict[str, int]]:
    """How many letters, and how many documents, wait and have failed. One query."""
    letters, documents = Letter.objects.all(), Document.objects.all()
    found = User.objects.filter(pk=user.pk).values_list(
        CountOf(letters.filter(state__in=[LetterState.QUEUED, LetterState.SENDING])),
        CountOf(letters.filter(state=LetterState.FAILED)),
        CountOf(documents.filter(state__in=[DocumentState.QUEUED, DocumentState.RENDERING])),
        CountOf(documents.filter(state=DocumentState.FAILED)),
    )
    letters_waiting, letters_failed, documents_waiting, documents_failed = found.get()
    return (
        {"waiting": letters_waiting, "failed": letters_failed},
        {"waiting": documents_waiting, "failed": documents_failed},
    )


def vitals(letters: dict[str, int], documents: dict[str, int]) -> list[Vital]:
    """How the background does: who lives, what waits, what failed. Two looks into the cache."""
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
