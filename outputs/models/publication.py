from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode, TimeStamped

from .output import Output
from .version import OutputVersion


class Publication(PublicCode, TimeStamped):
    """The consent of a city that a summary of one output is public. The address stays the same for ever: after the consent
    was taken back it says that the page is gone."""

    output = models.OneToOneField(Output, on_delete=models.PROTECT, related_name="publication")
    version = models.ForeignKey(OutputVersion, on_delete=models.PROTECT, related_name="publications")
    summary = models.TextField(_("summary"))
    consented_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    consented_at = models.DateTimeField(_("consented at"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="publication_withdrawn_by_somebody",
            ),
            models.CheckConstraint(condition=~models.Q(summary=""), name="publication_has_summary"),
        ]

    def __str__(self) -> str:
        return f"{self.output}"

    def get_absolute_url(self) -> str:
        return reverse("outputs:public-output", args=[self.code])

    @property
    def is_public(self) -> bool:
        return self.withdrawn_at is None
