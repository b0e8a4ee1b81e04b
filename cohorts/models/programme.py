"""Programmes as data: what an edition consists of, with distances from the kick-off."""

import datetime

from dateutil.relativedelta import relativedelta
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.days import working_day
from twinning.core.models import TimeStamped

from ..states import EventKind, EventScope

FINAL_OUTPUT = "action_plan"  # the output whose name each cohort may choose


def default_reminder_days() -> list[int]:
    return [14, 3, -1, -7]


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Programmes are configuration: those who see everything see them."""
        return self if user.is_authenticated and user.sees_all else self.none()


class Programme(TimeStamped):
    """An edition's frame. Everything in it is proposed and editable, unless its note names a source."""

    slug = models.SlugField(_("id"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    length_months = models.PositiveSmallIntegerField(_("length in months"))
    note = models.TextField(_("note"), blank=True)
    reminder_days = models.JSONField(_("reminders"), default=default_reminder_days, blank=True)
    twin_trips = models.PositiveSmallIntegerField(_("visits to which the twin travels"), default=2)
    host_trips = models.PositiveSmallIntegerField(_("visits that the twin receives"), default=1)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("cohorts:programme-detail", args=[self.slug])


class Offset(models.Model):
    """A distance from the kick-off in months and days."""

    offset_months = models.PositiveSmallIntegerField(_("months after the kick-off"), default=0)
    offset_days = models.PositiveSmallIntegerField(_("and days"), default=0)

    class Meta:
        abstract = True

    def date_from(self, kickoff_on: datetime.date) -> datetime.date:
        """The day at this distance; the last day of the month where the month is too short; the Monday after a weekend.

        People meet on working days, and what ends on a weekend ends with the next one, as with periods in EU law
        (Regulation 1182/71, article 3(4); holidays, which differ by country, are not known here). The kick-off itself was
        chosen by somebody and stays.
        """
        day = kickoff_on + relativedelta(months=self.offset_months, days=self.offset_days)
        return day if day == kickoff_on else working_day(day)


class ProgrammeModule(Offset):
    """A stage of the programme; it ends where the next one begins."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="modules")
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=120)
    question = models.CharField(_("main question"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [models.UniqueConstraint(fields=["programme", "position"], name="programme_module_position_once")]

    def __str__(self) -> str:
        return self.title


class ProgrammeEvent(Offset):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="events")
    module = models.ForeignKey(ProgrammeModule, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind)
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    title = models.CharField(_("title"), max_length=200)
    scope = models.CharField(_("for"), max_length=10, choices=EventScope, default=EventScope.COHORT)
    is_online = models.BooleanField(_("online"), default=True)

    class Meta:
        verbose_name = _("event of a programme")
        verbose_name_plural = _("events of a programme")
        constraints = [
            models.UniqueConstraint(fields=["programme", "kind", "number"], name="programme_event_number_once")
        ]

    def __str__(self) -> str:
        return self.title


class ProgrammeOutput(Offset):
    """An output each twin owes, due at a distance from the kick-off."""

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="outputs")
    module = models.ForeignKey(ProgrammeModule, on_delete=models.CASCADE, related_name="outputs")
    kind = models.SlugField(_("kind"), max_length=40)  # a slug of `outputs.kinds`
    position = models.PositiveSmallIntegerField(_("position"))
    label = models.CharField(_("name"), max_length=120)
    # The last date on which a late output is still taken: due date plus so many days; empty: no cut-off.
    cut_off_days = models.PositiveSmallIntegerField(_("days from due date to cut-off"), null=True, blank=True)

    class Meta:
        verbose_name = _("output of a programme")
        verbose_name_plural = _("outputs of a programme")
        constraints = [models.UniqueConstraint(fields=["programme", "kind"], name="programme_output_kind_once")]

    def __str__(self) -> str:
        return self.label


class ProgrammeMilestone(Offset):
    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("milestone of a programme")
        verbose_name_plural = _("milestones of a programme")
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="programme_milestone_number_once")]

    def __str__(self) -> str:
        return self.title
