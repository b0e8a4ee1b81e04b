"""Learning objectives of a roadmap: rows, because visits, assessments and reports read them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Event

from ..states import ActivityKind, LearnerSide, LearningType, ObjectiveState
from .output import Output
from .row import PlacedRow


class LearningObjective(PlacedRow):
    """One question that one side wants answered. The host writes its own objectives: learning is mutual."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="objectives")
    side = models.CharField(_("who learns"), max_length=4, choices=LearnerSide, default=LearnerSide.TWIN)
    question = models.TextField(_("question"), blank=True)
    learning_type = models.CharField(_("kind of learning"), max_length=12, choices=LearningType, blank=True)
    why_it_matters = models.TextField(_("why it matters locally"), blank=True)
    offer = models.TextField(_("what the other side can show"), blank=True)
    activity = models.CharField(_("activity that will answer it"), max_length=10, choices=ActivityKind, blank=True)
    activity_note = models.TextField(_("the activity in words"), blank=True)
    event = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="objectives", verbose_name=_("event")
    )
    learners = models.TextField(_("people who must learn it"), blank=True)
    owner = models.CharField(_("owner"), max_length=160, blank=True)
    evidence = models.TextField(_("evidence of learning"), blank=True)
    due_on = models.DateField(_("date"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ObjectiveState, default=ObjectiveState.PLANNED)

    class Meta:
        verbose_name = _("learning objective")
        verbose_name_plural = _("learning objectives")
        indexes = [models.Index(fields=["output", "side", "position"], name="objective_in_order")]

    def __str__(self) -> str:
        return self.question or str(_("Objective without a question"))
