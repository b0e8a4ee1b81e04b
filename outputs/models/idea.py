"""Ideas noted on site visits: what the assessment begins with."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cohorts.models import Event, Participation
from twinning.core.models import PublicCode, TimeStamped


class VisitIdeaQuerySet(models.QuerySet):
    def present(self):
        return self.filter(removed_at=None).order_by("noted_at", "pk")

    def of_participation(self, participation_id: int):
        return self.filter(participation=participation_id)


class VisitIdea(PublicCode, TimeStamped):
    """Something seen at the host that the twin might transfer, in a few words, while it is fresh."""

    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="visit_ideas")
    event = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="ideas", verbose_name=_("visit")
    )
    title = models.CharField(_("idea"), max_length=160)
    note = models.TextField(_("what you saw"), blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted at"))
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    objects = VisitIdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea from a visit")
        verbose_name_plural = _("ideas from visits")

    def __str__(self) -> str:
        return self.title
