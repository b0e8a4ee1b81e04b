from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.mail.models import Letter

from .output import Output


class Reminder(models.Model):
    """A reminder that was sent. The constraint is what makes a second one impossible."""

    output = models.ForeignKey(Output, on_delete=models.CASCADE, related_name="reminders")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    due_on = models.DateField(_("due"))  # the date that counted: after an extension the rule starts anew
    days = models.SmallIntegerField(_("days before"))  # negative: after
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="reminder")
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(fields=["output", "to", "due_on", "days"], name="reminder_once_per_rule")
        ]

    def __str__(self) -> str:
        return f"{self.output} → {self.to} ({self.days})"
