"""What waits for whom. Reads for desks and cohort pages; each function asks a fixed number of queries.

Rows are `Output` objects: `output.label`, `.state`, `.due`, `.days_late(today)`, `.get_absolute_url()` cost no query.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cohorts.models import Pairing, Participation
from cohorts.states import PARTICIPATING, PairingState

from ..models import Output
from ..states import OutputState

ACTIONS: dict[str, str | Promise] = {
    OutputState.NOT_STARTED: _("Begin to write"),
    OutputState.DRAFT: _("Go on writing"),
    OutputState.SENT_BACK: _("Make the changes"),
}


@dataclass(frozen=True)
class NextStep:
    """One output that an officer still owes. Fits the components `todo` and `ladder`."""

    output: Output
    title: str
    state: str
    due_on: datetime.date
    days_late: int
    url: str
    action: str | Promise

    @property
    def participation(self) -> Participation:
        return self.output.participation


def next_steps_for_officer(user, today: datetime.date) -> list[NextStep]:
    """What the cities that `user` writes for still owe, the earliest due date first. One query."""
    own = Participation.objects.of_member(user).participating().filter(pairings__state=PairingState.ANNOUNCED)
    owed = (
        Output.objects.owed()
        .filter(participation__in=own.values("pk"))
        .with_effective_due()
        .with_participation()
        .order_by("effective_due_on", "position", "pk")
    )
    return [
        NextStep(
            output=output,
            title=output.label,
            state=output.state,
            due_on=output.due,
            days_late=output.days_late(today),
            url=reverse("outputs:output-detail", args=[output.code]),
            action=ACTIONS[output.state],
        )
        for output in owed
    ]


def waiting_for_reviewer(user) -> QuerySet[Output]:
    """The outputs of `submitted_to`, the longest waiting first, each with its `round`. One query."""
    return submitted_to(user).with_participation().with_round().order_by("submitted_at", "pk")


def submitted_to(user) -> QuerySet[Output]:
    """Submitted outputs that wait for `user`'s review, to be counted or read.

    For a facilitator those of the open pairings assigned to them; for those who steer all of them; else none.
    """
    waiting = Output.objects.filter(state=OutputState.SUBMITTED)
    if user.steers:
        return waiting
    if not user.is_facilitator:
        return waiting.none()
    mine = Pairing.objects.assigned_to(user).open()
    return waiting.filter(participation__in=mine.values("participation"))


def late_outputs(user, today: datetime.date) -> QuerySet[Output]:
    """What is owed and overdue among what `user` sees, the longest overdue first. One query."""
    return (
        Output.objects.visible_to(user)
        .late_on(today)
        .filter(participation__state__in=PARTICIPATING)
        .with_participation()
        .order_by("effective_due_on", "participation__city__name", "position", "pk")
    )


def output_states_by_participation(cohort) -> dict[int, list[Output]]:
    """Participation id -> its outputs in the programme's order, for a whole cohort. One query.

    States of a whole cohort are for those who run or see it whole; show a city or host only participations that
    `Participation.objects.visible_to(user)` gives.
    """
    rows = defaultdict(list)
    for output in Output.objects.in_cohort(cohort).order_by("participation_id", "position", "pk"):
        rows[output.participation_id].append(output)
    return dict(rows)


@dataclass(frozen=True)
class CityOutputs:
    """One city's outputs in a cohort, in the programme's order."""

    participation: Participation
    outputs: list["OutputRow"]


@dataclass(frozen=True)
class OutputRow:
    output: Output
    days_late: int


def participations_with_outputs(user, participation: Participation | None = None) -> QuerySet[Participation]:
    """Those of whom `user` sees an output: the newest cohort first, then by name."""
    seen = Output.objects.visible_to(user)
    if participation is not None:
        seen = seen.filter(participation=participation)
    return (
        Participation.objects.filter(pk__in=seen.values("participation"))
        .select_related("city", "cohort")
        .order_by("-cohort__kickoff_on", "cohort__title", "city__name", "pk")
    )


def outputs_of(user, participations: list[Participation], today: datetime.date) -> list[CityOutputs]:
    """The outputs of these participations that `user` sees. One query."""
    rows = defaultdict(list)
    for output in Output.objects.visible_to(user).filter(participation__in=participations).order_by("position", "pk"):
        rows[output.participation_id].append(OutputRow(output, output.days_late(today)))
    return [CityOutputs(participation, rows[participation.pk]) for participation in participations]
