"""Rows of the Transferability Assessment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..states import ConditionState, Degree, TransferVerdict
from .idea import VisitIdea
from .objective import LearningObjective
from .output import Output
from .row import KeyedRow, Row, money


class ContextNote(KeyedRow):
    """What a difference between the two cities means for a transfer. The difference itself is no row: it is known."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="context_notes")
    meaning = models.TextField(_("what it means"), blank=True)

    class Meta:
        verbose_name = _("note on the context")
        verbose_name_plural = _("notes on the context")
        constraints = [models.UniqueConstraint(fields=["output", "key"], name="context_note_once")]

    def __str__(self) -> str:
        return f"{self.output_id}: {self.key}"


class TransferCandidate(Row):
    """A practice of the host that might be transferred, and what was decided about it."""

    name = models.CharField(_("practice"), max_length=160, blank=True)
    components = models.TextField(_("parts"), blank=True)
    objective = models.ForeignKey(
        LearningObjective, on_delete=models.SET_NULL, null=True, blank=True, related_name="candidates"
    )
    idea = models.ForeignKey(VisitIdea, on_delete=models.SET_NULL, null=True, blank=True, related_name="candidates")
    need = models.TextField(_("need"), blank=True)
    host_result = models.TextField(_("result at the host"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    adaptation = models.TextField(_("adaptation"), blank=True)
    effort = models.CharField(_("effort"), max_length=6, choices=Degree, blank=True)
    cost_from = money(_("cost, at least"))
    cost_to = money(_("cost, at most"))
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    effect = models.TextField(_("expected effect"), blank=True)
    risk = models.TextField(_("risk"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, choices=TransferVerdict, blank=True)
    verdict_reason = models.TextField(_("reason of the verdict"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Degree, blank=True)

    class Meta:
        verbose_name = _("transfer candidate")
        verbose_name_plural = _("transfer candidates")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(cost_from=None) | models.Q(cost_from__gte=0))
                & (models.Q(cost_to=None) | models.Q(cost_to__gte=0)),
                name="candidate_costs_not_negative",
            )
        ]
        indexes = [models.Index(fields=["output", "position"], name="candidate_in_order")]

    def __str__(self) -> str:
        return self.name or str(_("Practice without a name"))


class CandidateCondition(KeyedRow):
    """One condition of one practice: what it is at the host, and whether the twin has it."""

    PATH_TO_OUTPUT = "parent__output"

    parent = models.ForeignKey(TransferCandidate, on_delete=models.CASCADE, related_name="conditions")
    at_host = models.TextField(_("at the host"), blank=True)
    at_home = models.CharField(_("at home"), max_length=8, choices=ConditionState, blank=True)
    proof = models.TextField(_("how it is known"), blank=True)
    barrier = models.TextField(_("barrier"), blank=True)
    plan = models.TextField(_("how the gap is closed"), blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        constraints = [models.UniqueConstraint(fields=["parent", "key"], name="condition_once_per_candidate")]

    def __str__(self) -> str:
        return f"{self.parent_id}: {self.key}"

    @property
    def code(self) -> str:
        return f"{self.parent.code}.{self.key}"
