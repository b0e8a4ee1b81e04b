from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.models import PublicCode

from .output import Output


class OutputVersion(PublicCode):
    """What was submitted, frozen. `content` is complete: page and PDF of this version read nothing else."""

    output = models.ForeignKey(Output, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField(_("content"))
    content_hash = models.CharField(_("fingerprint"), max_length=64)
    language = models.CharField(_("language"), max_length=10, default="en")
    submitted_at = models.DateTimeField(_("submitted at"))
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(_("on behalf of"), max_length=200, blank=True)
    message = models.TextField(_("message to the reviewer"), blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["output", "number"], name="version_number_once")]

    def __str__(self) -> str:
        return f"{self.output}, {self.number}"
