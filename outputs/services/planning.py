"""How outputs come into being and move with their cohort's calendar."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Pairing, Participation, ProgrammeOutput
from cohorts.registry import Frame, Move
from cohorts.states import OPEN_PAIRING
from twinning.audit.services import record
from twinning.core.days import working_day

from ..models import Output
from ..states import SETTLED


@transaction.atomic
def plan_outputs(pairing: Pairing, *, by, now: datetime) -> list[Output]:
    """Give the twin of a confirmed pairing its outputs with due dates. A twin that has them keeps them.

    Nothing happens in a cohort without a programme or kick-off; `replan_cohort` catches up once it has both.
    """
    return _plan_for(pairing.participation, by=by, now=now)


@transaction.atomic
def replan_cohort(cohort: Cohort, *, by, now: datetime) -> None:
    """After the calendar was planned or moved: outputs that are missing come, those not settled move along."""
    for participation in _paired(cohort).select_related("city", "cohort__programme"):
        _plan_for(participation, by=by, now=now)
    if cohort.programme_id is None or cohort.kickoff_on is None:
        return
    templates = {template.kind: template for template in cohort.programme.outputs.order_by("position", "pk")}
    for output in _movable(cohort):
        template = templates.get(output.kind)
        if template is None:
            continue
        before, dates = output.due_on, due_dates(template, cohort.kickoff_on)
        if (output.due_on, output.cut_off_on, output.label) == (*dates, cohort.label_of(template)):
            continue
        output.template, output.label = template, cohort.label_of(template)
        output.due_on, output.cut_off_on = dates
        output.save(update_fields=["template", "label", "due_on", "cut_off_on", "updated_at"])
        if output.due_on != before:
            data = {"before": before.isoformat(), "after": output.due_on.isoformat()}
            record(output, "outputs.output.moved", by=by, at=now, data=data)


def preview_outputs(cohort: Cohort, frame: Frame) -> list[Move]:
    """What `replan_cohort` would move once the programme is as `frame` says. Reads only; three queries."""
    templates = {template.kind: template for template in frame.outputs}
    moves = []
    for output in _movable(cohort):
        template = templates.get(output.kind)
        if template is None:
            continue
        label, about = cohort.label_of(template), str(output.participation)
        due_on, cut_off_on = due_dates(template, frame.kickoff_on)
        if output.due_on != due_on:
            moves.append(Move("output", label, about, output.due_on, due_on))
        if output.cut_off_on != cut_off_on:
            label = _("%(output)s, cut-off") % {"output": label}
            moves.append(Move("output", label, about, output.cut_off_on, cut_off_on))
    for participation in _paired(cohort).select_related("city").prefetch_related("outputs"):
        present = {output.kind for output in participation.outputs.all()}
        missing = [template for kind, template in templates.items() if kind not in present]
        moves += [
            Move(
                "output", cohort.label_of(template), str(participation), None, due_dates(template, frame.kickoff_on)[0]
            )
            for template in missing
        ]
    return moves


def _paired(cohort: Cohort):
    return Participation.objects.in_cohort(cohort).filter(pairings__state__in=OPEN_PAIRING).distinct().order_by("pk")


def _movable(cohort: Cohort):
    """Outputs that move with the calendar: those that are not settled."""
    outputs = Output.objects.in_cohort(cohort).exclude(state__in=SETTLED)
    return outputs.select_related("participation__city").order_by("pk")


def due_dates(template: ProgrammeOutput, kickoff_on: date) -> tuple[date, date | None]:
    """(due date, cut-off or None) of an output of the programme on this kick-off."""
    due_on = template.date_from(kickoff_on)
    cut_off = None if template.cut_off_days is None else working_day(due_on + timedelta(days=template.cut_off_days))
    return due_on, cut_off


def _plan_for(participation: Participation, *, by, now: datetime) -> list[Output]:
    cohort = participation.cohort
    if cohort.programme_id is None or cohort.kickoff_on is None:
        return []
    present = set(participation.outputs.values_list("kind", flat=True))
    planned = []
    for template in cohort.programme.outputs.order_by("position", "pk"):
        if template.kind in present:
            continue
        due_on, cut_off_on = due_dates(template, cohort.kickoff_on)
        output = Output.objects.create(
            participation=participation,
            template=template,
            kind=template.kind,
            label=cohort.label_of(template),
            position=template.position,
            due_on=due_on,
            cut_off_on=cut_off_on,
        )
        record(output, "outputs.output.planned", by=by, at=now, data={"due": due_on.isoformat()})
        planned.append(output)
    return planned
