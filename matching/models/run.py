from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort
from twinning.core.models import PublicCode, TimeStamped

from ..states import DECIDED_RUN, SOLVED_RUN, Objective, RunScope, RunStage, RunState


class RunQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def visible_to(self, user):
        """Runs are the team's business: those who see everything, and the facilitators who run the cohort."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        return self.filter(cohort__team=user) if user.is_facilitator else self.none()


class Run(PublicCode, TimeStamped):
    """One matching of a cohort: what went in (by hash), how, and what came out. Nothing in it changes afterwards."""

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    scenario = models.ForeignKey(
        "Scenario", on_delete=models.PROTECT, null=True, blank=True, related_name="runs", verbose_name=_("scenario")
    )
    scope = models.CharField(_("for"), max_length=5, choices=RunScope, default=RunScope.OPEN)
    objective = models.CharField(_("objective"), max_length=12, choices=Objective, default=Objective.TOTAL)
    weights = models.JSONField(_("weights"))  # {criterion: 0..100}
    seed = models.CharField(_("seed"), max_length=40, default="0")
    engine_version = models.CharField(_("version of the engine"), max_length=20)
    snapshot_hash = models.CharField(_("fingerprint of the data"), max_length=64)
    snapshot = models.JSONField(_("data"), default=dict)  # what was scored: enough to explain every pair later
    # Moves by hand, made after the solve: [{"twin", "host" ("" for none), "reason", "by": pk of the person, "at": ISO}]
    # A run with moves and without a scenario is an accepted re-match: each move is a change, with "before" as well.
    moves = models.JSONField(_("moves by hand"), default=list, blank=True)
    total = models.BigIntegerField(_("total"), null=True, blank=True)
    bound = models.BigIntegerField(_("proven bound"), null=True, blank=True)
    is_optimal = models.BooleanField(_("proven best"), null=True, blank=True)
    certificate = models.JSONField(_("certificate"), default=dict, blank=True)
    unmatched = models.JSONField(_("twins without a proposal"), default=list, blank=True)  # [{"twin", "reason"}]
    # Plans as good as this one: {"count", "is_exact", "twins": [{"twin", "hosts"}]}; empty where nobody counted them.
    ties = models.JSONField(_("equally good plans"), default=dict, blank=True)
    seconds = models.FloatField(_("seconds"), null=True, blank=True)
    stage = models.CharField(_("stage"), max_length=12, choices=RunStage, blank=True)  # while it is being solved
    percent = models.PositiveSmallIntegerField(_("done, in percent"), default=0, validators=[MaxValueValidator(100)])
    error = models.TextField(_("error"), blank=True)
    # Rules that cannot hold together, and what would help: {"demands", "is_smallest", "repairs"}; see selectors.clashing.
    clash = models.JSONField(_("clash of rules"), default=dict, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="runs_started"
    )
    started_at = models.DateTimeField(_("started at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="runs_decided"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=DECIDED_RUN, decided_at__isnull=False)
                | (~models.Q(state__in=DECIDED_RUN) & models.Q(decided_at=None)),
                name="run_decided_iff_decided_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=SOLVED_RUN) | models.Q(total__isnull=False, bound__isnull=False),
                name="run_solved_has_total_and_bound",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=RunState.FAILED) | ~models.Q(error=""),
                name="run_failed_with_reason",
            ),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="run_percent_to_100"),
            models.CheckConstraint(
                condition=~models.Q(state=RunState.CANCELLED) | models.Q(total=None),
                name="run_cancelled_has_no_plan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort}, {self.started_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("matching:run-detail", args=[self.code])
