"""Rows of the Stakeholder Engagement Plan."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..states import StakeholderKind, StakeholderPart, WantedRole
from .output import Output
from .row import KeyedRow, Row, scale, within


class Stakeholder(Row):
    """An organisation or group around the city: how much it can do, how much it wants to, and what follows from that."""

    name = models.CharField(_("name"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=StakeholderKind, blank=True)
    part = models.CharField(_("part in the transfer"), max_length=10, choices=StakeholderPart, blank=True)
    system = models.CharField(_("system"), max_length=160, blank=True)
    influence = scale(_("influence"))
    interest = scale(_("interest"))
    relation = models.TextField(_("relation today"), blank=True)
    wanted_role = models.CharField(_("wanted role"), max_length=12, choices=WantedRole, blank=True)
    barrier = models.TextField(_("barrier"), blank=True)
    action = models.TextField(_("action"), blank=True)
    owner = models.CharField(_("owner"), max_length=160, blank=True)
    due_on = models.DateField(_("until"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        constraints = [
            models.CheckConstraint(
                condition=within("influence", 0, 4) & within("interest", 0, 4), name="stakeholder_rated_0_to_4"
            )
        ]
        indexes = [models.Index(fields=["output", "position"], name="stakeholder_in_order")]

    def __str__(self) -> str:
        return self.name or str(_("Stakeholder without a name"))


class ReadinessRating(KeyedRow):
    """How ready the city is to involve others, in one dimension: rated at the start, in the middle, at the end."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="readiness_ratings")
    at_start = scale(_("at the start"))
    at_middle = scale(_("in the middle"))
    at_end = scale(_("at the end"))
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("readiness rating")
        verbose_name_plural = _("readiness ratings")
        constraints = [
            models.UniqueConstraint(fields=["output", "key"], name="readiness_once_per_dimension"),
            models.CheckConstraint(
                condition=within("at_start", 0, 4) & within("at_middle", 0, 4) & within("at_end", 0, 4),
                name="readiness_rated_0_to_4",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.output_id}: {self.key}"
