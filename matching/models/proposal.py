from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Hosting, Pairing, Participation
from twinning.core.models import TimeStamped

from .run import Run


class Proposal(TimeStamped):
    """A run's proposal for one twin. Changing it by hand keeps what the engine had proposed."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="proposals")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="proposals")
    hosting = models.ForeignKey(Hosting, on_delete=models.PROTECT, related_name="proposals", null=True, blank=True)
    engine_hosting = models.ForeignKey(
        Hosting, on_delete=models.PROTECT, related_name="engine_proposals", null=True, blank=True
    )
    score = models.PositiveIntegerField(_("score"), default=0)  # of the present hosting, 0..10,000
    criteria = models.JSONField(_("points per criterion"), default=dict)  # {criterion: 0..10,000}
    reasons = models.JSONField(_("reasons"), default=list)
    ranking = models.JSONField(_("all hosts, best first"), default=list)  # [[host slug, score], ...], at most 200
    # In how many of 100 trials with varied weights the engine keeps its host; null: too many pairs to try.
    firmness = models.PositiveSmallIntegerField(_("firmness"), null=True, blank=True)
    changed_reason = models.CharField(_("reason of the change"), max_length=500, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals_changed"
    )
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)
    pairing = models.OneToOneField(
        Pairing, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )  # once confirmed

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(fields=["run", "participation"], name="proposal_once_in_run"),
            models.CheckConstraint(
                condition=models.Q(changed_at=None) | ~models.Q(changed_reason=""),
                name="proposal_changed_with_reason",
                violation_error_message=_("Say why you change the proposal."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation} → {self.hosting}"
