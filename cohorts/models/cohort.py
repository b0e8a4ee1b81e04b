"""Cohorts: one round of a programme, with its own dates, hosts, twins and rules."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import TimeStamped

from ..states import HostKind
from .programme import FINAL_OUTPUT, Programme, ProgrammeOutput, default_reminder_days


def validate_reminder_days(value: object) -> None:
    if (
        not isinstance(value, list)
        or len(value) > 12
        or not all(type(days) is int and -365 <= days <= 365 for days in value)
    ):
        raise ValidationError(_("Give up to 12 whole numbers of days: 14 is two weeks before, -1 the day after."))


class CohortQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Cohorts in which the person has a part; all of them for those who see everything."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        return self.filter(
            models.Q(pk__in=user.team_memberships.values("cohort"))
            | models.Q(pk__in=user.memberships.filter(ended_at=None).values("participation__cohort"))
            | models.Q(pk__in=user.host_contacts.filter(ended_at=None).values("hosting__cohort"))
            | models.Q(pk__in=user.assignments.filter(ended_at=None).values("pairing__participation__cohort"))
        )


class Cohort(TimeStamped):
    """One round. Before it has a kick-off date it has no calendar."""

    slug = models.SlugField(_("id"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="cohorts")
    kickoff_on = models.DateField(_("kick-off"), null=True, blank=True)
    host_kind = models.CharField(_("kind of host"), max_length=20, choices=HostKind)
    length_months = models.PositiveSmallIntegerField(_("length in months"), null=True, blank=True)
    call_opens_on = models.DateField(_("call opens"), null=True, blank=True)
    call_closes_on = models.DateField(_("call closes"), null=True, blank=True)
    announced_on = models.DateField(_("selection announced"), null=True, blank=True)
    # Published year and month of the real round ("2023-09"); the calendar itself starts at `kickoff_on`.
    starts = models.CharField(_("published start"), max_length=7, null=True, blank=True)  # noqa: DJ001 null = not found
    ends = models.CharField(_("published end"), max_length=7, null=True, blank=True)  # noqa: DJ001 null = not found
    final_output_name = models.CharField(_("name of the last document"), max_length=120, blank=True)
    twin_rule = models.TextField(_("who may be a twin"), blank=True)
    applications_count = models.PositiveIntegerField(_("published number of applications"), null=True, blank=True)
    selected_count = models.PositiveIntegerField(_("published number selected"), null=True, blank=True)
    participating_count = models.PositiveIntegerField(_("published number taking part"), null=True, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels")
    reminder_days = models.JSONField(
        _("reminders"),
        default=default_reminder_days,
        blank=True,
        validators=[validate_reminder_days],
        help_text=_("Days before a due date; negative numbers are days after it."),
    )
    facilitator_load = models.PositiveSmallIntegerField(
        _("pairings for one facilitator"),
        default=6,
        help_text=_("Above this number the pages warn; nothing is forbidden."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("working days to answer a pairing"),
        default=10,
        help_text=_("Proposed: 10. Counted from the announcement, Monday to Friday; 0 asks for no answer."),
    )
    is_demo = models.BooleanField(_("dates shifted for the demo"), default=False)
    team = models.ManyToManyField(settings.AUTH_USER_MODEL, through="CohortTeamMember", related_name="team_cohorts")

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(call_opens_on=None)
                | models.Q(call_closes_on=None)
                | models.Q(call_closes_on__gte=models.F("call_opens_on")),
                name="cohort_call_closes_after_it_opens",
                violation_error_message=_("The call may not close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("portal:cohort", args=[self.slug])

    @property
    def ends_on(self):
        """The last day of the calendar, or None without a kick-off."""
        if not self.kickoff_on or not self.length_months:
            return None
        return self.kickoff_on + relativedelta(months=self.length_months)

    def label_of(self, output: ProgrammeOutput) -> str:
        """What the cohort calls an output of its programme."""
        is_last = output.kind == FINAL_OUTPUT
        return self.final_output_name if is_last and self.final_output_name else output.label

    def month_on(self, day) -> int | None:
        """Which month of the cohort `day` lies in (1 to length), None outside it or without a kick-off."""
        if not self.ends_on or not self.kickoff_on <= day <= self.ends_on:
            return None
        passed = relativedelta(day, self.kickoff_on)
        return min(passed.years * 12 + passed.months + 1, self.length_months)


class CohortTeamMember(models.Model):
    """Somebody who runs a cohort: sees it whole and matches in it. Outputs need an assignment to the pairing."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="team_members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="team_memberships")
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("member of a cohort's team")
        verbose_name_plural = _("members of a cohort's team")
        constraints = [models.UniqueConstraint(fields=["cohort", "user"], name="cohort_team_member_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.cohort_id}"
