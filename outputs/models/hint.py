"""Why a hint of the quality rules was not followed."""

from django.conf import settings
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from .output import Output


class HintAnswer(models.Model):
    """The reason that the city gives for leaving a hint open. It is frozen with the version; reviewers read it."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="hint_answers")
    rule = models.SlugField(_("rule"), max_length=60)
    anchor = models.CharField(max_length=120, blank=True)  # as of `Comment.anchor`
    reason = models.CharField(_("reason"), max_length=500)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer to a hint")
        verbose_name_plural = _("answers to hints")
        constraints = [
            models.UniqueConstraint(fields=["output", "rule", "anchor"], name="hint_answered_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="hint_answered_with_reason"),
        ]

    def __str__(self) -> str:
        return Truncator(self.reason).chars(80)
