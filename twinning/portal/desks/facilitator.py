"""The desk of a facilitator: their pairings, what is late, what waits for them."""

from dataclasses import dataclass
from datetime import date

from django.db import models

from cohorts.models import Event, FacilitatorAssignment, Pairing
from cohorts.selectors.cohorts import CountOf
from cohorts.selectors.facilitators import open_assignments_of
from outputs.models import Output
from outputs.selectors.desk import late_outputs, submitted_to
from outputs.states import OutputState
from twinning.people.models import User

from ..cohort_page import Row, hosts_of_rows, longest_late_first, read_page, rows_of
from ..dates import DateRow, next_events_of_many
from ..standing import Standing
from ..todos import (
    Todo,
    decision_todos,
    in_order,
    late_todos,
    review_todos,
    visit_todos,
    visits_without_hour,
    what_waits,
)

MOST_ROWS = 25


@dataclass(frozen=True)
class FacilitatorDesk:
    todos: list[Todo]
    rows: list[Row]
    count: int
    numbers: dict[str, int]
    dates: list[DateRow]


def facilitator_desk(standing: Standing, today: date) -> FacilitatorDesk:
    """Their pairings of every cohort; what the present cohort's team has to decide, if they are on it."""
    user = standing.user
    assignments = open_assignments_of(user)
    mine = assignments.values("pairing")
    known = Output.objects.all()  # of their pairings they know every output
    chosen = longest_late_first(Pairing.objects.filter(pk__in=mine), known, today)[:MOST_ROWS]
    listed = read_page(chosen, user, known, today, opens_all=True)
    events = Event.objects.filter(pairing__in=mine)
    todos = [*late_todos(late_outputs(user, today), today), *review_todos(submitted_to(user), today)]
    todos += visit_todos(visits_without_hour(events, today))
    if standing.runs_cohort:
        todos += decision_todos(standing.cohort, what_waits(standing.cohort))
    numbers = _numbers(user, assignments, today)
    common = models.Q(pairing=None, cohort__in=standing.cohorts)
    return FacilitatorDesk(
        todos=in_order(todos),
        rows=rows_of(listed, hosts_of_rows(listed)),
        count=numbers["pairings"],
        numbers=numbers,
        dates=next_events_of_many(Event.objects.filter(common | models.Q(pairing__in=mine)), today),
    )


def _numbers(user, assignments: models.QuerySet[FacilitatorAssignment], today: date) -> dict[str, int]:
    """How many pairings they have, whether these have outputs, and how many of them wait for review and are late. One query.

    Each is asked by itself: few outputs wait or are late, and an index has these at hand.
    """
    outputs = Output.objects.filter(participation__in=assignments.values("pairing__participation"))
    numbers = User.objects.filter(pk=user.pk).values(
        pairings=CountOf(assignments),
        all=models.Exists(outputs.exclude(state=OutputState.WAIVED)),
        submitted=CountOf(outputs.filter(state=OutputState.SUBMITTED)),
        late=CountOf(outputs.late_on(today)),
    )
    return numbers.get()
