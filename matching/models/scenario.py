from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Hosting, Participation
from twinning.core.models import PublicCode, TimeStamped

from ..states import Objective, RunScope, ScenarioState, StepAction


class ScenarioQuerySet(models.QuerySet):
    def in_cohort(self, cohort):
        return self.filter(cohort=cohort)

    def visible_to(self, user):
        """Like runs: those who see everything, and the facilitators who run the cohort."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.sees_all:
            return self
        return self.filter(cohort__team=user) if user.is_facilitator else self.none()


class Scenario(PublicCode, TimeStamped):
    """A named way to match a cohort. `weights`, `objective` are those it began with; steps change them.

    Every step is solved as a run of its own; `run` is the one that stands now. Nothing leaves it before it is
    confirmed and, by another act, announced.
    """

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(_("name"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=ScenarioState, default=ScenarioState.OPEN)
    scope = models.CharField(_("for"), max_length=5, choices=RunScope, default=RunScope.OPEN)
    objective = models.CharField(_("aim"), max_length=12, choices=Objective, default=Objective.TOTAL)
    weights = models.JSONField(_("weights"))  # {criterion: 0..100}
    seed = models.CharField(_("seed"), max_length=40, default="0")
    run = models.ForeignKey("Run", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    first_run = models.ForeignKey("Run", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="scenarios"
    )
    decided_reason = models.CharField(_("why"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="scenarios_decided"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "name"],
                name="scenario_name_once_in_cohort",
                violation_error_message=_("There is a scenario of this name already."),
            ),
            models.CheckConstraint(
                condition=Q(state=ScenarioState.OPEN, decided_at=None)
                | (~Q(state=ScenarioState.OPEN) & Q(decided_at__isnull=False)),
                name="scenario_decided_iff_decided_at",
            ),
            models.CheckConstraint(
                condition=~Q(state=ScenarioState.CONFIRMED) | ~Q(decided_reason=""),
                name="scenario_confirmed_with_reason",
                violation_error_message=_("Say why you decide so."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("matching:scenario-studio", args=[self.cohort.slug, self.code])


class ScenarioStep(TimeStamped):
    """One act in a scenario. An undone step can be done again until another act takes its place (`is_dropped`)."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField(_("number"))
    action = models.CharField(_("act"), max_length=8, choices=StepAction)
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("twin")
    )
    hosting = models.ForeignKey(
        Hosting, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("host")
    )
    aims = models.JSONField(_("aims"), default=dict, blank=True)  # {"weights": {...}, "objective": "..."}
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    # Rules that give way in this scenario from here on: [{"kind", "ids"}], as `engine.clashes.Change` has them.
    gives_way = models.JSONField(_("gives way"), default=list, blank=True)
    run = models.ForeignKey("Run", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="scenario_steps"
    )
    at = models.DateTimeField(_("at"))
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    is_dropped = models.BooleanField(_("cannot be done again"), default=False)

    class Meta:
        verbose_name = _("step of a scenario")
        verbose_name_plural = _("steps of a scenario")
        constraints = [
            models.UniqueConstraint(fields=["scenario", "number"], name="step_number_once"),
            models.CheckConstraint(
                condition=Q(action__in=[StepAction.AIMS, StepAction.RENEW]) | Q(participation__isnull=False),
                name="step_names_a_twin",
            ),
            models.CheckConstraint(condition=~Q(action=StepAction.MOVE) | ~Q(reason=""), name="step_move_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.get_action_display()}"


class ScenarioComment(TimeStamped):
    """What somebody of the team says about a scenario, or about what it proposes for one twin."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="comments")
    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("twin")
    )
    text = models.TextField(_("comment"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="scenario_comments"
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("comment on a scenario")
        verbose_name_plural = _("comments on a scenario")
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="scenario_comment_says_something")]

    def __str__(self) -> str:
        return self.text[:60]
