"""What both sides say about a pairing: whether they accept it, and later how well it fits."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.models import TimeStamped

from ..states import AnswerKind, Side
from .pairing import Pairing


class PairingAnswer(TimeStamped):
    """Whether one side accepts an announced pairing. A decline ends nothing: the team decides what follows."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="answers")
    side = models.CharField(_("side"), max_length=4, choices=Side)
    answer = models.CharField(_("answer"), max_length=8, choices=AnswerKind)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pairing_answers")
    at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer to a pairing")
        verbose_name_plural = _("answers to pairings")
        constraints = [
            models.UniqueConstraint(fields=["pairing", "side"], name="pairing_answer_once_a_side"),
            models.CheckConstraint(
                condition=~models.Q(answer=AnswerKind.DECLINED) | ~models.Q(reason=""),
                name="pairing_declined_with_reason",
                violation_error_message=_("Say why you decline."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id}, {self.side}: {self.answer}"


class FitStatement(TimeStamped):
    """How well a pairing fits, as one side sees it in one month: what the score of then is measured against later."""

    pairing = models.ForeignKey(Pairing, on_delete=models.CASCADE, related_name="fit_statements")
    side = models.CharField(_("side"), max_length=4, choices=Side)
    month = models.PositiveSmallIntegerField(_("month"))  # since the kick-off, or the announcement where there is none
    score = models.PositiveSmallIntegerField(
        _("fit"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )  # 1 does not fit, 5 fits very well
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="fit_statements")
    at = models.DateTimeField(_("stated at"))

    class Meta:
        verbose_name = _("statement of fit")
        verbose_name_plural = _("statements of fit")
        constraints = [
            models.UniqueConstraint(fields=["pairing", "side", "month"], name="fit_statement_once_a_month"),
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5),
                name="fit_statement_from_one_to_five",
                violation_error_message=_("Choose a number from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pairing_id}, {self.side}, month {self.month}: {self.score}"
