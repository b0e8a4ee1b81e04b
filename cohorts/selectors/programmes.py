"""Programmes as tables."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _

from ..models import Programme, ProgrammeModule


def programmes_for_list(user) -> models.QuerySet[Programme]:
    return (
        Programme.objects.visible_to(user)
        .annotate(
            event_count=models.Count("events", distinct=True),
            output_count=models.Count("outputs", distinct=True),
            cohort_count=models.Count("cohorts", distinct=True),
        )
        .order_by("-length_months", "title", "pk")
    )


@dataclass(frozen=True)
class ProgrammeRow:
    months: int
    days: int
    what: str
    title: str
    detail: str


@dataclass(frozen=True)
class ModuleRows:
    module: ProgrammeModule
    rows: list[ProgrammeRow]


def programme_rows(programme: Programme) -> list[ModuleRows]:
    """Modules in their order, each with its events and outputs by day; milestones where they fall. Four queries."""
    modules = list(programme.modules.order_by("position", "pk"))
    rows: dict[int, list[ProgrammeRow]] = {module.pk: [] for module in modules}
    for event in programme.events.order_by("pk"):
        detail = f"{event.get_scope_display()}, {_('online') if event.is_online else _('in person')}"
        what = str(event.get_kind_display())
        rows[event.module_id].append(ProgrammeRow(event.offset_months, event.offset_days, what, event.title, detail))
    for output in programme.outputs.order_by("position", "pk"):
        detail = "" if output.cut_off_days is None else _("cut-off %(days)d days later") % {"days": output.cut_off_days}
        row = ProgrammeRow(output.offset_months, output.offset_days, _("Output"), output.label, detail)
        rows[output.module_id].append(row)
    for milestone in programme.milestones.order_by("number", "pk"):
        distance = (milestone.offset_months, milestone.offset_days)
        begun = [module for module in modules if (module.offset_months, module.offset_days) <= distance] or modules[:1]
        for module in begun[-1:]:
            rows[module.pk].append(ProgrammeRow(*distance, _("Milestone"), milestone.title, ""))
    return [ModuleRows(module, sorted(rows[module.pk], key=lambda row: (row.months, row.days))) for module in modules]
