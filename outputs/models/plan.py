"""Rows of the action plan: actions, and what hangs on each."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Term

from ..states import Degree, FundingKind, FundingState, PoliticalStatus, StepState
from .row import PlacedRow, Row, money, number
from .transfer import TransferCandidate


class PlanAction(Row):
    """Something the city will do, where it comes from, and how far it is."""

    name = models.CharField(_("name"), max_length=160, blank=True)
    description = models.TextField(_("what happens"), blank=True)
    candidate = models.ForeignKey(
        TransferCandidate, on_delete=models.SET_NULL, null=True, blank=True, related_name="actions"
    )
    origin = models.TextField(_("own idea"), blank=True)
    domain = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lever = models.ForeignKey(Term, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.CharField(_("owner"), max_length=160, blank=True)
    responsible = models.CharField(_("responsible body"), max_length=160, blank=True)
    partners = models.TextField(_("partners"), blank=True)
    place = models.CharField(_("place and scale"), max_length=160, blank=True)
    addressed = models.TextField(_("who is addressed"), blank=True)
    early_change = models.TextField(_("early change"), blank=True)
    late_outcome = models.TextField(_("late outcome"), blank=True)
    effect = models.TextField(_("expected effect"), blank=True)
    emissions = number(_("emissions saved, t a year"))
    permits = models.TextField(_("permits and legal steps"), blank=True)
    status = models.CharField(
        _("political status"), max_length=8, choices=PoliticalStatus, default=PoliticalStatus.IDEA
    )
    endorsed_on = models.DateField(_("endorsed on"), null=True, blank=True)
    endorsed_by = models.CharField(_("endorsed by"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = [models.Index(fields=["output", "position"], name="action_in_order")]

    def __str__(self) -> str:
        return self.name or str(_("Action without a name"))


class ActionRow(PlacedRow):
    """A row that hangs on an action."""

    PATH_TO_OUTPUT = "parent__output"

    parent = models.ForeignKey(PlanAction, on_delete=models.CASCADE, related_name="%(class)s_rows")

    class Meta:
        abstract = True


class ActionStep(ActionRow):
    title = models.CharField(_("step"), max_length=160, blank=True)
    starts_on = models.DateField(_("begins"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    owner = models.CharField(_("who"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=StepState, default=StepState.PLANNED)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return self.title


class ActionCost(ActionRow):
    item = models.CharField(_("what for"), max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    amount = money(_("amount"))

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        constraints = [
            models.CheckConstraint(condition=models.Q(amount=None) | models.Q(amount__gte=0), name="cost_not_negative")
        ]

    def __str__(self) -> str:
        return self.item


class ActionFunding(ActionRow):
    source = models.CharField(_("source"), max_length=160, blank=True)
    kind = models.CharField(_("kind of money"), max_length=8, choices=FundingKind, blank=True)
    amount = money(_("amount"))
    state = models.CharField(_("state of the money"), max_length=8, choices=FundingState, default=FundingState.OPEN)

    class Meta:
        verbose_name = _("source of money")
        verbose_name_plural = _("sources of money")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount=None) | models.Q(amount__gte=0), name="funding_not_negative"
            )
        ]

    def __str__(self) -> str:
        return self.source


class ActionIndicator(ActionRow):
    name = models.CharField(_("indicator"), max_length=160, blank=True)
    unit = models.CharField(_("unit"), max_length=160, blank=True)
    definition = models.TextField(_("definition"), blank=True)
    source = models.CharField(_("source of the figures"), max_length=160, blank=True)
    baseline = number(_("baseline"))
    baseline_year = models.PositiveSmallIntegerField(_("year of the baseline"), null=True, blank=True)
    target = number(_("target"))
    due_on = models.DateField(_("target date"), null=True, blank=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")

    def __str__(self) -> str:
        return self.name


class ActionDependency(ActionRow):
    waits_for = models.ForeignKey(
        PlanAction, on_delete=models.SET_NULL, null=True, blank=True, related_name="awaited_by"
    )
    note = models.CharField(_("something else"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(waits_for=None) | ~models.Q(waits_for=models.F("parent")),
                name="action_waits_not_for_itself",
                violation_error_message=_("An action cannot wait for itself."),
            )
        ]

    def __str__(self) -> str:
        return self.note or str(self.waits_for or "")


class ActionRisk(ActionRow):
    risk = models.CharField(_("what could happen"), max_length=160, blank=True)
    likelihood = models.CharField(_("how likely"), max_length=6, choices=Degree, blank=True)
    impact = models.CharField(_("how bad"), max_length=6, choices=Degree, blank=True)
    answer = models.TextField(_("what is done then"), blank=True)
    owner = models.CharField(_("who"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("risk")
        verbose_name_plural = _("risks")

    def __str__(self) -> str:
        return self.risk
