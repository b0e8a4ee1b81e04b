"""Learning objectives of a roadmap: rows, because visits, assessments and reports read them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Event
from twinning.core.models import PublicCode, TimeStamped

from ..states import ActivityKind, LearnerSide, LearningType, ObjectiveState
from .output import Output


class ObjectiveQuerySet(models.QuerySet):
    def present(self):
        """Those that were not removed, in their order."""
        return self.filter(removed_at=None).order_by("side", "position", "pk")


class LearningObjective(PublicCode, TimeStamped):
    """One question that one side wants answered. The host writes its own objectives: learning is mutual."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="objectives")
    side = models.CharField(_("who learns"), max_length=4, choices=LearnerSide, default=LearnerSide.TWIN)
    position = models.PositiveSmallIntegerField(_("position"))
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
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)  # a removed row can be brought back

    objects = ObjectiveQuerySet.as_manager()

    class Meta:
        verbose_name = _("learning objective")
        verbose_name_plural = _("learning objectives")
        indexes = [models.Index(fields=["output", "side", "position"], name="objective_in_order")]

    def __str__(self) -> str:
        return self.question[:80] or str(_("Objective without a question"))
