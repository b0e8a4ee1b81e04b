"""Facts that a host confirms or corrects in what its twin wrote about it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..states import FactVerdict
from .version import OutputVersion


class FactCheck(models.Model):
    """What the host says about one place of one version: a row or a text, named by its anchor."""

    version = models.ForeignKey(OutputVersion, on_delete=models.CASCADE, related_name="fact_checks")
    anchor = models.CharField(max_length=120)
    verdict = models.CharField(_("is it right?"), max_length=10, choices=FactVerdict)
    remark = models.TextField(_("remark"), blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(_("checked at"))

    class Meta:
        verbose_name = _("checked fact")
        verbose_name_plural = _("checked facts")
        constraints = [
            models.UniqueConstraint(fields=["version", "anchor"], name="fact_checked_once_per_place"),
            models.CheckConstraint(
                condition=models.Q(verdict=FactVerdict.RIGHT) | ~models.Q(remark=""),
                name="wrong_fact_with_remark",
                violation_error_message=_("Say what is not right."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.anchor}: {self.get_verdict_display()}"
